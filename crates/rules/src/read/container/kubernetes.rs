//! Reads a container of a Kubernetes pod, or of the template of one.

use std::collections::BTreeMap;

use image::json::Json;
use image::{Text, Variable};
use report::quote;
use text::SourceId;

use super::{Listed, Told, at, placed_text, text_member, text_of, values};
use crate::facts::{
    Container, Engine, Grant, Mount, MountType, Notation, Placed, Profile, Published,
};

/// A container and the pod it is in.
pub(super) struct PodContainer<'a> {
    object: Json<'a>,
    pod: Json<'a>,
    /// What the pod is called and noted with.
    metadata: Option<Json<'a>>,
    /// What holds the pod: `Deployment/web`.
    owner: String,
    is_init: bool,
}

impl PodContainer<'_> {
    pub(super) fn listed(&self) -> Listed {
        let name = text_member(self.object, "name").unwrap_or_default();
        Listed {
            names: vec![name.clone(), format!("{}:{name}", self.owner)],
            image: text_member(self.object, "image"),
            span: self.object.span(),
            is_minor: self.is_init,
        }
    }
}

/// The containers of all pods in some objects.
pub(super) fn containers<'a>(objects: &[Json<'a>]) -> Vec<PodContainer<'a>> {
    let mut out = Vec::new();
    for it in objects {
        match it.get("items") {
            Some(items) => items.items().for_each(|it| of_object(it, &mut out)),
            None => of_object(*it, &mut out),
        }
    }
    out
}

fn of_object<'a>(object: Json<'a>, out: &mut Vec<PodContainer<'a>>) {
    // The template of pods alone, or a part of a file: what a pod is made of.
    let template = || object.get("template").and_then(|it| it.get("spec"));
    let part = || object.get("containers").map(|_| object);
    let Some(spec) = object.get("spec").or_else(template).or_else(part) else { return };
    let template = |it: Json<'a>| it.get("template")?.get("spec");
    let job = spec.get("jobTemplate").and_then(|it| it.get("spec")).and_then(template);
    let pod = job.or_else(|| template(spec)).unwrap_or(spec);
    let above = |it: Json<'a>| it.get("template")?.get("metadata");
    let metadata = above(spec).or_else(|| spec.get("jobTemplate")?.get("spec").and_then(above));
    let metadata = metadata.or_else(|| object.get("metadata"));
    let name = object.get("metadata").and_then(|it| text_member(it, "name")).unwrap_or_default();
    let owner = format!("{}/{name}", text_member(object, "kind").unwrap_or_default());
    for (member, is_init) in
        [("containers", false), ("initContainers", true), ("ephemeralContainers", true)]
    {
        for object in pod.get(member).into_iter().flat_map(Json::items).take(200) {
            out.push(PodContainer { object, pod, metadata, owner: owner.clone(), is_init });
        }
    }
}

/// Reads a container.
pub(super) fn read(source: SourceId, it: &PodContainer<'_>) -> Told {
    let name = it.object.get("name").unwrap_or(it.object);
    let place = at(source, name);
    let mut out = Told::new(Container::unset(Notation::Kubernetes, Engine::Kubernetes, place));
    let image = it.object.get("image");
    out.container.image = image.and_then(|it| {
        Some(Placed { value: text_of(it)?.as_str().to_owned(), at: at(source, it) })
    });
    // What only nodes or the engine below decide.
    let container = &mut out.container;
    container.pids = Grant::Untold;
    container.ulimits = Grant::Untold;
    container.oom_kill_disable = Grant::Untold;
    container.cgroup_parent = Grant::Untold;
    container.restart = Grant::Untold;
    container.log_driver = Grant::Untold;
    container.publish_all = Grant::Untold;
    container.uts = Grant::Untold;
    let reader = Reader { source, object: it.object, pod: it.pod, metadata: it.metadata };
    reader.security(&mut out);
    reader.namespaces(&mut out.container);
    reader.mounts(&mut out.container);
    reader.limits_and_ports(&mut out.container);
    reader.process(&mut out);
    out
}

struct Reader<'a> {
    source: SourceId,
    object: Json<'a>,
    pod: Json<'a>,
    metadata: Option<Json<'a>>,
}

