//! Other tools' cases about containers and image configurations.

use std::path::Path;

use anyhow::Result;
use report::Report;
use rules::{Case, Document, RULES, Settings, Switch};

use super::{figure, today};
use crate::{Figure, corpus};

/// Peers' ids that no rule of ours stands for, with the reason.
const DECLINED: &str = include_str!("../declined.tsv");

pub(super) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for name in ["dockle", "kics-compose"] {
        figures.extend(score(name, &corpus::read(shared, name)?));
    }
    Ok(figures)
}

fn score(name: &str, cases: &[corpus::Case]) -> Vec<Figure> {
    println!("-- {name}");
    let (mut recall, mut specificity) = ((0, 0), (0, 0));
    for case in cases.iter().filter(|it| it.kind.is_some()) {
        if !matches!(&*case.expected, "fires" | "clean") {
            continue;
        }
        let ids = case.peer_ids();
        let is_declined = ids.iter().any(|id| {
            DECLINED.lines().any(|line| line.split('\t').take(2).eq([name, id.as_str()]))
        });
        if is_declined {
            continue;
        }
        let ours: Vec<&str> = RULES
            .iter()
            .filter(|rule| ids.iter().any(|id| rule.is_named(id)))
            .map(|rule| rule.id)
            .collect();
        if ours.is_empty() {
            println!("   no rule stands for {}", ids.join(" "));
            continue;
        }
        // Where one rule of ours stands for several of theirs, it may fire for another of them.
        let is_other = |it: &&corpus::Case| {
            let ids = it.peer_ids();
            let is_same = ids
                .iter()
                .any(|id| RULES.iter().any(|rule| ours.contains(&rule.id) && rule.is_named(id)));
            it.dockerfile == case.dockerfile && it.expected == "fires" && is_same
        };
        if case.expected == "clean" && cases.iter().any(|it| is_other(&it)) {
            continue;
        }
        let fired = reports(&case.dockerfile).iter().any(|it| fires(it, &ours, case));
        let (tally, right) = match &*case.expected {
            "fires" => (&mut recall, fired),
            _ => (&mut specificity, !fired),
        };
        tally.0 += usize::from(right);
        tally.1 += 1;
        if !right {
            println!("   wrong: {} ({}; ours: {})", case.id, case.expected, ours.join(", "));
        }
    }
    vec![
        figure(&format!("{name}: recall"), recall.0, recall.1, 98.0),
        figure(&format!("{name}: specificity"), specificity.0, specificity.1, 98.0),
    ]
}

/// The report on a document, or those on each of the containers that it describes.
fn reports(text: &str) -> Vec<Report> {
    let on = |id: &'static str| (id.to_owned(), Switch { on: true, reason: None });
    let rules = || RULES.iter().map(|it| on(it.id)).collect();
    let document = Document { name: "file", bytes: text.as_bytes(), taken_for: None };
    let report = |picks: Vec<String>| {
        let settings = Settings { rules: rules(), picks, ..Settings::default() };
        rules::check(&Case::with(&[document], settings, today()))
    };
    let first = report(Vec::new());
    let choices: Vec<String> = first.problems.iter().flat_map(|it| it.choices.clone()).collect();
    if choices.is_empty() {
        return vec![first];
    }
    choices.into_iter().map(|it| report(vec![it])).collect()
}

fn fires(report: &Report, ours: &[&str], case: &corpus::Case) -> bool {
    report.findings().filter(|(rule, _)| ours.contains(&&*rule.id)).any(|(_, it)| {
        let line = it.place.start.map(|it| it.line);
        match (&case.lines, line) {
            // A name in YAML stands for all that is indented below it.
            (Some(lines), Some(line)) if !lines.is_empty() && case.expected == "fires" => {
                lines.iter().any(|it| (*it..=last_below(&case.dockerfile, *it)).contains(&line))
            }
            _ => true,
        }
    })
}

/// The last line of what stands below a line, by its indentation.
fn last_below(text: &str, first: u32) -> u32 {
    let indent = |it: &str| it.len() - it.trim_start().len();
    let mut lines = (1..).zip(text.lines()).skip_while(|(number, _)| *number < first);
    let Some((_, head)) = lines.next() else { return first };
    let belongs = |it: &str| {
        let is_item = it.trim_start().starts_with('-') && !head.trim_start().starts_with('-');
        indent(it) > indent(head) || (is_item && indent(it) == indent(head))
    };
    let below = lines.take_while(|(_, it)| it.trim().is_empty() || belongs(it));
    below.last().map_or(first, |(number, _)| number)
}
