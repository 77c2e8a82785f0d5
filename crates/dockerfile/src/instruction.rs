//! The arguments of each instruction.

use text::{Cooked, Span};

use crate::error::ErrorKind;
use crate::json::{self, Array};
use crate::lines::Logical;
use crate::words::{is_blank, plain, quoted, trimmed, word};
use crate::{
    ArgDeclaration, Form, From, Healthcheck, Instruction, Keyword, Kind, Mount, Pair, Run,
    Separator, SyntaxError, Transfer, Word, flags,
};

/// What an instruction is read with.
pub(crate) struct Context<'a> {
    pub(crate) escape: char,
    pub(crate) errors: &'a mut Vec<SyntaxError>,
}

/// Reads a logical line as an instruction. Its span is set by the caller, who knows its lines.
pub(crate) fn read(line: Logical, context: &mut Context<'_>) -> Instruction {
    let mut it = read_text(&line.text, false, context);
    it.comments = line.comments;
    it.blanks = line.blanks;
    it
}

/// `trigger`: whether it stands behind `ONBUILD`. A trigger of a trigger is refused by BuildKit and
/// not read, so that a line of nothing but `ONBUILD` cannot nest without bound.
fn read_text(line: &Cooked, trigger: bool, context: &mut Context<'_>) -> Instruction {
    let text = line.as_str();
    let start = text.len() - text.trim_start().len();
    let end =
        text.get(start..).and_then(|it| it.find(is_blank)).map_or(text.len(), |it| start + it);
    let keyword_word = word(line, start..end);
    let keyword = Keyword::named(keyword_word.as_str());
    let (flags, args) = flags::take(&trimmed(line, end..text.len()));
    let kind = match keyword {
        Some(Keyword::Onbuild) if trigger => Kind::Onbuild(None),
        Some(keyword) => read_kind(keyword, &args, &flags, context),
        None => Kind::Unknown,
    };
    Instruction {
        span: line.whole(),
        word: keyword_word,
        keyword,
        flags,
        args,
        kind,
        heredocs: Vec::new(),
        comments: Vec::new(),
        blanks: Vec::new(),
    }
}

fn read_kind(
    keyword: Keyword,
    args: &Cooked,
    flags: &[flags::Flag],
    context: &mut Context<'_>,
) -> Kind {
    let rest = || Word::new(args.clone());
    match keyword {
        Keyword::Add => Kind::Add(transfer(args, context)),
        Keyword::Arg => {
            Kind::Arg(quoted(args, context.escape).into_iter().map(declaration).collect())
        }
        Keyword::Cmd => Kind::Cmd(form(args, context)),
        Keyword::Copy => Kind::Copy(transfer(args, context)),
        Keyword::Entrypoint => Kind::Entrypoint(form(args, context)),
        Keyword::Env => Kind::Env(pairs(keyword, args, context)),
        Keyword::Expose => Kind::Expose(plain(args)),
        Keyword::From => Kind::From(from(args)),
        Keyword::Healthcheck => Kind::Healthcheck(healthcheck(args, context)),
        Keyword::Label => Kind::Label(pairs(keyword, args, context)),
        Keyword::Maintainer => Kind::Maintainer(rest()),
        Keyword::Onbuild => {
            let trigger = (!args.is_empty()).then(|| Box::new(read_text(args, true, context)));
            Kind::Onbuild(trigger)
        }
        Keyword::Run => {
            let mounts = flags.iter().filter(|it| it.name == "mount").map(Mount::read).collect();
            Kind::Run(Run { form: form(args, context), mounts })
        }
        Keyword::Shell => Kind::Shell(form(args, context)),
        Keyword::Stopsignal => Kind::Stopsignal(rest()),
        Keyword::User => Kind::User(rest()),
        Keyword::Volume => Kind::Volume(paths(args, context).0),
        Keyword::Workdir => Kind::Workdir(rest()),
    }
}

