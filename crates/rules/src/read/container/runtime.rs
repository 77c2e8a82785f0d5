//! Reads what a runtime starts: the `config.json` of an OCI bundle, alone or in what `nerdctl
//! inspect --mode=native` shows.
//!
//! Here nothing has a default of an engine any more: what is not listed is not there. A namespace
//! that is not listed is the host's, a filter that is not set does not filter.

use image::Variable;
use image::json::Json;
use report::Locus;
use text::{SourceId, Span};

use super::{Told, at, placed_text, text_member, text_of, texts, values};
use crate::facts::{Container, Device, Engine, Grant, Mount, MountType, Notation, Placed, Profile};

/// The capabilities that every engine grants unless told otherwise.
const USUAL: [&str; 11] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// What Docker grants beside them.
const OF_DOCKER: [&str; 3] = ["AUDIT_WRITE", "MKNOD", "NET_RAW"];

/// Files that engines mount themselves.
const OWN_FILES: [&str; 4] =
    ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv"];

/// Reads a container.
pub(super) fn read(source: SourceId, object: Json<'_>) -> Told {
    // `crictl inspect` has it beside what it says itself.
    let of_crictl = object.get("info").and_then(|it| it.get("runtimeSpec"));
    let spec = object.get("Spec").or(of_crictl).unwrap_or(object);
    let engine = if object.get("Spec").is_some() { Engine::Nerdctl } else { Engine::Docker };
    let reader = Reader { source, spec };
    let place = reader.start(spec);
    let mut out = Told::new(Container::untold(Notation::Inspect, engine, place));
    let status = object.get("status").and_then(|it| it.get("image")?.get("image"));
    let image = object.get("Image").or(status).and_then(|it| Some((it, text_of(it)?)));
    out.container.image =
        image.map(|(it, text)| Placed { value: text.as_str().to_owned(), at: at(source, it) });
    out.container.is_windows = spec.get("windows").is_some();
    reader.process(&mut out);
    if !out.container.is_windows {
        reader.privileges(&mut out.container);
        reader.namespaces(&mut out.container);
        reader.limits(&mut out.container);
    }
    reader.files(&mut out.container);
    out
}

struct Reader<'a> {
    source: SourceId,
    spec: Json<'a>,
}

impl<'a> Reader<'a> {
    /// The first character of a value stands for all of it.
    fn start(&self, it: Json<'_>) -> Locus {
        let start = it.span().start();
        Locus::Text { source: self.source, span: Span::new(start, start + 1) }
    }