impl<'a> Reader<'a> {
    /// A member of the container's security settings, or else of the pod's.
    fn security_member(&self, name: &str) -> Option<Json<'a>> {
        let of = |it: Json<'a>| it.get("securityContext")?.get(name);
        of(self.object).or_else(|| of(self.pod))
    }

    fn flag(&self, it: Option<Json<'_>>, grant: &mut Grant<bool>) {
        if let Some((it, value)) = it.and_then(|it| Some((it, it.boolean()?))) {
            *grant = Grant::new(value, at(self.source, it));
        }
    }

    fn security(&self, out: &mut Told) {
        let own = self.object.get("securityContext");
        let member = |name: &str| own.and_then(|it| it.get(name));
        let container = &mut out.container;
        self.flag(member("privileged"), &mut container.privileged);
        self.flag(member("readOnlyRootFilesystem"), &mut container.read_only);
        if let Some((it, allowed)) =
            member("allowPrivilegeEscalation").and_then(|it| Some((it, it.boolean()?)))
        {
            container.no_new_privileges = Grant::new(!allowed, at(self.source, it));
        }
        if let Some(it) = member("procMount").filter(|it| it.is_text("Unmasked")) {
            container.unmasked = Grant::new(true, at(self.source, it));
        }
        let capabilities = member("capabilities");
        for (name, list) in
            [("add", &mut container.caps_added), ("drop", &mut container.caps_dropped)]
        {
            let all = capabilities.and_then(|it| it.get(name));
            for it in all.into_iter().flat_map(Json::items) {
                if let Some(text) = text_of(it) {
                    values::add(list, text.as_str().to_owned(), at(self.source, it));
                }
            }
        }
        for (name, grant) in [
            ("seccompProfile", &mut container.seccomp),
            ("appArmorProfile", &mut container.apparmor),
        ] {
            let profile = self.security_member(name).and_then(|it| it.get("type"));
            if let Some((it, text)) = profile.and_then(|it| Some((it, it.string()?))) {
                let value = match text.as_str() {
                    "Unconfined" => Profile::Off,
                    other => values::profile(other),
                };
                *grant = Grant::new(value, at(self.source, it));
            }
        }
        // Before Kubernetes 1.30 a note on the pod named the profile.
        let notes = self.metadata.and_then(|it| it.get("annotations"));
        let name = text_member(self.object, "name").unwrap_or_default();
        let note = format!("container.apparmor.security.beta.kubernetes.io/{name}");
        if container.apparmor.value().is_none()
            && let Some(it) = notes.and_then(|it| it.get(&note))
            && let Some(text) = text_of(it)
        {
            let profile = text.as_str().trim_start_matches("localhost/");
            container.apparmor = Grant::new(values::profile(profile), at(self.source, it));
        }
        // The same as all privileges, on Windows.
        let windows = self.security_member("windowsOptions");
        if let Some(it) = windows.and_then(|it| it.get("hostProcess"))
            && it.boolean() == Some(true)
        {
            container.privileged = Grant::new(true, at(self.source, it));
        }
        let label = self.security_member("seLinuxOptions").and_then(|it| it.get("type"));
        if let Some(it) = label.filter(|it| it.is_text("spc_t")) {
            container.selinux = Grant::new(Profile::Off, at(self.source, it));
        }
        let groups = self.pod.get("securityContext").and_then(|it| it.get("supplementalGroups"));
        for it in groups.into_iter().flat_map(Json::items) {
            if let Some(text) = text_of(it) {
                values::add(&mut container.groups, text.as_str().to_owned(), at(self.source, it));
            }
        }
    }

    fn namespaces(&self, out: &mut Container) {
        for (name, grant) in [
            ("hostNetwork", &mut out.network),
            ("hostPID", &mut out.pid),
            ("hostIPC", &mut out.ipc),
        ] {
            if let Some((it, is_on)) = self.pod.get(name).and_then(|it| Some((it, it.boolean()?))) {
                let value = if is_on { "host" } else { "private" };
                *grant = Grant::new(value.to_owned(), at(self.source, it));
            }
        }
        if let Some(it) = self.pod.get("hostUsers").filter(|it| it.boolean() == Some(false)) {
            out.userns = Grant::new("mapped".to_owned(), at(self.source, it));
        }
    }

    fn mounts(&self, out: &mut Container) {
        let mut volumes: BTreeMap<String, (MountType, String)> = BTreeMap::new();
        for it in self.pod.get("volumes").into_iter().flat_map(Json::items) {
            let Some(name) = text_member(it, "name") else { continue };
            let host = it.get("hostPath").and_then(|it| text_member(it, "path"));
            let has = |name: &str| it.get(name).is_some();
            let volume = match host {
                Some(path) => (MountType::Bind, path),
                None if has("emptyDir") => (MountType::Tmpfs, String::new()),
                None if ["configMap", "secret", "projected", "downwardAPI", "image"]
                    .into_iter()
                    .any(has) =>
                {
                    (MountType::Other, name.clone())
                }
                None => (MountType::Volume, name.clone()),
            };
            volumes.insert(name, volume);
        }
        for it in self.object.get("volumeMounts").into_iter().flat_map(Json::items) {
            let Some(target) = text_member(it, "mountPath") else { continue };
            let name = text_member(it, "name").unwrap_or_default();
            let known = volumes.get(&name).cloned();
            let (kind, source) = known.unwrap_or((MountType::Volume, name));
            let read_only = it.get("readOnly").and_then(Json::boolean).unwrap_or_default();
            let propagation = match text_member(it, "mountPropagation").as_deref() {
                Some("Bidirectional") => "rshared",
                Some("HostToContainer") => "rslave",
                _ => "",
            };
            let read_only = read_only || kind == MountType::Other;
            let propagation = propagation.to_owned();
            let mount = Mount { kind, source, target, read_only, propagation };
            values::add(&mut out.mounts, mount, at(self.source, it));
        }
    }

    fn limits_and_ports(&self, out: &mut Container) {
        let limits = self.object.get("resources").and_then(|it| it.get("limits"));
        for (name, grant) in [("memory", &mut out.memory), ("cpu", &mut out.cpus)] {
            let limit = limits.and_then(|it| it.get(name));
            if let Some((it, text)) = limit.and_then(|it| Some((it, text_of(it)?))) {
                *grant = values::limited(text.as_str(), at(self.source, it));
            }
        }
        for it in self.object.get("ports").into_iter().flat_map(Json::items) {
            let host = text_member(it, "hostPort").and_then(|it| values::range(&it));
            let port = text_member(it, "containerPort").and_then(|it| values::range(&it));
            let Some(container) = port.filter(|_| host.is_some_and(|it| it.0 > 0)) else {
                continue;
            };
            let address = text_member(it, "hostIP").unwrap_or_default();
            let is_udp = text_member(it, "protocol").is_some_and(|it| it == "UDP");
            values::add(
                &mut out.ports,
                Published { address, host, container, is_udp },
                at(self.source, it),
            );
        }
    }

    fn process(&self, out: &mut Told) {
        let config = &mut out.config;
        config.user = self.security_member("runAsUser").and_then(placed_text);
        let not_root = self.security_member("runAsNonRoot");
        out.not_root =
            not_root.filter(|it| it.boolean() == Some(true)).map(|it| at(self.source, it));
        let words = |name: &str| -> Vec<Text> {
            let list = self.object.get(name).into_iter().flat_map(Json::items);
            list.filter_map(placed_text).collect()
        };
        config.entrypoint = words("command");
        config.cmd = words("args");
        config.working_dir = self.object.get("workingDir").and_then(placed_text);
        for it in self.object.get("env").into_iter().flat_map(Json::items) {
            let name = it.get("name").and_then(Json::string);
            let value = it.get("value").and_then(text_of);
            if let (Some(name), Some(value)) = (name, value) {
                config.env.push(Variable { name, value, span: it.span() });
            }
        }
        // Of a secret nothing should be seen; a map of settings is another object.
        for it in self.object.get("envFrom").into_iter().flat_map(Json::items) {
            if let Some(map) = it.get("configMapRef") {
                let name = text_member(map, "name").unwrap_or_default();
                let value = format!("config map {} sets variables and was not read", quote(&name));
                out.unread.push(Placed { value, at: at(self.source, it) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      hostPID: true
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      volumes:
        - {name: host, hostPath: {path: /etc}}
        - {name: tmp, emptyDir: {}}
        - {name: key, secret: {secretName: k}}
      initContainers:
        - {name: setup, image: b}
      containers:
        - name: app
          image: a:1
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL], add: [NET_ADMIN]}
          volumeMounts:
            - {name: host, mountPath: /host}
            - {name: tmp, mountPath: /tmp}
            - {name: key, mountPath: /key}
          resources: {limits: {memory: 1Gi}}
";

    #[test]
    fn older_notes_and_parts_of_files_are_read() {
        let text = "
metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}
spec:
  containers:
    - {name: a, envFrom: [{configMapRef: {name: m}}, {secretRef: {name: s}}]}
---
containers: [{name: b}]
---
template: {spec: {containers: [{name: c}]}}
---
kind: List
items: [{spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: d}]}}}}}}]
";
        let json = image::yaml(text, 0..text.len()).json.text;
        let all = Json::objects(&json, 0);
        let all = containers(&all);
        let names: Vec<String> = all.iter().map(|it| it.listed().names[0].clone()).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        let told = read(SourceId(0), &all[0]);
        assert_eq!(told.container.apparmor.value(), Some(&Profile::Off));
        assert_eq!(told.unread.len(), 1);
    }

    #[test]
    fn templates_of_pods_are_found() {
        let json = image::yaml(POD, 0..POD.len()).json.text;
        let objects = Json::objects(&json, 0);
        let all = containers(&objects);
        let names: Vec<String> = all.iter().map(|it| it.listed().names[1].clone()).collect();
        assert_eq!(names, ["Deployment/web:app", "Deployment/web:setup"]);
        assert!(all[1].listed().is_minor);
        let told = read(SourceId(0), &all[0]);
        let it = &told.container;
        assert_eq!(it.pid.value().map(String::as_str), Some("host"));
        assert_eq!(it.seccomp.value(), Some(&Profile::Standard));
        assert_eq!(it.no_new_privileges.value(), Some(&true));
        assert_eq!(it.caps_added.all()[0].value, "NET_ADMIN");
        assert_eq!(it.memory.value().map(String::as_str), Some("1Gi"));
        let kinds: Vec<MountType> = it.mounts.all().iter().map(|it| it.value.kind).collect();
        assert_eq!(kinds, [MountType::Bind, MountType::Tmpfs, MountType::Other]);
        assert!(told.not_root.is_some() && told.config.user.is_none());
    }
}
