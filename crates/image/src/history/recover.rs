//! Writes a history as the text of a Dockerfile.
//!
//! The text starts with `FROM scratch`: a whole history is everything from nothing. What belongs to
//! the base image is a stage of its own. Every other line is an entry, in order, as close to what
//! its author wrote as the record allows; entries that no Dockerfile said are comments.

use text::{Cooked, Span};

use super::go::{self, List};
use super::{Entry, History, Maker, Step, What, Writer, pairs};
use crate::Config;

/// What is known of the image beside its history.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Its configuration: it tells where values end that were recorded without quotes.
    pub config: Option<&'a Config>,
    /// How many entries belong to the base image.
    pub base: usize,
}

/// A history as the text of a Dockerfile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recovered {
    /// The text.
    pub text: String,
    /// The line of each entry, in order. Most are one line; here-documents take several.
    pub lines: Vec<Line>,
    /// Which parts of the text stand in what was handed in, ascending.
    pub pieces: Vec<super::Piece>,
}

/// The line of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// Where it is in the recovered text, without its end.
    pub span: Span,
    /// Where the entry is in what was handed in.
    pub entry: Span,
}

impl Recovered {
    /// The entry whose line holds a place of the recovered text.
    pub fn entry(&self, span: Span) -> Option<usize> {
        let after = self.lines.partition_point(|it| it.span.start() <= span.start());
        let index = after.checked_sub(1)?;
        self.lines.get(index).filter(|it| span.start() <= it.span.end()).map(|_| index)
    }

    /// Where a place of the recovered text stands in what was handed in: the characters
    /// themselves, or the entry that says it in another way. Nothing for what no entry says.
    pub fn origin(&self, span: Span) -> Option<Span> {
        let first = self.pieces.partition_point(|it| it.here + it.length <= span.start());
        let last = self.pieces.partition_point(|it| it.here < span.end().max(span.start() + 1));
        let inside = self.pieces.get(first..last).unwrap_or_default();
        let line = self.entry(span).and_then(|it| self.lines.get(it));
        let (Some(start), Some(end)) = (inside.first(), inside.last()) else {
            return line.map(|it| it.entry);
        };
        let from = start.there + span.start().saturating_sub(start.here);
        let to = end.there + (span.end().saturating_sub(end.here)).min(end.length);
        Some(Span::new(from, to))
    }
}

/// Writes a history as the text of a Dockerfile. `steps`: what its entries say.
pub fn recover(history: &History, steps: &[Step], known: Known<'_>) -> Recovered {
    let is_windows = steps.iter().any(|it| match &it.what {
        What::Shell(shell, _) => {
            let shell = shell.as_str().to_ascii_lowercase();
            ["cmd", "powershell", "pwsh"].iter().any(|it| shell.contains(it))
        }
        _ => it.maker == Maker::Microsoft,
    });
    let mut recovery = Recovery {
        out: Writer::default(),
        escape: if is_windows { '`' } else { '\\' },
        shell: vec!["/bin/sh".to_owned(), "-c".to_owned()],
        config: known.config,
    };
    if is_windows {
        recovery.out.insert("# escape=`\n");
        recovery.shell = vec!["cmd".to_owned(), "/S".to_owned(), "/C".to_owned()];
    }
    let has_base = known.base > 0;
    recovery.out.insert(if has_base { "FROM scratch AS base\n" } else { "FROM scratch\n" });
    let mut lines = Vec::with_capacity(steps.len());
    for (index, (entry, step)) in history.entries.iter().zip(steps).enumerate() {
        if has_base && index == known.base {
            recovery.out.insert("FROM base\n");
        }
        recovery.before(step);
        let start = recovery.out.at();
        recovery.step(step, entry);
        let end = recovery.out.at();
        recovery.out.insert("\n");
        lines.push(Line { span: Span::of(start..end), entry: entry.span });
    }
    Recovered { text: recovery.out.text, lines, pieces: recovery.out.pieces }
}

struct Recovery<'a> {
    out: Writer,
    escape: char,
    /// The words of the shell that holds.
    shell: Vec<String>,
    config: Option<&'a Config>,
}

