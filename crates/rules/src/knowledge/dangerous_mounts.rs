//! Host paths whose mount hands a container influence over the host.
//!
//! Paths and control numbers follow the CIS Docker Benchmark 1.6, section 5, docker-bench-security
//! and published escape techniques; `data/NOTICE.md` names them. Only the path counts: what really
//! lies there on some host nobody here can see.

use std::borrow::Cow;

use super::Risk;
use super::glob;
use super::table::{Table, columns};

pub(super) static MOUNTS: Table = Table::new(include_str!("../../data/dangerous_mounts.tsv"));

/// How a host path is mounted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// The container cannot write.
    ReadOnly,
    /// The container can write, as far as the files' modes let it.
    ReadWrite,
}

/// What a mount risks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mount {
    /// How much it helps an intruder.
    pub risk: Risk,
    /// The path or pattern of the table: a part of what is mounted, or all of it.
    pub path: &'static str,
    /// Whether the mount contains that path, rather than being it.
    pub inside: bool,
    /// What is gained by it.
    pub why: &'static str,
    /// The control of the CIS Docker Benchmark that is about it.
    pub cis: Option<&'static str>,
}

/// What mounting a host path risks: the worst of what the path is and what lies below it. `None`
/// if it is no path, such as a volume's name, or nothing is known of it.
pub fn mount(host_path: &str, mode: Mode) -> Option<Mount> {
    let path = normalize(host_path)?;
    let rows = MOUNTS.rows().filter_map(Row::parse).filter(|it| it.applies(mode));
    let found = rows.filter_map(|it| it.concerns(&path));
    // The first of equally bad rows is the one meant, and what is mounted before what is inside.
    found.reduce(|best, it| {
        let is_worse = it.risk > best.risk || (it.risk == best.risk && best.inside && !it.inside);
        if is_worse { it } else { best }
    })
}

/// Whether the path is the socket of a container engine, on the host or in a container.
pub fn is_engine_socket(path: &str) -> bool {
    let Some(path) = normalize(path) else { return false };
    let last = path.rsplit('/').next().unwrap_or_default();
    let mut engines = MOUNTS.rows().filter_map(Row::parse).filter(|it| it.kind == "engine");
    engines.any(|it| {
        let name = it.path.rsplit('/').next().unwrap_or_default();
        it.is(&path) || (last == name && name.ends_with(".sock"))
    })
}

#[derive(Clone, Copy)]
struct Row {
    path: &'static str,
    mode: &'static str,
    risk: Risk,
    kind: &'static str,
    cis: Option<&'static str>,
    why: &'static str,
}

impl Row {
    fn parse(row: &'static str) -> Option<Self> {
        let [path, mode, risk, kind, cis, why] = columns(row);
        let cis = (!cis.is_empty()).then_some(cis);
        Some(Self { path, mode, risk: Risk::parse(risk)?, kind, cis, why })
    }

    fn applies(&self, mode: Mode) -> bool {
        match (self.mode, mode) {
            ("*", _) | ("ro", Mode::ReadOnly) | ("rw", Mode::ReadWrite) => true,
            (_, Mode::ReadOnly | Mode::ReadWrite) => false,
        }
    }

    fn concerns(&self, path: &str) -> Option<Mount> {
        let inside = !self.is(path);
        if inside && !self.is_inside(path) {
            return None;
        }
        let Self { path, mode: _, risk, kind: _, cis, why } = *self;
        Some(Mount { risk, path, inside, why, cis })
    }

    fn is(&self, path: &str) -> bool {
        match self.path.contains('*') {
            true => glob::path(self.path, path),
            false => self.path == path,
        }
    }

    /// Whether the row's path lies below `path`. What may lie anywhere does not count, nor does
    /// what is harmless.
    fn is_inside(&self, path: &str) -> bool {
        let Some(below_root) = self.path.strip_prefix('/').filter(|it| !it.starts_with('/')) else {
            return false;
        };
        let mut shapes = below_root.split('/');
        let mut parts = path.split('/').filter(|it| !it.is_empty());
        parts.all(|part| shapes.next().is_some_and(|shape| glob::like(shape, part)))
            && shapes.next().is_some_and(|it| !it.is_empty())
            && self.risk > Risk::None
    }
}

