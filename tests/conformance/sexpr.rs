//! Writes a Dockerfile's instructions the way BuildKit's parser tests do, to compare with them.

use std::fmt::Write;

use dockerfile::{Dockerfile, Form, Healthcheck, Instruction, Kind, Pair, Separator, Word};

/// One line an instruction: `(env "name" "value" "=")`.
pub(crate) fn dump(file: &Dockerfile) -> String {
    file.instructions().map(|it| line(it) + "\n").collect()
}

fn line(it: &Instruction) -> String {
    let mut out = format!("({}", it.word.as_str().to_ascii_lowercase());
    if !it.flags.is_empty() {
        let flags = it.flags.iter().map(|it| match &it.value {
            Some(value) => quoted(&format!("--{}={}", it.name, value.as_str())),
            None => quoted(&format!("--{}", it.name)),
        });
        let flags: Vec<String> = flags.collect();
        let _ = write!(out, " [{}]", flags.join(" "));
    }
    for part in arguments(it) {
        let _ = write!(out, " {part}");
    }
    out.push(')');
    out
}

fn arguments(it: &Instruction) -> Vec<String> {
    let words = |words: &[Word]| words.iter().map(|it| quoted(it.as_str())).collect::<Vec<_>>();
    match &it.kind {
        Kind::Add(paths) | Kind::Copy(paths) => {
            let all: Vec<Word> = paths.sources.iter().chain(&paths.destination).cloned().collect();
            words(&all)
        }
        Kind::Arg(declared) => {
            let text = |it: &dockerfile::ArgDeclaration| match &it.default {
                Some(value) => quoted(&format!("{}={}", it.name.as_str(), value.as_str())),
                None => quoted(it.name.as_str()),
            };
            declared.iter().map(text).collect()
        }
        Kind::Env(all) | Kind::Label(all) => all.iter().flat_map(pair).collect(),
        Kind::Expose(all) | Kind::Volume(all) => words(all),
        Kind::From(_) => it.args.as_str().split_whitespace().map(quoted).collect(),
        Kind::Cmd(form) | Kind::Entrypoint(form) | Kind::Shell(form) => command(form),
        Kind::Run(run) => command(&run.form),
        Kind::Healthcheck(Healthcheck::Cmd(form)) => {
            [quoted("CMD")].into_iter().chain(command(form)).collect()
        }
        Kind::Healthcheck(_) | Kind::Unknown => vec![quoted(it.args.as_str())],
        Kind::Maintainer(word)
        | Kind::Stopsignal(word)
        | Kind::User(word)
        | Kind::Workdir(word) => {
            vec![quoted(word.as_str())]
        }
        Kind::Onbuild(trigger) => trigger.iter().map(|it| line(it)).collect(),
    }
}

fn command(form: &Form) -> Vec<String> {
    match form {
        Form::Shell(text) if text.is_empty() => Vec::new(),
        Form::Shell(text) => vec![quoted(text.as_str())],
        Form::Exec(words) => words.iter().map(|it| quoted(it.as_str())).collect(),
    }
}

fn pair(it: &Pair) -> [String; 3] {
    let separator = match it.separator {
        Separator::Equals => "=",
        Separator::Space => "",
    };
    [quoted(it.name.as_str()), quoted(it.value.as_str()), quoted(separator)]
}

/// A string in Go's notation.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        let _ = match it {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\x08' => out.write_str("\\b"),
            '\x0c' => out.write_str("\\f"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '\0'..='\x1f' | '\x7f' => write!(out, "\\x{:02x}", u32::from(it)),
            _ => out.write_char(it),
        };
    }
    out.push('"');
    out
}
