//! Editors and debuggers are shipped.

use report::{Applies, Input, Outcome, Question, Severity};

use crate::facts::Package;
use crate::in_layers::report_tools;
use crate::knowledge::tools::{self, Category, Tier};
use crate::tools::{is_started, report_packages};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "editor-or-debugger-in-final",
    title: "Editors or debuggers are shipped",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &[],
    doc: page!("editor_or_debugger_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let wanted = |package: &Package, it: tools::Package| {
        let tool = matches!(it.category, Category::Editor | Category::Debugger);
        let looks = matches!(&*package.name, "lsof" | "htop" | "procps-ng-perf");
        (tool || looks) && it.tier <= Tier::Avoidable && !is_started(case, package)
    };
    report_packages(case, out, wanted, "shipped, though only people at a terminal use such tools");
    report_tools(case, out, wanted);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn editors_and_debuggers() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y vim less gdb strace curl procps
#                      ^^^ `vim`, `less`, `gdb` and `strace` are shipped, though only people at a terminal use such tools
RUN apt-get install -y ca-certificates tzdata
"#,
        );
    }
}
