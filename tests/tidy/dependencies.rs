//! Who may depend on whom. Anything not listed here is a change of the architecture.

use std::collections::{BTreeMap, BTreeSet};

use crate::metadata;

/// The crates of ours that each crate may link; no line, no crate of ours.
///
/// In words: `web` never links the engine; `dockerfile`, `image` and `secrets` never see a finding; `report`
/// never sees a rule; only the shells touch the outside.
const MAY_LINK: [(&str, &[&str]); 11] = [
    ("plimsoll-text", &[]),
    ("plimsoll-report", &["plimsoll-text"]),
    ("plimsoll-dockerfile", &["plimsoll-text"]),
    ("plimsoll-image", &["plimsoll-text"]),
    ("plimsoll-secrets", &["plimsoll-text"]),
    ("plimsoll-shell", &[]),
    (
        "plimsoll-rules",
        &[
            "plimsoll-dockerfile",
            "plimsoll-image",
            "plimsoll-report",
            "plimsoll-secrets",
            "plimsoll-text",
        ],
    ),
    (
        "plimsoll",
        &[
            "plimsoll-image",
            "plimsoll-report",
            "plimsoll-rules",
            "plimsoll-secrets",
            "plimsoll-settings",
            "plimsoll-shell",
            "plimsoll-text",
        ],
    ),
    ("plimsoll-settings", &["plimsoll-report", "plimsoll-rules", "plimsoll-text"]),
    (
        "plimsoll-worker",
        &[
            "plimsoll-image",
            "plimsoll-report",
            "plimsoll-rules",
            "plimsoll-settings",
            "plimsoll-text",
        ],
    ),
    ("plimsoll-web", &["plimsoll-report", "plimsoll-text"]),
];

/// Not part of the product: these may use what they test or start.
const TOOLS: [&str; 2] = ["plimsoll-tests", "plimsoll-xtask"];

/// The edges among our crates that the architecture does not have.
fn surplus(edges: &BTreeSet<(String, String)>) -> Vec<String> {
    let allowed: BTreeMap<&str, &[&str]> = MAY_LINK.into_iter().collect();
    let is_allowed = |from: &str, to: &str| match allowed.get(from) {
        Some(list) => list.contains(&to),
        None => TOOLS.contains(&from),
    };
    let surplus = edges.iter().filter(|(from, to)| !is_allowed(from, to));
    surplus.map(|(from, to)| format!("{from} → {to}")).collect()
}

/// Every edge among our crates, of every kind: also tests and build scripts keep to it.
fn edges() -> BTreeSet<(String, String)> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages.iter().map(|it| it["name"].as_str().unwrap()).collect();
    let mut edges = BTreeSet::new();
    for package in packages {
        let from = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            if ours.contains(to) {
                edges.insert((from.to_owned(), to.to_owned()));
            }
        }
    }
    edges
}

#[test]
fn there_is_no_edge_that_the_architecture_does_not_have() {
    let edges = edges();
    assert!(edges.len() > 6, "the crates are not found: {edges:?}");
    assert_eq!(surplus(&edges), Vec::<String>::new());
}

#[test]
fn every_crate_has_its_line() {
    let metadata = metadata();
    let listed: BTreeSet<&str> = MAY_LINK.iter().map(|it| it.0).chain(TOOLS).collect();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        assert!(listed.contains(name), "{name} is in no list: what may it link?");
    }
}

#[test]
fn a_forbidden_edge_is_found() {
    let edge = |from: &str, to: &str| BTreeSet::from([(from.to_owned(), to.to_owned())]);
    for (from, to) in [
        ("plimsoll-web", "plimsoll-rules"),
        ("plimsoll-report", "plimsoll-rules"),
        ("plimsoll-dockerfile", "plimsoll-report"),
        ("plimsoll-text", "plimsoll-report"),
        ("plimsoll-new", "plimsoll-text"),
    ] {
        assert_eq!(surplus(&edge(from, to)), [format!("{from} → {to}")]);
    }
    assert!(surplus(&edge("plimsoll-web", "plimsoll-report")).is_empty());
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = std::fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{}", package["name"]);
    }
}
