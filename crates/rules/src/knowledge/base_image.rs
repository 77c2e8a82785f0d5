//! What an image brings that others are built on: its default user, its shell and package
//! manager, its working directory and what it starts.
//!
//! This is the weakest witness of all: a dated table of what held when it was made. A config or a
//! history of the image itself says better. Sources: the images' build files, their vendors'
//! documentation and long convention; `data/NOTICE.md` lists them.

use std::sync::OnceLock;

use text::Date;

use super::lifecycle::version_of;
use super::patterns::Patterns;
use super::reference::{compare, familiar, satisfies, words};
use super::table::{Table, columns, first_column};

/// The day of the tables.
pub const AS_OF: Date = super::date(2026, 8, 22);

pub(super) static IMAGES: Table = Table::new(include_str!("../../data/base_images.tsv"));
pub(super) static CONTENTS: Table = Table::new(include_str!("../../data/base_contents.tsv"));

/// What is known of an image.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BaseImage {
    /// The user its containers start as.
    pub user: DefaultUser,
    /// Who runs in the end, when the image's own entry point changes users.
    pub runtime: Runtime,
    /// How sure that is.
    pub confidence: Confidence,
    /// What the image is built on, if that is known for this tag.
    pub system: Option<System>,
    /// What else it sets.
    pub presets: Presets,
    accounts: &'static str,
    tools: &'static str,
}

/// The user in an image's config.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefaultUser {
    /// User number 0, set or by default.
    Root,
    /// Anybody else.
    Other {
        /// As the config has it: a name, a number, or `number:group`.
        name: &'static str,
        /// The user number, if known.
        uid: Option<u32>,
    },
    /// Windows: the account that may do everything in the container.
    ContainerAdministrator,
    /// Windows: an account without such rights.
    ContainerUser,
}

/// What becomes of the default user when the image's own entry point runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runtime {
    /// It stays, as far as is known.
    Stays,
    /// The main process becomes this user.
    Becomes(&'static str),
    /// The main process stays; its workers are this user.
    Workers(&'static str),
}

/// How sure the table is of an image's user.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Confidence {
    /// May be different in some tags.
    Medium,
    /// As its vendor documents, or as it has long been.
    High,
    /// Read in the file the image is built from.
    Certain,
}

/// What a distribution or its absence means for an intruder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct System {
    /// What answers to `/bin/sh`; on Windows the default shell.
    pub sh: Shell,
    /// Whether `/bin/bash` is there as well.
    pub bash: bool,
    /// What can install packages.
    pub packages: PackageManager,
    /// The C library, if it is one and known.
    pub libc: Option<Libc>,
    /// Whether there is an `/etc/passwd`, so that a name can be a user.
    pub passwd: bool,
}

/// A command shell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shell {
    /// There is none.
    None,
    /// BusyBox's.
    Ash,
    /// Debian's plain shell, without bash's extensions.
    Dash,
    /// Bash, also under the name of `sh`.
    Bash,
    /// Windows' cmd.exe.
    Cmd,
}

/// A program that installs packages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the name of a program")]
pub enum PackageManager {
    None,
    Apk,
    Apt,
    Dnf,
    Microdnf,
    Nix,
    Pacman,
    Tdnf,
    Yum,
    Zypper,
}

/// A C library.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the name of a library")]
pub enum Libc {
    Glibc,
    Musl,
}

/// What an image's config sets; `None` and empty mean not known, not unset.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Presets {
    /// The working directory.
    pub workdir: Option<&'static str>,
    /// The program of the `ENTRYPOINT`.
    pub entrypoint: Option<&'static str>,
    /// The words of the `CMD`.
    pub command: Option<&'static str>,
    volumes: &'static str,
    variables: &'static str,
}

impl BaseImage {
    /// Accounts the image has besides root, with their numbers where those are known. Others may
    /// exist.
    pub fn accounts(&self) -> impl Iterator<Item = (&'static str, Option<u32>)> {
        let accounts = self.accounts.split(' ').filter(|it| !it.is_empty());
        accounts.map(|it| match it.split_once(':') {
            Some((name, uid)) => (name, uid.parse().ok()),
            None => (it, None),
        })
    }

