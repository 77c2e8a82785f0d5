//! A row of a table: its cells.
//!
//! Where the columns are still in place they say where the size stands. Elsewhere the row is read
//! from both ends: an id and an age from the left, a comment and a size from the right. What
//! stands between them is what made the entry.

use text::Cooked;

use super::table::{Column, Header};
use super::{Entry, Time, measure};

/// Whether a line starts a row: with an id, and an age if there is one.
pub(super) fn starts(line: &str, header: &Header) -> bool {
    if header.first() != Some(Column::Id) {
        return !line.trim().is_empty();
    }
    let Some(id) = id_length(line) else { return false };
    let rest = line.get(id..).unwrap_or_default().trim_start();
    let has_time = header.has(Column::Created) || header.has(Column::CreatedAt);
    !has_time || rest.is_empty() || measure::time(rest).is_some()
}

/// Whether a row says when it was made.
pub(super) fn has_age(row: &str, header: &Header) -> bool {
    left(row, header).1.is_some()
}

/// Whether a row has a size behind what made it, and nothing odd behind that.
pub(super) fn has_size(row: &str, header: &Header) -> bool {
    if !header.has(Column::Size) {
        return !row.contains('\n');
    }
    let (at, _) = left(row, header);
    right(row, at, header).is_some()
}

/// Reads a row.
pub(super) fn read(row: &Cooked, header: &Header) -> Option<Entry> {
    let text = row.as_str();
    let (at, time) = left(text, header);
    let mut entry = Entry { span: row.whole(), time, ..Entry::default() };
    let mut end = text.len();
    if let Some(found) = right(text, at, header) {
        end = found.start;
        entry.size = Some(found.bytes);
        entry.comment = text.get(found.end..)?.trim().to_owned();
    }
    (entry.created_by, entry.is_cut) = made_by(row, at, end);
    let last = text.trim_end().len();
    entry.span = row.span(0..last);
    Some(entry)
}

/// What made an entry, and whether its end is cut off.
pub(super) fn made_by(row: &Cooked, start: usize, end: usize) -> (Cooked, bool) {
    let text = row.as_str().get(start..end).unwrap_or_default();
    let from = start + text.len() - text.trim_start_matches(' ').len();
    let text = text.trim_matches(' ');
    let (kept, is_cut) = without_mark(text);
    (row.slice(from..from + kept.len()), is_cut)
}

/// A text without the mark of a cut: an ellipsis, or three dots where podman cuts. Some
/// terminals show an ellipsis as three other characters.
pub(super) fn without_mark(text: &str) -> (&str, bool) {
    for mark in ["\u{2026}", "\u{e2}\u{20ac}\u{a6}"] {
        if let Some(kept) = text.strip_suffix(mark) {
            return (kept, true);
        }
    }
    match text.strip_suffix("...") {
        Some(kept) if text.len() == 45 => (kept, true),
        _ => (text, false),
    }
}

/// The length of an id at the start of a line.
fn id_length(line: &str) -> Option<usize> {
    let length = line.find([' ', '\t']).unwrap_or(line.len());
    let id = line.get(..length)?;
    let digits = id.strip_prefix("sha256:").unwrap_or(id);
    let is_id = matches!(id, "<missing>" | "<none>" | "&lt;missing&gt;" | "\\<missing\\>")
        || (digits.len() >= 6 && digits.bytes().all(|it| it.is_ascii_hexdigit()));
    is_id.then_some(length)
}

/// Reads the id and the time. Gives where the rest starts.
fn left(row: &str, header: &Header) -> (usize, Option<Time>) {
    let mut at = 0;
    let mut time = None;
    for (column, _) in &header.columns {
        let rest = row.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = row.get(at..).unwrap_or_default();
        match column {
            Column::Id => at += id_length(rest).unwrap_or_default(),
            Column::Created | Column::CreatedAt => {
                if let Some((seen, length)) = measure::time(rest) {
                    at += length;
                    time = seen;
                }
            }
            Column::CreatedBy | Column::Size | Column::Comment => break,
        }
    }
    let rest = row.get(at..).unwrap_or_default();
    (at + rest.len() - rest.trim_start_matches([' ', '\t']).len(), time)
}

/// A size in a row.
struct Size {
    bytes: u64,
    start: usize,
    end: usize,
}

/// Finds the size behind what made an entry, which starts at `from`.
fn right(row: &str, from: usize, header: &Header) -> Option<Size> {
    let plain = header.has(Column::CreatedAt);
    let size = |start: usize| {
        let rest = row.get(start..)?;
        let (bytes, length) =
            measure::size(rest).or_else(|| measure::plain_size(rest).filter(|_| plain))?;
        let end = start + length;
        let next = row.get(end..)?.chars().next();
        next.is_none_or(char::is_whitespace).then_some(Size { bytes, start, end })
    };
    if let Some(found) = in_column(row, header).and_then(size) {
        return Some(found);
    }
    // Only the last line can hold it.
    let line = row.rfind('\n').map_or(from, |it| it + 1).max(from);
    let tail = row.get(line..)?;
    let mut words: Vec<usize> = tail
        .char_indices()
        .filter(|(at, it)| {
            let before = tail.get(..*at).and_then(|it| it.chars().next_back());
            it.is_ascii_digit() && before.is_none_or(char::is_whitespace)
        })
        .map(|(at, _)| line + at)
        .collect();
    words.reverse();
    let sizes: Vec<Size> = words.into_iter().filter_map(size).collect();
    let known = sizes.iter().position(|it| is_comment(row.get(it.end..).unwrap_or_default()));
    sizes.into_iter().nth(known.unwrap_or_default())
}

/// Where the size starts, if the columns are in place.
fn in_column(row: &str, header: &Header) -> Option<usize> {
    if !header.is_aligned || row.contains('\n') {
        return None;
    }
    let (_, column) = header.columns.iter().find(|(it, _)| *it == Column::Size)?;
    let (at, _) = row.char_indices().nth(*column)?;
    row.get(..at)?.ends_with([' ', '\t']).then_some(at)
}

/// Whether a text is what builders write as a comment, or nothing.
fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["buildkit", "Imported from", "FROM ", "auto-generated", "jib", "store paths", "This is"]
            .iter()
            .any(|it| text.starts_with(it))
}
