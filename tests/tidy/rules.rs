//! Every rule has its code and its prose side by side, and is in the list of rules.

use std::collections::BTreeSet;
use std::path::Path;

use crate::root;

/// Where rules live: `some_rule.rs`, `some_rule.md`, and `mod.rs` which lists them.
const FOLDER: &str = "crates/rules/src/rules";

/// What is missing beside a rule; nothing when the folder is in order.
fn missing(names: &BTreeSet<String>, list: &str) -> Vec<String> {
    let mut missing = Vec::new();
    for name in names {
        let Some((stem, extension)) = name.rsplit_once('.') else { continue };
        if stem == "mod" {
            continue;
        }
        let partner = format!("{stem}.{}", if extension == "rs" { "md" } else { "rs" });
        if !names.contains(&partner) {
            missing.push(format!("{name} is there, {partner} is not"));
        }
        let is_listed = list.lines().any(|line| line.trim() == format!("{stem},"));
        if extension == "rs" && !is_listed {
            missing.push(format!("{stem} is not in the list of rules"));
        }
    }
    missing
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_rule_has_code_and_prose_and_is_listed() {
    let folder = root().join(FOLDER);
    let list = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    let names = names(&folder);
    assert!(names.len() > 20, "the rules are not where they were: {names:?}");
    assert_eq!(missing(&names, &list), Vec::<String>::new());
}

#[test]
fn what_is_missing_is_found() {
    let names = |list: &[&str]| list.iter().map(|it| it.to_string()).collect::<BTreeSet<_>>();
    let list = "rules![\n    a,\n];";
    assert!(missing(&names(&["a.rs", "a.md", "mod.rs"]), list).is_empty());
    assert_eq!(missing(&names(&["a.rs"]), list).len(), 1);
    assert_eq!(missing(&names(&["a.rs", "a.md", "b.md"]), list).len(), 1);
    assert_eq!(missing(&names(&["a.rs", "a.md", "b.rs", "b.md"]), list).len(), 1);
}