/// The path as the table has it: absolute and without detours, `/var/run` under its other name
/// `/run`. Windows' separators and pipe names are understood.
fn normalize(host_path: &str) -> Option<Cow<'_, str>> {
    if host_path.trim_matches(['{', '}', '$']) == "SSH_AUTH_SOCK" && host_path.starts_with('$') {
        return Some(Cow::Borrowed("$SSH_AUTH_SOCK"));
    }
    let slashes = host_path.replace('\\', "/");
    let pipe = slashes.strip_prefix("npipe:").unwrap_or(&slashes).trim_start_matches('/');
    if let Some(name) = pipe.strip_prefix("./pipe/").filter(|_| slashes.contains("//./pipe/")) {
        return Some(Cow::Owned(format!("//./pipe/{name}")));
    }
    let home = host_path.strip_prefix("~").or(host_path.strip_prefix("$HOME"));
    let home = home.or(host_path.strip_prefix("${HOME}"));
    let absolute = match home {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("/home/~{rest}"),
        _ => host_path.starts_with('/').then(|| host_path.to_owned())?,
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in absolute.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    if let ["var", "run", rest @ ..] = &parts[..] {
        parts = [&["run"], rest].concat();
    }
    Some(Cow::Owned(format!("/{}", parts.join("/"))))
}

#[cfg(test)]
mod tests {
    use super::super::table::check;
    use super::*;

    fn risk(path: &str, mode: Mode) -> Option<Risk> {
        mount(path, mode).map(|it| it.risk)
    }

    #[test]
    fn sockets_of_engines() {
        for path in [
            "/var/run/docker.sock",
            "/run/docker.sock",
            "//var//run/./docker.sock",
            "/run/containerd/containerd.sock",
            "/var/run/crio/crio.sock",
            "/var/run/../run/podman/podman.sock",
            "/run/buildkit/buildkitd.sock",
            "//./pipe/docker_engine",
            r"\\.\pipe\docker_engine",
            "npipe:////./pipe/docker_engine",
            "/var/lib/lxd/unix.socket",
        ] {
            for mode in [Mode::ReadOnly, Mode::ReadWrite] {
                assert_eq!(risk(path, mode), Some(Risk::Critical), "{path}");
            }
            assert!(is_engine_socket(path), "{path}");
        }
        assert_eq!(risk("/run/user/1000/docker.sock", Mode::ReadOnly), Some(Risk::High));
        assert!(is_engine_socket("/run/user/1000/podman/podman.sock"));
        assert!(is_engine_socket("/host/var/run/docker.sock"));
        for path in ["", "docker.sock", "/run/docker.sock.bak", "/var/run", "/srv/unix.socket"] {
            assert!(!is_engine_socket(path), "{path}");
        }
    }

    #[test]
    fn the_mode_matters() {
        assert_eq!(risk("/etc", Mode::ReadWrite), Some(Risk::Critical));
        assert_eq!(risk("/root", Mode::ReadOnly), Some(Risk::Critical), "it holds .ssh");
        assert_eq!(risk("/boot", Mode::ReadOnly), Some(Risk::Low));
        assert_eq!(risk("/boot", Mode::ReadWrite), Some(Risk::Critical));
        assert_eq!(risk("/etc/passwd", Mode::ReadWrite), Some(Risk::High));
        assert_eq!(risk("/etc/passwd", Mode::ReadOnly), None);
        assert_eq!(risk("/etc/hosts", Mode::ReadOnly), Some(Risk::None));
        assert_eq!(risk("/etc/hosts", Mode::ReadWrite), Some(Risk::Low));
        assert_eq!(risk("/etc/localtime", Mode::ReadOnly), Some(Risk::None));
        let etc = mount("/etc/", Mode::ReadWrite).unwrap();
        assert_eq!((etc.path, etc.inside, etc.cis), ("/etc", false, Some("5.6")));
    }

