//! Paths as commands write them: patterns, braces, and what lies below what.

use crate::knowledge::glob::like;

/// Whether a path, which may be a pattern, is another one or a folder that it lies in.
pub(crate) fn covers(pattern: &str, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let trimmed = pattern.trim_end_matches('/');
    let folder = match trimmed.rsplit_once('/') {
        // What stands in a folder is what the folder is about.
        Some((folder, last)) if last.contains('*') && !folder.is_empty() => {
            if folder == path || (last == "*" && is_below(folder, path)) {
                return true;
            }
            trimmed
        }
        _ => trimmed,
    };
    if !folder.contains(['*', '?', '[']) {
        return folder == path || is_below(folder, path);
    }
    let depth = folder.matches('/').count();
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    let ancestor = ends.filter_map(|at| path.get(..at));
    ancestor.filter(|it| it.matches('/').count() == depth).any(|it| like(folder, it))
}

/// Whether a path lies below a folder.
pub(crate) fn is_below(folder: &str, path: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|it| it.starts_with('/') && it.len() > 1)
}

/// The paths that `a{b,c}d` stands for. Braces in braces, and more than a few dozen paths, are left
/// as they are.
pub(super) fn braces(path: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(it) = open.pop() {
        let parts = it.split_once('{').and_then(|(before, rest)| {
            let (inside, after) = rest.split_once('}')?;
            (inside.contains(',') && !inside.contains('{')).then_some((before, inside, after))
        });
        match parts {
            Some((before, inside, after)) if done.len() + open.len() < 64 => {
                open.extend(inside.rsplit(',').map(|it| format!("{before}{it}{after}")));
            }
            _ => done.push(it),
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_name() {
        for (pattern, path) in [
            ("/var/lib/apt/lists/*", "/var/lib/apt/lists"),
            ("/var/lib/apt/lists", "/var/lib/apt/lists"),
            ("/var/lib/apt/", "/var/lib/apt/lists"),
            ("/var/cache/*", "/var/cache/apk"),
            ("/var/lib/apt/lists/*_dists", "/var/lib/apt/lists"),
            ("/tmp/*", "/tmp/a/b"),
            ("/tmp/*.tgz", "/tmp/a.tgz"),
            ("/var/lib/apt/lists*", "/var/lib/apt/lists"),
            ("a*", "a.tgz"),
        ] {
            assert!(covers(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/var/lib/apt/lists/x", "/var/lib/apt/lists"),
            ("/var/lib/ap", "/var/lib/apt"),
            ("/tmp/*.zip", "/tmp/a.tgz"),
            ("/var/*/x", "/var/a"),
        ] {
            assert!(!covers(pattern, path), "{pattern} {path}");
        }
    }
}
