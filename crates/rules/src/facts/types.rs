//! The things that are observed.

use std::collections::BTreeMap;
use std::fmt;

use dockerfile::shell::{Part, ShellWord};
use dockerfile::{ImageRef, Mount, MountKind, Scope, StageId, Value};
use report::Why;
use secrets::Fingerprint;
use secrets::names::is_stand_in;
use text::{Cooked, Span};

use crate::commands::{FileChange, Handed, RunCommand, Written};
use crate::knowledge::tools;

/// A user as images name it: `name`, `uid`, either with a group.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct User {
    /// As written; empty means root.
    pub text: String,
    /// Whom the entry point changes to by itself, when that is known.
    pub becomes: Option<&'static str>,
}

impl User {
    /// Reads a user.
    pub fn new(text: &str) -> Self {
        Self { text: text.trim().to_owned(), becomes: None }
    }

    /// The part before the group.
    pub fn name(&self) -> &str {
        self.text.split_once(':').map_or(&*self.text, |(name, _)| name)
    }

    /// The group, when one is named.
    pub fn group(&self) -> Option<&str> {
        self.text.split_once(':').map(|(_, group)| group)
    }

    /// Whether the name is a number.
    pub fn is_numeric(&self) -> bool {
        is_number(self.name())
    }

    /// Whether the main process stays root.
    pub fn is_root(&self) -> bool {
        self.becomes.is_none() && self.names_root()
    }

    /// Whether root is meant: by name, by number, or because nobody is named. The group does not
    /// matter: it takes nothing away. `ContainerAdministrator` is what Windows images have instead.
    pub fn names_root(&self) -> bool {
        let name = self.name();
        name.is_empty()
            || name == "root"
            || (is_number(name) && name.bytes().all(|it| it == b'0'))
            || name.eq_ignore_ascii_case("ContainerAdministrator")
    }

    /// Somebody who is not root, whoever that is: what Kubernetes' `runAsNonRoot` makes sure of.
    pub(crate) fn any_but_root() -> Self {
        Self::new("non-root")
    }

    /// Whether that is all that is known.
    pub fn is_any_but_root(&self) -> bool {
        self.text == "non-root"
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.text.is_empty() { "root" } else { &self.text })
    }
}

/// An entry point, a command, or the command of a health check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StartCommand {
    /// Its words; for a shell form the text is one word. None: it is set back to nothing.
    pub words: Vec<String>,
    /// Whether a shell runs it that the image adds: the shell form.
    pub shell: bool,
    /// The language of its text.
    pub dialect: Dialect,
    /// The commands in it, as far as they can be read.
    pub commands: Vec<RunCommand>,
    /// Its stage; of no meaning outside a Dockerfile.
    pub stage: StageId,
}

impl StartCommand {
    /// Whether there is any command at all.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(String::is_empty)
    }
}

/// A health check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Healthcheck {
    /// The command; nothing when an inherited check is switched off.
    pub command: Option<StartCommand>,
}

/// A label.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Label {
    /// Its name.
    pub name: String,
    /// Its value, as far as it is known.
    pub value: Option<String>,
}

/// A port that an image exposes, or a range of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Port {
    /// The first.
    pub first: u16,
    /// The last; the first again when it is no range.
    pub last: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
}

impl Port {
    /// Reads `80`, `8000-8010/udp`, `127.0.0.1:80:8080`.
    pub fn read(text: &str) -> Option<Self> {
        let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let container = ports.rsplit(':').next()?;
        let (first, last) = container.split_once('-').unwrap_or((container, container));
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        Some(Self { first, last, protocol: protocol.to_ascii_lowercase() })
    }

    /// Whether it is one port, or a few: a wide range is not about any of them.
    pub fn is_narrow(&self) -> bool {
        self.last.saturating_sub(self.first) < 100
    }

    /// Whether the port is among them.
    pub fn holds(&self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

/// How a variable was set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// `ENV`, or the image's configuration: every process of the container has it.
    Env,
    /// `ARG`: it is in the history of the image, and in the environment of the build.
    Arg,
}

/// A variable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Its value, as far as it is known.
    pub value: Option<String>,
    /// How it was set.
    pub origin: Origin,
    /// Whether it holds a secret, by its name and, if that is known, by the looks of its value.
    pub secret: bool,
}

/// Which language a step's text is in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dialect {
    /// A POSIX shell of no known kind: `/bin/sh` of an image that is not known.
    Posix,
    /// BusyBox's shell.
    Ash,
    /// Debian's plain shell.
    Dash,
    /// Bash.
    Bash,
    /// Another shell that reads POSIX syntax, such as zsh.
    Other,
    /// Not a shell at all: the words of a JSON array.
    Exec,
    /// PowerShell.
    PowerShell,
    /// The Windows command prompt.
    Cmd,
    /// A program that is no shell, as `python3` behind a here-document.
    Foreign,
}

