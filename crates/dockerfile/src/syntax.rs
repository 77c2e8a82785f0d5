//! The tree: what a Dockerfile says, piece by piece, with its places.

use text::{Cooked, Span};

use crate::{Directive, Flag, Heredoc, Keyword, Mount, SyntaxError};

/// A Dockerfile taken apart. Invariant: the pieces tile the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dockerfile {
    /// Everything in the file, in order, without gaps.
    pub pieces: Vec<Piece>,
    /// What is wrong with it, in order of place.
    pub errors: Vec<SyntaxError>,
    /// The character that escapes and continues lines: a backslash unless a directive says so.
    pub escape: char,
}

impl Dockerfile {
    /// The instructions in order.
    pub fn instructions(&self) -> impl Iterator<Item = &Instruction> {
        self.pieces.iter().filter_map(Piece::instruction)
    }

    /// The value of a parser directive.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        let directives = self.pieces.iter().filter_map(|it| match it {
            Piece::Directive(it) => Some(it),
            Piece::Mark(_) | Piece::Comment(_) | Piece::Blank(_) | Piece::Instruction(_) => None,
        });
        directives.into_iter().find(|it| it.name.text.as_str().eq_ignore_ascii_case(name))
    }
}

/// A stretch of the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// The byte order mark, or whatever else stands before the file.
    Mark(Span),
    /// A parser directive, with its line end.
    Directive(Directive),
    /// A comment on lines of its own, with its line end.
    Comment(Span),
    /// A blank line.
    Blank(Span),
    /// An instruction with all its lines, comments between them and heredocs after them.
    Instruction(Box<Instruction>),
}

impl Piece {
    /// The stretch it covers.
    pub fn span(&self) -> Span {
        match self {
            Self::Mark(it) | Self::Comment(it) | Self::Blank(it) => *it,
            Self::Directive(it) => it.span,
            Self::Instruction(it) => it.span,
        }
    }

    /// The instruction, if it is one.
    pub fn instruction(&self) -> Option<&Instruction> {
        match self {
            Self::Instruction(it) => Some(it),
            Self::Mark(_) | Self::Directive(_) | Self::Comment(_) | Self::Blank(_) => None,
        }
    }
}

/// One instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// All of it, with the last line end. For a trigger of `ONBUILD`: from its keyword on.
    pub span: Span,
    /// The keyword as written, in whatever case.
    pub word: Word,
    /// Which keyword it is; nothing when it is none that is known.
    pub keyword: Option<Keyword>,
    /// Flags, in order.
    pub flags: Vec<Flag>,
    /// What follows the flags, as one line.
    pub args: Cooked,
    /// What the arguments mean.
    pub kind: Kind,
    /// Here-documents, in order.
    pub heredocs: Vec<Heredoc>,
    /// Comments between its lines.
    pub comments: Vec<Span>,
    /// Blank lines between its lines. BuildKit warns of them and will refuse them one day.
    pub blanks: Vec<Span>,
}

impl Instruction {
    /// From the keyword to the last argument, without heredoc bodies and line end.
    pub fn code(&self) -> Span {
        let flags = self.flags.last().map(|it| it.span);
        let args = (!self.args.is_empty()).then(|| self.args.whole());
        let end = args.or(flags).unwrap_or(self.word.span);
        self.word.span.to(end)
    }

    /// The last flag of that name.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|it| it.name == name)
    }
}

/// A word with its place. Quotes, escapes and variables stand as written; [`crate::Scope`]
/// resolves them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub text: Cooked,
}

impl Word {
    /// The word that is all of `text`.
    pub fn new(text: Cooked) -> Self {
        Self { span: text.whole(), text }
    }

    /// What it says, as written.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// Where a variable is named in it, as in `$name` and `${name:-default}`: the name alone.
    pub fn places_of(&self, name: &str) -> Vec<Span> {
        let text = self.as_str();
        let whole = |end: usize| {
            let next = text.get(end..).and_then(|it| it.chars().next());
            next.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '_')
        };
        let found = text.match_indices(name).filter(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default();
            let braced = before.ends_with("${");
            (braced || before.ends_with('$')) && whole(at + name.len())
        });
        found.map(|(at, _)| self.text.span(at..at + name.len())).collect()
    }
}

/// The meaning of an instruction's arguments. A missing argument is an empty word or list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `ADD source… destination`
    Add(Transfer),
    /// `ARG name[=default]…`
    Arg(Vec<ArgDeclaration>),
    /// `CMD …`
    Cmd(Form),
    /// `COPY source… destination`
    Copy(Transfer),
    /// `ENTRYPOINT …`
    Entrypoint(Form),
    /// `ENV name=value…` or `ENV name value`
    Env(Vec<Pair>),
    /// `EXPOSE port…`
    Expose(Vec<Word>),
    /// `FROM image [AS name]`
    From(From),
    /// `HEALTHCHECK …`
    Healthcheck(Healthcheck),
    /// `LABEL name=value…` or `LABEL name value`
    Label(Vec<Pair>),
    /// `MAINTAINER name`
    Maintainer(Word),
    /// `ONBUILD instruction`
    Onbuild(Option<Box<Instruction>>),
    /// `RUN …`
    Run(Run),
    /// `SHELL ["program", "argument"…]`
    Shell(Form),
    /// `STOPSIGNAL signal`
    Stopsignal(Word),
    /// `USER user[:group]`
    User(Word),
    /// `VOLUME path…` or `VOLUME ["path"…]`
    Volume(Vec<Word>),
    /// `WORKDIR path`
    Workdir(Word),
    /// A keyword that is not known.
    Unknown,
}

/// A command as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// Handed to the shell as it stands.
    Shell(Cooked),
    /// A JSON array: run without a shell. The words are decoded.
    Exec(Vec<Word>),
}

impl Form {
    /// Whether there is no command at all.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Shell(it) => it.is_empty(),
            Self::Exec(it) => it.is_empty(),
        }
    }
}

/// `RUN`: its command and mounts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    /// The command.
    pub form: Form,
    /// Its `--mount` flags.
    pub mounts: Vec<Mount>,
}

/// `FROM`: the base image or stage, and the name of the new stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct From {
    /// The image, or the stage.
    pub image: Word,
    /// The word `AS`.
    pub as_word: Option<Word>,
    /// The name of the stage.
    pub name: Option<Word>,
}

/// `COPY` and `ADD`: what is copied where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transfer {
    /// What is copied; heredocs appear by their `<<NAME` words.
    pub sources: Vec<Word>,
    /// Where it goes; nothing when fewer than two paths are given.
    pub destination: Option<Word>,
    /// Whether the paths are a JSON array.
    pub json: bool,
}

/// `ENV` and `LABEL`: one name and its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    /// The name.
    pub name: Word,
    /// The value, quotes and escapes as written.
    pub value: Word,
    /// What stands between them.
    pub separator: Separator,
}

/// What separates a name from its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Separator {
    /// `name=value`
    Equals,
    /// `name value`, the old form
    Space,
}

/// `ARG`: one name, with its default.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ArgDeclaration {
    /// The name.
    pub name: Word,
    /// The default, quotes and escapes as written.
    pub default: Option<Word>,
}

/// `HEALTHCHECK`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Healthcheck {
    /// `HEALTHCHECK NONE`: an inherited check is switched off.
    None,
    /// `HEALTHCHECK CMD …`
    Cmd(Form),
    /// A type that is not known, or none.
    Unknown(Word),
}
