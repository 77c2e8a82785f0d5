//! The user is in a group that is as good as root.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "user-in-root-group",
    title: "The user is in a group with special rights",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run],
    aka: &[],
    doc: page!("user_in_root_group.md"),
    check,
};

/// Groups with what they let their members do. Group 0 is left out: images for OpenShift give it on
/// purpose, and it has no rights of its own.
const GROUPS: [(&str, &str); 10] = [
    ("adm", "read the system's logs"),
    ("admin", "become root with `sudo`"),
    ("disk", "read and write disks past all permissions"),
    ("docker", "control the engine, and so the machine, if its socket is there"),
    ("kmem", "read the kernel's memory"),
    ("lxd", "control the engine, and so the machine, if its socket is there"),
    ("podman", "control the engine, and so the machine, if its socket is there"),
    ("shadow", "read the password hashes"),
    ("sudo", "become root with `sudo`"),
    ("wheel", "become root with `sudo`"),
];

fn check(case: &Case, out: &mut Outcome) {
    let best = case.facts.user.best();
    let Some((seen, user)) = best.and_then(|it| Some((it, it.value.as_ref().ok()?))) else {
        return;
    };
    if user.names_root() {
        return;
    }
    if let Some(group) = user.group() {
        judge(user.name(), group, &seen.at, out);
        // The group there is the only one.
        return;
    }
    for course in Course::all(case) {
        for (_, step, number, account) in course.accounts() {
            if account.name.known(step.run, number).as_deref() != Some(user.name()) {
                continue;
            }
            for given in [account.group, account.groups].into_iter().flatten() {
                let at = step.at(given.word.span);
                for group in given.known(step.run, number).unwrap_or_default().split(',') {
                    judge(user.name(), group, &at, out);
                }
            }
        }
    }
}

fn judge(user: &str, group: &str, at: &Locus, out: &mut Outcome) {
    match GROUPS.iter().find(|it| it.0 == group) {
        Some((_, may)) => {
            let message = format!("members of {} such as {} may {may}", quote(group), quote(user));
            out.fail(at, message);
        }
        None => out.clear(at, format!("{} gives no special rights", quote(group))),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn groups_of_the_final_user_are_judged() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN useradd -G audio,sudo app && adduser app docker
#              ^^^^^^^^^^ members of `sudo` such as `app` may become root with `sudo`
#                                            ^^^^^^ members of `docker` such as `app` may control the engine, and so the machine, if its socket is there
RUN usermod -aG wheel other
USER app
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nRUN useradd -G sudo app\nUSER app:app\n");
        check_dockerfile(&RULE, "FROM debian:13\nRUN useradd -g 0 app\nUSER app:0\n");
    }
}
