//! What the commands of a step install and remove.

use std::borrow::Cow;

use dockerfile::shell::{Invocation, Script, ShellWord, invocation};
use text::Span;

use crate::facts::Package;

/// A package manager as far as naming packages goes.
struct Manager {
    programs: &'static [&'static str],
    system: &'static str,
    install: &'static [&'static str],
    remove: &'static [&'static str],
    /// Options that take the next word as their value.
    with_value: &'static [&'static str],
    /// What separates a name from the version asked for.
    version: &'static [&'static str],
}

/// Sources: the manuals of apt-get 2.9, apk-tools 3.0, dnf 5.2 and zypper 1.14.
const MANAGERS: &[Manager] = &[
    Manager {
        programs: &["apt-get", "apt", "aptitude"],
        system: "apt",
        install: &["install", "reinstall"],
        remove: &["remove", "purge", "autoremove"],
        with_value: &["-t", "--target-release", "--default-release", "-o", "--option", "-c", "-a"],
        version: &["=", "/"],
    },
    Manager {
        programs: &["apk"],
        system: "apk",
        install: &["add"],
        remove: &["del"],
        with_value: &[
            "-t",
            "--virtual",
            "-X",
            "--repository",
            "-p",
            "--root",
            "--arch",
            "--keys-dir",
        ],
        version: &["=", "~", ">", "<"],
    },
    Manager {
        programs: &["yum", "dnf", "dnf5", "microdnf", "tdnf"],
        system: "rpm",
        install: &["install", "in", "reinstall", "localinstall"],
        remove: &["remove", "erase", "autoremove"],
        with_value: &[
            "-c",
            "--config",
            "-x",
            "--exclude",
            "--installroot",
            "--enablerepo",
            "--disablerepo",
            "--repo",
            "--setopt",
            "--releasever",
        ],
        version: &["="],
    },
    Manager {
        programs: &["zypper"],
        system: "rpm",
        install: &["install", "in"],
        remove: &["remove", "rm"],
        with_value: &["-r", "--repo", "-t", "--type", "-R", "--root", "--from"],
        version: &["="],
    },
];

/// The packages that a step installs by name, each with its place. What the same step removes
/// again is marked.
pub(super) fn packages(script: &Script, step: Span) -> Vec<(Package, Span)> {
    let mut found: Vec<(Package, Span)> = Vec::new();
    // Groups that `apk add --virtual NAME` makes, by the range of what they hold.
    let mut groups: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for command in script.simple_commands() {
        let Some(run) = invocation(command) else { continue };
        let Some(manager) = MANAGERS.iter().find(|it| it.programs.contains(&&*run.program)) else {
            continue;
        };
        let (verb, rest) = split_verb(&run, manager);
        if manager.install.contains(&&*verb) {
            let start = found.len();
            let names = names(rest, manager);
            found.extend(names.map(|(name, version, span)| {
                let system = manager.system;
                (Package { system, name, version, step, removed: false }, span)
            }));
            groups.extend(virtual_group(rest).map(|it| (it, start..found.len())));
        } else if manager.remove.contains(&&*verb) {
            for (name, _, _) in names(rest, manager) {
                let group =
                    groups.iter().find(|(it, _)| *it == name).map(|(_, range)| range.clone());
                let members = group.unwrap_or(0..0);
                for (index, (package, _)) in found.iter_mut().enumerate() {
                    package.removed |= package.name == name || members.contains(&index);
                }
            }
        }
    }
    found
}

/// The verb of a package manager's command, and the words around it.
fn split_verb<'a>(run: &Invocation<'a>, manager: &Manager) -> (Cow<'a, str>, &'a [ShellWord]) {
    let mut rest = run.arguments;
    while let Some((word, after)) = rest.split_first() {
        let text = word.text();
        if !text.starts_with('-') {
            return (text, after);
        }
        let skip = usize::from(manager.with_value.contains(&&*text));
        rest = after.get(skip..).unwrap_or_default();
    }
    (Cow::Borrowed(""), rest)
}

/// The packages named behind a verb: name, version, place. Paths, addresses and words that a
/// variable decides are no names.
fn names<'a>(
    words: &'a [ShellWord],
    manager: &'a Manager,
) -> impl Iterator<Item = (String, Option<String>, Span)> + 'a {
    let mut skip = false;
    words.iter().filter_map(move |word| {
        if std::mem::take(&mut skip) {
            return None;
        }
        let text = word.literal()?;
        if text.starts_with('-') {
            skip = manager.with_value.contains(&&*text);
            return None;
        }
        if is_path(&text, manager) {
            return None;
        }
        let cut = manager.version.iter().filter_map(|it| text.find(it)).min();
        let (name, version) = match cut {
            Some(at) => {
                let version = text.get(at..)?.trim_start_matches(['=', '~', '>', '<', '/']);
                (text.get(..at)?, Some(version.to_owned()))
            }
            None => (&*text, None),
        };
        // `name:arch` and, for apk, `name@repository`.
        let name = name.split([':', '@']).next().unwrap_or(name);
        Some((name.to_owned(), version, word.span))
    })
}

/// Words that name a file, an address, a group or an exclusion instead of a package.
fn is_path(text: &str, manager: &Manager) -> bool {
    let slash = text.contains('/') && !manager.version.contains(&"/");
    let start = ["/", "./", "../", "!", "@"].iter().any(|it| text.starts_with(it));
    text.is_empty() || slash || start || text.contains("://")
}

/// The name that `apk add --virtual NAME` gives to what it installs.
fn virtual_group(words: &[ShellWord]) -> Option<String> {
    let flagged = words.iter().position(|it| it.is("-t") || it.is("--virtual"));
    if let Some(index) = flagged {
        return words.get(index + 1)?.literal().map(Cow::into_owned);
    }
    let joined = words.iter().filter_map(|it| it.literal()).find(|it| it.starts_with("--virtual="));
    joined.and_then(|it| it.split_once('=').map(|(_, name)| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use dockerfile::shell;
    use text::Cooked;

    use super::*;

    /// Names with versions; removed ones in parentheses.
    fn installed(text: &str) -> Vec<String> {
        let script = shell::parse(&Cooked::plain(text, 0), &[]);
        let show = |(it, _): (Package, Span)| {
            let version = it.version.map(|it| format!("={it}")).unwrap_or_default();
            let shown = format!("{}{version}", it.name);
            if it.removed { format!("({shown})") } else { shown }
        };
        packages(&script, Span::default()).into_iter().map(show).collect()
    }

    #[test]
    fn packages_are_read_from_the_commands() {
        assert_eq!(
            installed(
                "apt-get update && apt-get -y -t stable install --no-install-recommends gcc=4:12 curl/stable libc6:i386 ./x.deb $MORE"
            ),
            ["gcc=4:12", "curl=stable", "libc6"]
        );
        assert_eq!(installed("sudo apt-get -o A=b install -y git"), ["git"]);
        assert_eq!(
            installed("apk add --no-cache -t .b gcc 'curl>8' && make && apk del .b"),
            ["(gcc)", "(curl=8)"]
        );
        assert_eq!(installed("apk add --virtual=.b gcc; apk del gcc"), ["(gcc)"]);
        assert_eq!(
            installed("yum -y install --enablerepo epel gcc make; yum remove make"),
            ["gcc", "(make)"]
        );
        assert_eq!(installed("zypper -n in vim && echo apt-get install gcc"), ["vim"]);
        assert_eq!(installed("if x; then dnf install -y git; fi"), ["git"]);
        assert_eq!(installed("apt-get update"), [""; 0]);
    }
}
