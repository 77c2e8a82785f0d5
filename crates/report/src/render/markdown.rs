//! Markdown for a review comment or a ticket.

use std::fmt::{self, Write};

use super::{accepted_by, doubts, examined, place_name, switched_off};
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
    if report.findings().next().is_some() {
        writeln!(out, "\n### Findings\n")?;
    }
    for (rule, finding) in report.findings() {
        write_finding(out, report, rule, finding)?;
    }
    write_gaps(out, report)?;
    write_accepted(out, report)?;
    let (version, facts) = (&report.version, report.facts);
    writeln!(out, "\nPlimsoll {version}, facts of {facts}, judged as of {}.", report.today)
}

fn write_problems(out: &mut String, report: &Report) -> fmt::Result {
    for it in &report.problems {
        let name = report.sources.get(usize::from(it.source.0)).map_or("?", |it| &it.name);
        let place =
            it.place.as_ref().map_or_else(|| quote(name), |at| quote(&place_name(report, at)));
        let (what, remedy) = (message(&sentence(&it.message)), message(&sentence(&it.remedy)));
        writeln!(out, "\n**Problem** in {place}: {what} {remedy}")?;
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
    let place = quote(&place_name(report, &finding.place));
    write!(out, "- {} **{}**{likely} ", rule.severity.shape(), rule.severity.id())?;
    writeln!(out, "{place} {} `{}`", message(&sentence(&finding.message)), rule.id)?;
    for it in &finding.related {
        writeln!(out, "  - {}: {}", quote(&place_name(report, &it.place)), message(&it.note))?;
    }
    Ok(())
}

fn write_gaps(out: &mut String, report: &Report) -> fmt::Result {
    let doubts = doubts(report);
    if !doubts.is_empty() {
        writeln!(out, "\n### Not known\n")?;
    }
    for (gap, about) in doubts {
        let place = gap.place.as_ref().map(|it| quote(&place_name(report, it)) + " ");
        write!(out, "- {}{}", place.unwrap_or_default(), message(&sentence(&gap.why.message())))?;
        if let Some(command) = gap.why.settle().and_then(|it| it.command) {
            write!(out, " Settle it with {}.", quote(&command))?;
        }
        let about: Vec<String> = about.iter().map(|it| quote(it)).collect();
        writeln!(out, " {}", about.join(", "))?;
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
        let place = quote(&place_name(report, &it.finding.place));
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
fn message(text: &str) -> String {
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
