//! How to run an image with no more than it needs: from the facts, as a command line, as a Compose
//! service and as a Kubernetes container.
//!
//! What the facts do not tell is said with the flag it concerns; nothing is made up to look known.

mod forms;

use std::collections::BTreeSet;

use dockerfile::ImageRef;
use report::{Advice, Advised, quote};

use crate::Case;
use crate::facts::{Grant, MountType, Origin, Reach};
use crate::knowledge::base_image::Runtime;
use crate::knowledge::capabilities::{capability, is_all};
use crate::read::known_image;

/// What the three forms are written from.
struct Plan {
    image: String,
    /// User and group by number, or a name; nothing leaves it to the image.
    user: Option<String>,
    /// Paths in memory.
    tmpfs: Vec<String>,
    /// Volumes: name and path.
    volumes: Vec<(String, String)>,
    capabilities: Vec<String>,
    memory: String,
    cpus: String,
    pids: String,
    /// Ports of the container that are published, and whether for UDP.
    ports: Vec<(u16, bool)>,
    /// Containers of Windows have no capabilities and none of what Linux has against writing.
    is_windows: bool,
}

/// Advice for the image of a case; nothing when nothing is known of it.
pub fn advise(case: &Case) -> Option<Advice> {
    if case.read.is_empty() {
        return None;
    }
    let mut options = Vec::new();
    let mut open = Vec::new();
    let mut plan = Plan {
        image: image(case),
        user: None,
        tmpfs: Vec::new(),
        volumes: Vec::new(),
        capabilities: Vec::new(),
        memory: String::new(),
        cpus: String::new(),
        pids: String::new(),
        ports: Vec::new(),
        is_windows: is_windows(case),
    };
    user(case, &mut plan, &mut options, &mut open);
    files(case, &mut plan, &mut options, &mut open);
    if plan.is_windows {
        open.push(
            "What Windows does not have: a root file system that cannot be written, capabilities, \
             limits of processes. `--isolation=hyperv` gives the container a kernel of its own"
                .to_owned(),
        );
    } else {
        capabilities(case, &mut plan, &mut options, &mut open);
        options.push(Advised {
            flag: "--security-opt no-new-privileges".to_owned(),
            because: "no program of the container gets more rights than it was started with"
                .to_owned(),
            known: false,
        });
    }
    limits(case, &mut plan, &mut options);
    ports(case, &mut plan, &mut options);
    secrets(case, &mut open);
    left_out(case, &mut open);
    open.push(
        "All of this holds on the one host or in the one manifest that runs the container; the \
         image itself stays as it is"
            .to_owned(),
    );
    // Names and paths come from the input, and may hold what no output shows.
    let shown = |text: String| case.hidden.scrub(&text).into_owned();
    for it in &mut options {
        it.flag = shown(std::mem::take(&mut it.flag));
        it.because = shown(std::mem::take(&mut it.because));
    }
    Some(Advice {
        options,
        run: shown(forms::run(&plan)),
        compose: shown(forms::compose(&plan)),
        kubernetes: shown(forms::kubernetes(&plan)),
        open: open.into_iter().map(shown).collect(),
    })
}

/// Whether a text can be put into a command line and into YAML as it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 300
        && !text.starts_with('-')
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-/:@+".contains(&it))
}

/// The image as it is called.
fn image(case: &Case) -> String {
    let run = case.facts.container.as_ref().and_then(|it| it.image.as_ref());
    let name = run.map(|it| it.value.clone()).filter(|it| !it.starts_with("sha256:"));
    let name = name.or_else(|| case.image_name.clone());
    name.filter(|it| is_plain(it)).unwrap_or_else(|| "IMAGE".to_owned())
}

