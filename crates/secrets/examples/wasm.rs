//! The scan of a sample that is compiled in, for measuring it in WebAssembly: every call of `main`
//! scans all of it. `cargo xtask bench secrets --wasm` builds and runs this.
//!
//! `PLIMSOLL_SAMPLE` names the sample when this is compiled, `PLIMSOLL_LITERALS` leaves out all but
//! the kinds that are known by their literals.

use std::process::ExitCode;

use secrets::Options;

/// What is scanned.
const SAMPLE: &[u8] = include_bytes!(env!("PLIMSOLL_SAMPLE"));

fn main() -> ExitCode {
    let Some(today) = text::Date::from_unix_days(20_781) else { return ExitCode::from(255) };
    let mut options = Options::new(today, [7; 32]);
    options.literals_only = option_env!("PLIMSOLL_LITERALS").is_some();
    let mut scanner = secrets::Scanner::new(&options, Some("sample"));
    // As files are unpacked: in pieces.
    SAMPLE.chunks(256 << 10).for_each(|it| scanner.feed(it));
    let scan = scanner.finish();
    // What hides values in other texts is linked and paid for as well.
    let shown = scan.scrubber.scrub("a text").len();
    let is_secret = secrets::names::is_secret("A_TOKEN", Some("x"));
    let code = scan.hits.len().min(200) + shown + usize::from(is_secret);
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}
