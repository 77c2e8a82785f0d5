//! The build talks to an SSH server without knowing which.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Severity};
use text::Span;

use crate::commands::RunCommand;
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "ssh-host-key-check-off",
    title: "An SSH server is trusted unseen",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("ssh_host_key_check_off.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let found = found(step);
        if found.is_empty() {
            out.clear(&seen.at, "no SSH server is trusted unseen");
        }
        for (span, message) in found {
            out.fail(&Locus::Text { source: *source, span }, message);
        }
    }
}

fn found(step: &RunStep) -> Vec<(Span, &'static str)> {
    let mut out = Vec::new();
    for command in &step.commands {
        let talks = command.runs(&["ssh", "scp", "sftp", "rsync", "git", "export"])
            || command.simple.assignments.iter().any(|it| it.name == "GIT_SSH_COMMAND");
        let values = command.simple.assignments.iter().map(|it| &it.value);
        for word in values.chain(command.arguments()).filter(|_| talks) {
            if let Some(message) = switched_off(word) {
                out.push((word.span, message));
            }
        }
        if scans(step, command) {
            let message = "whatever key the server sends now is trusted, and nothing compares it";
            out.push((command.program_span(), message));
        }
    }
    for it in &step.written {
        let text = it.text.as_str();
        let Some(at) = off_at(text) else { continue };
        let length = text.get(at..).and_then(|it| it.find('\n')).unwrap_or(text.len() - at);
        let span = it.text.span(at..at + length.min(40));
        out.push((span, "these settings trust every SSH server, in the container as well"));
    }
    out
}

fn switched_off(word: &ShellWord) -> Option<&'static str> {
    let text = word.text();
    off_at(&text).map(|_| "any server is taken for the right one")
}

/// Where a setting stands that switches the check off.
fn off_at(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    lower.match_indices("stricthostkeychecking").find_map(|(at, name)| {
        let rest = lower.get(at + name.len()..)?;
        let value = rest.trim_start_matches([' ', '\t', '=', '"', '\'']);
        let off = ["no", "off", "false"].iter().any(|it| {
            value
                .strip_prefix(it)
                .is_some_and(|it| !it.starts_with(|next: char| next.is_alphanumeric()))
        });
        off.then_some(at)
    })
}

/// `ssh-keyscan host >> known_hosts`, with nothing in the step that looks at the key.
fn scans(step: &RunStep, command: &RunCommand) -> bool {
    let compares = |it: &RunCommand| it.runs(&["ssh-keygen", "sha256sum", "diff", "cmp", "grep"]);
    command.runs(&["ssh-keyscan"]) && !step.commands.iter().any(compares)
}
