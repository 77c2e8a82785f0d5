//! A language's package manager no longer compares modules with what everybody else got.

use report::{Applies, Input, Outcome, Severity, Why, quote};

use crate::commands::{NO, Off, Values};
use crate::switched::{How, Switched, switched, undo};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "checksum-database-off",
    title: "The comparison of modules with known checksums is switched off",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("checksum_database_off.md"),
    check,
};

const ALL: Values = Values::Of(&["*", "github.com", "github.com/*", "*.com", "off"]);
const OFF: Values = Values::Of(&["off"]);

/// Sources: the manuals of go 1.25, yarn 1 and 4, pnpm 10.
#[rustfmt::skip]
static TABLE: &[Off] = &[
    Off::Variable("GOSUMDB", OFF),
    Off::Variable("GONOSUMDB", ALL),
    Off::Variable("GONOSUMCHECK", ALL),
    Off::Variable("GOPRIVATE", ALL),
    Off::Variable("GOFLAGS", Values::With(&["-insecure"])),
    Off::Command(&["go"], "gosumdb", OFF),
    Off::Command(&["go"], "gonosumdb", ALL),
    Off::Command(&["go"], "goprivate", ALL),
    Off::Option(&["yarn"], "--skip-integrity-check", Values::Any),
    Off::Command(&["yarn"], "checksumbehavior", Values::Of(&["ignore", "update"])),
    Off::Variable("YARN_CHECKSUM_BEHAVIOR", Values::Of(&["ignore", "update"])),
    Off::Line("checksumbehavior", Values::Of(&["ignore", "update"]), "yarnrc"),
    Off::Option(&["pnpm"], "--no-verify-store-integrity", Values::Any),
    Off::Command(&["pnpm"], "verify-store-integrity", NO),
    Off::Line("verify-store-integrity", NO, "npmrc"),
];

fn check(case: &Case, out: &mut Outcome) {
    let found = switched(case, TABLE);
    for it in &found.switched {
        out.fail(&it.at, message(it)).fix(undo(case, it));
    }
    for (name, at) in &found.open {
        out.gap(at, Why::BuildArg(name.as_str().into()));
    }
    if let (true, Some(at)) = (out.findings.is_empty(), &found.looked_at) {
        out.clear(at, "nothing switches the comparison with known checksums off");
    }
}

fn message(it: &Switched<'_>) -> String {
    let what = match &it.how {
        How::Command(_, _, thrown) => match &thrown.value {
            Some(value) => format!("{} {value}", thrown.name),
            None => thrown.name.clone(),
        },
        How::Variable(name, value) => format!("{name}={value}"),
        How::Line(line, _) => line.clone(),
    };
    format!("{} lets a module be another one than everybody else gets", quote(&what))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn switches_of_go_and_yarn() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25
ENV GOPROXY=direct GOSUMDB=off
#                  ^^^^^^^^^^^ `GOSUMDB=off` lets a module be another one than everybody else gets
RUN GOPRIVATE=* go build ./...
#   ^^^^^^^^^^^ `GOPRIVATE=*` lets a module be another one than everybody else gets
RUN go env -w GOSUMDB=off
#             ^^^^^^^^^^^ `GOSUMDB off` lets a module be another one than everybody else gets
RUN yarn install --skip-integrity-check
#                ^^^^^^^^^^^^^^^^^^^^^^ `--skip-integrity-check` lets a module be another one than everybody else gets
ENV GOPRIVATE=example.com/own,github.com/example GONOSUMDB=example.com
"#,
        );
    }
}
