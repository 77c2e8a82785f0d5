//! From text to pieces.

use text::Span;

use crate::directive::Directive;
use crate::error::ErrorKind;
use crate::instruction::{self, Context};
use crate::lines::{Line, Lines, logical};
use crate::{Dockerfile, Form, Instruction, Keyword, Kind, Piece, SyntaxError, check, heredoc};

/// A physical line longer than this stops BuildKit's scanner.
const LONGEST_LINE: usize = 65_535;

/// Reads a Dockerfile. Any text gives one; what is wrong with it is in its errors.
pub fn parse(text: &str) -> Dockerfile {
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    parse_from(text, mark)
}

/// Reads a Dockerfile that starts at a place of a text. What stands before it is a mark, as the
/// byte order mark is.
pub fn parse_from(text: &str, start: usize) -> Dockerfile {
    let mut out = Dockerfile { pieces: Vec::new(), errors: Vec::new(), escape: '\\' };
    if start > 0 {
        out.pieces.push(Piece::Mark(Span::of(0..start)));
    }
    let mut lines = Lines::from(text, start);
    let mut in_directives = true;
    while let Some(line) = lines.next() {
        let piece = if line.text.trim().is_empty() {
            in_directives = false;
            Piece::Blank(Span::of(line.start..line.next))
        } else if line.text.trim_start().starts_with('#') {
            comment(line, &mut in_directives, &mut out)
        } else {
            in_directives = false;
            instruction(text, line, &mut lines, &mut out)
        };
        out.pieces.push(piece);
    }
    long_lines(text, start, &mut out.errors);
    check::check(&out.pieces, out.escape, &mut out.errors);
    text::order::sort_by_key(&mut out.errors, |it| it.span);
    out
}

fn comment(line: Line<'_>, in_directives: &mut bool, out: &mut Dockerfile) -> Piece {
    if *in_directives && let Some(it) = Directive::read(line) {
        note_directive(&it, out);
        return Piece::Directive(it);
    }
    *in_directives = false;
    Piece::Comment(Span::of(line.start..line.next))
}

fn note_directive(it: &Directive, out: &mut Dockerfile) {
    let name = it.name.as_str().to_ascii_lowercase();
    if out.directive(&name).is_some() {
        let kind = ErrorKind::DuplicateDirective(name.clone());
        out.errors.push(SyntaxError { span: it.name.span, kind });
    }
    if name == "escape" {
        match it.value.as_str() {
            "\\" => out.escape = '\\',
            "`" => out.escape = '`',
            other => {
                let kind = ErrorKind::BadEscape(other.to_owned());
                out.errors.push(SyntaxError { span: it.value.span, kind });
            }
        }
    }
}

fn instruction(text: &str, first: Line<'_>, lines: &mut Lines<'_>, out: &mut Dockerfile) -> Piece {
    let line = logical(first, lines, out.escape);
    let mut markers = heredoc::markers(&line.text);
    let mut context = Context { escape: out.escape, errors: &mut out.errors };
    let mut it = instruction::read(line, &mut context);
    if !takes_heredocs(&it) {
        markers.clear();
    }
    for mut marker in markers {
        if !heredoc::read_body(&mut marker, text, lines) {
            let name = marker.name.clone();
            let nearly = marker.content.as_str().lines().any(|it| it.trim() == name);
            let kind = ErrorKind::UnterminatedHeredoc(name, nearly);
            out.errors.push(SyntaxError { span: marker.marker, kind });
        }
        it.heredocs.push(marker);
    }
    it.span = Span::of(first.start..lines.offset());
    Piece::Instruction(Box::new(it))
}

/// Only these read here-documents, and only when their arguments are no JSON array.
fn takes_heredocs(it: &Instruction) -> bool {
    match (&it.keyword, &it.kind) {
        (Some(Keyword::Onbuild), Kind::Onbuild(Some(trigger))) => takes_heredocs(trigger),
        (_, Kind::Add(paths) | Kind::Copy(paths)) => !paths.json,
        (_, Kind::Run(run)) => matches!(run.form, Form::Shell(_)),
        _ => false,
    }
}

fn long_lines(text: &str, start: usize, errors: &mut Vec<SyntaxError>) {
    if text.len() <= LONGEST_LINE {
        return;
    }
    let long = Lines::from(text, start).filter(|it| it.next - it.start > LONGEST_LINE);
    errors.extend(long.map(|it| {
        // The line's first characters stand for it.
        let length = it.text.chars().take(40).map(char::len_utf8).sum::<usize>();
        let span = Span::of(it.start..it.start + length);
        SyntaxError { span, kind: ErrorKind::LineTooLong }
    }));
}
