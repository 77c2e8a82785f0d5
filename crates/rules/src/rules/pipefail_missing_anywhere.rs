//! Any pipe of a shell that looks at its last command only.

use report::{Applies, Input, Outcome, Severity};

use super::pipefail_missing::{can_fail, is_local, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "pipefail-missing-anywhere",
    title: "A pipe hides the failure of all but its last command",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DL4006", "efbf148a", "set-pipefail", "DF057"],
    doc: page!("pipefail_missing_anywhere.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(case, out, |it, _| can_fail(it) && is_local(it));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn commands_that_look_at_what_is_there() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN cat /etc/os-release | grep ID
#   ^^^ if `cat` fails, the pipe goes on and the step succeeds
RUN echo a | cat && curl x | sh
RUN set -o pipefail; cat x | sh
"#,
        );
    }
}
