//! What commands do to files: write, remove, move, copy, unpack, change owners and modes.
//!
//! Paths are resolved as far as the text says: `cd`, `~`, variables with a known value and braces
//! are followed, patterns stay as written. What a program writes by itself is not known here.

mod programs;

use std::borrow::Cow;
use std::collections::BTreeMap;

use dockerfile::shell::{Part, ShellWord};
use dockerfile::{Scope, Value, normalized};
use text::Span;

use super::RunCommand;
use super::paths::{braces, covers};

/// A change to a file or folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileChange {
    /// What is done.
    pub act: FileAct,
    /// To which path: absolute where that can be told, else as written.
    pub path: String,
    /// Whether the path is absolute and holds no variable.
    pub known: bool,
    /// Whether everything below it is meant as well.
    pub recursive: bool,
    /// The word that says so.
    pub span: Span,
    /// The command that does it, by its place among the commands of the step.
    pub command: usize,
}

/// What is done to a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FileAct {
    /// It is written anew; with its text, when that stands in the command.
    Write(Option<String>),
    /// Text is added to it.
    Append(Option<String>),
    /// It is fetched from the network.
    Fetch,
    /// It is removed.
    Remove,
    /// It is moved away.
    Leave,
    /// It comes from another place, as written there, by `mv`, `cp` or `install`.
    Arrive(String),
    /// It is an archive that is unpacked into a folder; nothing when that is the current one.
    Unpack(Option<String>),
    /// It is a folder that is made.
    MakeFolder,
    /// It gets another owner.
    Own(String),
    /// It gets another mode.
    Mode(String),
    /// It is changed in place.
    Edit,
}

impl FileChange {
    /// Whether it brings a file with content of its own.
    pub fn writes(&self) -> bool {
        match self.act {
            FileAct::Write(_) | FileAct::Append(_) | FileAct::Fetch | FileAct::Arrive(_) => true,
            FileAct::Remove
            | FileAct::Leave
            | FileAct::Unpack(_)
            | FileAct::MakeFolder
            | FileAct::Own(_)
            | FileAct::Mode(_)
            | FileAct::Edit => false,
        }
    }

    /// Whether it takes a file or folder away, by itself or with all that is around it. Patterns
    /// are taken at their word: `/var/lib/apt/lists/*` empties the folder before the star.
    pub fn removes(&self, path: &str) -> bool {
        let gone = match self.act {
            FileAct::Remove => true,
            FileAct::Leave => true,
            FileAct::Write(_)
            | FileAct::Append(_)
            | FileAct::Fetch
            | FileAct::Arrive(_)
            | FileAct::Unpack(_)
            | FileAct::MakeFolder
            | FileAct::Own(_)
            | FileAct::Mode(_)
            | FileAct::Edit => false,
        };
        gone && covers(&self.path, path)
    }
}

/// Reads the commands of a step one after another.
pub struct FileReader<'a> {
    scope: &'a Scope,
    home: Option<&'a str>,
    /// The working directory at each depth of compound commands, outermost first.
    folders: Vec<(u16, Option<String>)>,
    /// The same of the script around, while one is read that it hands to a shell.
    outer: Option<Vec<(u16, Option<String>)>>,
    /// Variables that the step itself sets.
    locals: BTreeMap<String, Option<String>>,
    out: Vec<FileChange>,
}

impl<'a> FileReader<'a> {
    /// Starts in a folder, when that is known. `home`: the home of the user.
    pub fn new(scope: &'a Scope, folder: Option<&str>, home: Option<&'a str>) -> Self {
        let folders = vec![(0, folder.map(str::to_owned))];
        Self { scope, home, folders, outer: None, locals: BTreeMap::new(), out: Vec::new() }
    }

    /// What the commands do, in order.
    pub fn read(mut self, commands: &[RunCommand]) -> Vec<FileChange> {
        for (index, command) in commands.iter().enumerate() {
            self.enter(command);
            self.command(index, command, commands);
        }
        self.out
    }

    /// A group that ends takes its `cd` with it, as `( … )` does.
    fn enter(&mut self, command: &RunCommand) {
        match (command.place.inner, self.outer.take()) {
            // A script that is handed to a shell starts where its command stands.
            (true, None) => {
                let here = self.folder().map(str::to_owned);
                self.outer = Some(std::mem::replace(&mut self.folders, vec![(0, here)]));
            }
            (false, Some(outer)) => self.folders = outer,
            (_, outer) => self.outer = outer,
        }
        let depth = command.place.depth;
        while self.folders.len() > 1 && self.folders.last().is_some_and(|it| it.0 > depth) {
            self.folders.pop();
        }
    }

    fn folder(&self) -> Option<&str> {
        self.folders.last().and_then(|it| it.1.as_deref())
    }

    fn command(&mut self, index: usize, command: &RunCommand, all: &[RunCommand]) {
        self.assign(command);
        let before = self.out.len();
        match &*command.program {
            "cd" | "pushd" => self.change_folder(command),
            "popd" => self.set_folder(command, None),
            "rm" | "rmdir" | "unlink" | "shred" => self.remove(command),
            "find" => self.find(command),
            "mv" => self.transfer(command, true),
            "cp" => self.transfer(command, false),
            "install" => self.install(command),
            "mkdir" => self.each(command, &["-m", "--mode"], 0, || FileAct::MakeFolder),
            "touch" => {
                self.each(command, &["-d", "-t", "-r", "--date"], 0, || FileAct::Append(None));
            }
            "chown" | "chgrp" => self.owner(command),
            "chmod" => self.mode(command),
            "tar" | "bsdtar" | "gtar" => self.tar(command),
            "unzip" => self.unzip(command),
            "7z" | "7za" | "unrar" | "unar" => self.seven(command),
            "dpkg" | "rpm" => self.package_file(command),
            "sed" | "perl" => self.edit(command),
            "tee" => self.tee(command, all),
            "git" => self.git(command),
            _ => self.fetch(command),
        }
        self.redirects(command);
        for it in self.out.iter_mut().skip(before) {
            it.command = index;
        }
    }

