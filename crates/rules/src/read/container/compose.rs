//! Reads a service of a Compose file.

use dockerfile::shell;
use image::json::{Json, Shape};
use image::{Healthcheck, Text, Variable};
use report::{Locus, quote};
use text::{SourceId, Span};

use super::{Listed, Told, at, placed_text, text_member, text_of, texts, values};
use crate::facts::{Container, Device, Engine, Grant, Mount, Notation, Placed, Published};

/// A service.
pub(super) struct Service<'a> {
    /// Its name.
    key: Json<'a>,
    /// What it sets.
    object: Json<'a>,
    /// What it takes over from services of the same file, nearest first.
    bases: Vec<Json<'a>>,
}

impl Service<'_> {
    fn image(&self) -> Option<String> {
        let mut all = std::iter::once(&self.object).chain(&self.bases);
        all.find_map(|it| text_member(*it, "image"))
    }

    pub(super) fn listed(&self) -> Listed {
        let name = self.key.string().map(|it| it.as_str().to_owned());
        let container = text_member(self.object, "container_name");
        Listed {
            names: name.into_iter().chain(container).collect(),
            image: self.image(),
            span: self.key.span().to(self.object.span()),
            is_minor: false,
        }
    }
}

/// The services of a file.
pub(super) fn services<'a>(objects: &[Json<'a>]) -> Vec<Service<'a>> {
    let all = objects.iter().flat_map(|it| {
        // Files of the first version, and parts of files, name services at the top.
        let is_service = |it: Json<'_>| it.get("image").or_else(|| it.get("build")).is_some();
        let (list, is_whole) = it.get("services").map_or((*it, false), |it| (it, true));
        list.members().filter(move |(_, it)| is_whole || is_service(*it))
    });
    let all: Vec<(Json<'a>, Json<'a>)> =
        all.filter(|(_, it)| it.shape() == Shape::Object).take(1000).collect();
    let service = |(key, object): &(Json<'a>, Json<'a>)| {
        let mut bases: Vec<Json<'a>> = Vec::new();
        while let Some(base) = base(bases.last().copied().unwrap_or(*object)) {
            let named = all.iter().find(|(name, _)| name.is_text(&base));
            let Some((_, it)) = named.filter(|(_, it)| it.span() != object.span()) else { break };
            if bases.len() > 20 || bases.iter().any(|known| known.span() == it.span()) {
                break;
            }
            bases.push(*it);
        }
        Service { key: *key, object: *object, bases }
    };
    all.iter().map(service).collect()
}

/// The service of the same file that one takes over.
fn base(object: Json<'_>) -> Option<String> {
    let it = object.get("extends")?;
    match text_of(it) {
        Some(name) => Some(name.as_str().to_owned()),
        None if it.get("file").is_some() => None,
        None => text_member(it, "service"),
    }
}

/// Reads a service.
pub(super) fn read(source: SourceId, service: &Service<'_>) -> Told {
    let place = at(source, service.key);
    let mut out = Told::new(Container::unset(Notation::Compose, Engine::Docker, place));
    for object in service.bases.iter().rev().chain([&service.object]) {
        for (key, value) in object.members() {
            let Some(key) = key.string() else { continue };
            option(&mut out, source, key.as_str(), value);
        }
    }
    for object in service.bases.iter().rev().chain([&service.object]) {
        if let Some(deploy) = object.get("deploy") {
            deployed(&mut out.container, source, deploy);
        }
    }
    // What the last of them takes over stands in another file, or nowhere.
    let last = service.bases.last().unwrap_or(&service.object);
    if let Some(it) = last.get("extends") {
        let file = text_member(it, "file").map(|it| format!("file {}", quote(&it)));
        let named = text_member(it, "service").or_else(|| Some(text_of(it)?.as_str().to_owned()));
        let what = file.unwrap_or_else(|| {
            format!("service {}, which is not in this file,", quote(&named.unwrap_or_default()))
        });
        let value = format!("the service takes over what {what} sets, which was not read");
        out.unread.push(Placed { value, at: at(source, it) });
    }
    out
}

