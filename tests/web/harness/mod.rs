//! Drives real browsers over the built site, and records what they ask for.

mod browser;
mod driver;
mod page;
mod recorder;
mod site;

pub(crate) use browser::Engine;
pub(crate) use page::Page;
pub(crate) use recorder::{Recorder, mentions};
pub(crate) use site::Site;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine: reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file or folder that `cargo xtask test` has prepared.
fn place(variable: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(it) => it.into(),
        None => panic!("{variable} is not set: these tests run through `cargo xtask test`"),
    }
}

/// The whole checker as one file.
pub(crate) fn single() -> PathBuf {
    place("PLIMSOLL_SINGLE")
}

/// Asks again and again until there is an answer; nothing after a long time.
pub(crate) fn poll<T>(mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if start.elapsed() > PATIENCE {
            return None;
        }
        std::thread::sleep(Duration::from_millis(30));
    }
}
