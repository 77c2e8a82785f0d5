//! curl and wget in one stage.

use std::collections::BTreeMap;

use dockerfile::StageId;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "one-download-tool",
    title: "A stage downloads with curl and with wget",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL4001", "DS-0014", "fc775e75", "use-either-wget-or-curl", "DF058"],
    doc: page!("one_download_tool.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut first: BTreeMap<StageId, (&str, Locus)> = BTreeMap::new();
    let mut told = Vec::new();
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| it.runs(&["curl", "wget"])) {
            let place = Locus::Text { source: *source, span: command.program_span() };
            let Some((program, other)) = first.get(&step.stage) else {
                out.clear(
                    &place,
                    format!("{} is the first tool to download", quote(&command.program)),
                );
                first.insert(step.stage, (&command.program, place));
                continue;
            };
            if *program == command.program || told.contains(&step.stage) {
                continue;
            }
            told.push(step.stage);
            let message = format!(
                "{} downloads here and {program} above; one of them would do",
                quote(&command.program)
            );
            out.fail(&place, message).related(other, "the other tool");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn the_second_tool_is_marked_once() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN wget -q https://example.com/a
RUN ["curl", "-O", "https://example.com/b"]
#    ^^^^^^ `curl` downloads here and wget above; one of them would do
RUN curl -O https://example.com/c && wget https://example.com/d
"#,
        );
    }

    #[test]
    fn words_and_other_stages_do_not_count() {
        for text in [
            "FROM a AS b\nRUN wget x\nFROM c\nRUN curl x\nCOPY --from=b /x /x\n",
            "FROM a\nRUN curl x && apt-get install -y wget\n",
            "FROM a\n# wget\nRUN echo wget && curl https://wget.example.com\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
