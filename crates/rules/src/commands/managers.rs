//! Package managers of distributions: what a call of one does.

use std::borrow::Cow;

use dockerfile::shell::ShellWord;
use text::Span;

use super::Options;

/// A package manager.
#[derive(PartialEq, Eq, Debug)]
pub struct Manager {
    /// The name people know it by.
    pub name: &'static str,
    /// Its family: `apt`, `apk`, `rpm`, `pacman`.
    pub system: &'static str,
    programs: &'static [&'static str],
    verbs: &'static [(&'static str, Verb)],
    /// Options that take a value.
    pub valued: &'static [&'static str],
    /// Options that answer every question with yes.
    pub yes: &'static [&'static str],
    /// What stands between a name and the version asked for.
    version: &'static [&'static str],
}

/// What a call does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verb {
    /// Fetches the index of what there is.
    Refresh,
    /// Installs packages.
    Install,
    /// Upgrades everything installed.
    Upgrade,
    /// Upgrades to another release.
    DistUpgrade,
    /// Removes packages.
    Remove,
    /// Clears its caches.
    Clean,
    /// Something else.
    Other,
}

/// A call of a package manager.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackageCall {
    /// The manager.
    pub manager: &'static Manager,
    /// What it does.
    pub verb: Verb,
    /// The verb as written, when it is one that is known.
    pub word: &'static str,
    /// The word of the verb; the program's arguments as a whole when there is none.
    pub verb_span: Span,
    /// Where flags can be inserted: right behind the verb.
    pub after_verb: Span,
    /// The packages it names.
    pub packages: Vec<PackageName>,
}

/// A package as it is named in a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackageName {
    /// Its name, without version and architecture.
    pub name: String,
    /// The version asked for.
    pub version: Option<String>,
    /// How it is named.
    pub spec: Spec,
    /// Where.
    pub span: Span,
}

/// How a package is named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Spec {
    /// By its name.
    Name,
    /// As a file or an address.
    File,
    /// As a group.
    Group,
    /// By a variable or a pattern; the name is as written.
    Open,
}

use Verb::{Clean, DistUpgrade, Install, Other, Refresh, Remove, Upgrade};

const APT_VERBS: &[(&str, Verb)] = &[
    ("update", Refresh),
    ("install", Install),
    ("reinstall", Install),
    ("build-dep", Install),
    ("upgrade", Upgrade),
    ("full-upgrade", DistUpgrade),
    ("dist-upgrade", DistUpgrade),
    ("remove", Remove),
    ("purge", Remove),
    ("autoremove", Remove),
    ("auto-remove", Remove),
    ("clean", Clean),
    ("autoclean", Clean),
    ("dist-clean", Clean),
    ("distclean", Clean),
];

const APT_VALUED: &[&str] = &[
    "-t",
    "--target-release",
    "--default-release",
    "-o",
    "--option",
    "-c",
    "--config-file",
    "-a",
    "--host-architecture",
    "-P",
    "--build-profiles",
];

const DNF_VERBS: &[(&str, Verb)] = &[
    ("makecache", Refresh),
    ("check-update", Refresh),
    ("install", Install),
    ("in", Install),
    ("localinstall", Install),
    ("reinstall", Install),
    ("groupinstall", Install),
    ("group", Install),
    ("module", Other),
    ("update", Upgrade),
    ("upgrade", Upgrade),
    ("up", Upgrade),
    ("upgrade-minimal", Upgrade),
    ("update-minimal", Upgrade),
    ("distro-sync", DistUpgrade),
    ("system-upgrade", DistUpgrade),
    ("remove", Remove),
    ("erase", Remove),
    ("rm", Remove),
    ("autoremove", Remove),
    ("clean", Clean),
];

const DNF_VALUED: &[&str] = &[
    "-c",
    "--config",
    "-x",
    "--exclude",
    "--excludepkgs",
    "--installroot",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--repoid",
    "--setopt",
    "--releasever",
    "-d",
    "-e",
    "--forcearch",
];

