//! Reads a service of a Compose file.

use dockerfile::shell;
use image::json::{Json, Shape};
use image::{Config, Healthcheck, Text, Variable};
use report::{Disagreement, Evidence, Locus, quote};
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

    /// What it sets, what it takes over first.
    fn objects(&self) -> impl DoubleEndedIterator<Item = &Json<'_>> {
        self.bases.iter().rev().chain([&self.object])
    }

    /// The profiles that it belongs to. Services without one always start.
    fn profiles(&self) -> Vec<String> {
        let given = self.objects().rev().find_map(|it| it.get("profiles"));
        let names = given.into_iter().flat_map(texts).filter_map(text_of);
        names.map(|it| it.as_str().to_owned()).take(20).collect()
    }

    pub(super) fn listed(&self) -> Listed {
        let name = self.key.string().map(|it| it.as_str().to_owned());
        let container = text_member(self.object, "container_name");
        Listed {
            names: name.into_iter().chain(container).collect(),
            image: self.image(),
            span: self.key.span().to(self.object.span()),
            is_minor: !self.profiles().is_empty(),
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

/// Reads a service: as one file has it, or as several do, of which later ones add to earlier ones
/// and change them.
pub(super) fn read(layers: &[(SourceId, &Service<'_>)]) -> Option<Told> {
    let (source, first) = layers.first()?;
    let place = at(*source, first.key);
    let mut out = Told::new(Container::unset(Notation::Compose, Engine::Docker, place));
    for (source, service) in layers {
        if let Some(before) = out.config_in.replace(*source) {
            let config = std::mem::take(&mut out.config);
            out.under.push((before, config));
        }
        for object in service.objects() {
            for (key, value) in object.members() {
                let Some(key) = key.string() else { continue };
                option(&mut out, *source, key.as_str(), value);
            }
        }
        let Told { config, under, .. } = &mut out;
        under.iter_mut().for_each(|(_, it)| replaced(it, config));
        elsewhere(&mut out, *source, service);
    }
    // The last word first.
    let all = layers.iter().rev().flat_map(|(source, service)| {
        service.objects().rev().filter_map(|it| Some((*source, it.get("deploy")?)))
    });
    deployed(&mut out.container, &all.collect::<Vec<_>>());
    Some(out)
}

/// Takes out of an earlier configuration what a later one sets.
fn replaced(earlier: &mut Config, later: &Config) {
    earlier.env.retain(|it| !later.env.iter().any(|own| own.name.as_str() == it.name.as_str()));
    if later.user.is_some() {
        earlier.user = None;
    }
    if later.working_dir.is_some() {
        earlier.working_dir = None;
    }
    if later.healthcheck.is_some() {
        earlier.healthcheck = None;
    }
    if !later.entrypoint.is_empty() {
        earlier.entrypoint.clear();
    }
    // A later entrypoint takes the image's command away, not the one of an earlier file.
    if !later.cmd.is_empty() {
        earlier.cmd.clear();
    }
}

/// What a service takes over from another file, or takes back.
fn elsewhere(out: &mut Told, source: SourceId, service: &Service<'_>) {
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
}

/// What is to be said of a service beside what it sets: that several files make it, and that it
/// does not start by itself. `names`: of the files.
pub(super) fn remarks(
    layers: &[(SourceId, &Service<'_>)],
    names: &[&str],
    others: &[Service<'_>],
) -> Vec<Disagreement> {
    let name = |it: &Service<'_>| it.key.string().map(|it| it.as_str().to_owned());
    let Some((source, service)) = layers.last() else { return Vec::new() };
    let name = quote(&name(service).unwrap_or_default());
    let mut out = Vec::new();
    if layers.len() > 1 {
        let files = names.iter().map(|it| format!("-f {it}")).collect::<Vec<_>>().join(" ");
        let message = format!(
            "{} files set service {name}; they were put together as {} does, where the later one \
             holds",
            layers.len(),
            quote(&format!("docker compose {files}"))
        );
        let place = |(number, (source, it)): (usize, &(SourceId, &Service<'_>))| Evidence {
            place: at(*source, it.key).into(),
            note: match number {
                0 => "the first file".into(),
                _ => format!("adds to it: {}", keys(it)).into(),
            },
        };
        let places = layers.iter().enumerate().take(20).map(place).collect();
        out.push(Disagreement { message, places });
    }
    let profiles = layers.iter().rev().map(|(_, it)| it.profiles()).find(|it| !it.is_empty());
    if let Some(profiles) = profiles {
        let list = profiles.iter().map(|it| quote(it)).collect::<Vec<_>>().join(" or ");
        let note = "what is said of it holds once it is started";
        out.push(Disagreement {
            message: format!(
                "service {name} is off by default: it starts only when profile {list} is asked for"
            ),
            places: vec![Evidence { place: at(*source, service.key).into(), note: note.into() }],
        });
        return out;
    }
    let off = others.iter().filter(|it| !it.profiles().is_empty());
    let off: Vec<Evidence> = off
        .filter_map(|it| {
            let of = it.profiles().iter().map(|it| quote(it)).collect::<Vec<_>>().join(" or ");
            let name = quote(it.key.string()?.as_str());
            let note = format!("{name} starts only when profile {of} is asked for");
            Some(Evidence { place: at(layers.first()?.0, it.key).into(), note: note.into() })
        })
        .take(20)
        .collect();
    if !off.is_empty() {
        let message =
            format!("{name} starts by default, other services do not; only {name} was read");
        out.push(Disagreement { message, places: off });
    }
    out
}

/// The names of what a service sets.
fn keys(it: &Service<'_>) -> String {
    let names = it.object.members().filter_map(|(name, _)| name.string());
    let names: Vec<String> = names.take(12).map(|it| quote(it.as_str())).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn option(out: &mut Told, source: SourceId, key: &str, value: Json<'_>) {
    let place = at(source, value);
    let container = &mut out.container;
    let text = || text_of(value).map(|it| values::defaults(it.as_str()));
    let text = || text().filter(|it| !it.is_empty());
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
        return values::mount(&values::defaults(text.as_str()));
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
        Some(text) => values::port(&values::defaults(text.as_str())),
        None => text_member(it, "target").and_then(|it| values::range(&it)).map(|container| {
            let published = text_member(it, "published").unwrap_or_default();
            // Some write the address there.
            let (before, host) = published.rsplit_once(':').unwrap_or(("", &published));
            let address = text_member(it, "host_ip").unwrap_or_else(|| before.to_owned());
            let is_udp = text_member(it, "protocol").is_some_and(|it| it == "udp");
            Published { address, host: values::range(host), container, is_udp }
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

/// What `deploy` says: limits and restarts. `all`: the sections, the one that holds first.
fn deployed(out: &mut Container, all: &[(SourceId, Json<'_>)]) {
    let Some((source, first)) = all.first() else { return };
    fn limits(deploy: Json<'_>) -> Option<Json<'_>> {
        deploy.get("resources")?.get("limits")
    }
    // What is not set would stand as deep as anything beside it does.
    let deepest = limits(*first).or_else(|| first.get("resources")).unwrap_or(*first);
    let start = deepest.span().start();
    let would = Locus::Text { source: *source, span: Span::new(start, start + 1) };
    for (name, grant) in
        [("memory", &mut out.memory), ("cpus", &mut out.cpus), ("pids", &mut out.pids)]
    {
        if grant.value().is_some() {
            continue;
        }
        let set = all.iter().find_map(|(source, it)| {
            let it = limits(*it)?.get(name)?;
            Some((at(*source, it), text_of(it)?))
        });
        *grant = match set {
            Some((at, text)) => values::limited(text.as_str(), at),
            None => Grant::Unset(would.clone()),
        };
    }
    let policy = all.iter().find_map(|(source, it)| Some((*source, it.get("restart_policy")?)));
    if let Some((source, policy)) = policy {
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
mod tests;
