//! The image does not say on which ports it listens.

use report::{Applies, Input, Outcome, Severity};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "missing-expose",
    title: "No port is named",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // Whether a program listens at all cannot be told from the file.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DF022"],
    doc: page!("missing_expose.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let shipped = |it: &&crate::facts::Seen<_>| it.reach == crate::facts::Reach::Image;
    if let Some(seen) = case.facts.ports.iter().find(shipped) {
        return out.clear(&seen.at, "a port is named");
    }
    let starts = [&case.facts.entrypoint, &case.facts.cmd];
    let start =
        starts.into_iter().filter_map(|it| it.best()).find(|it| it.via == Input::Dockerfile);
    if let Some(seen) = start {
        out.fail(&seen.at, "something is started, and no `EXPOSE` says on which port it listens");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_start_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
EXPOSE 80
FROM debian:13
CMD ["x"]
#^^^^^^^^ something is started, and no `EXPOSE` says on which port it listens
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nARG P\nEXPOSE $P\nCMD x\n");
    }
}
