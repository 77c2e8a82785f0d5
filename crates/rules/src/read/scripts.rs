//! Reads scripts as a shell gets them: whole, with their here-documents.

use dockerfile::{Form, Heredoc, Instruction, Run, State, Value, Word};
use text::Cooked;

use super::step::{by_name, dialect, is_whole, of_sh, of_shell};
use crate::facts::{Dialect, Script};
use crate::knowledge::base_image::BaseImage;

/// The script of a step.
pub(super) fn of_run(
    it: &Instruction,
    run: &Run,
    state: &State,
    base: Option<BaseImage>,
) -> Option<Script> {
    let text = match (&run.form, it.heredocs.first()) {
        (Form::Exec(words), _) => return of_words(words, state, base),
        (Form::Shell(_), Some(heredoc)) if is_whole(it) => without_first_line(&heredoc.content),
        (Form::Shell(text), _) => with_heredocs(text, &it.heredocs),
    };
    script(text, dialect(state, base, it), state)
}

/// The script of an entry point, a command or a health check.
pub(super) fn of_start(form: &Form, state: &State, base: Option<BaseImage>) -> Option<Script> {
    match form {
        Form::Shell(text) => script(text.clone(), of_shell(state, base), state),
        Form::Exec(words) => of_words(words, state, base),
    }
}

/// The script in an array that starts a shell with one: `["/tini", "--", "bash", "-euc", "…"]`.
fn of_words(words: &[Word], state: &State, base: Option<BaseImage>) -> Option<Script> {
    let dialect_of = |it: &Word| match by_name(it.as_str()) {
        Dialect::Posix => of_sh(base),
        it => it,
    };
    let (at, dialect) = words.iter().map(dialect_of).enumerate().find(|(_, it)| is_posix(*it))?;
    let mut rest = words.iter().skip(at + 1);
    // Before the script stand nothing but options, some with a word of their own: `-o pipefail`.
    let takes_script = |it: &Word| {
        let letters = it.as_str().strip_prefix('-').filter(|it| !it.starts_with('-'));
        letters.is_some_and(|it| it.ends_with('c'))
    };
    rest.find(|it| takes_script(it))?;
    script(rest.next()?.text.clone(), dialect, state)
}

fn script(text: Cooked, dialect: Dialect, state: &State) -> Option<Script> {
    let is_script = is_posix(dialect) && !text.as_str().trim().is_empty();
    is_script.then(|| Script { text, dialect, doubt: None, prologue: prologue(state) })
}

/// Whether the language is one of those that follow POSIX.
fn is_posix(it: Dialect) -> bool {
    matches!(it, Dialect::Posix | Dialect::Ash | Dialect::Dash | Dialect::Bash)
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
