//! A file is copied for root and then changed by somebody else.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::FileAct;
use crate::course::{Actor, Course};
use crate::layers::places;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "copy-after-user-root-owned",
    title: "A copied file belongs to root and another user changes it",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["copy-after-user-without-chown"],
    doc: page!("copy_after_user_root_owned.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let users = course.users();
        let steps = course.steps();
        for (point, copy, at) in course.copies() {
            let actor = course.actor(&users, point);
            let user = match &actor {
                Actor::Set(it)
                    if !it.names_root() && copy.owner.is_none() && !course.is_windows() =>
                {
                    it
                }
                Actor::Set(_) | Actor::Base | Actor::Open(_) => {
                    out.clear(at, "whoever changes what is copied owns it, or may be root");
                    continue;
                }
            };
            let files = places(copy);
            // The first step behind that changes one of the files, and its owner nobody has changed.
            let later = || steps.iter().filter(|it| it.0 > point);
            let change = later().find_map(|(at, step)| {
                let actor = course.actor(&users, *at);
                let root = course.is_root(&actor) != Some(false);
                let change = step.run.changes.iter().find(|it| {
                    let touches = files.iter().any(|(file, _)| *file == it.path);
                    it.known && touches && needs_owner(&it.act)
                })?;
                Some((!root, step, change))
            });
            let Some((true, step, change)) = change else {
                out.clear(at, "nobody else than root has to change what is copied");
                continue;
            };
            let message = format!(
                "{} belongs to root, whatever `USER` says, and {} may not change it",
                quote(&change.path),
                quote(&user.text)
            );
            let finding = out.fail(&step.at(change.span), message);
            finding
                .related(at, "it is copied here, without `--chown`")
                .fix(with_owner(&course, at, &user.text));
        }
    }
}

/// Whether only the owner may do it. What is made anew in a folder is up to the folder.
fn needs_owner(act: &FileAct) -> bool {
    match act {
        FileAct::Mode(_) | FileAct::Own(_) | FileAct::Append(_) => true,
        FileAct::Write(_)
        | FileAct::Fetch
        | FileAct::Remove
        | FileAct::Leave
        | FileAct::Arrive(_)
        | FileAct::Unpack(_)
        | FileAct::MakeFolder
        | FileAct::Edit => false,
    }
}

fn with_owner(course: &Course<'_>, at: &Locus, user: &str) -> Option<Fix> {
    let Locus::Text { span, .. } = at else { return None };
    let mut all = course.build.dockerfile.instructions();
    let instruction = all.find(|it| it.word.span.start() == span.start())?;
    let end = Span::at(instruction.word.span.end());
    let plain = user
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b':' | b'.'));
    let edit = |_| vec![Edit { span: end, with: format!(" --chown={user}") }];
    plain.then(|| fix::edits("Copy it for that user", at, edit, Safety::Review))?
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn changes_of_what_root_owns_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
USER node
COPY start.sh /srv/start.sh
RUN chmod +x /srv/start.sh
#            ^^^^^^^^^^^^^ `/srv/start.sh` belongs to root, whatever `USER` says, and `node` may not change it
"#,
        );
        for rest in [
            "COPY --chown=node start.sh /srv/start.sh\nRUN chmod +x /srv/start.sh\n",
            "COPY start.sh /srv/start.sh\nUSER root\nRUN chmod +x /srv/start.sh\n",
            "COPY start.sh /srv/start.sh\nRUN chmod +x /srv/other.sh\n",
            "USER root\nCOPY start.sh /srv/start.sh\nRUN chmod +x /srv/start.sh\n",
        ] {
            check_dockerfile(&RULE, &format!("FROM node:24\nUSER node\n{rest}"));
        }
    }

    #[test]
    fn the_owner_is_named() {
        let text = "FROM node:24\nUSER node\nCOPY a.sh /a.sh\nRUN chmod 755 /a.sh\n";
        assert_eq!(fixed(&RULE, text), text.replace("COPY", "COPY --chown=node"));
    }
}
