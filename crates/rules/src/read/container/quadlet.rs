//! Reads a container of Podman's quadlets: a unit of systemd with a section `[Container]`. Each of
//! its keys stands for an option of `podman run`, so it becomes such a command line.

use dockerfile::shell::{self, Part, ShellWord};
use text::{Cooked, Span};

use super::run_line::{Given, RunLine, option};
use crate::facts::Engine;

/// Keys and the options that they stand for.
const KEYS: [(&str, &str); 25] = [
    ("AddCapability", "--cap-add"),
    ("AddDevice", "--device"),
    ("ContainerName", "--name"),
    ("DropCapability", "--cap-drop"),
    ("Entrypoint", "--entrypoint"),
    ("Environment", "-e"),
    ("EnvironmentFile", "--env-file"),
    ("GroupAdd", "--group-add"),
    ("HealthCmd", "--health-cmd"),
    ("LogDriver", "--log-driver"),
    ("Memory", "--memory"),
    ("Mount", "--mount"),
    ("Network", "--network"),
    ("PidsLimit", "--pids-limit"),
    ("PublishPort", "-p"),
    ("ReadOnly", "--read-only"),
    ("Restart", "--restart"),
    ("Tmpfs", "--tmpfs"),
    ("UIDMap", "--uidmap"),
    ("Ulimit", "--ulimit"),
    ("User", "--user"),
    ("UserNS", "--userns"),
    ("Volume", "-v"),
    ("VolumesFrom", "--volumes-from"),
    ("WorkingDir", "-w"),
];

/// Keys that hold several values with blanks between.
const LISTS: [&str; 3] = ["AddCapability", "DropCapability", "Environment"];

/// Keys that stand for security options, and what these start with; a key that is switched on has
/// no value of its own.
const SECURITY: [(&str, &str, bool); 7] = [
    ("AppArmor", "apparmor=", false),
    ("Mask", "mask=", false),
    ("NoNewPrivileges", "no-new-privileges", true),
    ("SeccompProfile", "seccomp=", false),
    ("SecurityLabelDisable", "label=disable", true),
    ("SecurityLabelType", "label=type:", false),
    ("Unmask", "unmask=", false),
];

/// Whether a text is such a unit.
pub(crate) fn is_quadlet(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    lines.any(|it| it == "[Container]") && lines.any(|it| it.starts_with("Image="))
}

/// The command line that a unit stands for. `start`: where the text starts.
pub(super) fn quadlet(text: &str, start: u32) -> Option<RunLine> {
    let whole = Cooked::plain(text, start);
    let mut out = RunLine {
        engine: Engine::Podman,
        start: Span::default(),
        options: Vec::new(),
        rest: Vec::new(),
    };
    let (mut section, mut at, mut command) = ("", 0, Vec::new());
    for line in text.split_inclusive('\n') {
        let from = at;
        at += line.len();
        let body = line.trim();
        if body.starts_with('[') {
            section = body;
            if section == "[Container]" {
                out.start = whole.span(from..from + body.len());
            }
            continue;
        }
        let lead = line.len() - line.trim_start().len();
        let Some((key, value)) = body.split_once('=') else { continue };
        let first = from + lead + key.len() + 1;
        let first = first + (value.len() - value.trim_start().len());
        let value = whole.slice(first..first + value.trim().len());
        let span = whole.span(from + lead..from + lead + body.len());
        match (section, key.trim()) {
            ("[Container]", "Image") => {
                let part = Part::Literal { text: value.clone(), quoted: true };
                out.rest = vec![ShellWord { span: value.whole(), parts: vec![part] }];
            }
            ("[Container]", "Exec") => command = words(&value),
            ("[Container]", "PodmanArgs") => {
                let all = words(&value);
                let mut rest = all.iter();
                while let Some(word) = rest.next() {
                    let text = word.text().into_owned();
                    option(word, &text, &mut rest, &mut out.options);
                }
            }
            ("[Container]", key) => set(&mut out.options, key, value, span),
            ("[Service]", "Restart") => set(&mut out.options, "Restart", value, span),
            _ => {}
        }
    }
    out.rest.extend(command);
    (!out.rest.is_empty()).then_some(out)
}

