//! What BuildKit would refuse.

use text::{Span, quote};

use crate::Keyword;

/// Something that keeps a file from being built, at its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: ErrorKind,
}

/// The kinds of error. Conditions are those of BuildKit's Dockerfile frontend 1.26.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ErrorKind {
    /// The file holds no instruction.
    Empty,
    /// The file has no `FROM`.
    NoStage,
    /// A physical line is longer than BuildKit's scanner takes.
    LineTooLong,
    /// A here-document is not ended; perhaps by a line with blanks beside the name.
    UnterminatedHeredoc(String, bool),
    /// `# escape=` names something other than a backslash or a backtick.
    BadEscape(String),
    /// A directive is given twice.
    DuplicateDirective(String),
    /// No such instruction; perhaps another was meant.
    UnknownInstruction(String, Option<&'static str>),
    /// An instruction other than `ARG` before the first `FROM`.
    BeforeFrom(Keyword),
    /// Arguments are missing; the text says which are needed.
    MissingArguments(Keyword, &'static str),
    /// `FROM` with neither one nor three arguments.
    FromArguments,
    /// `HEALTHCHECK NONE` with arguments.
    ExtraArguments(&'static str),
    /// The instruction has no such flag; perhaps another was meant.
    UnknownFlag(Keyword, String, Option<&'static str>),
    /// A flag is given twice.
    DuplicateFlag(String),
    /// A flag that needs a value has none.
    FlagWithoutValue(String),
    /// A flag is neither true nor false.
    FlagNotBoolean(String, String),
    /// A flag's value is not one it can have; the second text says what it can be.
    FlagValue(String, String, &'static str),
    /// A `--mount` that BuildKit refuses; the text says why.
    BadMount(String),
    /// A stage name with a bad first character or symbols in it.
    BadStageName(String),
    /// A platform that is not `os[/arch[/variant]]`.
    BadPlatform(String),
    /// The base image's name comes out empty.
    BlankBase,
    /// The image's name is malformed.
    BadImage(String),
    /// A stage is used before it is defined.
    ForwardStage(String),
    /// A stage depends on itself.
    CircularStage(String),
    /// A stage number that does not exist.
    NoSuchStage(String),
    /// A word without an equals sign among pairs.
    PairWithoutEquals(String),
    /// A pair without a name.
    BlankName(Keyword),
    /// `SHELL` that is not a JSON array.
    ShellNotJson,
    /// A JSON array with something other than strings in it.
    ArrayNotStrings,
    /// `VOLUME` with an empty path.
    EmptyVolume,
    /// A `HEALTHCHECK` that BuildKit refuses; the text says why.
    BadHealthcheck(String),
    /// `ONBUILD` of an instruction that cannot be a trigger.
    BadTrigger(String),
    /// A port that is no number, out of range, or a range the wrong way round.
    BadPort(String),
    /// A protocol other than tcp, udp and sctp.
    BadProtocol(String),
    /// A signal that does not exist.
    BadSignal(String),
    /// A file is copied from a URL.
    CopyUrl(String),
    /// A variable where none is resolved.
    VariableNotAllowed(&'static str),
    /// A quote is not closed.
    UnclosedQuote(char),
    /// `${` is not closed.
    UnclosedBrace,
    /// `${}` and the like.
    BadSubstitution,
    /// `${name^^}` and other modifiers that the builder does not know.
    UnsupportedModifier(String),
    /// `${name:?message}` and the variable is not set.
    RequiredVariable(String),
}

impl ErrorKind {
    /// What is wrong, in the present tense, input as [`quote`] shows it.
    pub fn message(&self) -> String {
        let meant =
            |it: &Option<&str>| it.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        match self {
            Self::Empty => "the file holds no instruction".to_owned(),
            Self::NoStage => "the file has no `FROM`, so there is nothing to build".to_owned(),
            Self::LineTooLong => {
                "the line is longer than the 65535 bytes BuildKit reads".to_owned()
            }
            Self::UnterminatedHeredoc(name, false) => {
                format!("the here-document is never ended by a line {}", quote(name))
            }
            Self::UnterminatedHeredoc(name, true) => format!(
                "the here-document is never ended: the line {} has blanks beside the name",
                quote(name)
            ),
            Self::BadEscape(value) => {
                format!(
                    "{} cannot be the escape character; only a backslash or a backtick can",
                    quote(value)
                )
            }
            Self::DuplicateDirective(name) => {
                format!("the directive {} is given twice", quote(name))
            }
            Self::UnknownInstruction(word, near) => {
                format!("{} is no instruction{}", quote(word), meant(near))
            }
            Self::BeforeFrom(keyword) => {
                format!("`{}` stands before the first `FROM`; only `ARG` may", keyword.name())
            }
            Self::MissingArguments(keyword, needs) => {
                format!("`{}` needs {needs}", keyword.name())
            }
            Self::FromArguments => "`FROM` takes an image, or an image, `AS` and a name".to_owned(),
            Self::ExtraArguments(of) => format!("`{of}` takes no arguments"),
            Self::UnknownFlag(keyword, flag, near) => {
                let near = near.map(|it| format!("; did you mean `--{it}`?")).unwrap_or_default();
                format!("`{}` has no flag {}{near}", keyword.name(), flagged(flag))
            }
            Self::DuplicateFlag(flag) => format!("the flag {} is given twice", flagged(flag)),
            Self::FlagWithoutValue(flag) => format!("the flag {} needs a value", flagged(flag)),
            Self::FlagNotBoolean(flag, value) => {
                format!("the flag {} is true or false, not {}", flagged(flag), quote(value))
            }
            Self::FlagValue(flag, value, can_be) => {
                format!("the flag {} cannot be {}; it is {can_be}", flagged(flag), quote(value))
            }
            Self::BadMount(why) | Self::BadHealthcheck(why) => why.clone(),
            Self::BadStageName(name) => format!(
                "{} cannot name a stage: names start with a letter and hold letters, digits, `-`, `_` and `.`",
                quote(name)
            ),
            Self::BadPlatform(value) => {
                format!(
                    "{} is no platform of the form `os/arch` or `os/arch/variant`",
                    quote(value)
                )
            }
            Self::BlankBase => "the name of the base image comes out empty".to_owned(),
            Self::BadImage(name) => format!("{} is no valid image name", quote(name)),
            Self::ForwardStage(name) => {
                format!("stage {} is used before it is defined", quote(name))
            }
            Self::CircularStage(name) => format!("stage {} depends on itself", quote(name)),
            Self::NoSuchStage(name) => {
                format!("there is no stage number {} before this one", quote(name))
            }
            Self::PairWithoutEquals(word) => {
                format!("{} has no `=`; pairs have the form `name=value`", quote(word))
            }
            Self::BlankName(keyword) => format!("a name of `{}` is empty", keyword.name()),
            Self::ShellNotJson => "`SHELL` needs a JSON array of strings".to_owned(),
            Self::ArrayNotStrings => "the JSON array may hold nothing but strings".to_owned(),
            Self::EmptyVolume => "a path of `VOLUME` is empty".to_owned(),
            Self::BadTrigger(word) => format!("{} cannot be a trigger of `ONBUILD`", quote(word)),
            Self::BadPort(port) => {
                format!("{} is no port or range of ports from 0 to 65535", quote(port))
            }
            Self::BadProtocol(protocol) => {
                format!("{} is no protocol; it is `tcp`, `udp` or `sctp`", quote(protocol))
            }
            Self::BadSignal(signal) => format!("{} is no signal", quote(signal)),
            Self::CopyUrl(url) => format!("`COPY` cannot fetch {}; `ADD` can", quote(url)),
            Self::VariableNotAllowed(place) => {
                format!("variables are not resolved in {place}; name a stage with `FROM … AS`")
            }
            Self::UnclosedQuote(quote) => {
                let name = if *quote == '"' { "double" } else { "single" };
                format!("a {name} quote is not closed")
            }
            Self::UnclosedBrace => "a `${` is not closed".to_owned(),
            Self::BadSubstitution => "the substitution after `$` names no variable".to_owned(),
            Self::UnsupportedModifier(modifier) => {
                format!(
                    "the modifier {} in a substitution is not known to the builder",
                    quote(modifier)
                )
            }
            Self::RequiredVariable(name) => {
                format!("variable {} must be set and is not", quote(name))
            }
        }
    }
}

/// A flag as it may stand in a message.
fn flagged(name: &str) -> String {
    quote(&format!("--{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_cannot_leave_its_quotation() {
        let hostile = "a`\x1b[2J\u{202e}";
        let kinds = [
            ErrorKind::UnknownInstruction(hostile.to_owned(), None),
            ErrorKind::UnknownFlag(Keyword::Copy, hostile.to_owned(), None),
            ErrorKind::FlagValue(hostile.to_owned(), hostile.to_owned(), "a number"),
            ErrorKind::BadImage(hostile.to_owned()),
        ];
        for it in kinds {
            let message = it.message();
            assert_eq!(message.matches('`').count() % 2, 0, "{message}");
            assert_eq!(message, text::visible(&message).to_string());
        }
    }
}
