//! The process may rewrite the code that it runs.

use report::{Applies, Fix, Input, Locus, Outcome, Question, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::{FileAct, is_below};
use crate::course::{Actor, Course, Point};
use crate::facts::{Copied, Copy, User};
use crate::in_layers::checks;
use crate::layers::places;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "app-code-writable",
    title: "The process may rewrite its own code",
    question: Some(Question::Write),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Layers, Input::History],
    aka: &["executable-owned-by-non-root", "aa93e17f", "S6504"],
    doc: page!("app_code_writable.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        // Root may write everything anyway, which is another finding.
        let Actor::Set(user) = course.last_actor() else { continue };
        if user.names_root() || course.is_windows() {
            continue;
        }
        let names = course.names_of(&user);
        let is_users = |owner: &str| {
            let owner = User::new(owner);
            names.iter().any(|it| it == owner.name())
        };
        let copies = course.copies();
        for (_, copy, at) in &copies {
            let owner = copy.owner.as_ref().filter(|it| is_users(&it.0));
            match owner.filter(|_| is_code(copy)) {
                Some((_, span)) => {
                    let at = course.at(*span);
                    let fix = without_owner(&course, at.clone(), copy);
                    let files = places(copy);
                    let path = files.first().map_or(&*copy.destination, |it| &*it.0);
                    out.fail(&at, message(&user, path)).fix(fix);
                }
                None => out.clear(at, "the process is not given code that it may rewrite"),
            }
        }
        given_later(&course, &user, &copies, is_users, out);
    }
    if let (Some(files), true) = (&case.files, out.findings.is_empty()) {
        checks::own_code(files, out);
    }
}

fn message(user: &User, path: &str) -> String {
    format!("{} may rewrite {}, which it runs", quote(user.name()), quote(path))
}

/// Code that a step gives to the user after it was copied.
fn given_later(
    course: &Course<'_>,
    user: &User,
    copies: &[(Point, &Copy, &Locus)],
    is_users: impl Fn(&str) -> bool,
    out: &mut Outcome,
) {
    for (point, step) in course.steps() {
        for change in step.run.changes.iter().filter(|it| it.recursive && it.known) {
            let FileAct::Own(owner) = &change.act else { continue };
            if !is_users(owner) {
                continue;
            }
            let holds = |(place, _): &(String, Span)| {
                place.trim_end_matches('/') == change.path || is_below(&change.path, place)
            };
            let before = copies.iter().filter(|it| it.0 < point && is_code(it.1));
            let from = before.into_iter().find(|it| places(it.1).iter().any(holds));
            if let Some((_, _, from)) = from {
                let at = step.at(change.span);
                out.fail(&at, message(user, &change.path)).related(from, "the code is copied here");
            }
        }
    }
}

/// Whether a copy brings code: anything but settings, texts, pictures and files of a shell.
fn is_code(copy: &Copy) -> bool {
    const DATA: [&str; 29] = [
        "asc",
        "cfg",
        "cnf",
        "conf",
        "crt",
        "css",
        "csv",
        "env",
        "gif",
        "gpg",
        "html",
        "ico",
        "ini",
        "jpg",
        "json",
        "key",
        "lock",
        "md",
        "pem",
        "png",
        "properties",
        "pub",
        "svg",
        "toml",
        "txt",
        "webp",
        "xml",
        "yaml",
        "yml",
    ];
    // Settings of a person, and of tools.
    let own =
        copy.destination.split('/').any(|it| it.len() > 1 && it.starts_with('.') && it != "..");
    let own = own || copy.destination.starts_with("/tmp/");
    let programs = copy.destination.contains("/bin");
    if own && !programs {
        return false;
    }
    copy.sources.iter().any(|(it, _)| match it {
        Copied::Path(path) | Copied::Unknown(path) | Copied::Url(path) => {
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let data = name.rsplit_once('.').is_some_and(|it| DATA.contains(&it.1));
            let hidden = name.len() > 1 && name.starts_with('.') && name != "..";
            !data && !hidden
        }
        Copied::Inline => false,
    })
}

/// Takes `--chown` away with the blank behind it.
fn without_owner(course: &Course<'_>, at: Locus, copy: &Copy) -> Option<Fix> {
    let (_, span) = copy.owner.as_ref()?;
    let all = course.build.dockerfile.instructions();
    let instruction = all.into_iter().find(|it| it.span.range().contains(&span.range().start))?;
    let flag = instruction.flag("chown")?;
    let text = course.case.text(course.build.source);
    let behind = text.get(flag.span.range().end..)?;
    let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
    let gone = Span::of(flag.span.range().start..flag.span.range().end + blanks);
    // At the end of a continued line the blank is needed no more than the line.
    let edit = |_| vec![Edit { span: gone, with: String::new() }];
    (blanks > 0 && !behind.trim_start_matches([' ', '\t']).starts_with(['\\', '`']))
        .then(|| fix::edits("Leave the files to root", &at, edit, Safety::Review))?
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn code_of_the_final_user_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.14
RUN useradd --uid 1234 app
COPY --chown=app:app src /srv/app
#            ^^^^^^^ `app` may rewrite `/srv/app`, which it runs
COPY --chown=1234 run.py /srv/run.py
#            ^^^^ `app` may rewrite `/srv/run.py`, which it runs
COPY more /srv/more
RUN mkdir /data && chown -R app /srv/more /data
#                               ^^^^^^^^^ `app` may rewrite `/srv/more`, which it runs
USER app
"#,
        );
        for rest in [
            "COPY --chown=app src /srv\n",
            "COPY --chown=app src /srv\nUSER root\n",
            "COPY --chown=other src /srv\nUSER app\n",
            "COPY --chown=root src /srv\nUSER app\n",
            "COPY --chown=app app.conf .bashrc /srv/\nUSER app\n",
            "COPY --chown=app gitconfig /home/app/.gitconfig\nUSER app\n",
            "COPY src /srv\nRUN chown app /srv\nUSER app\n",
        ] {
            check_dockerfile(&RULE, &format!("FROM python:3.14\nRUN useradd app\n{rest}"));
        }
    }

    #[test]
    fn the_owner_is_taken_away() {
        let text = "FROM debian:13\nCOPY --link --chown=app src /srv\nUSER app\n";
        assert_eq!(fixed(&RULE, text), text.replace("--chown=app ", ""));
    }
}
