//! Scripts and styles without what only people read: indents, and lines that are nothing but a comment.
//! On the site they are a tenth of what is loaded before the input works. In the single file they stand as
//! they are, and every byte of them counts.

use anyhow::{Result, bail};

/// A script or a style without its indents and comments. An error if a text in it goes on over the end of a
/// line, where an indent is not nothing.
pub(super) fn tight(code: &str) -> Result<String> {
    let mut out = String::with_capacity(code.len());
    let mut is_comment = false;
    for line in code.lines() {
        let line = line.trim();
        if is_comment || line.starts_with("/*") {
            is_comment = !line.ends_with("*/");
            if line.trim_end_matches("*/").contains("*/") {
                bail!("something stands behind a comment: {line}");
            }
            continue;
        }
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        if line.matches('`').count() % 2 == 1 || line.ends_with('\\') {
            bail!("a text goes on behind its line: {line}");
        }
        out.push_str(line);
        out.push('\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::tight;

    #[test]
    fn indents_and_comments_are_left_out_and_nothing_else() {
        let code = "// What it is.\n/* More.\n * Of it. */\nconst a = {\n    b: \"// no comment\", // why\n\n};\n  /** One. */\n";
        assert_eq!(tight(code).unwrap(), "const a = {\nb: \"// no comment\", // why\n};\n");
        assert_eq!(
            tight("@media print {\n  a { b: c; }\n}").unwrap(),
            "@media print {\na { b: c; }\n}\n"
        );
    }

    #[test]
    fn texts_over_several_lines_are_refused() {
        for code in ["a = `\n  b`;", "a = 'b\\\n  c';", "/* a */ b */ c\n"] {
            assert!(tight(code).is_err(), "{code}");
        }
    }
}
