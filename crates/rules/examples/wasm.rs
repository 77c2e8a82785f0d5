//! The check of texts that are compiled in, for measuring it in WebAssembly: every call of `main`
//! checks the next one and writes the message for the page. `cargo xtask bench rules-wasm` builds
//! and runs this.
//!
//! `PLIMSOLL_SAMPLE` names the file of the texts when this is compiled; NULs stand between them.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use report::wire::Tell;
use rules::{Case, Document};
use text::Date;

/// What is checked.
const SAMPLE: &str = include_str!(env!("PLIMSOLL_SAMPLE"));

/// How many checks there were.
static CALLS: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    let Some(today) = Date::from_unix_days(20_781) else { return ExitCode::FAILURE };
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let text = SAMPLE.split('\0').cycle().nth(call % SAMPLE.split('\0').count());
    let bytes = text.unwrap_or_default().as_bytes();
    let document = Document { name: "Dockerfile", bytes, taken_for: None };
    let report = rules::check(&Case::new(&[document], today));
    ExitCode::from(u8::from(Tell::done(0, report, Vec::new()).to_text().is_err()))
}
