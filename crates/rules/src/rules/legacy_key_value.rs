//! A name and a value without the equals sign.

use dockerfile::{Instruction, Kind, Pair, Separator};
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "legacy-key-value",
    title: "A name and its value are not joined by an equals sign",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["LegacyKeyValueFormat", "DF082", "label_invalid"],
    doc: page!("legacy_key_value.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            match &it.kind {
                Kind::Env(pairs) | Kind::Label(pairs) => {
                    let old: Vec<&Pair> = pairs.iter().filter(|it| is_old(it)).collect();
                    if old.is_empty() {
                        out.clear(&build.at(it.word.span), "joined by an equals sign");
                    }
                    for pair in old {
                        of_pair(build, it, pair, out);
                    }
                }
                Kind::Arg(declared) => {
                    let [name, value] = &declared[..] else { continue };
                    let both = name.default.is_none() && value.default.is_none();
                    if both && !is_name(value.name.as_str()) {
                        let message = format!(
                            "this declares two arguments, {} among them; a default follows `=`",
                            quote(value.name.as_str())
                        );
                        out.fail(&build.at(name.name.span.to(value.name.span)), message);
                    }
                }
                _ => {}
            }
        }
    }
}

/// An equals sign at the start of the value is another mistake.
fn is_old(pair: &Pair) -> bool {
    let value = pair.value.as_str();
    pair.separator == Separator::Space && !value.is_empty() && !value.starts_with('=')
}

fn of_pair(build: &Build, it: &Instruction, pair: &Pair, out: &mut Outcome) {
    let at = build.at(pair.name.span.to(pair.value.span));
    let value = pair.value.as_str();
    let name = quote(pair.name.as_str());
    let plain =
        pair.name.as_str().bytes().all(|it| it.is_ascii_alphanumeric() || b"_.-/".contains(&it));
    let fix = quoted(value).filter(|_| plain && it.comments.is_empty() && it.blanks.is_empty());
    let fix = fix.and_then(|mark| {
        let gap = Span::new(pair.name.span.end(), pair.value.span.start());
        let behind = Span::at(pair.value.span.end());
        let opening = Edit { span: gap, with: format!("={mark}") };
        let closing = Edit { span: behind, with: mark.to_owned() };
        let all = if mark.is_empty() { vec![opening] } else { vec![opening, closing] };
        fix::edits("Join them by an equals sign", &at, |_| all, Safety::Safe)
    });
    let message = format!("{name} gets the rest of the line; an equals sign says what it gets");
    out.fail(&build.at(pair.name.span), message).fix(fix);
}

/// The quotes that the value needs: none or double ones. Nothing when that is not plain to see.
fn quoted(value: &str) -> Option<&'static str> {
    if value.contains(['"', '\'', '\\', '`']) {
        let inner = value.strip_prefix('"')?.strip_suffix('"')?;
        return (!inner.contains(['"', '\\', '`'])).then_some("");
    }
    Some(if value.contains(char::is_whitespace) { "\"" } else { "" })
}

fn is_name(text: &str) -> bool {
    let start = text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    start && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn pairs_without_an_equals_sign() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV HOME /opt
#   ^^^^ `HOME` gets the rest of the line; an equals sign says what it gets
LABEL description All of this
#     ^^^^^^^^^^^ `description` gets the rest of the line; an equals sign says what it gets
ARG VERSION 1.0.0
#   ^^^^^^^^^^^^^ this declares two arguments, `1.0.0` among them; a default follows `=`
ARG A B
ENV A=1 B=2
LABEL x= y=""
"#,
        );
    }

    #[test]
    fn values_are_quoted_where_they_need_it() {
        for (old, new) in [
            ("ENV A b", "ENV A=b"),
            ("ENV A   b c  ", "ENV A=\"b c\"  "),
            ("ENV A \"b c\"", "ENV A=\"b c\""),
            ("LABEL A $B/c d", "LABEL A=\"$B/c d\""),
            ("ENV A \\\n  b \\\n  c", "ENV A=\"b \\\n  c\""),
            ("ENV A \"b\" c", "ENV A \"b\" c"),
        ] {
            let whole = |it: &str| format!("FROM a\n{it}\n");
            assert_eq!(fixed(&RULE, &whole(old)), whole(new));
        }
    }
}
