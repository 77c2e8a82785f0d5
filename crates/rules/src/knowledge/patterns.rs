//! Finding the entries of a table whose name patterns fit a name, without trying all of them.
//!
//! Most patterns are plain names, which are found by search; only the others have to be matched.

use super::glob::like;

/// Entries by their patterns.
pub(super) struct Patterns<T> {
    /// In the order of the table.
    entries: Vec<T>,
    /// The patterns without wildcards, sorted, each with the number of its entry.
    names: Vec<(&'static str, usize)>,
    /// The others, in the order of the table.
    shapes: Vec<(Shape, usize)>,
}

/// A pattern with wildcards and what tells most names apart from it without matching.
struct Shape {
    pattern: &'static str,
    /// What stands before the first wildcard.
    start: &'static str,
    /// What stands behind the last one.
    end: &'static str,
}

const WILDCARDS: [char; 3] = ['*', '?', '['];

impl Shape {
    fn new(pattern: &'static str) -> Self {
        let start = pattern.split(WILDCARDS).next().unwrap_or_default();
        // A range ends behind its sign.
        let end = pattern.rsplit(['*', '?', ']']).next().unwrap_or_default();
        Self { pattern, start, end }
    }

    fn fits(&self, name: &str) -> bool {
        name.starts_with(self.start) && name.ends_with(self.end) && like(self.pattern, name)
    }
}

impl<T> Patterns<T> {
    /// `patterns`: those of an entry, between commas.
    pub(super) fn new(entries: Vec<T>, patterns: impl Fn(&T) -> &'static str) -> Self {
        let (mut names, mut shapes) = (Vec::new(), Vec::new());
        for (number, entry) in entries.iter().enumerate() {
            for pattern in patterns(entry).split(',') {
                if pattern.contains(WILDCARDS) {
                    shapes.push((Shape::new(pattern), number));
                } else {
                    let at = names.partition_point(|(it, _)| *it <= pattern);
                    names.insert(at, (pattern, number));
                }
            }
        }
        Self { entries, names, shapes }
    }

    /// All entries, in the order of the table.
    pub(super) fn entries(&self) -> &[T] {
        &self.entries
    }

    /// The entries one of whose patterns fits, in the order of the table.
    pub(super) fn fitting(&self, name: &str) -> impl Iterator<Item = &T> {
        let from = self.names.partition_point(|(it, _)| *it < name);
        let names = self.names.get(from..).unwrap_or_default();
        let named = names.iter().take_while(|(it, _)| *it == name);
        let shaped = self.shapes.iter().filter(|it| it.0.fits(name));
        let mut numbers: Vec<usize> = Vec::new();
        for number in named.map(|it| &it.1).chain(shaped.map(|it| &it.1)) {
            if let Err(at) = numbers.binary_search(number) {
                numbers.insert(at, *number);
            }
        }
        let mut numbers = numbers.into_iter();
        std::iter::from_fn(move || self.entries.get(numbers.next()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_in_the_order_of_the_table() {
        let rows = vec!["b,a*,ab", "*", "c", "b", "a?", "x[0-9]", "x[0-9]y*z"];
        let patterns = Patterns::new(rows.clone(), |it| it);
        let found = |name| patterns.fitting(name).copied().collect::<Vec<_>>();
        assert_eq!(found("ab"), ["b,a*,ab", "*", "a?"]);
        assert_eq!(found("b"), ["b,a*,ab", "*", "b"]);
        assert_eq!(found("c"), ["*", "c"]);
        assert_eq!(found(""), ["*"]);
        assert_eq!(found("a*"), ["b,a*,ab", "*", "a?"]);
        assert_eq!(found("x1"), ["*", "x[0-9]"]);
        assert_eq!(found("x1y.z"), ["*", "x[0-9]y*z"]);
        assert_eq!(patterns.entries(), rows);
    }
}