/// Sources: the manuals of apt-get 2.9, apk-tools 3.0, yum 3.4, dnf 5.2, microdnf 3.10, tdnf 3.5,
/// zypper 1.14 and pacman 7.
static MANAGERS: &[Manager] = &[
    Manager {
        name: "apt-get",
        system: "apt",
        programs: &["apt-get"],
        verbs: APT_VERBS,
        valued: APT_VALUED,
        yes: &["-y", "--yes", "--assume-yes", "--force-yes"],
        version: &["=", "/"],
    },
    Manager {
        name: "apt",
        system: "apt",
        programs: &["apt"],
        verbs: APT_VERBS,
        valued: APT_VALUED,
        yes: &["-y", "--yes", "--assume-yes", "--force-yes"],
        version: &["=", "/"],
    },
    Manager {
        name: "aptitude",
        system: "apt",
        programs: &["aptitude"],
        verbs: APT_VERBS,
        valued: APT_VALUED,
        yes: &["-y", "--assume-yes"],
        version: &["=", "/"],
    },
    Manager {
        name: "apk",
        system: "apk",
        programs: &["apk"],
        verbs: &[
            ("update", Refresh),
            ("add", Install),
            ("fix", Install),
            ("upgrade", Upgrade),
            ("del", Remove),
            ("cache", Clean),
        ],
        valued: &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--arch",
            "--keys-dir",
            "--repositories-file",
            "--cache-dir",
            "--wait",
        ],
        yes: &[],
        version: &["=", "~", ">", "<"],
    },
    Manager {
        name: "yum",
        system: "rpm",
        programs: &["yum"],
        verbs: DNF_VERBS,
        valued: DNF_VALUED,
        yes: &["-y", "--assumeyes"],
        version: &[],
    },
    Manager {
        name: "dnf",
        system: "rpm",
        programs: &["dnf", "dnf5"],
        verbs: DNF_VERBS,
        valued: DNF_VALUED,
        yes: &["-y", "--assumeyes"],
        version: &[],
    },
    Manager {
        name: "microdnf",
        system: "rpm",
        programs: &["microdnf"],
        verbs: DNF_VERBS,
        valued: DNF_VALUED,
        yes: &["-y", "--assumeyes"],
        version: &[],
    },
    Manager {
        name: "tdnf",
        system: "rpm",
        programs: &["tdnf"],
        verbs: DNF_VERBS,
        valued: DNF_VALUED,
        yes: &["-y", "--assumeyes"],
        version: &[],
    },
    Manager {
        name: "zypper",
        system: "rpm",
        programs: &["zypper"],
        verbs: &[
            ("refresh", Refresh),
            ("ref", Refresh),
            ("install", Install),
            ("in", Install),
            ("update", Upgrade),
            ("up", Upgrade),
            ("patch", Upgrade),
            ("dist-upgrade", DistUpgrade),
            ("dup", DistUpgrade),
            ("remove", Remove),
            ("rm", Remove),
            ("clean", Clean),
            ("cc", Clean),
        ],
        valued: &[
            "-r",
            "--repo",
            "-t",
            "--type",
            "-R",
            "--root",
            "--from",
            "-c",
            "--config",
            "--name",
            "-D",
            "--reposd-dir",
            "-C",
            "--cache-dir",
        ],
        yes: &["-n", "--non-interactive", "-y", "--no-confirm"],
        version: &["=", ">", "<"],
    },
    Manager {
        name: "pacman",
        system: "pacman",
        programs: &["pacman"],
        verbs: &[],
        valued: &["-b", "--dbpath", "-r", "--root", "--cachedir", "--config"],
        yes: &["--noconfirm"],
        version: &["="],
    },
];

/// What a call of a package manager does; nothing when the program is none.
pub fn package_call(program: &str, arguments: &[ShellWord]) -> Option<PackageCall> {
    let manager = MANAGERS.iter().find(|it| it.programs.contains(&program))?;
    let options = Options::parse(arguments, manager.valued);
    if manager.name == "pacman" {
        return Some(pacman(manager, &options, arguments));
    }
    let Some((word, names)) = options.operands.split_first() else {
        let span = arguments.first().map(|it| it.span).unwrap_or_default();
        let after_verb = Span::at(span.end());
        return Some(PackageCall {
            manager,
            verb: Other,
            word: "",
            verb_span: span,
            after_verb,
            packages: Vec::new(),
        });
    };
    let text = word.text();
    let known = manager.verbs.iter().find(|(name, _)| *name == text).copied();
    let (text, verb) = known.unwrap_or(("", Other));
    let mut call = PackageCall {
        manager,
        verb,
        word: text,
        verb_span: word.span,
        after_verb: Span::at(word.span.end()),
        packages: Vec::new(),
    };
    if matches!(text, "group" | "module") {
        second_verb(&mut call, names);
        return Some(call);
    }
    // `yum update gcc` upgrades one package, which is no upgrade of the whole system.
    if verb == Upgrade && !names.is_empty() {
        call.verb = Install;
    }
    if matches!(call.verb, Install | Remove) {
        call.packages = names.iter().map(|it| package(it, manager)).collect();
    }
    Some(call)
}

