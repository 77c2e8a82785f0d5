//! Programs that help an intruder, and the packages that bring them.
//!
//! Classification is our own; package names are those of Debian 12, Alpine 3.2x, Fedora and RHEL 9.
//! Whether a tool is needed (it may be the very thing the image is for) is not decided here.

use super::glob::like;
use super::table::{Table, columns, first_column};

pub(super) static BINARIES: Table = Table::new(include_str!("../../data/tools.tsv"));
pub(super) static PACKAGES: Table = Table::new(include_str!("../../data/packages.tsv"));
pub(super) static PACKAGE_PATTERNS: Table =
    Table::new(include_str!("../../data/package_patterns.tsv"));

/// An executable of interest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Binary {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub category: Category,
    /// How little it belongs into an image that is shipped.
    pub tier: Tier,
}

/// A package of interest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Package {
    /// What its programs are for.
    pub category: Category,
    /// How little it belongs into an image that is shipped.
    pub tier: Tier,
    brings: &'static str,
}

impl Package {
    /// The executables of interest in it, when they are not called like the package.
    pub fn brings(&self) -> impl Iterator<Item = &'static str> {
        self.brings.split(',').filter(|it| !it.is_empty())
    }
}

impl From<Binary> for Package {
    /// A package that brings an executable of its own name.
    fn from(it: Binary) -> Self {
        Self { category: it.category, tier: it.tier, brings: "" }
    }
}

/// A family of package names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PackageSystem {
    /// Alpine and Wolfi.
    Apk,
    /// Debian and Ubuntu.
    Deb,
    /// Fedora, RHEL and their kin.
    Rpm,
}

impl PackageSystem {
    /// The system whose packages a command installs.
    pub fn of_command(command: &str) -> Option<Self> {
        match command {
            "apk" => Some(Self::Apk),
            "apt" | "apt-get" | "aptitude" | "dpkg" => Some(Self::Deb),
            "dnf" | "dnf5" | "microdnf" | "rpm" | "tdnf" | "yum" | "zypper" => Some(Self::Rpm),
            _ => None,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Apk => 'a',
            Self::Deb => 'd',
            Self::Rpm => 'r',
        }
    }
}

/// How little a tool belongs into an image that is shipped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Tier {
    /// It has no place there.
    Intruder,
    /// It is needed to build, not to run.
    BuildOnly,
    /// Better without it, where that is possible.
    Avoidable,
    /// Part of nearly every base image: to be counted, not reported.
    Base,
}

impl Tier {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "1" => Some(Self::Intruder),
            "2" => Some(Self::BuildOnly),
            "3" => Some(Self::Avoidable),
            "4" => Some(Self::Base),
            _ => None,
        }
    }
}

/// What a tool lets an intruder do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ability {
    /// Make programs.
    Compile,
    /// Reach out of the container.
    Escape,
    /// Run commands.
    Execute,
    /// Accept connections.
    Listen,
    /// Talk to the network.
    Network,
    /// Look into other processes.
    Trace,
    /// Read files it is handed.
    Read,
    /// Change users.
    Elevate,
    /// Write files.
    Write,
}

/// What a tool is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "`Category::label` says what each is")]
pub enum Category {
    Archive,
    BuildTool,
    CloudCli,
    Compiler,
    Crypto,
    DbClient,
    Debugger,
    Doc,
    Editor,
    Fetcher,
    FileTransfer,
    HostControl,
    Interpreter,
    MediaConvert,
    NetClient,
    NetConfig,
    NetScan,
    NetTunnel,
    PackageManager,
    Privilege,
    Process,
    RemoteServer,
    Service,
    Shell,
    UserManagement,
    Utility,
    VersionControl,
}

impl Category {
    const ALL: [Self; 27] = [
        Self::Archive,
        Self::BuildTool,
        Self::CloudCli,
        Self::Compiler,
        Self::Crypto,
        Self::DbClient,
        Self::Debugger,
        Self::Doc,
        Self::Editor,
        Self::Fetcher,
        Self::FileTransfer,
        Self::HostControl,
        Self::Interpreter,
        Self::MediaConvert,
        Self::NetClient,
        Self::NetConfig,
        Self::NetScan,
        Self::NetTunnel,
        Self::PackageManager,
        Self::Privilege,
        Self::Process,
        Self::RemoteServer,
        Self::Service,
        Self::Shell,
        Self::UserManagement,
        Self::Utility,
        Self::VersionControl,
    ];