fn set(options: &mut Vec<Given>, key: &str, value: Cooked, span: Span) {
    if let Some((_, text, is_switch)) = SECURITY.iter().find(|it| it.0 == key) {
        let mut option = Cooked::plain(text, span.start());
        match is_switch {
            true if !super::values::is_true(value.as_str()) => return,
            true => {}
            false => option.append(&value),
        }
        options.push(Given { name: "--security-opt".to_owned(), value: Some(option), span });
        return;
    }
    let Some((_, name)) = KEYS.iter().find(|it| it.0 == key) else { return };
    if LISTS.contains(&key) {
        let all = words(&value).into_iter();
        options.extend(all.map(|it| Given {
            name: (*name).to_owned(),
            value: Some(it.cooked()),
            span: it.span,
        }));
        return;
    }
    options.push(Given { name: (*name).to_owned(), value: Some(value), span });
}

/// The words of a value, with quotes as shells have them.
fn words(value: &Cooked) -> Vec<ShellWord> {
    let script = shell::parse(value, &[]);
    let words = |it: &&shell::Simple| {
        let set = it.assignments.iter().map(|it| ShellWord {
            span: it.span,
            parts: std::iter::once(Part::Literal {
                text: Cooked::plain(&format!("{}=", it.name), it.span.start()),
                quoted: true,
            })
            .chain(it.value.parts.iter().cloned())
            .collect(),
        });
        set.chain(it.words.iter().cloned()).collect::<Vec<_>>()
    };
    script.simple_commands().first().map(words).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use text::SourceId;

    use super::*;

    #[test]
    fn keys_stand_for_options() {
        let text = "[Unit]\nDescription=x\n\n[Container]\nImage=example/app:1\nExec=serve --fast\n\
                    User=0\nAddCapability=SYS_ADMIN NET_ADMIN\nDropCapability=ALL\n\
                    NoNewPrivileges=true\nReadOnly=true\nSecurityLabelDisable=true\n\
                    Volume=/run/podman/podman.sock:/sock\nEnvironment=A=1 \"B=2 3\"\n\
                    PublishPort=8080:80\nNetwork=host\nPodmanArgs=--privileged --pid host\n\
                    Memory=1g\n[Service]\nRestart=always\n";
        assert!(is_quadlet(text) && !is_quadlet("[Service]\nImage=x\n[Container]\n"));
        let line = quadlet(text, 0).unwrap();
        let it = super::super::run_line::read(SourceId(0), &line);
        let box_ = &it.container;
        assert_eq!(box_.image.as_ref().unwrap().value, "example/app:1");
        assert_eq!(box_.privileged.value(), Some(&true));
        assert_eq!(box_.pid.value().map(String::as_str), Some("host"));
        assert_eq!(box_.network.value().map(String::as_str), Some("host"));
        assert_eq!(box_.no_new_privileges.value(), Some(&true));
        assert_eq!(box_.read_only.value(), Some(&true));
        assert_eq!(box_.caps_added.all().len(), 2);
        assert_eq!(box_.mounts.all().len(), 1);
        assert_eq!(box_.ports.all().len(), 1);
        assert_eq!(box_.restart.value().map(String::as_str), Some("always"));
        let env: Vec<&str> = it.config.env.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(env, ["1", "2 3"]);
        assert_eq!(it.config.cmd.len(), 2);
        let name = &it.config.user.as_ref().unwrap().span;
        assert_eq!(text.get(name.range()), Some("User=0"));
    }

    #[test]
    fn half_a_unit_is_read_as_far_as_it_goes() {
        for text in
            ["[Container]\nImage=", "[Container]\nImage=x\nUser", "[Container]\nImage=x\nExec='"]
        {
            assert_eq!(is_quadlet(text), text.contains("Image="), "{text}");
            let _ = quadlet(text, 0);
        }
    }
}
