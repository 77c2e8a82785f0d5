//! Changes to one source.

use crate::Span;

/// Replaces the text under a span.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Edit {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub with: String,
}

/// Why a list of edits cannot be applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EditError {
    /// Two edits touch the same text, or they are not in ascending order.
    Overlap,
    /// An edit does not lie on character boundaries inside the text.
    OutOfText,
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Overlap => "two edits touch the same text",
            Self::OutOfText => "an edit lies outside the text",
        })
    }
}

impl std::error::Error for EditError {}

/// Applies edits, which must be sorted and disjoint, and gives the new text.
pub fn apply(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.start < done {
            return Err(EditError::Overlap);
        }
        out.push_str(text.get(done..range.start).ok_or(EditError::OutOfText)?);
        text.get(range.clone()).ok_or(EditError::OutOfText)?;
        out.push_str(&edit.with);
        done = range.end;
    }
    out.push_str(text.get(done..).ok_or(EditError::OutOfText)?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, with: &str) -> Edit {
        Edit { span: Span::new(start, end), with: with.to_owned() }
    }

    #[test]
    fn edits_are_applied_in_order() {
        let edits = [edit(0, 0, ">"), edit(1, 2, "X"), edit(3, 3, "!")];
        assert_eq!(apply("abc", &edits).as_deref(), Ok(">aXc!"));
    }

    #[test]
    fn overlaps_and_strays_are_refused() {
        assert_eq!(apply("abc", &[edit(0, 2, ""), edit(1, 3, "")]), Err(EditError::Overlap));
        assert_eq!(apply("abc", &[edit(2, 9, "")]), Err(EditError::OutOfText));
        assert_eq!(apply("\u{e9}", &[edit(1, 1, "")]), Err(EditError::OutOfText));
    }
}