    /// What it is, for a message: a noun that can be counted.
    pub const fn label(self) -> &'static str {
        self.about().1
    }

    /// What such a tool lets an intruder do.
    pub const fn abilities(self) -> &'static [Ability] {
        self.about().3
    }

    /// The table's word for it, its label, the tier most of its tools have, their abilities.
    const fn about(self) -> (&'static str, &'static str, Tier, &'static [Ability]) {
        use Ability as A;
        use Tier::{Avoidable, Base, BuildOnly, Intruder};
        match self {
            Self::Archive => ("archive", "archiver", Base, &[A::Write]),
            Self::BuildTool => ("build-tool", "build tool", BuildOnly, &[A::Execute]),
            Self::CloudCli => ("cloud-cli", "cloud client", Intruder, &[A::Network]),
            Self::Compiler => ("compiler", "compiler", BuildOnly, &[A::Compile]),
            Self::Crypto => ("crypto", "cryptography tool", Avoidable, &[A::Read]),
            Self::DbClient => ("db-client", "database client", BuildOnly, &[A::Network]),
            Self::Debugger => ("debugger", "debugger", Intruder, &[A::Execute, A::Trace, A::Read]),
            Self::Doc => ("doc", "documentation", Base, &[A::Execute]),
            Self::Editor => ("editor", "editor", Avoidable, &[A::Execute, A::Write]),
            Self::Fetcher => ("fetcher", "downloader", Avoidable, &[A::Network, A::Write]),
            Self::FileTransfer => {
                ("file-transfer", "file transfer tool", Avoidable, &[A::Network, A::Write])
            }
            Self::HostControl => {
                ("host-control", "tool for containers and hosts", Intruder, &[A::Escape])
            }
            Self::Interpreter => {
                ("interpreter", "interpreter", Avoidable, &[A::Execute, A::Network, A::Write])
            }
            Self::MediaConvert => {
                ("media-convert", "media converter", Avoidable, &[A::Execute, A::Read])
            }
            Self::NetClient => {
                ("net-client", "network client", Intruder, &[A::Execute, A::Network])
            }
            Self::NetConfig => {
                ("net-config", "network configuration tool", Avoidable, &[A::Network])
            }
            Self::NetScan => ("net-scan", "network scanner", Intruder, &[A::Network]),
            Self::NetTunnel => ("net-tunnel", "tunnel", Intruder, &[A::Listen, A::Network]),
            Self::PackageManager => {
                ("package-manager", "package manager", Avoidable, &[A::Network, A::Write])
            }
            Self::Privilege => ("privilege", "privilege tool", BuildOnly, &[A::Elevate]),
            Self::Process => ("process", "process tool", Base, &[A::Read]),
            Self::RemoteServer => {
                ("remote-server", "remote login server", Intruder, &[A::Execute, A::Listen])
            }
            Self::Service => ("service", "service manager", BuildOnly, &[A::Execute]),
            Self::Shell => ("shell", "shell", Base, &[A::Execute]),
            Self::UserManagement => ("user-mgmt", "user management tool", Avoidable, &[A::Write]),
            Self::Utility => ("utility", "basic utility", Base, &[A::Execute]),
            Self::VersionControl => {
                ("vcs", "version control tool", BuildOnly, &[A::Execute, A::Network])
            }
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.about().0 == word)
    }

    const fn tier(self) -> Tier {
        self.about().2
    }
}

/// What is known of an executable of that name.
pub fn binary(name: &str) -> Option<Binary> {
    BINARIES.named(name).find_map(|row| {
        let [name, category, tier] = columns(row);
        let (category, tier) = classify(category, tier)?;
        Some(Binary { name, category, tier })
    })
}

/// What is known of a package. A version or architecture after the name, as in `gcc=12`,
/// `curl@edge` or `make:amd64`, is passed over.
pub fn package(system: PackageSystem, name: &str) -> Option<Package> {
    let name = bare(system, name);
    let exact = PACKAGES.named(name).find_map(|row| parse_package(row, system));
    exact.or_else(|| {
        // Most names start with another letter.
        let start = name.bytes().next();
        let may = |row: &&str| row.starts_with('*') || row.bytes().next() == start;
        let mut rows = PACKAGE_PATTERNS.rows().filter(may);
        rows.find_map(|row| fits(first_column(row), name).then(|| parse_package(row, system))?)
    })
}

