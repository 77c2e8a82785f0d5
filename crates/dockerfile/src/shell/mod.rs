//! The commands inside `RUN` and other shell forms: POSIX shell with the parts of bash that people
//! use, with places in the Dockerfile.
//!
//! The parser is tolerant: what it does not understand is kept as [`Command::Odd`] with its place
//! and never guessed at, and reading goes on behind it.

mod invocation;
mod parser;
mod reader;
mod word;

use text::{Cooked, Span};

pub use invocation::{Invocation, invocation};
pub use parser::parse;
pub use word::{Part, ShellWord};

/// Commands in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// The commands, each with what joins it to the one before.
    pub steps: Vec<Step>,
}

/// A command in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What joins it to the one before.
    pub joint: Joint,
    /// The command.
    pub command: Command,
    /// Whether it runs in the background.
    pub background: bool,
}

/// What stands between two commands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Joint {
    /// `;`, a line end, or nothing before the first one: the second runs in any case.
    Then,
    /// `&&`: the second runs if the first succeeds.
    And,
    /// `||`: the second runs if the first fails.
    Or,
}

/// A command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// A program with its words.
    Simple(Box<Simple>),
    /// Two or more commands joined by `|`.
    Pipeline(Vec<Command>),
    /// `! command`
    Not(Box<Command>),
    /// `( … )` and `{ …; }`, with redirections behind.
    Group(Script, Vec<Redirect>),
    /// `if`, with conditions and bodies in order; a body without a condition is the `else`.
    If(Vec<(Option<Script>, Script)>, Vec<Redirect>),
    /// `while`, `until`, `for`, `select`.
    Loop(Box<Loop>),
    /// `case`, with the body of each arm.
    Case(ShellWord, Vec<Arm>, Vec<Redirect>),
    /// `name() …`
    Function(String, Box<Command>),
    /// Not understood: its place.
    Odd(Span),
}

/// A loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loop {
    /// The variable of a `for`.
    pub variable: Option<String>,
    /// The words a `for` goes through.
    pub words: Vec<ShellWord>,
    /// The condition of a `while` or `until`.
    pub condition: Script,
    /// What is repeated.
    pub body: Script,
    /// Redirections behind `done`.
    pub redirects: Vec<Redirect>,
}

/// An arm of a `case`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arm {
    /// Its patterns.
    pub patterns: Vec<ShellWord>,
    /// What is done.
    pub body: Script,
}

/// A program with its words, its variables and its redirections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Simple {
    /// All of it.
    pub span: Span,
    /// Assignments before the program; without a program they set the shell's variables.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments.
    pub words: Vec<ShellWord>,
    /// Redirections.
    pub redirects: Vec<Redirect>,
}

/// `name=value` before a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// The name.
    pub name: String,
    /// The value.
    pub value: ShellWord,
    /// All of it.
    pub span: Span,
}

/// A redirection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Redirect {
    /// The operator: `>`, `>>`, `<`, `<<`, `<<<`, `>&`, …
    pub operator: &'static str,
    /// The file descriptor before it.
    pub descriptor: Option<u32>,
    /// The word behind it.
    pub target: ShellWord,
    /// The text of a here-document.
    pub body: Option<Cooked>,
    /// Operator and word.
    pub span: Span,
}

/// Where a simple command stands among others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Context {
    /// Whether its output is taken by a command substitution.
    pub substituted: bool,
    /// Whether it decides a condition of `if` or `while`, or is negated.
    pub condition: bool,
}

impl Script {
    /// Visits every pipeline in it, in order and at any depth; a command alone is a pipeline of
    /// one. Compound commands show as themselves, and what is inside them is visited after.
    pub fn visit<'a>(&'a self, f: &mut impl FnMut(&[&'a Command], Context)) {
        self.visit_in(Context::default(), f);
    }

    /// Every simple command, at any depth.
    pub fn simple_commands(&self) -> Vec<&Simple> {
        let mut found = Vec::new();
        self.visit(&mut |pipeline, _| {
            found.extend(pipeline.iter().filter_map(|it| it.simple()));
        });
        found
    }

    /// Places of what was not understood.
    pub fn odd(&self) -> Vec<Span> {
        let mut found = Vec::new();
        self.visit(&mut |pipeline, _| {
            found.extend(pipeline.iter().filter_map(|it| match it {
                Command::Odd(span) => Some(*span),
                _ => None,
            }));
        });
        found
    }

    fn visit_in<'a>(&'a self, context: Context, f: &mut impl FnMut(&[&'a Command], Context)) {
        for it in &self.steps {
            it.command.visit(context, f);
        }
    }
}

impl Command {
    /// The simple command, if it is one.
    pub fn simple(&self) -> Option<&Simple> {
        match self {
            Self::Simple(it) => Some(it),
            _ => None,
        }
    }

    fn visit<'a>(&'a self, context: Context, f: &mut impl FnMut(&[&'a Command], Context)) {
        match self {
            Self::Pipeline(parts) => {
                let all: Vec<&Command> = parts.iter().collect();
                f(&all, context);
                for it in parts {
                    it.visit_inside(context, f);
                }
            }
            Self::Not(inner) => inner.visit(Context { condition: true, ..context }, f),
            _ => {
                f(&[self], context);
                self.visit_inside(context, f);
            }
        }
    }

    fn visit_inside<'a>(&'a self, context: Context, f: &mut impl FnMut(&[&'a Command], Context)) {
        let condition = Context { condition: true, ..context };
        match self {
            Self::Simple(it) => {
                let values = it.assignments.iter().map(|it| &it.value);
                let targets = it.redirects.iter().map(|it| &it.target);
                for word in values.chain(&it.words).chain(targets) {
                    visit_word(word, context, f);
                }
            }
            Self::Pipeline(parts) => {
                for it in parts {
                    it.visit_inside(context, f);
                }
            }
            Self::Not(inner) => inner.visit(condition, f),
            Self::Group(script, _) => script.visit_in(context, f),
            Self::If(arms, _) => {
                for (test, body) in arms {
                    if let Some(test) = test {
                        test.visit_in(condition, f);
                    }
                    body.visit_in(context, f);
                }
            }
            Self::Loop(it) => {
                for word in &it.words {
                    visit_word(word, context, f);
                }
                it.condition.visit_in(condition, f);
                it.body.visit_in(context, f);
            }
            Self::Case(word, arms, _) => {
                visit_word(word, context, f);
                for arm in arms {
                    arm.body.visit_in(context, f);
                }
            }
            Self::Function(_, body) => body.visit(context, f),
            Self::Odd(_) => {}
        }
    }
}

fn visit_word<'a>(
    word: &'a ShellWord,
    context: Context,
    f: &mut impl FnMut(&[&'a Command], Context),
) {
    for part in &word.parts {
        match part {
            Part::Commands { script, .. } | Part::Process { script, .. } => {
                script.visit_in(Context { substituted: true, ..context }, f);
            }
            Part::Literal { .. } | Part::Variable { .. } | Part::Arithmetic { .. } => {}
        }
    }
}
