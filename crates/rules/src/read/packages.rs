//! The packages that a step leaves installed.

use std::collections::BTreeSet;

use dockerfile::shell::ShellWord;
use text::Span;

use crate::commands::{PackageCall, RunCommand, Spec, Verb};
use crate::facts::{Package, RunStep};
use crate::knowledge::tools::{self, PackageSystem};

/// The packages that a step installs by name, each with its place. What the same step removes
/// again is marked.
pub(super) fn packages(step: &RunStep) -> Vec<(Package, Span)> {
    let mut found: Vec<(Package, Span)> = Vec::new();
    // Groups that `apk add --virtual NAME` makes, by the range of what they hold.
    let mut groups: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    // What `apt-mark auto` marked to be removed when nothing needs it.
    let mut spare: BTreeSet<usize> = BTreeSet::new();
    for command in &step.commands {
        mark(command, &found, &mut spare);
        if removes_spare(command) {
            for index in &spare {
                found.get_mut(*index).into_iter().for_each(|(it, _)| it.removed = true);
            }
        }
        let Some(call) = command.packages() else { continue };
        match call.verb {
            Verb::Install => {
                let start = found.len();
                found.extend(installed(call, step));
                groups.extend(virtual_group(command, call).map(|it| (it, start..found.len())));
            }
            Verb::Remove => {
                for it in &call.packages {
                    let group = groups.iter().find(|(name, _)| *name == it.name);
                    let members = group.map_or(0..0, |(_, range)| range.clone());
                    for (index, (package, _)) in found.iter_mut().enumerate() {
                        package.removed |= package.name == it.name || members.contains(&index);
                    }
                }
            }
            Verb::Refresh | Verb::Upgrade | Verb::DistUpgrade | Verb::Clean | Verb::Other => {}
        }
    }
    found
}

/// Notes what `apt-mark auto` and `apt-mark manual` mark. The official images mark everything,
/// then what is to stay; what that is, a variable mostly says.
fn mark(command: &RunCommand, found: &[(Package, Span)], spare: &mut BTreeSet<usize>) {
    let (true, Some((verb, names))) =
        (command.runs(&["apt-mark"]), command.arguments().split_first())
    else {
        return;
    };
    // `apt-mark showmanual | xargs apt-mark auto` is about all there are.
    let all = verb.is("auto") && names.is_empty();
    let named = |it: &Package| {
        all || names.iter().any(|name| name.is(".*") || name.is("*") || name.is(&it.name))
    };
    let marked = found.iter().enumerate().filter(|(_, (it, _))| named(it)).map(|(index, _)| index);
    if verb.is("auto") {
        spare.extend(marked);
    } else if verb.is("manual") {
        marked.for_each(|it| {
            spare.remove(&it);
        });
    }
}

/// Whether a command removes what is marked and not needed.
fn removes_spare(command: &RunCommand) -> bool {
    let spare =
        |it: &ShellWord| it.is("autoremove") || it.is("--auto-remove") || it.is("--autoremove");
    command.runs(&["apt-get", "apt"]) && command.arguments().iter().any(spare)
}

fn installed<'a>(
    call: &'a PackageCall,
    step: &'a RunStep,
) -> impl Iterator<Item = (Package, Span)> + 'a {
    let named = call.packages.iter().filter(|it| it.spec == Spec::Name);
    named.map(|it| {
        let system = call.manager.system;
        let tool = PackageSystem::of_command(system).and_then(|of| tools::package(of, &it.name));
        let package = Package {
            system,
            name: it.name.clone(),
            tool,
            version: it.version.clone(),
            step: step.code,
            removed: false,
        };
        (package, it.span)
    })
}

/// The name that `apk add --virtual NAME` gives to what it installs.
fn virtual_group(command: &RunCommand, call: &PackageCall) -> Option<String> {
    if call.manager.system != "apk" {
        return None;
    }
    let options = command.options(call.manager.valued);
    options.value(&["-t", "--virtual"]).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use report::Locus;

    use crate::tests::case;

    /// Names with versions; removed ones in parentheses.
    fn installed(run: &str) -> Vec<String> {
        let case = case(&[("dockerfile", &format!("FROM x\nRUN {run}\n"))]);
        let show = |it: &crate::facts::Seen<crate::facts::Package>| {
            assert!(matches!(it.at, Locus::Text { .. }));
            let it = it.value.as_ref().unwrap();
            let version = it.version.as_ref().map(|it| format!("={it}")).unwrap_or_default();
            let shown = format!("{}{version}", it.name);
            if it.removed { format!("({shown})") } else { shown }
        };
        case.facts.packages.iter().map(show).collect()
    }

    #[test]
    fn what_a_step_leaves_installed() {
        assert_eq!(
            installed("sudo apt-get -y install gcc=4 curl ./x.deb $MORE"),
            ["gcc=4", "curl"]
        );
        assert_eq!(
            installed("apk add -t .b gcc 'curl>8' && make && apk del .b"),
            ["(gcc)", "(curl=8)"]
        );
        assert_eq!(installed("apk add --virtual=.b gcc; apk del gcc"), ["(gcc)"]);
        assert_eq!(installed("yum -y install gcc make; yum remove make"), ["gcc", "(make)"]);
        assert_eq!(
            installed("if x; then dnf install -y git; fi && echo apt-get install gcc"),
            ["git"]
        );
        assert_eq!(installed("apt-get update"), [""; 0]);
    }

    #[test]
    fn what_apt_marks_as_spare_is_removed() {
        assert_eq!(
            installed(
                "s=\"$(apt-mark showmanual)\"; apt-get install -y gcc libpq5; make; apt-mark auto '.*' > /dev/null; \
                 apt-mark manual $s libpq5; apt-get purge -y --auto-remove"
            ),
            ["(gcc)", "libpq5"]
        );
        assert_eq!(
            installed(
                "apt-get install -y gcc; apt-mark showmanual | xargs apt-mark auto >/dev/null; \
                 apt-mark manual $s; if a; then apt-get purge -y --auto-remove; fi"
            ),
            ["(gcc)"]
        );
        assert_eq!(installed("apt-get install -y gcc; apt-get autoremove -y"), ["gcc"]);
    }
}
