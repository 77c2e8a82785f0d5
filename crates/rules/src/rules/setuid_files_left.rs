//! Programs that run as their owner or group are in the image.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::files::{Files, Privileged, layer, path};
use crate::in_layers::{clear, names, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "setuid-files-left",
    title: "Programs with the set-user-ID or set-group-ID bit are in the image",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Layers],
    aka: &["CIS-DI-0008", "4.8"],
    doc: page!("setuid_files_left.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    let mut layers: Vec<Vec<&Privileged>> = Vec::new();
    for it in
        files.privileged.iter().filter(|it| (it.set_uid || it.set_gid) && !is_added(files, it))
    {
        match layers
            .iter_mut()
            .find(|all| all.first().is_some_and(|one| layer(&one.at) == layer(&it.at)))
        {
            Some(all) => all.push(it),
            None => layers.push(vec![it]),
        }
    }
    for all in &layers {
        let Some(first) = all.first() else { continue };
        let names = names(all.iter().map(|it| path(&it.at)));
        let verb = if all.len() == 1 { "runs" } else { "run" };
        let message = format!(
            "{names} {verb} with the rights of the owner or the group, whoever starts them"
        );
        with_origin(files, &first.at, out.fail(&first.at, message));
    }
    if layers.is_empty() {
        clear(files, out, "no program of the base image has a set-user-ID or set-group-ID bit");
    }
}

/// Whether the build added a program to what its base image has: then it is a matter of its own.
pub(super) fn is_added(files: &Files, it: &Privileged) -> bool {
    files.n_base.is_some() && !files.is_base(&it.at) && !is_usual(path(&it.at))
}

/// Programs that packages of distributions bring with these bits.
fn is_usual(path: &str) -> bool {
    const NAMES: [&str; 33] = [
        "at",
        "chage",
        "chfn",
        "chsh",
        "crontab",
        "dbus-daemon-launch-helper",
        "expiry",
        "fusermount",
        "fusermount3",
        "gpasswd",
        "mount",
        "mount.cifs",
        "mount.nfs",
        "newgidmap",
        "newgrp",
        "newuidmap",
        "pam_extrausers_chk",
        "pam_timestamp_check",
        "passwd",
        "ping",
        "pkexec",
        "polkit-agent-helper-1",
        "postdrop",
        "postqueue",
        "ssh-agent",
        "ssh-keysign",
        "su",
        "umount",
        "unix_chkpwd",
        "utempter",
        "wall",
        "write",
        "write.ul",
    ];
    let name = path.rsplit('/').next().unwrap_or_default();
    !path.starts_with("/usr/local/") && NAMES.contains(&name)
}

/// A program in a sentence.
pub(super) fn shown(it: &Privileged) -> String {
    quote(path(&it.at))
}