    #[test]
    fn a_mount_inherits_what_it_contains() {
        for (path, mode, found, inside, expected) in [
            ("/", Mode::ReadOnly, "/", false, Risk::Critical),
            ("/var", Mode::ReadOnly, "/var/lib/docker", true, Risk::Critical),
            ("/var/run", Mode::ReadOnly, "/run", false, Risk::Critical),
            ("/var/lib", Mode::ReadOnly, "/var/lib/docker", true, Risk::Critical),
            ("/run/podman", Mode::ReadOnly, "/run/podman/podman.sock", true, Risk::Critical),
            ("/run/user/1000", Mode::ReadOnly, "/run/user/*", false, Risk::High),
            ("/run/user", Mode::ReadOnly, "/run/user/*/podman/podman.sock", true, Risk::High),
            ("/home", Mode::ReadOnly, "/home/*/.ssh", true, Risk::Critical),
            ("/home/ann", Mode::ReadOnly, "/home/*/.ssh", true, Risk::Critical),
            ("/opt", Mode::ReadWrite, "/opt/cni", true, Risk::Critical),
            ("/tmp", Mode::ReadOnly, "/tmp/.X11-unix", true, Risk::High),
            ("/dev/net", Mode::ReadOnly, "/dev/net/tun", true, Risk::Low),
        ] {
            let it = mount(path, mode).unwrap();
            assert_eq!((it.path, it.inside, it.risk), (found, inside, expected), "{path}");
        }
        assert_eq!(mount("/opt", Mode::ReadOnly), None);
        assert_eq!(
            mount("/usr/share", Mode::ReadOnly),
            None,
            "only harmless things are known there"
        );
        assert_eq!(mount("/home/ann/project", Mode::ReadWrite), None);
    }

    #[test]
    fn patterns_and_home_directories() {
        assert_eq!(risk("/dev/sda1", Mode::ReadOnly), Some(Risk::Critical));
        assert_eq!(risk("/dev/null", Mode::ReadOnly), None);
        assert_eq!(risk("/home/ann/.ssh", Mode::ReadOnly), Some(Risk::Critical));
        assert_eq!(risk("/srv/ci/.ssh/", Mode::ReadOnly), Some(Risk::High));
        assert_eq!(risk("/root/.config/gcloud", Mode::ReadOnly), Some(Risk::High));
        for home in ["~/.aws", "$HOME/.aws", "${HOME}/.aws/."] {
            assert_eq!(risk(home, Mode::ReadOnly), Some(Risk::High), "{home}");
        }
        assert_eq!(risk("~", Mode::ReadOnly), Some(Risk::Critical), "it holds .ssh");
        assert_eq!(risk("$SSH_AUTH_SOCK", Mode::ReadOnly), Some(Risk::High));
        assert_eq!(risk("${SSH_AUTH_SOCK}", Mode::ReadOnly), Some(Risk::High));
        for name in ["", "data", "./etc", "../etc", "$DATA/etc", "SSH_AUTH_SOCK", "~ann/.aws"] {
            assert_eq!(risk(name, Mode::ReadWrite), None, "{name}");
        }
    }

    #[test]
    fn detours_do_not_hide_a_path() {
        for path in ["/a/../etc", "/etc/.", "/etc//", "/../../etc", "/etc/cron.d/.."] {
            assert_eq!(normalize(path).as_deref(), Some("/etc"), "{path}");
        }
        assert_eq!(normalize("/..").as_deref(), Some("/"));
        let deep = "/a".repeat(50_000);
        assert_eq!(mount(&deep, Mode::ReadWrite), None);
    }

    #[test]
    fn the_table_is_read_completely() {
        check::shape(&MOUNTS, 6, 6);
        let kinds = [
            "engine",
            "engine-data",
            "files",
            "sockets",
            "cluster",
            "kernel",
            "devices",
            "credentials",
            "harmless",
        ];
        let rows: Vec<Row> = MOUNTS.rows().filter_map(Row::parse).collect();
        assert_eq!(rows.len(), MOUNTS.rows().count());
        for it in &rows {
            assert!(["*", "ro", "rw"].contains(&it.mode), "{}", it.path);
            assert!(kinds.contains(&it.kind), "{} {}", it.path, it.kind);
            assert!(it.cis.is_none_or(|cis| cis.starts_with("5.")), "{}", it.path);
            assert!(!it.why.is_empty(), "{}", it.path);
            let as_written = normalize(it.path).is_none_or(|path| path == it.path);
            assert!(as_written, "{} would never be found", it.path);
            let same = rows.iter().filter(|other| other.path == it.path && other.mode == it.mode);
            assert_eq!(same.count(), 1, "{} is there twice", it.path);
        }
    }
}
