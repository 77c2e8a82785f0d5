//! `plimsoll import hadolint`.

mod support;

use support::{Folder, run};

const HADOLINT: &str = "\
# What the team agreed on.
failure-threshold: warning
ignored:
  - DL3004
  - DL3008   # we do not pin
  - SC2086
  - DL9999
trustedRegistries: [docker.io, \"a \\\"b\\\".example\"]
disable-ignore-pragma: true
override:
  error: [DL3001, DL3002]
label-schema:
  author: text
format: tty
";

#[test]
fn settings_of_hadolint_become_ours() {
    let folder = Folder::new("import");
    folder.write(".git/HEAD", "");
    folder.write(".hadolint.yaml", HADOLINT);
    let got = run(&folder, &["import", "hadolint"], "");
    let expected = "\
trusted = [\"docker.io\", \"a \\\"b\\\".example\"]
fail-on = \"medium\"
foreign-ignores = false

[rules]
no-sudo = { off = \"DL3004 was ignored for hadolint\" }
shell-sc2086 = { off = \"SC2086 was ignored for hadolint\" }
unpinned-system-packages = { off = \"DL3008 was ignored for hadolint\" }
";
    assert_eq!((got.code, &*got.out), (0, expected));
    let told = "\
plimsoll: left out: ignored DL9999 (there is no such rule here)
plimsoll: left out: label-schema
plimsoll: left out: override error: DL3001, DL3002 (the severity of a rule is not changed here)
";
    let mut lines: Vec<&str> = got.errors.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines.join("\n") + "\n", told);

    // It is read as it is written.
    folder.write("plimsoll.toml", &got.out);
    folder.write("Dockerfile", "FROM docker.io/library/debian:13\nRUN sudo make\nUSER 1000\n");
    let got = run(&folder, &["check", "Dockerfile"], "");
    assert_eq!((got.code, &*got.errors), (0, ""), "{}", got.out);
    assert!(got.out.contains("Switched off by the settings: `no-sudo`"), "{}", got.out);
}

/// All names that hadolint has, several of which are one rule here.
#[test]
fn every_name_of_hadolint_can_be_ignored() {
    let folder = Folder::new("import-all");
    folder.write(".git/HEAD", "");
    let table = run(&folder, &["docs", "from-hadolint"], "").out;
    let names: Vec<&str> =
        table.lines().filter_map(|it| it.strip_prefix("- DL")?.split(':').next()).collect();
    assert!(names.len() > 50, "{names:?}");
    let list: String = names.iter().map(|it| format!("- DL{it}\n")).collect();
    let got =
        run(&folder, &["import", "hadolint", "-"], format!("ignored:\n{list}no-fail: true\n"));
    assert_eq!((got.code, &*got.errors), (0, ""));
    assert!(got.out.starts_with("fail-on = \"never\"\n"), "{}", got.out);
    folder.write("plimsoll.toml", &got.out);
    folder.write("Dockerfile", "FROM debian:13\n");
    let got = run(&folder, &["check", "Dockerfile"], "");
    assert_eq!((got.code, &*got.errors), (0, ""));
}

#[test]
fn what_is_no_yaml_is_said() {
    let folder = Folder::new("import-broken");
    for (text, code) in [("", 0), ("a: [b", 2), ("\t- x: {", 2)] {
        let got = run(&folder, &["import", "hadolint", "-"], text);
        assert_eq!(got.code, code, "{text}: {got:?}");
    }
    assert_eq!(run(&folder, &["import", "hadolint"], "").code, 2);
}
