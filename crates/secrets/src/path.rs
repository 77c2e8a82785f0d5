//! What the path of a file tells about what is found in it.

use std::sync::OnceLock;

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

/// The globs of fixtures and documents.
fn fixtures() -> &'static [Glob] {
    static FIXTURES: OnceLock<Vec<Glob>> = OnceLock::new();
    FIXTURES.get_or_init(|| data_lines(include_str!("../data/paths.tsv")).map(Glob::new).collect())
}

impl Hints {
    pub(crate) fn of(path: &Path<'_>) -> Self {
        let base = path.base();
        let ends = |end: &str| ends_with(base, end.as_bytes());
        let lock_file = LOCK_FILES.iter().any(|it| base.eq_ignore_ascii_case(it.as_bytes()))
            || MEDIA.iter().any(|it| ends(it))
            || ends(".min.js")
            || ends(".map");
        let fixture = fixtures().iter().any(|it| it.fits(path));
        Self { fixture, lock_file, netrc: ends("netrc") }
    }
}

/// A path in its parts. Most files of an image are small, and each is asked a hundred times what
/// it is: taking it apart once is what makes that cheap.
pub(crate) struct Path<'a> {
    parts: Vec<&'a [u8]>,
}

impl<'a> Path<'a> {
    pub(crate) fn new(path: &'a str) -> Self {
        let path = path.trim_start_matches("./").trim_start_matches('/');
        Self { parts: path.as_bytes().split(|it| matches!(it, b'/' | b'\\')).collect() }
    }

    fn base(&self) -> &'a [u8] {
        self.parts.last().copied().unwrap_or_default()
    }
}

/// A pattern for paths: parts with `*` for any text, and `**` for any parts.
#[derive(Debug)]
pub(crate) struct Glob {
    parts: Vec<&'static [u8]>,
}

impl Glob {
    pub(crate) fn new(glob: &'static str) -> Self {
        Self { parts: glob.split('/').map(str::as_bytes).collect() }
    }

    /// Whether the path fits. The last part is asked first: it spares most of the work.
    pub(crate) fn fits(&self, path: &Path<'_>) -> bool {
        let last = self.parts.last().copied().unwrap_or_default();
        (last == b"**" || match_name(last, path.base())) && matches(&self.parts, &path.parts)
    }
}

fn matches(glob: &[&[u8]], path: &[&[u8]]) -> bool {
    match (glob, path) {
        ([], []) | ([b"**"], _) => true,
        ([b"**", rest @ ..], _) => (0..path.len())
            .any(|skipped| path.get(skipped..).is_some_and(|left| matches(rest, left))),
        ([name, rest @ ..], [part, left @ ..]) => match_name(name, part) && matches(rest, left),
        ([], [_, ..]) | ([_, ..], []) => false,
    }
}

fn match_name(glob: &[u8], name: &[u8]) -> bool {
    match (glob, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) if !rest.contains(&b'*') => ends_with(name, rest),
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

/// Whether a name ends so, in any case.
fn ends_with(name: &[u8], end: &[u8]) -> bool {
    let start = name.len().checked_sub(end.len());
    start.and_then(|it| name.get(it..)).is_some_and(|it| it.eq_ignore_ascii_case(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_paths() {
        let matches = |glob, path| Glob::new(glob).fits(&Path::new(path));
        let hints = |path| Hints::of(&Path::new(path));
        assert!(matches("usr/share/doc/**", "usr/share/doc/x/y"));
        assert!(matches("**/*.md", "README.md") && matches("**/*.md", "a/b/c.md"));
        assert!(matches("**/lib/python*/test/**", "usr/lib/python3.11/test/keycert.pem"));
        assert!(!matches("**/*.md", "a/b.mdx") && !matches("usr/share/man/**", "usr/share/manual"));
        assert!(hints("/usr/share/doc/x").fixture && !hints("app/.env").fixture);
        assert!(hints("a/yarn.lock").lock_file);
    }
}
