//! How source files look: not too long, with a comment at the top, silent unless they may speak.

use crate::sources;

/// Longer files have more than one subject.
const MAX_LINES: usize = 600;

/// Where printing is the purpose.
const MAY_PRINT: [&str; 3] = ["crates/cli/", "tests/", "xtask/"];

const PRINTERS: [&str; 5] = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];

#[test]
fn no_file_is_too_long() {
    for (path, content) in sources(&["rs", "js", "css"]) {
        let n_lines = content.lines().count();
        assert!(n_lines <= MAX_LINES, "{path} has {n_lines} lines: does it have two subjects?");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, content) in sources(&["rs"]) {
        let first = content.lines().next().unwrap_or_default();
        let is_said = first.strip_prefix("//! ").is_some_and(|it| it.len() > 10);
        assert!(is_said, "{path} starts with `{first}` instead of a comment on the module");
    }
}

/// The macros that print in a line of code.
fn printers(line: &str) -> Vec<&'static str> {
    let code = line.split("//").next().unwrap_or_default();
    let is_called = |name: &&str| {
        code.match_indices(*name).any(|(at, _)| {
            !code[..at].ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_')
        })
    };
    PRINTERS.into_iter().filter(|it| is_called(it)).collect()
}

#[test]
fn only_shells_print() {
    for (path, content) in sources(&["rs"]) {
        if MAY_PRINT.iter().any(|it| path.starts_with(it)) {
            continue;
        }
        for (index, line) in content.lines().enumerate() {
            let found = printers(line);
            assert!(found.is_empty(), "{path}:{}: {found:?}", index + 1);
        }
    }
}

#[test]
fn printing_is_recognized() {
    assert_eq!(printers("    println!(\"x\");"), ["println!"]);
    assert_eq!(printers("std::eprint!(\"x\")"), ["eprint!"]);
    assert!(printers("// println! is for shells").is_empty());
    assert!(printers("sprintln!(x)").is_empty());
}

#[test]
fn only_browser_tests_are_left_out() {
    for (path, content) in sources(&["rs"]) {
        if path.starts_with("tests/web/") || path == "tests/tidy/files.rs" {
            continue;
        }
        assert!(!content.contains("#[ignore"), "{path} leaves tests out");
    }
}
