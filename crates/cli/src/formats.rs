//! The formats a report can be written in, and where its files lie in the repository.

use std::path::{Path, PathBuf};

use report::{Context, Report, Style};

use crate::arguments::Format;

/// A report in a format.
pub(crate) fn render(
    report: &Report,
    context: &Context<'_>,
    format: Format,
    style: Style,
) -> String {
    match format {
        Format::Text => report::plain(report, style),
        Format::Json => report::json(report),
        Format::Markdown => report::markdown(report),
        Format::Sarif => report::sarif(report, context),
        Format::Html => report::html(report, context),
        Format::Junit => report::junit(report, context),
        Format::Gitlab => report::gitlab(report, context),
        Format::Github => report::github(report, context),
        Format::GithubSummary => report::summary(report),
        Format::Rdjson => report::rdjson(report, context),
        Format::Checkstyle => report::checkstyle(report, context),
    }
}

/// The path of an input from the top of its repository, with slashes: services that show a report
/// beside the code know files by that. Outside of any repository, from the current folder.
pub(crate) fn path(file: Option<&Path>) -> Option<String> {
    let given = file?;
    let top = top(given).or_else(|| std::env::current_dir().ok()?.canonicalize().ok());
    let inside = given.canonicalize().ok().zip(top);
    let inside = inside.and_then(|(file, top)| file.strip_prefix(top).ok().map(PathBuf::from));
    let path = inside.unwrap_or_else(|| given.to_path_buf());
    let parts: Vec<String> =
        path.iter().map(|it| it.to_string_lossy().replace('\\', "/")).collect();
    let joined = parts.join("/").replace("//", "/");
    Some(joined.strip_prefix("./").map(str::to_owned).unwrap_or(joined))
}

/// The top of the repository that a file lies in.
fn top(file: &Path) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    file.ancestors().skip(1).find(|it| it.join(".git").exists()).map(PathBuf::from)
}
