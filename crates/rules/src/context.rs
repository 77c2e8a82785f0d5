//! The build context: the names of the files that `COPY` can take, `.dockerignore` applied.
//!
//! Names only. The ignore file is read as BuildKit reads it: the last pattern that fits decides,
//! `!` takes a file back in, and a pattern that fits a folder fits all that is in it.

use crate::knowledge::glob;

/// The files of a build context.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Context {
    /// Their paths, relative to the context, in order, what is ignored left out.
    files: Vec<String>,
    /// Whether an ignore file leaves anything out.
    ignores: bool,
}

impl Context {
    /// The context of these files. `ignore`: the text of the ignore file that counts, if there is
    /// one: `NAME.dockerignore` beside the Dockerfile, else `.dockerignore`.
    pub fn new(files: impl IntoIterator<Item = String>, ignore: Option<&str>) -> Self {
        let patterns = ignore.map(patterns).unwrap_or_default();
        let kept = files.into_iter().map(|it| clean(&it)).filter(|it| !fits_last(&patterns, it));
        let mut files: Vec<String> = kept.collect();
        text::order::sort(&mut files);
        files.dedup();
        Self { files, ignores: patterns.iter().any(|it| !it.negated) }
    }

    /// Reads a list of files as people write it: a path on each line, and, behind a line
    /// `.dockerignore:`, the indented lines of that file.
    pub fn read(text: &str) -> Self {
        let mut files = Vec::new();
        let mut ignore: Option<String> = None;
        for line in text.lines() {
            match (line.strip_prefix("  "), &mut ignore) {
                (Some(pattern), Some(text)) => {
                    text.push_str(pattern);
                    text.push('\n');
                }
                _ if line.trim_end() == ".dockerignore:" => ignore = Some(String::new()),
                _ if line.trim().is_empty() => {}
                _ => files.push(line.trim().to_owned()),
            }
        }
        Self::new(files, ignore.as_deref())
    }

    /// Whether an ignore file leaves anything out.
    pub fn ignores(&self) -> bool {
        self.ignores
    }

    /// The files that a source of `COPY` brings, each with its path below the destination.
    /// `excludes`: the patterns of `--exclude`.
    pub(crate) fn copied<'a>(
        &'a self,
        source: &str,
        excludes: &[String],
    ) -> Vec<(&'a str, &'a str)> {
        let source = clean(source);
        let excludes: Vec<Pattern> = excludes.iter().filter_map(|it| Pattern::read(it)).collect();
        let depth = if source.is_empty() { 0 } else { source.split('/').count() };
        let one = |file: &'a String| {
            let below = if depth == 0 { file.as_str() } else { below(&source, depth, file)? };
            (!fits_last(&excludes, below)).then_some((file.as_str(), below))
        };
        self.files.iter().filter_map(one).collect()
    }
}

/// The part of a path below what a pattern fits; the name, if it fits the file itself.
fn below<'a>(pattern: &str, depth: usize, file: &'a str) -> Option<&'a str> {
    let ends = file.match_indices('/').map(|(at, _)| at).chain([file.len()]);
    let end = ends.into_iter().nth(depth - 1)?;
    let (head, rest) = file.split_at_checked(end)?;
    if !glob::path(pattern, head) {
        return None;
    }
    match rest.strip_prefix('/') {
        Some(inside) => Some(inside),
        None => head.rsplit('/').next(),
    }
}

struct Pattern {
    negated: bool,
    text: String,
}

impl Pattern {
    fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return None;
        }
        let (negated, text) = match line.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let text = clean(text);
        (!text.is_empty()).then_some(Self { negated, text })
    }

    /// Whether it fits a file, or a folder that the file lies in.
    fn fits(&self, file: &str) -> bool {
        let folders = file.match_indices('/').filter_map(|(at, _)| file.get(..at));
        glob::path(&self.text, file) || folders.into_iter().any(|it| glob::path(&self.text, it))
    }
}

fn patterns(text: &str) -> Vec<Pattern> {
    text.trim_start_matches('\u{feff}').lines().filter_map(Pattern::read).collect()
}

/// Whether the last pattern that fits leaves a file out.
fn fits_last(patterns: &[Pattern], file: &str) -> bool {
    patterns.iter().rev().find(|it| it.fits(file)).is_some_and(|it| !it.negated)
}

/// A path relative to the context, without `.` and `..`.
fn clean(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(ignore: &str, all: &[&str]) -> Vec<String> {
        Context::new(all.iter().map(|it| (*it).to_owned()), Some(ignore)).files
    }

    #[test]
    fn the_last_pattern_that_fits_decides() {
        let all = ["a.md", "b/c.md", "README.md", ".env", "x/.env", "node_modules/y/z.js"];
        assert_eq!(
            files("*.md\n!README.md", &all),
            [".env", "README.md", "b/c.md", "node_modules/y/z.js", "x/.env"]
        );
        assert_eq!(files("**/.env\nnode_modules/\n**/*.md", &all), [""; 0]);
        assert_eq!(files("*\n!b", &all), ["b/c.md"]);
        assert_eq!(files("# *\n\n/b", &["b/c", "d/b"]), ["d/b"]);
    }

    #[test]
    fn a_source_brings_what_it_names() {
        let context = Context::read("a/b/c\na/d\ne.txt\nf.txt\n");
        let copied = |source: &str| context.copied(source, &[]);
        assert_eq!(
            copied("."),
            [("a/b/c", "a/b/c"), ("a/d", "a/d"), ("e.txt", "e.txt"), ("f.txt", "f.txt")]
        );
        assert_eq!(copied("/a/"), [("a/b/c", "b/c"), ("a/d", "d")]);
        assert_eq!(copied("./e.txt"), [("e.txt", "e.txt")]);
        assert_eq!(copied("*.txt"), [("e.txt", "e.txt"), ("f.txt", "f.txt")]);
        assert_eq!(copied("a/*"), [("a/b/c", "c"), ("a/d", "d")]);
        assert_eq!(copied("b"), []);
        assert_eq!(context.copied("a", &["b".to_owned()]), [("a/d", "d")]);
    }

    #[test]
    fn lists_may_carry_an_ignore_file() {
        let context = Context::read(".dockerignore:\n  .env\n  # x\n.env\nsrc/app.js\n");
        assert_eq!(context.files, ["src/app.js"]);
        assert!(context.ignores() && !Context::read(".dockerignore:\n  # x\n.env\n").ignores());
    }
}
