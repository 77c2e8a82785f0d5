//! What a screen reader is told: only what is new, and never in a hurry.

use super::{Effect, State, Timer};

/// How long the live region stays silent after it spoke.
const QUIET: u32 = 800;

/// The live region.
#[derive(Debug, Default)]
pub(crate) struct Live {
    said: String,
    next: Option<String>,
    quiet: bool,
}

impl State {
    /// Says something, or remembers it until the live region may speak again. Of several things
    /// only the newest is said.
    pub(super) fn say(&mut self, text: String, out: &mut Vec<Effect>) {
        if self.live.quiet {
            self.live.next = Some(text);
        } else if text != self.live.said {
            self.live.said.clone_from(&text);
            self.live.quiet = true;
            out.push(Effect::Say(text));
            out.push(Effect::After(QUIET, Timer::Quiet));
        }
    }

    pub(super) fn end_of_silence(&mut self, out: &mut Vec<Effect>) {
        self.live.quiet = false;
        if let Some(text) = self.live.next.take() {
            self.say(text, out);
        }
    }
}