fn option(out: &mut Told, source: SourceId, key: &str, value: Json<'_>) {
    let place = at(source, value);
    let container = &mut out.container;
    let text = || text_of(value).map(|it| it.as_str().to_owned()).filter(|it| !it.is_empty());
    let named = |grant: &mut Grant<String>| {
        if let Some(it) = text() {
            *grant = Grant::new(it, place.clone());
        }
    };
    let flag = |grant: &mut Grant<bool>| {
        if let Some(it) = text() {
            *grant = Grant::new(values::is_true(&it), place.clone());
        }
    };
    let limit = |grant: &mut Grant<String>| {
        if let Some(it) = text() {
            *grant = values::limited(&it, place.clone());
        }
    };
    let list = |grant: &mut Grant<Vec<Placed<String>>>| {
        for it in texts(value) {
            if let Some(text) = text_of(it) {
                values::add(grant, text.as_str().to_owned(), at(source, it));
            }
        }
    };
    match key {
        "image" => {
            container.image = text().map(|value| Placed { value, at: place });
        }
        "privileged" => flag(&mut container.privileged),
        "cap_add" => list(&mut container.caps_added),
        "cap_drop" => list(&mut container.caps_dropped),
        "group_add" => list(&mut container.groups),
        "security_opt" => {
            if container.no_new_privileges.value().is_none() {
                container.no_new_privileges = Grant::Unset(place);
            }
            for it in texts(value) {
                if let Some(text) = text_of(it) {
                    values::security_option(container, text.as_str(), &at(source, it));
                }
            }
        }
        "read_only" => flag(&mut container.read_only),
        "oom_kill_disable" => flag(&mut container.oom_kill_disable),
        "network_mode" => named(&mut container.network),
        "pid" => named(&mut container.pid),
        "ipc" => named(&mut container.ipc),
        "uts" => named(&mut container.uts),
        "userns_mode" => named(&mut container.userns),
        "cgroup" => named(&mut container.cgroupns),
        "cgroup_parent" => named(&mut container.cgroup_parent),
        "restart" => named(&mut container.restart),
        "mem_limit" => limit(&mut container.memory),
        "cpus" | "cpu_quota" | "cpu_shares" | "cpuset" => limit(&mut container.cpus),
        "pids_limit" => limit(&mut container.pids),
        "volumes_from" => list(&mut container.volumes_from),
        "logging" => {
            if let Some(driver) = value.get("driver")
                && let Some(name) = text_of(driver)
            {
                container.log_driver = Grant::new(name.as_str().to_owned(), at(source, driver));
            }
        }
        "ulimits" => {
            for (name, _) in value.members() {
                if let Some(text) = name.string() {
                    values::add(&mut container.ulimits, text.as_str().to_owned(), at(source, name));
                }
            }
        }
        _ => files(out, source, key, value),
    }
}

fn files(out: &mut Told, source: SourceId, key: &str, value: Json<'_>) {
    let container = &mut out.container;
    match key {
        "volumes" => {
            for it in value.items() {
                if let Some(mount) = volume(it) {
                    // Of two for one path the later holds.
                    if let Grant::Set(known) = &mut container.mounts {
                        known.value.retain(|it| it.value.target != mount.target);
                    }
                    values::add(&mut container.mounts, mount, at(source, it));
                }
            }
        }
        "tmpfs" => {
            for it in texts(value) {
                if let Some(text) = text_of(it) {
                    let mount = values::tmpfs(text.as_str());
                    values::add(&mut container.mounts, mount, at(source, it));
                }
            }
        }
        "devices" => {
            for it in value.items() {
                let host = text_of(it).map(|it| it.as_str().to_owned());
                if let Some(host) = host.or_else(|| text_member(it, "source")) {
                    values::add(&mut container.devices, values::device(&host), at(source, it));
                }
            }
        }
        "device_cgroup_rules" => {
            for it in texts(value) {
                if let Some(text) = text_of(it) {
                    let rule = Device { host: text.as_str().to_owned(), is_rule: true };
                    values::add(&mut container.devices, rule, at(source, it));
                }
            }
        }
        "ports" => {
            for it in value.items() {
                ports(out, source, it);
            }
        }
        _ => process(out, source, key, value),
    }
}

/// A volume: in words, or as an object.
fn volume(it: Json<'_>) -> Option<Mount> {
    if let Some(text) = text_of(it) {
        return values::mount(text.as_str());
    }
    let target = text_member(it, "target")?;
    let kind = text_member(it, "type").unwrap_or_default();
    let read_only = text_member(it, "read_only").is_some_and(|it| values::is_true(&it));
    let options = it.get("bind").and_then(|it| text_member(it, "propagation"));
    Some(Mount {
        kind: values::mount_type(&kind),
        source: text_member(it, "source").unwrap_or_default(),
        target,
        read_only,
        propagation: options.unwrap_or_default(),
    })
}

