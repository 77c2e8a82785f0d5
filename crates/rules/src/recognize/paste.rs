//! What people paste around a document: Markdown fences, the command that printed it, the prompt
//! behind it.

use std::ops::Range;

/// A stretch of a text that holds a document, or several.
pub(super) type Segment = Range<usize>;

/// The stretches of a text that are documents. A text without fences and commands is one.
pub(super) fn segments(text: &str) -> Vec<Segment> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let all = start..text.len();
    let fenced = fenced(text, all.clone());
    let parts = if fenced.is_empty() { vec![all] } else { fenced };
    let parts = parts.into_iter().flat_map(|it| without_commands(text, it));
    parts.filter(|it| text.get(it.clone()).is_some_and(|it| !it.trim().is_empty())).collect()
}

/// The insides of Markdown fences. A first line that is a fence, or prose with fences in it.
fn fenced(text: &str, range: Range<usize>) -> Vec<Segment> {
    // Most documents have none, and a search is faster than reading lines.
    if !["```", "~~~"].iter().any(|it| text.contains(it)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut is_first = true;
    for (line, at) in lines(text, range.clone()) {
        let trimmed = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|it| trimmed.starts_with(it));
        match (open, mark) {
            (Some((fence, start)), Some(mark)) if mark == fence && is_bare(trimmed, mark) => {
                found.push(start..at);
                open = None;
            }
            (None, Some(mark)) if is_opening(trimmed, mark) => {
                open = Some((mark, at + line.len()));
            }
            // A file that starts with something else than prose has no fences around it.
            (None, None) if is_first && trimmed.starts_with(['{', '[', '#']) => return Vec::new(),
            _ => {}
        }
        is_first &= trimmed.is_empty();
    }
    // A fence that was not copied to its end.
    found.extend(open.map(|(_, start)| start..range.end));
    found
}

/// Three marks or more and nothing else.
fn is_bare(line: &str, mark: &str) -> bool {
    let one = mark.get(..1).unwrap_or_default();
    line.chars().all(|it| one.contains(it))
}

/// Marks and a word that names a language.
fn is_opening(line: &str, mark: &str) -> bool {
    let one = mark.get(..1).unwrap_or_default();
    let rest = line.trim_start_matches(|it: char| one.contains(it)).trim();
    !rest.contains('`') && rest.split_whitespace().count() <= 2
}

/// Cuts a stretch at the lines that are commands which print documents, and at a prompt at its end.
fn without_commands(text: &str, range: Range<usize>) -> Vec<Segment> {
    let mut found = Vec::new();
    let mut start = range.start;
    for (whole, at) in lines(text, range.clone()) {
        let line = whole.trim();
        let prints = || {
            let mut behind = lines(text, at + whole.len()..range.end).map(|it| it.0.trim());
            // Behind a bare `#` stands a comment, unless what follows cannot be a Dockerfile.
            let is_comment = line.starts_with('#');
            // Files are printed by `cat`; a line of a Dockerfile can end like other commands' names.
            let may_be_file = !is_comment && without_prompt(line).0;
            behind
                .find(|it| !it.is_empty())
                .is_some_and(|it| is_output(it) || (may_be_file && is_file(it)))
        };
        if is_prompt(line) || is_command(line) && prints() {
            found.push(start..at);
            start = at + whole.len();
        }
    }
    found.push(start..range.end);
    found
}

/// Whether a line is a command that prints what we read, with or without a prompt before it.
fn is_command(line: &str) -> bool {
    let (has_prompt, command) = without_prompt(line);
    let mut words = command.split_whitespace().filter(|it| *it != "sudo");
    let Some(program) = words.next().filter(|it| !it.contains(['=', '"'])) else { return false };
    let name = program.rsplit('/').next().unwrap_or(program);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    match name {
        "docker" | "podman" | "nerdctl" | "buildah" => words.any(|it| {
            matches!(it, "history" | "inspect" | "manifest" | "imagetools" | "images" | "save")
        }),
        "crane" | "skopeo" | "regctl" | "oras" | "trivy" | "grype" => true,
        "cat" | "bat" | "type" | "less" | "jq" | "curl" | "kubectl" => has_prompt,
        _ => false,
    }
}

