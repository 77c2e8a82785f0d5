//! Ways to switch something off: options, variables, settings by command and in files.
//!
//! One table of a rule lists them all; here they are found. What a switch means is for the rule.

use dockerfile::shell::ShellWord;
use text::Span;

use super::{CURL, Library, RunCommand, Setting, WGET};

/// A way to switch something off.
#[derive(Clone, Copy, Debug)]
pub enum Off {
    /// An option of programs.
    Option(&'static [&'static str], &'static str, Values),
    /// A setting that a command of a program makes, as in `npm config set strict-ssl false`.
    Command(&'static [&'static str], &'static str, Values),
    /// A variable of the environment, in whatever case.
    Variable(&'static str, Values),
    /// A line of a settings file whose name holds the last text.
    Line(&'static str, Values, &'static str),
}

/// The values that switch it off.
#[derive(Clone, Copy, Debug)]
pub enum Values {
    /// Whatever is given, even nothing.
    Any,
    /// Anything that is not empty.
    Filled,
    /// Nothing.
    Empty,
    /// One of these, in lower case.
    Of(&'static [&'static str]),
    /// Anything that holds one of these, in lower case.
    With(&'static [&'static str]),
}

/// The words for no.
pub const NO: Values = Values::Of(&["0", "false", "no", "off", "none", "f", "n", "never"]);
/// The words for yes.
pub const YES: Values = Values::Of(&["1", "true", "yes", "on", "t", "y"]);

impl Values {
    /// Whether a value is among them.
    pub fn hold(self, value: &str) -> bool {
        let value = value.trim().to_ascii_lowercase();
        match self {
            Self::Any => true,
            Self::Filled => !value.is_empty(),
            Self::Empty => value.is_empty(),
            Self::Of(words) => words.contains(&&*value),
            Self::With(texts) => texts.iter().any(|it| value.contains(it)),
        }
    }
}

/// A switch that a command throws.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thrown<'a> {
    /// The words that throw it.
    pub words: Vec<&'a ShellWord>,
    /// The option or setting, as written.
    pub name: String,
    /// Its value, when there is one.
    pub value: Option<String>,
}

impl Thrown<'_> {
    /// Where it stands.
    pub fn span(&self) -> Span {
        let first = self.words.first().map(|it| it.span).unwrap_or_default();
        first.to(self.words.last().map_or(first, |it| it.span))
    }
}

/// A table with what tells most programs apart from those it is about: a few bits of their names.
pub struct Programs<'t> {
    table: &'t [Off],
    bits: u64,
}

impl<'t> Programs<'t> {
    /// The programs of a table.
    pub fn of(table: &'t [Off]) -> Self {
        let programs = table.iter().flat_map(|it| match it {
            Off::Option(programs, ..) | Off::Command(programs, ..) => *programs,
            Off::Variable(..) | Off::Line(..) => &[],
        });
        Self { table, bits: programs.fold(0, |bits, it| bits | bit(it)) }
    }

    /// The switches of the table that a command throws.
    pub fn thrown<'a>(&self, command: &'a RunCommand) -> Vec<Thrown<'a>> {
        match self.bits & bit(program_of(command)) {
            0 => Vec::new(),
            _ => thrown(self.table, command),
        }
    }
}

fn bit(program: &str) -> u64 {
    let first = program.bytes().next().unwrap_or_default();
    1 << ((usize::from(first) + program.len() * 7) % 64)
}

/// The switches of a table that a command throws.
pub fn thrown<'a>(table: &[Off], command: &'a RunCommand) -> Vec<Thrown<'a>> {
    let program = program_of(command);
    let ours = |it: &&Off| match it {
        Off::Option(programs, ..) | Off::Command(programs, ..) => programs.contains(&program),
        Off::Variable(..) | Off::Line(..) => false,
    };
    let mut rows = table.iter().filter(ours).peekable();
    if rows.peek().is_none() {
        return Vec::new();
    }
    let rows: Vec<&Off> = rows.collect();
    if !may_throw(&rows, command) {
        return Vec::new();
    }
    let mut found = options(&rows, command);
    found.extend(settings(&rows, command));
    found
}

