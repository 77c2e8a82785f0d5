//! The commands of a build step, one by one, with what each of them does.
//!
//! A script is a tree; rules mostly ask about single commands. Here the tree becomes a list in the
//! order of the text, each command with its place among the others, and each understood as far as
//! rules need it: which program really runs, and whether it handles packages or fetches something.

mod accounts;
mod archives;
mod credentials;
mod fetch;
mod files;
mod git;
mod libraries;
mod managers;
mod modes;
mod options;
mod paths;
mod switches;
mod url;
mod variables;
mod verify;
mod windows;
mod writes;

use dockerfile::shell::{Command, Joint, Part, Redirect, Script, ShellWord, Simple, invocation};
use text::Span;

pub use accounts::{Account, AccountAct, Given, account};
pub use credentials::{Credential, Handed, credentials, given};
pub use fetch::{CURL, Fetch, Target, WGET, fetch};
pub use files::{FileAct, FileChange, FileReader};
pub use git::{GitClone, git_checkout, git_clone, is_moving};
pub use libraries::{Library, LibraryCall, library_call};
pub use managers::{Manager, PackageCall, PackageName, Spec, Verb, package_call};
pub use modes::mode_and_paths;
pub use options::{Flag, Options};
pub(crate) use paths::{covers, is_below};
pub use switches::{
    NO, Off, Programs, Thrown, Values, YES, knows_variable, thrown, throws_line, throws_variable,
    valued,
};
pub use url::Url;
pub use variables::{Assigned, Resolved, Variables, resolved};
pub use verify::{Against, Check, checks};
pub use windows::{Prompt, inner, windows};
pub use writes::{Setting, Written, lines, setting, written};

/// A command of a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunCommand {
    /// Its words, assignments and redirections.
    pub simple: Simple,
    /// The program it runs, without its folder; empty when a variable names it or none is named.
    pub program: String,
    /// Where the program stands among the words: behind `sudo`, `env` and the like.
    pub first: usize,
    /// Where it stands among the other commands.
    pub place: Placement,
    /// What it does.
    pub action: Action,
}

/// Where a command stands among the others of its step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Placement {
    /// Number of its pipeline within the step, in order of the text.
    pub pipeline: u32,
    /// Its number within the pipeline, from 0.
    pub index: u16,
    /// How many commands the pipeline has.
    pub length: u16,
    /// What joins its pipeline to the one before.
    pub joint: Joint,
    /// Whether it runs in the background.
    pub background: bool,
    /// How many compound commands (`( … )`, `if`, loops, functions) it stands in.
    pub depth: u16,
    /// Whether its output is taken by a command substitution.
    pub substituted: bool,
    /// Whether it decides a condition, or is negated.
    pub condition: bool,
    /// Whether a shell runs it that another command starts, as in `sh -c '…'`.
    pub inner: bool,
}

/// What a command does, as far as it is understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// It handles packages of the system.
    Packages(PackageCall),
    /// It handles packages of a language.
    Libraries(LibraryCall),
    /// It fetches something from the network.
    Fetches(Fetch),
    /// Something else.
    Other,
}

impl RunCommand {
    /// The arguments behind the program.
    pub fn arguments(&self) -> &[ShellWord] {
        self.simple.words.get(self.first + 1..).unwrap_or_default()
    }

    /// The words of the programs it is run by, outermost first, with their options.
    pub fn wrappers(&self) -> &[ShellWord] {
        self.simple.words.get(..self.first).unwrap_or_default()
    }

    /// Where the program is named; the whole command when it is not.
    pub fn program_span(&self) -> Span {
        self.simple.words.get(self.first).map_or(self.simple.span, |it| it.span)
    }

    /// Whether it runs one of these programs.
    pub fn runs(&self, programs: &[&str]) -> bool {
        programs.contains(&&*self.program)
    }

