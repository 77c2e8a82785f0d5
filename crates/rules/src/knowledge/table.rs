//! Reading the tables where they lie: one row a line, columns between tabs, comments on top.

use std::sync::OnceLock;

#[cfg(test)]
use text::Date;

/// A table embedded as text.
#[derive(Debug)]
pub(super) struct Table {
    text: &'static str,
    lines: OnceLock<Vec<&'static str>>,
}

impl Table {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, lines: OnceLock::new() }
    }

    /// The whole text.
    #[cfg(test)]
    pub(super) const fn text(&self) -> &'static str {
        self.text
    }

    /// The rows, in the order of the file.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'static str> {
        let mut lines = self.lines().iter();
        // Each use gets its own copy of the loops over it, and these are small.
        std::iter::from_fn(move || lines.next().copied())
    }

    /// The lines behind the comments.
    pub(super) fn lines(&self) -> &[&'static str] {
        let lines = || self.text.lines().skip_while(|it| it.starts_with('#')).collect();
        self.lines.get_or_init(lines)
    }

    /// The rows whose first column is `key`. The table has to be sorted by it, byte by byte.
    pub(super) fn named(&self, key: &str) -> impl Iterator<Item = &'static str> {
        // A tab sorts before everything that stands in a first column, so whole rows are in order.
        let from = self.lines().partition_point(|it| *it < key);
        let mut rows = self.lines().get(from..).unwrap_or_default().iter();
        let is_named = move |row: &&str| {
            row.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('\t'))
        };
        std::iter::from_fn(move || rows.next().copied().filter(is_named))
    }

    /// The day the table was made, from its comments.
    #[cfg(test)]
    pub(super) fn as_of(&self) -> Option<Date> {
        let comments = self.text.lines().map_while(|it| it.strip_prefix('#'));
        comments.filter_map(|it| it.strip_prefix(" as of ")?.trim_end().parse().ok()).next()
    }
}

/// The first `N` columns of a row; those that are not there are empty.
pub(super) fn columns<const N: usize>(row: &'static str) -> [&'static str; N] {
    let mut rest = row;
    std::array::from_fn(|_| {
        let column = first_column(rest);
        rest = rest.get(column.len() + 1..).unwrap_or_default();
        column
    })
}

/// The first column of a row. Columns are so short that a plain loop over them is fastest.
pub(super) fn first_column(row: &str) -> &str {
    let end = row.bytes().position(|it| it == b'\t').unwrap_or(row.len());
    row.get(..end).unwrap_or_default()
}

/// What is to hold of every table.
#[cfg(test)]
pub(super) mod check {
    use super::{Table, first_column};

    /// No row is empty, padded or has more columns than are read, or fewer than are needed.
    pub(crate) fn shape(table: &Table, needed: usize, at_most: usize) {
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
    pub(crate) fn sorted(table: &Table) {
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
        for table in [&crate::knowledge::tools::BINARIES, &crate::knowledge::tools::PACKAGES] {
            for row in table.rows() {
                assert!(table.named(first_column(row)).any(|it| it == row), "{row}");
            }
        }
    }
}
