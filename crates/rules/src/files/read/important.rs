//! Which files are important, by their paths.

use crate::files::{Important, LeftoverKind};

/// What makes a file of the system important.
pub(super) fn important(path: &str) -> Option<Important> {
    let (top, rest) = path.split_once('/').unwrap_or((path, ""));
    match top {
        "etc" => Some(settings(rest)),
        "bin" | "sbin" | "lib" | "lib32" | "lib64" | "libx32" => Some(Important::Programs),
        "usr" => usr(rest),
        "var" if rest.starts_with("spool/cron/") => Some(Important::Schedule),
        "boot" => Some(Important::Settings),
        _ => None,
    }
}

fn settings(path: &str) -> Important {
    let name = path.trim_end_matches('-');
    match name {
        "passwd" | "shadow" | "group" | "gshadow" | "subuid" | "subgid" | "sudoers"
        | "doas.conf" => {
            return Important::Accounts;
        }
        "ld.so.preload" | "ld.so.conf" | "ld.so.cache" => return Important::Loader,
        _ => {}
    }
    let starts = |names: &[&str]| names.iter().any(|it| path.starts_with(it));
    if starts(&["sudoers.d/", "pam.d/", "security/"]) {
        Important::Accounts
    } else if starts(&["ld.so.conf.d/", "ld-musl-"]) {
        Important::Loader
    } else if starts(&[
        "ssl/",
        "pki/",
        "ca-certificates",
        "apt/trusted.gpg",
        "apt/keyrings/",
        "apk/keys/",
    ]) {
        Important::Trust
    } else if starts(&["cron", "periodic/", "anacrontab"]) {
        Important::Schedule
    } else {
        Important::Settings
    }
}

fn usr(path: &str) -> Option<Important> {
    let path = path.strip_prefix("local/").unwrap_or(path);
    let top = path.split('/').next().unwrap_or_default();
    match top {
        "bin" | "sbin" | "lib" | "lib32" | "lib64" | "libx32" | "libexec" | "games" => {
            Some(Important::Programs)
        }
        "share" if path.starts_with("share/ca-certificates/") => Some(Important::Trust),
        _ => None,
    }
}

/// Whether a file of the application is a program: its name says so, or it may be executed.
pub(super) fn is_code(path: &str, mode: u16) -> bool {
    const ENDS: [&str; 18] = [
        ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".php", ".pl", ".sh", ".lua", ".jar", ".war",
        ".class", ".so", ".dll", ".wasm", ".ex", ".erl",
    ];
    mode & 0o111 != 0 || ENDS.iter().any(|it| path.ends_with(it))
}

/// What a build leaves behind, by its path.
pub(super) fn leftover(path: &str, size: u64) -> Option<LeftoverKind> {
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    let within = |it: &str| {
        directory == it || directory.strip_prefix(it).is_some_and(|it| it.starts_with('/'))
    };
    if name.starts_with('.') && name.ends_with("_history")
        || matches!(name, ".lesshst" | ".viminfo" | ".wget-hsts")
    {
        return (size > 0).then_some(LeftoverKind::History);
    }
    if name == "HEAD" && directory.ends_with(".git") && !is_vendored(directory) {
        return Some(LeftoverKind::VersionControl);
    }
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if name.strip_prefix("core.").is_some_and(is_number) && size > 4096 {
        return Some(LeftoverKind::CoreDump);
    }
    if within("var/lib/apt/lists")
        && size > 0
        && name != "lock"
        && directory != "var/lib/apt/lists/auxfiles"
    {
        return Some(LeftoverKind::PackageCache);
    }
    let caches = [
        "var/cache/apk",
        "var/cache/dnf",
        "var/cache/yum",
        "var/cache/apt/archives",
        "root/.cache/pip",
        "root/.npm/_cacache",
        "var/cache/zypp",
        "var/cache/pacman/pkg",
    ];
    if size > 0 && name != "lock" && caches.iter().any(|it| within(it)) {
        return Some(LeftoverKind::PackageCache);
    }
    if within("var/log") && size > 0
        || matches!(name, "npm-debug.log" | "yarn-error.log" | "pip.log")
    {
        return Some(LeftoverKind::Log);
    }
    let dumps = [".sql", ".dump", ".tfstate", ".tfstate.backup", ".sql.gz", ".hprof", ".bak.gz"];
    let is_system =
        important(path).is_some() || path.starts_with("usr/share/") || is_vendored(directory);
    (size > 0 && !is_system && dumps.iter().any(|it| name.ends_with(it)))
        .then_some(LeftoverKind::Dump)
}

/// Whether a path is in a tree of libraries that somebody else made.
fn is_vendored(directory: &str) -> bool {
    directory.split('/').any(|it| {
        matches!(it, "node_modules" | "vendor" | "site-packages" | "dist-packages" | "gems")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_system() {
        for (path, expected) in [
            ("etc/passwd", Some(Important::Accounts)),
            ("etc/shadow-", Some(Important::Accounts)),
            ("etc/ld.so.preload", Some(Important::Loader)),
            ("etc/ssl/certs/ca-certificates.crt", Some(Important::Trust)),
            ("etc/cron.d/job", Some(Important::Schedule)),
            ("etc/hostname", Some(Important::Settings)),
            ("usr/local/lib/python3.13/site-packages/a.py", Some(Important::Programs)),
            ("bin/sh", Some(Important::Programs)),
            ("usr/share/doc/x", None),
            ("srv/app/main.py", None),
        ] {
            assert_eq!(important(path), expected, "{path}");
        }
    }

    #[test]
    fn what_builds_leave() {
        for (path, expected) in [
            ("root/.bash_history", Some(LeftoverKind::History)),
            ("app/.git/HEAD", Some(LeftoverKind::VersionControl)),
            ("app/node_modules/x/.git/HEAD", None),
            ("var/lib/apt/lists/deb.debian.org_x", Some(LeftoverKind::PackageCache)),
            ("var/lib/apt/lists/lock", None),
            ("var/log/dpkg.log", Some(LeftoverKind::Log)),
            ("app/core.123", None),
            ("app/dump.sql", Some(LeftoverKind::Dump)),
            ("usr/lib/python3/x.sql", None),
        ] {
            assert_eq!(leftover(path, 100), expected, "{path}");
        }
        assert_eq!(leftover("core.123", 100_000), Some(LeftoverKind::CoreDump));
        assert_eq!(leftover("root/.bash_history", 0), None);
    }
}
