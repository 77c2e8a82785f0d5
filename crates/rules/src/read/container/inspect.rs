//! Reads `docker inspect` of a container, as Docker, Podman and nerdctl write it.

use image::json::{Json, Shape};
use report::Locus;
use text::{SourceId, Span};

use super::values;
use crate::facts::{Container, Device, Engine, Grant, Mount, Notation, Placed, Profile, Published};

/// Reads a container. `object`: what `docker inspect` shows of it.
pub(super) fn read(source: SourceId, object: Json<'_>) -> Container {
    // Some show the settings that concern the host and nothing else.
    let alone = || (image::form(object) == image::Form::HostSettings).then_some(object);
    let reader = Reader { source, object, host: object.get("HostConfig").or_else(alone) };
    let at = reader.start(reader.host.unwrap_or(object));
    let mut out = Container::untold(Notation::Inspect, reader.engine(), at);
    out.is_windows = member_is(object, "Platform", "windows");
    let config = object.get("Config");
    out.image = config.and_then(|it| it.get("Image")).and_then(|it| reader.placed(it));
    out.image = out.image.or_else(|| object.get("ImageName").and_then(|it| reader.placed(it)));
    reader.privileges(&mut out);
    reader.namespaces(&mut out);
    reader.files(&mut out);
    reader.limits(&mut out);
    reader.ports(&mut out);
    out
}

fn member_is(object: Json<'_>, name: &str, value: &str) -> bool {
    object.get(name).is_some_and(|it| it.is_text(value))
}

struct Reader<'a> {
    source: SourceId,
    object: Json<'a>,
    host: Option<Json<'a>>,
}

impl<'a> Reader<'a> {
    fn at(&self, it: Json<'_>) -> Locus {
        Locus::Text { source: self.source, span: it.span() }
    }

    /// The first character of a value stands for all of it.
    fn start(&self, it: Json<'_>) -> Locus {
        let start = it.span().start();
        Locus::Text { source: self.source, span: Span::new(start, start + 1) }
    }

    fn engine(&self) -> Engine {
        let has = |name: &str| self.object.get(name).is_some();
        let labels = self.object.get("Config").and_then(|it| it.get("Labels"));
        let is_nerdctl = labels.is_some_and(|it| {
            let mut names = it.members().filter_map(|(name, _)| name.string());
            names.any(|it| it.as_str().starts_with("nerdctl/"))
        });
        match () {
            () if has("OCIConfigPath") || has("ConmonPidFile") || has("EffectiveCaps") => {
                Engine::Podman
            }
            () if is_nerdctl => Engine::Nerdctl,
            () => Engine::Docker,
        }
    }