impl Recovery<'_> {
    /// A command that another shell ran than the one that holds: the instruction that set it has
    /// no entry.
    fn before(&mut self, step: &Step) {
        let What::Shell(shell, _) = &step.what else { return };
        let words = shell_words(shell);
        if words == self.shell || words.is_empty() {
            return;
        }
        self.out.insert("SHELL ");
        self.out.insert_array(&words);
        self.out.insert("\n");
        self.shell = words;
    }

    fn step(&mut self, step: &Step, entry: &Entry) {
        match &step.what {
            What::Instruction(keyword, rest) => {
                self.out.insert(keyword);
                self.out.insert(" ");
                self.instruction(step.maker, keyword, rest);
            }
            What::Shell(_, text) | What::Exec(text)
                if entry.is_cut && whole_words(text, entry).as_str().trim().is_empty() =>
            {
                self.out.insert("# RUN with a command that is cut off");
            }
            What::Shell(_, text) => {
                self.out.insert("RUN ");
                self.script(&whole_words(text, entry));
            }
            What::Exec(words) => {
                self.out.insert("RUN ");
                let list = split(&whole_words(words, entry));
                self.out.copy_array(list.iter());
            }
            What::Lost => self.out.insert("# RUN with a script that the history does not hold"),
            What::Line(text) if text.as_str().contains('\n') && ends_heredoc(text.as_str()) => {
                self.out.copy(text);
            }
            What::Line(text) => self.out.copy_line(text, self.escape),
            What::Foreign => {
                self.out.insert("# ");
                match entry.created_by.as_str().trim().is_empty() {
                    true if entry.comment.is_empty() => self.out.insert("(nothing was recorded)"),
                    true => self.out.insert(&entry.comment.replace(['\n', '\r'], " ")),
                    false => self.out.copy_line(&entry.created_by, self.escape),
                }
            }
        }
    }

    /// The command of a `RUN`. Line ends can only stand in a here-document.
    fn script(&mut self, text: &Cooked) {
        let script = text.as_str();
        let opens = script.replace("<<<", "").contains("<<");
        if opens && ends_heredoc(script) {
            return self.out.copy(text);
        }
        let is_plain = !opens
            && !script.contains(['\n', '\r'])
            && !script.ends_with(self.escape)
            && !script.starts_with('[')
            && !script.starts_with("--");
        if is_plain {
            return self.out.copy(text);
        }
        let names = (0..).map(|it| if it == 0 { "EOF".to_owned() } else { format!("EOF{it}") });
        let is_free = |name: &String| script.lines().all(|it| it.trim() != name.as_str());
        let name = names.into_iter().find(is_free).unwrap_or_default();
        self.out.insert(&format!("<<{name}\n"));
        self.out.copy(text);
        self.out.insert(if script.ends_with('\n') { "" } else { "\n" });
        self.out.insert(&name);
    }

    fn instruction(&mut self, maker: Maker, keyword: &str, rest: &Cooked) {
        match keyword {
            // buildah keeps what its author wrote.
            "ENV" | "LABEL" | "ARG" if maker == Maker::Buildah => {
                self.out.copy_line(rest, self.escape);
            }
            "ENV" | "LABEL" | "ARG" => self.pairs(keyword, rest),
            "CMD" | "ENTRYPOINT" => self.start(rest),
            "SHELL" => match go::list(rest) {
                Some(list) => self.set_shell(&list),
                None => self.out.copy_line(rest, self.escape),
            },
            "EXPOSE" | "VOLUME" => match go::list(rest) {
                Some(list) if keyword == "VOLUME" => self.out.copy_array(list.words.iter()),
                Some(list) => {
                    for (index, word) in list.words.iter().enumerate() {
                        self.out.insert(if index > 0 { " " } else { "" });
                        self.out.copy_line(word, self.escape);
                    }
                }
                None => self.out.copy_line(rest, self.escape),
            },
            "USER" => match go::list(rest).map(|it| it.words) {
                Some(words) => words.iter().for_each(|it| self.out.copy_line(it, self.escape)),
                None => self.out.copy_line(rest, self.escape),
            },
            "COPY" | "ADD" => self.copy(rest),
            "HEALTHCHECK" => self.healthcheck(rest),
            _ => self.out.copy_line(rest, self.escape),
        }
    }

    fn pairs(&mut self, keyword: &str, rest: &Cooked) {
        let config = self.config;
        let known = |name: &str| {
            let config = config?;
            match keyword {
                "ENV" => {
                    let it = config.env.iter().rfind(|it| it.name.as_str() == name)?;
                    Some(it.value.as_str().to_owned())
                }
                "LABEL" => {
                    let (_, it) = config.labels.iter().rfind(|(it, _)| it.text.as_str() == name)?;
                    Some(it.text.as_str().to_owned())
                }
                _ => None,
            }
        };
        for (index, (name, value)) in pairs::pairs(rest, known).into_iter().enumerate() {
            self.out.insert(if index > 0 { " " } else { "" });
            self.out.copy_line(&name, self.escape);
            if let Some(value) = value {
                self.out.insert("=");
                self.out.copy_quoted(&value, self.escape);
            }
        }
    }

    /// A command or entry point: words, or a text for the shell that holds.
    fn start(&mut self, rest: &Cooked) {
        let Some(list) = go::list(rest) else {
            return self.out.copy_line(rest, self.escape);
        };
        let shell = list.words.get(..self.shell.len()).unwrap_or_default();
        let is_shell = !shell.is_empty()
            && shell.iter().map(Cooked::as_str).eq(self.shell.iter().map(String::as_str));
        let behind = list.words.get(self.shell.len()..).unwrap_or_default();
        match (is_shell, behind) {
            (true, [text]) if is_line(text.as_str(), self.escape) => {
                self.out.copy_line(text, self.escape);
            }
            // Without quotes, all that follows the shell's words is its text.
            (true, [first, .., last]) if !list.is_quoted => {
                let (start, end) = (first.whole().start(), last.whole().end());
                let all = rest.as_str();
                let from = (0..all.len()).find(|it| rest.span(*it..it + 1).start() == start);
                let to = (0..all.len()).rfind(|it| rest.span(*it..it + 1).end() == end);
                let range = from.unwrap_or_default()..to.map_or(all.len(), |it| it + 1);
                self.out.copy_line(&rest.slice(range), self.escape);
            }
            _ => self.out.copy_array(list.words.iter()),
        }
    }

    fn set_shell(&mut self, list: &List) {
        let words = match list.is_quoted {
            true => list.words.iter().map(|it| it.as_str().to_owned()).collect(),
            false => {
                let texts: Vec<&str> = list.words.iter().map(Cooked::as_str).collect();
                shell_words(&Cooked::plain(&texts.join(" "), 0))
            }
        };
        match words.len() == list.words.len() {
            true => self.out.copy_array(list.words.iter()),
            // PowerShell's settings are one word, whatever blanks they hold.
            false => self.out.insert_array(&words),
        }
        self.shell = words;
    }

    /// `COPY` and `ADD`. The classic builder records a checksum instead of names:
    /// `--chown=app file:… in /srv`.
    fn copy(&mut self, rest: &Cooked) {
        let all = rest.as_str();
        let hash = ["file:", "dir:", "multi:"].iter().find_map(|it| all.find(it));
        let split = hash.and_then(|it| all.get(it..)?.find(" in ").map(|at| it + at));
        match split {
            Some(at) => {
                self.out.copy_line(&rest.slice(0..at), self.escape);
                self.out.insert(" ");
                let destination = rest.slice(at + 4..all.len());
                self.out.copy_line(&destination, self.escape);
            }
            None => self.out.copy_line(rest, self.escape),
        }
    }

    fn healthcheck(&mut self, rest: &Cooked) {
        let Some(check) = go::healthcheck(rest) else {
            return self.out.copy_line(rest, self.escape);
        };
        let Some((kind, words)) = check.test.words.split_first() else {
            return self.out.insert("NONE");
        };
        if kind.as_str() == "NONE" {
            return self.out.insert("NONE");
        }
        for (flag, value) in &check.options {
            self.out.insert(&format!("--{flag}={value} "));
        }
        self.out.insert("CMD ");
        match (kind.as_str(), words) {
            ("CMD-SHELL", words) => {
                for (index, word) in words.iter().enumerate() {
                    self.out.insert(if index > 0 { " " } else { "" });
                    self.out.copy_line(word, self.escape);
                }
            }
            (_, words) => self.out.copy_array(words.iter()),
        }
    }
}

