//! Which items of a long list are drawn: a pure calculation over measured heights.

use std::ops::Range;

/// The most items that are ever in the document.
const MOST: usize = 60;

/// Heights of a list's items, as far as they were measured.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Heights {
    known: Vec<Option<f64>>,
}

/// A part of the list, and the room that stands for the rest.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Slice {
    /// The items that are drawn.
    pub(crate) items: Range<usize>,
    /// Room before them, in pixels.
    pub(crate) before: f64,
    /// Room after them, in pixels.
    pub(crate) after: f64,
}

impl Heights {
    /// Nothing measured of `length` items.
    pub(crate) fn new(length: usize) -> Self {
        Self { known: vec![None; length] }
    }

    /// Notes the height of an item.
    pub(crate) fn measure(&mut self, item: usize, height: f64) {
        if let Some(it) = self.known.get_mut(item) {
            *it = Some(height);
        }
    }

    /// The part of the list that shows between two distances from its top, with some items more
    /// on both sides, so that scrolling finds them drawn. What is drawn by now stays as long as enough of
    /// those are left: drawing takes longer than scrolling does.
    pub(crate) fn slice(&self, top: f64, bottom: f64, drawn: &Range<usize>) -> Slice {
        const MORE: usize = 12;
        const ENOUGH: usize = 4;
        let typical = self.typical();
        let height = |it: &Option<f64>| it.unwrap_or(typical);
        let mut ends = 0.0;
        let (mut first, mut last) = (self.known.len(), 0);
        for (item, it) in self.known.iter().enumerate() {
            let starts = ends;
            ends += height(it);
            if ends >= top && starts <= bottom {
                first = first.min(item);
                last = item + 1;
            }
        }
        // Above or below everything: the nearest end.
        if first >= last {
            let start = if ends < top { self.known.len() } else { 0 };
            (first, last) = (start, start);
        }
        let all = self.known.len();
        let enough = first.saturating_sub(ENOUGH)..(last + ENOUGH).min(all);
        if drawn.end <= all && drawn.start <= enough.start && enough.end <= drawn.end {
            return self.around(drawn.clone());
        }
        let first = first.saturating_sub(MORE);
        let last = (last + MORE).min(all).min(first + MOST);
        self.around(first..last)
    }

    /// The part of the list around one item, wherever that is.
    pub(crate) fn near(&self, item: usize) -> Slice {
        let first = item.saturating_sub(MOST / 2);
        self.around(first..(first + MOST).min(self.known.len()))
    }

    /// All of it.
    pub(crate) fn all(&self) -> Slice {
        self.around(0..self.known.len())
    }

    fn around(&self, items: Range<usize>) -> Slice {
        let typical = self.typical();
        let sum = |range: &[Option<f64>]| range.iter().map(|it| it.unwrap_or(typical)).sum();
        let before = sum(self.known.get(..items.start).unwrap_or_default());
        let after = sum(self.known.get(items.end..).unwrap_or_default());
        Slice { items, before, after }
    }

    fn typical(&self) -> f64 {
        let known: Vec<f64> = self.known.iter().flatten().copied().collect();
        if known.is_empty() { 60.0 } else { known.iter().sum::<f64>() / known.len() as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heights(length: usize) -> Heights {
        let mut heights = Heights::new(length);
        (0..length).for_each(|it| heights.measure(it, 50.0));
        heights
    }

    #[test]
    fn short_lists_are_drawn_whole() {
        let slice = heights(10).slice(0.0, 900.0, &(0..0));
        assert_eq!(slice, Slice { items: 0..10, before: 0.0, after: 0.0 });
        assert_eq!(Heights::new(0).slice(0.0, 900.0, &(0..0)).items, 0..0);
    }

    #[test]
    fn long_lists_are_drawn_where_they_show() {
        let heights = heights(3_000);
        let slice = heights.slice(50_000.0, 50_900.0, &(0..30));
        assert!(slice.items.contains(&1_000) && slice.items.contains(&1_018));
        assert!(slice.items.len() <= MOST);
        let drawn = slice.items.len() as f64 * 50.0;
        assert_eq!(slice.before + drawn + slice.after, 150_000.0);
    }

    #[test]
    fn what_is_drawn_stays_while_it_is_enough() {
        let heights = heights(3_000);
        let drawn = heights.slice(50_000.0, 50_900.0, &(0..0)).items;
        let after = |moved: f64| heights.slice(50_000.0 + moved, 50_900.0 + moved, &drawn).items;
        assert_eq!(after(300.0), drawn);
        assert_eq!(after(-300.0), drawn);
        assert_ne!(after(500.0), drawn);
        assert_ne!(after(-500.0), drawn);
        // A list that has become shorter is not drawn beyond its end.
        assert_eq!(Heights::new(5).slice(0.0, 900.0, &(0..30)).items, 0..5);
        assert_eq!(Heights::new(5).slice(0.0, 900.0, &(0..5)).items, 0..5);
    }

    #[test]
    fn no_place_draws_nothing_at_all_or_too_much() {
        let heights = heights(3_000);
        for top in [-5_000.0, 0.0, 149_990.0, 400_000.0] {
            let slice = heights.slice(top, top + 900.0, &(0..0));
            assert!((1..=MOST).contains(&slice.items.len()), "{top}: {slice:?}");
        }
        assert_eq!(heights.slice(0.0, 1e9, &(0..30)).items.len(), MOST);
    }

    #[test]
    fn unmeasured_items_count_like_the_measured() {
        let mut heights = Heights::new(100);
        heights.measure(0, 100.0);
        assert_eq!(heights.near(0).after, 4_000.0);
        assert!(heights.near(99).items.contains(&99));
        assert!(heights.near(99).items.len() <= MOST);
    }
}
