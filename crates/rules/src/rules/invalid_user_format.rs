//! A `USER` that is no user.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::walk::walk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "invalid-user-format",
    title: "What `USER` names cannot be a user",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["UserInvalidFormat", "user_param_syntax", "extra_args"],
    doc: page!("invalid_user_format.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, state| {
        let Kind::User(word) = &it.kind else { return };
        let value = state.scope.expand(word.as_str(), build.dockerfile.escape);
        let Some(user) = value.known().filter(|it| !it.is_empty()) else { return };
        let at = build.at(word.span);
        match problem(user) {
            Some(why) => {
                out.fail(&at, format!("{} is no user: {why}", quote(user)));
            }
            None => out.clear(&at, "a user, or a user and a group"),
        }
    });
}

/// What is wrong with a user. Accounts of Windows may hold backslashes and spaces.
fn problem(user: &str) -> Option<&'static str> {
    let (name, group) = user.split_once(':').unwrap_or((user, "x"));
    if user.contains('\\') || user.starts_with("Container") {
        return None;
    }
    if user.contains(char::is_whitespace) {
        Some("names have no spaces, and a group follows a colon")
    } else if name.is_empty() {
        Some("there is nothing before the colon")
    } else if group.is_empty() {
        Some("there is no group behind the colon")
    } else if group.contains(':') {
        Some("there is more than one colon")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn users_and_groups() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
USER root wheel
#    ^^^^^^^^^^ `root wheel` is no user: names have no spaces, and a group follows a colon
USER :app
#    ^^^^ `:app` is no user: there is nothing before the colon
USER app:
#    ^^^^ `app:` is no user: there is no group behind the colon
USER a:b:c
#    ^^^^^ `a:b:c` is no user: there is more than one colon
USER 1000:1000
USER app
USER $X:y
USER "NT AUTHORITY\\Network Service"
USER ContainerAdministrator
"#,
        );
    }
}
