//! Where something handed in belongs: into the editor, or beside it. This looks at the form only;
//! what a text is, is for the engine to say.

/// Larger texts stay files: the worker reads them, the editor does not show them.
const EDITABLE: u64 = 1 << 20;

/// Where an input belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Belongs {
    /// Into the editor.
    Editor,
    /// Beside it.
    Beside,
}

/// Sorts a file by its name, its length and its first bytes.
pub(crate) fn file(name: &str, length: u64, head: &[u8]) -> Belongs {
    let lower = name.to_ascii_lowercase();
    let by_name = lower.ends_with(".json") || lower.ends_with(".tar") || lower.ends_with(".gz");
    let binary = head.contains(&0) || is_compressed(head);
    if by_name || binary || !is_editable(length) { Belongs::Beside } else { text(head) }
}

/// Whether a file has one of the names of a project's settings.
pub(crate) fn is_settings_file(name: &str) -> bool {
    ["plimsoll.toml", ".plimsoll.toml"].contains(&name)
}

/// Whether a pasted text is a project's settings: its first line that says something is one of theirs.
pub(crate) fn is_settings(text: &str) -> bool {
    const KEYS: [&str; 8] = [
        "target",
        "trusted",
        "fail-on",
        "fail-on-unknown",
        "foreign-ignores",
        "shellcheck",
        "arguments",
        "rules",
    ];
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|it| !it.is_empty() && !it.starts_with('#')).unwrap_or_default();
    let name = match first.strip_prefix('[') {
        Some(table) => table.split([']', '.']).next(),
        None => first.split_once('=').and_then(|it| it.0.split('.').next()),
    };
    name.is_some_and(|it| KEYS.contains(&it.trim()))
}

/// Whether what lies beside the editor can be looked at in it.
pub(crate) fn is_text(length: u64, head: &[u8]) -> bool {
    let marked = head.starts_with(b"\xef\xbb\xbf");
    is_editable(length) && !head.contains(&0) && !is_compressed(head) && !marked
}

/// Whether a text field keeps a text such that it can be handed on as it came.
pub(crate) fn is_kept(text: &str) -> bool {
    !text.contains('\r') || has_carriage_returns(text)
}

/// Whether a text field can hold a text of this length.
pub(crate) fn is_editable(length: u64) -> bool {
    length <= EDITABLE
}

/// Sorts a pasted text.
pub(crate) fn text(head: &[u8]) -> Belongs {
    if !is_editable(head.len() as u64) {
        return Belongs::Beside;
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    match head.trim_ascii_start().first() {
        Some(b'{' | b'[') => Belongs::Beside,
        Some(_) if is_table(head) => Belongs::Beside,
        Some(_) | None => Belongs::Editor,
    }
}

/// The heading of a history as engines print it.
fn is_table(head: &[u8]) -> bool {
    let line = head.split(|it| *it == b'\n').next().unwrap_or_default();
    let names = [&b"IMAGE"[..], b"CREATED BY", b"SIZE"];
    names.iter().all(|name| line.windows(name.len()).any(|it| it == *name))
}

/// Gzip, zstd, xz, bzip2.
fn is_compressed(head: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"BZh"];
    starts.iter().any(|it| head.starts_with(it))
}

/// A text as a text field keeps it: with bare line feeds.
pub(crate) fn without_carriage_returns(text: &str) -> String {
    let mut before = ' ';
    let mut kept = String::with_capacity(text.len());
    for it in text.chars() {
        match (before, it) {
            ('\r', '\n') => {}
            (_, '\r') => kept.push('\n'),
            _ => kept.push(it),
        }
        before = it;
    }
    kept
}

/// Whether every line of a text ends in `\r\n`.
pub(crate) fn has_carriage_returns(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pairs = bytes.windows(2).filter(|it| it == b"\r\n").count();
    let count = |wanted: u8| bytes.iter().filter(|it| **it == wanted).count();
    pairs > 0 && count(b'\n') == pairs && count(b'\r') == pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_go_into_the_editor_and_the_rest_beside_it() {
        assert_eq!(file("Dockerfile", 7, b"FROM a\n"), Belongs::Editor);
        assert_eq!(file("Containerfile.dev", 0, b""), Belongs::Editor);
        assert_eq!(file("x", 9, b"\xef\xbb\xbf [{\"Id\":1"), Belongs::Beside);
        assert_eq!(file("inspect.JSON", 7, b"FROM a\n"), Belongs::Beside);
        assert_eq!(file("Dockerfile", 7, b"FROM\0a\n"), Belongs::Beside);
        assert_eq!(file("image", 7, b"\x1f\x8b\x08abc"), Belongs::Beside);
        assert_eq!(file("Dockerfile", 5 << 20, b"FROM a\n"), Belongs::Beside);
        assert_eq!(text(b"IMAGE   CREATED   CREATED BY   SIZE   COMMENT\n"), Belongs::Beside);
        assert_eq!(text(b"# syntax=x\nFROM a"), Belongs::Editor);
        assert!(is_text(2, b"[]") && !is_text(5, b"\xef\xbb\xbf[]") && !is_text(3, b"[\0]"));
        assert!(is_kept("a\r\nb\r\n") && is_kept("a\nb") && !is_kept("a\r\nb\n"));
        assert_eq!(text(&b"RUN a\n".repeat(1 << 18)), Belongs::Beside);
    }

    #[test]
    fn settings_are_told_from_dockerfiles() {
        for it in [
            "target = \"a\"",
            "# why\n\n[rules]\nx = \"on\"",
            "fail-on=\"low\"",
            "rules.x.on = \"y\"",
            "shellcheck = true",
            "foreign-ignores = false",
        ] {
            assert!(is_settings(it), "{it}");
        }
        for it in ["", "FROM a\n", "ARG target=1\nFROM a", "[{\"Id\": 1}]", "[other]", "target"] {
            assert!(!is_settings(it), "{it}");
        }
        assert!(is_settings_file(".plimsoll.toml") && !is_settings_file("x-plimsoll.toml"));
    }

    #[test]
    fn line_ends_become_alike() {
        assert_eq!(without_carriage_returns("a\r\nb\rc\n\r\r\n"), "a\nb\nc\n\n\n");
    }

    #[test]
    fn line_ends_are_kept_only_if_they_are_all_alike() {
        assert!(has_carriage_returns("a\r\nb\r\n"));
        assert!(!has_carriage_returns("a\r\nb\n"));
        assert!(!has_carriage_returns("a\n"));
        assert!(!has_carriage_returns("a\rb\r\n"));
    }
}
