//! What a container starts: the commands of entry point and command, put together.

use dockerfile::shell::{ShellWord, Simple};
use report::Locus;

use crate::Case;
use crate::commands::{RunCommand, understood};
use crate::facts::{Fact, StartCommand};

/// A command that is run when a container starts.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    /// The instruction, or the place in a configuration.
    pub(crate) at: Locus,
    /// The command.
    pub(crate) command: RunCommand,
}

impl Start {
    /// Where some of its words stand.
    pub(crate) fn place(&self, words: &[ShellWord]) -> Locus {
        match (&self.at, words) {
            (Locus::Text { source, .. }, [first, .., last]) => {
                Locus::Text { source: *source, span: first.span.to(last.span) }
            }
            (Locus::Text { source, .. }, [one]) => Locus::Text { source: *source, span: one.span },
            (it, _) => it.clone(),
        }
    }
}

/// The commands that are started, those behind programs such as `tini` and `gosu` too. An entry
/// point and a command that are both arrays are one command.
pub(crate) fn starts(case: &Case) -> &[Start] {
    case.starts.get_or_init(|| read(case))
}

fn read(case: &Case) -> Vec<Start> {
    let entry = best(&case.facts.entrypoint);
    let cmd = best(&case.facts.cmd);
    let mut found = Vec::new();
    // A shell form of the entry point passes no command on.
    let passes_on = entry.as_ref().is_none_or(|(_, it)| !it.shell);
    let cmd = cmd.filter(|_| passes_on);
    for (at, start) in entry.iter().chain(&cmd) {
        for command in &start.commands {
            unwrapped(at, command.clone(), &mut found);
        }
    }
    if let (Some((at, entry)), Some((_, cmd))) = (&entry, &cmd)
        && let (false, false, [first], [second]) =
            (entry.shell, cmd.shell, &entry.commands[..], &cmd.commands[..])
    {
        let words = first.simple.words.iter().chain(&second.simple.words).cloned().collect();
        let simple = Simple { words, ..first.simple.clone() };
        unwrapped(at, understood(simple, first.place), &mut found);
    }
    found
}

type Known<'a> = (Locus, &'a StartCommand);

fn best(fact: &Fact<StartCommand>) -> Option<Known<'_>> {
    let seen = fact.best()?;
    let start = seen.value.as_ref().ok().filter(|it| !it.is_empty())?;
    Some((seen.at.clone(), start))
}

/// A command, and what it hands over to.
fn unwrapped(at: &Locus, command: RunCommand, found: &mut Vec<Start>) {
    let inner = behind(&command).map(|words| {
        let simple = Simple { words: words.to_vec(), ..command.simple.clone() };
        understood(simple, command.place)
    });
    found.push(Start { at: at.clone(), command });
    if let Some(inner) = inner {
        unwrapped(at, inner, found);
    }
}

/// The words of the command that a program hands over to.
fn behind(command: &RunCommand) -> Option<&[ShellWord]> {
    let mut rest = command.arguments();
    let users = match &*command.program {
        "tini" | "dumb-init" | "catatonit" | "setpriv" | "docker-init" | "chpst" => 0,
        "gosu" | "su-exec" | "setuidgid" => 1,
        name if name.ends_with("entrypoint.sh") || name.ends_with("docker-php-entrypoint") => 0,
        _ => return None,
    };
    while let Some((first, after)) = rest.split_first() {
        let text = first.text();
        if !text.starts_with('-') {
            break;
        }
        rest = after;
        if text == "--" {
            break;
        }
    }
    rest.get(users..).filter(|it| !it.is_empty())
}
