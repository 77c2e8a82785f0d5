//! The process is not root, and its home is root's.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::{Origin, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "home-mismatch",
    title: "The process is not root, and its home is root's",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &[],
    doc: page!("home_mismatch.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(Ok(user)) = case.facts.user.best().map(|it| &it.value) else { return };
    let shipped =
        case.facts.env.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run);
    let mut home = shipped.filter(|it| {
        it.value.as_ref().is_ok_and(|it| it.name == "HOME" && it.origin == Origin::Env)
    });
    let Some(seen) = home.next_back() else { return };
    let value = seen.value.as_ref().ok().and_then(|it| it.value.as_deref());
    let roots = value.is_some_and(|it| it == "/root" || it.starts_with("/root/"));
    if roots && !user.names_root() {
        let message = format!(
            "{} looks for its files in root's home and may not enter it",
            quote(&user.text)
        );
        out.fail(&seen.at, message);
    } else {
        out.clear(&seen.at, "the home is not somebody else's, as far as is known");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_last_home_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV HOME=/root
#   ^^^^^^^^^^ `1000` looks for its files in root's home and may not enter it
USER 1000
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nENV HOME=/root\nENV HOME=/srv\nUSER 1000\n");
        check_dockerfile(&RULE, "FROM debian:13\nENV HOME=/root\n");
    }
}