/// Whether a word of a command could be one of its switches. Most commands have none, and taking
/// them apart is dear.
fn may_throw(rows: &[&Off], command: &RunCommand) -> bool {
    let mut is_first = true;
    command.arguments().iter().any(|word| {
        let text = word.text();
        if !text.starts_with('-') {
            // Settings are made behind a first word that says so.
            return std::mem::take(&mut is_first) && VERBS.contains(&&*text);
        }
        rows.iter().any(|it| match it {
            // One letter may be one of several.
            Off::Option(_, name, _) if name.len() == 2 => {
                text.starts_with(name)
                    || !text.starts_with("--")
                        && name.chars().nth(1).is_some_and(|it| text.contains(it))
            }
            Off::Option(_, name, _) => text.starts_with(name),
            Off::Command(..) | Off::Variable(..) | Off::Line(..) => false,
        })
    })
}

/// The name by which tables know a program: `pip` for `pip3` and `python -m pip`.
fn program_of(command: &RunCommand) -> &str {
    match command.libraries().map(|it| it.library) {
        Some(Library::Pip) => "pip",
        Some(Library::Conda) => "conda",
        _ => &command.program,
    }
}

/// The options of a command that take a value.
pub fn valued(command: &RunCommand) -> &'static [&'static str] {
    match &*command.program {
        "curl" => CURL,
        "wget" => WGET,
        "git" => &["-c", "--config", "-C", "-b", "--branch", "--depth", "-o", "--origin", "-j"],
        "rpm" => &["--root", "--dbpath", "-D", "--define", "--prefix"],
        _ => match (command.packages(), command.libraries()) {
            (Some(call), _) => call.manager.valued,
            (None, Some(call)) => call.library.valued(),
            (None, None) => &["--setopt"],
        },
    }
}

fn options<'a>(rows: &[&Off], command: &'a RunCommand) -> Vec<Thrown<'a>> {
    let arguments = command.arguments();
    let options = command.options(valued(command));
    let mut found: Vec<Thrown<'a>> = Vec::new();
    for flag in &options.flags {
        let value = flag.value.as_deref();
        let given = value.unwrap_or_default();
        let throws = rows.iter().any(|it| match it {
            Off::Option(_, name, values) => *name == flag.name && values.hold(given),
            Off::Command(..) | Off::Variable(..) | Off::Line(..) => false,
        });
        if !throws {
            continue;
        }
        let at = arguments.iter().position(|it| it.span == flag.word.span);
        let Some(word) = at.and_then(|it| arguments.get(it)) else { continue };
        let mut words = vec![word];
        // A value in a word of its own belongs to it.
        if value.is_some() && !word.text().ends_with(given) {
            words.extend(at.and_then(|it| arguments.get(it + 1)));
        }
        let name = flag.name.clone().into_owned();
        found.push(Thrown { words, name, value: value.map(str::to_owned) });
    }
    found
}

/// The first words of commands that set something.
const VERBS: [&str; 4] = ["config", "c", "set", "env"];

/// Settings made by words: a verb, the name, and the value behind it or behind an equals sign.
fn settings<'a>(rows: &[&Off], command: &'a RunCommand) -> Vec<Thrown<'a>> {
    let arguments = command.arguments();
    let operand = |it: &&ShellWord| !it.text().starts_with('-');
    let mut operands = arguments.iter().filter(operand);
    if !operands.next().is_some_and(|it| VERBS.iter().any(|verb| it.is(verb))) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let rest: Vec<&'a ShellWord> = operands.collect();
    for (number, word) in rest.iter().enumerate() {
        let text = word.text();
        let (name, own) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (&*text, None),
        };
        let next = || rest.get(number + 1).map(|it| it.text().into_owned());
        let value: Option<String> = own.clone().or_else(next);
        let throws = rows.iter().any(|it| match it {
            Off::Command(_, key, values) => {
                is_key(key, name) && value.as_deref().is_some_and(|it| values.hold(it))
            }
            Off::Option(..) | Off::Variable(..) | Off::Line(..) => false,
        });
        if throws {
            let mut words = vec![*word];
            if own.is_none() {
                words.extend(rest.get(number + 1));
            }
            found.push(Thrown { words, name: name.to_owned(), value });
        }
    }
    found
}

