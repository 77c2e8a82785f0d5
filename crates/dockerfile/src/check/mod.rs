//! What BuildKit refuses once a file is split into instructions: missing arguments, bad flags,
//! bad values. Conditions follow `frontend/dockerfile/instructions` and the dispatch in
//! `dockerfile2llb` of BuildKit 0.26.

mod arguments;
mod flag;
mod mount;
mod value;

use text::{Span, nearest};

use crate::error::ErrorKind;
use crate::{Instruction, Keyword, Kind, Piece, Scope, SyntaxError};

/// Collects errors with their places.
struct Errors<'a> {
    found: &'a mut Vec<SyntaxError>,
    escape: char,
}

impl Errors<'_> {
    fn add(&mut self, span: Span, kind: ErrorKind) {
        self.found.push(SyntaxError { span, kind });
    }
}

/// Checks all instructions of a file.
pub(crate) fn check(pieces: &[Piece], escape: char, errors: &mut Vec<SyntaxError>) {
    let mut errors = Errors { found: errors, escape };
    let instructions = || pieces.iter().filter_map(Piece::instruction);
    let Some(first) = instructions().next() else {
        errors.add(Span::at(0), ErrorKind::Empty);
        return;
    };
    if !instructions().any(|it| it.keyword == Some(Keyword::From)) {
        let first = instructions().find(|it| it.keyword != Some(Keyword::Arg)).unwrap_or(first);
        errors.add(first.word.span, ErrorKind::NoStage);
    } else {
        // Behind a misspelled `FROM` nothing stands too early: one mistake is one error.
        let misspelled = |it: &Instruction| it.keyword.is_none() && meant(it) == Some("FROM");
        let early = instructions().take_while(|it| it.keyword != Some(Keyword::From));
        for it in early.take_while(|it| !misspelled(it)) {
            if let Some(keyword) = it.keyword.filter(|it| *it != Keyword::Arg) {
                errors.add(it.word.span, ErrorKind::BeforeFrom(keyword));
            }
        }
    }
    for it in instructions() {
        instruction(it, &mut errors);
    }
}

/// Checks what is known only once variables are resolved.
pub(crate) fn check_resolved(
    it: &Instruction,
    scope: &Scope,
    escape: char,
    errors: &mut Vec<SyntaxError>,
) {
    value::resolved(it, scope, &mut Errors { found: errors, escape });
}

fn instruction(it: &Instruction, errors: &mut Errors<'_>) {
    let Some(keyword) = it.keyword else {
        let word = it.word.as_str().to_owned();
        errors.add(it.word.span, ErrorKind::UnknownInstruction(word, meant(it)));
        return;
    };
    flag::check(it, keyword, errors);
    arguments::check(it, keyword, errors);
    match &it.kind {
        Kind::Run(run) => {
            for one in &run.mounts {
                mount::check(one, errors);
            }
        }
        Kind::Onbuild(Some(trigger)) => onbuild(trigger, errors),
        _ => value::check(it, errors),
    }
}

/// The keyword that an unknown instruction was probably meant to be.
fn meant(it: &Instruction) -> Option<&'static str> {
    nearest(it.word.as_str(), Keyword::ALL.iter().map(|it| it.name()))
}

fn onbuild(trigger: &Instruction, errors: &mut Errors<'_>) {
    match trigger.keyword {
        Some(Keyword::Onbuild | Keyword::From | Keyword::Maintainer) => {
            let kind = ErrorKind::BadTrigger(trigger.word.as_str().to_owned());
            errors.add(trigger.word.span, kind);
        }
        _ => instruction(trigger, errors),
    }
}