    /// `NAME=value` alone, `export NAME=value`.
    fn assign(&mut self, command: &RunCommand) {
        if command.simple.words.is_empty() {
            for it in &command.simple.assignments {
                let value = self.resolved(&it.value).1.then(|| self.resolved(&it.value).0);
                self.locals.insert(it.name.clone(), value);
            }
        }
        if matches!(&*command.program, "export" | "local" | "declare" | "readonly") {
            for word in command.arguments() {
                let (text, known) = self.resolved(word);
                if let Some((name, value)) = text.split_once('=') {
                    self.locals.insert(name.to_owned(), known.then(|| value.to_owned()));
                }
            }
        }
    }

    fn change_folder(&mut self, command: &RunCommand) {
        if command.place.length > 1 || command.place.substituted {
            return;
        }
        let folder = match command.arguments().iter().find(|it| !it.text().starts_with('-')) {
            Some(word) => {
                let (path, known) = self.absolute(word);
                known.then_some(path)
            }
            None => self.home.map(str::to_owned),
        };
        self.set_folder(command, folder);
    }

    fn set_folder(&mut self, command: &RunCommand, folder: Option<String>) {
        let depth = command.place.depth;
        match self.folders.last_mut() {
            Some((at, current)) if *at == depth => *current = folder,
            _ => self.folders.push((depth, folder)),
        }
    }

    fn push(&mut self, act: FileAct, word: &ShellWord, recursive: bool) {
        let (path, known) = self.absolute(word);
        if path.starts_with("/dev/") {
            return;
        }
        if !has_braces(word) {
            return self.add(act, path, known, recursive, word.span);
        }
        for path in braces(&path) {
            self.add(act.clone(), path, known, recursive, word.span);
        }
    }

    fn add(&mut self, act: FileAct, path: String, known: bool, recursive: bool, span: Span) {
        self.out.push(FileChange { act, path, known, recursive, span, command: 0 });
    }

    /// A word as a path: absolute if it can be told, and whether that is so.
    fn absolute(&self, word: &ShellWord) -> (String, bool) {
        let (text, known) = self.resolved(word);
        if !known {
            return (text, false);
        }
        self.joined(&text)
    }

    fn joined(&self, text: &str) -> (String, bool) {
        let rest = text.strip_prefix('~').filter(|it| it.is_empty() || it.starts_with('/'));
        let path = match (rest, self.home) {
            (Some(rest), Some(home)) => format!("{home}{rest}"),
            (Some(_), None) => return (text.to_owned(), false),
            (None, _) => text.to_owned(),
        };
        let slash = if path.ends_with('/') && path.len() > 1 { "/" } else { "" };
        if path.starts_with('/') {
            return (normalized(&path) + slash, true);
        }
        match self.folder() {
            Some(folder) => (normalized(&format!("{folder}/{path}")) + slash, true),
            None => (path, false),
        }
    }

    /// A word with the variables whose values are known, and whether they all are.
    fn resolved(&self, word: &ShellWord) -> (String, bool) {
        if let Some(text) = word.literal() {
            return (text.into_owned(), true);
        }
        let mut out = String::new();
        let mut known = true;
        for part in &word.parts {
            let value = match part {
                Part::Literal { text, .. } => Some(Cow::Borrowed(text.as_str())),
                Part::Variable { name, operation, .. } if operation.is_empty() => self.value(name),
                Part::Variable { .. }
                | Part::Commands { .. }
                | Part::Process { .. }
                | Part::Arithmetic { .. } => None,
            };
            known &= value.is_some();
            out.push_str(value.as_deref().unwrap_or_else(|| part.text()));
        }
        (out, known)
    }

    fn value(&self, name: &str) -> Option<Cow<'_, str>> {
        if let Some(own) = self.locals.get(name) {
            return own.as_deref().map(Cow::Borrowed);
        }
        match (self.scope.get(name), name) {
            (Value::Known(it), _) => Some(Cow::Borrowed(it)),
            (Value::Unknown(_), "HOME") => self.home.map(Cow::Borrowed),
            (Value::Unknown(_), "PWD") => self.folder().map(Cow::Borrowed),
            (Value::Unknown(_), _) => None,
        }
    }

    /// The same for a text that was a word once: only `$NAME` and `${NAME}`.
    fn substituted(&self, text: &str) -> String {
        if !text.contains('$') {
            return text.to_owned();
        }
        let word = |name: &str| self.value(name).map(Cow::into_owned);
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
            let (name, behind) = match after.strip_prefix('{').and_then(|it| it.split_once('}')) {
                Some(it) => it,
                None => after.split_at(after.find(|it| !is_name(it)).unwrap_or(after.len())),
            };
            match word(name) {
                Some(value) => out.push_str(&value),
                None => {
                    out.push('$');
                    out.push_str(after.strip_suffix(behind).unwrap_or(after));
                }
            }
            rest = behind;
        }
        out + rest
    }
}

pub(super) fn is_cluster(text: &str) -> bool {
    text.len() > 1 && text.starts_with('-') && !text.starts_with("--")
}

fn has_braces(word: &ShellWord) -> bool {
    let open = |it: &Part| match it {
        Part::Literal { text, quoted } => !quoted && text.as_str().contains('{'),
        Part::Variable { .. }
        | Part::Commands { .. }
        | Part::Process { .. }
        | Part::Arithmetic { .. } => false,
    };
    word.parts.iter().any(open)
}

#[cfg(test)]
mod tests;
