//! What edits do to the lines of a text.

use text::Edit;

/// One line of a comparison.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line {
    /// Its number, before or afterwards, from 1.
    pub(crate) number: u32,
    /// Whether it is there before, afterwards, or both.
    pub(crate) change: Change,
    /// The line, without its end.
    pub(crate) text: String,
}

/// What becomes of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    /// It goes.
    Goes,
    /// It comes.
    Comes,
    /// It stays; shown to tell where this is.
    Stays,
}

/// The lines that sorted, disjoint edits change.
pub(crate) fn diff(text: &str, edits: &[Edit]) -> Vec<Line> {
    let line_start = |at: usize| before(text, at).rfind('\n').map_or(0, |it| it + 1);
    let line_end = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        at + rest.find('\n').unwrap_or(rest.len())
    };
    let mut lines = Vec::new();
    let mut rest = edits;
    let mut added = 0_i64;
    while let Some(first) = rest.first() {
        let start = line_start(first.span.range().start);
        let mut end = line_end(first.span.range().end);
        let mut count = 1;
        while let Some(next) =
            rest.get(count).filter(|it| line_start(it.span.range().start) <= end + 1)
        {
            end = end.max(line_end(next.span.range().end));
            count += 1;
        }
        let (these, others) = rest.split_at(count);
        rest = others;
        let old = text.get(start..end).unwrap_or_default();
        let new = replaced(text, start, end, these);
        let number = before(text, start).matches('\n').count() as i64 + 1;
        added += compare(old, &new, number, added, &mut lines);
    }
    lines
}

fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or(text)
}

/// The lines from `start` to `end` with some edits in them.
fn replaced(text: &str, start: usize, end: usize, edits: &[Edit]) -> String {
    let (mut new, mut at) = (String::new(), start);
    for it in edits {
        new.push_str(text.get(at..it.span.range().start).unwrap_or_default());
        new.push_str(&it.with);
        at = it.span.range().end;
    }
    new.push_str(text.get(at..end).unwrap_or_default());
    new
}

/// Compares some lines, and says how many more there are afterwards. Equal lines at both ends are
/// left out, but for one above.
fn compare(old: &str, new: &str, number: i64, added: i64, out: &mut Vec<Line>) -> i64 {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count().min(room);
    let mut push = |change, from: i64, lines: Option<&[&str]>| {
        for (index, text) in (0..).zip(lines.unwrap_or_default()) {
            let number = u32::try_from(from + index).unwrap_or_default();
            out.push(Line { number, change, text: text.trim_end_matches('\r').to_owned() });
        }
    };
    let above = head.saturating_sub(1);
    push(Change::Stays, number + above as i64, old.get(above..head));
    push(Change::Goes, number + head as i64, old.get(head..old.len() - tail));
    push(Change::Comes, number + added + head as i64, new.get(head..new.len() - tail));
    if tail > 0 && head == 0 {
        let at = old.len() - tail;
        push(Change::Stays, number + at as i64, old.get(at..=at));
    }
    new.len() as i64 - old.len() as i64
}

#[cfg(test)]
mod tests {
    use text::Span;

    use super::*;

    const TEXT: &str = "FROM a\nRUN x \\\n  && y\nADD b /b\nCMD z\n";

    fn edit(old: &str, with: &str) -> Edit {
        let at = TEXT.find(old).unwrap();
        Edit { span: Span::of(at..at + old.len()), with: with.to_owned() }
    }

    fn shown(edits: &[Edit]) -> String {
        let line = |it: Line| {
            let sign = match it.change {
                Change::Goes => '-',
                Change::Comes => '+',
                Change::Stays => ' ',
            };
            format!("{sign}{} {}\n", it.number, it.text)
        };
        diff(TEXT, edits).into_iter().map(line).collect()
    }

    #[test]
    fn a_changed_word_changes_its_line() {
        assert_eq!(shown(&[edit("ADD", "COPY")]), "-4 ADD b /b\n+4 COPY b /b\n");
    }

    #[test]
    fn a_line_that_comes_shows_where() {
        let above = Edit { span: Span::at(7), with: "# why\n".to_owned() };
        assert_eq!(shown(&[above]), "+2 # why\n 2 RUN x \\\n");
        let below = Edit { span: Span::at(36), with: "\nUSER 1".to_owned() };
        assert_eq!(shown(&[below]), " 5 CMD z\n+6 USER 1\n");
    }

    #[test]
    fn edits_of_neighbouring_lines_are_shown_together_and_others_apart() {
        let edits = [edit("x", "x1"), edit("y", "y1\n  && w"), edit("z", "v")];
        let expected = "-2 RUN x \\\n-3   && y\n+2 RUN x1 \\\n+3   && y1\n+4   && w\n\
                        -5 CMD z\n+6 CMD v\n";
        assert_eq!(shown(&edits), expected);
    }

    #[test]
    fn carriage_returns_are_not_shown() {
        let text = "A\r\nB\r\n";
        let edits = [Edit { span: Span::new(3, 4), with: "C".to_owned() }];
        let texts: Vec<_> = diff(text, &edits).into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["B", "C"]);
    }
}