fn ports(out: &mut Told, source: SourceId, it: Json<'_>) {
    let port = match text_of(it) {
        Some(text) => values::port(text.as_str()),
        None => text_member(it, "target").and_then(|it| values::range(&it)).map(|container| {
            let published = text_member(it, "published").unwrap_or_default();
            // Some write the address there.
            let (before, host) = published.rsplit_once(':').unwrap_or(("", &published));
            let address = text_member(it, "host_ip").unwrap_or_else(|| before.to_owned());
            Published { address, host: values::range(host), container }
        }),
    };
    match port {
        Some(port) => values::add(&mut out.container.ports, port, at(source, it)),
        None => {
            let what = text_of(it).map(|it| it.as_str().to_owned()).unwrap_or_default();
            let value = format!("which port {} publishes cannot be read", quote(&what));
            out.unread.push(Placed { value, at: at(source, it) });
        }
    }
}

/// Options about the process itself.
fn process(out: &mut Told, source: SourceId, key: &str, value: Json<'_>) {
    let config = &mut out.config;
    match key {
        "user" => config.user = placed_text(value),
        "working_dir" => config.working_dir = placed_text(value),
        "command" => config.cmd = words(value),
        "entrypoint" => config.entrypoint = words(value),
        "environment" => {
            let own = variables(value);
            config.env.retain(|it| !own.iter().any(|own| own.name.as_str() == it.name.as_str()));
            config.env.extend(own);
        }
        "env_file" => {
            for it in texts(value) {
                let name = text_of(it).map(|it| it.as_str().to_owned());
                let name = name.or_else(|| text_member(it, "path")).unwrap_or_default();
                let value = format!("file {} sets variables and was not given", quote(&name));
                out.unread.push(Placed { value, at: at(source, it) });
            }
        }
        "healthcheck" => {
            let is_off = text_member(value, "disable").is_some_and(|it| values::is_true(&it));
            let test = value.get("test");
            let mut words: Vec<Text> =
                test.into_iter().flat_map(texts).filter_map(placed_text).collect();
            let start = value.span().start();
            let word = |text: &str| Text {
                text: text::Cooked::plain(text, start),
                span: Span::new(start, start + 1),
            };
            if test.is_some_and(|it| it.shape() == Shape::String) {
                words.insert(0, word("CMD-SHELL"));
            }
            if is_off {
                words = vec![word("NONE")];
            }
            if !words.is_empty() {
                let span = test.unwrap_or(value).span();
                config.healthcheck = Some(Healthcheck { test: words, span });
            }
        }
        _ => {}
    }
}

/// A command: words, or a text that is split as a shell splits it.
fn words(value: Json<'_>) -> Vec<Text> {
    let Some(text) = value.string() else {
        return value.items().filter_map(placed_text).collect();
    };
    let script = shell::parse(&text, &[]);
    match script.simple_commands().first() {
        Some(it) => it.words.iter().map(|it| Text { text: it.cooked(), span: it.span }).collect(),
        None => Vec::new(),
    }
}

/// Variables: a list of `NAME=value`, or an object.
fn variables(value: Json<'_>) -> Vec<Variable> {
    let of_list = value.items().filter_map(|it| {
        let text = it.string()?;
        let at = text.as_str().find('=')?;
        let (name, value) = (text.slice(0..at), text.slice(at + 1..text.as_str().len()));
        Some(Variable { name, value, span: it.span() })
    });
    let of_object = value.members().filter_map(|(name, value)| {
        let span = name.span().to(value.span());
        Some(Variable { name: name.string()?, value: text_of(value)?, span })
    });
    of_list.chain(of_object).collect()
}

