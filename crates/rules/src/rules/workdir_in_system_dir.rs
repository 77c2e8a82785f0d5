//! The working folder is one of the kernel's.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "workdir-in-system-dir",
    title: "The working folder belongs to the system",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &["DS-0030"],
    doc: page!("workdir_in_system_dir.md"),
    check,
};

/// Folders whose content is not the image's.
const TREES: [&str; 5] = ["/boot", "/dev", "/lost+found", "/proc", "/sys"];

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.folders.iter().filter(|it| it.reach != Reach::Unused) {
        let Ok(folder) = &seen.value else { continue };
        let at = match &seen.at {
            report::Locus::Text { source, .. } => {
                report::Locus::Text { source: *source, span: folder.word }
            }
            other @ report::Locus::Layer { .. } => other.clone(),
        };
        judge(&folder.path, &at, out);
    }
    for seen in case.facts.workdir.seen.iter().filter(|it| it.via != Input::Dockerfile) {
        if let Ok(path) = &seen.value {
            judge(path, &seen.at, out);
        }
    }
}

fn judge(path: &str, at: &report::Locus, out: &mut Outcome) {
    let is_in = |it: &str| {
        path.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if TREES.iter().any(|it| is_in(it)) {
        let message = format!(
            "{} shows the running system, and is no place for files of the image",
            quote(path)
        );
        out.fail(at, message);
    } else {
        out.clear(at, format!("{} is a folder of the image", quote(path)));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn folders_of_the_kernel_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG TOP=/proc
WORKDIR ${TOP}/self
#       ^^^^^^^^^^^ `/proc/self` shows the running system, and is no place for files of the image
WORKDIR /
WORKDIR dev
#       ^^^ `/dev` shows the running system, and is no place for files of the image
WORKDIR /development
WORKDIR /usr/src/sys
"#,
        );
    }
}
