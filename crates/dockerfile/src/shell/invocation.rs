//! Which program a command really runs, behind `sudo`, `env`, `exec` and the like.

use std::borrow::Cow;

use super::{ShellWord, Simple};

/// A program and its arguments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Invocation<'a> {
    /// The program's name without its folder.
    pub program: Cow<'a, str>,
    /// Where the program is named.
    pub word: &'a ShellWord,
    /// Its arguments.
    pub arguments: &'a [ShellWord],
    /// The words of the programs it is run by, outermost first: `sudo`, `env`, …
    pub through: Vec<&'a ShellWord>,
}

/// The program that a command runs; nothing when a variable names it.
pub fn invocation(it: &Simple) -> Option<Invocation<'_>> {
    let mut through = Vec::new();
    let mut words: &[ShellWord] = &it.words;
    loop {
        let (word, arguments) = words.split_first()?;
        let program = base_name(word.literal()?);
        match behind(&program, arguments) {
            Some(rest) if !rest.is_empty() => {
                through.push(word);
                words = rest;
            }
            _ => return Some(Invocation { program, word, arguments, through }),
        }
    }
}

fn base_name(path: Cow<'_, str>) -> Cow<'_, str> {
    match path {
        Cow::Borrowed(it) => Cow::Borrowed(it.rsplit('/').next().unwrap_or(it)),
        Cow::Owned(it) => Cow::Owned(it.rsplit('/').next().unwrap_or(&it).to_owned()),
    }
}

/// What a program that runs other programs runs: its words, options left out.
fn behind<'a>(program: &str, arguments: &'a [ShellWord]) -> Option<&'a [ShellWord]> {
    // Options that take the next word as their value, by program.
    let with_value: &[&str] = match program {
        "sudo" => &["-u", "-g", "-h", "-p", "-C", "-r", "-t", "-T", "-U", "-D", "-R"],
        "env" => &["-u", "-C", "-S"],
        "nice" => &["-n"],
        "ionice" => &["-c", "-n", "-p"],
        "timeout" => &["-s", "-k"],
        "exec" => &["-a"],
        "command" | "builtin" | "nohup" | "time" | "setsid" | "doas" | "fakeroot" => &[],
        "xargs" => &["-I", "-n", "-P", "-d", "-L", "-s", "-a", "-E"],
        _ => return None,
    };
    let mut rest = arguments;
    let mut waiting = usize::from(program == "timeout");
    while let Some((word, after)) = rest.split_first() {
        let text = word.text();
        if text == "--" {
            return Some(after);
        }
        if text.starts_with('-') && text.len() > 1 {
            // `command -v` and `sudo -l` only ask.
            if program == "command" && matches!(&*text, "-v" | "-V") {
                return None;
            }
            let skip = usize::from(with_value.contains(&&*text));
            rest = after.get(skip..).unwrap_or_default();
        } else if matches!(program, "env" | "sudo" | "doas") && is_assignment(&text) {
            rest = after;
        } else if waiting > 0 {
            waiting -= 1;
            rest = after;
        } else {
            return Some(rest);
        }
    }
    None
}

fn is_assignment(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}
