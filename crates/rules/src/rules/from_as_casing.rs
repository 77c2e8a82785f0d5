//! FROM and AS in different cases.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Safety, Severity, quote};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "from-as-casing",
    title: "The words `FROM` and `AS` are in different cases",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["FromAsCasing", "DF079"],
    doc: page!("from_as_casing.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Kind::From(from) = &it.kind else { continue };
            let Some(word) = &from.as_word else { continue };
            let at = build.at(word.span);
            let upper = |text: &str| !text.bytes().any(|it| it.is_ascii_lowercase());
            let lower = |text: &str| !text.bytes().any(|it| it.is_ascii_uppercase());
            let (keyword, text) = (it.word.as_str(), word.as_str());
            if (upper(keyword) && upper(text)) || (lower(keyword) && lower(text)) {
                out.clear(&at, "one case");
                continue;
            }
            let with = if lower(keyword) { "as" } else { "AS" };
            if text == with || !text.eq_ignore_ascii_case("as") {
                continue;
            }
            let fix = fix::replace(format!("Write `{with}`"), &at, with, Safety::Safe);
            let message = format!("{} here and {} before it", quote(text), quote(keyword));
            out.fail(&at, message).fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn words_in_different_cases() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 as a
#              ^^ `as` here and `FROM` before it
from debian:13 AS b
#              ^^ `AS` here and `from` before it
FROM debian:13 AS c
from debian:13 as d
"#,
        );
        assert_eq!(fixed(&RULE, "FROM a as b\nfrom a AS c\n"), "FROM a AS b\nfrom a as c\n");
    }
}
