//! Unified patches, as `git diff` and `diff -u` write them, applied to texts.
//!
//! A hunk is applied where its lines stand, which may be further up or down than it says; never where one of
//! them is another. Whoever compares with a patch wants to know what it makes of this text, not of one
//! that is almost the same.

use crate::quote;

/// So many lines away from where a piece says it is it is looked for, so that a patch of very many
/// pieces comes to an end.
const FAR: usize = 2_000;

/// Whether a text is a patch: some line says which file was, the next which is, the next where.
pub fn is_patch(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    lines.windows(3).any(|it| {
        matches!(it, [old, new, hunk]
            if old.starts_with("--- ") && new.starts_with("+++ ") && hunk.starts_with("@@ -"))
    })
}

/// Texts, each under its name, as they are after a patch. An error in words if the patch cannot be
/// read, is about none of them, or does not fit.
pub fn patched(patch: &str, texts: &[(&str, &str)]) -> Result<Vec<String>, String> {
    let files = files(patch)?;
    let mut out: Vec<String> = texts.iter().map(|it| it.1.to_owned()).collect();
    let mut met = false;
    for file in &files {
        let named = texts.iter().position(|(name, _)| is_same(file.path, name));
        let Some(text) = named.and_then(|it| out.get_mut(it)) else { continue };
        *text = apply(text, &file.hunks)?;
        met = true;
    }
    if met {
        return Ok(out);
    }
    // A text that was pasted has no name of its own. With one file there is nothing to confuse; of several
    // the one is meant that fits, if it is the only one.
    if let ([(_, text)], files) = (texts, &files[..]) {
        let mut fitting = files.iter().map(|it| apply(text, &it.hunks)).collect::<Vec<_>>();
        if fitting.len() > 1 {
            fitting.retain(Result::is_ok);
        }
        if fitting.len() == 1 {
            return fitting.into_iter().collect();
        }
    }
    let paths: Vec<String> = files.iter().map(|it| quote(it.path)).collect();
    Err(format!("the patch is about {}, which is not here", paths.join(", ")))
}

/// Whether the path of a patch is what a text is called: by its last part, since folders depend on
/// where one stands.
fn is_same(path: &str, name: &str) -> bool {
    let last = |it: &'_ str| it.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    last(path) == last(name)
}

/// What a patch says of one file.
struct File<'a> {
    path: &'a str,
    hunks: Vec<Hunk<'a>>,
}

/// Lines that go, and those that come in their place.
#[derive(Default)]
struct Hunk<'a> {
    /// Its line in the patch, from 1.
    line: usize,
    /// The first line it is about, from 0.
    at: usize,
    old: Vec<&'a str>,
    new: Vec<&'a str>,
    /// Whether the new text ends here without a line end.
    open_end: bool,
}

fn files(patch: &str) -> Result<Vec<File<'_>>, String> {
    let mut files: Vec<File<'_>> = Vec::new();
    let mut lines = patch.lines().enumerate().peekable();
    let mut before = "";
    while let Some((number, line)) = lines.next() {
        if let Some(path) = line.strip_prefix("--- ") {
            before = path;
        } else if let Some(path) = line.strip_prefix("+++ ") {
            // A file that is taken away has its name only on the old side.
            let path = if path.starts_with("/dev/null") { before } else { path };
            files.push(File { path: path.split('\t').next().unwrap_or(path), hunks: Vec::new() });
        } else if line.starts_with("@@ -") {
            let (at, n_old, n_new) = numbers(line)
                .ok_or_else(|| format!("line {} of the patch is no place", number + 1))?;
            let Some(file) = files.last_mut() else {
                return Err(format!("line {} of the patch is about no file", number + 1));
            };
            let mut hunk = Hunk { line: number + 1, at, ..Hunk::default() };
            while hunk.old.len() < n_old || hunk.new.len() < n_new {
                let Some((_, line)) = lines.next() else {
                    return Err(format!("the patch ends within the piece of line {}", hunk.line));
                };
                match line.split_at_checked(1) {
                    Some(("-", it)) => hunk.old.push(it),
                    Some(("+", it)) => hunk.new.push(it),
                    Some((" ", it)) => {
                        hunk.old.push(it);
                        hunk.new.push(it);
                    }
                    // Some programs take the blank from lines that have nothing else.
                    None => {
                        hunk.old.push("");
                        hunk.new.push("");
                    }
                    Some(("\\", _)) => {}
                    Some(_) => return Err(format!("the piece of line {} is cut off", hunk.line)),
                }
            }
            // It says so behind the line; after the last one it is about the new text.
            hunk.open_end = lines.next_if(|it| it.1.starts_with('\\')).is_some();
            file.hunks.push(hunk);
        }
    }
    if files.iter().all(|it| it.hunks.is_empty()) {
        return Err("the patch changes no line".to_owned());
    }
    Ok(files)
}