    fn member(&self, names: &[&str]) -> Option<Json<'a>> {
        names.iter().try_fold(self.spec, |it, name| it.get(name))
    }

    /// A part of the specification, or all of it.
    fn part(&self, name: &str) -> Json<'a> {
        self.spec.get(name).unwrap_or(self.spec)
    }

    fn process(&self, out: &mut Told) {
        let Some(process) = self.spec.get("process") else { return };
        let config = &mut out.config;
        let user = process.get("user");
        let user = user.and_then(|it| it.get("uid").or_else(|| it.get("username")));
        config.user = user.and_then(placed_text);
        config.cmd =
            process.get("args").into_iter().flat_map(texts).filter_map(placed_text).collect();
        config.working_dir = process.get("cwd").and_then(placed_text);
        for it in process.get("env").into_iter().flat_map(Json::items) {
            let Some(text) = it.string() else { continue };
            let Some(sign) = text.as_str().find('=') else { continue };
            let (name, value) = (text.slice(0..sign), text.slice(sign + 1..text.as_str().len()));
            config.env.push(Variable { name, value, span: it.span() });
        }
        let groups = process.get("user").and_then(|it| it.get("additionalGids"));
        for it in groups.into_iter().flat_map(Json::items) {
            let text = it.raw().to_owned();
            values::add(&mut out.container.groups, text, at(self.source, it));
        }
        for it in process.get("rlimits").into_iter().flat_map(Json::items) {
            if let Some(name) = text_member(it, "type") {
                values::add(&mut out.container.ulimits, name, at(self.source, it));
            }
        }
    }

    fn privileges(&self, out: &mut Container) {
        let process = self.part("process");
        let linux = self.part("linux");
        let (of_process, of_linux) = (self.start(process), self.start(linux));
        out.no_new_privileges = match process.get("noNewPrivileges") {
            Some(it) => Grant::new(it.boolean() == Some(true), at(self.source, it)),
            None => Grant::Unset(of_process),
        };
        out.seccomp = match linux.get("seccomp") {
            Some(it) => Grant::new(values::profile("{"), self.start(it)),
            None => Grant::new(Profile::Off, of_linux.clone()),
        };
        if let Some((it, name)) =
            process.get("apparmorProfile").and_then(|it| Some((it, it.string()?)))
            && !name.is_empty()
        {
            out.apparmor = Grant::new(values::profile(name.as_str()), at(self.source, it));
        }
        let label = process.get("selinuxLabel").and_then(|it| Some((it, it.string()?)));
        if let Some((it, label)) = label
            && label.as_str().contains(":spc_t:")
        {
            out.selinux = Grant::new(Profile::Off, at(self.source, it));
        }
        let masked = linux.get("maskedPaths");
        let is_open = masked.is_none_or(|it| it.items().next().is_none());
        let place = masked.map_or(of_linux, |it| self.start(it));
        out.unmasked = Grant::new(is_open, place);
        self.capabilities(out);
        let rules = self.member(&["linux", "resources", "devices"]);
        for it in rules.into_iter().flat_map(Json::items) {
            let is_on = it.get("allow").and_then(Json::boolean) == Some(true);
            let is_all =
                it.get("major").is_none() && text_member(it, "type").is_none_or(|it| it == "a");
            if is_on && is_all {
                let rule = Device { host: "a *:* rwm".to_owned(), is_rule: true };
                values::add(&mut out.devices, rule, at(self.source, it));
            }
        }
        let has_all = |name: &str| out.caps_added.all().iter().any(|it| it.value == name);
        let is_privileged = ["SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO"].into_iter().all(has_all)
            && is_open
            && out.devices.all().iter().any(|it| it.value.is_rule);
        out.privileged = match self.member(&["process", "capabilities"]) {
            Some(it) if is_privileged => Grant::new(true, self.start(it)),
            _ => Grant::Unset(out.at.clone()),
        };
        for it in linux.get("devices").into_iter().flat_map(Json::items) {
            if let Some(host) = text_member(it, "path") {
                values::add(&mut out.devices, Device { host, is_rule: false }, at(self.source, it));
            }
        }
    }

    /// Capabilities as engines are asked for them: what is added to the usual ones, or, where some
    /// of those are missing, to none.
    fn capabilities(&self, out: &mut Container) {
        let all = self.member(&["process", "capabilities"]);
        let place = self.start(all.unwrap_or(self.part("process")));
        // What the process may ever have, and what it has.
        let list = all.and_then(|it| it.get("bounding").or_else(|| it.get("effective")));
        let named: Vec<Placed<String>> = list
            .into_iter()
            .flat_map(Json::items)
            .filter_map(|it| {
                let text = it.string()?;
                let name = text.as_str().trim_start_matches("CAP_").to_owned();
                Some(Placed { value: name, at: at(self.source, it) })
            })
            .collect();
        let is_usual = USUAL.iter().all(|it| named.iter().any(|own| own.value == *it));
        out.caps_added = Grant::Unset(place.clone());
        out.caps_dropped = Grant::Unset(place.clone());
        if !is_usual {
            values::add(&mut out.caps_dropped, "ALL".to_owned(), place);
        }
        for it in named {
            let is_default = USUAL.contains(&&*it.value) || OF_DOCKER.contains(&&*it.value);
            if !(is_usual && is_default) {
                values::add(&mut out.caps_added, it.value, it.at);
            }
        }
    }

    fn namespaces(&self, out: &mut Container) {
        let linux = self.part("linux");
        let list: Vec<Json<'_>> =
            linux.get("namespaces").into_iter().flat_map(Json::items).collect();
        let place = self.start(linux.get("namespaces").unwrap_or(linux));
        for (kind, grant) in [
            ("network", &mut out.network),
            ("pid", &mut out.pid),
            ("ipc", &mut out.ipc),
            ("uts", &mut out.uts),
            ("cgroup", &mut out.cgroupns),
        ] {
            let own = list.iter().find(|it| text_member(**it, "type").as_deref() == Some(kind));
            let value = own.map_or("host".to_owned(), |it| match text_member(*it, "path") {
                Some(path) => format!("ns:{path}"),
                None => "private".to_owned(),
            });
            let place = own.map_or_else(|| place.clone(), |it| at(self.source, *it));
            *grant = Grant::new(value, place);
        }
        let users = list.iter().find(|it| text_member(**it, "type").as_deref() == Some("user"));
        out.userns = match users {
            Some(it) => Grant::new("mapped".to_owned(), at(self.source, *it)),
            None => Grant::Unset(place),
        };
        if let Some(it) = linux.get("cgroupsPath").and_then(|it| Some((it, it.string()?))) {
            out.cgroup_parent = Grant::new(it.1.as_str().to_owned(), at(self.source, it.0));
        }
    }

    fn files(&self, out: &mut Container) {
        let root = self.spec.get("root");
        out.read_only = match root.and_then(|it| it.get("readonly")) {
            Some(it) => Grant::new(it.boolean() == Some(true), at(self.source, it)),
            None => Grant::Unset(self.start(root.unwrap_or(self.spec))),
        };
        let list = self.spec.get("mounts");
        out.mounts = Grant::Unset(self.start(list.unwrap_or(self.spec)));
        for it in list.into_iter().flat_map(Json::items).take(2000) {
            if let Some(mount) = mount(it) {
                values::add(&mut out.mounts, mount, at(self.source, it));
            }
        }
    }

    fn limits(&self, out: &mut Container) {
        let place = self.start(self.member(&["linux", "resources"]).unwrap_or(self.part("linux")));
        let limit = |paths: &[[&str; 2]]| {
            let values = paths.iter().filter_map(|[group, name]| {
                let it = self.member(&["linux", "resources", group, name])?;
                Some(Placed { value: values::limit(it.raw())?, at: at(self.source, it) })
            });
            values.map(Grant::Set).next().unwrap_or(Grant::Unset(place.clone()))
        };
        out.memory = limit(&[["memory", "limit"]]);
        out.cpus = limit(&[["cpu", "quota"], ["cpu", "cpus"]]);
        out.pids = limit(&[["pids", "limit"]]);
    }
}

