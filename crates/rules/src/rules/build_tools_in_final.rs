//! Compilers, headers and other tools to build with are shipped.

use report::{Applies, Input, Outcome, Question, Severity};

use crate::in_layers::report_tools;
use crate::knowledge::tools::{Category, Tier};
use crate::purpose::doubt;
use crate::tools::report_packages;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "build-tools-in-final",
    title: "Tools that are only needed to build are shipped",
    question: Some(Question::Tools),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History, Input::Layers],
    aka: &["unnecessary-packages", "CIS-DI-0003"],
    doc: page!("build_tools_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let builds = |it: crate::knowledge::tools::Package| {
        matches!(it.category, Category::BuildTool | Category::Compiler)
            && it.tier <= Tier::BuildOnly
    };
    report_packages(case, out, |_, it| builds(it), "installed in the shipped stage and left there");
    report_tools(case, out, |_, it| builds(it));
    doubt(case, out);
}

#[cfg(test)]
mod tests {
    use report::Verdict;

    use super::RULE;
    use crate::tests::{case, check_dockerfile, messages, verdict};

    #[test]
    fn one_finding_for_a_step() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y libpq5 gcc make git libpq-dev ca-certificates
#                                               ^^^ `gcc`, `make` and `libpq-dev` are installed in the shipped stage and left there
RUN apk add --no-cache build-base
#                      ^^^^^^^^^^ `build-base` is installed in the shipped stage and left there
CMD ["/app"]
"#,
        );
    }

    #[test]
    fn what_is_removed_or_not_shipped_does_not_count() {
        for text in [
            "FROM x AS b\nRUN apk add gcc\nFROM x\nCOPY --from=b /a /a\n",
            "FROM x\nRUN apk add -t .b gcc musl-dev && make && apk del .b\n",
            "FROM x\nRUN apt-get install -y gcc && make && apt-get purge -y --auto-remove gcc\n",
            "FROM x\nONBUILD RUN apk add gcc\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }

    #[test]
    fn images_to_build_in_are_a_question() {
        for (text, expected) in [
            ("FROM debian:13\nRUN apt-get install -y gcc\n", Verdict::Unknown),
            ("FROM ubuntu:24.04\nRUN apt-get install -y gcc\nCMD [\"bash\"]\n", Verdict::Unknown),
            ("FROM debian:13\nRUN apt-get install -y gcc\nCMD [\"python3\"]\n", Verdict::Unknown),
            ("FROM example.com/base:1\nRUN apt-get install -y gcc\n", Verdict::Unknown),
            (
                "FROM debian:13\nRUN apt-get install -y gcc\nCMD [\"bash\", \"-l\"]\n",
                Verdict::Unknown,
            ),
            (
                "FROM debian:13\nRUN apt-get install -y gcc\nCMD [\"sh\", \"-c\", \"exec /app\"]\n",
                Verdict::Fails,
            ),
            (
                "FROM debian:13\nRUN apt-get install -y gcc\nCMD [\"bash\", \"/start.sh\"]\n",
                Verdict::Fails,
            ),
            ("FROM nginx:1.29\nRUN apt-get install -y gcc\n", Verdict::Fails),
            (
                "FROM debian:13\nRUN apt-get install -y gcc\nCMD [\"python3\", \"a.py\"]\n",
                Verdict::Fails,
            ),
        ] {
            assert_eq!(verdict(&RULE, &case(&[("dockerfile", text)])), expected, "{text}");
        }
    }
}
