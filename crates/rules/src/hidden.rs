//! Values that no output may show, wherever they stand.
//!
//! Readers note where a secret stands. The same value may stand again where no reader took it for
//! a secret: in a command, in a comment, in another input. Here all of these places are found.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};

use report::{Piece, pieces};
use text::{Source, SourceId, Span, visible};

use crate::case::Mask;

/// Shorter values are hidden where they are set and nowhere else: they could be any word.
const SHORTEST: usize = 8;

/// The values, each with what is shown instead.
#[derive(Default)]
pub(crate) struct Hidden {
    values: BTreeMap<String, String>,
    /// How long the values are that start with these bytes, the longest first.
    lengths: BTreeMap<[u8; SHORTEST], Vec<usize>>,
    /// Which pairs of bytes a value can start with, so that most places are passed over quickly.
    starts: Vec<bool>,
}

impl Hidden {
    /// The values that the masks of a case hide.
    pub(crate) fn of(sources: &[Source], masks: &[Mask]) -> Self {
        let mut hidden = Self::default();
        for mask in masks {
            let Some(source) = sources.get(usize::from(mask.source.0)) else { continue };
            let raw = source.slice(mask.span).trim_matches(['"', '\'']);
            // The value as it stands, as programs read it, and as our sentences would show it.
            let shown = visible(&mask.value).to_string().replace('`', "\u{2b9}");
            for value in [raw, &mask.value, &shown] {
                hidden.add(value, &mask.shown);
            }
        }
        for lengths in hidden.lengths.values_mut() {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
        }
        hidden
    }

    fn add(&mut self, value: &str, shown: &str) {
        let Some(start) = value.as_bytes().first_chunk::<SHORTEST>() else { return };
        if self.starts.is_empty() {
            self.starts = vec![false; 1 << 16];
        }
        let [first, second, ..] = *start;
        self.starts.get_mut(pair(first, second)).into_iter().for_each(|it| *it = true);
        self.lengths.entry(*start).or_default().push(value.len());
        self.values.entry(value.to_owned()).or_insert_with(|| shown.to_owned());
    }

