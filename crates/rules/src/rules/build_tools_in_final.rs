//! Tools that are only needed to build are shipped.

use dockerfile::Base;
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::facts::{Package, Reach, Seen};
use crate::knowledge::tools::{PackageSystem, Tier, package};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "build-tools-in-final",
    title: "Tools that an intruder can use are shipped",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["unnecessary-packages", "multi-stage-missing", "DF011", "CIS-DI-0003"],
    doc: page!("build_tools_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let base = build.target.and_then(|it| build.stages.root_base(it));
        if let Some(base) = base.filter(|it| it.base == Base::Scratch) {
            let at = Locus::Text { source: build.source, span: base.base_place };
            out.clear(&at, "the image is built from nothing: it holds what is copied and no more");
        }
    }
    let shipped = case.facts.packages.iter().filter(|it| it.reach == Reach::Image);
    // One finding for a step, however many tools it installs.
    let mut steps: Vec<(&Seen<Package>, Vec<&Package>)> = Vec::new();
    for seen in shipped {
        let Ok(package) = &seen.value else { continue };
        if package.removed || !is_tool(package.system, &package.name) {
            let what = if package.removed { "is removed again" } else { "is no tool for intruders" };
            out.clear(&seen.at, format!("{} {what}", quote(&package.name)));
            continue;
        }
        match steps.last_mut() {
            Some((_, packages)) if packages.last().is_some_and(|it| it.step == package.step) => {
                packages.push(package);
            }
            _ => steps.push((seen, vec![package])),
        }
    }
    for (first, packages) in steps {
        let mut names: Vec<String> = packages.iter().take(5).map(|it| quote(&it.name)).collect();
        if packages.len() > names.len() {
            names.push(format!("{} more", packages.len() - names.len()));
        }
        let names = match names.split_last() {
            Some((last, [_, ..])) => {
                format!("{} and {last}", names.split_last().map(|it| it.1.join(", ")).unwrap_or_default())
            }
            _ => names.concat(),
        };
        let verb = if packages.len() == 1 { "is" } else { "are" };
        out.fail(&first.at, format!("{names} {verb} installed in the shipped stage and left there"));
    }
}

/// Whether a package has no place in an image that only runs something.
fn is_tool(system: &str, name: &str) -> bool {
    let found = PackageSystem::of_command(system).and_then(|it| package(it, name));
    found.is_some_and(|it| it.tier <= Tier::BuildOnly)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn one_finding_for_a_step() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y libpq5 gcc make git ca-certificates
#                                               ^^^ `gcc`, `make` and `git` are installed in the shipped stage and left there
"#,
        );
    }
}