    /// Its options and operands. `valued`: the options that take a value.
    pub fn options(&self, valued: &[&str]) -> Options<'_> {
        Options::parse(self.arguments(), valued)
    }

    /// Whether it runs something that can do anything and whose text is not here: a script, a
    /// playbook, a program that a variable names.
    pub fn is_opaque(&self) -> bool {
        let Some(word) = self.simple.words.get(self.first) else { return false };
        let path = word.text();
        let name = path.rsplit('/').next().unwrap_or_default();
        match &*self.program {
            "" | "." | "source" | "eval" => return true,
            "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" => {
                let flag = |it: &ShellWord| {
                    let text = it.text();
                    text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
                };
                let here = self.simple.redirects.iter().any(|it| it.body.is_some());
                return !here && !self.arguments().iter().any(flag);
            }
            "make" | "npx" | "playwright" | "ansible-playbook" | "rosdep" | "mk-build-deps"
            | "gdebi" | "nala" | "puppet" | "chef-client" | "salt-call" => return true,
            _ => {}
        }
        const PLAIN: [&str; 8] = [
            "configure",
            "config",
            "Configure",
            "autogen.sh",
            "bootstrap",
            "gradlew",
            "mvnw",
            "b2",
        ];
        if PLAIN.contains(&name) {
            return false;
        }
        const SYSTEM: [&str; 6] =
            ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/", "/opt/"];
        let elsewhere = path.contains('/') && !SYSTEM.iter().any(|it| path.starts_with(it));
        elsewhere
            || name.starts_with("xx-")
            || name.ends_with(".sh")
            || (name.contains("install") && name != "install")
    }

    /// The package call, if it is one.
    pub fn packages(&self) -> Option<&PackageCall> {
        match &self.action {
            Action::Packages(it) => Some(it),
            Action::Libraries(_) | Action::Fetches(_) | Action::Other => None,
        }
    }

    /// The library call, if it is one.
    pub fn libraries(&self) -> Option<&LibraryCall> {
        match &self.action {
            Action::Libraries(it) => Some(it),
            Action::Packages(_) | Action::Fetches(_) | Action::Other => None,
        }
    }

    /// What it fetches, if it fetches anything.
    pub fn fetches(&self) -> Option<&Fetch> {
        match &self.action {
            Action::Fetches(it) => Some(it),
            Action::Packages(_) | Action::Libraries(_) | Action::Other => None,
        }
    }
}

/// The commands of a script, in order of the text, those inside substitutions right after the
/// command that uses them. `inner`: whether another command starts the shell that runs it.
pub fn commands(script: Script, inner: bool) -> Vec<RunCommand> {
    let mut flat = Flat { out: Vec::new(), pipelines: 0 };
    flat.script(script, Around { inner, ..Around::default() });
    flat.out
}

/// What stands around a command.
#[derive(Clone, Copy, Default)]
struct Around {
    depth: u16,
    substituted: bool,
    condition: bool,
    inner: bool,
}

struct Flat {
    out: Vec<RunCommand>,
    pipelines: u32,
}

impl Flat {
    fn script(&mut self, script: Script, around: Around) {
        for step in script.steps {
            self.command(step.command, around, step.joint, step.background);
        }
    }

    fn command(&mut self, command: Command, around: Around, joint: Joint, background: bool) {
        let parts = match command {
            Command::Pipeline(parts) => parts,
            Command::Not(inner) => {
                let around = Around { condition: true, ..around };
                return self.command(*inner, around, joint, background);
            }
            other => vec![other],
        };
        let pipeline = self.pipelines;
        self.pipelines += 1;
        let length = u16::try_from(parts.len()).unwrap_or(u16::MAX);
        for (index, part) in parts.into_iter().enumerate() {
            let place = Placement {
                pipeline,
                index: u16::try_from(index).unwrap_or(u16::MAX),
                length,
                joint,
                background,
                depth: around.depth,
                substituted: around.substituted,
                condition: around.condition,
                inner: around.inner,
            };
            self.part(part, place, around);
        }
    }

    /// A part of a pipeline. What is inside a compound command has pipelines of its own; a group
    /// at the end of a pipe shows by its first command standing in both.
    fn part(&mut self, part: Command, place: Placement, around: Around) {
        let inside = Around { depth: around.depth.saturating_add(1), ..around };
        let condition = Around { condition: true, ..inside };
        match part {
            Command::Simple(it) => self.simple(*it, place, around),
            Command::Group(script, redirects) => {
                let before = self.out.len();
                self.group(script, place, inside);
                self.redirect(before, &redirects);
            }
            Command::If(arms, _) => {
                for (test, body) in arms {
                    if let Some(test) = test {
                        self.script(test, condition);
                    }
                    self.script(body, inside);
                }
            }
            Command::Loop(it) => {
                for word in &it.words {
                    self.word(word, around);
                }
                self.script(it.condition, condition);
                self.script(it.body, inside);
            }
            Command::Case(word, arms, _) => {
                self.word(&word, around);
                for arm in arms {
                    self.script(arm.body, inside);
                }
            }
            Command::Function(_, body) => self.command(*body, inside, place.joint, false),
            Command::Pipeline(_) | Command::Not(_) => {
                self.command(part, around, place.joint, place.background);
            }
            Command::Odd(_) => {}
        }
    }