/// Whether a text can stand on a line of its own.
fn is_line(text: &str, escape: char) -> bool {
    !text.is_empty()
        && !text.contains(['\n', '\r'])
        && !text.ends_with(escape)
        && !text.starts_with('[')
        && text.trim() == text
}

/// A command without the part of a word that it ends with where it is cut off: half a word would
/// be taken for another one.
fn whole_words(text: &Cooked, entry: &Entry) -> Cooked {
    match text.as_str().trim_end().rfind(char::is_whitespace).filter(|_| entry.is_cut) {
        Some(end) => text.slice(0..text.as_str().get(..end).map_or(0, |it| it.trim_end().len())),
        None => text.clone(),
    }
}

/// Whether a text opens a here-document on its first line and ends where that ends.
fn ends_heredoc(text: &str) -> bool {
    let text = text.trim_end();
    let Some((first, rest)) = text.split_once('\n') else { return false };
    let Some((before, marker)) = first.rsplit_once("<<") else { return false };
    if before.contains("<<") {
        return false;
    }
    let marker = marker.trim_start_matches('-');
    let name: String = marker
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|it| it.is_alphanumeric() || *it == '_')
        .collect();
    let last = rest.lines().next_back().unwrap_or_default();
    let ends = |it: &str| it.trim_start_matches('\t') == name;
    // An end before the last line would leave lines that are no instructions.
    !name.is_empty() && ends(last) && rest.lines().filter(|it| ends(it)).count() == 1
}

/// The words of a shell as recorded with blanks between them.
fn shell_words(shell: &Cooked) -> Vec<String> {
    let all = shell.as_str().trim();
    let lower = all.to_ascii_lowercase();
    let option = " -command ";
    match lower.find(option).filter(|_| lower.contains("powershell") || lower.contains("pwsh")) {
        Some(at) => {
            let (words, text) = all.split_at(at + option.len());
            words.split_whitespace().map(str::to_owned).chain([text.to_owned()]).collect()
        }
        None => all.split_whitespace().map(str::to_owned).collect(),
    }
}

fn split(words: &Cooked) -> Vec<Cooked> {
    let mut out = Vec::new();
    let mut at = 0;
    for word in words.as_str().split([' ', '\n']) {
        if !word.is_empty() {
            out.push(words.slice(at..at + word.len()));
        }
        at += word.len() + 1;
    }
    out
}

#[cfg(test)]
mod tests;
