//! Two accounts have the same number.

use std::collections::BTreeMap;

use report::{Applies, Input, Outcome, Severity, quote};
use text::Span;

use crate::commands::AccountAct;
use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-uid-gid",
    title: "Two accounts have the same number",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["DKL-LI-0002"],
    doc: page!("duplicate_uid_gid.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let known = |it: (&str, Option<u32>)| Some((it.1?, (it.0.to_owned(), None)));
        let mut users: BTreeMap<u32, (String, Option<Span>)> = text::order::map(
            course.base().into_iter().flat_map(|it| it.accounts().filter_map(known)),
        );
        users.insert(0, ("root".to_owned(), None));
        let mut groups = text::order::map([(0, ("root".to_owned(), None))]);
        for (_, step, number, account) in course.accounts() {
            let taken = match account.act {
                AccountAct::NewUser => &mut users,
                AccountAct::NewGroup => &mut groups,
                AccountAct::User | AccountAct::Join => continue,
            };
            let Some(given) = account.number else { continue };
            let (Some(id), Some(name)) =
                (given.known(step.run, number), account.name.known(step.run, number))
            else {
                continue;
            };
            let Ok(id) = id.parse::<u32>() else { continue };
            let at = step.at(given.word.span);
            match taken.get(&id) {
                // Without the option, a number that is taken ends the build.
                Some((other, place)) if *other != name && account.same_number.is_some() => {
                    let message = format!("{} gets the number of {}", quote(&name), quote(other));
                    let finding = out.fail(&at, message);
                    if let Some(place) = place {
                        finding.related(&course.at(*place), "the number is first given here");
                    }
                }
                _ => {
                    out.clear(&at, format!("no other account is known to have number {id}"));
                    taken.insert(id, (name, Some(given.word.span)));
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
    fn numbers_that_are_taken_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
RUN useradd -o -u 0 toor
#                 ^ `toor` gets the number of `root`
RUN useradd --non-unique --uid=1000 app
#                        ^^^^^^^^^^ `app` gets the number of `node`
RUN groupadd -g 5000 a && groupadd -o -g 5000 b
#                                        ^^^^ `b` gets the number of `a`
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nARG ID\nRUN useradd -o -u $ID app\n");
        check_dockerfile(
            &RULE,
            "FROM debian:13\nRUN useradd -o -u 1000 app && groupadd -g 1000 app\n",
        );
        check_dockerfile(
            &RULE,
            "FROM debian:13 AS a\nRUN useradd -u 1000 x\nFROM debian:13\nRUN useradd -u 1000 y\n",
        );
    }
}
