//! A shell runs a health check that needs none.

use report::{Applies, Input, Locus, Outcome, Safety, Severity};

use crate::json_form::{json, single};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "healthcheck-exec-form",
    title: "A shell runs the health check",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // It only matters in images without a shell, where the check fails and is noticed.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DL3025"],
    doc: page!("healthcheck_exec_form.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for start in case.facts.starts().filter(|it| it.checks_health && it.via == Input::Dockerfile) {
        let of = |span| Locus::Text { source: start.source, span };
        let Some(command) = start.command.commands.first() else { continue };
        let at = of(command.simple.span);
        match single(start.command).and_then(|it| Some((it, json(it)?))) {
            Some((_, array)) => {
                let change = fix::replace("Write it as an array", &at, &array, Safety::Review);
                out.fail(&at, "a shell is started for each check, and nothing in it needs one")
                    .fix(change);
            }
            None => out.clear(&at, "the check is an array, or needs a shell"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn plain_commands_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
HEALTHCHECK --interval=5s CMD curl -f http://localhost/
#                             ^^^^^^^^^^^^^^^^^^^^^^^^^ a shell is started for each check, and nothing in it needs one
"#,
        );
        check_dockerfile(
            &RULE,
            "FROM debian:13\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n",
        );
        check_dockerfile(&RULE, "FROM debian:13\nHEALTHCHECK CMD [\"x\"]\n");
        let text = "FROM debian:13\nHEALTHCHECK CMD check --all\n";
        assert_eq!(fixed(&RULE, text), text.replace("check --all", "[\"check\", \"--all\"]"));
    }
}
