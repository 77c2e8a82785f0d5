//! Runs the tests, every kind or one.

use anyhow::Result;

/// The options of `cargo xtask test`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// One kind of test; all when absent.
    pub only: Option<Kind>,
}

/// A kind of test.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Everything that needs no browser, tidiness included.
    Unit,
    /// Tidiness alone.
    Tidy,
    /// What a real browser has to prove.
    Browser,
}

/// Runs the tests.
pub fn run(_options: &Options) -> Result<()> {
    anyhow::bail!("to be written")
}