/// Whether a setting is meant, whatever its case. `a.*.b` in the table stands for any middle.
fn is_key(key: &str, name: &str) -> bool {
    let name = name.as_bytes();
    let part = |range: std::ops::Range<usize>| name.get(range).unwrap_or_default();
    match key.split_once('*') {
        Some((start, end)) => {
            let behind = name.len().saturating_sub(end.len());
            part(0..start.len()).eq_ignore_ascii_case(start.as_bytes())
                && part(behind..name.len()).eq_ignore_ascii_case(end.as_bytes())
        }
        None => name.eq_ignore_ascii_case(key.as_bytes()),
    }
}

/// Whether a variable throws a switch of a table.
pub fn throws_variable(table: &[Off], name: &str, value: &str) -> bool {
    table.iter().any(|it| match it {
        Off::Variable(of, values) => of.eq_ignore_ascii_case(name) && values.hold(value),
        Off::Option(..) | Off::Command(..) | Off::Line(..) => false,
    })
}

/// Whether a table knows a variable of that name.
pub fn knows_variable(table: &[Off], name: &str) -> bool {
    table.iter().any(|it| match it {
        Off::Variable(of, _) => of.eq_ignore_ascii_case(name),
        Off::Option(..) | Off::Command(..) | Off::Line(..) => false,
    })
}

/// Whether a line of a file throws a switch of a table. `path`: the file, if it is known.
pub fn throws_line(table: &[Off], path: Option<&str>, line: &Setting) -> bool {
    let holds = |file: &str| {
        let path = path.map(str::to_ascii_lowercase).unwrap_or_default();
        file.split('|').any(|it| path.contains(it))
    };
    table.iter().any(|it| match it {
        Off::Line(key, values, file) => {
            is_key(key, &line.name) && values.hold(&line.value) && holds(file)
        }
        Off::Option(..) | Off::Command(..) | Off::Variable(..) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    const TABLE: &[Off] = &[
        Off::Option(&["curl"], "-k", Values::Any),
        Off::Option(&["pip"], "--trusted-host", Values::Filled),
        Off::Option(&["dnf"], "--setopt", Values::With(&["sslverify=0"])),
        Off::Command(&["npm"], "strict-ssl", NO),
        Off::Command(&["git"], "http.*sslverify", NO),
        Off::Variable("A_CHECK", NO),
        Off::Line("gpgcheck", NO, ".repo|yum.conf"),
    ];

    #[test]
    fn switches_are_found_however_they_are_written() {
        let list = |text: &str| {
            let commands = parsed(text);
            let all = thrown(TABLE, &commands[0]);
            all.iter()
                .map(|it| (it.name.clone(), it.value.clone(), it.words.len()))
                .collect::<Vec<_>>()
        };
        let one = |name: &str, value: Option<&str>, words: usize| {
            vec![(name.to_owned(), value.map(str::to_owned), words)]
        };
        assert_eq!(list("curl -fsSLko x https://x"), one("-k", None, 1));
        assert_eq!(list("curl -o k https://x"), []);
        assert_eq!(list("pip3 install --trusted-host x y"), one("--trusted-host", Some("x"), 2));
        assert_eq!(
            list("python -m pip install --trusted-host=x y"),
            one("--trusted-host", Some("x"), 1)
        );
        assert_eq!(
            list("dnf --setopt=a.sslverify=0 in x"),
            one("--setopt", Some("a.sslverify=0"), 1)
        );
        assert_eq!(list("npm config set -g strict-ssl false"), one("strict-ssl", Some("false"), 2));
        assert_eq!(list("npm c set 'strict-ssl'=\"false\""), one("strict-ssl", Some("false"), 1));
        assert_eq!(list("npm config get strict-ssl"), []);
        assert_eq!(list("npm install strict-ssl false"), []);
        assert_eq!(list("git config --global http.https://x.sslVerify false").len(), 1);
        assert_eq!(list("wget -k x"), []);
    }

    #[test]
    fn variables_and_lines() {
        assert!(
            throws_variable(TABLE, "a_check", "False") && !throws_variable(TABLE, "A_CHECK", "1")
        );
        let line = |text: &str| setting_of(text);
        assert!(throws_line(TABLE, Some("/etc/yum.repos.d/x.repo"), &line("gpgcheck = 0")));
        assert!(!throws_line(TABLE, Some("/etc/x"), &line("gpgcheck=0")));
        assert!(!throws_line(TABLE, None, &line("gpgcheck=0")));
    }

    fn setting_of(text: &str) -> Setting {
        crate::commands::setting(&text::Cooked::plain(text, 0)).unwrap()
    }
}
