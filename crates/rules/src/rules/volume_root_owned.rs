//! A volume belongs to root, and the process is somebody else.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{AccountAct, FileAct, covers, is_below};
use crate::course::{Actor, Course};
use crate::drops::{Drop, drops};
use crate::layers::places;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "volume-root-owned",
    title: "The process may not write its volume",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("volume_root_owned.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let Actor::Set(user) = course.last_actor() else { continue };
        if user.names_root() || course.is_windows() || drops(case) != Drop::None {
            continue;
        }
        // What an image that is not known has at that place, and whose it is, is not known either.
        let plain = course.base().is_some() || course.starts_from_nothing();
        for (_, path, at) in course.volumes() {
            if !path.starts_with('/') {
                continue;
            }
            let path = path.trim_end_matches('/');
            if !plain || is_open(path) || is_prepared(&course, path) {
                out.clear(at, format!("{} may be open to the process", quote(path)));
                continue;
            }
            let message = format!(
                "{} is made for root, and {} cannot write there",
                quote(path),
                quote(user.name())
            );
            out.fail(at, message);
        }
    }
}

/// Folders that all may write, that belong to somebody, or that nobody has to write.
fn is_open(path: &str) -> bool {
    let open = ["/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/home"];
    // What holds settings is read only.
    let settings = path.split('/').any(|it| {
        matches!(it, "etc" | "conf" | "config" | "cert" | "certs" | "keys" | "secrets" | "ssl")
    });
    settings || path.is_empty() || open.iter().any(|it| path == *it || is_below(it, path))
}

/// Whether something in the build may make the folder for somebody else than root.
fn is_prepared(course: &Course<'_>, path: &str) -> bool {
    let about = |it: &str| {
        let it = it.trim_end_matches('/');
        it == path || is_below(path, it) || is_below(it, path) || covers(it, path)
    };
    let users = course.users();
    let copied = course.copies().iter().any(|(_, it, _)| {
        (it.owner.is_some() || it.from.is_some()) && places(it).iter().any(|(it, _)| about(it))
    });
    let folder = course.folders().iter().any(|(point, it)| {
        let root = course.is_root(&course.actor(&users, *point)) == Some(true);
        it.known && about(&it.path) && !root
    });
    let home = course.accounts().iter().any(|(_, step, number, it)| {
        let home = it.home.and_then(|it| it.known(step.run, *number));
        it.act == AccountAct::NewUser && home.is_some_and(|it| about(&it))
    });
    let steps = course.steps();
    let changed = steps.iter().any(|(point, step)| {
        let root = course.is_root(&course.actor(&users, *point)) == Some(true);
        let change = step.run.changes.iter().any(|it| {
            let given = match it.act {
                FileAct::Own(_) | FileAct::Mode(_) => true,
                FileAct::MakeFolder | FileAct::Arrive(_) | FileAct::Unpack(_) => !root,
                FileAct::Write(_)
                | FileAct::Append(_)
                | FileAct::Fetch
                | FileAct::Remove
                | FileAct::Leave
                | FileAct::Edit => false,
            };
            given && (!it.known || about(&it.path))
        });
        // A package, a script, and whatever names the path may do it too.
        let opaque = step.run.commands.iter().any(|it| {
            let named = it.simple.words.iter().any(|it| it.text().contains(path));
            it.is_opaque()
                || it.runs(&["install", "setfacl", "dpkg", "rpm"])
                || (named && !it.runs(&["mkdir"]))
        });
        let package = step.run.commands.iter().filter_map(|it| it.packages()).any(|it| {
            it.packages
                .iter()
                .any(|it| path.rsplit('/').any(|part| part.len() > 2 && it.name.contains(part)))
        });
        change || opaque || package || !step.run.odd.is_empty()
    });
    copied || folder || home || changed
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn volumes_that_nobody_prepared_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN useradd app && mkdir -p /data
VOLUME /data
#      ^^^^^ `/data` is made for root, and `app` cannot write there
USER app
"#,
        );
        for rest in [
            "RUN chown app /data",
            "RUN mkdir /data && chmod 777 /data",
            "RUN install -d -o app /data",
            "COPY --chown=app x /data/",
            "USER app\nWORKDIR /data",
            "USER app\nRUN mkdir /data",
            "RUN ./setup.sh",
            "ENTRYPOINT [\"/entrypoint.sh\"]",
            "USER root",
        ] {
            check_dockerfile(
                &RULE,
                &format!("FROM debian:13\nUSER app\nUSER root\n{rest}\nVOLUME /data /tmp/x\n")
                    .replace("USER root\nUSER root\nVOLUME", "USER root\nVOLUME"),
            );
        }
        check_dockerfile(&RULE, "FROM example/x\nVOLUME /data\nUSER app\n");
    }
}
