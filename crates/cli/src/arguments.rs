//! What can be said on the command line.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use report::{Kind, Safety, Severity};
use text::Date;

/// Checks a Dockerfile and what was built from it. If this container is compromised: can it write
/// important files? does it run as root? does it contain secrets? does it include unnecessary
/// tools? Nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check files that describe one image: a Dockerfile, a history, `docker inspect` output, a
    /// saved image.
    Check(Check),
    /// Show how to run the image with no more than it needs, with the reason of each option.
    Advise(Given),
    /// Show what became of the findings between two versions: new, fixed, unchanged. Each is a file to
    /// check, or a report as `check --output json=FILE` writes it. Only new findings make the exit
    /// code 1.
    Compare(Compare),
    /// Look for secrets in files and folders.
    Secrets(Secrets),
    /// List the packages of a saved image as a bill of materials.
    Sbom(Sbom),
    /// Explain a rule, by its own name or by one that other tools use.
    Explain {
        /// The rule, as in `runs-as-root` or `DL3002`.
        rule: String,
    },
    /// List all rules.
    Rules {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read about the rules and what stands behind them.
    Docs(Docs),
    /// Check what the fences of a book state: a preprocessor, which mdBook calls by itself.
    Mdbook(Book),
    /// Print a `plimsoll.toml` that says what another tool's settings say.
    Import {
        /// The tool.
        #[arg(value_enum)]
        tool: Tool,
        /// Its file; `-` reads standard input.
        #[arg(default_value = ".hadolint.yaml")]
        file: PathBuf,
    },
    /// Check what the fences of a Markdown text state, and print the text with it written below them.
    Annotate(Annotate),
    /// Write the manual page, or with a folder one for each command.
    Man {
        /// The folder to write `plimsoll.1`, `plimsoll-check.1` and so on into.
        #[arg(long, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
    /// Write what makes a shell complete the words of this program.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// A tool whose settings are understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Tool {
    /// `.hadolint.yaml`.
    Hadolint,
}

/// Two versions beside each other.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    #[command(flatten)]
    pub(crate) given: Given,
    /// How the comparison is written to standard output: as text, json or markdown.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the comparison to a file too, as in `json=changes.json`. May be repeated.
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,
    /// The least severity of a new finding that makes the exit code 1; medium if nothing else is said.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Exit with 0 whatever is new.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// A unified patch, as `git diff` writes it, that makes the newer version of the older one; `-` for standard
    /// input.
    #[arg(long, value_name = "FILE")]
    pub(crate) patch: Option<PathBuf>,
    /// Leave out findings on lines that both versions have.
    #[arg(long)]
    pub(crate) changed_lines: bool,
}

/// Without anything, a book is read from standard input and goes to standard output.
#[derive(Debug, Args)]
pub(crate) struct Book {
    #[command(subcommand)]
    pub(crate) question: Option<BookQuestion>,
    /// The day to judge ages by, as in 2026-11-24; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
}

/// Exit codes: 0 if every statement holds, 1 if one does not, 2 if a text cannot be read.
#[derive(Debug, Args)]
pub(crate) struct Annotate {
    /// The text; `-` reads standard input.
    pub(crate) files: Vec<PathBuf>,
    /// Only check, any number of texts.
    #[arg(long)]
    pub(crate) check: bool,
    /// The address of a checker that the examples open in.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) checker: Option<String>,
    /// What the text is called in messages.
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The day to judge ages by, as in 2026-11-24; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
}

/// What mdBook asks before.
#[derive(Debug, Subcommand)]
pub(crate) enum BookQuestion {
    /// Whether books of this kind are worked on: exit code 0 if so.
    Supports {
        /// The kind, as in `html`.
        renderer: String,
    },
}

/// Without anything, the list of pages.
#[derive(Debug, Args)]
pub(crate) struct Docs {
    /// The page, as in `four-questions`; the name of a rule is one too.
    #[arg(conflicts_with_all = ["search", "output", "markdown", "site"])]
    pub(crate) topic: Option<String>,
    /// List the pages in which these words occur.
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["output", "markdown", "site"])]
    pub(crate) search: Option<String>,
    /// Write all pages to a folder, as HTML that is read without a network.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["markdown", "site"])]
    pub(crate) output: Option<PathBuf>,
    /// Print all pages and all rules one after another, as one Markdown text.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// The address of a checker that the examples of written pages open in.
    #[arg(long, value_name = "ADDRESS", requires = "output")]
    pub(crate) checker: Option<String>,
    /// Write what the site is built from.
    #[arg(long, hide = true)]
    pub(crate) site: Option<PathBuf>,
}

