//! The program that reads the Dockerfile is somebody else's, or another one every day.

use dockerfile::ImageRef;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "syntax-frontend-untrusted",
    title: "The syntax directive names an unpinned or foreign frontend",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("syntax_frontend_untrusted.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let Some(directive) = build.dockerfile.directive("syntax") else { continue };
        let at = build.at(directive.value.span);
        // Behind the image may stand words for it.
        let text = directive.value.as_str();
        let image = ImageRef::parse(text.split_whitespace().next().unwrap_or(text));
        let name = quote(&image.to_string());
        let own = matches!(&*image.familiar(), "docker/dockerfile" | "docker/dockerfile-upstream")
            || case.settings.trusted.iter().any(|it| image.is_from(it));
        if image.digest.is_some() {
            out.clear(&at, format!("{name} is always the same program"));
        } else if !own {
            out.fail(
                &at,
                format!(
                    "{name} reads the whole build, and is neither Docker's nor always the same"
                ),
            );
        } else if image.tag.as_deref().is_none_or(|it| it == "latest") {
            out.fail(&at, format!("{name} names no version of the frontend"));
        } else {
            out.clear(&at, format!("{name} is a version of Docker's own frontend"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn frontends_are_judged() {
        check_dockerfile(
            &RULE,
            r#"# syntax=docker/dockerfile
#        ^^^^^^^^^^^^^^^^^ `docker/dockerfile` names no version of the frontend
FROM scratch
"#,
        );
        check_dockerfile(
            &RULE,
            r#"# syntax = example/frontend:1
#          ^^^^^^^^^^^^^^^^^^ `example/frontend:1` reads the whole build, and is neither Docker's nor always the same
FROM scratch
"#,
        );
        for fine in [
            "docker/dockerfile:1",
            "docker.io/docker/dockerfile:1.7-labs",
            "docker/dockerfile-upstream:master",
        ] {
            check_dockerfile(&RULE, &format!("# syntax={fine}\nFROM scratch\n"));
        }
    }
}
