//! The image starts nothing of its own.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "no-cmd-or-entrypoint",
    title: "The image starts nothing of its own",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    // Images that others build on, and those for CI jobs, start nothing either.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DF036"],
    doc: page!("no_cmd_or_entrypoint.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let Some(stage) = course.build.target.and_then(|it| course.build.stages.get(it)) else {
            continue;
        };
        let at = course.build.at(stage.place);
        let facts = [&case.facts.entrypoint, &case.facts.cmd];
        let set = facts.iter().flat_map(|it| &it.seen).any(|it| course.point(&it.at).is_some());
        // A stage without anything to start may be one whose files are taken out.
        let Some(base) = course.base().filter(|_| !course.starts_from_nothing()) else { continue };
        if set || course.copies().is_empty() {
            out.clear(&at, "the build sets what is started, or adds nothing to start");
            continue;
        }
        let words = [base.presets.entrypoint, base.presets.command];
        let words: Vec<&str> = words.into_iter().flatten().collect();
        let plain = |it: &&str| {
            let program = it.split(' ').next().unwrap_or(it);
            let name = program.rsplit('/').next().unwrap_or(program);
            matches!(
                name,
                "sh" | "bash"
                    | "ash"
                    | "python3"
                    | "node"
                    | "irb"
                    | "jshell"
                    | "docker-entrypoint.sh"
            )
        };
        if words.is_empty() || words.iter().all(plain) {
            out.fail(
                &at,
                "neither `CMD` nor `ENTRYPOINT` is set, and the base starts a shell at most",
            );
        } else {
            out.clear(&at, format!("the base starts {}", quote(&words.join(" "))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_the_chain_sets_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
CMD make
FROM alpine:3.23 AS run
#                   ^^^ neither `CMD` nor `ENTRYPOINT` is set, and the base starts a shell at most
COPY . /srv
"#,
        );
        check_dockerfile(&RULE, "FROM nginx:1.29\nCOPY . /srv\n");
        check_dockerfile(&RULE, "FROM scratch\nCOPY . /srv\n");
        check_dockerfile(&RULE, "FROM debian:13 AS a\nCMD x\nFROM a\nCOPY . /srv\n");
    }
}
