//! What could not be known, why, and what would settle it.

use serde::{Deserialize, Serialize};

use crate::{Input, Place, quote};

/// Why something could not be known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "subject")]
pub enum Why {
    /// The input that would tell was not given.
    NotProvided(Input),
    /// The base image decides, and what it says is not known here.
    BaseImage(Box<str>),
    /// A build argument without a value decides.
    BuildArg(Box<str>),
    /// It is there but cannot be read; the text says what stands in the way.
    Unreadable(Box<str>),
    /// A limit was hit; the text says which, as in `stopped at …`.
    Limit(Box<str>),
    /// What was given does not tell; something else would.
    Incomplete(Box<Incomplete>),
}

/// Why what was given does not tell, and what would.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Incomplete {
    /// What stands in the way, as a sentence without a full stop.
    pub what: Box<str>,
    /// The input that would tell.
    pub input: Input,
    /// A command whose output is that input; empty when no command gives it.
    pub command: Box<str>,
}

/// How an open question can be settled.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settle {
    /// The input that would tell.
    pub input: Input,
    /// What to do, as a button would say it.
    pub label: String,
    /// A command whose output is that input.
    pub command: Option<String>,
}

impl Why {
    /// The reason as a sentence without a full stop.
    pub fn message(&self) -> String {
        match self {
            Self::NotProvided(Input::Run) => {
                "the image sets no limits itself; the run options decide and were not given"
                    .to_owned()
            }
            Self::NotProvided(Input::Layers) => {
                "the image's layers were not examined; only they show which files it holds"
                    .to_owned()
            }
            Self::NotProvided(Input::Context) => {
                "the build context was not given; what is copied from it is not known".to_owned()
            }
            Self::NotProvided(input) => format!("the {} was not given", input.name()),
            Self::BaseImage(name) => format!("base image {} decides", quote(name)),
            Self::BuildArg(name) => {
                format!("build argument {} decides and has no value here", quote(name))
            }
            Self::Unreadable(what) | Self::Limit(what) => what.to_string(),
            Self::Incomplete(it) => it.what.to_string(),
        }
    }

    /// The input that would settle it, if one would.
    pub fn settle(&self) -> Option<Settle> {
        let settle = |input, label: &str, command: Option<String>| {
            Some(Settle { input, label: label.to_owned(), command })
        };
        match self {
            Self::NotProvided(Input::Run) => settle(
                Input::Run,
                "Add container inspect",
                Some("docker inspect CONTAINER".to_owned()),
            ),
            Self::NotProvided(Input::Config) => settle(
                Input::Config,
                "Add image inspect",
                Some("docker image inspect IMAGE".to_owned()),
            ),
            Self::NotProvided(Input::History) => settle(
                Input::History,
                "Add history",
                Some("docker history --no-trunc IMAGE".to_owned()),
            ),
            Self::NotProvided(Input::Layers) => settle(
                Input::Layers,
                "Add the saved image",
                Some("docker save IMAGE -o image.tar".to_owned()),
            ),
            Self::NotProvided(Input::Dockerfile) => {
                settle(Input::Dockerfile, "Add the Dockerfile", None)
            }
            Self::NotProvided(Input::Context) => {
                settle(Input::Context, "Add the build context", None)
            }
            Self::NotProvided(Input::Catalogue) => None,
            Self::BaseImage(name) => settle(
                Input::Config,
                "Add image inspect",
                Some(format!("docker image inspect {}", shell_word(name))),
            ),
            Self::BuildArg(_) => settle(
                Input::Config,
                "Add image inspect of the built image",
                Some("docker image inspect IMAGE".to_owned()),
            ),
            Self::Unreadable(_) | Self::Limit(_) => None,
            Self::Incomplete(it) => {
                let command = (!it.command.is_empty()).then(|| it.command.to_string());
                settle(it.input, add(it.input), command)
            }
        }
    }
}

/// What a button says that takes an input.
fn add(input: Input) -> &'static str {
    match input {
        Input::Run => "Add container inspect",
        Input::Config => "Add image inspect",
        Input::History => "Add the whole history",
        Input::Dockerfile => "Add the Dockerfile",
        Input::Layers => "Add the saved image",
        Input::Context => "Add the build context",
        Input::Catalogue => "Add the base image",
    }
}

/// Something that could not be known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gap {
    /// Where the doubt arises, if at a place.
    pub place: Option<Place>,
    /// Why it is not known.
    pub why: Why,
}

/// A name as it may stand in a command that people copy: anything a shell could act on is quoted.
fn shell_word(name: &str) -> String {
    let name = text::visible(name).to_string();
    let plain = |it: char| it.is_ascii_alphanumeric() || "._-/:@+".contains(it);
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        name
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_command_runs_nothing_else() {
        let command = |name: &str| Why::BaseImage(name.into()).settle().unwrap().command.unwrap();
        assert_eq!(command("node:22"), "docker image inspect node:22");
        assert_eq!(command("a;rm -rf /"), "docker image inspect 'a;rm -rf /'");
        assert_eq!(command("a'b"), r"docker image inspect 'a'\''b'");
        assert_eq!(command("-x"), "docker image inspect '-x'");
    }
}
