//! A part of the system is declared as a volume.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "sensitive-volume",
    title: "A part of the system is a volume",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &["DKL-DI-0002", "5.6"],
    doc: page!("sensitive_volume.md"),
    check,
};

/// Folders that are sensitive by themselves; what lies in them may be a volume.
const ROOTS: [&str; 12] = [
    "/", "/bin", "/etc", "/lib", "/lib64", "/root", "/run", "/sbin", "/usr", "/usr/bin",
    "/usr/lib", "/var/run",
];
/// Folders that are sensitive with everything in them: what is there is the kernel's.
const TREES: [&str; 4] = ["/boot", "/dev", "/proc", "/sys"];

fn check(case: &Case, out: &mut Outcome) {
    // What a container is given from the machine is another matter.
    for seen in case.facts.volumes.iter().filter(|it| it.via != Input::Run) {
        match &seen.value {
            Ok(path) if is_sensitive(path) => {
                let message = format!(
                    "{} belongs to the system, not to the data of an application",
                    quote(path)
                );
                out.fail(&seen.at, message);
            }
            Ok(path) => out.clear(&seen.at, format!("{} is no part of the system", quote(path))),
            Err(why) => out.gap(&seen.at, why.clone()),
        }
    }
}

fn is_sensitive(path: &str) -> bool {
    if !path.starts_with('/') {
        return false;
    }
    let path = dockerfile::normalized(path);
    let is_in =
        |it: &str| path.strip_prefix(it).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    ROOTS.contains(&&*path) || TREES.iter().any(|it| is_in(it))
}

#[cfg(test)]
mod tests {
    use super::{RULE, is_sensitive};
    use crate::tests::check_dockerfile;

    #[test]
    fn trees_and_single_folders() {
        for path in
            ["/", "/etc", "/etc/", "//proc", "/sys/fs/cgroup", "/dev/shm", "/root", "/usr/../sys"]
        {
            assert!(is_sensitive(path), "{path}");
        }
        for path in
            ["/etc/nginx", "/data", "/root/.cache", "/devel", "/usr/share/nginx/html", "sys", ""]
        {
            assert!(!is_sensitive(path), "{path}");
        }
    }

    #[test]
    fn each_path_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
VOLUME ["/data", "/etc"]
#                ^^^^^^ `/etc` belongs to the system, not to the data of an application
"#,
        );
    }
}
