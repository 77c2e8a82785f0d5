//! The table of rules in the README is the rules.

use rules::{RULES, Rule};

use crate::root;

const START: &str = "<!-- rules -->\n";
const END: &str = "<!-- /rules -->";

/// The table as it should be.
fn table(rules: &[&Rule]) -> String {
    let mut table = String::from(
        "| rule | what it finds | question | severity | other names |\n|---|---|---|---|---|\n",
    );
    for rule in rules {
        let question = rule.question.map_or("none", |it| it.id());
        let names = rule.aka.join(", ");
        let opt_in = if rule.default { "" } else { ", off unless asked for" };
        let severity = format!("{}{opt_in}", rule.severity.id());
        let title = rule.title.replace('|', "\\|");
        table.push_str(&format!(
            "| `{}` | {title} | {question} | {severity} | {names} |\n",
            rule.id
        ));
    }
    table
}

/// The text with the table between its markers.
fn with_table(text: &str, table: &str) -> String {
    let (before, rest) = text.split_once(START).expect("README.md has no start of the rule table");
    let (_, after) = rest.split_once(END).expect("README.md has no end of the rule table");
    format!("{before}{START}{table}{END}{after}")
}

#[test]
fn the_table_of_rules_is_current() {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let current = with_table(&text, &table(RULES));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, current).unwrap();
        return;
    }
    assert!(text == current, "README.md lists other rules: run `UPDATE=1 cargo test` and read it");
}

#[test]
fn only_the_table_is_rewritten() {
    let text = format!("before\n{START}old\n{END}\nafter\n");
    assert_eq!(with_table(&text, "new\n"), format!("before\n{START}new\n{END}\nafter\n"));
}
