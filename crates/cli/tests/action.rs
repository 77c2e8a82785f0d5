//! The action for GitHub: its script is run as a runner would, with names that would do harm in it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::process::Command;

use support::Folder;

const ACTION: &str = include_str!("../../../.github/actions/check/action.yml");

/// The scripts of the steps, in order.
fn scripts() -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = ACTION.lines().peekable();
    while let Some(line) = lines.next() {
        if line != "      run: |" {
            continue;
        }
        let mut script = String::new();
        while let Some(it) = lines.next_if(|it| it.starts_with("        ") || it.is_empty()) {
            script += &format!("{}\n", it.trim_start_matches("        "));
        }
        found.push(script);
    }
    found
}

#[test]
fn what_others_say_is_no_part_of_a_script() {
    let scripts = scripts();
    assert_eq!(scripts.len(), 3);
    for it in &scripts {
        assert!(!it.contains("${{"), "{it}");
    }
}

/// Runs the last step, and says what it ended with and the lines that it hands on.
fn step(folder: &Folder, inputs: &[(&str, &str)]) -> (i32, String, String) {
    folder.write("temp/plimsoll/bin/README", "");
    let program = folder.path("temp/plimsoll/bin/plimsoll");
    if !program.exists() {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_plimsoll"), &program).unwrap();
    }
    folder.write("outputs", "");
    let mut command = Command::new("bash");
    // As a runner does.
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &scripts()[2]]);
    for name in ["FILES", "FAIL_ON", "BASELINE", "OPTIONS"] {
        command.env(name, "");
    }
    command.env("SARIF", "plimsoll.sarif").envs(inputs.iter().copied());
    command.env("RUNNER_TEMP", folder.path("temp")).env("GITHUB_OUTPUT", folder.path("outputs"));
    command.env("GITHUB_STEP_SUMMARY", folder.path("summary")).current_dir(folder.path(""));
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), said, folder.read("outputs"))
}

#[test]
fn the_action_checks_and_hands_on_what_it_found() {
    let folder = Folder::new("action");
    folder.write(".git/HEAD", "");
    let name = "a b/$(touch harm);`touch harm`.Dockerfile";
    folder.write(name, "FROM debian:13\nRUN sudo make\nUSER root\n");
    let (code, said, outputs) = step(&folder, &[("FILES", name)]);
    assert!(said.contains("::error file=") && said.contains("runs-as-root"), "{said}");
    let expected = "exit-code=1\nfindings=2\nsarif=plimsoll.sarif\n";
    assert_eq!((code, &*outputs), (1, expected), "{said}");
    assert!(folder.read("summary").contains("runs-as-root"));
    let sarif = folder.read("plimsoll.sarif");
    assert!(sarif.contains("runs-as-root"));
    assert!(!folder.names().contains(&"harm".to_owned()));

    // The rest of the inputs, several words among them.
    let options = "--target\n0\n--today\n2026-11-24";
    let inputs = [("FILES", name), ("FAIL_ON", "never"), ("OPTIONS", options)];
    assert_eq!(step(&folder, &inputs).0, 0);
    folder.write("old.sarif", &sarif);
    let (code, _, outputs) = step(&folder, &[("FILES", name), ("BASELINE", "old.sarif")]);
    assert_eq!((code, outputs.contains("findings=0")), (0, true), "{outputs}");
    let (code, _, outputs) = step(&folder, &[("FILES", "missing")]);
    assert_eq!((code, outputs.contains("exit-code=2\nfindings=0")), (2, true), "{outputs}");
}
