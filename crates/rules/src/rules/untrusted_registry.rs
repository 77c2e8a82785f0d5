//! An image comes from a place that is not on the project's own list.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "untrusted-registry",
    title: "An image comes from a place that is not trusted",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3026", "DF065", "specified_registry", "from_not_redhat", "4.2"],
    doc: page!("untrusted_registry.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let trusted = &case.settings.trusted;
    // Whom to trust is the project's matter: without a list of its own there is nothing to say.
    if trusted.is_empty() {
        return;
    }
    for seen in case.facts.bases.iter().filter(|it| it.reach != Reach::Unused) {
        match &seen.value {
            Ok(it) => {
                let name = quote(&it.image.to_string());
                if trusted.iter().any(|place| it.image.is_from(place)) {
                    out.clear(&seen.at, format!("{name} comes from a trusted place"));
                } else {
                    out.fail(&seen.at, format!("{name} comes from none of the trusted places"));
                }
            }
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use report::Verdict;

    use super::RULE;
    use crate::tests::{check_dockerfile, today, verdict};
    use crate::{Case, Document, Settings};

    /// The tests trust Docker Hub's own images and `registry.example.com`.
    #[test]
    fn images_from_elsewhere_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25 AS build
FROM registry.example.com/team/base:1 AS more
COPY --from=build / /
COPY --from=somebody/tool:1 / /
#           ^^^^^^^^^^^^^^^ `somebody/tool:1` comes from none of the trusted places
FROM ghcr.io/example/run:1
#    ^^^^^^^^^^^^^^^^^^^^^ `ghcr.io/example/run:1` comes from none of the trusted places
COPY --from=more / /
"#,
        );
    }

    #[test]
    fn without_a_list_everything_is_fine() {
        let document =
            Document { name: "Dockerfile", bytes: b"FROM ghcr.io/x/y:1\n", taken_for: None };
        let case = Case::with(&[document], Settings::default(), today());
        assert_eq!(verdict(&RULE, &case), Verdict::Moot);
    }
}
