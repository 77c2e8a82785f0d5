//! Accepting what was found by comments: the way to begin with a file that has many findings.

use std::collections::BTreeMap;

use report::{Input, Locus, Report, Severity};
use text::{Date, SourceId};

use crate::Case;

/// Dockerfiles with the comments that accept findings.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WithComments {
    /// The new texts of those that changed.
    pub texts: BTreeMap<SourceId, String>,
    /// How many findings are accepted.
    pub accepted: usize,
    /// How many stand where no comment covers them.
    pub left: usize,
}

/// Writes a comment above each instruction with findings of a severity, or a worse one. `report` is about
/// `case`; the reason is one line.
pub fn accept(
    case: &Case,
    report: &Report,
    least: Severity,
    reason: &str,
    until: Option<Date>,
) -> WithComments {
    let mut out = WithComments::default();
    // The rules to name, by where the comment goes: a source and an offset.
    let mut comments: BTreeMap<(SourceId, u32), Vec<&str>> = BTreeMap::new();
    for (rule, finding) in report.findings().filter(|(rule, _)| rule.severity <= least) {
        match instruction(case, &finding.place.at) {
            Some(at) => {
                let named = comments.entry(at).or_default();
                if !named.contains(&&*rule.id) {
                    named.push(&rule.id);
                }
                out.accepted += 1;
            }
            None => out.left += 1,
        }
    }
    let until = until.map(|it| format!(" until={it}")).unwrap_or_default();
    // From behind, so that offsets stay what they are.
    for ((source, at), rules) in comments.into_iter().rev() {
        let given = case.text(source);
        let end = if given.contains("\r\n") { "\r\n" } else { "\n" };
        let comment = format!("# plimsoll: ignore[{}]{until} {reason}{end}", rules.join(", "));
        let text = out.texts.entry(source).or_insert_with(|| given.to_owned());
        text.insert_str(at as usize, &comment);
    }
    out
}

/// Where the line begins of the instruction that something stands in.
fn instruction(case: &Case, at: &Locus) -> Option<(SourceId, u32)> {
    let Locus::Text { source, span } = at else { return None };
    let build =
        case.builds.iter().find(|it| it.source == *source && it.input == Input::Dockerfile)?;
    let mut instructions = build.dockerfile.pieces.iter().filter_map(|it| match it {
        dockerfile::Piece::Instruction(it) => Some(it.span),
        _ => None,
    });
    let found = instructions.find(|it| it.start() <= span.start() && span.start() < it.end())?;
    let before = case.text(*source).get(..found.start() as usize)?;
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    Some((*source, u32::try_from(line).ok()?))
}
