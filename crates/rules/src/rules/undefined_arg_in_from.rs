//! A variable in `FROM` that nothing declares.

use dockerfile::{Expansion, Kind, Reason, Word};
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::Span;

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "undefined-arg-in-from",
    title: "A variable in `FROM` is declared nowhere",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["UndefinedArgInFrom", "DF086", "BASE_NAME_EMPTY"],
    doc: page!("undefined_arg_in_from.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let escape = build.dockerfile.escape;
        let globals = &build.stages.globals;
        for it in build.dockerfile.instructions() {
            let Kind::From(from) = &it.kind else { continue };
            let platform = it.flag("platform").and_then(|it| it.value.as_ref());
            let mut sound = true;
            for word in platform.into_iter().chain([&from.image]) {
                let value = globals.expand(word.as_str(), escape);
                for (name, place) in undeclared(&value, word) {
                    sound = false;
                    let at = build.at(place);
                    let near = text::nearest(&name, globals.names());
                    let meant = near.map(|it| format!("; did you mean {}?", quote(it)));
                    let message = format!(
                        "no `ARG` before the first `FROM` declares {}{}",
                        quote(&name),
                        meant.unwrap_or_default()
                    );
                    let fix = near.and_then(|it| {
                        fix::replace(format!("Write {}", quote(it)), &at, it, Safety::Review)
                    });
                    out.fail(&at, message).fix(fix);
                }
            }
            if sound {
                out.clear(&build.at(from.image.span), "every variable is declared");
            }
        }
    }
}

/// The variables of a word that nothing declares, each with its place.
fn undeclared(value: &Expansion, word: &Word) -> Vec<(String, Span)> {
    let unset = value.unknown.iter().filter(|it| it.reason == Reason::Unset);
    let places = unset.filter(|it| !it.name.is_empty()).map(|it| {
        let place = word.places_of(&it.name).first().copied().unwrap_or(word.span);
        (it.name.clone(), place)
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn each_variable_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
ARG VERSION=13
FROM --platform=$BULIDPLATFORM debian:${VERSION}
#                ^^^^^^^^^^^^^ no `ARG` before the first `FROM` declares `BULIDPLATFORM`; did you mean `BUILDPLATFORM`?
FROM node:${VERSION}-${VARIANT}
#                      ^^^^^^^ no `ARG` before the first `FROM` declares `VARIANT`
ARG LATE=1
FROM node:$LATE
#          ^^^^ no `ARG` before the first `FROM` declares `LATE`
FROM --platform=$BUILDPLATFORM alpine:${OTHER:-3.22}
"#,
        );
    }

    #[test]
    fn the_name_that_was_meant_is_written() {
        assert_eq!(
            fixed(&RULE, "ARG MY_ARCH=arm64\nFROM --platform=linux/${MYARCH} debian:13\n"),
            "ARG MY_ARCH=arm64\nFROM --platform=linux/${MY_ARCH} debian:13\n"
        );
    }
}
