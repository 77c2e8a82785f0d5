//! Markdown for a review comment or a ticket.

use std::fmt::{self, Write};

use super::{accepted_by, doubts, examined, place_name, switched_off, told};
use crate::answer::sentence;
use crate::{Confidence, Finding, Piece, Report, RuleInfo, answers, headline, pieces, quote};

/// Renders a report as GitHub-flavored Markdown, with a final newline.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write_report(&mut out, report);
    out
}

fn write_report(out: &mut String, report: &Report) -> fmt::Result {
    let answers = answers(report);
    writeln!(out, "## Plimsoll: {}\n", headline(&answers))?;
    writeln!(out, "{}\n", examined(report))?;
    if let Some(it) = switched_off(report) {
        writeln!(out, "{}\n", message(&it))?;
    }
    writeln!(out, "| If this container is compromised | | |\n|---|---|---|")?;
    for it in &answers {
        let sentence = cell(&it.sentence);
        writeln!(out, "| {} | **{}** | {sentence} |", it.question.text(), it.state.word())?;
    }
    write_problems(out, report)?;
    for in_base in [false, true] {
        let mut findings = report.findings().filter(|(_, it)| it.in_base == in_base).peekable();
        if findings.peek().is_some() {
            let heading = if in_base { told::base_heading(report) } else { "Findings".to_owned() };
            writeln!(out, "\n### {}\n", message(&heading))?;
        }
        for (rule, finding) in findings {
            write_finding(out, report, rule, finding)?;
        }
    }
    write_disagreements(out, report)?;
    write_gaps(out, report)?;
    write_accepted(out, report)?;
    write_writable(out, report)?;
    write_history(out, report)?;
    let (version, facts) = (&report.version, report.facts);
    writeln!(out, "\nPlimsoll {version}, facts of {facts}, judged as of {}.", report.today)
}

fn write_problems(out: &mut String, report: &Report) -> fmt::Result {
    for it in &report.problems {
        let name = report.sources.get(usize::from(it.source.0)).map_or("?", |it| &it.name);
        let place = it
            .place
            .as_ref()
            .map_or_else(|| quote(name), |at| quote(&place_name(&report.sources, at)));
        let (what, remedy) = (message(&sentence(&it.message)), message(&sentence(&it.remedy)));
        write!(out, "\n**Problem** in {place}: {what} {remedy}")?;
        if !it.choices.is_empty() {
            let choices: Vec<String> = it.choices.iter().map(|it| quote(it)).collect();
            write!(out, " Choose one of: {}", choices.join(", "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_disagreements(out: &mut String, report: &Report) -> fmt::Result {
    if !report.disagreements.is_empty() {
        writeln!(out, "\n### The inputs disagree\n")?;
    }
    for it in &report.disagreements {
        writeln!(out, "- {}", message(&sentence(&it.message)))?;
        for one in &it.places {
            writeln!(
                out,
                "  - {}: {}",
                quote(&place_name(&report.sources, &one.place)),
                message(&one.note)
            )?;
        }
    }
    Ok(())
}

fn write_writable(out: &mut String, report: &Report) -> fmt::Result {
    if report.writable.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### What the main process may write\n")?;
    for it in &report.writable {
        writeln!(
            out,
            "- {} ({})",
            message(&it.note),
            quote(&place_name(&report.sources, &it.place))
        )?;
    }
    Ok(())
}

fn write_history(out: &mut String, report: &Report) -> fmt::Result {
    let Some(history) = &report.history else { return Ok(()) };
    writeln!(out, "\n### History\n\n{}", message(&sentence(&told::boundary(history))))?;
    if let Some(built_from) = &history.built_from {
        writeln!(out, "{}", message(&sentence(built_from)))?;
    }
    writeln!(out)?;
    for it in history.split().1 {
        let (size, text) = told::step(it);
        let size = if size.is_empty() { String::new() } else { format!(" {size}") };
        let line =
            it.line.as_ref().map(|it| format!(", {}", quote(&place_name(&report.sources, it))));
        writeln!(out, "- {}{size}{}", quote(&text), line.unwrap_or_default())?;
    }
    Ok(())
}

fn write_finding(
    out: &mut String,
    report: &Report,
    rule: &RuleInfo,
    finding: &Finding,
) -> fmt::Result {
    let likely = if finding.confidence == Confidence::Likely { " (likely)" } else { "" };
    let place = quote(&place_name(&report.sources, &finding.place));
    write!(out, "- {} **{}**{likely} ", rule.severity.shape(), rule.severity.id())?;
    writeln!(out, "{place} {} `{}`", message(&sentence(&finding.message)), rule.id)?;
    for it in &finding.related {
        writeln!(
            out,
            "  - {}: {}",
            quote(&place_name(&report.sources, &it.place)),
            message(&it.note)
        )?;
    }
    Ok(())
}

fn write_gaps(out: &mut String, report: &Report) -> fmt::Result {
    let doubts = doubts(report);
    if !doubts.is_empty() {
        writeln!(out, "\n### Not known\n")?;
    }
    for (gap, about) in doubts {
        let place = gap.place.as_ref().map(|it| quote(&place_name(&report.sources, it)) + " ");
        write!(out, "- {}{}", place.unwrap_or_default(), message(&sentence(&gap.why.message())))?;
        if let Some(command) = gap.why.settle().and_then(|it| it.command) {
            write!(out, " Settle it with {}.", quote(&command))?;
        }
        writeln!(out, " {}", super::named(&about, quote))?;
    }
    Ok(())
}

fn write_accepted(out: &mut String, report: &Report) -> fmt::Result {
    let accepted: Vec<_> = report
        .outcomes
        .iter()
        .flat_map(|it| it.outcome.accepted.iter().map(|one| (&it.rule, one)))
        .collect();
    if !accepted.is_empty() {
        writeln!(out, "\n### Accepted\n")?;
    }
    for (rule, it) in accepted {
        let place = quote(&place_name(&report.sources, &it.finding.place));
        write!(out, "- {place} {} `{}`", message(&sentence(&it.finding.message)), rule.id)?;
        write!(out, ", {}", accepted_by(&it.by))?;
        if let Some(reason) = &it.by.reason {
            write!(out, ": {}", quote(reason))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A message in which only what we quoted is code, and nothing else is markup.
pub(crate) fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Prose(it) => escape(it, &mut out),
            Piece::Code(it) => {
                out.push('`');
                out.push_str(it);
                out.push('`');
            }
        }
    }
    out
}

/// A message inside a table: a bar ends a cell even inside code.
fn cell(text: &str) -> String {
    message(text).replace('|', "\\|")
}

fn escape(text: &str, out: &mut String) {
    for it in text.chars() {
        if matches!(it, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~') {
            out.push('\\');
        }
        out.push(it);
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, message};

    #[test]
    fn only_quotations_are_code_and_nothing_is_markup() {
        assert_eq!(message("a <b> `c|<d>` [e](f)"), r"a \<b\> `c|<d>` \[e\](f)");
        assert_eq!(cell("a `c|d`"), r"a `c\|d`");
    }
}
