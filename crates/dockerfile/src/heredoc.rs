//! Here-documents.

use text::{Cooked, Span};

use crate::expand;
use crate::lines::Lines;

/// A here-document of an instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heredoc {
    /// Where its marker stands in the instruction, as in `<<-"EOF"`.
    pub marker: Span,
    /// The line that ends it.
    pub name: String,
    /// Whether leading tabs are dropped (`<<-`).
    pub chomp: bool,
    /// Whether variables in it are expanded, that is, whether its name is not quoted.
    pub expand: bool,
    /// The file descriptor before the marker; 0 when none is written.
    pub descriptor: u32,
    /// Its lines in the source, tabs included.
    pub body: Span,
    /// Its text, leading tabs dropped where they are.
    pub content: Cooked,
    /// The line that ends it, without its line end. Nothing when the file ends first.
    pub terminator: Option<Span>,
}

/// The markers of an instruction, in order, read the way BuildKit does: words of the whole logical
/// line that are `[n]<<[-]NAME`. A line with an open quote has none.
pub(crate) fn markers(line: &Cooked) -> Vec<Heredoc> {
    if !line.as_str().contains("<<") {
        return Vec::new();
    }
    let Some(words) = expand::shell_words(line.as_str()) else { return Vec::new() };
    let found = words.into_iter().filter_map(|range| {
        let word = line.as_str().get(range.clone())?;
        let (name, chomp, expand, descriptor) = marker(word)?;
        let marker = line.span(range);
        let (body, content) = (Span::at(marker.end()), Cooked::empty(marker.end()));
        Some(Heredoc { marker, name, chomp, expand, descriptor, body, content, terminator: None })
    });
    found.collect()
}

/// The parts of a marker word.
fn marker(word: &str) -> Option<(String, bool, bool, u32)> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (descriptor, rest) = word.split_at_checked(digits)?;
    let rest = rest.strip_prefix("<<")?;
    let (chomp, rest) = match rest.strip_prefix('-') {
        Some(it) => (true, it),
        None => (false, rest),
    };
    // A here-string (`<<<`) or a second redirection in the same word is none.
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let name = expand::without_quotes(rest)?;
    let expand = name == rest;
    Some((name, chomp, expand, descriptor.parse().unwrap_or(0)))
}

/// Reads the body of `it` from the lines after its instruction. Says whether it was ended.
pub(crate) fn read_body(it: &mut Heredoc, source: &str, lines: &mut Lines<'_>) -> bool {
    let start = lines.offset();
    let mut end = start;
    it.content = Cooked::empty(Span::of(start..start).start());
    for line in lines.by_ref() {
        let tabs = line.text.len() - line.text.trim_start_matches('\t').len();
        let skip = if it.chomp { tabs } else { 0 };
        let text = line.text.get(skip..).unwrap_or_default();
        if text == it.name {
            it.body = Span::of(start..line.start);
            it.terminator = Some(Span::of(line.start..line.start + line.text.len()));
            return true;
        }
        let whole = source.get(line.start + skip..line.next).unwrap_or_default();
        it.content.push(whole, Span::of(line.start + skip..line.next).start());
        end = line.next;
    }
    it.body = Span::of(start..end);
    false
}