/// A command: a JSON array if it reads as one, else text for the shell.
fn form(args: &Cooked, context: &mut Context<'_>) -> Form {
    if !args.as_str().starts_with('[') {
        return Form::Shell(args.clone());
    }
    match json::array(args) {
        Array::Strings(words) => Form::Exec(words),
        Array::NotJson => Form::Shell(args.clone()),
        Array::Mixed => {
            error(context, args.whole(), ErrorKind::ArrayNotStrings);
            Form::Shell(args.clone())
        }
    }
}

/// Paths: a JSON array if it reads as one, else words between blanks.
fn paths(args: &Cooked, context: &mut Context<'_>) -> (Vec<Word>, bool) {
    if args.as_str().starts_with('[') {
        match json::array(args) {
            Array::Strings(words) => return (words, true),
            Array::NotJson => {}
            Array::Mixed => error(context, args.whole(), ErrorKind::ArrayNotStrings),
        }
    }
    (plain(args), false)
}

fn transfer(args: &Cooked, context: &mut Context<'_>) -> Transfer {
    let (mut sources, json) = paths(args, context);
    let destination = if sources.len() > 1 { sources.pop() } else { None };
    Transfer { sources, destination, json }
}

fn from(args: &Cooked) -> From {
    let mut words = plain(args).into_iter();
    let image = words.next().unwrap_or_else(|| Word::new(args.clone()));
    From { image, as_word: words.next(), name: words.next() }
}

fn declaration(declared: Word) -> ArgDeclaration {
    match declared.as_str().split_once('=') {
        Some((name, value)) => {
            let length = declared.as_str().len();
            ArgDeclaration {
                name: word(&declared.text, 0..name.len()),
                default: Some(word(&declared.text, length - value.len()..length)),
            }
        }
        None => ArgDeclaration { name: declared, default: None },
    }
}

/// `name=value…`, or the old `name value` when the first word has no equals sign.
fn pairs(keyword: Keyword, args: &Cooked, context: &mut Context<'_>) -> Vec<Pair> {
    let words = quoted(args, context.escape);
    let Some(first) = words.first() else { return Vec::new() };
    if !first.as_str().contains('=') {
        return vec![old_pair(keyword, args, context)];
    }
    words.into_iter().filter_map(|it| pair(it, context)).collect()
}

fn old_pair(keyword: Keyword, args: &Cooked, context: &mut Context<'_>) -> Pair {
    let text = args.as_str();
    let end = text.find(is_blank).unwrap_or(text.len());
    let value = trimmed(args, end..text.len());
    if value.is_empty() {
        let needs = "a name and a value";
        error(context, args.whole(), ErrorKind::MissingArguments(keyword, needs));
    }
    Pair { name: word(args, 0..end), value: Word::new(value), separator: Separator::Space }
}

fn pair(it: Word, context: &mut Context<'_>) -> Option<Pair> {
    let length = it.as_str().len();
    let Some((name, value)) = it.as_str().split_once('=') else {
        error(context, it.span, ErrorKind::PairWithoutEquals(it.as_str().to_owned()));
        return None;
    };
    Some(Pair {
        name: word(&it.text, 0..name.len()),
        value: word(&it.text, length - value.len()..length),
        separator: Separator::Equals,
    })
}

fn healthcheck(args: &Cooked, context: &mut Context<'_>) -> Healthcheck {
    let text = args.as_str();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let kind = word(args, 0..end);
    let command = trimmed(args, end..text.len());
    if kind.as_str().eq_ignore_ascii_case("NONE") {
        if !command.is_empty() {
            error(context, command.whole(), ErrorKind::ExtraArguments("HEALTHCHECK NONE"));
        }
        Healthcheck::None
    } else if kind.as_str().eq_ignore_ascii_case("CMD") {
        Healthcheck::Cmd(form(&command, context))
    } else {
        Healthcheck::Unknown(kind)
    }
}

fn error(context: &mut Context<'_>, span: Span, kind: ErrorKind) {
    context.errors.push(SyntaxError { span, kind });
}
