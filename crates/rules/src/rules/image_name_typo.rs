//! An image's name is one letter away from a famous one.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::knowledge::official::{is_official, meant};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "image-name-typo",
    title: "An image's name is one letter away from a well-known one",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("image_name_typo.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.bases.iter().filter(|it| it.reach != Reach::Unused) {
        let Ok(it) = &seen.value else { continue };
        let name = it.image.familiar();
        if let Some(meant) = meant(&name) {
            let (name, meant) = (quote(&name), quote(meant));
            out.fail(
                &seen.at,
                format!("{name} is one letter away from {meant}, and another image"),
            );
        } else if is_official(&name) && out.cleared.is_empty() {
            out.clear(&seen.at, format!("{} is an official image", quote(&name)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn slips_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM docker.io/library/pyhton:3.13
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `pyhton` is one letter away from `python`, and another image
COPY --from=ngnix:1 / /
#           ^^^^^^^ `ngnix` is one letter away from `nginx`, and another image
"#,
        );
        check_dockerfile(&RULE, "\nFROM example/pyhton:3 AS pyhton\nFROM pyhton\n");
    }
}