    fn group(&mut self, script: Script, place: Placement, inside: Around) {
        if place.length == 1 {
            return self.script(script, inside);
        }
        // In a pipe the group reads or writes through its first command.
        let mut steps = script.steps.into_iter();
        if let Some(first) = steps.next() {
            match first.command {
                Command::Simple(it) => {
                    self.simple(*it, Placement { depth: inside.depth, ..place }, inside)
                }
                other => self.command(other, inside, first.joint, first.background),
            }
        }
        self.script(Script { steps: steps.collect() }, inside);
    }

    /// What a group writes, its commands write, one behind the other.
    fn redirect(&mut self, from: usize, redirects: &[Redirect]) {
        let output = |it: &&Redirect| {
            matches!(it.operator, ">" | ">>" | ">|") && matches!(it.descriptor, None | Some(1))
        };
        let Some(last) = redirects.iter().rfind(output) else { return };
        for (index, it) in self.out.iter_mut().skip(from).enumerate() {
            if it.place.substituted || it.simple.redirects.iter().any(|it| output(&it)) {
                continue;
            }
            let operator = if index == 0 { last.operator } else { ">>" };
            it.simple.redirects.push(Redirect { operator, ..last.clone() });
        }
    }

    fn simple(&mut self, simple: Simple, place: Placement, around: Around) {
        let words: Vec<ShellWord> = {
            let values = simple.assignments.iter().map(|it| &it.value);
            let targets = simple.redirects.iter().map(|it| &it.target);
            let all = values.chain(&simple.words).chain(targets);
            all.filter(|it| it.parts.iter().any(runs_commands)).cloned().collect()
        };
        self.out.push(understood(simple, place));
        for word in &words {
            self.word(word, around);
        }
    }

    fn word(&mut self, word: &ShellWord, around: Around) {
        let inside = Around { substituted: true, depth: around.depth.saturating_add(1), ..around };
        for part in &word.parts {
            match part {
                Part::Commands { script, .. } | Part::Process { script, .. } => {
                    self.script(script.clone(), inside);
                }
                Part::Literal { .. } | Part::Variable { .. } | Part::Arithmetic { .. } => {}
            }
        }
    }
}

fn runs_commands(part: &Part) -> bool {
    matches!(part, Part::Commands { .. } | Part::Process { .. })
}

/// A command with its program and what it does.
pub fn understood(simple: Simple, place: Placement) -> RunCommand {
    let (program, first) = match invocation(&simple) {
        Some(it) => {
            let first = simple.words.len() - it.arguments.len() - 1;
            (it.program.into_owned(), first)
        }
        None => (String::new(), 0),
    };
    let arguments = simple.words.get(first + 1..).unwrap_or_default();
    let action = if let Some(it) = package_call(&program, arguments) {
        Action::Packages(it)
    } else if let Some(it) = library_call(&program, arguments) {
        Action::Libraries(it)
    } else if let Some(it) = fetch(&program, arguments, &simple.redirects) {
        Action::Fetches(it)
    } else {
        Action::Other
    };
    RunCommand { simple, program, first, place, action }
}

#[cfg(test)]
pub(crate) fn parsed(text: &str) -> Vec<RunCommand> {
    commands(dockerfile::shell::parse(&text::Cooked::plain(text, 0), &[]), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_becomes_a_list_in_order() {
        let list = parsed("a | (b; c) && if d $(e); then f & fi");
        let shown: Vec<String> = list
            .iter()
            .map(|it| format!("{}:{}.{}", it.program, it.place.pipeline, it.place.index))
            .collect();
        assert_eq!(shown, ["a:0.0", "b:0.1", "c:1.0", "d:3.0", "e:4.0", "f:5.0"]);
        let conditions: Vec<bool> = list.iter().map(|it| it.place.condition).collect();
        assert_eq!(conditions, [false, false, false, true, true, false]);
        assert!(list[4].place.substituted && list[5].place.background && list[1].place.depth == 1);
    }

    #[test]
    fn the_program_is_found_behind_others() {
        let list = parsed("A=1 sudo -u x env B=2 /usr/bin/apt-get -y install gcc");
        assert_eq!(list[0].program, "apt-get");
        assert_eq!(list[0].wrappers().len(), 5);
        assert_eq!(list[0].arguments()[0].text(), "-y");
    }
}
