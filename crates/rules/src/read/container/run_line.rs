//! Reads a command line that starts a container: `docker run`, `podman create`, and the like.

use dockerfile::shell::{self, ShellWord};
use image::{Healthcheck, Text, Variable};
use report::{Locus, quote};
use text::{Cooked, SourceId, Span};

use super::{Told, values};
use crate::facts::{Container, Device, Engine, Grant, Notation, Placed};

/// Options that stand alone, without their dashes. Every other long option takes a value.
const SWITCHES: &[&str] = &[
    "detach",
    "disable-content-trust",
    "env-host",
    "help",
    "http-proxy",
    "init",
    "interactive",
    "no-healthcheck",
    "no-hostname",
    "no-hosts",
    "oom-kill-disable",
    "passwd",
    "privileged",
    "publish-all",
    "quiet",
    "read-only",
    "read-only-tmpfs",
    "replace",
    "rm",
    "rmi",
    "rootfs",
    "sig-proxy",
    "tls-verify",
    "tty",
    "unsetenv-all",
    "use-api-socket",
];

/// Short options that stand alone.
const SHORT_SWITCHES: &str = "ditPq";

/// A command line that starts a container.
pub(crate) struct RunLine {
    pub(super) engine: Engine,
    /// Where `run` and the words before it stand.
    pub(super) start: Span,
    pub(super) options: Vec<Given>,
    /// The image and the words behind it.
    pub(super) rest: Vec<ShellWord>,
}

/// An option as given.
pub(super) struct Given {
    pub(super) name: String,
    pub(super) value: Option<Cooked>,
    pub(super) span: Span,
}

impl RunLine {
    /// Where it stands.
    pub(crate) fn span(&self) -> Span {
        let ends = self.options.iter().map(|it| it.span).chain(self.rest.iter().map(|it| it.span));
        ends.fold(self.start, Span::to)
    }

    /// What the container can be called.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = self.options.iter().rfind(|it| it.name == "--name");
        let image = self.rest.first().map(|it| it.text().into_owned());
        let name = name.and_then(|it| it.value.as_ref()).map(|it| it.as_str().to_owned());
        name.into_iter().chain(image).collect()
    }

    /// The image.
    pub(crate) fn image(&self) -> Option<String> {
        self.rest.first().map(|it| it.text().into_owned())
    }
}

/// The command lines of a text that start a container.
pub(crate) fn run_lines(text: &str, range: std::ops::Range<usize>) -> Vec<RunLine> {
    let Some(stretch) = text.get(range.clone()) else { return Vec::new() };
    let start = Span::of(range.start..range.start).start();
    if super::is_quadlet(stretch) {
        return super::quadlet::quadlet(stretch, start).into_iter().collect();
    }
    let script = shell::parse(&Cooked::plain(&as_shell(stretch), start), &[]);
    script.simple_commands().into_iter().filter_map(|it| run_line(&it.words)).collect()
}

/// The text as a POSIX shell reads it, byte for byte in the same places: without prompts, and with
/// the line ends that PowerShell and the Windows prompt escape in their own ways.
fn as_shell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_more = false;
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        let (has_prompt, command) = crate::recognize::without_prompt(body.trim_start());
        // Shells show `> ` or `>> ` before the lines that go on.
        let kept = match () {
            () if is_more => body.trim_start().trim_start_matches('>'),
            () if has_prompt => command,
            () => body,
        };
        is_more = kept.ends_with(['\\', '`', '^']);
        let goes_on = kept.ends_with(['\\', '`', '^']);
        let kept = kept.strip_suffix(['\\', '`', '^']).unwrap_or(kept);
        let start = body.len() - kept.len() - usize::from(goes_on);
        out.push_str(&" ".repeat(start));
        out.push_str(kept);
        // The blanks behind it, a carriage return among them, would keep a line from going on.
        let has_end = line.ends_with('\n');
        let blanks = line.len() - start - kept.len() - usize::from(goes_on) - usize::from(has_end);
        out.push_str(&" ".repeat(blanks));
        out.push_str(if goes_on { "\\" } else { "" });
        out.push_str(if has_end { "\n" } else { "" });
    }
    out
}

fn run_line(words: &[ShellWord]) -> Option<RunLine> {
    let first = words.first()?;
    let mut rest = words.iter().skip_while(|it| {
        matches!(&*it.text(), "sudo" | "exec" | "time" | "command" | "env" | "-E" | "nohup")
    });
    let program = rest.next()?.text().into_owned();
    let name = program.rsplit(['/', '\\']).next().unwrap_or(&program);
    let engine = match name.strip_suffix(".exe").unwrap_or(name) {
        "docker" => Engine::Docker,
        "podman" => Engine::Podman,
        "nerdctl" => Engine::Nerdctl,
        _ => return None,
    };
    let last = loop {
        let word = rest.next()?;
        let text = word.text();
        match &*text {
            "run" | "create" => break word.span,
            "container" => {}
            // Options of the engine itself.
            "--context" | "-c" | "-H" | "--host" | "--namespace" | "-n" | "--config" | "-l" => {
                rest.next();
            }
            it if it.starts_with('-') => {}
            _ => return None,
        }
    };
    let mut out =
        RunLine { engine, start: first.span.to(last), options: Vec::new(), rest: Vec::new() };
    while let Some(word) = rest.next() {
        let text = word.text();
        if text == "--" {
            out.rest = rest.cloned().collect();
            break;
        }
        if !text.starts_with('-') || text.len() < 2 {
            out.rest = std::iter::once(word).chain(rest).cloned().collect();
            break;
        }
        option(word, &text, &mut rest, &mut out.options);
    }
    Some(out)
}

