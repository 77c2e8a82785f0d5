//! A group behind the user's name takes the other groups away.

use report::{Applies, Input, Outcome, Safety, Severity, quote};

use crate::commands::{Account, AccountAct};
use crate::course::Course;
use crate::facts::RunStep;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "user-group-drops-supplementary",
    title: "A group in USER takes the user's other groups away",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["user-explicit-group-drops-supplementary-groups"],
    doc: page!("user_group_drops_supplementary.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let accounts = course.accounts();
        for (point, change) in course.users() {
            let Ok(user) = &change.user else { continue };
            let Some(group) = user.group() else { continue };
            let at = course.at(change.word);
            let before = accounts.iter().filter(|it| it.0 < point);
            let lost = before
                .flat_map(|(_, step, number, it)| further(it, step.run, *number, user.name()))
                .find(|it| it != group);
            let Some(lost) = lost else {
                out.clear(&at, format!("{} has no other groups", quote(user.name())));
                continue;
            };
            let name = user.name().to_owned();
            let message = format!(
                "with the group {} named here, {} is no longer in {}",
                quote(group),
                quote(&name),
                quote(&lost)
            );
            let literal = case.under(&at) == user.text;
            let title = format!("Name {} alone", quote(&name));
            let change = literal.then(|| fix::replace(title, &at, &name, Safety::Review)).flatten();
            out.fail(&at, message).fix(change);
        }
    }
}

/// The groups that a command adds a user to, beside the main one.
fn further(account: &Account<'_>, step: &RunStep, number: usize, user: &str) -> Vec<String> {
    let (Some(groups), Some(name)) = (&account.groups, account.name.known(step, number)) else {
        return Vec::new();
    };
    if name != user || account.act == AccountAct::NewGroup {
        return Vec::new();
    }
    let groups = groups.known(step, number).unwrap_or_default();
    groups.split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn lost_groups_are_named() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN useradd app && usermod -aG audio,video app
USER app:app
#    ^^^^^^^ with the group `app` named here, `app` is no longer in `audio`
RUN adduser app2 tty
USER app2:users
#    ^^^^^^^^^^ with the group `users` named here, `app2` is no longer in `tty`
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nRUN useradd -G web app\nUSER app:web\n");
        check_dockerfile(&RULE, "FROM debian:13\nUSER app:web\nRUN useradd -G x app\n");
    }

    #[test]
    fn the_name_alone_keeps_them() {
        let text = "FROM debian:13\nRUN useradd -G a app\nUSER app:app\n";
        assert_eq!(fixed(&RULE, text), text.replace("app:app", "app"));
    }
}