impl Dialect {
    /// Whether its text was read as commands.
    pub fn is_read(self) -> bool {
        match self {
            Self::Posix | Self::Ash | Self::Dash | Self::Bash | Self::Other | Self::Exec => true,
            Self::PowerShell | Self::Cmd | Self::Foreign => false,
        }
    }
}

/// A step of a build that runs commands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunStep {
    /// The commands, in order of the text.
    pub commands: Vec<RunCommand>,
    /// The language of its text.
    pub dialect: Dialect,
    /// The words of the shell that `SHELL` sets, if any.
    pub shell: Option<Vec<String>>,
    /// Its text, for those who read it in their own way.
    pub text: Cooked,
    /// Values of the build's variables that it uses; none for build arguments without a value.
    pub variables: BTreeMap<String, Option<String>>,
    /// The user it runs as, when that is known.
    pub user: Option<User>,
    /// The folder it runs in, when that is known.
    pub workdir: Option<String>,
    /// Its mounts.
    pub mounts: Vec<StepMount>,
    /// What its commands do to files, in order.
    pub changes: Vec<FileChange>,
    /// The texts that its commands write into files.
    pub written: Vec<Written>,
    /// The variables it sees.
    pub scope: Scope,
    /// Places of what was not understood.
    pub odd: Vec<Span>,
    /// Its stage.
    pub stage: StageId,
    /// Whether it is a trigger (`ONBUILD`): a build on this image runs it, not this one.
    pub trigger: bool,
    /// The instruction.
    pub code: Span,
}

/// A mount of a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepMount {
    /// Its type.
    pub kind: MountKind,
    /// Where it is mounted: absolute when that is known.
    pub target: Option<String>,
    /// Its `id`.
    pub id: Option<String>,
    /// The mount as written.
    pub mount: Mount,
}

impl RunStep {
    /// Whether a mount of these kinds covers a path, or lies below it.
    pub fn mounts_over(&self, kinds: &[MountKind], path: &str) -> bool {
        let inside = |of: &str, it: &str| {
            it.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.mounts.iter().filter(|it| kinds.contains(&it.kind)).any(|it| {
            let target = it.target.as_deref().unwrap_or_default().trim_end_matches('/');
            !target.is_empty() && (inside(target, path) || inside(path, target))
        })
    }

    /// The value of a variable in its environment, when that is known.
    pub fn variable(&self, name: &str) -> Option<&str> {
        match self.scope.get(name) {
            Value::Known(it) => Some(it),
            Value::Unknown(_) => None,
        }
    }

    /// Whether its text names a variable.
    pub fn mentions(&self, name: &str) -> bool {
        let of_part = |it: &Part| match it {
            Part::Variable { name: of, .. } => of == name,
            Part::Literal { .. }
            | Part::Commands { .. }
            | Part::Process { .. }
            | Part::Arithmetic { .. } => false,
        };
        let of_word = |it: &ShellWord| it.parts.iter().any(of_part);
        let of_command = |it: &RunCommand| {
            let values = it.simple.assignments.iter().map(|it| &it.value);
            let targets = it.simple.redirects.iter().map(|it| &it.target);
            values.chain(&it.simple.words).chain(targets).any(of_word)
        };
        // What stands behind an operator, as in `${a:-$b}`, is not taken apart.
        let text = self.text.as_str();
        let behind = text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            before.ends_with('$') || before.ends_with("${")
        });
        behind || self.commands.iter().any(of_command)
    }

    /// The commands of the same pipeline as one of them, in order.
    pub fn pipeline<'a>(&'a self, of: &'a RunCommand) -> impl Iterator<Item = &'a RunCommand> {
        self.commands.iter().filter(|it| it.place.pipeline == of.place.pipeline)
    }
}

/// One source of a copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Copied {
    /// A path of the build context, another stage or an image.
    Path(String),
    /// Fetched from the network.
    Url(String),
    /// A here-document.
    Inline,
    /// A path that a variable decides, as far as it is known; or something that a history names
    /// only by its checksum.
    Unknown(String),
}

impl Copied {
    /// The checksum, as in `file:…`, of what a history does not name.
    pub fn checksum(&self) -> Option<&str> {
        let Self::Unknown(text) = self else { return None };
        let kinds = ["file:", "dir:", "multi:"];
        let digits = kinds.iter().find_map(|it| text.strip_prefix(it))?;
        let is_hex = digits.len() >= 9 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        is_hex.then_some(text)
    }
}

/// `COPY` and `ADD`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Copy {
    /// What is copied, each with its place.
    pub sources: Vec<(Copied, Span)>,
    /// Where to: absolute, or as written when the working directory is not known.
    pub destination: String,
    /// Whether it is `ADD`.
    pub add: bool,
    /// The stage or image it comes from; nothing for the build context.
    pub from: Option<String>,
    /// The patterns of `--exclude`.
    pub excludes: Vec<String>,
    /// `--chown`, with its place.
    pub owner: Option<(String, Span)>,
    /// `--chmod`, with its place.
    pub mode: Option<(String, Span)>,
    /// `--checksum`, as far as it is known.
    pub checksum: Option<String>,
    /// Whether it is a trigger (`ONBUILD`): a build on this image runs it, not this one.
    pub trigger: bool,
    /// Its stage.
    pub stage: StageId,
}