fn is_windows(case: &Case) -> bool {
    let accounts = ["ContainerAdministrator", "ContainerUser"];
    let user = case.facts.user.best().and_then(|it| it.value.as_ref().ok());
    case.is_windows
        || case.facts.container.as_deref().is_some_and(|it| it.is_windows)
        || user.is_some_and(|it| accounts.iter().any(|name| name.eq_ignore_ascii_case(it.name())))
}

/// Who runs in the end, when the entry point changes users: as read, or as known of the image.
fn becomes(case: &Case, image: &str) -> Option<&'static str> {
    let best = case.facts.user.best().and_then(|it| it.value.as_ref().ok());
    if let Some(it) = best.and_then(|it| it.becomes) {
        return Some(it);
    }
    let known = known_image(&ImageRef::parse(image))?;
    let is_root = best.is_none_or(crate::facts::User::names_root);
    match known.runtime {
        Runtime::Becomes(name) if is_root => Some(name),
        Runtime::Becomes(_) | Runtime::Stays | Runtime::Workers(_) => None,
    }
}

/// What the container has now and the line does not repeat.
fn left_out(case: &Case, open: &mut Vec<String>) {
    let Some(container) = case.facts.container.as_deref() else { return };
    open.push(
        "The command, the variables and the name of the container are not repeated here: add \
         those that it needs"
            .to_owned(),
    );
    for it in container.mounts.all() {
        if it.value.kind == MountType::Bind && !it.value.source.is_empty() {
            open.push(format!(
                "Whether it needs {} of the host, which it has now and which is left out here",
                quote(&it.value.source)
            ));
        }
    }
    if container.network.value().is_some_and(|it| it == "host") {
        open.push(
            "Whether it needs the network of the host, which it has now: published ports do for \
             most"
                .to_owned(),
        );
    }
}

fn user(case: &Case, plan: &mut Plan, options: &mut Vec<Advised>, open: &mut Vec<String>) {
    let best = case.facts.user.best().and_then(|it| it.value.as_ref().ok());
    let best = best.filter(|it| it.names_root() || is_plain(&it.text));
    let becomes = becomes(case, &plan.image);
    let (user, because, known) = match best {
        Some(it) if plan.is_windows && it.name().eq_ignore_ascii_case("ContainerUser") => {
            ("ContainerUser".to_owned(), "the image runs as this user already".to_owned(), true)
        }
        _ if plan.is_windows => (
            "ContainerUser".to_owned(),
            "the administrator of a container may change all of it".to_owned(),
            false,
        ),
        Some(it) if !it.names_root() && it.is_numeric() => {
            (it.text.clone(), "the image runs as this user already".to_owned(), true)
        }
        Some(it) if !it.names_root() => {
            let name = quote(&it.text);
            open.push(format!(
                "Which number user {name} has: `docker run --rm --entrypoint id {}`; Kubernetes \
                 cannot tell from a name that it is not root",
                plan.image
            ));
            (it.text.clone(), format!("the image runs as {name} already"), true)
        }
        _ if becomes.is_some() => {
            let name = quote(becomes.unwrap_or_default());
            open.push(format!(
                "Whether the entry point also works when it is started as {name}: many official \
                 images allow it, and then no capability is needed"
            ));
            return;
        }
        Some(_) => (
            "10001:10001".to_owned(),
            "the image runs as root; most programs need it only to install themselves".to_owned(),
            false,
        ),
        None => (
            "10001:10001".to_owned(),
            "which user the image runs as is not known; any but root will do for most".to_owned(),
            false,
        ),
    };
    if !known {
        open.push(
            "Whether the program runs as an unprivileged user: start it and read its first \
             complaint; files it has to write are given to that user in the Dockerfile"
                .to_owned(),
        );
    }
    options.push(Advised { flag: format!("--user {user}"), because, known });
    plan.user = Some(user);
}

