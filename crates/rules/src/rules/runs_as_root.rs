//! The main process runs as root.

use report::{Applies, Fix, Input, Outcome, Question, Safety, Severity, quote};
use text::{Edit, Span};

use crate::facts::{Seen, User};
use crate::knowledge::base_image;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "runs-as-root",
    title: "The main process runs as root",
    question: Some(Question::Root),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run],
    aka: &[
        "last-user-root",
        "missing-user",
        "DL3002",
        "DS-0002",
        "CKV_DOCKER_3",
        "CKV_DOCKER_8",
        "67fd0c4a",
        "fd54f200",
        "last-user-is-root",
        "missing-user-entrypoint",
        "S6471",
        "CIS-DI-0001",
        "DF002",
        "DF020",
        "root_user",
    ],
    doc: page!("runs_as_root.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(user) = case.facts.user.best() else { return };
    match &user.value {
        Ok(it) if it.is_root() => {
            let fix = add_user(case);
            let finding = out.fail(&user.at, message(case, it, user)).fix(fix);
            for other in case.facts.user.dissent() {
                finding.related(&other.at, disagreement(other));
            }
        }
        Ok(it) => {
            let mut note = clearance(it);
            if let Some(other) = case.facts.user.dissent().next() {
                note += &format!(", though the {} says otherwise", other.via.name());
            }
            out.clear(&user.at, note);
        }
        Err(why) => out.gap(&user.at, why.clone()),
    }
}

fn clearance(it: &User) -> String {
    match it.becomes {
        Some(name) => format!(
            "the container starts as root and the base image's entry point changes to {}, as known on {}",
            quote(name),
            base_image::AS_OF
        ),
        None => format!("the main process runs as {}", quote(&it.to_string())),
    }
}

fn message(case: &Case, it: &User, seen: &Seen<User>) -> String {
    match (seen.via, it.text.is_empty()) {
        (Input::Catalogue, _) => format!(
            "no `USER` is set, and base image {} runs as root, as known on {}",
            quote(case.under(&seen.at)),
            base_image::AS_OF
        ),
        (Input::Dockerfile, true) => {
            "no `USER` is set and nothing is below that could set one: the main process runs as root".to_owned()
        }
        (Input::Config, true) => "the image sets no user: the main process runs as root".to_owned(),
        (Input::Run, true) => "the container sets no user: the main process runs as root".to_owned(),
        _ => format!("the main process runs as {}", quote(&it.to_string())),
    }
}

fn disagreement(other: &Seen<User>) -> String {
    let user = other.value.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("the {} says {}: is it the same image?", other.via.name(), quote(&user))
}

/// A user at the end of the shipped stage. Whether the application can work as that user has to be
/// looked at.
fn add_user(case: &Case) -> Option<Fix> {
    let build = case.builds.last()?;
    let stage = build.stages.get(build.target?)?;
    let body = build.dockerfile.pieces.get(stage.from..stage.body.end)?;
    let last = body.iter().rev().find_map(dockerfile::Piece::instruction)?;
    let end = last.span.end();
    let text = case.text(build.source);
    let before = text.get(..end as usize)?;
    let with = match before.ends_with('\n') {
        true => "USER 65532:65532\n",
        false => "\nUSER 65532:65532\n",
    };
    let edit = Edit { span: Span::at(end), with: with.to_owned() };
    Some(Fix {
        title: "Run as an unprivileged user".into(),
        source: build.source,
        edits: vec![edit],
        safety: Safety::Review,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_last_user_of_the_shipped_stage_counts() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25 AS build
USER root
FROM scratch
USER app
USER 0:0
#^^^^^^^ the main process runs as `0:0`
"#,
        );
    }

    #[test]
    fn users_are_inherited_from_stages() {
        check_dockerfile(&RULE, "\nFROM debian:12 AS base\nUSER app\nFROM base\nCMD x\n");
        check_dockerfile(
            &RULE,
            r#"
FROM debian:12 AS base
USER root
#^^^^^^^^ the main process runs as `root`
FROM base
CMD x
"#,
        );
    }

    #[test]
    fn names_and_numbers_of_root() {
        for user in ["root", "0", "0:0", "root:root", "00", "root:app"] {
            let text = format!("FROM scratch\nUSER {user}\n");
            let case = crate::tests::case(&[("dockerfile", &text)]);
            assert_eq!(crate::tests::verdict(&RULE, &case), report::Verdict::Fails, "{user}");
        }
        for user in ["app", "1000", "1000:0", "rootless", "10"] {
            let text = format!("FROM scratch\nUSER {user}\n");
            let case = crate::tests::case(&[("dockerfile", &text)]);
            assert_eq!(crate::tests::verdict(&RULE, &case), report::Verdict::Passes, "{user}");
        }
    }
}
