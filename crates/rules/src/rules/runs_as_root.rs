//! The main process runs as root.

use report::{Applies, Fix, Input, Locus, Outcome, Question, Safety, Severity, Why, quote};
use text::{Edit, Span};

use crate::drops::{Drop, brings_changer, drops};
use crate::facts::{Seen, User};
use crate::knowledge::base_image;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "runs-as-root",
    title: "The main process runs as root",
    question: Some(Question::Root),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::History, Input::Layers],
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
            let changes = case.facts.user.seen.iter().filter_map(|it| it.value.as_ref().ok());
            if let Some(becomes) =
                changes.filter(|it| it.becomes.is_some()).find(|it| same(it, user))
            {
                // The image names nobody, and the entry point of its base changes by itself.
                out.clear(&user.at, clearance(becomes));
                return;
            }
            if let Some(program) = brings_changer(case).filter(|_| drops(case) == Drop::May) {
                out.gap(&user.at, script_decides(program));
                return;
            }
            let finding = out.fail(&user.at, message(case, it, user)).fix(add_user(case, user));
            for other in dissent(case) {
                finding.related(&other.at, disagreement(other));
            }
        }
        Ok(it) if is_root_by_number(case, it) => {
            let name = quote(it.name());
            out.fail(&user.at, format!("{name} has the number 0: the main process runs as root"));
        }
        Ok(it) => {
            let mut note = clearance(it);
            if let Some(other) = dissent(case).next() {
                note += &format!(", though the {} says otherwise", other.via.name());
            }
            out.clear(&user.at, note);
        }
        Err(why) => out.gap(&user.at, why.clone()),
    }
}

/// Whether the image's own list of users gives a name the number of root.
fn is_root_by_number(case: &Case, user: &User) -> bool {
    let users = case.files.as_ref().and_then(|it| it.users.as_ref());
    let mut users = users.into_iter().flatten();
    user.becomes.is_none() && users.any(|it| it.name == user.name() && it.uid == 0)
}

/// Observations of another user than the one that counts. Root goes by several names. What the
/// catalogue knows of a base image is a guess about this one, and nothing that was handed in.
fn dissent(case: &Case) -> impl Iterator<Item = &Seen<User>> {
    let best = case.facts.user.best();
    let handed_in = case.facts.user.dissent().filter(|it| it.via != Input::Catalogue);
    handed_in.filter(move |other| {
        let other = other.value.as_ref().ok();
        other.zip(best).is_some_and(|(other, best)| !same(other, best))
    })
}

fn same(it: &User, seen: &Seen<User>) -> bool {
    let Ok(other) = &seen.value else { return false };
    let is_any = it.is_any_but_root() || other.is_any_but_root();
    it.text == other.text || it.names_root() == other.names_root() && (it.names_root() || is_any)
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

/// Database images start as root on purpose and change the user once their files are theirs.
fn script_decides(program: &str) -> Why {
    let what = format!(
        "the container starts as root, and its start script may change to another user: the image brings {}",
        quote(program)
    );
    Why::Unreadable(what.into())
}

fn message(case: &Case, it: &User, seen: &Seen<User>) -> String {
    match (seen.via, it.text.is_empty()) {
        (Input::Catalogue, _) => format!(
            "no `USER` is set, and base image {} runs as {}, as known on {}",
            quote(&base_name(case, &seen.at)),
            if is_windows(it) { quote(it.name()) } else { "root".to_owned() },
            base_image::AS_OF
        ),
        (Input::Dockerfile, true) => {
            "no `USER` is set, and `scratch` sets none: the main process runs as root".to_owned()
        }
        (Input::Config, true) => "the image sets no user: the main process runs as root".to_owned(),
        (Input::History, true) => {
            "no step of the history sets a user: the main process runs as root".to_owned()
        }
        (Input::Run, true) => {
            "the container sets no user: the main process runs as root".to_owned()
        }
        _ => format!("the main process runs as {}", quote(&it.to_string())),
    }
}

/// Whether it is an account that only containers of Windows have.
fn is_windows(it: &User) -> bool {
    it.name().starts_with("Container")
}

/// The base image that is named at a place, its variables resolved.
fn base_name(case: &Case, at: &Locus) -> String {
    let base = case.facts.bases.iter().find(|it| it.at == *at);
    let image = base.and_then(|it| it.value.as_ref().ok()).map(|it| it.image.to_string());
    image.unwrap_or_else(|| case.under(at).to_owned())
}

fn disagreement(other: &Seen<User>) -> String {
    let user = other.value.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("the {} says {}; is it the same image?", other.via.name(), quote(&user))
}

/// A user at the end of the shipped stage. Whether the application can work as that user has to be
/// looked at. Where the Dockerfile is not what decides, a change to it mends nothing.
fn add_user(case: &Case, decided: &Seen<User>) -> Option<Fix> {
    let Locus::Text { source, .. } = decided.at else { return None };
    let build = case.builds.iter().find(|it| it.source == source)?;
    let stage = build.stages.get(build.target?)?;
    let body = build.dockerfile.pieces.get(stage.from..stage.body.end)?;
    let last = body.iter().rev().find_map(dockerfile::Piece::instruction)?;
    let end = last.span.end();
    let text = case.text(build.source);
    let line_end = fix::line_end(case, &decided.at);
    let before = text.get(..end as usize)?;
    let first = if before.ends_with('\n') { "" } else { line_end };
    let windows = decided.value.as_ref().is_ok_and(is_windows);
    let user = if windows { "ContainerUser" } else { "65532:65532" };
    let edit = Edit { span: Span::at(end), with: format!("{first}USER {user}{line_end}") };
    // Behind a here-document that is never ended, or a last backslash, it would be no instruction.
    // Whether it is one only depends on the instruction before it, and on the escape character.
    let escape = if build.dockerfile.escape == '\\' { "" } else { "# escape=`\n" };
    let mended = [escape, text.get(last.span.range())?, &edit.with].concat();
    if dockerfile::parse(&mended).instructions().count() != 2 {
        return None;
    }
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
