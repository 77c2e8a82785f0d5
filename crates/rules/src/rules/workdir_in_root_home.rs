//! An unprivileged user works in root's home.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::mode_and_paths;
use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "workdir-in-root-home",
    title: "An unprivileged user works in root's home",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("workdir_in_root_home.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        if course.is_root(&course.last_actor()) != Some(false) {
            continue;
        }
        // Only the last working folder is the one of the container.
        let folders = course.folders();
        let Some((_, folder)) = folders.last() else { continue };
        let at = course.at(folder.word);
        if folder.known && in_home(&folder.path) && !is_opened(&course) {
            let message = format!(
                "{} is in root's home, which other users may not enter",
                quote(&folder.path)
            );
            out.fail(&at, message);
        } else {
            out.clear(&at, "the working folder is open to the user");
        }
    }
}

fn in_home(path: &str) -> bool {
    path == "/root" || path.starts_with("/root/")
}

/// Whether a step lets others into root's home, or gives it away.
fn is_opened(course: &Course<'_>) -> bool {
    course.steps().iter().flat_map(|it| &it.1.run.commands).any(|it| {
        let owner = it.runs(&["chown", "chgrp", "setfacl", "usermod"]);
        let paths = mode_and_paths(it).map(|it| it.1).unwrap_or_default();
        let words = if owner { it.arguments().iter().collect() } else { paths };
        words.iter().any(|it| in_home(it.text().trim_end_matches('/')))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_last_folder_is_judged() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
WORKDIR /root
WORKDIR app
#       ^^^ `/root/app` is in root's home, which other users may not enter
USER app
"#,
        );
        for rest in [
            "WORKDIR /root\nUSER root\n",
            "WORKDIR /root\nUSER app\nWORKDIR /srv\n",
            "RUN chmod 755 /root\nWORKDIR /root\nUSER app\n",
            "RUN chown -R app /root/\nWORKDIR /root\nUSER app\n",
            "WORKDIR /rooted\nUSER app\n",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\n{rest}"));
        }
    }
}
