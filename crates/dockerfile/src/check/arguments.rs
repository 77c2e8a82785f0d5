//! Missing and surplus arguments.

use text::quote;

use super::Errors;
use crate::error::ErrorKind;
use crate::{Form, From, Healthcheck, Instruction, Keyword, Kind, Pair, Transfer};

pub(super) fn check(it: &Instruction, keyword: Keyword, errors: &mut Errors<'_>) {
    let mut needs = |missing: bool, what: &'static str| {
        if missing {
            errors.add(it.word.span, ErrorKind::MissingArguments(keyword, what));
        }
    };
    match &it.kind {
        Kind::Add(paths) | Kind::Copy(paths) => {
            needs(paths.destination.is_none(), "at least one source and a destination");
            copy(paths, keyword, errors);
            checksum(it, paths, errors);
        }
        Kind::Arg(declared) => {
            needs(declared.is_empty(), "a name");
            for one in declared.iter().filter(|it| it.name.as_str().is_empty()) {
                let span = one.default.as_ref().map_or(one.name.span, |it| it.span);
                errors.add(span, ErrorKind::BlankName(keyword));
            }
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            needs(pairs.is_empty() && it.args.is_empty(), "a name and a value");
            blank_names(pairs, keyword, errors);
        }
        Kind::Cmd(form) | Kind::Entrypoint(form) => {
            needs(matches!(form, Form::Shell(it) if it.is_empty()), "a command");
        }
        Kind::Run(run) => needs(run.form.is_empty() && it.heredocs.is_empty(), "a command"),
        Kind::Expose(ports) => needs(ports.is_empty(), "a port"),
        Kind::Volume(paths) => {
            needs(paths.is_empty(), "a path");
            for one in paths.iter().filter(|it| it.as_str().is_empty()) {
                errors.add(one.span, ErrorKind::EmptyVolume);
            }
        }
        Kind::Maintainer(word)
        | Kind::Stopsignal(word)
        | Kind::User(word)
        | Kind::Workdir(word) => {
            needs(word.as_str().is_empty(), "one argument");
        }
        Kind::Onbuild(trigger) => needs(trigger.is_none(), "an instruction"),
        Kind::Shell(form) => shell(it, form, errors),
        Kind::From(from) => check_from(it, from, errors),
        Kind::Healthcheck(of) => healthcheck(it, of, errors),
        Kind::Unknown => {}
    }
}

const FETCHED: [&str; 5] = ["http://", "https://", "git://", "ssh://", "git@"];

fn copy(paths: &Transfer, keyword: Keyword, errors: &mut Errors<'_>) {
    if keyword != Keyword::Copy {
        return;
    }
    for source in &paths.sources {
        let text = source.as_str();
        if FETCHED
            .iter()
            .any(|it| text.get(..it.len()).is_some_and(|head| head.eq_ignore_ascii_case(it)))
        {
            errors.add(source.span, ErrorKind::CopyUrl(text.to_owned()));
        }
    }
}

/// A checksum is for one source that is fetched.
fn checksum(it: &Instruction, paths: &Transfer, errors: &mut Errors<'_>) {
    let Some(flag) = it.flag("checksum").filter(|_| it.keyword == Some(Keyword::Add)) else {
        return;
    };
    let local = paths.sources.iter().any(|source| {
        let text = source.as_str();
        !text.contains('$')
            && !FETCHED.iter().any(|it| text.starts_with(it))
            && !text.contains(".git")
    });
    if local || paths.sources.len() > 1 {
        let what = "for a single source that is fetched";
        let value = flag.value_str().to_owned();
        errors.add(flag.span, ErrorKind::FlagValue(flag.name.clone(), value, what));
    }
}

fn blank_names(pairs: &[Pair], keyword: Keyword, errors: &mut Errors<'_>) {
    for pair in pairs.iter().filter(|it| it.name.as_str().is_empty()) {
        errors.add(pair.name.span.to(pair.value.span), ErrorKind::BlankName(keyword));
    }
}

fn shell(it: &Instruction, form: &Form, errors: &mut Errors<'_>) {
    match form {
        Form::Exec(words) if !words.is_empty() => {}
        Form::Exec(_) => {
            let what = "a program in its JSON array";
            errors.add(it.code(), ErrorKind::MissingArguments(Keyword::Shell, what));
        }
        Form::Shell(_) => errors.add(it.code(), ErrorKind::ShellNotJson),
    }
}

fn check_from(it: &Instruction, from: &From, errors: &mut Errors<'_>) {
    let count = it.args.as_str().split_whitespace().count();
    match (&from.as_word, &from.name) {
        (None, None) if count == 1 => {}
        (Some(word), Some(name)) if count == 3 && word.as_str().eq_ignore_ascii_case("as") => {
            if !is_stage_name(name.as_str()) {
                errors.add(name.span, ErrorKind::BadStageName(name.as_str().to_owned()));
            }
        }
        _ => errors.add(it.code(), ErrorKind::FromArguments),
    }
}

/// BuildKit lower-cases names before it looks at them.
fn is_stage_name(name: &str) -> bool {
    let inner = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    name.starts_with(|it: char| it.is_ascii_alphabetic()) && name.bytes().all(inner)
}

fn healthcheck(it: &Instruction, of: &Healthcheck, errors: &mut Errors<'_>) {
    match of {
        Healthcheck::None => {}
        Healthcheck::Cmd(form) => {
            if form.is_empty() {
                let why = "`HEALTHCHECK CMD` needs a command".to_owned();
                errors.add(it.code(), ErrorKind::BadHealthcheck(why));
            }
        }
        Healthcheck::Unknown(word) if word.as_str().is_empty() => {
            let what = "`CMD` and a command, or `NONE`";
            errors.add(it.word.span, ErrorKind::MissingArguments(Keyword::Healthcheck, what));
        }
        Healthcheck::Unknown(word) => {
            let why = format!(
                "{} is no type of health check; it is `CMD` or `NONE`",
                quote(word.as_str())
            );
            errors.add(word.span, ErrorKind::BadHealthcheck(why));
        }
    }
}
