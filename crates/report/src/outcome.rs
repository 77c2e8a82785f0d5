//! What the rules had to say, and the verdicts derived from that.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use text::Date;

use crate::{
    Accepted, Disagreement, Evidence, Finding, Gap, History, Input, Locus, Problem, Question,
    RuleInfo, SourceInfo, Why,
};

/// Everything one rule had to say about one case.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// What is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub findings: Vec<Finding>,
    /// What could not be known.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub gaps: Vec<Gap>,
    /// What was looked at and is in order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub cleared: Vec<Evidence>,
    /// What is wrong but accepted in the file.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub accepted: Vec<Accepted>,
}

/// What an outcome comes to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// There is a finding.
    Fails,
    /// No finding, but something could not be known.
    Unknown,
    /// Looked at, and in order. Only ever shown together with the inputs that were read.
    Passes,
    /// Nothing here for the rule to look at.
    Moot,
}

impl Outcome {
    /// Derived, never stored: bad news first, then doubt, then good news.
    pub fn verdict(&self) -> Verdict {
        match (&self.findings[..], &self.gaps[..], &self.cleared[..]) {
            ([_, ..], _, _) => Verdict::Fails,
            (_, [_, ..], _) => Verdict::Unknown,
            (_, _, [_, ..]) => Verdict::Passes,
            _ => Verdict::Moot,
        }
    }

    /// Whether there was nothing to say.
    pub fn is_empty(&self) -> bool {
        let Self { findings, gaps, cleared, accepted } = self;
        findings.is_empty() && gaps.is_empty() && cleared.is_empty() && accepted.is_empty()
    }

    /// Adds a finding and gives it back, to add what belongs to it.
    pub fn fail(&mut self, at: &Locus, message: impl Into<String>) -> &mut Finding {
        self.findings.push_mut(Finding {
            place: at.into(),
            message: message.into(),
            confidence: Default::default(),
            related: Vec::new(),
            fix: None,
            in_base: false,
        })
    }

    /// Adds something that could not be known.
    pub fn gap(&mut self, at: &Locus, why: Why) {
        self.gaps.push(Gap { place: Some(at.into()), why });
    }

    /// Adds something that could not be known and has no place.
    pub fn gap_overall(&mut self, why: Why) {
        self.gaps.push(Gap { place: None, why });
    }

    /// Adds something that was looked at and is in order.
    pub fn clear(&mut self, at: &Locus, note: impl Into<Cow<'static, str>>) {
        self.cleared.push(Evidence { place: at.into(), note: note.into() });
    }

    /// Keeps the same doubt at the same place only once.
    pub fn settle(&mut self) {
        if self.gaps.len() < 2 {
            return;
        }
        let mut known = BTreeSet::new();
        self.gaps.retain(|it| {
            let at = it.place.as_ref().map(|it| it.at.clone());
            known.insert((at, it.why.clone()))
        });
    }
}

/// One rule and its outcome.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: RuleInfo,
    /// What it had to say.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A doubt about a whole question that no single rule owns: an input that would have told more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct QuestionGap {
    /// The question it leaves open.
    pub question: Question,
    /// The doubt.
    #[serde(flatten)]
    pub gap: Gap,
}

/// A rule that a project switched on or off.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Switched {
    /// The rule's id.
    pub rule: String,
    /// Whether it runs.
    pub on: bool,
    /// Why.
    pub reason: Option<String>,
}

/// What the engine says about one case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Version of the engine.
    pub version: String,
    /// The day against which ages were judged.
    pub today: Date,
    /// The day of the newest built-in facts.
    pub facts: Date,
    /// What was handed in.
    pub sources: Vec<SourceInfo>,
    /// The kinds of input that could be read, strongest first.
    pub read: Vec<Input>,
    /// What kept inputs from being read.
    pub problems: Vec<Problem>,
    /// Number of rules that ran.
    pub rules: u32,
    /// Rules that the project's settings switched on or off.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub switched: Vec<Switched>,
    /// Outcomes of the rules that had anything to say, in rule order.
    pub outcomes: Vec<RuleOutcome>,
    /// What was not examined, by question.
    pub unexamined: Vec<QuestionGap>,
    /// Where inputs tell different things about the image.
    pub disagreements: Vec<Disagreement>,
    /// The history of the image, if it was given.
    pub history: Option<History>,
    /// What the main process may write, when run options tell: each path with what lies there.
    pub writable: Vec<Evidence>,
}

impl Report {
    /// All findings with their rules, in the order of the report.
    pub fn findings(&self) -> impl Iterator<Item = (&RuleInfo, &Finding)> {
        self.outcomes.iter().flat_map(|it| it.outcome.findings.iter().map(|one| (&it.rule, one)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_doubt_stands_once() {
        let at = |start| Locus::Text {
            source: Default::default(),
            span: text::Span::new(start, start + 1),
        };
        let mut outcome = Outcome::default();
        for (start, why) in [(1, "a"), (2, "a"), (1, "b"), (1, "a")] {
            outcome.gap(&at(start), Why::BuildArg(why.into()));
        }
        outcome.settle();
        assert_eq!(outcome.gaps.len(), 3);
        assert_eq!(outcome.verdict(), Verdict::Unknown);
    }
}