    /// A member of the options, even one that is null: that says it is not set.
    fn member(&self, name: &str) -> Option<Json<'a>> {
        let members = self.host?.members().filter(|(it, _)| it.is_text(name));
        members.last().map(|(_, value)| value)
    }

    fn placed(&self, it: Json<'_>) -> Option<Placed<String>> {
        let value = it.string()?.as_str().to_owned();
        Some(Placed { value, at: self.at(it) })
    }

    fn flag(&self, name: &str) -> Grant<bool> {
        match self.member(name) {
            Some(it) => match it.boolean() {
                Some(value) => Grant::new(value, self.at(it)),
                None => Grant::Unset(self.at(it)),
            },
            None => Grant::Untold,
        }
    }

    fn text(&self, name: &str) -> Grant<String> {
        match self.member(name) {
            Some(it) => self.text_of(it),
            None => Grant::Untold,
        }
    }

    fn text_of(&self, it: Json<'_>) -> Grant<String> {
        match it.string().filter(|it| !it.is_empty()) {
            Some(text) => Grant::new(text.as_str().to_owned(), self.at(it)),
            None => Grant::Unset(self.at(it)),
        }
    }

    fn list(&self, name: &str) -> Grant<Vec<Placed<String>>> {
        match self.member(name) {
            Some(it) if it.shape() == Shape::Array => {
                Grant::new(it.items().filter_map(|it| self.placed(it)).collect(), self.at(it))
            }
            Some(it) => Grant::Unset(self.at(it)),
            None => Grant::Untold,
        }
    }

    fn privileges(&self, out: &mut Container) {
        out.privileged = self.flag("Privileged");
        out.caps_added = self.list("CapAdd");
        out.caps_dropped = self.list("CapDrop");
        out.groups = self.list("GroupAdd");
        let options = self.list("SecurityOpt");
        if let Some(at) = options.at().cloned() {
            out.no_new_privileges = Grant::Unset(at.clone());
            out.seccomp = Grant::Unset(at.clone());
            out.selinux = Grant::Unset(at.clone());
            out.apparmor = Grant::Unset(at);
        }
        for it in options.all() {
            values::security_option(out, &it.value, &it.at);
        }
        let profile = self.object.get("AppArmorProfile");
        let named = profile.and_then(|it| Some((it, it.string().filter(|it| !it.is_empty())?)));
        if let Some((it, name)) = named {
            out.apparmor = Grant::new(values::profile(name.as_str()), self.at(it));
        }
        let label = self.object.get("ProcessLabel").and_then(|it| Some((it, it.string()?)));
        if let Some((it, label)) = label
            && label.as_str().contains(":spc_t:")
        {
            out.selinux = Grant::new(Profile::Off, self.at(it));
        }
        if let Some(it) = self.member("MaskedPaths") {
            let is_empty = it.items().next().is_none();
            out.unmasked = Grant::new(is_empty, self.at(it));
        }
    }

    fn namespaces(&self, out: &mut Container) {
        out.network = self.text("NetworkMode");
        out.pid = self.text("PidMode");
        out.ipc = self.text("IpcMode");
        out.uts = self.text("UTSMode");
        out.userns = self.text("UsernsMode");
        out.cgroupns = match self.text("CgroupnsMode") {
            Grant::Untold => self.text("CgroupMode"),
            told => told,
        };
        out.cgroup_parent = self.text("CgroupParent");
        // Identifiers are mapped, so there is a user namespace whatever else is told.
        let mappings = self.member("IDMappings").filter(|it| it.members().next().is_some());
        if let Some(it) = mappings {
            out.userns = Grant::new("mapped".to_owned(), self.at(it));
        }
    }

    fn files(&self, out: &mut Container) {
        out.read_only = self.flag("ReadonlyRootfs");
        out.volumes_from = self.list("VolumesFrom");
        out.mounts = self.mounts();
        out.devices = match self.member("Devices") {
            Some(it) => {
                let device = |it: Json<'_>| {
                    let path = it.get("PathOnHost")?;
                    let host = path.string()?.as_str().to_owned();
                    Some(Placed { value: Device { host, is_rule: false }, at: self.at(path) })
                };
                Grant::new(it.items().filter_map(device).collect(), self.at(it))
            }
            None => Grant::Untold,
        };
        for it in self.list("DeviceCgroupRules").all() {
            let rule = Device { host: it.value.clone(), is_rule: true };
            values::add(&mut out.devices, rule, it.at.clone());
        }
    }

    /// What is mounted: as it is, and where that is not told, as it was asked for.
    fn mounts(&self) -> Grant<Vec<Placed<Mount>>> {
        let actual = self.object.get("Mounts");
        let binds = self.list("Binds");
        let mut out: Grant<Vec<Placed<Mount>>> = match (actual, binds.at()) {
            (Some(it), _) => Grant::new(Vec::new(), self.at(it)),
            (None, Some(at)) => Grant::new(Vec::new(), at.clone()),
            (None, None) => Grant::Untold,
        };
        let requested = self.member("Mounts");
        let objects = actual.into_iter().chain(requested).flat_map(Json::items);
        let mut found: Vec<Placed<Mount>> = objects
            .filter_map(|it| {
                // The path on the host says best what is mounted.
                let source =
                    it.get("Source").filter(|it| it.string().is_some_and(|it| !it.is_empty()));
                Some(Placed { value: mount(it)?, at: self.at(source.unwrap_or(it)) })
            })
            .collect();
        for it in binds.all() {
            found.extend(values::mount(&it.value).map(|value| Placed { value, at: it.at.clone() }));
        }
        for (path, options) in self.member("Tmpfs").into_iter().flat_map(Json::members) {
            let Some(target) = path.string() else { continue };
            let options = options.string().map(|it| it.as_str().to_owned()).unwrap_or_default();
            let value = values::tmpfs(&format!("{}:{options}", target.as_str()));
            found.push(Placed { value, at: self.at(path) });
        }
        // Engines before 1.8 had a map of paths.
        let writable = self.object.get("VolumesRW");
        for (target, path) in self.object.get("Volumes").into_iter().flat_map(Json::members) {
            let (Some(to), Some(from)) = (target.string(), path.string()) else { continue };
            let rw = writable.and_then(|it| it.get(to.as_str())).and_then(Json::boolean);
            let suffix = if rw == Some(false) { ":ro" } else { "" };
            let text = format!("{}:{}{suffix}", from.as_str(), to.as_str());
            found.extend(values::mount(&text).map(|value| Placed { value, at: self.at(target) }));
        }
        for it in found {
            let known = out.all().iter().any(|other| other.value.target == it.value.target);
            if !known {
                values::add(&mut out, it.value, it.at);
            }
        }
        out
    }

    fn limits(&self, out: &mut Container) {
        out.memory = self.limit(&["Memory"]);
        out.cpus = self.limit(&["NanoCpus", "CpuQuota", "CpuShares", "CpusetCpus"]);
        out.pids = self.limit(&["PidsLimit"]);
        out.oom_kill_disable = self.flag("OomKillDisable");
        out.ulimits = match self.member("Ulimits") {
            Some(it) => {
                let names = it.items().filter_map(|it| self.placed(it.get("Name")?));
                Grant::new(names.collect(), self.at(it))
            }
            None => Grant::Untold,
        };
        out.restart = match self.member("RestartPolicy") {
            Some(it) => {
                let name = it.get("Name").and_then(Json::string);
                let name = name.map(|it| it.as_str().to_owned()).unwrap_or_default();
                let most = it.get("MaximumRetryCount").and_then(Json::number).unwrap_or_default();
                match name.as_str() {
                    "" => Grant::Unset(self.at(it)),
                    "on-failure" => Grant::new(format!("{name}:{most}"), self.at(it)),
                    _ => Grant::new(name, self.at(it)),
                }
            }
            None => Grant::Untold,
        };
        out.log_driver = match self.member("LogConfig").and_then(|it| it.get("Type")) {
            Some(it) => self.text_of(it),
            None => Grant::Untold,
        };
    }

    /// The first of some limits that is set.
    fn limit(&self, names: &[&str]) -> Grant<String> {
        let there: Vec<Json<'_>> = names.iter().filter_map(|it| self.member(it)).collect();
        let set = there.iter().find_map(|it| {
            let text = match it.string() {
                Some(text) => text.as_str().to_owned(),
                None => it.raw().to_owned(),
            };
            Some(Placed { value: values::limit(&text)?, at: self.at(*it) })
        });
        match (set, there.first()) {
            (Some(it), _) => Grant::Set(it),
            (None, Some(it)) => Grant::Unset(self.at(*it)),
            (None, None) => Grant::Untold,
        }
    }

    fn ports(&self, out: &mut Container) {
        out.publish_all = self.flag("PublishAllPorts");
        out.ports = match self.member("PortBindings") {
            Some(it) => Grant::new(Vec::new(), self.at(it)),
            None => Grant::Untold,
        };
        for (name, bindings) in self.member("PortBindings").into_iter().flat_map(Json::members) {
            let Some(container) = name.string() else { continue };
            let is_udp = container.as_str().ends_with("/udp");
            let port = container.as_str().split('/').next().and_then(values::range);
            let Some(container) = port else { continue };
            for it in bindings.items() {
                let text = |name: &str| it.get(name).and_then(Json::string);
                let address = text("HostIp").map(|it| it.as_str().to_owned()).unwrap_or_default();
                let host = text("HostPort").and_then(|it| values::range(it.as_str()));
                let at = self.at(it.get("HostPort").unwrap_or(it));
                values::add(&mut out.ports, Published { address, host, container, is_udp }, at);
            }
        }
    }
}