    /// Where hidden values stand in a text, in order, and what is shown there. `sentence`: whether
    /// the text is a quotation, which may be cut off in the middle of a value.
    fn find<'a>(&'a self, text: &str, sentence: bool) -> Vec<(Range<usize>, &'a str)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some((&[first, second], _)) =
            text.as_bytes().get(at..).and_then(<[u8]>::split_first_chunk)
        {
            let candidate = self.starts.get(pair(first, second)).copied().unwrap_or_default();
            let rest = text.get(at..).filter(|_| candidate).unwrap_or_default();
            let cut = || if sentence { self.cut_at(rest) } else { None };
            match self.at(rest).or_else(cut) {
                Some((length, shown)) => {
                    found.push((at..at + length, shown));
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The longest hidden value that a text starts with.
    fn at(&self, text: &str) -> Option<(usize, &str)> {
        let lengths = self.lengths.get(text.as_bytes().first_chunk::<SHORTEST>()?)?;
        lengths.iter().find_map(|length| {
            let shown = self.values.get(text.get(..*length)?)?;
            Some((*length, &**shown))
        })
    }

    /// The start of a hidden value, if a text is cut off there.
    fn cut_at(&self, text: &str) -> Option<(usize, &str)> {
        self.lengths.get(text.as_bytes().first_chunk::<SHORTEST>()?)?;
        let start = text.get(..text.find('\u{2026}')?)?;
        let (value, shown) =
            self.values.range::<str, _>((Bound::Included(start), Bound::Unbounded)).next()?;
        value.starts_with(start).then_some((start.len(), &**shown))
    }

    /// The places of hidden values in all sources, as masks.
    pub(crate) fn masks(&self, sources: &[Source]) -> Vec<Mask> {
        if self.values.is_empty() {
            return Vec::new();
        }
        let mut masks = Vec::new();
        for (number, source) in (0..).zip(sources) {
            masks.extend(self.find(source.text(), false).into_iter().map(|(range, shown)| Mask {
                source: SourceId(number),
                span: Span::of(range),
                value: String::new(),
                shown: shown.to_owned(),
            }));
        }
        masks
    }

    /// Whether a hidden value stands in a text.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        !self.find(text, false).is_empty()
    }

    /// Takes hidden values out of a text that is all input.
    pub(crate) fn scrub(&self, text: &str) -> Option<String> {
        let found = self.find(text, true);
        if found.is_empty() {
            return None;
        }
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for (range, shown) in found {
            out.push_str(text.get(done..range.start)?);
            out.push_str(shown);
            done = range.end;
        }
        out.push_str(text.get(done..)?);
        Some(out)
    }

    /// Takes hidden values out of the quotations of a sentence of ours. Our own words stay, even
    /// if somebody's password is one of them.
    pub(crate) fn scrub_quotations(&self, sentence: &mut String) {
        if self.values.is_empty() {
            return;
        }
        let piece = |it: Piece<'_>| match it {
            Piece::Prose(it) => it.to_owned(),
            Piece::Code(it) => format!("`{}`", self.scrub(it).unwrap_or_else(|| it.to_owned())),
        };
        *sentence = pieces(sentence).map(piece).collect();
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// Masks in order, without those that lie in others, each starting where the one before it ended
/// at the earliest. So the masks of a place can be found by searching.
pub(crate) fn disjoint(mut masks: Vec<Mask>) -> Vec<Mask> {
    let key = |it: &Mask| (it.source, it.span.start(), std::cmp::Reverse(it.span.end()));
    masks.sort_by(|a, b| key(a).cmp(&key(b)).then(a.shown.cmp(&b.shown)));
    let mut out: Vec<Mask> = Vec::with_capacity(masks.len());
    for mut it in masks {
        if let Some(last) = out.last().filter(|last| last.source == it.source) {
            if it.span.end() <= last.span.end() {
                continue;
            }
            it.span = Span::new(it.span.start().max(last.span.end()), it.span.end());
        }
        out.push(it);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(values: &[&str]) -> Hidden {
        let source = Source::new("x", &values.join("\n"));
        let mut masks = Vec::new();
        for it in values {
            let start = source.text().find(it).unwrap();
            let span = Span::of(start..start + it.len());
            let (value, shown) = ((*it).to_owned(), "\u{2039}\u{203a}".to_owned());
            masks.push(Mask { source: SourceId(0), span, value, shown });
        }
        Hidden::of(&[source], &masks)
    }

    #[test]
    fn values_are_found_wherever_they_stand() {
        let hidden = hidden(&["trustno1", "trustno1-trustno1", "pass`\x1bword", "short"]);
        let scrubbed = |text: &str| hidden.scrub(text);
        assert_eq!(scrubbed("x:trustno1@y").as_deref(), Some("x:\u{2039}\u{203a}@y"));
        assert_eq!(scrubbed("trustno1-trustno1").as_deref(), Some("\u{2039}\u{203a}"));
        assert_eq!(
            scrubbed("\u{e9}trustno1\u{e9}").as_deref(),
            Some("\u{e9}\u{2039}\u{203a}\u{e9}")
        );
        assert_eq!(scrubbed("short trustno"), None);
        assert_eq!(scrubbed("pass\u{2b9}\u{241b}word").as_deref(), Some("\u{2039}\u{203a}"));
    }

    #[test]
    fn what_a_sentence_cut_off_is_found_too() {
        let hidden = hidden(&["trustno1-trustno1"]);
        let mut sentence = "`a/trustno1-trust\u{2026}` is no image".to_owned();
        hidden.scrub_quotations(&mut sentence);
        assert_eq!(sentence, "`a/\u{2039}\u{203a}\u{2026}` is no image");
    }

    #[test]
    fn our_own_words_stay() {
        let hidden = hidden(&["password"]);
        let mut sentence = "a password stands in `password.txt`".to_owned();
        hidden.scrub_quotations(&mut sentence);
        assert_eq!(sentence, "a password stands in `\u{2039}\u{203a}.txt`");
    }

    #[test]
    fn masks_become_disjoint() {
        let mask = |start, end, shown: &str| Mask {
            source: SourceId(0),
            span: Span::new(start, end),
            value: String::new(),
            shown: shown.to_owned(),
        };
        let masks = vec![mask(4, 9, "c"), mask(0, 5, "b"), mask(0, 5, "a"), mask(1, 3, "d")];
        let spans: Vec<_> = disjoint(masks).into_iter().map(|it| (it.span, it.shown)).collect();
        assert_eq!(spans, [(Span::new(0, 5), "a".to_owned()), (Span::new(5, 9), "c".to_owned())]);
    }
}
