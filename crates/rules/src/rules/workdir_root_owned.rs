//! A step writes in a working folder that belongs to root.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{AccountAct, FileAct, RunCommand, covers, is_below};
use crate::course::{Actor, Course, Point};
use crate::facts::Step;
use crate::layers::places;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "workdir-root-owned",
    title: "A step may not write in its working folder",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("workdir_root_owned.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        // What an image that is not known has at that place, and whose it is, is not known either.
        let Some(base) = course.base().filter(|_| !course.is_windows()) else { continue };
        let users = course.users();
        for (point, step) in course.steps() {
            let Actor::Set(user) = course.actor(&users, point) else { continue };
            let Some(folder) = step.run.workdir.as_deref() else { continue };
            let own = user.names_root() || base.presets.workdir == Some(folder);
            if own || !made_for_root(&course, folder, point) {
                out.clear(step.at, "the working folder may be open to the step");
                continue;
            }
            let writes = step.run.commands.iter().find(|it| writes_here(it));
            match writes.filter(|_| !changes_folder(&step)) {
                Some(command) => {
                    let message = format!(
                        "{} writes in {}, which `WORKDIR` made for root, and runs as {}",
                        quote(&command.program),
                        quote(folder),
                        quote(&user.text)
                    );
                    out.fail(&step.at(command.program_span()), message);
                }
                None => out.clear(step.at, "nothing is known to write in the working folder"),
            }
        }
    }
}

/// Whether a step goes elsewhere, or opens the folder itself.
fn changes_folder(step: &Step<'_>) -> bool {
    step.run
        .commands
        .iter()
        .any(|it| it.runs(&["cd", "pushd", "sudo", "su", "chown"]) || it.is_opaque())
}

/// Whether `WORKDIR` made a folder as root, and nothing before a point gave it to anybody.
fn made_for_root(course: &Course<'_>, folder: &str, before: Point) -> bool {
    let users = course.users();
    let folders = course.folders();
    let mut made = folders.iter().filter(|it| it.0 < before && it.1.known && it.1.path == folder);
    let Some((first, _)) = made.next() else { return false };
    let root = course.is_root(&course.actor(&users, *first)) == Some(true);
    let usual = ["/", "/tmp", "/var/tmp"].contains(&folder) || is_below("/home", folder);
    let about = |it: &str| {
        let it = it.trim_end_matches('/');
        it == folder || is_below(it, folder) || covers(it, folder)
    };
    let copied = course.copies().iter().any(|(point, it, _)| {
        *point < before
            && (it.owner.is_some() || it.from.is_some())
            && places(it).iter().any(|it| about(&it.0))
    });
    let home = course.accounts().iter().any(|(_, step, number, it)| {
        let home = it.home.and_then(|it| it.known(step.run, *number));
        it.act == AccountAct::NewUser && home.is_some_and(|it| about(&it))
    });
    let given = course.steps().iter().filter(|it| it.0 < before).any(|(_, step)| {
        let change = step.run.changes.iter().any(|it| {
            let gives = matches!(it.act, FileAct::Own(_) | FileAct::Mode(_));
            gives && (!it.known || about(&it.path))
        });
        change || step.run.commands.iter().any(RunCommand::is_opaque)
    });
    root && !usual && !copied && !home && !given
}

/// Whether a command makes files where it runs.
fn writes_here(command: &RunCommand) -> bool {
    let plain = command.place.depth == 0 && !command.place.inner && command.wrappers().is_empty();
    let first = command.arguments().iter().find(|it| !it.text().starts_with('-'));
    let first = first.map(|it| it.text()).unwrap_or_default();
    let elsewhere = command.arguments().iter().any(|it| {
        let text = it.text();
        matches!(
            &*text,
            "-g" | "--global"
                | "--prefix"
                | "-C"
                | "--cwd"
                | "--dir"
                | "global"
                | "--help"
                | "--version"
        ) || text.starts_with("--prefix=")
            || text.starts_with("--cwd=")
    });
    let writes = match &*command.program {
        "npm" => matches!(&*first, "install" | "ci" | "i"),
        "yarn" => matches!(&*first, "" | "install"),
        "pnpm" | "composer" => matches!(&*first, "install" | "i"),
        "cargo" => matches!(&*first, "build" | "init" | "new"),
        "mvn" => matches!(&*first, "package" | "install" | "compile"),
        _ => false,
    };
    plain && writes && !elsewhere
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn order_decides() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
WORKDIR /srv/app
COPY package.json .
USER node
RUN npm install
#   ^^^ `npm` writes in `/srv/app`, which `WORKDIR` made for root, and runs as `node`
"#,
        );
        for text in [
            "USER node\nWORKDIR /srv/app\nRUN npm install\n",
            "WORKDIR /srv/app\nRUN chown node /srv/app\nUSER node\nRUN npm install\n",
            "RUN mkdir -p /srv/app && chown -R node /srv\nWORKDIR /srv/app\nUSER node\nRUN npm install\n",
            "WORKDIR /home/node/app\nUSER node\nRUN npm install\n",
            "WORKDIR /srv/app\nUSER node\nRUN npm install -g x\n",
            "WORKDIR /srv/app\nRUN npm install\nUSER node\n",
        ] {
            check_dockerfile(&RULE, &format!("FROM node:24\n{text}"));
        }
        check_dockerfile(&RULE, "FROM example/x\nWORKDIR /a\nUSER node\nRUN npm install\n");
    }
}
