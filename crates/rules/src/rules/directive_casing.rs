//! A parser directive with capitals.

use dockerfile::Piece;
use report::{Applies, Input, Outcome, Safety, Severity, quote};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "directive-casing",
    title: "A parser directive has capitals",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["CASING_DIRECTIVE"],
    doc: page!("directive_casing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for piece in &build.dockerfile.pieces {
            let Piece::Directive(it) = piece else { continue };
            let at = build.at(it.name.span);
            let lower = it.name.as_str().to_ascii_lowercase();
            if it.name.as_str() == lower {
                out.clear(&at, "small letters");
                continue;
            }
            let fix = fix::replace(format!("Write `{lower}`"), &at, &lower, Safety::Safe);
            out.fail(&at, format!("{} is written {}", quote(it.name.as_str()), quote(&lower)))
                .fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn capitals() {
        check_dockerfile(
            &RULE,
            "# Syntax=docker/dockerfile:1\n# ^^^^^^ `Syntax` is written `syntax`\n# escape=`\nFROM a\n",
        );
        assert_eq!(fixed(&RULE, "# ESCAPE=`\nFROM a\n"), "# escape=`\nFROM a\n");
    }
}