/// What `deploy` says: limits and restarts.
fn deployed(out: &mut Container, source: SourceId, deploy: Json<'_>) {
    let resources = deploy.get("resources");
    let limits = resources.and_then(|it| it.get("limits"));
    // What is not set would stand as deep as anything beside it does.
    let deepest = limits.or(resources).unwrap_or(deploy);
    let start = deepest.span().start();
    let would = Locus::Text { source, span: Span::new(start, start + 1) };
    for (name, grant) in
        [("memory", &mut out.memory), ("cpus", &mut out.cpus), ("pids", &mut out.pids)]
    {
        if grant.value().is_some() {
            continue;
        }
        *grant = match limits.and_then(|it| it.get(name)).and_then(|it| Some((it, text_of(it)?))) {
            Some((it, text)) => values::limited(text.as_str(), at(source, it)),
            None => Grant::Unset(would.clone()),
        };
    }
    if let Some(policy) = deploy.get("restart_policy") {
        let condition = text_member(policy, "condition").unwrap_or_else(|| "any".to_owned());
        let most = policy.get("max_attempts");
        let text = match most.and_then(text_of) {
            Some(most) => format!("{condition}:{}", most.as_str()),
            None => condition,
        };
        out.restart = Grant::new(text, at(source, most.unwrap_or(policy)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::MountType;

    #[track_caller]
    fn told(text: &str, check: impl Fn(&Told)) {
        let json = image::yaml(text, 0..text.len()).json.text;
        let objects = Json::objects(&json, 0);
        let services = services(&objects);
        check(&read(SourceId(0), &services[0]));
    }

    #[test]
    fn short_and_long_forms_say_the_same() {
        for volumes in
            ["[\"/etc:/host:ro\"]", "[{type: bind, source: /etc, target: /host, read_only: true}]"]
        {
            told(&format!("services:\n  a:\n    volumes: {volumes}\n"), |it| {
                let mount = &it.container.mounts.all()[0].value;
                assert_eq!((mount.kind, &*mount.source), (MountType::Bind, "/etc"));
                assert!(mount.read_only);
            });
        }
        for ports in
            ["[\"127.0.0.1:80:8080\"]", "[{target: 8080, published: 80, host_ip: 127.0.0.1}]"]
        {
            told(&format!("services:\n  a:\n    ports: {ports}\n"), |it| {
                let port = &it.container.ports.all()[0].value;
                assert_eq!((&*port.address, port.host), ("127.0.0.1", Some((80, 80))));
            });
        }
        for env in ["[A=1]", "{A: 1}"] {
            told(&format!("services:\n  a:\n    environment: {env}\n"), |it| {
                let it = &it.config.env[0];
                assert_eq!((it.name.as_str(), it.value.as_str()), ("A", "1"));
            });
        }
    }

    #[test]
    fn limits_stand_in_two_places() {
        told(
            "services:\n  a:\n    mem_limit: 1g\n    deploy: {resources: {limits: {cpus: '2'}}}\n",
            |it| {
                assert_eq!(it.container.memory.value().map(String::as_str), Some("1g"));
                assert_eq!(it.container.cpus.value().map(String::as_str), Some("2"));
                assert_eq!(it.container.pids.value(), None);
            },
        );
    }

    #[test]
    fn services_take_over_others_of_the_file() {
        let base = "b:\n    image: x\n    privileged: true\n    cap_add: [A]\n    environment: {A: 1, B: 1}\n";
        let own =
            "a:\n    extends: b\n    privileged: false\n    cap_add: [B]\n    environment: [B=2]\n";
        told(&format!("services:\n  {own}  {base}"), |it| {
            assert_eq!(it.container.privileged.value(), Some(&false));
            assert_eq!(it.container.caps_added.all().len(), 2);
            assert_eq!(it.container.image.as_ref().unwrap().value, "x");
            let env: Vec<&str> = it.config.env.iter().map(|it| it.value.as_str()).collect();
            assert_eq!(env, ["1", "2"]);
            assert!(it.unread.is_empty());
        });
        // A circle, and a service that is not there.
        told("services:\n  a: {extends: b}\n  b: {extends: a}\n", |it| {
            assert_eq!(it.unread.len(), 1);
        });
        told("services:\n  a: {extends: {service: c}}\n", |it| assert_eq!(it.unread.len(), 1));
        told("a:\n  image: x\n  privileged: true\n", |it| {
            assert_eq!(it.container.privileged.value(), Some(&true));
        });
    }

    #[test]
    fn what_stands_in_other_files_is_said() {
        told(
            "services:\n  a:\n    env_file: a.env\n    extends: {file: b.yml, service: c}\n",
            |it| {
                assert_eq!(it.unread.len(), 2);
            },
        );
    }
}
