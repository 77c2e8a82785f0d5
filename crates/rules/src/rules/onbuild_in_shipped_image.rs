//! Triggers in an image that is shipped.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "onbuild-in-shipped-image",
    title: "The image holds steps for the builds of others",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("onbuild_in_shipped_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let shipped = case.facts.triggers.iter().filter(|it| it.reach == Reach::Image);
    let mut shipped = shipped.filter_map(|it| Some((it, it.value.as_ref().ok()?)));
    match shipped.next() {
        Some((seen, text)) => {
            let more = shipped.count();
            let others = if more == 0 { String::new() } else { format!(" and {more} more") };
            let message = format!("every build on this image runs {}{others}", quote(text));
            out.fail(&seen.at, message);
        }
        None => {
            if let Some(first) = case.facts.bases.first() {
                out.clear(&first.at, "no trigger");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn triggers_of_the_shipped_image() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS a
ONBUILD RUN x
FROM debian:13
ONBUILD COPY . /app
#^^^^^^^^^^^^^^^^^^ every build on this image runs `COPY . /app` and 1 more
ONBUILD RUN make
"#,
        );
    }
}
