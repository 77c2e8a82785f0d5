//! Writes a command of the shell form as a JSON array, where that means the same.

use dockerfile::shell::{Part, ShellWord};
use text::Span;

use crate::commands::RunCommand;
use crate::facts::StartCommand;

/// The one command of a shell form, when nothing else is in it: no second command, no pipe.
pub(crate) fn single(start: &StartCommand) -> Option<&RunCommand> {
    let [command] = &start.commands[..] else { return None };
    let alone = command.place.length == 1 && command.place.depth == 0 && !command.place.background;
    (start.shell && alone).then_some(command)
}

/// Where the text of a shell form stands, from the first command to the last.
pub(crate) fn text_span(start: &StartCommand) -> Option<Span> {
    let spans = start.commands.iter().filter(|it| !it.place.inner && !it.place.substituted);
    let spans: Vec<Span> = spans.map(|it| it.simple.span).collect();
    let first = spans.iter().min_by_key(|it| it.start())?;
    let last = spans.iter().max_by_key(|it| it.end())?;
    Some(first.to(*last))
}

/// The array for a command that asks nothing of a shell. None where it does: variables, patterns,
/// redirections, variables set for it, commands of the shell itself.
pub(crate) fn json(command: &RunCommand) -> Option<String> {
    let simple = &command.simple;
    if !simple.assignments.is_empty() || !simple.redirects.is_empty() || simple.words.is_empty() {
        return None;
    }
    let first = simple.words.first()?.text();
    if OF_THE_SHELL.contains(&&*first) {
        return None;
    }
    let words: Option<Vec<String>> = simple.words.iter().map(plain).collect();
    let words: Vec<String> = words?.iter().map(|it| quoted(it)).collect();
    Some(format!("[{}]", words.join(", ")))
}

/// Commands that a shell has in itself and no program stands for.
const OF_THE_SHELL: [&str; 18] = [
    ".", ":", "alias", "cd", "command", "eval", "exec", "exit", "export", "read", "set", "shift",
    "source", "trap", "ulimit", "umask", "unset", "wait",
];

/// The text of a word that a shell would not change.
fn plain(word: &ShellWord) -> Option<String> {
    let asks = |it: &Part| match it {
        Part::Literal { text, quoted } => {
            !quoted && text.as_str().contains(['*', '?', '[', '~', '{', '}', '\\'])
        }
        Part::Variable { .. }
        | Part::Commands { .. }
        | Part::Process { .. }
        | Part::Arithmetic { .. } => true,
    };
    (!word.parts.iter().any(asks)).then(|| word.text().into_owned())
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::commands::parsed;

    #[test]
    fn what_asks_nothing_of_a_shell_becomes_an_array() {
        for (text, expected) in [
            ("/srv/run --port 80", Some(r#"["/srv/run", "--port", "80"]"#)),
            ("echo \"a b\" 'c\"d'", Some(r#"["echo", "a b", "c\"d"]"#)),
            ("run", Some(r#"["run"]"#)),
            ("run $PORT", None),
            ("run *.conf", None),
            ("A=1 run", None),
            ("run > /log", None),
            ("exec run", None),
            ("cd /srv", None),
            ("run ~/x", None),
        ] {
            let list = parsed(text);
            assert_eq!(json(&list[0]).as_deref(), expected, "{text}");
        }
    }
}
