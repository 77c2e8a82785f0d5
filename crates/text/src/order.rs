//! Sorting that is compiled once.
//!
//! The standard library's sort is fast for millions of items and compiles to some kilobytes for
//! every type and order it is used with; what the engine sorts are dozens. Here only numbers are
//! sorted, by one copy of the code, and the items are put in their places afterwards.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts by a comparison; what is equal keeps its order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    if items.len() < 2 {
        return;
    }
    let order = order(items.len(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    place(items, order);
}

/// Puts items into an order: the place of a number gets the item of that number.
fn place<T>(items: &mut [T], mut order: Vec<usize>) {
    // Follows each cycle of exchanges once: place `at` gets the item at `from`.
    for start in 0..items.len() {
        let mut at = start;
        while let Some(next) = order.get_mut(at) {
            let from = std::mem::replace(next, at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts by a key; what is equal keeps its order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    place(items, order(keys.len(), &mut |a, b| keys.get(a).cmp(&keys.get(b))));
}

/// Sorts; what is equal keeps its order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// The numbers below `n` in the order of what they stand for.
fn order(n: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Collects in order, each once. For a few items that are read in order and no more, a list takes
/// much less code than a set.
pub fn distinct<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.into_iter().collect();
    sort(&mut list);
    list.dedup();
    list
}

/// Collects into a set one by one; `collect` would sort first, with code of its own.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    items.into_iter().for_each(|it| {
        set.insert(it);
    });
    set
}

/// Collects into a map one by one; the last of several with the same key stays.
pub fn map<K: Ord, V>(items: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    items.into_iter().for_each(|(key, value)| {
        map.insert(key, value);
    });
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut state = 7_u32;
        for n in 0..200 {
            let mut items: Vec<(u32, u32)> = Vec::new();
            for number in 0..n {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                items.push((state >> 27, number));
            }
            let mut expected = items.clone();
            expected.sort_by_key(|it| it.0);
            sort_by_key(&mut items, |it| it.0);
            assert_eq!(items, expected);
            expected.reverse();
            items.reverse();
            expected.sort();
            sort(&mut items);
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn the_last_value_of_a_key_stays() {
        let pairs = [(2, "a"), (1, "b"), (2, "c")];
        assert_eq!(map(pairs), pairs.into_iter().collect());
        assert_eq!(set([3, 1, 3]), [1, 3].into_iter().collect());
        assert_eq!(distinct([3, 1, 3]), [1, 3]);
    }
}
