//! A report that was kept: what it has found already is known, and the rest is new.
//!
//! What is known stays in the report, as accepted by the baseline: a question does not get a better answer
//! because somebody has been told before.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compare::{Found, pair};
use crate::render::BASELINE;
use crate::render::exports::{Context, fingerprints};
use crate::{Acceptance, Accepted, Report};

/// What was found before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Baseline(Kept);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Kept {
    Report(Box<Report>),
    /// The names that [`crate::sarif`] gives to findings.
    Names(BTreeSet<String>),
}

impl Baseline {
    /// Reads a report as [`crate::json`] or [`crate::sarif`] wrote it; `None` if it is neither.
    pub fn read(text: &str) -> Option<Self> {
        if let Some(it) = crate::read::report(text) {
            return Some(Self(Kept::Report(Box::new(it))));
        }
        let log: Value = serde_json::from_str(text).ok()?;
        let mut names = BTreeSet::new();
        for run in log.get("runs")?.as_array()? {
            if run.pointer("/tool/driver/name")?.as_str() != Some("Plimsoll") {
                return None;
            }
            for it in run.get("results")?.as_array()? {
                // What a comment accepts was no finding, and is a new one without the comment.
                let by_comment = it.pointer("/suppressions/0/kind") == Some(&"inSource".into());
                let name = it.pointer("/partialFingerprints/plimsoll~1v1").and_then(Value::as_str);
                names.extend(name.filter(|_| !by_comment).map(str::to_owned));
            }
        }
        Some(Self(Kept::Names(names)))
    }

    /// Accepts the findings of a report that were there before.
    pub fn apply(&self, report: &mut Report, context: &Context<'_>) {
        let is_new = match &self.0 {
            Kept::Report(old) => {
                let kept = old.outcomes.iter().flat_map(|it| {
                    let kept = it.outcome.accepted.iter().filter(|it| *it.by.form == *BASELINE);
                    kept.map(|one| (&it.rule, &one.finding))
                });
                let before: Vec<Found<'_>> = old.findings().chain(kept).collect();
                let after: Vec<Found<'_>> = report.findings().collect();
                pair((old, &before), (report, &after)).1
            }
            Kept::Names(names) => {
                let all = fingerprints(report, context, report.findings());
                all.iter().map(|it| !names.contains(it)).collect()
            }
        };
        let mut is_new = is_new.into_iter();
        for it in report.outcomes.iter_mut().map(|it| &mut it.outcome) {
            for finding in std::mem::take(&mut it.findings) {
                if is_new.next() != Some(false) {
                    it.findings.push(finding);
                    continue;
                }
                let place = finding.place.clone();
                let by = Acceptance { place, form: BASELINE.into(), reason: None, until: None };
                it.accepted.push(Accepted { finding, by });
            }
        }
    }
}
