//! What single programs do to files.

use dockerfile::shell::{Redirect, ShellWord};

use super::{FileAct, FileChange, FileReader, is_cluster};
use crate::commands::archives::tar_call;
use crate::commands::{RunCommand, Target};

impl FileReader<'_> {
    pub(super) fn remove(&mut self, command: &RunCommand) {
        let options = command.options(&[]);
        let recursive = options.has(&["-r", "-R", "--recursive"]);
        for word in &options.operands {
            self.push(FileAct::Remove, word, recursive);
        }
    }

    /// `find PATH -delete` and `find PATH -exec rm … +`, unless it picks by name.
    pub(super) fn find(&mut self, command: &RunCommand) {
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
    pub(super) fn transfer(&mut self, command: &RunCommand, moves: bool) {
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

    pub(super) fn install(&mut self, command: &RunCommand) {
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
    pub(super) fn each(
        &mut self,
        command: &RunCommand,
        valued: &[&str],
        first: usize,
        act: fn() -> FileAct,
    ) {
        let options = command.options(valued);
        for word in options.operands.iter().skip(first) {
            self.push(act(), word, false);
        }
    }

    pub(super) fn owner(&mut self, command: &RunCommand) {
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

    pub(super) fn mode(&mut self, command: &RunCommand) {
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

    pub(super) fn tar(&mut self, command: &RunCommand) {
        let Some(call) = tar_call(command.arguments()) else { return };
        let into = call.folder.map(|it| self.absolute(it).0);
        self.push(FileAct::Unpack(into), call.archive, false);
    }

    pub(super) fn unzip(&mut self, command: &RunCommand) {
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
    pub(super) fn seven(&mut self, command: &RunCommand) {
        let mut words = command.arguments().iter().filter(|it| !it.text().starts_with('-'));
        if words.next().is_some_and(|it| it.is("x") || it.is("e"))
            && let Some(word) = words.next()
        {
            self.push(FileAct::Unpack(None), word, false);
        }
    }

    pub(super) fn edit(&mut self, command: &RunCommand) {
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

    pub(super) fn tee(&mut self, command: &RunCommand, all: &[RunCommand]) {
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
    pub(super) fn git(&mut self, command: &RunCommand) {
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

    pub(super) fn fetch(&mut self, command: &RunCommand) {
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

    pub(super) fn redirects(&mut self, command: &RunCommand) {
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

    /// `dpkg -i FILE` and `rpm -i FILE` unpack packages.
    pub(super) fn package_file(&mut self, command: &RunCommand) {
        let installs = |it: &ShellWord| {
            let text = it.text();
            matches!(&*text, "--install" | "--unpack" | "--upgrade")
                || (is_cluster(&text) && text.contains(['i', 'U']))
        };
        if !command.arguments().iter().any(installs) {
            return;
        }
        for word in command.arguments().iter().filter(|it| !it.text().starts_with('-')) {
            if !word.text().contains("://") {
                self.push(FileAct::Unpack(None), word, false);
            }
        }
    }
}

fn writes(it: &Redirect) -> bool {
    matches!(it.operator, ">" | ">>" | ">|" | "&>") && matches!(it.descriptor, None | Some(1))
}
