//! The companion in a terminal, the manual pages and the completions.

mod support;

use support::{Folder, run};

fn said(arguments: &[&str]) -> String {
    let folder = Folder::new(&format!("docs-{}", arguments.join("-").replace('/', "")));
    let got = run(&folder, arguments, "");
    assert_eq!((got.code, &*got.errors), (0, ""), "{arguments:?}");
    got.out
}

#[test]
fn a_page_reads_well_in_a_terminal() {
    let page = said(&["docs", "from-hadolint"]);
    assert!(page.contains("\n- DL3002: runs-as-root\n"), "{page}");
    assert!(page.contains("settings (`plimsoll docs settings`) that say the same"), "{page}");
    let page = said(&["docs", "docker-socket"]);
    assert!(page.contains("docker-socket-volume (`plimsoll docs docker-socket-volume`)"), "{page}");
    let page = said(&["docs", "shell-scripts"]);
    assert!(page.contains("[ShellCheck](https://www.shellcheck.net/)"), "{page}");
    for name in said(&["docs"]).lines().filter_map(|it| it.strip_prefix("  ")) {
        let page = said(&["docs", name.split_whitespace().next().unwrap_or_default()]);
        assert!(!page.contains(".md)") && !page.contains("<!--"), "{page}");
    }
}

#[test]
fn everything_is_one_text_for_those_who_want_that() {
    let all = said(&["docs", "--markdown"]);
    for expected in
        ["# The four questions\n", "# The main process runs as root\n", "# How to check in CI\n"]
    {
        assert_eq!(all.matches(expected).count(), 1, "{expected}");
    }
    let rules = said(&["rules"]);
    for id in rules.lines().filter_map(|it| it.split_whitespace().next()) {
        assert!(all.contains(&format!("\n{id} \u{b7} ")), "{id}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command_and_all_options() {
    let folder = Folder::new("man");
    let got = run(&folder, &["man", "--output", "man1"], "");
    assert_eq!(got.code, 0, "{got:?}");
    let check = folder.read("man1/plimsoll-check.1");
    for expected in [".SH NAME", "\\-\\-baseline", "\\-\\-fail\\-on", "Exit codes: 0"] {
        assert!(check.contains(expected), "{expected} is not in {check}");
    }
    let page = said(&["man"]);
    assert!(page.contains("plimsoll\\-check(1)"), "{page}");
}

#[test]
fn shells_complete_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(&["completions", shell]);
        assert!(script.contains("explain") && script.contains("fail-on-unknown"), "{shell}");
    }
}
