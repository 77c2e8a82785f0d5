//! Root's process keeps data in a volume.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::drops::{Drop, drops, starts_a_shell};
use crate::knowledge::base_image::Runtime;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "root-with-persistent-state",
    title: "A process of root keeps data in a volume",
    question: Some(Question::Root),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &["stateful-root-runtime"],
    doc: page!("root_with_persistent_state.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(Ok(user)) = case.facts.user.best().map(|it| &it.value) else { return };
    let shipped = |it: &&crate::facts::Seen<String>| {
        it.reach == crate::facts::Reach::Image && it.via != Input::Run
    };
    // A server whose workers are somebody else keeps little as root.
    let workers = case.builds.iter().filter_map(|it| it.known_base(it.target?));
    if workers.into_iter().any(|it| matches!(it.runtime, Runtime::Workers(_))) {
        return;
    }
    let root = user.is_root() && drops(case) == Drop::None && !starts_a_shell(case);
    for seen in case.facts.volumes.iter().filter(shipped) {
        match &seen.value {
            Ok(path) if root && is_state(path) => {
                let message =
                    format!("files in {} outlive the container and belong to root", quote(path));
                out.fail(&seen.at, message);
            }
            Ok(path) => out.clear(&seen.at, format!("who writes {} need not be root", quote(path))),
            Err(_) => {}
        }
    }
}

/// Whether a path is one for data that is kept, and not that of a person or for a while. Windows has
/// other users.
fn is_state(path: &str) -> bool {
    let elsewhere = ["/home/", "/run/", "/tmp/", "/var/run/", "/var/tmp/"];
    let path = format!("{}/", path.trim_end_matches('/'));
    path.starts_with('/') && !elsewhere.iter().any(|it| path.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn volumes_of_root_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
VOLUME ["/data", "/logs"]
#       ^^^^^^^ files in `/data` outlive the container and belong to root
#                ^^^^^^^ files in `/logs` outlive the container and belong to root
CMD ["/srv/run"]
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nVOLUME /data\nUSER 1000\nCMD x\n");
        check_dockerfile(&RULE, "FROM example/x\nVOLUME /data\nCMD x\n");
        check_dockerfile(&RULE, "FROM debian:13\nVOLUME /tmp /home/app/.cache C:\\\\data\nCMD x\n");
        check_dockerfile(
            &RULE,
            "FROM debian:13\nVOLUME /data\nENTRYPOINT [\"tini\", \"--\"]\nCMD bash\n",
        );
        check_dockerfile(&RULE, "FROM postgres:18\nVOLUME /more\n");
    }
}
