//! Where a case throws the switches of a table: in commands, variables and files.
//!
//! Several rules ask this, each with its own table and its own words for it.

use report::{Fix, Input, Locus, Safety};
use text::Edit;

use crate::commands::{
    Off, Programs, RunCommand, Thrown, knows_variable, lines, setting, thrown, throws_line,
    throws_variable,
};
use crate::facts::{Origin, RunStep};
use crate::{Case, fix};

/// A switch that is thrown.
#[derive(Debug)]
pub(crate) struct Switched<'a> {
    /// Where.
    pub(crate) at: Locus,
    /// From which input it is known.
    pub(crate) via: Input,
    /// How.
    pub(crate) how: How<'a>,
}

/// How a switch is thrown.
#[derive(Debug)]
pub(crate) enum How<'a> {
    /// By a command; with its step, unless the container runs it.
    Command(&'a RunCommand, Option<&'a RunStep>, Thrown<'a>),
    /// By a variable: its name and value.
    Variable(String, String),
    /// By a line of a file: the line and the file, as far as it is known.
    Line(String, Option<String>),
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    /// The switches that are thrown.
    pub(crate) switched: Vec<Switched<'a>>,
    /// Variables of the table whose values are not known, each with its place.
    pub(crate) open: Vec<(String, Locus)>,
    /// Something that was looked at, if there was anything.
    pub(crate) looked_at: Option<Locus>,
}

/// The switches of a table that a case throws.
pub(crate) fn switched<'a>(case: &'a Case, table: &[Off]) -> Found<'a> {
    let mut out = Found::default();
    let programs = Programs::of(table);
    for step in case.facts.steps() {
        out.looked_at.get_or_insert_with(|| step.at.clone());
        for command in &step.run.commands {
            for it in programs.thrown(command) {
                let at = step.at(it.span());
                let how = How::Command(command, Some(step.run), it);
                out.switched.push(Switched { at, via: Input::Dockerfile, how });
            }
            for it in command.assigned() {
                if throws_variable(table, &it.name, it.value.as_str()) {
                    let how = How::Variable(it.name, it.value.as_str().to_owned());
                    out.switched.push(Switched {
                        at: step.at(it.span),
                        via: Input::Dockerfile,
                        how,
                    });
                }
            }
        }
    }
    for start in case.facts.starts() {
        for command in &start.command.commands {
            for it in thrown(table, command) {
                let at = Locus::Text { source: start.source, span: it.span() };
                out.switched.push(Switched {
                    at,
                    via: start.via,
                    how: How::Command(command, None, it),
                });
            }
        }
    }
    variables(case, table, &mut out);
    for (source, written) in case.written() {
        if !table.iter().any(|it| names_line(it, written.text.as_str())) {
            continue;
        }
        for line in lines(&written.text) {
            let Some(it) = setting(&line) else { continue };
            if throws_line(table, written.path.as_deref(), &it) {
                let at = Locus::Text { source, span: it.span };
                let how = How::Line(format!("{}={}", it.name, it.value), written.path.clone());
                out.switched.push(Switched { at, via: Input::Dockerfile, how });
            }
        }
    }
    out
}

/// Whether a text holds the name of a row's line, in whatever case.
fn names_line(row: &Off, text: &str) -> bool {
    let Off::Line(name, ..) = row else { return false };
    // What stands before a star is enough to go on looking.
    let start = name.split('*').next().unwrap_or(name).as_bytes();
    start.is_empty()
        || text.as_bytes().windows(start.len()).any(|it| it.eq_ignore_ascii_case(start))
}

/// `ENV`, `ARG` and the environment of a configuration.
fn variables(case: &Case, table: &[Off], out: &mut Found<'_>) {
    for seen in &case.facts.env {
        let Ok(it) = &seen.value else { continue };
        out.looked_at.get_or_insert_with(|| seen.at.clone());
        if !knows_variable(table, &it.name) {
            continue;
        }
        let value = it.value.as_deref();
        // A bare `ARG` sets nothing; what a switch of any value is set to does not matter.
        if value.is_none() && it.origin == Origin::Arg {
            continue;
        }
        if throws_variable(table, &it.name, value.unwrap_or_default()) {
            let how = How::Variable(it.name.clone(), value.unwrap_or_default().to_owned());
            out.switched.push(Switched { at: seen.at.clone(), via: seen.via, how });
        } else if value.is_none() {
            out.open.push((it.name.clone(), seen.at.clone()));
        }
    }
}

/// A change that does not throw the switch: an option is taken away, a value turned around.
pub(crate) fn undo(case: &Case, it: &Switched<'_>) -> Option<Fix> {
    match &it.how {
        How::Command(_, Some(_), thrown) if thrown.name.starts_with('-') => {
            without_option(case, it, thrown)
        }
        How::Command(_, Some(_), thrown) => turned(case, &it.at, thrown.value.as_deref()?),
        How::Command(_, None, _) => None,
        How::Variable(_, value) if it.via == Input::Dockerfile => turned(case, &it.at, value),
        How::Variable(..) => None,
        How::Line(line, _) => turned(case, &it.at, line.split_once('=')?.1),
    }
}

fn without_option(case: &Case, it: &Switched<'_>, thrown: &Thrown<'_>) -> Option<Fix> {
    let title = "Take the option away";
    let [word] = thrown.words[..] else {
        return fix::delete_words(case, title, &it.at, Safety::Review);
    };
    let text = word.cooked();
    let letter = thrown.name.strip_prefix('-').filter(|it| it.len() == 1);
    match letter.and_then(|it| text.as_str().find(it)) {
        // One letter of several.
        Some(at) if text.as_str().len() > 2 => {
            let span = text.span(at..at + 1);
            let edit = |_| vec![Edit { span, with: String::new() }];
            fix::edits(title, &it.at, edit, Safety::Review)
        }
        _ => fix::delete_words(case, title, &it.at, Safety::Review),
    }
}

/// Turns the last yes or no of a place around.
fn turned(case: &Case, at: &Locus, value: &str) -> Option<Fix> {
    const PAIRS: [(&str, &str); 4] = [("0", "1"), ("false", "true"), ("no", "yes"), ("off", "on")];
    let value = value.trim_matches(['"', '\'']).to_ascii_lowercase();
    let with = PAIRS.iter().find_map(|(no, yes)| match &*value {
        it if it == *no => Some(*yes),
        it if it == *yes => Some(*no),
        _ => None,
    })?;
    let text = case.under(at).to_ascii_lowercase();
    let start = text.rfind(&value)?;
    let title = format!("Set it to {}", report::quote(with));
    fix::edits(
        title,
        at,
        |span| {
            let from = span.range().start + start;
            vec![Edit { span: text::Span::of(from..from + value.len()), with: with.to_owned() }]
        },
        Safety::Review,
    )
}
