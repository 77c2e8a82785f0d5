//! A label names the digest of the base, and the base is not pinned to it.

use dockerfile::Base;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "label-stale-base-digest",
    title: "A label names a digest that the base need not have",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["labels/no-stale-base-digest"],
    doc: page!("label_stale_base_digest.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let own = |it: &&crate::facts::Seen<_>| it.via == Input::Dockerfile && it.reach == Reach::Image;
    for seen in case.facts.labels.iter().filter(own) {
        let Ok(label) = &seen.value else { continue };
        // What the build fills is as new as the build.
        let Some(value) = label.value.as_deref().filter(|it| !it.is_empty()) else { continue };
        if label.name != "org.opencontainers.image.base.digest" {
            continue;
        }
        let build = case.builds.iter().find(|it| Some(it.source) == seen.source());
        let base = build.and_then(|it| it.stages.root_base(it.target?));
        let Some(Base::Image(image)) = base.map(|it| &it.base) else { continue };
        let name = quote(&image.to_string());
        match &image.digest {
            Some(digest) if digest.contains(value) || value.contains(&**digest) => {
                out.clear(&seen.at, "the base is pinned to this digest");
            }
            Some(_) => {
                out.fail(&seen.at, format!("{name} is pinned to another digest"));
            }
            None => {
                out.fail(
                    &seen.at,
                    format!("{name} may have another digest on the day of the build"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn digests_are_compared() {
        let a = format!("sha256:{}", "a".repeat(64));
        let b = format!("sha256:{}", "b".repeat(64));
        let text = |base: &str, label: &str| {
            format!("FROM debian:13{base}\nLABEL org.opencontainers.image.base.digest={label}\n")
        };
        check_dockerfile(&RULE, &text(&format!("@{a}"), &a));
        check_dockerfile(
            &RULE,
            "FROM debian:13\nARG D\nLABEL org.opencontainers.image.base.digest=$D\n",
        );
        let other = crate::tests::case(&[("dockerfile", &text(&format!("@{a}"), &b))]);
        assert_eq!(crate::tests::verdict(&RULE, &other), report::Verdict::Fails);
    }
}
