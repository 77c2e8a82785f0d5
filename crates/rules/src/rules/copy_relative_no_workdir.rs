//! A copy to a relative path with no working directory set.

use std::collections::BTreeSet;

use dockerfile::{Base, Kind};
use report::{Applies, Input, Outcome, Severity, Why, quote};

use crate::walk::walk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-relative-no-workdir",
    title: "A copy goes to a relative path although no working directory is set",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3045", "DF063"],
    doc: page!("copy_relative_no_workdir.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut told = BTreeSet::new();
    walk(case, |build, stage, it, state| {
        let (Kind::Copy(paths) | Kind::Add(paths)) = &it.kind else { return };
        let Some(to) = &paths.destination else { return };
        let at = build.at(to.span);
        let path = state.scope.expand(to.as_str(), build.dockerfile.escape);
        let text = &*path.text;
        let open = path.error.is_some() || text.starts_with('$') || text.is_empty();
        // One line of a stage is enough: they are all mended by one `WORKDIR`.
        if told.contains(&stage) {
            return;
        }
        if open || is_absolute(text) || state.has_workdir {
            if !open {
                out.clear(&at, "it is clear where that is");
            }
            return;
        }
        let root = build.stages.root_base(stage);
        let known = build.known_base(stage);
        match root.map(|it| &it.base) {
            Some(Base::Image(image)) if known.is_none() => {
                out.gap(&at, Why::BaseImage(image.to_string().into()));
            }
            Some(Base::Unknown { variable, .. }) => {
                out.gap(&at, Why::BuildArg(variable.as_str().into()));
            }
            _ if known.is_some_and(|it| it.presets.workdir.is_some()) => {
                out.clear(&at, "the base image sets a working directory");
            }
            _ => {
                told.insert(stage);
                let message =
                    format!("{} depends on a working directory that nothing sets", quote(text));
                out.fail(&at, message);
            }
        }
    });
}

/// Also `C:\\app` and `c:/app`.
fn is_absolute(path: &str) -> bool {
    let drive = path.get(1..2) == Some(":");
    path.starts_with(['/', '\\']) || drive
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn relative_destinations() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY app.py app.py
#           ^^^^^^ `app.py` depends on a working directory that nothing sets
ADD a "b"
COPY a /b
COPY a $X/b
COPY a "/b c"
COPY a c:\b
WORKDIR /app
COPY a b
"#,
        );
    }

    #[test]
    fn working_directories_are_inherited() {
        for text in [
            "FROM debian:13 AS a\nWORKDIR /x\nFROM a\nCOPY a b\n",
            "FROM example.com/mine:1\nCOPY a b\n",
            "FROM golang:1.25\nCOPY a b\n",
            "FROM debian:13\nONBUILD COPY a b\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