/// Takes a prompt off a line: `$ `, `# `, `user@host:~$ `, `PS C:\>`.
pub(crate) fn without_prompt(line: &str) -> (bool, &str) {
    if let Some(rest) = line.strip_prefix("PS ")
        && let Some((_, command)) = rest.split_once('>')
    {
        return (true, command.trim_start());
    }
    // A unit of systemd; signs before the program say how it is started.
    if let Some(command) = line.strip_prefix("ExecStart=") {
        return (true, command.trim_start_matches(['-', '@', '+', '!', ':']));
    }
    // Bytes, since every line of every document passes here. Only the arrow is more than one.
    let near = line.as_bytes().iter().take(80).enumerate();
    let mut signs = near.filter(|(at, it)| match it {
        b'$' | b'#' | b'%' | b'>' => true,
        0xe2 => line.get(*at..).is_some_and(|it| it.starts_with('\u{276f}')),
        _ => false,
    });
    let Some((prompt, rest)) = signs.next().and_then(|it| line.split_at_checked(it.0)) else {
        return (false, line);
    };
    let mark = rest.chars().next().map_or(0, char::len_utf8);
    let command = rest.get(mark..).unwrap_or_default();
    let is_prompt = command.starts_with(' ')
        && (prompt.is_empty()
            || prompt.contains(['@', ':', '~'])
            || (prompt.starts_with(['[', '(']) && prompt.ends_with(' ')));
    if is_prompt { (true, command.trim_start()) } else { (false, line) }
}

/// Whether a line is a prompt and nothing behind it.
fn is_prompt(line: &str) -> bool {
    let Some(before) = line.strip_suffix(['$', '#', '%', '\u{276f}']) else {
        return line.starts_with("PS ") && line.ends_with('>');
    };
    let before = before.trim();
    before.is_empty() && line != "#" || (before.contains('@') && !before.contains(' '))
}

/// Whether a line is how printed documents start.
fn is_output(line: &str) -> bool {
    let is_id = |it: &str| it.len() >= 12 && it.bytes().all(|it| it.is_ascii_hexdigit());
    line.starts_with(['{', '[', '`', '~', '<'])
        || is_id(line.strip_prefix("sha256:").unwrap_or(line))
        || image::history::is_table(line)
}

/// Whether a line is how a file starts that somebody printed.
fn is_file(line: &str) -> bool {
    line.split_whitespace().next().is_some_and(|it| it == "FROM")
        || line.starts_with("apiVersion:")
        || line.starts_with("services:")
        || line.starts_with("# syntax=")
}

/// Lines with their ends, and where they start.
fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = (&str, usize)> {
    let mut at = range.start;
    text.get(range).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (line, start)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let got: Vec<&str> = segments(text).into_iter().map(|it| text[it].trim()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn fences_are_taken_off() {
        check("```json\n[1]\n```\n", &["[1]"]);
        check("Here it is:\n\n~~~\n{}\n~~~\nand:\n```dockerfile\nFROM a\n```", &["{}", "FROM a"]);
        check("```\n[1]", &["[1]"]);
        check("FROM a\nRUN echo '```'\n", &["FROM a\nRUN echo '```'"]);
    }

    #[test]
    fn commands_and_prompts_are_taken_off() {
        let table = "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago x 0B";
        check(&format!("$ docker history --no-trunc a\n{table}\nme@host:~$ \n"), &[table]);
        check(&format!("docker history a\n{table}\n"), &[table]);
        check(
            "me@host:~$ sudo docker inspect a\n[{}]\n$ docker inspect b\n[{}]\n$",
            &["[{}]", "[{}]"],
        );
        check("PS C:\\Users\\me> docker inspect a\n[]\nPS C:\\Users\\me>", &["[]"]);
        check("[root@host ~]# docker inspect a\n[]", &["[]"]);
        check("\u{feff}[]", &["[]"]);
    }

    #[test]
    fn documents_stay_whole() {
        for text in [
            "# docker history shows it\nFROM a\n#\nRUN b",
            "FROM a\n# $\nRUN docker inspect x\nCMD y",
            "FROM a\nLABEL a=b \\\n  title=\"regclient/regctl, a tool\"\n\nFROM scratch",
            "FROM a\nRUN x; \\\n  regctl version\n\nFROM scratch",
            "docker run -d a",
            "$ docker run -d a",
        ] {
            check(text, &[text]);
        }
    }
}
