//! What is underlined in the editor, and how it keeps its place while the text changes.

use report::Severity;
use text::Span;

/// An underlined part of the editor's text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Mark {
    /// Byte offsets into the editor's text.
    pub(crate) span: Span,
    /// How it is drawn.
    pub(crate) severity: Severity,
    /// The finding it belongs to, as a row of the findings list.
    pub(crate) row: usize,
    /// Whether that has a fix.
    pub(crate) is_fixable: bool,
}

/// A piece of one line, drawn in one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Piece<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// What kind of word it is.
    pub(crate) word: Option<Word>,
    /// The worst mark over it.
    pub(crate) mark: Option<Severity>,
}

/// What a word is, as far as coloring goes. This is no parser: it looks at one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Word {
    /// The instruction.
    Keyword,
    /// A comment.
    Comment,
    /// A variable.
    Variable,
}

/// Moves marks made for `old` to where the same words stand in `new`. What was touched by the
/// change loses its mark until the next answer.
pub(crate) fn follow(marks: &[Mark], old: &str, new: &str) -> Vec<Mark> {
    let common = |(a, b): &(u8, u8)| a == b;
    let head = old.bytes().zip(new.bytes()).take_while(common).count();
    let room = old.len().min(new.len()) - head;
    let tail = old.bytes().rev().zip(new.bytes().rev()).take_while(common).count().min(room);
    let keep = |it: &Mark| {
        let range = it.span.range();
        if range.end <= head {
            Some(*it)
        } else if range.start >= old.len() - tail {
            let moved = |at: usize| at + new.len() - old.len();
            Some(Mark { span: Span::of(moved(range.start)..moved(range.end)), ..*it })
        } else {
            None
        }
    };
    marks.iter().filter_map(keep).collect()
}

/// Takes one line apart at the edges of marks and words. `start` is the byte offset of the line;
/// `continued` says that it goes on from the line before.
pub(crate) fn pieces<'a>(
    line: &'a str,
    start: u32,
    continued: bool,
    marks: &[Mark],
) -> Vec<Piece<'a>> {
    let words = words(line, continued);
    let marks: Vec<(usize, usize, Severity)> =
        marks.iter().filter_map(|it| on_line(line, start, it)).collect();
    let edges = words.iter().flat_map(|it| [it.0, it.1]);
    let mut cuts = vec![0, line.len()];
    for cut in edges.chain(marks.iter().flat_map(|it| [it.0, it.1])) {
        if let Err(place) = cuts.binary_search(&cut) {
            cuts.insert(place, cut);
        }
    }
    let spans = cuts.iter().zip(cuts.iter().skip(1));
    spans
        .filter_map(|(from, to)| {
            Some(Piece {
                text: line.get(*from..*to)?,
                word: words.iter().find(|it| it.0 <= *from && *to <= it.1).map(|it| it.2),
                mark: marks.iter().filter(|it| it.0 <= *from && *to <= it.1).map(|it| it.2).min(),
            })
        })
        .collect()
}

/// The part of a mark that is drawn on one line: without the indent, and never nothing.
fn on_line(line: &str, start: u32, mark: &Mark) -> Option<(usize, usize, Severity)> {
    let line_start = start as usize;
    let range = mark.span.range();
    if range.end < line_start || range.start > line_start + line.len() {
        return None;
    }
    let indent = line.len() - line.trim_start().len();
    let from = range.start.saturating_sub(line_start);
    let from = if range.start < line_start { from.max(indent) } else { from };
    let to = (range.end - line_start.min(range.end)).min(line.trim_end().len().max(from));
    if from < to {
        return Some((from, to, mark.severity));
    }
    // An empty span, such as the end of a line where something is missing.
    if !mark.span.is_empty() || range.start < line_start {
        return None;
    }
    let next = line.get(from..)?.chars().next().map(char::len_utf8);
    let before = || line.get(..from)?.chars().next_back().map(char::len_utf8);
    match next {
        Some(width) => Some((from, from + width, mark.severity)),
        None => before().map(|width| (from - width, from, mark.severity)),
    }
}

const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

fn words(line: &str, continued: bool) -> Vec<(usize, usize, Word)> {
    let body = line.trim_start();
    let indent = line.len() - body.len();
    if body.starts_with('#') {
        return vec![(indent, line.len(), Word::Comment)];
    }
    let mut words = Vec::new();
    let first = body.split([' ', '\t']).next().unwrap_or_default();
    if !continued && begins_instruction(body) {
        words.push((indent, indent + first.len(), Word::Keyword));
    }
    for (at, _) in line.match_indices('$') {
        let rest = line.get(at + 1..).unwrap_or_default();
        let name = |it: &str| it.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let length = match rest.strip_prefix('{') {
            Some(braced) => braced.find('}').map(|it| it + 2),
            None => Some(name(rest).unwrap_or(rest.len())),
        };
        let overlaps = words.last().is_some_and(|it: &(usize, usize, Word)| it.1 > at);
        if let Some(length) = length.filter(|it| *it > 0 && !overlaps) {
            words.push((at, at + 1 + length, Word::Variable));
        }
    }
    words
}

