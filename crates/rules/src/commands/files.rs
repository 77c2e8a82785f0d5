//! What commands do to files: write, remove, move, copy, unpack, change owners and modes.
//!
//! Paths are resolved as far as the text says: `cd`, `~`, variables with a known value and braces
//! are followed, patterns stay as written. What a program writes by itself is not known here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dockerfile::shell::{Part, Redirect, ShellWord};
use dockerfile::{Scope, Value, normalized};
use text::Span;

use super::archives::tar_call;
use super::paths::{braces, covers};
use super::{RunCommand, Target};

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
    start: Option<String>,
    /// The working directory at each depth of compound commands, outermost first.
    folders: Vec<(u16, Option<String>)>,
    inner: bool,
    /// Variables that the step itself sets.
    locals: BTreeMap<String, Option<String>>,
    out: Vec<FileChange>,
}

impl<'a> FileReader<'a> {
    /// Starts in a folder, when that is known. `home`: the home of the user.
    pub fn new(scope: &'a Scope, folder: Option<&str>, home: Option<&'a str>) -> Self {
        let start = folder.map(str::to_owned);
        let folders = vec![(0, start.clone())];
        Self { scope, home, start, folders, inner: false, locals: BTreeMap::new(), out: Vec::new() }
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
        if command.place.inner && !self.inner {
            self.inner = true;
            self.folders = vec![(0, self.start.clone())];
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

    fn remove(&mut self, command: &RunCommand) {
        let options = command.options(&[]);
        let recursive = options.has(&["-r", "-R", "--recursive"]);
        for word in &options.operands {
            self.push(FileAct::Remove, word, recursive);
        }
    }

    /// `find PATH -delete` and `find PATH -exec rm … +`, unless it picks by name.
    fn find(&mut self, command: &RunCommand) {
        let arguments = command.arguments();
        let removes = arguments.iter().enumerate().any(|(index, it)| {
            let exec = it.is("-exec") || it.is("-execdir");
            it.is("-delete") || (exec && arguments.get(index + 1).is_some_and(|it| it.is("rm")))
        });
        let all = |it: &ShellWord| {
            let text = it.text();
            !text.starts_with('-')
                || matches!(
                    &*text,
                    "-delete"
                        | "-exec"
                        | "-execdir"
                        | "-type"
                        | "-mindepth"
                        | "-maxdepth"
                        | "-depth"
                        | "-mount"
                        | "-xdev"
                        | "-rf"
                        | "-f"
                        | "-r"
                        | "-fr"
                        | "--"
                )
        };
        if !removes || !arguments.iter().all(all) {
            return;
        }
        for word in arguments.iter().take_while(|it| !it.text().starts_with('-')) {
            self.push(FileAct::Remove, word, true);
        }
    }

    /// `mv` and `cp`: several sources and a target, or `-t` with the target before them.
    fn transfer(&mut self, command: &RunCommand, moves: bool) {
        let options = command.options(&["-t", "--target-directory", "-S", "--suffix"]);
        let recursive = moves || options.has(&["-r", "-R", "-a", "--recursive", "--archive"]);
        let mut sources = options.operands.clone();
        let flag = options.flag(&["-t", "--target-directory"]);
        let target = match flag.and_then(|it| it.value.as_deref().map(|text| (text, it.word))) {
            Some((text, word)) => (self.joined(text).0, true, word.span),
            None => {
                let Some(last) = sources.pop() else { return };
                let (path, known) = self.absolute(last);
                (path, known, last.span)
            }
        };
        let (path, known, span) = target;
        for source in &sources {
            if moves {
                self.push(FileAct::Leave, source, true);
            }
            let from = self.absolute(source).0;
            let act = FileAct::Arrive(from);
            self.out.push(FileChange {
                act,
                path: path.clone(),
                known,
                recursive,
                span,
                command: 0,
            });
        }
    }

    fn install(&mut self, command: &RunCommand) {
        let valued = &["-m", "--mode", "-o", "--owner", "-g", "--group", "-t", "-S"];
        let options = command.options(valued);
        if options.has(&["-d", "--directory"]) {
            for word in &options.operands {
                self.push(FileAct::MakeFolder, word, false);
            }
            return;
        }
        let [sources @ .., target] = &options.operands[..] else { return };
        for source in sources {
            let from = self.absolute(source).0;
            self.push(FileAct::Arrive(from), target, false);
        }
    }

    /// The same for every operand from `first` on.
    fn each(&mut self, command: &RunCommand, valued: &[&str], first: usize, act: fn() -> FileAct) {
        let options = command.options(valued);
        for word in options.operands.iter().skip(first) {
            self.push(act(), word, false);
        }
    }

    fn owner(&mut self, command: &RunCommand) {
        let options = command.options(&[]);
        let recursive = options.has(&["-R", "--recursive"]);
        let mut words = options.operands.iter();
        let reference = options.has(&["--reference"]);
        let owner = if reference { None } else { words.next() };
        let owner = owner.map(|it| self.resolved(it).0).unwrap_or_default();
        for word in words {
            self.push(FileAct::Own(owner.clone()), word, recursive);
        }
    }

    fn mode(&mut self, command: &RunCommand) {
        // `chmod -x FILE`: a mode may look like an option.
        let is_option = |it: &&&ShellWord| {
            let text = it.text();
            text.starts_with("--") || matches!(&*text, "-R" | "-v" | "-c" | "-f" | "-Rf" | "-fR")
        };
        let (flags, rest): (Vec<&ShellWord>, Vec<&ShellWord>) =
            command.arguments().iter().partition(|it| is_option(&it));
        let recursive = flags.iter().any(|it| {
            let text = it.text();
            text == "--recursive" || (text.contains('R') && !text.starts_with("--"))
        });
        let reference = flags.iter().any(|it| it.text().starts_with("--reference"));
        let mut words = rest.into_iter();
        let mode = if reference { None } else { words.next() };
        let mode = mode.map(|it| self.resolved(it).0).unwrap_or_default();
        for word in words {
            self.push(FileAct::Mode(mode.clone()), word, recursive);
        }
    }

    fn tar(&mut self, command: &RunCommand) {
        let Some(call) = tar_call(command.arguments()) else { return };
        let into = call.folder.map(|it| self.absolute(it).0);
        self.push(FileAct::Unpack(into), call.archive, false);
    }

    fn unzip(&mut self, command: &RunCommand) {
        let options = command.options(&["-d", "-P"]);
        if options.has(&["-l", "-t", "-v", "-Z", "-p"]) {
            return;
        }
        let into = options.value(&["-d"]).map(|it| self.joined(it).0);
        if let Some(word) = options.operands.first() {
            self.push(FileAct::Unpack(into), word, false);
        }
    }

    /// `7z x FILE` and its like.
    fn seven(&mut self, command: &RunCommand) {
        let mut words = command.arguments().iter().filter(|it| !it.text().starts_with('-'));
        if words.next().is_some_and(|it| it.is("x") || it.is("e"))
            && let Some(word) = words.next()
        {
            self.push(FileAct::Unpack(None), word, false);
        }
    }

    fn edit(&mut self, command: &RunCommand) {
        let in_place = |it: &ShellWord| {
            let text = it.text();
            text.starts_with("--in-place") || (is_cluster(&text) && text.contains('i'))
        };
        if !command.arguments().iter().any(in_place) {
            return;
        }
        let options = command.options(&["-e", "--expression", "-f", "--file"]);
        let first = usize::from(!options.has(&["-e", "--expression", "-f", "--file"]));
        for word in options.operands.iter().skip(first) {
            self.push(FileAct::Edit, word, false);
        }
    }

    fn tee(&mut self, command: &RunCommand, all: &[RunCommand]) {
        let options = command.options(&[]);
        let append = options.has(&["-a", "--append"]);
        let place = command.place;
        let before = all
            .iter()
            .find(|it| it.place.pipeline == place.pipeline && it.place.index + 1 == place.index);
        let text = before.and_then(|it| self.printed(it)).or_else(|| self.printed(command));
        for word in &options.operands {
            let text = text.clone();
            let act = if append { FileAct::Append(text) } else { FileAct::Write(text) };
            self.push(act, word, false);
        }
    }

    /// `git clone URL [FOLDER]`
    fn git(&mut self, command: &RunCommand) {
        let valued = &[
            "-C",
            "-c",
            "-b",
            "--branch",
            "--depth",
            "-o",
            "--origin",
            "-j",
            "--jobs",
            "--reference",
            "--filter",
        ];
        let options = command.options(valued);
        let [verb, url, rest @ ..] = &options.operands[..] else { return };
        if !verb.is("clone") {
            return;
        }
        match rest.first() {
            Some(folder) => self.push(FileAct::Fetch, folder, true),
            None => {
                let text = url.text();
                let name = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let (path, known) = self.joined(name.trim_end_matches(".git"));
                self.add(FileAct::Fetch, path, known && !name.contains('$'), true, url.span);
            }
        }
    }

    fn fetch(&mut self, command: &RunCommand) {
        let Some(fetch) = command.fetches() else { return };
        let span = command.program_span();
        let named = |url: &str| {
            let path = url.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('/').next().unwrap_or_default().to_owned()
        };
        let files: Vec<String> = match &fetch.target {
            Target::Output => Vec::new(),
            Target::File(file) => vec![file.clone()],
            Target::NamedByUrl => fetch.urls.iter().map(|(url, _)| named(url)).collect(),
            Target::Folder(folder) => {
                fetch.urls.iter().map(|(url, _)| format!("{folder}/{}", named(url))).collect()
            }
        };
        for file in files {
            let (path, known) = self.joined(&self.substituted(&file));
            let known = known && !path.contains('$');
            self.add(FileAct::Fetch, path, known, false, span);
        }
    }

    fn redirects(&mut self, command: &RunCommand) {
        for it in &command.simple.redirects {
            let append = it.operator == ">>";
            if !writes(it) || command.fetches().is_some() {
                continue;
            }
            let text = self.printed(command);
            let act = if append { FileAct::Append(text) } else { FileAct::Write(text) };
            self.push(act, &it.target, false);
        }
    }

    /// What a command prints, when its text says so.
    fn printed(&self, command: &RunCommand) -> Option<String> {
        let heredoc = command.simple.redirects.iter().rev().find_map(|it| it.body.as_ref());
        match (&*command.program, heredoc) {
            ("cat" | "tee" | "", Some(body)) => Some(body.as_str().to_owned()),
            ("echo" | "printf", _) => {
                let words = command.arguments().iter().map(|it| self.resolved(it).0);
                let mut words = words.skip_while(|it| is_cluster(it) && it.len() <= 3);
                let first = words.next().unwrap_or_default();
                Some(words.fold(first, |text, it| text + " " + &it))
            }
            _ => None,
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

fn writes(it: &Redirect) -> bool {
    matches!(it.operator, ">" | ">>" | ">|" | "&>") && matches!(it.descriptor, None | Some(1))
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
