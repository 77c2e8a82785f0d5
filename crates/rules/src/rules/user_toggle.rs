//! The user changes back and forth.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "user-toggle",
    title: "The user changes back and forth",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("user_toggle.md"),
    check,
};

/// Once to root and back is what a base with a user of its own asks for.
const USUAL: usize = 2;

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let mut root: Option<bool> = None;
        let mut turns = Vec::new();
        for (_, change) in course.users() {
            let Ok(user) = &change.user else { continue };
            let is_root = user.names_root();
            if root.is_some_and(|it| it != is_root) {
                turns.push((user.clone(), change.word));
            }
            root = Some(is_root);
        }
        let Some((user, word)) = turns.last() else {
            if let Some((_, change)) = course.users().last() {
                out.clear(&course.at(change.word), "the user changes once");
            }
            continue;
        };
        if turns.len() > USUAL {
            let message = format!("the user changes between root and others {} times", turns.len());
            out.fail(&course.at(*word), message);
        } else {
            out.clear(
                &course.at(*word),
                format!("{} is reached without many turns", quote(&user.text)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn many_turns_are_marked_at_the_last() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
USER app
USER root
USER app
USER 0
USER app
#    ^^^ the user changes between root and others 4 times
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nUSER root\nUSER app\n");
        check_dockerfile(&RULE, "FROM debian:13\nUSER app\nUSER root\nUSER app\n");
        check_dockerfile(&RULE, "FROM debian:13\nUSER a\nUSER b\nUSER c\nUSER d\n");
    }
}
