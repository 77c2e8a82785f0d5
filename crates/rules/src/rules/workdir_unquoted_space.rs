//! A working directory with a space in it.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::walk::walk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "workdir-unquoted-space",
    title: "A working directory has a space in its name",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["invalid_workdir"],
    doc: page!("workdir_unquoted_space.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, _| {
        let Kind::Workdir(word) = &it.kind else { return };
        let at = build.at(word.span);
        let written = word.as_str();
        let meant = written.contains(['"', '\'', '\\', '`', '$']);
        if written.contains(' ') && !meant {
            let message = format!("all of {} is one folder, spaces included", quote(written));
            out.fail(&at, message);
        } else {
            out.clear(&at, "one word");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn spaces_that_are_not_quoted() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
WORKDIR test test
#       ^^^^^^^^^ all of `test test` is one folder, spaces included
WORKDIR /app # the code
#       ^^^^^^^^^^^^^^^ all of `/app # the code` is one folder, spaces included
WORKDIR "/a b"
WORKDIR /a\ b
"#,
        );
    }
}
