//! Packages are added and removed in one step without a name for the group.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::{PackageCall, RunCommand, Verb};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "apk-virtual-group",
    title: "Packages are removed one by one instead of as a group",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["apkadd-missing-virtual"],
    doc: page!("apk_virtual_group.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let calls = || step.commands.iter().filter_map(|it| Some((it, apk(it)?)));
        let grouped = |it: &RunCommand| {
            it.packages()
                .is_some_and(|call| it.options(call.manager.valued).has(&["-t", "--virtual"]))
        };
        let added: Vec<&str> = calls()
            .filter(|(it, call)| call.verb == Verb::Install && !grouped(it))
            .flat_map(|(_, call)| call.packages.iter().map(|it| &*it.name))
            .collect();
        for (_, call) in calls().filter(|(_, call)| call.verb == Verb::Remove) {
            let at = Locus::Text { source: *source, span: call.verb_span };
            if call.packages.iter().any(|it| added.contains(&&*it.name)) {
                out.fail(&at, "packages added in this step are removed by name, not as a group");
            } else {
                out.clear(&at, "what is removed has a name of its own");
            }
        }
    }
}

fn apk(command: &RunCommand) -> Option<&PackageCall> {
    command.packages().filter(|it| it.manager.name == "apk")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn groups_have_names() {
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.22
RUN apk add --no-cache gcc make && make && apk del gcc make
#                                              ^^^ packages added in this step are removed by name, not as a group
RUN apk add --no-cache -t .build gcc && make && apk del .build
RUN apk del tzdata
"#,
        );
    }
}
