//! Files that hold what is expected: compared as a rule, rewritten when `UPDATE=1` is set.

use std::path::Path;

use similar::TextDiff;
use text::Date;

/// The day all expectations are judged by.
pub(crate) fn today() -> Date {
    Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"))
}

/// Compares what a file holds with what it should hold. With `UPDATE=1` the file is rewritten
/// instead. Gives the difference for people to read.
pub(crate) fn check(path: &Path, holds: &str, should_hold: &str) -> Option<String> {
    if holds == should_hold {
        return None;
    }
    if std::env::var_os("UPDATE").is_some_and(|it| it == "1") {
        return match std::fs::write(path, should_hold) {
            Ok(()) => None,
            Err(it) => Some(format!("cannot write {}: {it}\n", path.display())),
        };
    }
    let diff = TextDiff::from_lines(holds, should_hold);
    let shown = diff.unified_diff().context_radius(3).header("expected", "got").to_string();
    Some(format!("{}\n{shown}\n", path.display()))
}

/// Fails with all differences at once.
#[track_caller]
pub(crate) fn report(differences: &[String]) {
    assert!(
        differences.is_empty(),
        "{}\nRead the differences; UPDATE=1 accepts them.",
        differences.concat()
    );
}