    /// Tools of interest known to be in the image. Others may be.
    pub fn tools(&self) -> impl Iterator<Item = &'static str> {
        self.tools.split(' ').filter(|it| !it.is_empty())
    }
}

impl Presets {
    /// Directories declared as volumes: what a build writes there after is lost.
    pub fn volumes(&self) -> impl Iterator<Item = &'static str> {
        self.volumes.split(' ').filter(|it| !it.is_empty())
    }

    /// Variables of the environment that change how tools work.
    pub fn variables(&self) -> impl Iterator<Item = &'static str> {
        self.variables.split(' ').filter(|it| !it.is_empty())
    }
}

/// What is known of the image; `None` if nothing is.
///
/// `repository` is the familiar name. `tag` is `None` when the image is named by digest alone, or
/// its tag is not known; pass `latest` when it has neither.
pub fn base_image(repository: &str, tag: Option<&str>) -> Option<BaseImage> {
    let repository = familiar(repository);
    static ROWS: OnceLock<Patterns<Row>> = OnceLock::new();
    let row = find(ROWS.get_or_init(|| rows(&IMAGES)), repository, tag)?;
    let [_, _, user, runtime, accounts, confidence, system] = columns(row);
    let (presets, tools) = contents(repository, tag);
    Some(BaseImage {
        user: default_user(user)?,
        runtime: self::runtime(runtime)?,
        confidence: self::confidence(confidence)?,
        system: self::system(system, tag),
        presets,
        accounts,
        tools,
    })
}

type Row = &'static str;

/// The rows of a table by the images they are for.
fn rows(table: &Table) -> Patterns<Row> {
    Patterns::new(table.rows().collect(), |row| first_column(row))
}

/// The first row that fits repository and tag.
fn find(rows: &Patterns<Row>, repository: &str, tag: Option<&str>) -> Option<Row> {
    rows.fitting(repository).copied().find(|row| {
        let [_, tags] = columns(row);
        satisfies(tags, tag, |bound| follows_newest(repository, tag, bound))
    })
}

/// Whether a tag without a version is newer than `bound`: a release name by its version, any other
/// word because it follows the newest release.
fn follows_newest(repository: &str, tag: Option<&str>, bound: &str) -> bool {
    let version = tag.and_then(|it| words(it).find_map(|it| version_of(repository, it)));
    version.is_none_or(|it| compare(it, bound).is_ge())
}

fn contents(repository: &str, tag: Option<&str>) -> (Presets, &'static str) {
    static ROWS: OnceLock<Patterns<Row>> = OnceLock::new();
    let row = find(ROWS.get_or_init(|| rows(&CONTENTS)), repository, tag).unwrap_or_default();
    let [_, _, workdir, entrypoint, command, volumes, tools, variables] = columns(row);
    let known = |it: &'static str| (!it.is_empty()).then_some(it);
    let presets = Presets {
        workdir: known(workdir),
        entrypoint: known(entrypoint),
        command: known(command),
        volumes,
        variables,
    };
    (presets, tools)
}

fn default_user(text: &'static str) -> Option<DefaultUser> {
    let other = match text {
        "" => return None,
        "root" => return Some(DefaultUser::Root),
        "ContainerAdministrator" => return Some(DefaultUser::ContainerAdministrator),
        "ContainerUser" => return Some(DefaultUser::ContainerUser),
        other => other,
    };
    if let Some((name, uid)) = other.split_once('(') {
        let uid = uid.strip_suffix(')')?.parse().ok()?;
        return Some(DefaultUser::Other { name, uid: Some(uid) });
    }
    let uid = other.split(':').next().and_then(|it| it.parse().ok());
    Some(DefaultUser::Other { name: other, uid })
}

fn runtime(text: &'static str) -> Option<Runtime> {
    match text.split_once(' ') {
        None => text.is_empty().then_some(Runtime::Stays),
        Some(("becomes", user)) => Some(Runtime::Becomes(user)),
        Some(("workers", user)) => Some(Runtime::Workers(user)),
        Some(_) => None,
    }
}

fn confidence(text: &str) -> Option<Confidence> {
    match text {
        "certain" => Some(Confidence::Certain),
        "high" => Some(Confidence::High),
        "medium" => Some(Confidence::Medium),
        _ => None,
    }
}