fn files(case: &Case, plan: &mut Plan, options: &mut Vec<Advised>, open: &mut Vec<String>) {
    let container = case.facts.container.as_deref();
    let known = plan.is_windows || container.is_some_and(|it| it.read_only.value() == Some(&true));
    if !plan.is_windows {
        options.push(Advised {
            flag: "--read-only".to_owned(),
            because: "nothing of the image can be changed, whoever gets in".to_owned(),
            known,
        });
    }
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for it in container.map(|it| it.mounts.all()).unwrap_or_default() {
        if !is_plain(&it.value.target)
            || !(it.value.source.is_empty() || is_plain(&it.value.source))
        {
            continue;
        }
        match it.value.kind {
            MountType::Tmpfs => {
                paths.insert(it.value.target.clone());
            }
            MountType::Volume => {
                // The engine made up a name for what has none.
                let source = &it.value.source;
                let is_made_up =
                    source.len() == 64 && source.bytes().all(|it| it.is_ascii_hexdigit());
                let name = match source.is_empty() || is_made_up {
                    true => data_name(plan),
                    false => source.clone(),
                };
                plan.volumes.push((name, it.value.target.clone()));
            }
            // What of the host is handed in, the findings say.
            MountType::Bind | MountType::Other => {}
        }
    }
    let declared = case.facts.volumes.iter().filter(|it| it.reach == Reach::Image);
    for path in declared.filter_map(|it| it.value.as_ref().ok()) {
        let is_there = plan.volumes.iter().any(|(_, it)| it == path) || paths.contains(path);
        if !is_there && path.starts_with('/') && is_plain(path) {
            let name = data_name(plan);
            plan.volumes.push((name, path.clone()));
        }
    }
    for (name, path) in &plan.volumes {
        options.push(Advised {
            flag: format!("-v {name}:{path}"),
            because: "what is written there stays; the image declares it or the container has it"
                .to_owned(),
            known: true,
        });
    }
    if !known {
        paths.insert("/tmp".to_owned());
    }
    for path in &paths {
        let is_given = known || path != "/tmp";
        let because = match is_given {
            true => "the container has it already",
            false => "most programs write temporary files",
        };
        let flag = format!("--tmpfs {path}");
        options.push(Advised { flag, because: because.to_owned(), known: is_given });
    }
    plan.tmpfs = paths.into_iter().collect();
    if !known {
        open.push(format!(
            "Which other paths the program writes: run it as it is now for a while, then \
             `docker diff CONTAINER`; give each a `--tmpfs` or a volume, `{}` says which it lacks",
            "docker logs CONTAINER"
        ));
    }
}

/// A name for a volume that no other has.
fn data_name(plan: &Plan) -> String {
    let number = plan.volumes.iter().filter(|(name, _)| name.starts_with("data")).count();
    if number == 0 { "data".to_owned() } else { format!("data{}", number + 1) }
}

fn capabilities(case: &Case, plan: &mut Plan, options: &mut Vec<Advised>, open: &mut Vec<String>) {
    options.push(Advised {
        flag: "--cap-drop ALL".to_owned(),
        because: "hardly any program needs the power of root that engines leave it".to_owned(),
        known: false,
    });
    if becomes(case, &plan.image).is_some() {
        for name in ["SETUID", "SETGID"] {
            options.push(Advised {
                flag: format!("--cap-add {name}"),
                because: "the entry point starts as root and changes to another user".to_owned(),
                known: true,
            });
            plan.capabilities.push(name.to_owned());
        }
        open.push(
            "Whether the entry point also changes owners of files: then it needs `CHOWN` as well"
                .to_owned(),
        );
    }
    let added = case.facts.container.as_deref().map(|it| it.caps_added.all()).unwrap_or_default();
    for it in added.iter().filter(|it| !is_all(&it.value)) {
        let Some(known) = capability(&it.value) else { continue };
        if plan.capabilities.iter().any(|it| it == known.name) {
            continue;
        }
        open.push(format!(
            "Whether {} is needed, which the container has now: it lets a process {}",
            quote(known.name),
            known.allows
        ));
    }
    let has_low =
        case.facts.ports.iter().any(|it| {
            it.reach == Reach::Image && it.value.as_ref().is_ok_and(|it| it.first < 1024)
        });
    if has_low {
        open.push(
            "Whether the engine lets everybody listen below 1024, as Docker does since 20.10; \
             else the program needs `NET_BIND_SERVICE`, or a port above"
                .to_owned(),
        );
    }
}

