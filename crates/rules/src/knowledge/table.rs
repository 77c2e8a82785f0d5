//! Reading the tables where they lie: one row a line, columns between tabs, comments on top.

use std::cmp::Ordering;

#[cfg(test)]
use text::Date;

/// A table embedded as text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table(&'static str);

impl Table {
    pub(super) const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The whole text, for tables that are more than rows.
    pub(super) const fn text(self) -> &'static str {
        self.0
    }

    /// The rows, in the order of the file.
    pub(super) fn rows(self) -> impl Iterator<Item = &'static str> {
        self.body().lines()
    }

    /// The rows whose first column is `key`. The table has to be sorted by it, byte by byte.
    pub(super) fn named(self, key: &str) -> impl Iterator<Item = &'static str> {
        from_first(self.body(), key).lines().take_while(move |it| first_column(it) == key)
    }

    /// The day the table was made, from its comments.
    #[cfg(test)]
    pub(super) fn as_of(self) -> Option<Date> {
        let comments = self.0.lines().map_while(|it| it.strip_prefix('#'));
        comments.filter_map(|it| it.strip_prefix(" as of ")?.trim_end().parse().ok()).next()
    }

    /// What comes after the comments.
    fn body(self) -> &'static str {
        let mut rest = self.0;
        while rest.starts_with('#') {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        }
        rest
    }
}

/// The first `N` columns of a row; those that are not there are empty.
pub(super) fn columns<const N: usize>(row: &'static str) -> [&'static str; N] {
    let mut parts = row.split('\t');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

fn first_column(row: &str) -> &str {
    row.split('\t').next().unwrap_or_default()
}

/// The sorted text from the first row on whose first column is not less than `key`.
fn from_first(body: &'static str, key: &str) -> &'static str {
    let (mut low, mut high) = (0, body.len());
    while low < high {
        let middle = low + (high - low) / 2;
        // A line feed is a byte of its own in UTF-8, so the start of a line is a boundary.
        let before = body.as_bytes().get(low..middle).unwrap_or_default();
        let start = before.iter().rposition(|it| *it == b'\n').map_or(low, |it| low + it + 1);
        let line = body.get(start..).and_then(|it| it.lines().next()).unwrap_or_default();
        match first_column(line).cmp(key) {
            Ordering::Less => low = (start + line.len() + 1).min(body.len()),
            Ordering::Equal | Ordering::Greater => high = start,
        }
    }
    body.get(low..).unwrap_or_default()
}

/// What is to hold of every table.
#[cfg(test)]
pub(super) mod check {
    use super::{Table, first_column};

    /// No row is empty, padded or has more columns than are read, or fewer than are needed.
    pub(crate) fn shape(table: Table, needed: usize, at_most: usize) {
        let mut n_rows = 0;
        for row in table.rows() {
            assert!(!row.is_empty() && !row.starts_with('#'), "a comment or a gap among the rows");
            let columns: Vec<&str> = row.split('\t').collect();
            assert!((needed..=at_most).contains(&columns.len()), "{row:?}");
            for column in &columns {
                assert_eq!(column.trim(), *column, "{row:?}");
            }
            assert!(columns.last().is_some_and(|it| !it.is_empty()), "{row:?} ends in a tab");
            n_rows += 1;
        }
        assert!(n_rows > 0);
    }

    /// The first column ascends, as the search needs it.
    pub(crate) fn sorted(table: Table) {
        let mut last = "";
        for row in table.rows() {
            let key = first_column(row);
            assert!(last <= key, "{last:?} stands before {key:?}");
            last = key;
        }
    }

    #[test]
    fn rows_are_found_wherever_they_stand() {
        let table = Table::new("# as of 2026-11-24\n# words\nant\t1\nbee\t2\nbee\t3\nété\t4\n");
        assert_eq!(table.as_of(), "2026-11-24".parse().ok());
        assert_eq!(table.rows().count(), 4);
        let found = |key| table.named(key).collect::<Vec<_>>();
        assert_eq!(found("ant"), ["ant\t1"]);
        assert_eq!(found("bee"), ["bee\t2", "bee\t3"]);
        assert_eq!(found("été"), ["été\t4"]);
        for absent in ["", "a", "antelope", "be", "bees", "cat", "ét", "étés", "\u{10ffff}"] {
            assert!(found(absent).is_empty(), "{absent}");
        }
        assert_eq!(super::columns::<3>("a\t\tb\tc"), ["a", "", "b"]);
        assert_eq!(super::columns::<3>("a"), ["a", "", ""]);
    }
    #[test]
    fn every_row_of_a_large_table_is_found() {
        for table in [crate::knowledge::tools::BINARIES, crate::knowledge::tools::PACKAGES] {
            for row in table.rows() {
                assert!(table.named(first_column(row)).any(|it| it == row), "{row}");
            }
        }
    }
}