/// One option with its value, or a cluster of short ones.
pub(super) fn option<'a>(
    word: &ShellWord,
    text: &str,
    rest: &mut impl Iterator<Item = &'a ShellWord>,
    out: &mut Vec<Given>,
) {
    let cooked = word.cooked();
    let behind = |at: usize| cooked.slice(at..text.len());
    let mut next = |span: Span| match rest.next() {
        Some(it) => (Some(it.cooked()), span.to(it.span)),
        None => (None, span),
    };
    if text.starts_with("--") {
        let end = text.find('=').unwrap_or(text.len());
        let name = text.get(..end).unwrap_or_default().to_owned();
        let (value, span) = match () {
            () if end < text.len() => (Some(behind(end + 1)), word.span),
            () if SWITCHES.contains(&name.trim_start_matches('-')) => (None, word.span),
            () => next(word.span),
        };
        out.push(Given { name, value, span });
        return;
    }
    for (at, letter) in text.char_indices().skip(1) {
        let name = format!("-{letter}");
        if SHORT_SWITCHES.contains(letter) {
            out.push(Given { name, value: None, span: word.span });
            continue;
        }
        let at = at + letter.len_utf8();
        let glued = text.get(at..).unwrap_or_default();
        let (value, span) = match glued.strip_prefix('=') {
            Some(_) => (Some(behind(at + 1)), word.span),
            None if glued.is_empty() => next(word.span),
            None => (Some(behind(at)), word.span),
        };
        out.push(Given { name, value, span });
        return;
    }
}

/// Reads a command line.
pub(super) fn read(source: SourceId, line: &RunLine) -> Told {
    let place = |span| Locus::Text { source, span };
    let at = place(line.start);
    let mut out = Told::new(Container::unset(Notation::RunLine, line.engine, at));
    if let Some(image) = line.rest.first() {
        let value = image.text().into_owned();
        out.container.image = Some(Placed { value, at: place(image.span) });
    }
    let words = line.rest.get(1..).unwrap_or_default();
    out.config.cmd = words.iter().map(|it| Text { text: it.cooked(), span: it.span }).collect();
    for it in &line.options {
        let at = place(it.span);
        let value = it.value.as_ref().map(Cooked::as_str);
        process(&mut out, it, &at);
        surroundings(&mut out, &it.name, value, at);
    }
    out
}

/// Options about what the container has around it.
fn surroundings(out: &mut Told, name: &str, value: Option<&str>, at: Locus) {
    let is_on = value.is_none_or(values::is_true);
    let value = value.unwrap_or_default();
    let it = &mut out.container;
    match name {
        "--privileged" => it.privileged = Grant::new(is_on, at),
        "--read-only" => it.read_only = Grant::new(is_on, at),
        "--oom-kill-disable" => it.oom_kill_disable = Grant::new(is_on, at),
        "-P" | "--publish-all" => it.publish_all = Grant::new(is_on, at),
        "--cap-add" => lists(&mut it.caps_added, value, &at),
        "--cap-drop" => lists(&mut it.caps_dropped, value, &at),
        "--group-add" => values::add(&mut it.groups, value.to_owned(), at),
        "--security-opt" => values::security_option(it, value, &at),
        "--network" | "--net" => it.network = Grant::new(value.to_owned(), at),
        "--pid" => it.pid = Grant::new(value.to_owned(), at),
        "--ipc" => it.ipc = Grant::new(value.to_owned(), at),
        "--uts" => it.uts = Grant::new(value.to_owned(), at),
        "--userns" => it.userns = Grant::new(value.to_owned(), at),
        "--uidmap" | "--subuidname" => it.userns = Grant::new("mapped".to_owned(), at),
        "--cgroupns" => it.cgroupns = Grant::new(value.to_owned(), at),
        "--cgroup-parent" => it.cgroup_parent = Grant::new(value.to_owned(), at),
        "-m" | "--memory" => it.memory = values::limited(value, at),
        "--cpus" | "--cpu-quota" | "-c" | "--cpu-shares" | "--cpuset-cpus" => {
            it.cpus = values::limited(value, at);
        }
        "--pids-limit" => it.pids = values::limited(value, at),
        "--ulimit" => values::add(&mut it.ulimits, value.to_owned(), at),
        "--restart" => it.restart = Grant::new(value.to_owned(), at),
        "--log-driver" => it.log_driver = Grant::new(value.to_owned(), at),
        _ => files_and_ports(out, name, value, at),
    }
}

