//! The final user is a name.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};

use crate::commands::AccountAct;
use crate::course::Course;
use crate::facts::User;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "user-not-numeric",
    title: "The final user is a name, not a number",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // A name is what every guide shows; only Kubernetes' `runAsNonRoot` cannot tell what it is.
    default: false,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &["DL3066"],
    doc: page!("user_not_numeric.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let users = course.users();
        let Some((_, last)) = users.last() else { continue };
        let at = course.at(last.word);
        match &last.user {
            Ok(user) => judge(user, &at, out, || number(&course, user, &at)),
            Err(why) => out.gap(&at, why.clone()),
        }
    }
    for seen in case.facts.user.seen.iter().filter(|it| it.via == Input::Config) {
        if let Ok(user) = &seen.value {
            judge(user, &seen.at, out, || None);
        }
    }
}

fn judge(user: &User, at: &Locus, out: &mut Outcome, fix: impl FnOnce() -> Option<Fix>) {
    // Root by name is another rule's matter, and Windows has its own names.
    if user.names_root() || user.name().eq_ignore_ascii_case("ContainerUser") {
        return;
    }
    let name = quote(user.name());
    if user.is_numeric() {
        return out.clear(at, format!("{name} is a number"));
    }
    let message = format!("{name} is a name: Kubernetes cannot tell whether it is root");
    out.fail(at, message).fix(fix());
}

/// The number that the build gives that user.
fn number(course: &Course<'_>, user: &User, at: &Locus) -> Option<Fix> {
    let made = course.accounts();
    let (_, step, number, account) = made.iter().rfind(|(_, step, number, it)| {
        it.act == AccountAct::NewUser
            && it.name.known(step.run, *number).is_some_and(|it| it == user.name())
    })?;
    let uid = account.number?.known(step.run, *number)?;
    let numeric = !uid.is_empty() && uid.bytes().all(|it| it.is_ascii_digit());
    // The group of the account is looked up by its number too.
    (numeric && user.group().is_none())
        .then(|| fix::replace(format!("Write {}", quote(&uid)), at, &uid, Safety::Review))?
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn only_the_last_user_of_the_shipped_stage_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS build
USER builder
FROM debian:13
USER root
USER worker
USER app:app
#    ^^^^^^^ `app` is a name: Kubernetes cannot tell whether it is root
"#,
        );
        check_dockerfile(&RULE, "\nFROM debian:13\nARG UID=1000\nUSER $UID\n");
        check_dockerfile(&RULE, "\nFROM debian:13\nUSER app\nUSER root\n");
    }

    #[test]
    fn the_number_is_the_one_that_the_build_gives() {
        let text = "FROM debian:13\nARG ID=1234\nRUN useradd --uid $ID app\nUSER app\n";
        assert_eq!(fixed(&RULE, text), text.replace("USER app", "USER 1234"));
        let text = "FROM debian:13\nRUN useradd app\nUSER app\n";
        assert_eq!(fixed(&RULE, text), text);
    }
}
