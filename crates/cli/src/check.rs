//! `plimsoll check`: reads the files, checks them as one case, writes the report.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use report::{Baseline, Report, Severity, Style, Verdict, answers};
use rules::{Case, Document};
use text::Date;

use crate::arguments::{Check, Color, FailOn, Fixes, Format, Given};
use crate::config::{self, Config};
use crate::saved::{self, Opened};
use crate::{context, fix, formats, print};

pub(crate) const FINDINGS: u8 = 1;
const NO_INPUT: u8 = 3;
pub(crate) const UNREADABLE: u8 = 4;

/// Runs the command.
pub(crate) fn run(arguments: &Check) -> Result<ExitCode> {
    let code = if arguments.each { each(arguments)? } else { one(arguments)? };
    Ok(ExitCode::from(code))
}

/// One file after another, each as a case of its own. The worst exit code is that of all.
fn each(arguments: &Check) -> Result<u8> {
    let heading: fn(&str) -> String = match arguments.format {
        Format::Text => |name| format!("== {name}\n\n"),
        Format::Markdown => |name| format!("# {}\n\n", report::quote(name)),
        Format::Github => |_| String::new(),
        _ => bail!(
            "reports of several images fit behind each other as text, markdown or github only"
        ),
    };
    let mut worst = if arguments.given.files.is_empty() { one(arguments)? } else { 0 };
    for (index, file) in arguments.given.files.iter().enumerate() {
        let name = text::visible(&file.display().to_string()).to_string();
        let gap = if index > 0 && arguments.format != Format::Github { "\n" } else { "" };
        if arguments.diff.is_none() {
            print(&format!("{gap}{}", heading(&name)))?;
        }
        let given = Given { files: vec![file.clone()], ..arguments.given.clone() };
        worst = worst.max(one(&Check { given, ..arguments.clone() })?);
    }
    Ok(worst)
}

/// All files as one case.
fn one(arguments: &Check) -> Result<u8> {
    let given = &context::stand_in(&arguments.given);
    if given.files.is_empty() && given.r#as.is_empty() {
        let hint = "plimsoll: nothing to check; name a Dockerfile or its folder, a history or inspect \
                    output, a saved image, or `-`";
        return tell(hint).map(|()| NO_INPUT);
    }
    let (archive, inputs) = inputs(given)?;
    let (case, mut config) = examined(given, archive.as_ref(), &inputs)?;
    config.fail_on = arguments.fail_on.or(config.fail_on);
    if arguments.fail_on_unknown {
        config.fail_on_unknown = Some(true);
    }
    let documents = documents(given, &inputs);
    if let (true, Some(reason)) = (arguments.add_ignores, &arguments.reason) {
        add_ignores(arguments, &inputs, &documents, (&config, case.today), reason)?;
        return one(&Check { add_ignores: false, ..arguments.clone() });
    }
    let mend = |which: Fixes| rules::mend(&documents, &config.settings, case.today, which.most());
    let mended;
    let (mut report, sources, to) = match (arguments.fix, arguments.diff) {
        (Some(which), _) => {
            mended = mend(which);
            let to = fix::write(&inputs, &mended)?;
            (mended.report.clone(), &mended.case.sources, to)
        }
        (None, Some(which)) => {
            fix::show(&case, &inputs, &mend(which))?;
            (rules::check(&case), &case.sources, To::Nowhere)
        }
        (None, None) => (rules::check(&case), &case.sources, To::Out),
    };
    let mut paths: Vec<Option<String>> =
        inputs.iter().map(|it| formats::path(it.file.as_deref())).collect();
    if let Some(it) = &archive {
        paths.insert(it.after.min(paths.len()), formats::path(Some(&it.file)));
    }
    let has_baseline = arguments.baseline.is_some();
    let context = report::Context { sources, paths: &paths, help: rules::prose, has_baseline };
    if let Some(it) = &arguments.baseline {
        baseline(it)?.apply(&mut report, &context);
    }
    let show = |format: Format, style: Style| formats::render(&report, &context, format, style);
    for output in &arguments.output {
        let text = show(output.format, Style::Plain);
        std::fs::write(&output.file, text)
            .with_context(|| format!("cannot write {}", output.file.display()))?;
    }
    match to {
        To::Out => print(&show(arguments.format, style(arguments.color)))?,
        To::Errors => tell(&show(arguments.format, Style::Plain))?,
        To::Nowhere => {}
    }
    let is_recipe = |it: &&report::SourceInfo| it.kind == report::Kind::Dockerfile;
    if report.problems.iter().any(|it| !it.choices.is_empty())
        && report.sources.iter().filter(is_recipe).count() > 1
    {
        tell(
            "plimsoll: --pick NAME says which Dockerfile is meant; --each checks each as an image of its own",
        )?;
    }
    Ok(exit_code(&report, arguments, &config))
}

