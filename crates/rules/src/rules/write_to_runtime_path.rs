//! A change to what every container gets anew.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{FileAct, is_below};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "write-to-runtime-path",
    title: "A file is changed that every container gets anew",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("write_to_runtime_path.md"),
    check,
};

/// What a container engine mounts over the image when a container starts.
const OVERLAID: [&str; 3] = ["/etc/hosts", "/etc/resolv.conf", "/etc/hostname"];
const FOLDERS: [&str; 3] = ["/proc", "/sys", "/dev/shm"];

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let found = step.changes.iter().find(|it| is_lost(&it.act) && is_overlaid(&it.path));
        match found {
            Some(it) => {
                let at = Locus::Text { source: *source, span: it.span };
                out.fail(&at, message(&it.path));
            }
            None if !step.changes.is_empty() => out.clear(&seen.at, "what it changes stays"),
            None => {}
        }
    }
    for seen in &case.facts.copies {
        let Ok(copy) = &seen.value else { continue };
        if is_overlaid(&copy.destination) {
            out.fail(&seen.at, message(&copy.destination));
        }
    }
}

fn message(path: &str) -> String {
    format!("every container gets {} anew, so this is lost", quote(path))
}

fn is_overlaid(path: &str) -> bool {
    OVERLAID.contains(&path) || FOLDERS.iter().any(|it| is_below(it, path))
}

/// Links and settings of the build alone are another matter.
fn is_lost(act: &FileAct) -> bool {
    matches!(act, FileAct::Write(_) | FileAct::Append(_) | FileAct::Edit | FileAct::Arrive(_))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn files_of_the_engine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN echo "10.0.0.1 db" >> /etc/hosts && make
#                         ^^^^^^^^^^ every container gets `/etc/hosts` anew, so this is lost
RUN sed -i 's/a/b/' /etc/resolv.conf
#                   ^^^^^^^^^^^^^^^^ every container gets `/etc/resolv.conf` anew, so this is lost
RUN echo 1 > /proc/sys/net/ipv4/ip_forward
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ every container gets `/proc/sys/net/ipv4/ip_forward` anew, so this is lost
RUN echo a > /etc/hosts.allow && cat /etc/hosts
"#,
        );
    }
}
