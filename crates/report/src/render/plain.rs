//! Plain text for a terminal.

use std::fmt::{self, Write};

use super::{accepted_by, doubts, examined, place_name, switched_off, told};
use crate::answer::sentence;
use crate::{
    Answer, Confidence, Finding, Outcome, Piece, Place, Report, RuleInfo, Safety, Severity, State,
    answers, headline, pieces, quote,
};

/// Whether the terminal understands colors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Text only.
    Plain,
    /// Text with ANSI colors; the words and shapes stay, since color never carries meaning alone.
    Colored,
}

/// Renders a report as text for a terminal, with a final newline.
pub fn plain(report: &Report, style: Style) -> String {
    let mut out = Out { text: String::new(), style };
    // Writing to a string does not fail.
    let _ = write_report(&mut out, report);
    out.text
}

struct Out {
    text: String,
    style: Style,
}

#[derive(Clone, Copy)]
enum Ink {
    Bold,
    Dim,
    Red,
    Yellow,
    Blue,
    Green,
}

impl Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.write_str(text)
    }
}

impl Out {
    fn ink(&mut self, ink: Ink, text: &str) -> fmt::Result {
        if self.style == Style::Plain {
            return self.write_str(text);
        }
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Red => "1;31",
            Ink::Yellow => "33",
            Ink::Blue => "34",
            Ink::Green => "32",
        };
        write!(self, "\x1b[{code}m{text}\x1b[0m")
    }

    /// A message; quoted input stays between backticks, which no input can contain.
    fn message(&mut self, message: &str) -> fmt::Result {
        for piece in pieces(message) {
            match piece {
                Piece::Prose(it) => self.write_str(it)?,
                Piece::Code(it) => self.ink(Ink::Bold, &format!("`{it}`"))?,
            }
        }
        Ok(())
    }
}

fn severity_ink(severity: Severity) -> Ink {
    match severity {
        Severity::High => Ink::Red,
        Severity::Medium => Ink::Yellow,
        Severity::Low | Severity::Note => Ink::Blue,
    }
}

fn write_report(out: &mut Out, report: &Report) -> fmt::Result {
    let answers = answers(report);
    write_problems(out, report)?;
    write_findings(out, report)?;
    write_disagreements(out, report)?;
    write_gaps(out, report)?;
    write_accepted(out, report)?;
    write_writable(out, report)?;
    write_history(out, report)?;
    out.ink(Ink::Bold, &headline(&answers))?;
    writeln!(out)?;
    writeln!(out, "{}", examined(report))?;
    if let Some(it) = switched_off(report) {
        out.message(&it)?;
        writeln!(out)?;
    }
    let width = answers.iter().map(|it| it.question.text().len()).max().unwrap_or_default();
    for answer in &answers {
        write_answer(out, answer, width)?;
    }
    Ok(())
}

fn write_problems(out: &mut Out, report: &Report) -> fmt::Result {
    for it in &report.problems {
        let place = match &it.place {
            Some(place) => place_name(&report.sources, place),
            None => {
                let name = report.sources.get(usize::from(it.source.0)).map(|it| &it.name[..]);
                text::visible(name.unwrap_or("?")).to_string()
            }
        };
        out.ink(Ink::Red, "problem")?;
        write!(out, "  {place}\n  ")?;
        out.message(&sentence(&it.message))?;
        write!(out, " ")?;
        out.message(&sentence(&it.remedy))?;
        if !it.choices.is_empty() {
            write!(out, "\n  Choose one of: ")?;
            out.message(&it.choices.iter().map(|it| quote(it)).collect::<Vec<_>>().join(", "))?;
        }
        write!(out, "\n\n")?;
    }
    Ok(())
}

/// The findings; those about steps of the base image stand apart, behind the others.
fn write_findings(out: &mut Out, report: &Report) -> fmt::Result {
    for (rule, finding) in report.findings().filter(|(_, it)| !it.in_base) {
        write_finding(out, report, rule, finding)?;
    }
    let mut in_base = report.findings().filter(|(_, it)| it.in_base).peekable();
    if in_base.peek().is_some() {
        out.ink(Ink::Bold, &told::base_heading(report))?;
        write!(out, "\n\n")?;
    }
    for (rule, finding) in in_base {
        write_finding(out, report, rule, finding)?;
    }
    Ok(())
}

fn write_disagreements(out: &mut Out, report: &Report) -> fmt::Result {
    if report.disagreements.is_empty() {
        return Ok(());
    }
    out.ink(Ink::Bold, "The inputs disagree")?;
    writeln!(out)?;
    for it in &report.disagreements {
        write!(out, "  \u{2260} ")?;
        out.message(&it.message)?;
        writeln!(out)?;
        for one in &it.places {
            write!(out, "    {}: ", place_name(&report.sources, &one.place))?;
            out.message(&one.note)?;
            writeln!(out)?;
        }
    }
    writeln!(out)
}

/// What the main process may write.
fn write_writable(out: &mut Out, report: &Report) -> fmt::Result {
    if report.writable.is_empty() {
        return Ok(());
    }
    out.ink(Ink::Bold, "The main process may write")?;
    writeln!(out)?;
    for it in &report.writable {
        write!(out, "  ")?;
        out.message(&it.note)?;
        out.ink(Ink::Dim, &format!("  {}", place_name(&report.sources, &it.place)))?;
        writeln!(out)?;
    }
    writeln!(out)
}

