//! What rules about containers have in common: one option is looked at, and what it comes to.

use report::{Incomplete, Input, Outcome, Why};

use crate::Case;
use crate::facts::{Container, Grant, Notation};

/// What an option comes to.
pub(crate) enum Judged {
    /// It is wrong; the message says what that means.
    Fails(String),
    /// It is in order; the note says how.
    Clear(String),
    /// It cannot be told.
    Open(Why),
    /// It does not matter here.
    Moot,
}

impl Judged {
    pub(crate) fn fails(message: &str) -> Self {
        Self::Fails(message.to_owned())
    }

    pub(crate) fn clear(note: &str) -> Self {
        Self::Clear(note.to_owned())
    }
}

/// The container of a case, unless it runs Windows.
pub(crate) fn linux(case: &Case) -> Option<&Container> {
    case.facts.container.as_deref().filter(|it| !it.is_windows)
}

/// Judges one option of a Linux container.
pub(crate) fn judge<T>(
    case: &Case,
    out: &mut Outcome,
    grant: impl Fn(&Container) -> &Grant<T>,
    verdict: impl Fn(&Container, Option<&T>) -> Judged,
) {
    let Some(container) = linux(case) else { return };
    let grant = grant(container);
    let Some(at) = grant.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    match verdict(container, grant.value()) {
        Judged::Fails(message) => {
            out.fail(at, message);
        }
        Judged::Clear(note) => out.clear(at, note),
        Judged::Open(why) => out.gap(at, why),
        Judged::Moot => {}
    }
}

/// Why an option is not known that the input does not tell: the same for all options, so that it
/// is said once.
pub(crate) fn untold(container: &Container) -> Why {
    let (what, command) = match container.notation {
        Notation::Kubernetes => ("the pod does not tell all options; its node decides", ""),
        Notation::Inspect | Notation::RunLine | Notation::Compose => (
            "what was given does not tell all of the container's options",
            "docker inspect CONTAINER",
        ),
    };
    Why::Incomplete(Box::new(Incomplete {
        what: what.into(),
        input: Input::Run,
        command: command.into(),
    }))
}

/// Whether the main process runs as root, as far as that is known.
pub(crate) fn is_root(case: &Case) -> Option<bool> {
    let user = case.facts.user.best()?;
    user.value.as_ref().ok().map(crate::facts::User::is_root)
}
