//! The user's number is one that the machine may use as well.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::AccountAct;
use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "low-uid",
    title: "The user's number is low",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    // Most official images have such numbers, and a user namespace moves them all.
    default: false,
    reads: &[Input::Dockerfile, Input::Config, Input::Run],
    aka: &[],
    doc: page!("low_uid.md"),
    check,
};

/// Machines give numbers below this to accounts of their own.
const LOWEST: u64 = 10_000;

fn check(case: &Case, out: &mut Outcome) {
    let Some(seen) = case.facts.user.best() else { return };
    let user = match &seen.value {
        Ok(user) if user.names_root() => return,
        Ok(user) => user,
        Err(why) => return out.gap(&seen.at, why.clone()),
    };
    if let Ok(number) = user.name().parse() {
        return judge(number, &seen.at, out);
    }
    for course in Course::all(case) {
        for (_, step, number, account) in course.accounts() {
            let of = |it: Option<String>| it.is_some_and(|it| it == user.name());
            if account.act != AccountAct::NewUser || !of(account.name.known(step.run, number)) {
                continue;
            }
            let given = account.number.and_then(|it| Some((it, it.known(step.run, number)?)));
            if let Some((given, Ok(number))) = given.map(|(it, text)| (it, text.parse())) {
                judge(number, &step.at(given.word.span), out);
            }
        }
    }
}

fn judge(number: u64, at: &Locus, out: &mut Outcome) {
    let shown = quote(&number.to_string());
    if number < LOWEST {
        out.fail(
            at,
            format!("number {shown} may be somebody's on the machine that runs the container"),
        );
    } else {
        out.clear(at, format!("number {shown} is unlikely to be anybody's on the machine"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn numbers_of_the_final_user_count() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN useradd -u 1001 app
#              ^^^^ number `1001` may be somebody's on the machine that runs the container
USER app
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nRUN useradd -u 1001 app\nUSER 20000:0\n");
    }
}