/// What the systems column means: a key; with `?` unless the tag names another system.
fn system(column: &str, tag: Option<&str>) -> Option<System> {
    let Some(default) = column.strip_suffix('?') else { return system_called(column) };
    match tag.and_then(|it| named_by(it, default)) {
        Some(key) => system_called(key),
        None => system_called(default),
    }
}

/// The key of the system that a tag names. The result may be unknown to [`system_called`], when
/// the tag names a system that comes in too many forms.
fn named_by(tag: &str, default: &str) -> Option<&'static str> {
    if tag.contains("nanoserver") {
        return Some("nanoserver");
    }
    if tag.contains("windowsservercore") || tag.contains("ltsc20") {
        return Some("windows");
    }
    // What a variant leaves out counts before what it was made from: `8.0-jammy-chiseled`.
    variant(tag, default).or_else(|| words(tag).find_map(distribution))
}

/// Variants with less than a distribution, or with more than the image usually has.
fn variant(tag: &str, default: &str) -> Option<&'static str> {
    let has = |word| words(tag).any(|it| it == word);
    if has("distroless") || has("chiseled") {
        return Some("distroless");
    }
    // Google's images get a shell for debugging, Chainguard's a package manager for development.
    let is_small = ["static", "distroless", "wolfi-sh", "wolfi-bash"].contains(&default);
    match is_small {
        true if has("debug") => Some("distroless-debug"),
        true if has("dev") => Some("wolfi"),
        _ => None,
    }
}

/// The system a word of a tag stands for. Some distributions come with one of several package
/// managers, which their name does not tell.
fn distribution(word: &str) -> Option<&'static str> {
    const SEVERAL: [&str; 6] = ["ubi", "rhel", "ol", "oracle", "rocky", "centos"];
    let starts = |it: &&str| word.starts_with(*it);
    match word {
        // Of images with several distributions, the slim variants are Debian's.
        "slim" => Some("debian"),
        "al2" => Some("yum"),
        "al2023" => Some("dnf"),
        _ if starts(&"alpine") => Some("alpine"),
        _ if ["azurelinux", "mariner"].iter().any(starts) => Some("tdnf"),
        _ if ["debian", "ubuntu"].iter().any(starts) => Some("debian"),
        _ if ["debian", "ubuntu"].iter().any(|it| version_of(it, word).is_some()) => Some("debian"),
        _ if SEVERAL.iter().any(starts) => Some("one of several"),
        _ => None,
    }
}

/// The systems by their keys in the table. Sources: the distributions' base images.
fn system_called(key: &str) -> Option<System> {
    use PackageManager as P;
    let glibc = |sh, packages| System {
        sh,
        bash: matches!(sh, Shell::Dash | Shell::Bash),
        packages,
        libc: Some(Libc::Glibc),
        passwd: true,
    };
    Some(match key {
        "scratch" => System { libc: None, passwd: false, ..glibc(Shell::None, P::None) },
        "static" => System { libc: None, ..glibc(Shell::None, P::None) },
        "distroless" => glibc(Shell::None, P::None),
        "distroless-debug" => glibc(Shell::Ash, P::None),
        "busybox" => System { libc: None, ..glibc(Shell::Ash, P::None) },
        "alpine" => System { libc: Some(Libc::Musl), ..glibc(Shell::Ash, P::Apk) },
        "wolfi" => glibc(Shell::Ash, P::Apk),
        "wolfi-sh" => glibc(Shell::Ash, P::None),
        "wolfi-bash" => glibc(Shell::Bash, P::None),
        "debian" => glibc(Shell::Dash, P::Apt),
        "dnf" => glibc(Shell::Bash, P::Dnf),
        "microdnf" => glibc(Shell::Bash, P::Microdnf),
        "yum" => glibc(Shell::Bash, P::Yum),
        "tdnf" => glibc(Shell::Bash, P::Tdnf),
        "zypper" => glibc(Shell::Bash, P::Zypper),
        "pacman" => glibc(Shell::Bash, P::Pacman),
        "nix" => glibc(Shell::Bash, P::Nix),
        "bash-only" => glibc(Shell::Bash, P::None),
        "windows" | "nanoserver" => {
            System { libc: None, passwd: false, ..glibc(Shell::Cmd, P::None) }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