impl Copy {
    /// Whether the destination is a directory by how it is written, or because several files go
    /// there.
    pub fn is_directory(&self) -> bool {
        self.destination.ends_with('/') || self.sources.len() > 1
    }
}

/// A `USER` instruction: whom everything behind it in its stage, and in stages built on that, is
/// done as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UserChange {
    /// The user; why it is not known otherwise.
    pub user: Result<User, Why>,
    /// The word that names the user.
    pub word: Span,
    /// The instruction.
    pub code: Span,
    /// Its stage.
    pub stage: StageId,
}

/// A `WORKDIR` instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder {
    /// The folder, as far as it is known: absolute if the one before is known.
    pub path: String,
    /// Whether that is the whole of it.
    pub known: bool,
    /// The word that names it.
    pub word: Span,
    /// Its stage.
    pub stage: StageId,
}

/// What an image from outside is used for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// A stage is built on it.
    Base,
    /// Files are copied from it.
    CopyFrom,
    /// It is mounted while a command runs.
    MountFrom,
}

/// An image from outside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BaseImage {
    /// The image.
    pub image: ImageRef,
    /// What it is used for.
    pub role: Role,
    /// The stage that uses it.
    pub stage: StageId,
}

/// A package that a build installed by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Package {
    /// The package manager's family: `apt`, `apk`, `rpm`, `pacman`.
    pub system: &'static str,
    /// Its name.
    pub name: String,
    /// What is known of it as a tool. Several rules ask.
    pub tool: Option<tools::Package>,
    /// The version asked for.
    pub version: Option<String>,
    /// The step that installed it, by its place.
    pub step: Span,
    /// Whether a later part of the same step removes it again.
    pub removed: bool,
}

/// A secret, masked. The value itself is never kept.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Secret {
    /// What it is, as in "GitHub personal access token".
    pub title: String,
    /// Its public beginning and its length.
    pub masked: String,
    /// Equal for equal values, within this case only.
    pub fingerprint: Fingerprint,
    /// Where it is revoked or changed.
    pub rotate: &'static str,
    /// What it tells publicly about itself: an account, an issuer, a day.
    pub public: Vec<String>,
    /// Its form alone does not prove it.
    pub likely: bool,
    /// Only its name and how random it looks speak for it.
    pub guess: bool,
    /// It opens little: a test key, a password that may be a stand-in.
    pub weak: bool,
    /// What it is written into.
    pub home: Home,
}

/// A credential that a command is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenCredential {
    /// The program that is run.
    pub program: String,
    /// The command, by its place.
    pub command: Span,
    /// How it gets there.
    pub way: Way,
    /// What it is, with an article.
    pub what: &'static str,
    /// How its value is given.
    pub given: Handed,
    /// Whether a file is named that holds it.
    pub file: bool,
    /// The file in which the program keeps it, if it keeps it.
    pub kept: Option<&'static str>,
    /// The right way for this program.
    pub remedy: &'static str,
}

impl GivenCredential {
    /// The value, if it is written out and no word that stands for one.
    pub fn literal(&self) -> Option<&str> {
        let Handed::Literal(value) = &self.given else { return None };
        let value = value.trim();
        let fits =
            value.len() > 2 && !is_stand_in(value) && !value.starts_with(['/', '@']) && !self.file;
        fits.then_some(value)
    }
}

/// How a command gets a credential.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Way {
    /// As an argument that is known to be one.
    Argument,
    /// As the value of an option of this name.
    Option(String),
    /// In a variable of this name.
    Variable(String),
    /// Through a pipe.
    Input,
    /// In a statement that makes a database account.
    Sql,
    /// As the password of an account of the system.
    Account,
}

/// What a secret is written into, which decides where it stays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Home {
    /// The environment.
    Env,
    /// A build argument.
    Arg,
    /// A command of the build.
    Run,
    /// A label.
    Label,
    /// What a container starts with, or its health check.
    Start,
    /// A file that is written from the Dockerfile itself.
    File,
    /// An instruction that stays in the history as it is written.
    History,
    /// A trigger for images built on this one.
    Trigger,
    /// The configuration of an image or a container.
    Config,
    /// A comment: it is in the file, and not in the image.
    Nowhere,
}

/// A word made of plain text with its place, for commands that are not written for a shell.
pub(crate) fn plain_word(word: &dockerfile::Word) -> ShellWord {
    let part = Part::Literal { text: word.text.clone(), quoted: true };
    ShellWord { span: word.span, parts: vec![part] }
}