/// Whether a line begins with the name of an instruction.
pub(crate) fn begins_instruction(line: &str) -> bool {
    let first = line.trim_start().split([' ', '\t']).next().unwrap_or_default();
    INSTRUCTIONS.iter().any(|it| it.eq_ignore_ascii_case(first))
}

/// Whether the next line goes on from this one.
pub(crate) fn continues(line: &str) -> bool {
    line.trim_end().ends_with('\\') && !line.trim_start().starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(start: usize, end: usize) -> Mark {
        Mark { span: Span::of(start..end), severity: Severity::High, row: 0, is_fixable: false }
    }

    fn followed(old: &str, new: &str, word: &str) -> Option<String> {
        let at = old.find(word).unwrap();
        let moved = follow(&[mark(at, at + word.len())], old, new);
        moved.first().map(|it| new[it.span.range()].to_owned())
    }

    #[test]
    fn marks_follow_their_words() {
        let old = "FROM a\nUSER root\nCMD x\n";
        let kept = Some("USER root".to_owned());
        assert_eq!(followed(old, old, "USER root"), kept);
        assert_eq!(followed(old, "# new\nFROM a\nUSER root\nCMD x\n", "USER root"), kept);
        assert_eq!(followed(old, "FROM a\nUSER root\nCMD xyz\n", "USER root"), kept);
        assert_eq!(followed(old, "FROM a\n\nUSER root\nCMD x\n", "USER root"), kept);
        assert_eq!(followed(old, "FROM a\nUSER root\n\nCMD x\n", "USER root"), kept);
    }

    #[test]
    fn touched_marks_go() {
        let old = "FROM a\nUSER root\nCMD x\n";
        assert_eq!(followed(old, "FROM a\nUSER app\nCMD x\n", "USER root"), None);
        assert_eq!(followed(old, "FROM a\nUSER  root\nCMD x\n", "USER root"), None);
        assert_eq!(followed(old, "", "USER root"), None);
    }

    fn drawn(line: &str, start: u32, marks: &[Mark]) -> String {
        let piece = |it: Piece<'_>| match it.mark {
            Some(_) => format!("<{}>", it.text),
            None => it.text.to_owned(),
        };
        pieces(line, start, true, marks).into_iter().map(piece).collect()
    }

    #[test]
    fn marks_cut_a_line() {
        assert_eq!(drawn("USER root", 0, &[mark(5, 9)]), "USER <root>");
        assert_eq!(drawn("USER root", 100, &[mark(5, 9)]), "USER root");
        assert_eq!(drawn("USER root", 100, &[mark(105, 109)]), "USER <root>");
    }

    #[test]
    fn a_mark_over_lines_leaves_indents_and_line_ends_out() {
        let text = "RUN a  \\\n    b\n";
        assert_eq!(drawn("RUN a  \\", 0, &[mark(0, 14)]), "<RUN a  \\>");
        assert_eq!(drawn(&text[9..14], 9, &[mark(0, 14)]), "    <b>");
        assert_eq!(drawn("after", 15, &[mark(0, 14)]), "after");
    }

    #[test]
    fn an_empty_mark_is_still_seen() {
        assert_eq!(drawn("CMD", 0, &[mark(3, 3)]), "CM<D>");
        assert_eq!(drawn("CMD", 0, &[mark(0, 0)]), "<C>MD");
        assert_eq!(drawn("", 0, &[mark(0, 0)]), "");
    }

    #[test]
    fn the_worst_of_several_marks_is_drawn() {
        let low = Mark { severity: Severity::Low, ..mark(0, 9) };
        let parts = pieces("USER root", 0, false, &[low, mark(5, 9)]);
        let severities: Vec<_> = parts.iter().map(|it| (it.text, it.mark)).collect();
        let expected = [
            ("USER", Some(Severity::Low)),
            (" ", Some(Severity::Low)),
            ("root", Some(Severity::High)),
        ];
        assert_eq!(severities, expected);
    }

    #[test]
    fn words_are_told_apart() {
        let words = |line, continued| -> Vec<(String, Option<Word>)> {
            let parts = pieces(line, 0, continued, &[]);
            parts.iter().map(|it| (it.text.to_owned(), it.word)).collect()
        };
        let word = |text: &str, it| (text.to_owned(), it);
        let expected = [
            word("env", Some(Word::Keyword)),
            word(" A=", None),
            word("$B", Some(Word::Variable)),
            word("/", None),
            word("${C:-$D}", Some(Word::Variable)),
        ];
        assert_eq!(words("env A=$B/${C:-$D}", false), expected);
        assert_eq!(words("  # RUN $x", false)[1], word("# RUN $x", Some(Word::Comment)));
        assert_eq!(words("RUN x", true), [word("RUN x", None)]);
        assert!(continues("RUN a \\ ") && !continues("# a \\") && !continues("RUN a"));
    }
}
