//! Makes fixes: changes at places of one source.

use std::borrow::Cow;

use report::{Fix, Locus, Safety};
use text::{Edit, Span};

use crate::Case;

/// Replaces what stands at a place.
pub(crate) fn replace(
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    with: &str,
    safety: Safety,
) -> Option<Fix> {
    edits(title, at, |span| vec![Edit { span, with: with.to_owned() }], safety)
}

/// Takes away what stands at a place.
pub(crate) fn delete(
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    safety: Safety,
) -> Option<Fix> {
    replace(title, at, "", safety)
}

/// Inserts a text at the end of a place.
pub(crate) fn insert_behind(
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    with: &str,
    safety: Safety,
) -> Option<Fix> {
    let edit = |span: Span| vec![Edit { span: Span::at(span.end()), with: with.to_owned() }];
    edits(title, at, edit, safety)
}

/// Inserts a text at the start of a place.
pub(crate) fn insert_before(
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    with: &str,
    safety: Safety,
) -> Option<Fix> {
    let edit = |span: Span| vec![Edit { span: Span::at(span.start()), with: with.to_owned() }];
    edits(title, at, edit, safety)
}

/// How the lines of the text at a place end.
pub(crate) fn line_end(case: &Case, at: &Locus) -> &'static str {
    match at {
        Locus::Text { source, .. } if case.text(*source).contains("\r\n") => "\r\n",
        Locus::Text { .. } | Locus::Layer { .. } => "\n",
    }
}

/// Several changes in the text of a place. They are put in order; what overlaps is no fix.
pub(crate) fn edits(
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    make: impl FnOnce(Span) -> Vec<Edit>,
    safety: Safety,
) -> Option<Fix> {
    let Locus::Text { source, span } = at else { return None };
    let mut edits = make(*span);
    text::order::sort_by_key(&mut edits, |it| it.span);
    let disjoint = edits.windows(2).all(|pair| match pair {
        [a, b] => a.span.end() <= b.span.start(),
        _ => true,
    });
    (disjoint && !edits.is_empty()).then(|| Fix {
        title: title.into(),
        source: *source,
        edits,
        safety,
    })
}

/// Takes words of a command away, with the blanks before them; if they stand first on a continued
/// line, with the line end before them too.
pub(crate) fn delete_words(
    case: &Case,
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    safety: Safety,
) -> Option<Fix> {
    let Locus::Text { source, span } = at else { return None };
    let blank = [' ', '\t'];
    let before = case.text(*source).get(..span.range().start)?.trim_end_matches(blank);
    let line_before = before.strip_suffix('\n').map(|it| it.strip_suffix('\r').unwrap_or(it));
    let joined = line_before.and_then(|it| it.trim_end_matches(blank).strip_suffix(['\\', '`']));
    let start = match joined {
        Some(it) => it.trim_end_matches(blank).len(),
        None if line_before.is_some() => span.range().start,
        None => before.len(),
    };
    edits(
        title,
        at,
        |span| vec![Edit { span: Span::of(start..span.range().end), with: String::new() }],
        safety,
    )
}