/// A mount, unless the kernel or the engine make it for every container.
fn mount(it: Json<'_>) -> Option<Mount> {
    let target = text_member(it, "destination")?;
    let kind = text_member(it, "type").unwrap_or_default();
    let options: Vec<String> = it
        .get("options")
        .into_iter()
        .flat_map(Json::items)
        .filter_map(|it| Some(it.string()?.as_str().to_owned()))
        .collect();
    let has = |name: &str| options.iter().any(|it| it == name);
    let kind = match &*kind {
        _ if has("bind") || has("rbind") => MountType::Bind,
        "bind" => MountType::Bind,
        "tmpfs" if target != "/dev" => MountType::Tmpfs,
        _ => return None,
    };
    if OWN_FILES.contains(&&*target) {
        return None;
    }
    let modes = ["rshared", "shared", "rslave", "slave"];
    let propagation = options.iter().find(|it| modes.contains(&&***it)).cloned();
    let source = text_member(it, "source").filter(|_| kind == MountType::Bind);
    Some(Mount {
        kind,
        source: source.unwrap_or_default(),
        target,
        read_only: has("ro"),
        propagation: propagation.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = r#"{
        "ociVersion": "1.2.0",
        "process": {
            "user": {"uid": 0, "gid": 0, "additionalGids": [10]},
            "args": ["sh", "-c", "x"],
            "env": ["A=1=2"],
            "cwd": "/",
            "capabilities": {"bounding": ["CAP_CHOWN", "CAP_SYS_ADMIN"]}
        },
        "root": {"path": "rootfs", "readonly": true},
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/etc/hosts", "type": "bind", "source": "/x", "options": ["rbind"]},
            {"destination": "/host", "type": "bind", "source": "/", "options": ["rbind", "ro", "rslave"]}
        ],
        "linux": {"namespaces": [{"type": "pid"}, {"type": "network", "path": "/n"}]}
    }"#;

    #[test]
    fn what_is_not_listed_is_not_there() {
        let told = read(SourceId(0), Json::first(SPEC).unwrap());
        let it = &told.container;
        let value = |it: &Grant<String>| it.value().cloned().unwrap_or_default();
        assert_eq!((value(&it.pid), value(&it.network)), ("private".into(), "ns:/n".into()));
        assert_eq!((value(&it.ipc), value(&it.uts)), ("host".into(), "host".into()));
        assert_eq!(it.seccomp.value(), Some(&Profile::Off));
        assert_eq!((it.read_only.value(), it.unmasked.value()), (Some(&true), Some(&true)));
        let names = |it: &Grant<Vec<Placed<String>>>| -> Vec<String> {
            it.all().iter().map(|it| it.value.clone()).collect()
        };
        assert_eq!(names(&it.caps_added), ["CHOWN", "SYS_ADMIN"]);
        assert_eq!(names(&it.caps_dropped), ["ALL"]);
        let mounts = it.mounts.all();
        assert_eq!((mounts.len(), &*mounts[0].value.source), (1, "/"));
        assert!(mounts[0].value.read_only && mounts[0].value.propagation == "rslave");
        assert_eq!(told.config.user.as_ref().unwrap().text.as_str(), "0");
        assert_eq!(told.config.env[0].value.as_str(), "1=2");
        assert_eq!(it.memory.value(), None);
    }

    #[test]
    fn the_usual_capabilities_are_a_default() {
        let all: Vec<String> =
            USUAL.iter().chain(["NET_ADMIN"].iter()).map(|it| format!("\"CAP_{it}\"")).collect();
        let text =
            format!(r#"{{"process": {{"capabilities": {{"bounding": [{}]}}}}}}"#, all.join(","));
        let it = read(SourceId(0), Json::first(&text).unwrap()).container;
        assert_eq!(it.caps_dropped.value(), None);
        assert_eq!(it.caps_added.all().len(), 1);
    }
}
