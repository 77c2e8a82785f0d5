//! Instructions in capitals and in small letters.

use dockerfile::{Instruction, Kind};
use report::{Applies, Input, Outcome, Safety, Severity};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "instruction-casing",
    title: "Instructions are not written in one case",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["ConsistentInstructionCasing", "DF076"],
    doc: page!("instruction_casing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let all: Vec<&Instruction> =
            build.dockerfile.instructions().filter(|it| it.keyword.is_some()).collect();
        let count = |fits: fn(&str) -> bool| all.iter().filter(|it| fits(it.word.as_str())).count();
        let capitals = count(is_capital) >= count(is_small);
        let mut cleared = false;
        let name = if capitals { "capitals" } else { "small letters" };
        for it in all {
            let at = build.at(it.word.span);
            let word = it.word.as_str();
            if if capitals { is_capital(word) } else { is_small(word) } {
                // One for the file is enough.
                if !std::mem::replace(&mut cleared, true) {
                    out.clear(&at, "as most of the file");
                }
                continue;
            }
            let with = if capitals { word.to_ascii_uppercase() } else { word.to_ascii_lowercase() };
            let fix = fix::replace(format!("Write `{with}`"), &at, &with, Safety::Safe);
            out.fail(&at, format!("most of the file is in {name}")).fix(fix);
        }
    }
}

pub(super) fn is_capital(word: &str) -> bool {
    !word.bytes().any(|it| it.is_ascii_lowercase())
}

fn is_small(word: &str) -> bool {
    !word.bytes().any(|it| it.is_ascii_uppercase())
}

/// The instruction behind `ONBUILD`.
pub(super) fn trigger(it: &Instruction) -> Option<&Instruction> {
    match &it.kind {
        Kind::Onbuild(Some(trigger)) => Some(trigger),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn what_most_of_the_file_does() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
run make
#^^ most of the file is in capitals
Cmd ["app"]
#^^ most of the file is in capitals
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
from debian:13
run make
COPY a b
#^^^ most of the file is in small letters
"#,
        );
        check_dockerfile(&RULE, "\nfrom debian:13\nrun make\n");
    }

    #[test]
    fn the_word_is_written_like_the_others() {
        assert_eq!(fixed(&RULE, "FROM a\nRUN x\ncopy a b\n"), "FROM a\nRUN x\nCOPY a b\n");
    }
}
