//! Values that no output may show, wherever they stand.
//!
//! Readers note where a secret stands. The same value may stand again where no reader took it for
//! a secret: in a command, in a comment, in another input, whole or in pieces, plain or encoded.
//! [`Scrubber`] finds all of these places; here it meets the sources and the sentences of a report.

use std::borrow::Cow;
use std::ops::Range;

use report::{Piece, pieces};
use secrets::Scrubber;
use text::{Source, SourceId, Span, visible};

/// A text that no output may show.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Mask {
    pub(crate) source: SourceId,
    pub(crate) span: Span,
    /// What is shown instead.
    pub(crate) shown: String,
}

/// What a case hides: places, and values wherever they stand.
#[derive(Debug, Default)]
pub(crate) struct Hidden {
    masks: Vec<Mask>,
    scrubber: Scrubber,
    /// Values that their names make secrets, until it is clear what a scan says of them.
    named: Vec<Named>,
    /// Places of tokens and the like, which say more about themselves than a name does.
    tokens: Vec<(SourceId, Span)>,
}

/// The value of a variable that is named like a secret.
#[derive(Debug)]
struct Named {
    source: SourceId,
    span: Span,
    /// What has to be hidden wherever it stands; nothing if that is a word that everybody knows.
    value: Option<String>,
    shown: String,
}

impl Hidden {
    /// Hides a place, and nothing else.
    pub(crate) fn place(&mut self, source: SourceId, span: Span, shown: &str) {
        self.masks.push(Mask { source, span, shown: shown.to_owned() });
    }

    /// Hides a value wherever it stands. What has to be escaped is hidden as our sentences show
    /// it, too.
    pub(crate) fn value(&mut self, value: &str, shown: &str) {
        self.scrubber.hide(value, shown);
        let quoted = visible(value).to_string().replace('`', "\u{2b9}");
        if quoted != value {
            self.scrubber.hide(&quoted, shown);
        }
    }

    /// Hides the value of a variable that is named like a secret, which stands at a place; with
    /// no value, at that place only.
    pub(crate) fn named(
        &mut self,
        source: SourceId,
        span: Span,
        value: Option<&str>,
        shown: String,
    ) {
        let value = value.map(str::to_owned);
        self.named.push(Named { source, span, value, shown });
    }

    /// Hides the place of a token; `span` is where it starts and ends, `hide` what may not be
    /// shown of it.
    pub(crate) fn token(&mut self, source: SourceId, span: Span, hide: Span, shown: &str) {
        self.tokens.push((source, span));
        self.place(source, hide, shown);
    }

    /// Hides what a scan found.
    pub(crate) fn merge(&mut self, scrubber: Scrubber) {
        self.scrubber.merge(scrubber);
    }

    /// Hides what stands in a text that was read out of another in that other text, too.
    pub(crate) fn carry(&mut self, origin: impl Fn(SourceId, Span) -> Option<(SourceId, Span)>) {
        let masks: Vec<Mask> = self
            .masks
            .iter()
            .filter_map(|it| {
                let (source, span) = origin(it.source, it.span)?;
                Some(Mask { source, span, shown: it.shown.clone() })
            })
            .collect();
        self.masks.extend(masks);
        let named: Vec<Named> = self
            .named
            .iter()
            .filter_map(|it| {
                let (source, span) = origin(it.source, it.span)?;
                Some(Named { source, span, value: it.value.clone(), shown: it.shown.clone() })
            })
            .collect();
        self.named.extend(named);
    }

    /// Once everything is read: finds the values in all sources, and puts the places in order.
    pub(crate) fn settle(&mut self, sources: &[Source]) {
        for it in std::mem::take(&mut self.named) {
            // Quotes may stand around the token.
            let is_token = |(source, span): &(SourceId, Span)| {
                *source == it.source
                    && it.span.contains(*span)
                    && it.span.range().len() <= span.range().len() + 2
            };
            if !self.tokens.iter().any(is_token) {
                self.place(it.source, it.span, &it.shown);
                if let Some(value) = &it.value {
                    self.value(value, &it.shown);
                }
            }
        }
        if !self.scrubber.is_empty() {
            for (number, source) in (0..).zip(sources) {
                let here = self.masks.iter().filter(|it| it.source == SourceId(number));
                let places: Vec<Range<usize>> = here.map(|it| it.span.range()).collect();
                self.scrubber.open_words(source.text(), places);
            }
            for (number, source) in (0..).zip(sources) {
                let places = self.scrubber.places(source.text()).into_iter();
                self.masks.extend(places.map(|(range, shown)| Mask {
                    source: SourceId(number),
                    span: Span::of(range),
                    shown: shown.to_owned(),
                }));
            }
        }
        self.masks = disjoint(std::mem::take(&mut self.masks));
    }