/// `dnf group install NAME` and `dnf module install NAME:STREAM` have a verb of their own.
fn second_verb(call: &mut PackageCall, words: &[&ShellWord]) {
    call.verb = Other;
    let Some((verb, names)) = words.split_first() else { return };
    if !verb.is("install") {
        return;
    }
    call.verb = Install;
    call.after_verb = Span::at(verb.span.end());
    call.packages = names.iter().map(|it| package(it, call.manager)).collect();
    for it in &mut call.packages {
        if call.word == "group" {
            it.spec = Spec::Group;
        } else {
            // The stream is as good as a version.
            it.version = (it.spec == Spec::Name).then(|| stream(it.span, names)).flatten();
        }
    }
}

fn stream(of: Span, names: &[&ShellWord]) -> Option<String> {
    let word = names.iter().find(|it| it.span == of)?.text();
    word.split_once(':').map(|(_, stream)| stream.to_owned())
}

/// `pacman -Syu --noconfirm gcc`: the verb is a capital letter, the rest modifies it.
fn pacman(
    manager: &'static Manager,
    options: &Options<'_>,
    arguments: &[ShellWord],
) -> PackageCall {
    let names = &options.operands;
    let verb = if options.has(&["-S", "--sync"]) {
        if options.has(&["-c", "--clean"]) {
            Clean
        } else if !names.is_empty() {
            Install
        } else if options.has(&["-u", "--sysupgrade"]) {
            Upgrade
        } else {
            Refresh
        }
    } else if options.has(&["-U", "--upgrade"]) {
        Install
    } else if options.has(&["-R", "--remove"]) {
        Remove
    } else {
        Other
    };
    let span = options.flags.first().map(|it| it.word.span);
    let span = span.or(arguments.first().map(|it| it.span)).unwrap_or_default();
    let packages = names.iter().map(|it| package(it, manager)).collect();
    let after_verb = Span::at(span.end());
    PackageCall { manager, verb, word: "", verb_span: span, after_verb, packages }
}

fn package(word: &ShellWord, manager: &Manager) -> PackageName {
    let new = |name: &str, version: Option<String>, spec| PackageName {
        name: name.to_owned(),
        version,
        spec,
        span: word.span,
    };
    let Some(text) = word.literal() else { return new(&word.text(), None, Spec::Open) };
    if let Some(spec) = special(&text, manager) {
        return new(&text, None, spec);
    }
    let cut = manager.version.iter().filter_map(|it| text.find(it)).min();
    let (name, version) = match cut {
        Some(at) => {
            let (name, version) = text.split_at(at);
            let version = version.trim_start_matches(['=', '~', '>', '<', '/']);
            (name, Some(version.to_owned()))
        }
        None => rpm_version(&text, manager),
    };
    // `name:arch` and, for apk, `name@repository`.
    let name = name.split([':', '@']).next().unwrap_or(name);
    new(name, version, Spec::Name)
}

fn special(text: &str, manager: &Manager) -> Option<Spec> {
    if text.starts_with('@') {
        return Some(Spec::Group);
    }
    let file = text.contains("://")
        || ["/", "./", "../"].iter().any(|it| text.starts_with(it))
        || [".deb", ".rpm", ".apk"].iter().any(|it| text.ends_with(it))
        || (text.contains('/') && !manager.version.contains(&"/"));
    if file {
        return Some(Spec::File);
    }
    let open = text.contains(['*', '?', '[', '^', '!']) || text.is_empty();
    open.then_some(Spec::Open)
}

/// `name-1.2-3.el9` and `name-1:1.2`: a dash and a digit start the version, which may also be a
/// pattern. Names such as `java-17-openjdk` and `python3-pip` have digits of their own: a version
/// stands at the end and has a dot in it.
fn rpm_version<'a>(text: &'a str, manager: &Manager) -> (&'a str, Option<String>) {
    if manager.system != "rpm" {
        return (text, None);
    }
    let starts = text.match_indices('-').find(|(at, _)| {
        let behind = text.get(at + 1..).unwrap_or_default();
        let digit = behind.starts_with(|it: char| it.is_ascii_digit());
        let word = behind.split('-').next().unwrap_or_default();
        digit && word.contains(['.', ':'])
    });
    match starts.and_then(|(at, _)| text.split_at_checked(at)) {
        Some((name, version)) => (name, Some(version.trim_start_matches('-').to_owned())),
        None => (text, None),
    }
}

