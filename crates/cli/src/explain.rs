//! `plimsoll explain` and `plimsoll rules`.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use rules::{RULES, Rule, rule_infos, shell_rules};

use crate::print;

/// Explains a rule, by its own name or by one that other tools use.
pub(crate) fn explain(name: &str) -> Result<ExitCode> {
    let all = RULES.iter().copied().chain(shell_rules());
    let found: Vec<&Rule> = all.filter(|it| it.is_named(name)).collect();
    if found.is_empty() {
        let names = RULES.iter().map(|it| it.id);
        let near = text::nearest(name, names).map(|it| format!("; did you mean {it}?"));
        bail!("there is no rule {name}{}", near.unwrap_or_default());
    }
    let pages: Vec<String> = found.into_iter().map(one).collect();
    print(&pages.join("\n\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// All that there is to read about a rule.
pub(crate) fn one(rule: &Rule) -> String {
    let mut out = format!("# {}\n\n{}", rule.title, rule.id);
    let question = rule.question.map_or("no question", |it| it.text());
    let _ = write!(out, " \u{b7} {} \u{b7} {question}", rule.severity.id());
    let _ = writeln!(out, " \u{b7} applies to the {}", rule.applies.id());
    if !rule.aka.is_empty() {
        let _ = writeln!(out, "Elsewhere: {}", rule.aka.join(", "));
    }
    let _ = write!(out, "\n{}", rules::help(rule.id));
    out
}

/// Lists all rules.
pub(crate) fn rules(json: bool) -> Result<ExitCode> {
    if json {
        print(&(serde_json::to_string_pretty(&rule_infos())? + "\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let width = RULES.iter().map(|it| it.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for it in RULES {
        let question = it.question.map_or(String::from("-"), |it| format!("Q{}", it.number()));
        let severity = it.severity.id();
        let _ = writeln!(out, "{:width$}  {severity:6}  {question:2}  {}", it.id, it.title);
    }
    print(&out)?;
    Ok(ExitCode::SUCCESS)
}
