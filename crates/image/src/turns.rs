//! Work in turns: what reads for long can pause, so that whoever runs it looks after something else
//! meanwhile. A browser worker hears nothing while it works, so without pauses nobody could stop it.
//!
//! It is a future that waits for nothing: whoever polls it again goes on with it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What is to happen after a while of reading.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Next {
    /// Go on.
    On,
    /// Pause, then ask again.
    Pause,
    /// Read no more; what was found is kept.
    Stop,
}

/// Ends this turn.
pub(crate) async fn pause() {
    let mut is_over = false;
    poll_fn(|_| {
        let was_over = std::mem::replace(&mut is_over, true);
        if was_over { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Asks until it is clear whether to go on.
pub async fn asked(mut ask: impl FnMut() -> Next) -> bool {
    loop {
        match ask() {
            Next::On => return true,
            Next::Stop => return false,
            Next::Pause => pause().await,
        }
    }
}

/// Does all of the work, one turn right after the other.
pub fn finish<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(it) = work.as_mut().poll(&mut context) {
            return it;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_one_turn() {
        let mut answers = [Next::Pause, Next::Pause, Next::On].into_iter();
        let mut work = pin!(asked(|| answers.next().unwrap()));
        let mut context = Context::from_waker(Waker::noop());
        let turns = (0..3).map(|_| work.as_mut().poll(&mut context));
        assert_eq!(turns.collect::<Vec<_>>(), [Poll::Pending, Poll::Pending, Poll::Ready(true)]);
        assert!(!finish(asked(|| Next::Stop)));
    }
}
