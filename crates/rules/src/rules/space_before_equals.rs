//! A space before an equals sign.

use dockerfile::{Kind, Separator};
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "space-before-equals",
    title: "A space before the equals sign makes it part of the value",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["S6574"],
    doc: page!("space_before_equals.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut cleared = false;
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let (Kind::Env(pairs) | Kind::Label(pairs)) = &it.kind else { continue };
            for pair in pairs {
                let name = build.at(pair.name.span);
                let value = pair.value.as_str();
                let Some(rest) =
                    value.strip_prefix('=').filter(|_| pair.separator == Separator::Space)
                else {
                    // One for the file is enough.
                    if !std::mem::replace(&mut cleared, true) {
                        out.clear(&name, "no space before the equals sign");
                    }
                    continue;
                };
                let mark = if rest.starts_with(' ') {
                    value
                } else {
                    value.split(' ').next().unwrap_or(value)
                };
                let message = format!(
                    "{} is set to {}, equals sign included",
                    quote(pair.name.as_str()),
                    quote(mark)
                );
                let blank = rest.len() - rest.trim_start().len();
                let start = pair.name.span.end();
                let span = Span::new(
                    start,
                    pair.value.span.start() + 1 + u32::try_from(blank).unwrap_or(0),
                );
                let plain = rest.split_whitespace().count() == 1 && it.comments.is_empty();
                let edit = Edit { span, with: "=".to_owned() };
                let fix = plain
                    .then(|| {
                        fix::edits("Take the spaces away", &name, |_| vec![edit], Safety::Review)
                    })
                    .flatten();
                out.fail(&name, message).fix(fix);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn the_equals_sign_belongs_to_the_value() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV A =b
#   ^ `A` is set to `=b`, equals sign included
ENV A = b
#   ^ `A` is set to `= b`, equals sign included
LABEL x =1 y=2
#     ^ `x` is set to `=1`, equals sign included
ENV A=b C==d
ENV A b=c
"#,
        );
    }

    #[test]
    fn spaces_are_taken_away() {
        assert_eq!(fixed(&RULE, "FROM a\nENV A =b\nENV C = d\n"), "FROM a\nENV A=b\nENV C=d\n");
    }
}