/// `@@ -12,3 +14,4 @@`: the first old line from 0, how many old lines, how many new ones.
fn numbers(line: &str) -> Option<(usize, usize, usize)> {
    let mut words = line.split(' ').skip(1);
    let (old, new) = (words.next()?.strip_prefix('-')?, words.next()?.strip_prefix('+')?);
    let pair = |it: &str| {
        let (at, n) = it.split_once(',').unwrap_or((it, "1"));
        Some((at.parse::<usize>().ok()?, n.parse::<usize>().ok()?))
    };
    let ((at, n_old), (_, n_new)) = (pair(old)?, pair(new)?);
    // A piece without old lines names the line before it.
    Some((if n_old == 0 { at } else { at.saturating_sub(1) }, n_old, n_new))
}

fn apply(text: &str, hunks: &[Hunk<'_>]) -> Result<String, String> {
    let old: Vec<&str> = text.lines().collect();
    let mut lines: Vec<&str> = Vec::new();
    let mut done = 0;
    let mut open_end = !text.ends_with('\n') && !text.is_empty();
    let mut moved = 0_isize;
    for hunk in hunks {
        let wanted = hunk.at.saturating_add_signed(moved);
        let fits = |at: &usize| old.get(*at..*at + hunk.old.len()) == Some(&hunk.old[..]);
        let near = done.max(wanted.saturating_sub(FAR))..=old.len().min(wanted.saturating_add(FAR));
        let nearest = near.filter(fits).min_by_key(|it| it.abs_diff(wanted));
        let Some(at) = nearest else {
            return Err(format!(
                "the piece of line {} of the patch does not fit: its lines are not in the text",
                hunk.line
            ));
        };
        moved = at as isize - hunk.at as isize;
        lines.extend(old.get(done..at).unwrap_or_default());
        lines.extend(&hunk.new);
        done = at + hunk.old.len();
        if done == old.len() && !hunk.new.is_empty() {
            open_end = hunk.open_end;
        }
    }
    lines.extend(old.get(done..).unwrap_or_default());
    let mut out = lines.join("\n");
    if !open_end && !lines.is_empty() {
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{is_patch, patched};

    const OLD: &str = "FROM debian:13\nRUN a\nRUN b\nUSER root\n";
    const PATCH: &str = "\
diff --git a/Dockerfile b/Dockerfile
index 1..2 100644
--- a/Dockerfile
+++ b/Dockerfile
@@ -1,4 +1,5 @@
 FROM debian:13
-RUN a
+RUN a --now
+RUN c
 RUN b
 USER root
";

    fn one(patch: &str, text: &str) -> Result<String, String> {
        patched(patch, &[("Dockerfile", text)]).map(|mut it| it.remove(0))
    }

    #[test]
    fn a_patch_is_known_by_its_head() {
        assert!(is_patch(PATCH));
        assert!(!is_patch(OLD) && !is_patch("--- a\n+++ b\n") && !is_patch(""));
    }

    #[test]
    fn lines_go_and_come() {
        assert_eq!(
            one(PATCH, OLD).unwrap(),
            "FROM debian:13\nRUN a --now\nRUN c\nRUN b\nUSER root\n"
        );
        // The place may have moved; the lines must be the same.
        let moved = format!("# one\n# two\n{OLD}");
        assert!(
            one(PATCH, &moved).unwrap().starts_with("# one\n# two\nFROM debian:13\nRUN a --now")
        );
        let error = one(PATCH, "FROM debian:12\nRUN a\n").unwrap_err();
        assert_eq!(
            error,
            "the piece of line 5 of the patch does not fit: its lines are not in the text"
        );
    }

    #[test]
    fn the_end_of_a_text_is_as_the_patch_says() {
        let patch = "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n\\ No newline at end of file\n";
        assert_eq!(one(patch, "x\n").unwrap(), "y");
        let patch = "--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n";
        assert_eq!(one(patch, "x").unwrap(), "y\n");
        let patch = "--- a\n+++ b\n@@ -0,0 +1 @@\n+y\n";
        assert_eq!(one(patch, "x").unwrap(), "y\nx");
    }

    #[test]
    fn a_patch_of_several_files_is_applied_to_those_that_are_here() {
        let both = format!("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n{PATCH}");
        let texts = [("images/Dockerfile", OLD), ("other", "1\n")];
        let after = patched(&both, &texts).unwrap();
        assert!(after[0].contains("RUN c"));
        assert_eq!(after[1], "1\n");
        // A name that the patch does not have is no matter if one file alone fits.
        assert!(one(&both.replace("Dockerfile", "web.df"), OLD).unwrap().contains("RUN c"));
        let error = patched(&both, &[("Containerfile", "2\n")]).unwrap_err();
        assert_eq!(error, "the patch is about `b/x`, `b/Dockerfile`, which is not here");
    }

    #[test]
    fn what_is_no_patch_is_said_so() {
        for (patch, error) in [
            ("", "the patch changes no line"),
            ("@@ -1 +1 @@\n-a\n+b\n", "line 1 of the patch is about no file"),
            ("--- a\n+++ b\n@@ -x +1 @@\n", "line 3 of the patch is no place"),
            ("--- a\n+++ b\n@@ -1,2 +1 @@\n-a\n", "the patch ends within the piece of line 3"),
            ("--- a\n+++ b\n@@ -1,2 +1 @@\nwhat\n", "the piece of line 3 is cut off"),
        ] {
            assert_eq!(one(patch, "a\n").unwrap_err(), error, "{patch}");
        }
    }
}
