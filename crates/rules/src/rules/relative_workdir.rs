//! A relative working directory with nothing to be relative to.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::walk::walk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "relative-workdir",
    title: "A working directory is relative to one that is not known",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "DL3000",
        "WorkdirRelativePath",
        "DS-0009",
        "CKV_DOCKER_10",
        "6b376af8",
        "use-absolute-workdir",
        "S7021",
        "DF009",
        "WORKDIR_IS_NOT_ABSOLUTE",
    ],
    doc: page!("relative_workdir.md"),
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
        if is_absolute(&path.text) || state.has_workdir || path.text.starts_with('~') {
            out.clear(&at, "it is clear where that is");
            return;
        }
        let message = format!(
            "{} is relative, and the working directory it starts from is up to the base image",
            quote(&path.text)
        );
        out.fail(&at, message);
    });
}

/// Also `C:\\app` and `c:/app`.
pub(super) fn is_absolute(path: &str) -> bool {
    let drive = path.get(1..2) == Some(":");
    path.starts_with(['/', '\\']) || drive
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn only_the_first_of_a_stage_can_be_wrong() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS a
WORKDIR app/
#       ^^^^ `app/` is relative, and the working directory it starts from is up to the base image
WORKDIR /app
WORKDIR src
FROM a
WORKDIR lib
FROM debian:13
ARG DIR=opt
WORKDIR "$DIR"
#       ^^^^^^ `opt` is relative, and the working directory it starts from is up to the base image
FROM debian:13
WORKDIR $HOME/x
FROM debian:13
WORKDIR "/a b"
FROM mcr.microsoft.com/windows/nanoserver:ltsc2025
WORKDIR C:\app
"#,
        );
    }
}
