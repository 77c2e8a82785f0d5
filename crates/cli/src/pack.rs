//! The pack that looks through shell scripts, where it is built in.

use anyhow::Result;
use rules::Linter;

/// What looks through scripts.
#[cfg(feature = "shellcheck")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the pack has none to give")]
pub(crate) fn linter() -> Result<Linter> {
    Ok(Linter(look))
}

/// Nothing does here.
#[cfg(not(feature = "shellcheck"))]
pub(crate) fn linter() -> Result<Linter> {
    anyhow::bail!(
        "this plimsoll was built without what looks through shell scripts; \
         `cargo build --release --features shellcheck` builds one that has it"
    )
}

/// What looks goes down with every level of a script. Untouched, it costs nothing.
#[cfg(feature = "shellcheck")]
const STACK: usize = 64 << 20;

#[cfg(feature = "shellcheck")]
fn look(language: rules::Language, text: &str) -> Option<Vec<rules::Hit>> {
    let text = text.to_owned();
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(move || hits(language, &text)).ok()?.join().ok()?
}

#[cfg(feature = "shellcheck")]
fn hits(language: rules::Language, text: &str) -> Option<Vec<rules::Hit>> {
    let dialect = match language {
        rules::Language::Posix => shell::Dialect::Posix,
        rules::Language::Dash => shell::Dialect::Dash,
        rules::Language::Ash => shell::Dialect::Ash,
        rules::Language::Bash => shell::Dialect::Bash,
    };
    let hit = |it: shell::Hit| {
        let shell::Hit { start, end, code, accepted } = it;
        rules::Hit { code, start, end, accepted }
    };
    Some(shell::look(dialect, text)?.into_iter().map(hit).collect())
}

#[cfg(test)]
mod tests;
