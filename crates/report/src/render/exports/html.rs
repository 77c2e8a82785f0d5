//! One HTML file to keep or to hand on: nothing is loaded, nothing runs.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Context, markup, message, shown};
use crate::render::{accepted_by, doubts, switched_off};
use crate::{
    ExcerptLine, Finding, Question, Report, RuleInfo, Safety, answers, examined, headline, sentence,
};

/// Of what is in order, so much is listed: in a long Dockerfile it is nearly everything.
const MOST_CLEARED: usize = 500;

const STYLE: &str = include_str!("html.css");

/// Renders a report as an HTML page of one file. Every element is closed, so that it is XML, too.
pub fn html(report: &Report, context: &Context<'_>) -> String {
    let mut body = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut body, report, context);
    let title = markup(&headline(&answers(report)));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n\
<meta charset=\"utf-8\"/>\n<meta http-equiv=\"Content-Security-Policy\" \
content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
<meta name=\"referrer\" content=\"no-referrer\"/>\n<title>Plimsoll: {title}</title>\n\
<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )
}

fn write(out: &mut String, report: &Report, context: &Context<'_>) -> std::fmt::Result {
    let answers = answers(report);
    writeln!(out, "<h1>{}</h1>", markup(&headline(&answers)))?;
    writeln!(out, "<p>{}</p>", markup(&examined(report)))?;
    if let Some(it) = switched_off(report) {
        writeln!(out, "<p>{}</p>", message(&it))?;
    }
    writeln!(out, "<table>\n<caption>If this container is compromised</caption>")?;
    for it in &answers {
        let (question, word) = (it.question.text(), it.state.word());
        write!(out, "<tr><th scope=\"row\">{question}</th><td><strong>{word}</strong></td>")?;
        writeln!(out, "<td>{}</td></tr>", message(&it.sentence))?;
    }
    writeln!(out, "</table>")?;
    for it in &report.problems {
        let name = report.sources.get(usize::from(it.source.0)).map_or("?", |it| &it.name);
        let place = it.place.as_ref().map_or_else(|| name.to_owned(), |at| shown(report, at));
        let (what, remedy) = (message(&sentence(&it.message)), message(&sentence(&it.remedy)));
        writeln!(out, "<p><strong>Problem</strong> in {}: {what} {remedy}</p>", markup(&place))?;
    }
    findings(out, report, context)?;
    gaps(out, report)?;
    accepted(out, report)?;
    cleared(out, report)?;
    handed_in(out, report)?;
    let (version, facts) = (markup(&report.version), report.facts);
    writeln!(
        out,
        "<footer>Plimsoll {version}, facts of {facts}, judged as of {}.</footer>",
        report.today
    )
}

/// A section for each question that has findings, and one for the rest.
fn findings(out: &mut String, report: &Report, context: &Context<'_>) -> std::fmt::Result {
    let mut explained = BTreeSet::new();
    for question in Question::ALL.into_iter().map(Some).chain([None]) {
        let mut all = report.findings().filter(|(rule, _)| rule.question == question).peekable();
        if all.peek().is_some() {
            writeln!(out, "<h2>{}</h2>", question.map_or("Other matters", Question::text))?;
        }
        for (rule, it) in all {
            finding(out, report, rule, it)?;
            // Whoever is handed a report may have nothing else to look it up in.
            if explained.insert(&rule.id) {
                why(out, &(context.help)(&rule.id))?;
            }
            writeln!(out, "</article>")?;
        }
    }
    Ok(())
}

/// The first paragraph of a rule's page, which says what an intruder gains, and the first of what to do.
fn why(out: &mut String, page: &str) -> std::fmt::Result {
    let first =
        |text: &str| text.trim_start().split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let gain = first(page);
    if gain.is_empty() || gain.starts_with('#') {
        return Ok(());
    }
    writeln!(
        out,
        "<details open=\"open\"><summary>Why it matters</summary><p>{}</p>",
        message(&gain)
    )?;
    if let Some((_, rest)) = page.split_once("\n## What to do\n") {
        writeln!(out, "<p>{}</p>", message(&first(rest)))?;
    }
    writeln!(out, "</details>")
}

/// What was looked at and is in order.
fn cleared(out: &mut String, report: &Report) -> std::fmt::Result {
    let all = || {
        report.outcomes.iter().flat_map(|it| it.outcome.cleared.iter().map(|one| (&it.rule, one)))
    };
    let count = all().count();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "<details><summary>Looked at and in order: {count}</summary>\n<ul>")?;
    for (rule, it) in all().take(MOST_CLEARED) {
        let (place, note) = (markup(&shown(report, &it.place)), message(&sentence(&it.note)));
        writeln!(out, "<li>{place}: {note} <code>{}</code></li>", markup(&rule.id))?;
    }
    if count > MOST_CLEARED {
        writeln!(out, "<li>And {} more.</li>", count - MOST_CLEARED)?;
    }
    writeln!(out, "</ul>\n</details>")
}