fn files_and_ports(out: &mut Told, name: &str, value: &str, at: Locus) {
    let it = &mut out.container;
    match name {
        "-v" | "--volume" => {
            if let Some(mount) = values::mount(value) {
                values::add(&mut it.mounts, mount, at);
            }
        }
        "--mount" => {
            if let Some(mount) = values::long_mount(value) {
                values::add(&mut it.mounts, mount, at);
            }
        }
        "--tmpfs" => values::add(&mut it.mounts, values::tmpfs(value), at),
        "--volumes-from" => values::add(&mut it.volumes_from, value.to_owned(), at),
        "--device" => values::add(&mut it.devices, values::device(value), at),
        "--device-cgroup-rule" => {
            let rule = Device { host: value.to_owned(), is_rule: true };
            values::add(&mut it.devices, rule, at);
        }
        "-p" | "--publish" => match values::port(value) {
            Some(port) => values::add(&mut it.ports, port, at),
            None => {
                let value = format!("which port {} publishes cannot be read", quote(value));
                out.unread.push(Placed { value, at });
            }
        },
        "--env-file" => {
            let value = format!("file {} sets variables and was not given", quote(value));
            out.unread.push(Placed { value, at });
        }
        _ => {}
    }
}

/// Options about the process itself.
fn process(out: &mut Told, it: &Given, at: &Locus) {
    let Locus::Text { span, .. } = at else { return };
    let text = it.value.as_ref().map(|text| Text { text: text.clone(), span: *span });
    let config = &mut out.config;
    match &*it.name {
        "-u" | "--user" => config.user = text,
        "-w" | "--workdir" => config.working_dir = text,
        "--entrypoint" => config.entrypoint = text.into_iter().collect(),
        "-e" | "--env" => {
            if let Some(text) = &text
                && let Some(at) = text.text.as_str().find('=')
            {
                let all = text.text.as_str().len();
                let (name, value) = (text.text.slice(0..at), text.text.slice(at + 1..all));
                config.env.push(Variable { span: text.text.whole(), name, value });
            }
        }
        "--health-cmd" => {
            let kind = Text { text: Cooked::plain("CMD-SHELL", span.start()), span: *span };
            let test = std::iter::once(kind).chain(text).collect();
            config.healthcheck = Some(Healthcheck { test, span: *span });
        }
        "--no-healthcheck" => {
            let test = vec![Text { text: Cooked::plain("NONE", span.start()), span: *span }];
            config.healthcheck = Some(Healthcheck { test, span: *span });
        }
        _ => {}
    }
}

/// Podman takes several capabilities with commas between them.
fn lists(list: &mut Grant<Vec<Placed<String>>>, value: &str, at: &Locus) {
    for it in value.split(',') {
        values::add(list, it.trim().to_owned(), at.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, names: &[&str], options: &[(&str, Option<&str>)]) {
        let lines = run_lines(text, 0..text.len());
        let [line] = &lines[..] else { panic!("{} lines in {text}", lines.len()) };
        let got: Vec<(&str, Option<&str>)> = line
            .options
            .iter()
            .map(|it| (&*it.name, it.value.as_ref().map(Cooked::as_str)))
            .collect();
        assert_eq!(got, options);
        assert_eq!(line.names(), names);
    }

    #[test]
    fn options_end_at_the_image() {
        check(
            "sudo docker --context x container run -itd --name=web -p8080:80 -v /a:/b --rm img:1 -p 9",
            &["web", "img:1"],
            &[
                ("-i", None),
                ("-t", None),
                ("-d", None),
                ("--name", Some("web")),
                ("-p", Some("8080:80")),
                ("-v", Some("/a:/b")),
                ("--rm", None),
            ],
        );
        check("$ podman run --privileged=false img", &["img"], &[("--privileged", Some("false"))]);
        check("A=1 docker create 'img'", &["img"], &[]);
    }

    #[test]
    fn lines_go_on_in_three_shells() {
        for end in ["\\\n", "`\n", "^\r\n", "\\ \n", "\\\r\n"] {
            for prompt in ["", "> ", ">> "] {
                let text =
                    format!("docker run {end}{prompt}  --cap-add SYS_ADMIN {end}{prompt}  img");
                check(&text, &["img"], &[("--cap-add", Some("SYS_ADMIN"))]);
            }
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "me@host:~$ docker run --cap-add SYS_ADMIN img";
        let lines = run_lines(text, 0..text.len());
        assert_eq!(&text[lines[0].options[0].span.range()], "--cap-add SYS_ADMIN");
        assert_eq!(&text[lines[0].span().range()], "docker run --cap-add SYS_ADMIN img");
        assert!(run_lines("docker ps\ndocker build .", 0..25).is_empty());
    }
}
