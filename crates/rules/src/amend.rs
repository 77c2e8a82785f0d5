//! Changes to the commands of a step: more words, another command behind or before.
//!
//! A step may be one line or many, a here-document or a JSON array; what is added looks like what
//! is there.

use report::Locus;
use text::{Edit, Span};

use crate::Case;
use crate::commands::RunCommand;
use crate::facts::{Dialect, RunStep, Seen};

/// Adds words behind a word of a command.
pub(crate) fn words_behind(
    step: &RunStep,
    command: &RunCommand,
    word: Span,
    words: &[&str],
) -> Edit {
    let text =
        |it: &&str| if is_exec(step, command) { format!(", \"{it}\"") } else { format!(" {it}") };
    Edit { span: Span::at(word.end()), with: words.iter().map(text).collect() }
}

/// Puts a word in the place of another.
pub(crate) fn word(step: &RunStep, command: &RunCommand, word: Span, with: &str) -> Edit {
    let with = if is_exec(step, command) { format!("\"{with}\"") } else { with.to_owned() };
    Edit { span: word, with }
}

/// Whether the command stands in a JSON array, word by word.
fn is_exec(step: &RunStep, command: &RunCommand) -> bool {
    step.dialect == Dialect::Exec && !command.place.inner
}

/// Runs another command right before one. Nothing where that would change what else runs.
pub(crate) fn before(step: &RunStep, command: &RunCommand, first: &str) -> Option<Edit> {
    let place = command.place;
    let alone = place.length == 1 && !place.substituted && !place.condition && !place.background;
    if is_exec(step, command) || !alone || place.joint == dockerfile::shell::Joint::Or {
        return None;
    }
    let with = format!("{first} && ");
    Some(Edit { span: Span::at(command.simple.span.start()), with })
}

/// Runs another command right behind one, if that one succeeds. Nothing where that would change
/// what else runs.
pub(crate) fn behind(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    command: &RunCommand,
    next: &str,
) -> Option<Edit> {
    let place = command.place;
    if is_exec(step, command) || place.substituted || place.condition || place.background {
        return None;
    }
    let Locus::Text { source, .. } = seen.at else { return None };
    let build = case.builds.iter().find(|it| it.source == source)?;
    let text = case.text(source);
    let escape = build.dockerfile.escape;
    let end = step.pipeline(command).map(|it| it.simple.span.end()).max()?;
    let in_heredoc = command.simple.span.start() >= step.code.end();
    let last = step.commands.iter().all(|it| it.simple.span.start() < end);
    let joint = match following(text, end as usize, escape, in_heredoc && !last)? {
        Following::And | Following::End => "&&",
        Following::Then => ";",
    };
    let span = Span::at(end);
    let line_start = |at: u32| {
        let before = text.get(..at as usize).unwrap_or_default();
        before.rfind('\n').map_or(0, |it| it + 1)
    };
    let own_line = line_start(command.simple.span.start());
    let first_line = line_start(step.code.start());
    if own_line == first_line || in_heredoc || place.inner {
        let with = if joint == ";" { format!("; {next}") } else { format!(" && {next}") };
        return Some(Edit { span, with });
    }
    // On a line of its own, as the command has one.
    let line = text.get(own_line..)?;
    let indent: String = line.chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
    let end_of_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let leads = line.trim_start().starts_with("&&");
    let with = match (joint, leads) {
        (";", _) => format!("; {escape}{end_of_line}{indent}{next}"),
        (_, true) => format!(" {escape}{end_of_line}{indent}&& {next}"),
        (_, false) => format!(" && {escape}{end_of_line}{indent}{next}"),
    };
    Some(Edit { span, with })
}

/// What follows a command.
#[derive(PartialEq, Eq, Debug)]
enum Following {
    And,
    Then,
    End,
}

/// What follows a place in the text of a script; nothing where it cannot be told. `lines`: whether
/// the next line is another command.
fn following(text: &str, at: usize, escape: char, lines: bool) -> Option<Following> {
    let rest = past_breaks(text.get(at..)?, escape);
    if rest.starts_with("&&") || rest.starts_with("||") {
        return Some(Following::And);
    }
    let behind = match rest.strip_prefix(';') {
        Some(more) if !more.starts_with(';') => past_breaks(more, escape).trim_start(),
        Some(_) => return Some(Following::End),
        None => match rest.chars().next() {
            None | Some(')' | '}' | '\'' | '"') => return Some(Following::End),
            Some('\n' | '\r') if lines => rest.trim_start(),
            Some('\n' | '\r') => return Some(Following::End),
            Some(_) => return None,
        },
    };
    // A command whose result decides has to stay the last of its list.
    let word: &str = behind.split([' ', '\t', '\n', ';', '\r']).next().unwrap_or_default();
    let closes = matches!(word, "" | "fi" | "done" | "else" | "elif" | "esac" | "}" | ")");
    Some(if closes { Following::End } else { Following::Then })
}

/// What is left behind blanks, continued line ends, and the comment and blank lines behind those.
fn past_breaks(text: &str, escape: char) -> &str {
    let mut rest = text.trim_start_matches([' ', '\t']);
    while let Some(after) = rest.strip_prefix(escape) {
        let line = after.trim_start_matches([' ', '\t', '\r']);
        let Some(mut next) = line.strip_prefix('\n') else { return rest };
        loop {
            let trimmed = next.trim_start_matches([' ', '\t', '\r']);
            if !trimmed.starts_with(['#', '\n']) {
                rest = trimmed;
                break;
            }
            match trimmed.split_once('\n') {
                Some((_, behind)) => next = behind,
                None => return "",
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_decides_how_a_command_is_added() {
        for (text, expected) in [
            ("", Some(Following::End)),
            ("\nUSER app", Some(Following::End)),
            ("\n# a comment\nUSER app", Some(Following::End)),
            (" && b", Some(Following::And)),
            (" || b", Some(Following::And)),
            (" \\\n  # why\n\n  && b", Some(Following::And)),
            ("; b", Some(Following::Then)),
            ("; \\\n b", Some(Following::Then)),
            ("; fi", Some(Following::End)),
            (")", Some(Following::End)),
            ("' b", Some(Following::End)),
            (" | b", None),
            (" & b", None),
        ] {
            assert_eq!(following(text, 0, '\\', false), expected, "{text:?}");
        }
        assert_eq!(following("\nb", 0, '\\', true), Some(Following::Then));
        assert_eq!(following("\nfi", 0, '\\', true), Some(Following::End));
    }
}
