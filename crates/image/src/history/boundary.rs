//! Where the base image ends and the image's own steps begin.
//!
//! A history does not say that. Several marks hint at it, some better than others; the best one
//! that is there decides, and it is always said which.

use super::{Entry, Maker, Step, What};

/// Where an image's own steps begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Boundary {
    /// How many entries belong to the base image.
    pub base: usize,
    /// What tells that.
    pub witness: Witness,
}

/// What tells where the base image ends, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Witness {
    /// Somebody said so.
    Said,
    /// The Dockerfile: its first step is found there.
    Dockerfile,
    /// The builder named the base image at its first own entry.
    Comment,
    /// Another tool made what follows.
    Maker,
    /// Time passed between the base image's last settings and what follows.
    Time,
    /// The base image's last command is followed by a layer.
    Command,
    /// All that is known is that the root file system comes first.
    RootFileSystem,
    /// Nothing in it comes from another image.
    Scratch,
}

impl Witness {
    /// How it tells, as it stands behind "because".
    pub fn reason(self) -> &'static str {
        match self {
            Self::Said => "that is what the settings say",
            Self::Dockerfile => "the first step of the Dockerfile is found there",
            Self::Comment => "the builder notes there what it builds on",
            Self::Maker => "another tool made what follows",
            Self::Time => "a command is set there and more than an hour passes until the next step",
            Self::Command => "a command is set there and a layer follows",
            Self::RootFileSystem => "the root file system comes first",
            Self::Scratch => "no entry comes from another image",
        }
    }
}

/// More time than this does not pass between two steps of a build that runs through.
const HOUR: i64 = 3600;

/// Finds where the base image ends.
pub fn boundary(entries: &[Entry], steps: &[Step]) -> Boundary {
    let found = |base: Option<usize>, witness| base.map(|base| Boundary { base, witness });
    found(comment(entries), Witness::Comment)
        .or_else(|| found(maker(steps), Witness::Maker))
        .or_else(|| found(time(entries, steps), Witness::Time))
        .or_else(|| found(command(entries, steps), Witness::Command))
        .unwrap_or_else(|| first(steps))
}

/// buildah notes `FROM image` at the first entry of its own.
fn comment(entries: &[Entry]) -> Option<usize> {
    entries.iter().rposition(|it| it.comment.starts_with("FROM "))
}

/// The last place where another tool takes over.
fn maker(steps: &[Step]) -> Option<usize> {
    let makers: Vec<Maker> = steps.iter().map(|it| it.maker).collect();
    let known = |it: Maker| it != Maker::Unknown;
    let changes = makers.windows(2).rposition(|pair| match pair {
        [before, after] => before != after && known(*before) && known(*after),
        _ => false,
    })?;
    // The classic builder and buildah are told apart by a blank; that is no change of tools.
    let pair = makers.get(changes..changes + 2).unwrap_or_default();
    let same = |it: &Maker| matches!(it, Maker::Classic | Maker::Buildah);
    (!pair.iter().all(same)).then_some(changes + 1)
}

/// The last command of a base image that was built at another time.
fn time(entries: &[Entry], steps: &[Step]) -> Option<usize> {
    (1..entries.len()).rev().find(|index| {
        let pair = entries.get(index - 1..=*index).unwrap_or_default();
        let [before, after] = pair else { return false };
        let passed = before.time.zip(after.time).and_then(|(from, to)| from.until(to));
        let closes = steps.get(index - 1).is_some_and(closes);
        closes && passed.is_some_and(|it| it > HOUR)
    })
}

/// The last command that a layer follows.
fn command(entries: &[Entry], steps: &[Step]) -> Option<usize> {
    let last_layer = (0..entries.len()).rev().find(|index| {
        let entry = entries.get(*index);
        entry.is_some_and(|it| !it.has_no_layer())
            && steps.get(*index).is_some_and(|it| !is_setting(it))
    })?;
    (0..last_layer)
        .rev()
        .find(|index| {
            matches!(steps.get(*index).map(|it| &it.what), Some(What::Instruction("CMD", _)))
        })
        .map(|it| it + 1)
}

/// The root file system, or nothing.
fn first(steps: &[Step]) -> Boundary {
    let root = match steps.first().map(|it| (&it.what, it.maker)) {
        Some((What::Instruction("ADD" | "COPY", rest), _)) => {
            let text = rest.as_str().trim_end();
            text.ends_with(" in /") || text.ends_with(" /")
        }
        Some((What::Foreign, maker)) => maker != Maker::Unknown,
        _ => false,
    };
    match root {
        true => Boundary { base: 1, witness: Witness::RootFileSystem },
        false => Boundary { base: 0, witness: Witness::Scratch },
    }
}

/// Whether it is how images end.
fn closes(step: &Step) -> bool {
    match &step.what {
        What::Instruction(keyword, _) => matches!(*keyword, "CMD" | "ENTRYPOINT" | "USER"),
        What::Foreign => true,
        What::Shell(..) | What::Exec(_) | What::Lost | What::Line(_) => false,
    }
}

/// Whether it sets something and makes no layer.
fn is_setting(step: &Step) -> bool {
    match &step.what {
        What::Instruction(keyword, _) => !matches!(*keyword, "ADD" | "COPY" | "WORKDIR"),
        What::Shell(..) | What::Exec(_) | What::Lost | What::Line(_) | What::Foreign => false,
    }
}