/// What there is of an image, and how it is to be understood.
#[derive(Clone, Debug, Args)]
pub(crate) struct Given {
    /// Files that belong together, as one image; `-` reads standard input. A folder is one with an
    /// OCI image layout, or one to build from: its Dockerfile is checked, with the folder as context.
    pub(crate) files: Vec<PathBuf>,
    /// A file that is not what it looks like, as in `history=steps.txt`. May be repeated.
    #[arg(long, value_name = "KIND=FILE")]
    pub(crate) r#as: Vec<TakenFor>,
    /// Which of several images, containers or files is meant, by its name. May be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) pick: Vec<String>,
    /// How many steps of the history are the base image's, when you know.
    #[arg(long, value_name = "N")]
    pub(crate) base_steps: Option<usize>,
    /// The folder that is the build context: `COPY . .` is then judged by what it brings. Only the
    /// names of its files are looked at, and its ignore file.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) context: Option<PathBuf>,
    /// The stage that is built; the last one if not given.
    #[arg(long, value_name = "STAGE")]
    pub(crate) target: Option<String>,
    /// A build argument, as in `VERSION=1.2`. May be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = build_argument)]
    pub(crate) build_arg: Vec<(String, String)>,
    /// The settings file, in place of the `plimsoll.toml` nearest to the Dockerfile, upwards to the
    /// top of its repository.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no settings file.
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Look through the shell scripts of the Dockerfile too, under the codes of ShellCheck.
    #[arg(long)]
    pub(crate) shellcheck: bool,
    /// Which image of a saved archive is meant, by name or digest.
    #[arg(long, value_name = "NAME")]
    pub(crate) image: Option<String>,
    /// Which platform of a saved image is meant, as in linux/arm64.
    #[arg(long, value_name = "OS/ARCH")]
    pub(crate) platform: Option<String>,
    /// The day to judge ages by, as in 2026-11-24; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
}

/// Exit codes: 0 nothing at or above the threshold, 1 findings, 2 wrong usage or a file that cannot
/// be opened, 3 nothing to check, 4 an input that is not what it claims to be. Formats never change
/// exit codes.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing at or above the threshold; 1 findings; 2 wrong usage \
or a file that cannot be opened; 3 nothing to check; 4 an input that cannot be read as what it is."
)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) given: Given,
    /// Each file is an image of its own, as the Dockerfiles of a repository are, and gets a report of its own.
    #[arg(long, conflicts_with_all = ["as", "output"])]
    pub(crate) each: bool,
    /// How the report is written to standard output.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the report to a file too, as in `json=report.json`. May be repeated.
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) output: Vec<Output>,
    /// A report of an earlier check, JSON or SARIF: what it has is listed as known and does not fail, only what
    /// is new does.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// The least severity that makes the exit code 1; medium if nothing else is said.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Let an open question make the exit code 1 too.
    #[arg(long)]
    pub(crate) fail_on_unknown: bool,
    /// Exit with 0 whatever was found.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Apply fixes to the Dockerfile, and report what is left: the safe ones, or with
    /// `--fix=review` also those that somebody has to look at. A Dockerfile from standard input
    /// goes to standard output, and its report to standard error.
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "safe",
        conflicts_with = "diff"
    )]
    pub(crate) fix: Option<Fixes>,
    /// Show what `--fix` would change, as a unified diff, and change nothing.
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "safe"
    )]
    pub(crate) diff: Option<Fixes>,
    /// Accept what makes the check fail: write an ignore comment above each of these instructions, with the
    /// reason, and report what is left.
    #[arg(long, requires = "reason", conflicts_with_all = ["fix", "diff"])]
    pub(crate) add_ignores: bool,
    /// The reason that `--add-ignores` writes.
    #[arg(long, value_name = "TEXT", requires = "add_ignores", value_parser = one_line)]
    pub(crate) reason: Option<String>,
    /// The last day of what `--add-ignores` writes, as in 2027-01-31.
    #[arg(long, value_name = "DATE", requires = "add_ignores")]
    pub(crate) until: Option<Date>,
    /// Whether to use colors.
    #[arg(long, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