    /// The masks that share a byte with a span, or lie around an empty one.
    pub(crate) fn masks_in(&self, id: SourceId, span: Span) -> &[Mask] {
        let before = |it: &Mask| (it.source, it.span.end()) <= (id, span.start());
        let until = |it: &Mask| (it.source, it.span.start()) < (id, span.end());
        let first = self.masks.partition_point(before);
        let end = self.masks.partition_point(until);
        self.masks.get(first..end.max(first)).unwrap_or_default()
    }

    /// Whether a hidden value stands in a text.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        !self.scrubber.places(text).is_empty()
    }

    /// Takes hidden values out of a text that is all input.
    pub(crate) fn scrub<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.scrubber.scrub(text)
    }

    /// Takes hidden values out of the quotations of a sentence of ours. Our own words stay, even
    /// if somebody's password is one of them.
    pub(crate) fn scrub_quotations(&self, sentence: &mut String) {
        if self.scrubber.is_empty() {
            return;
        }
        let piece = |it: Piece<'_>| match it {
            Piece::Prose(it) => it.to_owned(),
            Piece::Code(it) => format!("`{}`", self.scrub(it)),
        };
        *sentence = pieces(sentence).map(piece).collect();
    }
}

/// Masks in order, without those that lie in others, each starting where the one before it ended
/// at the earliest. So the masks of a place can be found by searching.
fn disjoint(mut masks: Vec<Mask>) -> Vec<Mask> {
    let key = |it: &Mask| (it.source, it.span.start(), std::cmp::Reverse(it.span.end()));
    text::order::sort_by(&mut masks, |a, b| key(a).cmp(&key(b)).then(a.shown.cmp(&b.shown)));
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
        let mut hidden = Hidden::default();
        for it in values {
            hidden.value(it, "[hidden]");
        }
        hidden
    }

    #[test]
    fn values_are_found_wherever_they_stand() {
        let hidden = hidden(&["trustno1", "trustno1-trustno1", "pass`\x1bword"]);
        let check = |text: &str, expected: &str| assert_eq!(hidden.scrub(text), expected);
        check("x:trustno1@y", "x:[hidden]@y");
        check("trustno1-trustno1", "[hidden]");
        check("\u{e9}trustno1\u{e9}", "\u{e9}[hidden]\u{e9}");
        check("tru tno1", "tru tno1");
        check("pass\u{2b9}\u{241b}word", "[hidden]");
    }

    #[test]
    fn what_a_sentence_cut_off_is_found_too() {
        let hidden = hidden(&["trustno1-trustno1"]);
        let mut sentence = "`a/trustno1-trust\u{2026}` is no image".to_owned();
        hidden.scrub_quotations(&mut sentence);
        assert_eq!(sentence, "`a/\u{2026}\u{2026}` is no image");
    }

    #[test]
    fn only_quotations_are_scrubbed() {
        let hidden = hidden(&["container", "password"]);
        let mut sentence = "the container runs `password`; it is a container".to_owned();
        hidden.scrub_quotations(&mut sentence);
        assert_eq!(sentence, "the container runs `[hidden]`; it is a container");
    }

    #[test]
    fn masks_end_up_apart_from_each_other() {
        let mask = |start, end| Mask {
            source: SourceId(0),
            span: Span::new(start, end),
            shown: String::new(),
        };
        let got = disjoint(vec![mask(5, 9), mask(0, 6), mask(1, 2), mask(9, 9)]);
        let spans: Vec<(u32, u32)> =
            got.iter().map(|it| (it.span.start(), it.span.end())).collect();
        assert_eq!(spans, [(0, 6), (6, 9)]);
    }
}