impl PackageCall {
    /// Whether it installs something and would not ask first. `options`: those of the call.
    pub fn assumes_yes(&self, options: &Options<'_>) -> bool {
        // Two of `-q` mean yes to apt; so does the setting behind the flag.
        let quiet: usize = options
            .flags
            .iter()
            .map(|it| match (&*it.name, it.value.as_deref()) {
                ("-q" | "--quiet", None) => 1,
                ("-q" | "--quiet", Some(level)) => level.parse().unwrap_or(1),
                _ => 0,
            })
            .sum();
        let set = |it: &Cow<'_, str>| {
            let text = it.to_ascii_lowercase();
            text.contains("assume-yes=") && !text.ends_with("false") && !text.ends_with("=0")
        };
        let by_option = options.flags.iter().filter_map(|it| it.value.as_ref()).any(set);
        options.has(self.manager.yes)
            || (self.manager.system == "apt" && (quiet >= 2 || by_option))
            || options
                .value(&["--setopt"])
                .is_some_and(|it| it == "assumeyes=1" || it == "assumeyes=True")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    fn call(text: &str) -> (Verb, Vec<String>) {
        let list = parsed(text);
        let call = list[0].packages().unwrap();
        let show = |it: &PackageName| {
            let version = it.version.as_ref().map(|it| format!("={it}")).unwrap_or_default();
            match it.spec {
                Spec::Name => format!("{}{version}", it.name),
                Spec::File => format!("file {}", it.name),
                Spec::Group => format!("group {}", it.name),
                Spec::Open => format!("? {}", it.name),
            }
        };
        (call.verb, call.packages.iter().map(show).collect())
    }

    #[test]
    fn calls_are_understood() {
        let names = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        for (text, verb, packages) in [
            ("apt-get update", Refresh, &[][..]),
            (
                "apt-get -y -t stable install gcc=4:12 curl/stable libc6:i386 ./x.deb $MORE",
                Install,
                &["gcc=4:12", "curl=stable", "libc6", "file ./x.deb", "? $MORE"],
            ),
            ("apt -o A=b install -y git", Install, &["git"]),
            ("apk add --no-cache -t .b gcc 'curl>8' a@edge", Install, &["gcc", "curl=8", "a"]),
            ("apk del .b", Remove, &[".b"]),
            (
                "yum -y install --enablerepo epel java-17-openjdk-devel nginx-1.2.3 @base http://x/y.rpm",
                Install,
                &["java-17-openjdk-devel", "nginx=1.2.3", "group @base", "file http://x/y.rpm"],
            ),
            ("yum update -y", Upgrade, &[]),
            ("dnf upgrade -y openssl", Install, &["openssl"]),
            ("microdnf clean all", Clean, &[]),
            ("dnf module install -y nodejs:20 tomcat", Install, &["nodejs=20", "tomcat"]),
            ("dnf module enable -y nodejs:20", Other, &[]),
            ("yum group install -y base", Install, &["group base"]),
            ("zypper -n in vim", Install, &["vim"]),
            ("zypper dup", DistUpgrade, &[]),
            ("pacman -Syu --noconfirm gcc", Install, &["gcc"]),
            ("pacman -Scc --noconfirm", Clean, &[]),
            ("apt-get", Other, &[]),
        ] {
            assert_eq!(call(text), (verb, names(packages)), "{text}");
        }
    }

    #[test]
    fn every_way_of_saying_yes() {
        for (text, yes) in [
            ("apt-get install -y a", true),
            ("apt-get install -qq a", true),
            ("apt-get -q -q install a", true),
            ("apt-get install -q=2 a", true),
            ("apt-get install -q=1 a", false),
            ("apt-get install --quiet=2 a", true),
            ("apt-get -o APT::Get::Assume-Yes=true install a", true),
            ("apt-get -o APT::Get::Assume-Yes=false install a", false),
            ("apt-get install -q a", false),
            ("yum install -y a", true),
            ("yum install a", false),
            ("yum install -yq a", true),
            ("zypper --non-interactive in a", true),
        ] {
            let list = parsed(text);
            let call = list[0].packages().unwrap();
            let options = list[0].options(call.manager.valued);
            assert_eq!(call.assumes_yes(&options), yes, "{text}");
        }
    }
}
