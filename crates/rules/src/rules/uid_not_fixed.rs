//! The account of the main process has no fixed number.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::AccountAct;
use crate::course::{Actor, Course};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "uid-not-fixed",
    title: "The user's number is not fixed",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("uid_not_fixed.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let Actor::Set(user) = course.last_actor() else { continue };
        for (_, step, number, account) in course.accounts() {
            let name = account.name.known(step.run, number);
            if account.act != AccountAct::NewUser || name.as_deref() != Some(user.name()) {
                continue;
            }
            let at = step.at(account.name.word.span);
            let name = quote(user.name());
            match account.number {
                Some(_) => out.clear(&at, format!("{name} has a number of its own")),
                None => {
                    let message =
                        format!("{name} gets the next free number, which the base image decides");
                    out.fail(&at, message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn only_the_user_that_runs_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN useradd other && groupadd app && useradd -r -g app app
#                                                      ^^^ `app` gets the next free number, which the base image decides
USER app
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nARG N=5\nRUN useradd -u $N app\nUSER app\n");
        check_dockerfile(&RULE, "FROM debian:13\nRUN useradd app\n");
    }
}
