//! Reads scripts as a shell gets them: whole, with their here-documents.

use dockerfile::{Form, Heredoc, Instruction, Run, State, Value};
use text::Cooked;

use super::step::{dialect, is_whole, of_shell};
use crate::facts::{Dialect, Script};
use crate::knowledge::base_image::BaseImage;

/// The script of a step.
pub(super) fn of_run(
    it: &Instruction,
    run: &Run,
    state: &State,
    base: Option<BaseImage>,
) -> Option<Script> {
    let Form::Shell(text) = &run.form else { return None };
    let text = match it.heredocs.first() {
        Some(heredoc) if is_whole(it) => without_first_line(&heredoc.content),
        _ => with_heredocs(text, &it.heredocs),
    };
    script(text, dialect(state, base, it), state)
}

/// The script of an entry point, a command or a health check.
pub(super) fn of_start(form: &Form, state: &State, base: Option<BaseImage>) -> Option<Script> {
    let Form::Shell(text) = form else { return None };
    script(text.clone(), of_shell(state, base), state)
}

fn script(text: Cooked, dialect: Dialect, state: &State) -> Option<Script> {
    let is_posix = matches!(dialect, Dialect::Posix | Dialect::Ash | Dialect::Dash | Dialect::Bash);
    let is_script = is_posix && !text.as_str().trim().is_empty();
    is_script.then(|| Script { text, dialect, doubt: None, prologue: prologue(state) })
}

/// A first line that names a program has done its work: it says the language.
fn without_first_line(body: &Cooked) -> Cooked {
    let text = body.as_str();
    match text.find('\n') {
        Some(end) if text.starts_with("#!") => body.slice(end + 1..text.len()),
        _ => body.clone(),
    }
}

/// The text with its here-documents behind it, the way the shell reads them.
fn with_heredocs(text: &Cooked, heredocs: &[Heredoc]) -> Cooked {
    let mut whole = text.clone();
    for it in heredocs {
        // The line end before it; the shell wants one, whatever stands there.
        whole.push("\n", it.body.start().saturating_sub(1));
        whole.append(&it.content);
        if let Some(end) = it.terminator {
            whole.push(&it.name, end.start());
        }
    }
    whole
}

/// Assigns the variables of the build, so that nobody takes them for forgotten ones. One whose value
/// is known and is one word may be used without quotes; of the others nothing is known.
fn prologue(state: &State) -> String {
    let mut line = String::new();
    for name in state.scope.names().filter(|it| is_name(it)) {
        let is_word = |it: &str| {
            !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || "_-+./:@%,=".contains(it))
        };
        let value = match state.scope.get(name) {
            Value::Known(value) if is_word(value) => "x",
            Value::Known(_) | Value::Unknown(_) => "\"$1\"",
        };
        line.push_str(if line.is_empty() { "export " } else { " " });
        line.push_str(&format!("{name}={value}"));
    }
    if !line.is_empty() {
        line.push('\n');
    }
    line
}

/// Whether a shell takes it for the name of a variable.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|it| it.is_ascii_alphabetic() || it == '_')
        && chars.all(|it| it.is_ascii_alphanumeric() || it == '_')
}
