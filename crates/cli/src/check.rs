//! `plimsoll check`: reads the files, checks them as one case, writes the report.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use report::{Kind, Report, Style, Verdict, answers};
use rules::{Case, Document};
use text::Date;

use crate::arguments::{Check, Color, FailOn, Fixes, Format};
use crate::config::{self, Config};
use crate::{context, fix, print};

const FINDINGS: u8 = 1;
const NO_INPUT: u8 = 3;
const UNREADABLE: u8 = 4;

/// Runs the command.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode> {
    if arguments.files.is_empty() && arguments.r#as.is_empty() {
        let hint =
            "plimsoll: nothing to check; name a Dockerfile, a history or inspect output, or `-`";
        return tell(hint).map(|()| ExitCode::from(NO_INPUT));
    }
    let plain = arguments.files.iter().map(|it| (it.as_path(), None));
    let taken = arguments.r#as.iter().map(|it| (it.file.as_path(), Some(it.kind)));
    let (files, kinds): (Vec<&Path>, Vec<Option<Kind>>) = plain.chain(taken).unzip();
    let inputs = files.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let documents: Vec<Document<'_>> = inputs
        .iter()
        .zip(kinds)
        .map(|(it, taken_for)| Document { name: &it.name, bytes: &it.bytes, taken_for })
        .collect();
    let today = arguments.today.map_or_else(clock, Ok)?;
    let mut config = config::of(arguments, &inputs, &documents)?;
    let context = arguments.context.as_deref().map(|it| context::read(it, &arguments.files));
    config.settings.context = context.transpose()?.map(Arc::new);
    config.settings.picks.clone_from(&arguments.pick);
    config.settings.base_steps = arguments.base_steps;
    let case = Case::with(&documents, config.settings.clone(), today);
    config::check_target(&case)?;
    let mend = |which: Fixes| rules::mend(&documents, &config.settings, today, which.most());
    let (report, to) = match (arguments.fix, arguments.diff) {
        (Some(which), _) => {
            let mended = mend(which);
            let to = fix::write(&inputs, &mended)?;
            (mended.report, to)
        }
        (None, Some(which)) => {
            fix::show(&case, &inputs, &mend(which))?;
            (rules::check(&case), To::Nowhere)
        }
        (None, None) => (rules::check(&case), To::Out),
    };
    for output in &arguments.output {
        let text = render(&report, output.format, Style::Plain);
        std::fs::write(&output.file, text)
            .with_context(|| format!("cannot write {}", output.file.display()))?;
    }
    match to {
        To::Out => print(&render(&report, arguments.format, style(arguments.color)))?,
        To::Errors => tell(&render(&report, arguments.format, Style::Plain))?,
        To::Nowhere => {}
    }
    Ok(ExitCode::from(exit_code(&report, arguments, &config)))
}

/// Where the report goes: what is written to standard output may be something else.
pub(crate) enum To {
    Out,
    Errors,
    Nowhere,
}

/// Something that was handed in.
pub(crate) struct Input {
    /// What it is called.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// The file it came from; none for standard input.
    pub(crate) file: Option<PathBuf>,
}

/// Writes a message to standard error.
pub(crate) fn tell(message: &str) -> Result<()> {
    use std::io::Write;
    writeln!(std::io::stderr(), "{message}")?;
    Ok(())
}

fn read(file: &Path) -> Result<Input> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(Input { name: "standard input".to_owned(), bytes, file: None });
    }
    if file.is_dir() {
        bail!("{} is a folder; name the files in it", file.display());
    }
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Input { name: file.display().to_string(), bytes, file: Some(file.to_owned()) })
}

/// Today, by the clock. The engine itself reads none.
pub(crate) fn clock() -> Result<Date> {
    let seconds =
        SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?;
    let days = u32::try_from(seconds.as_secs() / 86_400)?;
    Date::from_unix_days(days).context("the clock is beyond the calendar; give --today")
}

fn style(color: Color) -> Style {
    let on = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => std::env::var_os("NO_COLOR").is_none() && std::io::stdout().is_terminal(),
    };
    if on { Style::Colored } else { Style::Plain }
}

fn render(report: &Report, format: Format, style: Style) -> String {
    match format {
        Format::Text => report::plain(report, style),
        Format::Json => report::json(report),
        Format::Markdown => report::markdown(report),
    }
}

fn exit_code(report: &Report, arguments: &Check, config: &Config) -> u8 {
    if arguments.exit_zero {
        return 0;
    }
    if !report.problems.is_empty() {
        return UNREADABLE;
    }
    let least = config.fail_on.unwrap_or(FailOn::Medium).severity();
    let fails = report.findings().any(|(rule, _)| least.is_some_and(|it| rule.severity <= it));
    let open = answers(report).iter().any(|it| {
        it.state.verdict() == Verdict::Unknown || it.state == report::State::FailsIncomplete
    });
    if fails || (config.fail_on_unknown == Some(true) && open) { FINDINGS } else { 0 }
}
