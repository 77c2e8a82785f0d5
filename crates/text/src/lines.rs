//! Which lines of a text are others than in an earlier version of it.

use std::collections::BTreeMap;

/// So many pairs of lines are compared at most. With more, whatever lies between the equal beginning and
/// the equal end counts as changed: 4 million pairs are two rewritten pieces of 2,000 lines each.
const MOST: usize = 4_000_000;

/// For each line of two versions, whether it has no counterpart in the other one: the lines that a diff shows
/// as gone, and those that it shows as added.
pub fn changed_lines(old: &str, new: &str) -> (Vec<bool>, Vec<bool>) {
    let mut known = BTreeMap::new();
    let [old, new] = [old, new].map(|text| {
        let number = |line| {
            let next = known.len();
            *known.entry(line).or_insert(next)
        };
        text.lines().map(number).collect::<Vec<usize>>()
    });
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count().min(room);
    let middle = |all: &[usize]| all.get(head..all.len() - tail).unwrap_or_default().to_vec();
    let (gone, came) = between(&middle(&old), &middle(&new));
    let whole = |middle: Vec<bool>| {
        let same = |n| std::iter::repeat_n(false, n);
        same(head).chain(middle).chain(same(tail)).collect()
    };
    (whole(gone), whole(came))
}

/// The same of two pieces, by their longest common subsequence.
fn between(old: &[usize], new: &[usize]) -> (Vec<bool>, Vec<bool>) {
    let (mut gone, mut came) = (vec![true; old.len()], vec![true; new.len()]);
    if old.len().saturating_mul(new.len()) > MOST {
        return (gone, came);
    }
    // How many lines two endings have in common; the last row and column are empty endings.
    let mut rows = vec![vec![0_u16; new.len() + 1]];
    for it in old.iter().rev() {
        let below = rows.last().cloned().unwrap_or_default();
        let mut row = vec![0_u16];
        // From the right: the cell right below, the cell below, the cell to the right.
        for ((diagonal, down), other) in
            below.iter().rev().zip(below.iter().rev().skip(1)).zip(new.iter().rev())
        {
            let right = row.last().copied().unwrap_or_default();
            row.push(if it == other { diagonal.saturating_add(1) } else { right.max(*down) });
        }
        row.reverse();
        rows.push(row);
    }
    rows.reverse();
    let cell = |x: usize, y: usize| rows.get(x).and_then(|it| it.get(y)).copied().unwrap_or(0);
    let (mut x, mut y) = (0, 0);
    while let (Some(one), Some(other)) = (old.get(x), new.get(y)) {
        if one == other {
            gone.iter_mut().skip(x).take(1).for_each(|it| *it = false);
            came.iter_mut().skip(y).take(1).for_each(|it| *it = false);
            (x, y) = (x + 1, y + 1);
        } else if cell(x + 1, y) >= cell(x, y + 1) {
            x += 1;
        } else {
            y += 1;
        }
    }
    (gone, came)
}

#[cfg(test)]
mod tests {
    use super::{MOST, changed_lines};

    /// The numbers of the changed lines, from 1.
    fn numbers(old: &str, new: &str) -> (Vec<usize>, Vec<usize>) {
        let (gone, came) = changed_lines(old, new);
        assert_eq!((gone.len(), came.len()), (old.lines().count(), new.lines().count()));
        let numbered = |it: Vec<bool>| {
            it.iter().enumerate().filter(|(_, it)| **it).map(|(at, _)| at + 1).collect()
        };
        (numbered(gone), numbered(came))
    }

    #[test]
    fn lines_that_moved_with_others_are_not_changed() {
        assert_eq!(numbers("a\nb\nc\n", "a\nb\nc\n"), (vec![], vec![]));
        assert_eq!(numbers("a\nb\nc\n", "x\na\nb\nd\nc\ny\n"), (vec![], vec![1, 4, 6]));
        assert_eq!(numbers("a\nb\nc\nd\n", "a\nd\n"), (vec![2, 3], vec![]));
        assert_eq!(numbers("a\nb\nc\n", "a\nB\nc\n"), (vec![2], vec![2]));
        assert_eq!(numbers("", "a\n"), (vec![], vec![1]));
        assert_eq!(numbers("a\na\n", "a\na\na\n"), (vec![], vec![3]));
    }

    #[test]
    fn the_end_of_a_line_does_not_count() {
        assert_eq!(numbers("a\nb", "a\r\nb\r\n"), (vec![], vec![]));
    }

    #[test]
    fn too_much_to_compare_counts_as_changed() {
        let many =
            |word: &str| (0..=MOST.isqrt()).map(|it| format!("{word}{it}\n")).collect::<String>();
        let (old, new) = (format!("a\n{}z\n", many("b")), format!("a\n{}z\n", many("c")));
        let (gone, came) = changed_lines(&old, &new);
        let inner = gone.len() - 2;
        assert_eq!(gone.iter().filter(|it| **it).count(), inner);
        assert_eq!((gone.first(), came.last()), (Some(&false), Some(&false)));
    }
}