fn limits(case: &Case, plan: &mut Plan, options: &mut Vec<Advised>) {
    let container = case.facts.container.as_deref();
    let given = |of: fn(&crate::facts::Container) -> &Grant<String>| {
        container.and_then(|it| of(it).value()).cloned()
    };
    let all = [
        ("--memory", given(|it| &it.memory), "512m", "a leak ends this container and no other"),
        ("--cpus", given(|it| &it.cpus), "1", "what runs wild leaves the others their time"),
        ("--pids-limit", given(|it| &it.pids), "200", "no program fills the table of processes"),
    ];
    for (flag, given, usual, because) in all {
        if plan.is_windows && flag == "--pids-limit" {
            continue;
        }
        // Inspect output has bytes and nanoseconds, which options take as they are or not at all.
        let given = given.filter(|it| (flag != "--cpus" || it.len() < 6) && is_plain(it));
        let known = given.is_some();
        let value = given.unwrap_or_else(|| usual.to_owned());
        let because = match known {
            true => format!("{because}; the container has it already"),
            false => format!("{because}; the number is a guess, `docker stats` shows what is used"),
        };
        options.push(Advised { flag: format!("{flag} {value}"), because, known });
        match flag {
            "--memory" => plan.memory = value,
            "--cpus" => plan.cpus = value,
            _ => plan.pids = value,
        }
    }
}

fn ports(case: &Case, plan: &mut Plan, options: &mut Vec<Advised>) {
    let exposed = case.facts.ports.iter().filter(|it| it.reach == Reach::Image);
    let exposed = exposed.filter_map(|it| it.value.as_ref().ok());
    let exposed = exposed.map(|it| (it.first, it.protocol == "udp"));
    let published = case.facts.container.as_deref().map(|it| it.ports.all()).unwrap_or_default();
    let published = published.iter().map(|it| (it.value.container.0, it.value.is_udp));
    let ports = text::order::distinct(exposed.chain(published));
    for (port, is_udp) in ports.into_iter().take(10) {
        options.push(Advised {
            flag: format!("-p {}", forms::port(port, is_udp)),
            because: "reachable from this host only; name another address if others need it"
                .to_owned(),
            known: true,
        });
        plan.ports.push((port, is_udp));
    }
}

