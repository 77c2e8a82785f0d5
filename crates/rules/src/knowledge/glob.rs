//! Matching names and paths against the tables' patterns.
//!
//! The patterns are ours, the names are not: a path may be long, deep and chosen to hurt. Both
//! levels remember only the last star passed, which is enough because a later star can take over
//! whatever an earlier one could have skipped. So the work is bounded by the product of the two
//! lengths, without recursion.

/// Whether `text` has the shape of `pattern`, in which `*` stands for any characters (slashes
/// too), `?` for one, and `[0-9]` for one in the range.
pub(crate) fn like(pattern: &str, text: &str) -> bool {
    // Most patterns are a mere ending, and most names have another.
    if let Some(ending) = pattern.strip_prefix('*')
        && !ending.contains(['*', '?', '['])
    {
        return text.ends_with(ending);
    }
    let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
    let mut star: Option<(&[u8], &[u8])> = None;
    loop {
        if let [b'*', rest @ ..] = pattern {
            star = Some((rest, text));
            pattern = rest;
            continue;
        }
        match (step(pattern, text), pattern.is_empty() && text.is_empty()) {
            (_, true) => return true,
            (Some((after, rest)), _) => (pattern, text) = (after, rest),
            (None, _) => {
                // Let the last star take one byte more.
                let Some((after, [_, rest @ ..])) = star else { return false };
                star = Some((after, rest));
                (pattern, text) = (after, rest);
            }
        }
    }
}

/// What is left of pattern and text when the pattern's first element fits the text's first byte.
fn step<'p, 't>(pattern: &'p [u8], text: &'t [u8]) -> Option<(&'p [u8], &'t [u8])> {
    let (first, rest) = text.split_first()?;
    let (fits, after) = match pattern {
        [b'?', after @ ..] => (true, after),
        [b'[', low, b'-', high, b']', after @ ..] => ((low..=high).contains(&first), after),
        [it, after @ ..] => (it == first, after),
        [] => (false, pattern),
    };
    fits.then_some((after, rest))
}

/// Whether a relative path has the shape of `pattern`, component by component: `**` stands for any
/// number of directories, even none.
pub(crate) fn path(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (Some(pattern), (!path.is_empty()).then_some(path));
    let mut star: Option<(Option<&str>, Option<&str>)> = None;
    loop {
        if let Some(("**", after)) = pattern.map(cut) {
            star = Some((after, path));
            pattern = after;
            continue;
        }
        match (pattern.map(cut), path.map(cut)) {
            (None, None) => return true,
            (Some((shape, after)), Some((name, rest))) if like(shape, name) => {
                (pattern, path) = (after, rest);
            }
            _ => {
                let Some((after, Some(from))) = star else { return false };
                let (_, rest) = cut(from);
                star = Some((after, rest));
                (pattern, path) = (after, rest);
            }
        }
    }
}

fn cut(path: &str) -> (&str, Option<&str>) {
    path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "a/b"),
            ("a*", "a"),
            ("a*c", "abcbc"),
            ("*a*b*", "xaxbx"),
            ("**", "x"),
            ("?b", "ab"),
            ("core.[0-9]*", "core.12"),
            ("docker-compose*.y*ml", "docker-compose.prod.yaml"),
            ("*.pem", "*.pem"),
            ("[x", "[x"),
        ] {
            assert!(like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("a", ""),
            ("?", ""),
            ("a*c", "acb"),
            ("*ab", "abx"),
            ("core.[0-9]*", "core.js"),
            ("[0-9]", ""),
        ] {
            assert!(!like(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn paths() {
        for (pattern, text) in [
            ("**", ""),
            ("**", "a/b"),
            ("**/x", "x"),
            ("**/x", "a/b/x"),
            ("a/**", "a"),
            ("a/**", "a/b/c"),
            ("a/**/b", "a/b"),
            ("a/**/b", "a/x/y/b"),
            ("**/a/**/b", "a/a/x/b/b"),
            ("**/lib/python*/test/**", "usr/lib/python3.11/test/keys/x.pem"),
            ("etc/*/x", "etc/a/x"),
        ] {
            assert!(path(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("a", ""),
            ("", "a"),
            ("**/x", "a/xx"),
            ("a/*", "a"),
            ("a/*", "a/b/c"),
            ("a/**/b", "a/x"),
            ("**/a/**/b", "b/a"),
            ("etc/*/x", "etc/a/b/x"),
            ("x/**", "a/x"),
        ] {
            assert!(!path(pattern, text), "{pattern} {text}");
        }
    }

    /// Each of these takes longer than the age of the universe when every star is retried.
    #[test]
    fn hostile_paths_are_bounded() {
        let name = "a".repeat(20_000);
        assert!(!like("*a*a*a*a*a*a*a*a*b", &name));
        let deep = "a/".repeat(20_000);
        assert!(!path("**/a/**/a/**/a/**/a/**/b", &deep));
        assert!(path("**/a/**/a/**/", &deep));
    }
}