/// A mount as an object: what is there (`Destination`, `RW`), or what was asked for (`Target`,
/// `ReadOnly`).
fn mount(it: Json<'_>) -> Option<Mount> {
    let text = |name: &str| it.get(name).and_then(Json::string).map(|it| it.as_str().to_owned());
    let target = text("Destination").or_else(|| text("Target"))?;
    let flag = |name: &str| it.get(name).and_then(Json::boolean);
    let read_only = flag("RW").map(|it| !it).or_else(|| flag("ReadOnly")).unwrap_or_default();
    let kind = text("Type").or_else(|| text("type")).unwrap_or_else(|| {
        // Engines before 1.9 did not tell the type; volumes have a name or a driver.
        if text("Name").is_some_and(|it| !it.is_empty()) { "volume" } else { "bind" }.to_owned()
    });
    let kind = values::mount_type(&kind);
    let named = || text("Name").filter(|it| !it.is_empty());
    let source = match kind {
        crate::facts::MountType::Volume => named().or_else(|| text("Source")),
        _ => text("Source"),
    };
    let options = || it.get("BindOptions")?.get("Propagation")?.string();
    let propagation = text("Propagation").or_else(|| options().map(|it| it.as_str().to_owned()));
    Some(Mount {
        kind,
        source: source.unwrap_or_default(),
        target,
        read_only,
        propagation: propagation.unwrap_or_default(),
    })
}