/// Where the history's own steps begin, and those steps.
fn write_history(out: &mut Out, report: &Report) -> fmt::Result {
    let Some(history) = &report.history else { return Ok(()) };
    out.ink(Ink::Bold, "History")?;
    write!(out, ": ")?;
    out.message(&told::boundary(history))?;
    writeln!(out)?;
    if let Some(built_from) = &history.built_from {
        write!(out, "  ")?;
        out.message(&sentence(built_from))?;
        writeln!(out)?;
    }
    for it in history.split().1 {
        let (size, text) = told::step(it);
        write!(out, "  {size:>9}  {text}")?;
        if let Some(line) = &it.line {
            out.ink(Ink::Dim, &format!("  {}", place_name(&report.sources, line)))?;
        }
        writeln!(out)?;
    }
    writeln!(out)
}

fn write_finding(
    out: &mut Out,
    report: &Report,
    rule: &RuleInfo,
    finding: &Finding,
) -> fmt::Result {
    let head = format!("{} {}", rule.severity.shape(), rule.severity.id());
    out.ink(severity_ink(rule.severity), &head)?;
    write!(out, "  {}  ", place_name(&report.sources, &finding.place))?;
    out.ink(Ink::Dim, &rule.id)?;
    if finding.confidence == Confidence::Likely {
        write!(out, "  (likely)")?;
    }
    write!(out, "\n  ")?;
    out.message(&sentence(&finding.message))?;
    writeln!(out)?;
    write_excerpt(out, &finding.place)?;
    for it in &finding.related {
        write!(out, "  {}: ", place_name(&report.sources, &it.place))?;
        out.message(&it.note)?;
        writeln!(out)?;
    }
    if let Some(fix) = &finding.fix {
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Review => "to review",
        };
        writeln!(out, "  Fix ({safety}): {}.", fix.title)?;
        for line in fix.edits.iter().flat_map(|it| it.with.lines()).filter(|it| !it.is_empty()) {
            out.ink(Ink::Green, &format!("    + {}", text::visible(line)))?;
            writeln!(out)?;
        }
    }
    writeln!(out)
}

fn write_excerpt(out: &mut Out, place: &Place) -> fmt::Result {
    let width = place.excerpt.iter().map(|it| it.line.to_string().len()).max().unwrap_or_default();
    for it in &place.excerpt {
        let blank = if it.text.is_empty() { "" } else { " " };
        out.ink(Ink::Dim, &format!("  {:>width$} |{blank}", it.line))?;
        writeln!(out, "{}", it.text)?;
        let (start, end) = (it.mark.0 as usize, it.mark.1.max(it.mark.0 + 1) as usize);
        write!(out, "  {:width$}   {:start$}", "", "")?;
        out.ink(Ink::Red, &"^".repeat(end - start))?;
        writeln!(out)?;
    }
    match lines_left_out(place) {
        0 => Ok(()),
        1 => writeln!(out, "  \u{2026} and 1 more line"),
        n => writeln!(out, "  \u{2026} and {n} more lines"),
    }
}

/// How many lines of a place its excerpt does not show.
fn lines_left_out(place: &Place) -> u32 {
    let (Some(last), Some(end)) = (place.excerpt.last(), place.end) else { return 0 };
    // A place that ends where a line starts has nothing on that line.
    let end_line = if end.column == 1 { end.line - 1 } else { end.line };
    end_line.saturating_sub(last.line)
}

fn write_gaps(out: &mut Out, report: &Report) -> fmt::Result {
    let doubts = doubts(report);
    if doubts.is_empty() {
        return Ok(());
    }
    out.ink(Ink::Bold, "Not known")?;
    writeln!(out)?;
    for (gap, about) in doubts {
        write!(out, "  ? ")?;
        if let Some(place) = &gap.place {
            write!(out, "{}  ", place_name(&report.sources, place))?;
        }
        out.ink(Ink::Dim, &super::named(&about, str::to_owned))?;
        write!(out, ": ")?;
        out.message(&gap.why.message())?;
        if let Some(command) = gap.why.settle().and_then(|it| it.command) {
            write!(out, "; settle it with: {command}")?;
        }
        writeln!(out)?;
    }
    writeln!(out)
}

fn write_accepted(out: &mut Out, report: &Report) -> fmt::Result {
    let with_rule = |outcome: &Outcome| !outcome.accepted.is_empty();
    if !report.outcomes.iter().any(|it| with_rule(&it.outcome)) {
        return Ok(());
    }
    out.ink(Ink::Bold, "Accepted")?;
    writeln!(out)?;
    for it in &report.outcomes {
        for accepted in &it.outcome.accepted {
            write!(out, "  - {}  ", place_name(&report.sources, &accepted.finding.place))?;
            out.ink(Ink::Dim, &it.rule.id)?;
            write!(out, ": ")?;
            out.message(&accepted.finding.message)?;
            let by = &accepted.by;
            write!(out, "; {}", accepted_by(by))?;
            if *by.form != *super::BASELINE {
                write!(out, " at {}", place_name(&report.sources, &by.place))?;
            }
            if let Some(reason) = &by.reason {
                write!(out, ": {}", text::visible(reason))?;
            }
            writeln!(out)?;
        }
    }
    writeln!(out)
}

fn write_answer(out: &mut Out, answer: &Answer, width: usize) -> fmt::Result {
    let (ink, shape) = match answer.state {
        State::Fails | State::FailsIncomplete => (Ink::Red, '\u{25b2}'),
        State::Unknown => (Ink::Yellow, '?'),
        State::Accepted | State::Passes => (Ink::Green, '\u{2713}'),
        State::Moot => (Ink::Dim, '-'),
    };
    write!(out, "  {:width$}  ", answer.question.text())?;
    out.ink(ink, &format!("{shape} {}", answer.state.word()))?;
    write!(out, "  ")?;
    out.message(&answer.sentence)?;
    if answer.accepted > 0 && answer.state != State::Accepted {
        write!(out, " ({} accepted)", answer.accepted)?;
    }
    writeln!(out)
}
