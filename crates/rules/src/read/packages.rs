//! The packages that a step leaves installed.

use text::Span;

use crate::commands::{PackageCall, RunCommand, Spec, Verb};
use crate::facts::{Package, RunStep};

/// The packages that a step installs by name, each with its place. What the same step removes
/// again is marked.
pub(super) fn packages(step: &RunStep) -> Vec<(Package, Span)> {
    let mut found: Vec<(Package, Span)> = Vec::new();
    // Groups that `apk add --virtual NAME` makes, by the range of what they hold.
    let mut groups: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for command in &step.commands {
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

fn installed<'a>(
    call: &'a PackageCall,
    step: &'a RunStep,
) -> impl Iterator<Item = (Package, Span)> + 'a {
    let named = call.packages.iter().filter(|it| it.spec == Spec::Name);
    named.map(|it| {
        let package = Package {
            system: call.manager.system,
            name: it.name.clone(),
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
}
