//! An image is named without a digest.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "base-not-pinned-by-digest",
    title: "An image is used without a digest",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["dockerfile-source-not-pinned", "S7023"],
    doc: page!("base_not_pinned_by_digest.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.bases.iter().filter(|it| it.reach != Reach::Unused) {
        match &seen.value {
            Ok(it) => {
                let name = quote(&it.image.to_string());
                match it.image.digest {
                    Some(_) => out.clear(&seen.at, format!("{name} is always the same image")),
                    None => {
                        out.fail(&seen.at, format!("{name} can be another image tomorrow"));
                    }
                }
            }
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn images_from_outside_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25 AS build
#    ^^^^^^^^^^^ `golang:1.25` can be another image tomorrow
FROM build AS more
FROM scratch
COPY --from=build / /
COPY --from=example/tool:1 / /
#           ^^^^^^^^^^^^^^ `example/tool:1` can be another image tomorrow
"#,
        );
    }
}
