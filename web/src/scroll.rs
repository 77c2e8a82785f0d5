//! Scrolling through more rows than a browser can lay out: a pure calculation.
//!
//! Browsers stop somewhere between eighteen and thirty-three million pixels. So the room that is
//! scrolled in grows with the rows only up to a limit, and from there on a pixel stands for more.

/// Rows that have their own room to scroll in.
const MOST: u32 = 200_000;

/// A list of rows of one height.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Scroll {
    /// How many rows there are.
    pub(crate) total: u32,
    /// The height of one, in pixels.
    pub(crate) row: f64,
    /// The height of what shows, in pixels.
    pub(crate) view: f64,
}

impl Scroll {
    /// How many rows show as a whole.
    pub(crate) fn fit(self) -> u32 {
        ((self.view / self.row) as u32).max(1)
    }

    /// The height of the room that is scrolled in.
    pub(crate) fn height(self) -> f64 {
        (f64::from(self.total.min(MOST)) * self.row).max(self.view)
    }

    /// The first row that shows after scrolling so far.
    pub(crate) fn first(self, top: f64) -> u32 {
        let last = f64::from(self.last());
        if self.room() <= 0.0 { 0 } else { (top / self.room() * last).round().min(last) as u32 }
    }

    /// How far to scroll for a row to be the first.
    pub(crate) fn top(self, first: u32) -> f64 {
        let last = self.last();
        if last == 0 { 0.0 } else { f64::from(first.min(last)) / f64::from(last) * self.room() }
    }

    /// The last row that can be the first.
    fn last(self) -> u32 {
        self.total.saturating_sub(self.fit())
    }

    fn room(self) -> f64 {
        self.height() - self.view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_reached_and_stays_where_it_is() {
        for total in [1, 10, 11, 5_000, 1_000_000, 2_000_000] {
            let it = Scroll { total, row: 28.0, view: 290.0 };
            assert!(it.height() < 16_000_000.0);
            assert_eq!(it.fit(), 10);
            let last = total.saturating_sub(10);
            for first in [0, 1, last / 3, last.saturating_sub(1), last] {
                let first = first.min(last);
                // Browsers keep whole pixels.
                assert_eq!(it.first(it.top(first).round()), first, "{total}");
            }
            assert_eq!(it.first(it.height() - it.view), last);
        }
    }

    #[test]
    fn a_few_rows_do_not_scroll() {
        let it = Scroll { total: 3, row: 28.0, view: 290.0 };
        assert_eq!((it.height(), it.first(0.0), it.top(2)), (290.0, 0, 0.0));
        assert_eq!(Scroll { total: 0, ..it }.first(0.0), 0);
    }
}