/// Writes comments above what makes the check fail.
fn add_ignores(
    arguments: &Check,
    inputs: &[Input],
    documents: &[Document<'_>],
    (config, today): (&Config, Date),
    reason: &str,
) -> Result<()> {
    let least = threshold(config).context("nothing fails, so there is nothing to accept")?;
    let case = Case::with(documents, config.settings.clone(), today);
    let with = rules::accept(&case, &rules::check(&case), least, reason, arguments.until);
    fix::annotate(inputs, &with)
}

/// What was found before.
fn baseline(file: &Path) -> Result<Baseline> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    Baseline::read(&text).with_context(|| {
        format!(
            "{name} is no report that `--output json=FILE` or `sarif=FILE` of this version wrote"
        )
    })
}

/// What was handed in: files, then those of which a person says what they are.
pub(crate) fn inputs(given: &Given) -> Result<(Option<Opened>, Vec<Input>)> {
    let (archive, mut all) = saved::split(&given.files)?;
    for it in &given.r#as {
        all.push(read(&it.file)?);
    }
    Ok((archive, all))
}

fn documents<'a>(given: &Given, inputs: &'a [Input]) -> Vec<Document<'a>> {
    // Saved images are none of the inputs.
    let n_plain = inputs.len().saturating_sub(given.r#as.len());
    let plain = std::iter::repeat_n(None, n_plain);
    let kinds = plain.chain(given.r#as.iter().map(|it| Some(it.kind)));
    let document =
        |(it, taken_for): (&'a Input, _)| Document { name: &it.name, bytes: &it.bytes, taken_for };
    inputs.iter().zip(kinds).map(document).collect()
}

/// What the project and the options say.
fn configured(given: &Given, inputs: &[Input], documents: &[Document<'_>]) -> Result<Config> {
    let mut config = config::of(given, inputs, documents)?;
    let context = given.context.as_deref().map(|it| context::read(it, &given.files));
    config.settings.context = context.transpose()?.map(Arc::new);
    config.settings.picks.clone_from(&given.pick);
    config.settings.base_steps = given.base_steps;
    Ok(config)
}

/// What was handed in as one case, and what the project says about itself.
pub(crate) fn examined(
    given: &Given,
    archive: Option<&Opened>,
    inputs: &[Input],
) -> Result<(Case, Config)> {
    let documents = documents(given, inputs);
    let today = given.today.map_or_else(clock, Ok)?;
    let config = configured(given, inputs, &documents)?;
    let settings = config.settings.clone();
    let case = match archive {
        Some(it) => Case::of_saved(&it.saved(given), &documents, settings, today),
        None => Case::with(&documents, settings, today),
    };
    config::check_target(&case)?;
    Ok((case, config))
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

/// What standard input is called.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// What is said when it cannot be read.
pub(crate) const NO_STANDARD_INPUT: &str = "cannot read standard input";

impl Input {
    /// What came through standard input.
    pub(crate) fn of_standard_input(bytes: Vec<u8>) -> Self {
        Self { name: STANDARD_INPUT.to_owned(), bytes, file: None }
    }
}

/// Whether a name stands for standard input.
pub(crate) fn is_standard_input(file: &Path) -> bool {
    file.as_os_str() == "-"
}

/// Writes a message to standard error.
pub(crate) fn tell(message: &str) -> Result<()> {
    use std::io::Write;
    writeln!(std::io::stderr(), "{message}")?;
    Ok(())
}

/// Reads a file, or standard input.
pub(crate) fn read(file: &Path) -> Result<Input> {
    if is_standard_input(file) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context(NO_STANDARD_INPUT)?;
        return Ok(Input::of_standard_input(bytes));
    }
    if file.is_dir() {
        bail!("{} is a folder; name the files in it, or one with a Dockerfile", file.display());
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

/// The least severity that fails, if any does.
fn threshold(config: &Config) -> Option<Severity> {
    config.fail_on.unwrap_or(FailOn::Medium).severity()
}

fn exit_code(report: &Report, arguments: &Check, config: &Config) -> u8 {
    if arguments.exit_zero {
        return 0;
    }
    if !report.problems.is_empty() {
        return UNREADABLE;
    }
    let least = threshold(config);
    let fails = report.findings().any(|(rule, _)| least.is_some_and(|it| rule.severity <= it));
    let open = answers(report).iter().any(|it| {
        it.state.verdict() == Verdict::Unknown || it.state == report::State::FailsIncomplete
    });
    if fails || (config.fail_on_unknown == Some(true) && open) { FINDINGS } else { 0 }
}
