//! A working directory is given relative to the one before.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity, quote};

use super::relative_workdir::is_absolute;
use crate::walk::walk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "nested-workdir",
    title: "A working directory is written relative to an earlier one",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[
        "DL3000",
        "DS-0009",
        "CKV_DOCKER_10",
        "6b376af8",
        "use-absolute-workdir",
        "S7021",
        "DF009",
        "WORKDIR_IS_NOT_ABSOLUTE",
    ],
    doc: page!("nested_workdir.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, state| {
        let Kind::Workdir(word) = &it.kind else { return };
        let path = state.scope.expand(word.as_str(), build.dockerfile.escape);
        if path.error.is_some() || path.text.starts_with("${") || path.text.is_empty() {
            return;
        }
        let at = build.at(word.span);
        match &state.workdir {
            Some(base) if state.has_workdir && !is_absolute(&path.text) => {
                let message = format!("{} stands below {} here", quote(&path.text), quote(base));
                out.fail(&at, message);
            }
            _ => out.clear(&at, "it depends on no other line"),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_it_is_relative_to_is_said() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
WORKDIR /app
WORKDIR src
#       ^^^ `src` stands below `/app` here
WORKDIR /lib
WORKDIR $X
"#,
        );
    }
}