fn secrets(case: &Case, open: &mut Vec<String>) {
    let known = case.facts.env.iter().filter_map(|it| it.value.as_ref().ok());
    let secret = known.filter(|it| it.secret && it.origin == Origin::Env);
    let names = text::order::distinct(secret.map(|it| it.name.as_str()));
    for it in names {
        open.push(format!(
            "How the program takes {} from a file instead: a mounted secret is in no list of \
             variables",
            quote(it)
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(documents: &[(&str, &str)]) -> Advice {
        advise(&crate::tests::case(documents)).unwrap()
    }

    fn flags(it: &Advice) -> Vec<(&str, bool)> {
        it.options.iter().map(|it| (&*it.flag, it.known)).collect()
    }

    #[test]
    fn what_the_image_says_is_known() {
        let it = advice(&[(
            "dockerfile",
            "FROM debian:13\nEXPOSE 8080\nVOLUME /var/lib/app\nUSER 10001:10001\n",
        )]);
        assert_eq!(
            flags(&it),
            [
                ("--user 10001:10001", true),
                ("--read-only", false),
                ("-v data:/var/lib/app", true),
                ("--tmpfs /tmp", false),
                ("--cap-drop ALL", false),
                ("--security-opt no-new-privileges", false),
                ("--memory 512m", false),
                ("--cpus 1", false),
                ("--pids-limit 200", false),
                ("-p 127.0.0.1:8080:8080", true),
            ]
        );
        assert!(it.run.contains("\\\n    --read-only"), "{}", it.run);
    }

    /// What is advised is itself judged, in each of its forms.
    #[test]
    fn advice_passes_its_own_rules() {
        let given = "docker run -p 8080:8080 --cap-add SYS_ADMIN -e DB_PASSWORD=x example/app:3";
        let it = advice(&[("run", given)]);
        for text in [&it.run, &it.compose, &it.kubernetes] {
            let report = crate::check(&crate::tests::case(&[("run", text)]));
            let is_on = |id: &str| crate::RULES.iter().any(|it| it.id == id && it.default);
            let failed = report.findings().map(|(it, _)| it.id.to_string());
            let failed: Vec<String> = failed.filter(|it| is_on(it)).collect();
            assert_eq!(failed, Vec::<String>::new(), "{text}");
            assert!(report.read.contains(&report::Input::Run), "{text}");
        }
        assert!(it.open.iter().any(|it| it.contains("SYS_ADMIN")));
        assert!(it.open.iter().any(|it| it.contains("DB_PASSWORD")));
    }

    #[test]
    fn nothing_of_the_input_becomes_an_option() {
        let given =
            "docker run -v 'a b:/x; rm -rf /' --user '1 --privileged' -m '1g --pid host' 'x y'";
        let it = advice(&[("run", given)]);
        for text in [&it.run, &it.compose, &it.kubernetes] {
            assert!(
                !text.contains("rm -rf") && !text.contains("privileged") && !text.contains("host"),
                "{text}"
            );
            assert!(text.contains("IMAGE"), "{text}");
        }
    }

    #[test]
    fn nothing_of_the_container_is_passed_over_in_silence() {
        let hex = "0123456789abcdef".repeat(4);
        let line = format!(
            "docker run --network host -v {hex}:/a -v /b -v /run/docker.sock:/c -p 53:53/udp \
             postgres:17"
        );
        let it = advice(&[("run", &line)]);
        let has = |flag: &str| it.options.iter().any(|it| it.flag == flag);
        // Each volume has a name of its own, and the official image starts as root to change.
        assert!(has("-v data:/a") && has("-v data2:/b"), "{:?}", flags(&it));
        assert!(has("-p 127.0.0.1:8053:53/udp") && has("--cap-add SETUID"), "{:?}", flags(&it));
        assert!(!it.run.contains("--user"), "{}", it.run);
        for what in ["/run/docker.sock", "network of the host", "`postgres`"] {
            assert!(it.open.iter().any(|it| it.contains(what)), "{what}");
        }
    }

    #[test]
    fn windows_has_ways_of_its_own() {
        let text = r#"[{"Id": "sha256:aa", "RepoTags": ["example/app:1"], "Os": "windows",
            "Config": {"User": "ContainerAdministrator", "Cmd": ["app.exe"]},
            "RootFS": {"Type": "layers", "Layers": []}}]"#;
        let it = advice(&[("image", text)]);
        assert_eq!(
            it.run,
            "docker run --rm \\\n    --user ContainerUser \\\n    --memory 512m --cpus 1 \\\n    \
             example/app:1\n"
        );
        assert!(it.kubernetes.contains("runAsUserName: ContainerUser"), "{}", it.kubernetes);
        assert!(!it.compose.contains("cap_drop") && !it.kubernetes.contains("capabilities"));
    }

    #[test]
    fn an_entry_point_that_changes_users_keeps_the_right_to() {
        let it = advice(&[("dockerfile", "FROM redis:8\n")]);
        assert!(flags(&it).contains(&("--cap-add SETUID", true)), "{:?}", it.options);
        assert!(!it.run.contains("--user"));
    }
}