fn bare(system: PackageSystem, name: &str) -> &str {
    match system {
        PackageSystem::Apk => name.split(['=', '<', '>', '~', '@']).next().unwrap_or(name),
        PackageSystem::Deb => name.split(['=', '/', ':']).next().unwrap_or(name),
        PackageSystem::Rpm => {
            let architectures = [".x86_64", ".aarch64", ".noarch"];
            architectures.iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name)
        }
    }
}

/// Whether a name has the shape of a pattern, in which `#` stands for a version number.
fn fits(shape: &str, name: &str) -> bool {
    let Some((before, after)) = shape.split_once('#') else { return like(shape, name) };
    let number = name.strip_prefix(before).and_then(|it| it.strip_suffix(after));
    number.is_some_and(|it| {
        it.starts_with(|it: char| it.is_ascii_digit())
            && it.bytes().all(|it| it.is_ascii_digit() || it == b'.')
    })
}

fn parse_package(row: &'static str, system: PackageSystem) -> Option<Package> {
    let [_, systems, category, tier, brings] = columns(row);
    if !systems.contains(system.letter()) {
        return None;
    }
    let (category, tier) = classify(category, tier)?;
    Some(Package { category, tier, brings })
}

fn classify(category: &str, tier: &str) -> Option<(Category, Tier)> {
    let category = Category::parse(category)?;
    match tier {
        "" => Some((category, category.tier())),
        _ => Some((category, Tier::parse(tier)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::check;
    use super::*;

    #[test]
    fn binaries() {
        for (name, category, tier) in [
            ("nc", Category::NetClient, Tier::Intruder),
            ("nmap", Category::NetScan, Tier::Intruder),
            ("sshd", Category::RemoteServer, Tier::Intruder),
            ("kubectl", Category::HostControl, Tier::Intruder),
            ("gdb", Category::Debugger, Tier::Intruder),
            ("gcc", Category::Compiler, Tier::BuildOnly),
            ("go", Category::Compiler, Tier::BuildOnly),
            ("make", Category::BuildTool, Tier::BuildOnly),
            ("git", Category::VersionControl, Tier::BuildOnly),
            ("sudo", Category::Privilege, Tier::BuildOnly),
            ("curl", Category::Fetcher, Tier::Avoidable),
            ("vim", Category::Editor, Tier::Avoidable),
            ("dotnet", Category::Interpreter, Tier::Avoidable),
            ("openssl", Category::Crypto, Tier::Avoidable),
            ("apt-get", Category::PackageManager, Tier::Avoidable),
            ("gosu", Category::Privilege, Tier::Avoidable),
            ("sh", Category::Shell, Tier::Base),
            ("mount", Category::HostControl, Tier::Base),
            ("su", Category::Privilege, Tier::Base),
            ("tar", Category::Archive, Tier::Base),
        ] {
            assert_eq!(binary(name), Some(Binary { name, category, tier }));
        }
        for name in ["", "node_modules", "ncx", "n", "GCC"] {
            assert_eq!(binary(name), None, "{name}");
        }
        let nc = binary("nc").unwrap().category;
        assert_eq!(nc.abilities(), [Ability::Execute, Ability::Network]);
    }

    #[test]
    fn packages_by_system() {
        use PackageSystem::{Apk, Deb, Rpm};
        for (system, name, category, tier) in [
            (Deb, "build-essential", Category::BuildTool, Tier::BuildOnly),
            (Apk, "build-base", Category::BuildTool, Tier::BuildOnly),
            (Rpm, "@development-tools", Category::BuildTool, Tier::BuildOnly),
            (Deb, "libssl-dev", Category::BuildTool, Tier::BuildOnly),
            (Apk, "openssl-dev", Category::BuildTool, Tier::BuildOnly),
            (Rpm, "openssl-devel", Category::BuildTool, Tier::BuildOnly),
            (Deb, "libc6-dbg", Category::Debugger, Tier::BuildOnly),
            (Deb, "bash-doc", Category::Doc, Tier::Base),
            (Deb, "gcc", Category::Compiler, Tier::BuildOnly),
            (Deb, "gcc-12", Category::Compiler, Tier::BuildOnly),
            (Deb, "openjdk-17-jdk-headless", Category::Compiler, Tier::BuildOnly),
            (Deb, "openjdk-21-jre", Category::Interpreter, Tier::Avoidable),
            (Apk, "openjdk17", Category::Compiler, Tier::BuildOnly),
            (Rpm, "java-17-openjdk-devel", Category::Compiler, Tier::BuildOnly),
            (Deb, "python3.11", Category::Interpreter, Tier::Avoidable),
            (Deb, "linux-image-6.1.0-13-amd64", Category::Service, Tier::Intruder),
            (Deb, "netcat-openbsd", Category::NetClient, Tier::Intruder),
            (Apk, "nmap", Category::NetScan, Tier::Intruder),
            (Rpm, "telnet", Category::NetClient, Tier::Intruder),
            (Apk, "docker-cli", Category::HostControl, Tier::Intruder),
            (Deb, "sudo", Category::Privilege, Tier::BuildOnly),
            (Deb, "curl", Category::Fetcher, Tier::Avoidable),
            (Apk, "su-exec", Category::Privilege, Tier::Avoidable),
            (Deb, "coreutils", Category::Utility, Tier::Base),
            (Rpm, "coreutils", Category::Utility, Tier::Base),
            (Rpm, "util-linux", Category::Utility, Tier::Base),
        ] {
            let it = package(system, name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((it.category, it.tier), (category, tier), "{name}");
        }
        for (system, name) in [
            (Deb, "build-base"),
            (Apk, "build-essential"),
            (Deb, "openssl-devel"),
            (Deb, "gcc-12-base"),
            (Deb, "libssl3"),
            (Deb, "ca-certificates"),
            (Deb, ""),
            (Rpm, "*"),
        ] {
            assert_eq!(package(system, name), None, "{name}");
        }
        let brings: Vec<_> = package(Deb, "openssh-client").unwrap().brings().collect();
        assert!(brings.contains(&"scp"));
        assert_eq!(package(Deb, "curl").unwrap().brings().count(), 0);
    }

    #[test]
    fn versions_after_the_name_are_passed_over() {
        use PackageSystem::{Apk, Deb, Rpm};
        for (system, name) in [
            (Deb, "gcc=4:12.2.0-3"),
            (Deb, "make:amd64"),
            (Deb, "curl/stable"),
            (Deb, "g++"),
            (Apk, "gcc=~12"),
            (Apk, "curl>8"),
            (Apk, "git@edge"),
            (Rpm, "gcc.x86_64"),
            (Rpm, "gcc-c++"),
        ] {
            assert!(package(system, name).is_some(), "{name}");
        }
        assert_eq!(PackageSystem::of_command("apt-get"), Some(Deb));
        assert_eq!(PackageSystem::of_command("microdnf"), Some(Rpm));
        assert_eq!(PackageSystem::of_command("pip"), None);
    }

    #[test]
    fn the_tables_are_read_completely() {
        check::shape(&BINARIES, 2, 3);
        check::shape(&PACKAGES, 3, 5);
        check::shape(&PACKAGE_PATTERNS, 3, 5);
        check::sorted(&BINARIES);
        check::sorted(&PACKAGES);
        let mut seen = Vec::new();
        for row in BINARIES.rows() {
            let [name, category, tier] = columns(row);
            let (category, tier) = (Category::parse(category).unwrap(), Tier::parse(tier));
            assert_ne!(tier, Some(category.tier()), "{name} states what its category says");
            assert!(binary(name).is_some() && !seen.contains(&("", name)), "{name}");
            seen.push(("", name));
        }
        for row in PACKAGES.rows().chain(PACKAGE_PATTERNS.rows()) {
            let [name, systems, category, tier, brings] = columns(row);
            assert!(classify(category, tier).is_some(), "{row}");
            assert!(!systems.is_empty() && systems.chars().all(|it| "adr".contains(it)), "{row}");
            assert!(!brings.contains(' ') && brings != name, "{row}");
            for system in systems.split("").filter(|it| !it.is_empty()) {
                assert!(!seen.contains(&(system, name)), "{row} is there twice");
                seen.push((system, name));
            }
        }
        for category in Category::ALL {
            let used = BINARIES.rows().any(|it| {
                binary(it.split('\t').next().unwrap_or_default())
                    .is_some_and(|it| it.category == category)
            });
            assert!(used && !category.label().is_empty() && !category.abilities().is_empty());
        }
    }
}