/// The inputs, and how the command line says the same again.
fn handed_in(out: &mut String, report: &Report) -> std::fmt::Result {
    let given = || report.sources.iter().filter(|it| it.of.is_none());
    writeln!(out, "<h2>What was handed in</h2>\n<ul>")?;
    for it in given() {
        let (name, kind, bytes) = (markup(&it.name), it.kind.name(), it.bytes);
        writeln!(out, "<li>{name}: {kind}, {bytes} bytes</li>")?;
    }
    let names: Vec<String> = given().map(|it| quoted(&it.name)).collect();
    let line = format!("plimsoll check --today {} {}", report.today, names.join(" "));
    writeln!(out, "</ul>\n<p>The same again: <code>{}</code></p>", markup(&line))
}

/// A name as a shell takes it for one word.
fn quoted(name: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-_./+:@".contains(&it);
    if !name.is_empty() && !name.starts_with('-') && name.bytes().all(is_plain) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', "'\\''"))
}

/// A finding, not yet closed.
fn finding(out: &mut String, report: &Report, rule: &RuleInfo, it: &Finding) -> std::fmt::Result {
    let (id, severity) = (markup(&rule.id), rule.severity.id());
    writeln!(out, "<article class=\"{severity}\">")?;
    writeln!(out, "<h3>{} {}</h3>", rule.severity.shape(), message(&sentence(&it.message)))?;
    let likely = if it.confidence == crate::Confidence::Likely { ", likely" } else { "" };
    let place = markup(&shown(report, &it.place));
    writeln!(out, "<p>{severity}{likely} \u{b7} <code>{id}</code> \u{b7} {place}</p>")?;
    if !it.place.excerpt.is_empty() {
        let lines: Vec<String> = it.place.excerpt.iter().map(excerpt).collect();
        writeln!(out, "<pre tabindex=\"0\">{}</pre>", lines.join("\n"))?;
    }
    for it in &it.related {
        let place = markup(&shown(report, &it.place));
        writeln!(out, "<p>{place}: {}</p>", message(&sentence(&it.note)))?;
    }
    if let Some(fix) = &it.fix {
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Review => "to be looked at",
        };
        writeln!(out, "<p>Fix ({safety}): {}</p>", message(&sentence(&fix.title)))?;
    }
    Ok(())
}

fn excerpt(it: &ExcerptLine) -> String {
    let (start, end) = (it.mark.0 as usize, it.mark.1.max(it.mark.0) as usize);
    let part =
        |from: usize, n: usize| markup(&it.text.chars().skip(from).take(n).collect::<String>());
    let (before, marked) = (part(0, start), part(start, end - start));
    format!("{:>4} {before}<mark>{marked}</mark>{}", it.line, part(end, usize::MAX))
}

fn gaps(out: &mut String, report: &Report) -> std::fmt::Result {
    let doubts = doubts(report);
    if doubts.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Not known</h2>\n<ul>")?;
    for (gap, about) in doubts {
        let place = gap.place.as_ref().map(|it| markup(&shown(report, it)) + ": ");
        let what = message(&sentence(&gap.why.message()));
        write!(out, "<li>{}{what}", place.unwrap_or_default())?;
        if let Some(command) = gap.why.settle().and_then(|it| it.command) {
            write!(out, " Settle it with <code>{}</code>.", markup(&command))?;
        }
        writeln!(out, " ({})</li>", markup(&about.join(", ")))?;
    }
    writeln!(out, "</ul>")
}

fn accepted(out: &mut String, report: &Report) -> std::fmt::Result {
    let all = || {
        report.outcomes.iter().flat_map(|it| it.outcome.accepted.iter().map(|one| (&it.rule, one)))
    };
    if all().next().is_none() {
        return Ok(());
    }
    writeln!(out, "<h2>Accepted</h2>\n<ul>")?;
    for (rule, it) in all() {
        let place = markup(&shown(report, &it.finding.place));
        let what = message(&sentence(&it.finding.message));
        write!(
            out,
            "<li>{place}: {what} <code>{}</code>, {}",
            markup(&rule.id),
            markup(&accepted_by(&it.by))
        )?;
        if let Some(reason) = &it.by.reason {
            write!(out, ": {}", markup(reason))?;
        }
        writeln!(out, "</li>")?;
    }
    writeln!(out, "</ul>")
}
