//! curl, wget or git is installed to build with, and shipped.

use report::{Applies, Input, Outcome, Question, Severity};

use crate::commands::{RunCommand, Spec};
use crate::facts::{Package, Reach, RunStep};
use crate::in_layers::report_tools;
use crate::knowledge::tools::{self, Category};
use crate::purpose::doubt;
use crate::tools::{is_started, report_packages};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "download-tool-in-final",
    title: "A tool to download with is shipped",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Layers, Input::History],
    aka: &[],
    doc: page!("download_tool_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let build = case.builds.first();
    let base = build.and_then(|it| it.known_base(it.target?));
    let on_board = |name: &str| base.is_some_and(|it| it.tools().any(|it| it == name));
    let wanted = |package: &Package, it: tools::Package| {
        let downloads = matches!(it.category, Category::Fetcher | Category::VersionControl);
        downloads
            && !on_board(&package.name)
            && is_used_to_build(case, package)
            && !is_started(case, package)
    };
    report_packages(case, out, wanted, "used to build and shipped all the same");
    let downloads = |package: &Package, it: tools::Package| {
        matches!(it.category, Category::Fetcher | Category::VersionControl)
            && !is_started(case, package)
    };
    report_tools(case, out, downloads);
    doubt(case, out);
}

/// Whether a step of the shipped image uses a tool. Nobody knows what one is for that no step uses.
fn is_used_to_build(case: &Case, package: &Package) -> bool {
    let brings: Vec<&str> = package.tool.map(|it| it.brings().collect()).unwrap_or_default();
    let is_one = |program: &str| program == package.name || brings.contains(&program);
    let steps = case.facts.runs.iter().filter(|it| it.reach == Reach::Image);
    let mut steps = steps.filter_map(|it| it.value.as_ref().ok());
    steps.any(|step| step.commands.iter().any(|it| is_one(&it.program)) || clones(step, package))
}

/// Whether a package manager of a language gets something with git.
fn clones(step: &RunStep, package: &Package) -> bool {
    let from_git = |it: &RunCommand| {
        let packages = it.libraries().map(|it| &it.packages[..]).unwrap_or_default();
        packages.iter().any(|it| it.spec == Spec::File && it.name.starts_with("git+"))
    };
    package.name == "git" && step.commands.iter().any(from_git)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn used_once_and_left() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y ca-certificates curl git
#                                                        ^^^^ `curl` and `git` are used to build and shipped all the same
RUN curl -fsSLO https://example.com/a && pip install git+https://example.com/x@v1
CMD ["/app"]
"#,
        );
    }

    #[test]
    fn used_later_or_not_at_all() {
        for text in [
            "FROM debian:13\nRUN apt-get install -y curl && curl x\nHEALTHCHECK CMD curl -f localhost\n",
            "FROM debian:13\nRUN apt-get install -y git\nCMD [\"/app\"]\n",
            "FROM alpine:3.22\nRUN apk add -t .b curl && curl x && apk del .b\n",
            "FROM alpine:3.22\nRUN apk add wget && wget x\n",
            "FROM x AS b\nRUN apk add curl && curl x\nFROM x\nCOPY --from=b /a /a\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