/// Looks for credentials in files and folders. They are shown by their public beginning and their
/// length, never as they are.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing at or above the threshold; 1 secrets; 2 wrong usage \
or a path that cannot be opened; 3 nothing to look at; 4 a file that could not be read."
)]
pub(crate) struct Secrets {
    /// Files and folders.
    pub(crate) paths: Vec<PathBuf>,
    /// How the result is written to standard output.
    #[arg(long, value_enum, default_value_t = SecretsFormat::Text)]
    pub(crate) format: SecretsFormat,
    /// The least severity that makes the exit code 1.
    #[arg(long, value_enum, default_value_t = SecretsFailOn::Medium, value_name = "SEVERITY")]
    pub(crate) fail_on: SecretsFailOn,
    /// Exit with 0 whatever was found.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Look into files that ignore files leave out, too.
    #[arg(long)]
    pub(crate) no_ignore: bool,
    /// Report look-alikes, examples and weak guesses as well, as notes.
    #[arg(long)]
    pub(crate) thorough: bool,
    /// A file with the key of the fingerprints, which are then the same in every run: 32 bytes at
    /// least. Without it they are good for one report.
    #[arg(long, value_name = "FILE")]
    pub(crate) fingerprint_key_file: Option<PathBuf>,
    /// The day to judge ages by, as in 2026-11-24; today if not given.
    #[arg(long, value_name = "DATE")]
    pub(crate) today: Option<Date>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum SecretsFormat {
    /// For people.
    Text,
    /// For programs; the shape is named by its `schema`.
    Json,
    /// For code scanning services, SARIF 2.1.0.
    Sarif,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum SecretsFailOn {
    Critical,
    High,
    Medium,
    Low,
    Note,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs; the shape is named by its `schema`.
    Json,
    /// For review comments.
    Markdown,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// A page to keep, of one file and without scripts.
    Html,
    /// For whatever shows test results.
    Junit,
    /// For GitLab's code quality.
    Gitlab,
    /// Annotations of GitHub Actions; it shows ten of each level.
    Github,
    /// Markdown that fits into the summary of a step of GitHub Actions.
    GithubSummary,
    /// For reviewdog, with the safe fixes as suggestions.
    Rdjson,
    /// For whatever reads checkstyle.
    Checkstyle,
}

/// Which fixes are applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Fixes {
    /// Those after which the image behaves the same.
    Safe,
    /// All of them; read what they change.
    #[value(alias = "unsafe")]
    Review,
}

impl Fixes {
    /// The least safe fixes among them.
    pub(crate) fn most(self) -> Safety {
        match self {
            Self::Safe => Safety::Safe,
            Self::Review => Safety::Review,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Color {
    /// When the output is a terminal and `NO_COLOR` is not set.
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum FailOn {
    High,
    Medium,
    Low,
    Note,
    Never,
}

impl FailOn {
    /// The least severity that fails, if any does.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

/// A reason stands in one line of a comment.
fn one_line(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        return Err("a reason is one line of text".to_owned());
    }
    Ok(text.to_owned())
}

fn build_argument(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE, as in VERSION=1.2")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// A file to write a report to, and how.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) file: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) =
            text.split_once('=').ok_or("expected FORMAT=FILE, as in json=report.json")?;
        Ok(Self { format: Format::from_str(format, true)?, file: file.into() })
    }
}

/// Exit codes: 0 if the list was written, 2 if the image cannot be opened or it is not clear which
/// of several is meant.
#[derive(Debug, Args)]
pub(crate) struct Sbom {
    /// The saved image: an archive, or a folder with an image layout; `-` reads an archive from standard
    /// input.
    pub(crate) file: PathBuf,
    /// The format.
    #[arg(long, value_enum, default_value_t = BillFormat::Cyclonedx)]
    pub(crate) format: BillFormat,
    /// Which image of several is meant, by name or digest.
    #[arg(long, value_name = "NAME")]
    pub(crate) image: Option<String>,
    /// Which platform is meant, as in linux/arm64.
    #[arg(long, value_name = "OS/ARCH")]
    pub(crate) platform: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum BillFormat {
    /// CycloneDX 1.6, as JSON.
    Cyclonedx,
    /// SPDX 2.3, as JSON.
    Spdx,
}

/// A file and what it is to be taken for.
#[derive(Clone, Debug)]
pub(crate) struct TakenFor {
    pub(crate) kind: Kind,
    pub(crate) file: PathBuf,
}

/// How a kind is called on the command line.
fn word(kind: Kind) -> String {
    kind.name().to_lowercase().replace(' ', "-")
}

impl FromStr for TakenFor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) =
            text.split_once('=').ok_or("expected KIND=FILE, as in history=steps.txt")?;
        let kind = Kind::ALL.into_iter().find(|it| word(*it) == name);
        let kind = kind.ok_or_else(|| {
            let words: Vec<String> = Kind::ALL.into_iter().map(word).collect();
            format!("there is no kind {name:?}; there are {}", words.join(", "))
        })?;
        Ok(Self { kind, file: file.into() })
    }
}
