//! Makes fixes: changes at places of one source.

use std::borrow::Cow;

use report::{Fix, Locus, Safety};
use text::{Edit, Span};

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
    edits(
        title,
        at,
        |span| vec![Edit { span: Span::at(span.end()), with: with.to_owned() }],
        safety,
    )
}

/// Inserts a text at the start of a place.
pub(crate) fn insert_before(
    title: impl Into<Cow<'static, str>>,
    at: &Locus,
    with: &str,
    safety: Safety,
) -> Option<Fix> {
    edits(
        title,
        at,
        |span| vec![Edit { span: Span::at(span.start()), with: with.to_owned() }],
        safety,
    )
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
    edits.sort_by_key(|it| it.span);
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
