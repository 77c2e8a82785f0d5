//! An instruction that is not in capitals.

use report::{Applies, Input, Outcome, Safety, Severity, quote};

use super::instruction_casing::{is_capital, trigger};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "instruction-uppercase",
    title: "An instruction is not in capitals",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["S6476", "uppercase_commands", "CASING_INSTRUCTION"],
    doc: page!("instruction_uppercase.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut cleared = false;
    for build in &case.builds {
        let all = build.dockerfile.instructions();
        for it in all.flat_map(|it| [Some(it), trigger(it)]).flatten() {
            if it.keyword.is_none() {
                continue;
            }
            let at = build.at(it.word.span);
            if is_capital(it.word.as_str()) {
                // One for the file is enough.
                if !std::mem::replace(&mut cleared, true) {
                    out.clear(&at, "capitals");
                }
                continue;
            }
            let with = it.word.as_str().to_ascii_uppercase();
            let fix = fix::replace(format!("Write `{with}`"), &at, &with, Safety::Safe);
            out.fail(&at, format!("{} is usually written in capitals", quote(it.word.as_str())))
                .fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn triggers_count_too() {
        check_dockerfile(
            &RULE,
            r#"
from debian:13
#^^^ `from` is usually written in capitals
ONBUILD run make
#       ^^^ `run` is usually written in capitals
RUN make
"#,
        );
        assert_eq!(fixed(&RULE, "from a\nRun x\n"), "FROM a\nRUN x\n");
    }
}
