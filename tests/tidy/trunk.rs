//! Trunk's configuration names a command of this repository that exists.

use xtask::args::{Command, parse};
use xtask::build::Out;

use crate::root;

/// The words of a `key = ["…", "…"]` line.
fn list<'a>(toml: &'a str, key: &str) -> Vec<&'a str> {
    let line = toml.lines().find_map(|it| it.strip_prefix(key)?.strip_prefix(" = [")).unwrap();
    let inner = line.strip_suffix(']').unwrap();
    inner.split(", ").map(|it| it.trim_matches('"')).collect()
}

#[test]
fn the_hook_calls_the_build() {
    let toml = std::fs::read_to_string(root().join("Trunk.toml")).unwrap();
    assert!(toml.contains("command = \"cargo\""), "{toml}");
    let words = list(&toml, "command_arguments");
    let Some((&"xtask", rest)) = words.split_first() else { panic!("not our task: {words:?}") };
    match parse(rest.iter().map(Into::into)) {
        Ok(Command::Build(options)) => assert_eq!(options.out, Out::Trunk),
        other => panic!("the hook is understood as {other:?}"),
    }
    let alias = std::fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    assert!(alias.contains("xtask = \"run "), "{alias}");
}

#[test]
fn trunk_watches_what_exists_and_nothing_that_the_build_writes() {
    let toml = std::fs::read_to_string(root().join("Trunk.toml")).unwrap();
    let watched = list(&toml, "watch");
    for path in &watched {
        assert!(root().join(path).exists(), "{path} is watched but not there");
    }
    for written in ["dist", "target"] {
        assert!(!watched.contains(&written), "{written} is watched and written");
    }
    assert_eq!(list(&toml, "ignore"), ["dist"]);
}
