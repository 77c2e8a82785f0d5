//! A finding as a comment for a review.

use report::{Safety, sentence};
use text::visible;

use super::{Answered, RowKey, as_handed};
use crate::diff::{Change, diff};

/// The comment, as Markdown. A safe fix that only changes lines comes as a suggestion, which
/// reviewers on GitHub and GitLab can take with one button.
pub(crate) fn comment(answered: &Answered, key: &RowKey) -> Option<String> {
    let (_, rule, finding) = answered.row(answered.index(key)?)?;
    let place = report::place_name(&answered.sheet.sources, &finding.place);
    let message = visible(&sentence(&finding.message)).to_string();
    let mut out = format!("**{}** `{}` at {place}\n\n{message}\n", rule.severity.id(), rule.id);
    let Some(fix) = &finding.fix else { return Some(out) };
    out += &format!("\n{}\n", visible(&sentence(&fix.title)));
    let Some((_, text)) = answered.input(fix.source) else { return Some(out) };
    let text = as_handed(text);
    let lines = diff(&text, &fix.edits);
    // A line with a secret goes into no comment, and without it a suggestion would be another one.
    if lines != diff(&answered.masked(fix.source, &text), &fix.edits) {
        return Some(out);
    }
    let mut fence = "```".to_owned();
    while lines.iter().any(|it| it.text.contains(&fence)) {
        fence.push('`');
    }
    let goes: Vec<u32> =
        lines.iter().filter(|it| it.change == Change::Goes).map(|it| it.number).collect();
    let only = goes.len() == 1 && finding.place.start.map(|it| it.line) == goes.first().copied();
    if only && fix.safety == Safety::Safe {
        let new = lines.iter().filter(|it| it.change == Change::Comes);
        let new: Vec<&str> = new.map(|it| &it.text[..]).collect();
        out += &format!("\n{fence}suggestion\n{}\n{fence}\n", new.join("\n"));
    } else {
        let line = |it: &crate::diff::Line| {
            let sign = match it.change {
                Change::Goes => '-',
                Change::Comes => '+',
                Change::Stays => ' ',
            };
            format!("{sign}{}\n", it.text)
        };
        let all: String = lines.iter().map(line).collect();
        out += &format!("\n{fence}diff\n{all}{fence}\n");
    }
    Some(out)
}
