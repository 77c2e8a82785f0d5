//! What the path of a file tells about what is found in it.

use crate::table::data_lines;

/// Hints from a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Hints {
    /// Fixtures and documents: one step milder.
    pub(crate) fixture: bool,
    /// Full of hashes: no guesses.
    pub(crate) lock_file: bool,
    /// A `.netrc`.
    pub(crate) netrc: bool,
}

const LOCK_FILES: [&str; 12] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "pipfile.lock",
    "cargo.lock",
    "go.sum",
    "composer.lock",
    "gemfile.lock",
    "uv.lock",
    "flake.lock",
];

/// Endings of files that hold no text.
const MEDIA: [&str; 14] = [
    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".woff", ".woff2", ".ttf", ".eot", ".otf",
    ".mp3", ".mp4", ".webm",
];

impl Hints {
    pub(crate) fn of(path: &str) -> Self {
        let path = path.trim_start_matches("./").trim_start_matches('/').replace('\\', "/");
        let base = base_name(&path).to_ascii_lowercase();
        let fixture = data_lines(include_str!("../data/paths.tsv"))
            .any(|it| base_matches(it, &path) && matches(it, &path));
        let lock_file = LOCK_FILES.contains(&base.as_str())
            || MEDIA.iter().any(|it| base.ends_with(it))
            || base.ends_with(".min.js")
            || base.ends_with(".map");
        Self { fixture, lock_file, netrc: base.ends_with("netrc") }
    }
}

/// The last part of a path.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a path fits a glob of `**`, `*` and plain text.
pub(crate) fn matches(glob: &str, path: &str) -> bool {
    let (first, rest) = match glob.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (glob, None),
    };
    let (part, left) = match path.split_once('/') {
        Some((part, left)) => (part, Some(left)),
        None => (path, None),
    };
    match (first, rest) {
        ("**", None) => true,
        ("**", Some(rest)) => matches(rest, path) || left.is_some_and(|it| matches(glob, it)),
        (name, None) => left.is_none() && match_name(name.as_bytes(), part.as_bytes()),
        (name, Some(rest)) => {
            match_name(name.as_bytes(), part.as_bytes()) && left.is_some_and(|it| matches(rest, it))
        }
    }
}

/// Whether the last part of a glob fits the last part of a path: asked first, it spares most of
/// the work.
pub(crate) fn base_matches(glob: &str, path: &str) -> bool {
    let name = base_name(glob);
    name == "**" || match_name(name.as_bytes(), base_name(path).as_bytes())
}

fn match_name(glob: &[u8], name: &[u8]) -> bool {
    match (glob, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            match_name(rest, name)
                || name.split_first().is_some_and(|(_, left)| match_name(glob, left))
        }
        ([first, rest @ ..], [byte, left @ ..]) => {
            first.eq_ignore_ascii_case(byte) && match_name(rest, left)
        }
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_paths() {
        assert!(matches("usr/share/doc/**", "usr/share/doc/x/y"));
        assert!(matches("**/*.md", "README.md") && matches("**/*.md", "a/b/c.md"));
        assert!(matches("**/lib/python*/test/**", "usr/lib/python3.11/test/keycert.pem"));
        assert!(!matches("**/*.md", "a/b.mdx") && !matches("usr/share/man/**", "usr/share/manual"));
        assert!(Hints::of("/usr/share/doc/x").fixture && !Hints::of("app/.env").fixture);
        assert!(Hints::of("a/yarn.lock").lock_file);
    }
}
