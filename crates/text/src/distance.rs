//! Nearest known word, for "did you mean".

/// The candidate nearest to `word`, if one is near enough to be what was meant: at most two
/// changes, and fewer than half the word. Comparison ignores ASCII case; the first of several
/// equally near ones wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    // A hostile "word" may be megabytes long; nothing that long is a typing error.
    if word.len() > 64 {
        return None;
    }
    let length = word.chars().count();
    let allowed = 2.min(length.saturating_sub(1) / 2);
    // Every character too many or too few is a change.
    let fits = |it: &&str| it.chars().count().abs_diff(length) <= allowed;
    let scored = candidates
        .into_iter()
        .filter(fits)
        .map(|it| (distance(&word, &it.to_ascii_lowercase()), it));
    let near = scored.filter(|(far, _)| *far <= allowed);
    near.min_by_key(|(far, _)| *far).map(|(_, it)| it)
}

/// Number of insertions, deletions, replacements and swaps of neighbors that turn one word into
/// the other (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (row, ca) in a.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, cb) in b.iter().enumerate() {
            let get = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX / 2);
            let replace = get(&last, column) + usize::from(ca != cb);
            let mut best = replace.min(get(&last, column + 1) + 1).min(get(&next, column) + 1);
            let swapped = row > 0
                && column > 0
                && a.get(row - 1) == Some(cb)
                && b.get(column - 1) == Some(ca);
            if swapped {
                best = best.min(get(&before, column - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors_are_near_and_other_words_are_not() {
        let known = ["FROM", "RUN", "COPY", "EXPOSE", "ENTRYPOINT"];
        assert_eq!(nearest("FORM", known), Some("FROM"));
        assert_eq!(nearest("COPPY", known), Some("COPY"));
        assert_eq!(nearest("entrypiont", known), Some("ENTRYPOINT"));
        assert_eq!(nearest("INSTALL", known), None);
        assert_eq!(nearest("R", known), None);
        assert_eq!(nearest(&"R".repeat(100_000), known), None);
    }
}
