//! The four answers, derived from the outcomes.

use serde::Serialize;

use crate::{Applies, Evidence, Finding, Gap, Question, Report, RuleOutcome, Settle, Verdict};

/// What a question comes to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// At least one finding, and nothing left open.
    Fails,
    /// At least one finding, and something that could not be known.
    FailsIncomplete,
    /// No finding, and something that could not be known.
    Unknown,
    /// Everything that was found was accepted in the file, and nothing is left open.
    Accepted,
    /// Looked at, and in order, as far as was examined.
    Passes,
    /// Nothing to ask this about.
    Moot,
}

impl State {
    /// The answer in a word. The questions are asked so that "no" is good.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fails => "Yes",
            Self::FailsIncomplete => "Yes, and not all examined",
            Self::Unknown => "Not known",
            Self::Accepted => "Yes, accepted",
            Self::Passes => "No",
            Self::Moot => "Does not apply",
        }
    }

    /// The verdict behind it.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Fails | Self::FailsIncomplete => Verdict::Fails,
            Self::Unknown => Verdict::Unknown,
            Self::Accepted | Self::Passes => Verdict::Passes,
            Self::Moot => Verdict::Moot,
        }
    }
}

/// One of the four answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// What it comes to.
    pub state: State,
    /// Why, in one sentence.
    pub sentence: String,
    /// How many findings stand behind it.
    pub findings: usize,
    /// How many further findings somebody accepted.
    pub accepted: usize,
    /// What would settle what is open, each way once.
    pub settle: Vec<Settle>,
}

/// The four answers, in the order of the questions.
pub fn answers(report: &Report) -> [Answer; 4] {
    Question::ALL.map(|question| answer(report, question))
}

fn answer(report: &Report, question: Question) -> Answer {
    let rules = || report.outcomes.iter().filter(|it| it.rule.question == Some(question));
    let outcomes = || rules().map(|it| &it.outcome);
    let own_gaps = outcomes().flat_map(|it| &it.gaps);
    let unexamined = report.unexamined.iter().filter(|it| it.question == question);
    let gaps: Vec<&Gap> = own_gaps.chain(unexamined.map(|it| &it.gap)).collect();
    let findings = outcomes().map(|it| it.findings.len()).sum();
    let accepted = outcomes().map(|it| it.accepted.len()).sum();
    let cleared = outcomes().any(|it| !it.cleared.is_empty());
    let state = match (findings, gaps.is_empty(), accepted) {
        (1.., true, _) => State::Fails,
        (1.., false, _) => State::FailsIncomplete,
        (0, false, _) => State::Unknown,
        (0, true, 1..) => State::Accepted,
        (0, true, 0) if cleared => State::Passes,
        (0, true, 0) => State::Moot,
    };
    let sentence = match state {
        State::Fails | State::FailsIncomplete => {
            first_of(outcomes().flat_map(|it| &it.findings), findings)
        }
        State::Accepted => {
            first_of(outcomes().flat_map(|it| &it.accepted).map(|it| &it.finding), accepted)
        }
        State::Unknown => gaps.first().map(|it| sentence(&it.why.message())),
        // What may be written says more than that nothing is wrong.
        State::Passes if question == Question::Write && !report.writable.is_empty() => {
            Some(only(&report.writable))
        }
        State::Passes => clearance(rules()).map(|it| sentence(&it.note)),
        State::Moot => Some("Nothing of what was given has to do with it.".to_owned()),
    };
    Answer {
        question,
        state,
        sentence: sentence.unwrap_or_default(),
        findings,
        accepted,
        settle: settle(&gaps),
    }
}

/// That nothing but some paths may be written.
fn only(writable: &[Evidence]) -> String {
    let path = |it: &Evidence| it.note.split_once(": ").map(|(path, _)| path.to_owned());
    let mut paths: Vec<String> = writable.iter().filter_map(path).collect();
    if paths.len() > 4 {
        let n_more = paths.len() - 3;
        paths.truncate(3);
        paths.push(format!("{n_more} more"));
    }
    let last = paths.pop().unwrap_or_default();
    match paths.is_empty() {
        true => format!("It may write to {last} and nothing else."),
        false => format!("It may write to {} and {last}, and nothing else.", paths.join(", ")),
    }
}

/// The first finding stands for all: outcomes are ordered worst first.
fn first_of<'a>(mut findings: impl Iterator<Item = &'a Finding>, count: usize) -> Option<String> {
    let first = findings.next()?;
    let more = match count {
        0 | 1 => String::new(),
        2 => " One more finding.".to_owned(),
        _ => format!(" {} more findings.", count - 1),
    };
    Some(sentence(&first.message) + &more)
}

/// What is in order with the image itself says more than what is in order with its build.
fn clearance<'a>(rules: impl Iterator<Item = &'a RuleOutcome> + Clone) -> Option<&'a Evidence> {
    let of_image = rules.clone().filter(|it| it.rule.applies != Applies::Build);
    of_image.chain(rules).flat_map(|it| &it.outcome.cleared).next()
}

fn settle(gaps: &[&Gap]) -> Vec<Settle> {
    let mut ways: Vec<Settle> = Vec::new();
    for way in gaps.iter().filter_map(|it| it.why.settle()) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

/// A message as a sentence of its own.
pub fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    // Our messages are English; input in them is quoted.
    let first = chars.next().map(|it| it.to_ascii_uppercase());
    let stop = if message.ends_with(['.', '?', '!']) { "" } else { "." };
    first.into_iter().chain(chars).chain(stop.chars()).collect()
}

/// The four answers in one line.
pub fn headline(answers: &[Answer]) -> String {
    let count = |verdict| answers.iter().filter(|it| it.state.verdict() == verdict).count();
    let all = answers.len();
    let (fails, unknown, moot) =
        (count(Verdict::Fails), count(Verdict::Unknown), count(Verdict::Moot));
    match (fails, unknown) {
        (1.., 0) => format!("Overloaded: {fails} of {all} fail"),
        (1.., _) => format!("Overloaded: {fails} of {all} fail, {unknown} not known"),
        (0, 1..) => format!("Not known yet: {unknown} of {all} open"),
        (0, 0) if moot == all => "Nothing to answer for what was examined".to_owned(),
        (0, 0) if moot > 0 => {
            format!("Above the line: {} of {all} pass, for what was examined", all - moot)
        }
        (0, 0) => format!("Above the line: all {all} pass, for what was examined"),
    }
}

#[cfg(test)]
mod tests {
    use text::Date;

    use super::*;
    use crate::{Acceptance, Accepted, Locus, Outcome, RuleInfo, Why};

    #[test]
    fn what_was_accepted_is_still_the_answer() {
        let rule = RuleInfo {
            id: "a".into(),
            title: "A".into(),
            question: Some(Question::Root),
            severity: crate::Severity::High,
            applies: crate::Applies::Image,
            aka: Vec::new(),
        };
        let at = Locus::Text { source: Default::default(), span: Default::default() };
        let mut outcome = Outcome::default();
        outcome.fail(&at, "the main process runs as `root`");
        outcome.clear(&at, "nothing else was found");
        let by = Acceptance { place: (&at).into(), form: "x".into(), reason: None, until: None };
        outcome.accepted = outcome
            .findings
            .drain(..)
            .map(|finding| Accepted { finding, by: by.clone() })
            .collect();
        let mut report = Report {
            version: String::new(),
            today: Date::new(2026, 11, 24).unwrap(),
            facts: Date::new(2026, 11, 24).unwrap(),
            sources: Vec::new(),
            read: Vec::new(),
            problems: Vec::new(),
            rules: 1,
            switched: Vec::new(),
            outcomes: vec![RuleOutcome { rule, outcome }],
            unexamined: Vec::new(),
            disagreements: Vec::new(),
            writable: Vec::new(),
            history: None,
        };
        let it = answer(&report, Question::Root);
        assert_eq!(
            (it.state, it.sentence.as_str()),
            (State::Accepted, "The main process runs as `root`.")
        );
        report.outcomes.iter_mut().for_each(|it| it.outcome.gap(&at, Why::Limit("x".into())));
        assert_eq!(answer(&report, Question::Root).state, State::Unknown);
    }

    #[test]
    fn sentences_start_large_and_end_with_a_stop() {
        assert_eq!(sentence("a thing"), "A thing.");
        assert_eq!(sentence("`x` is there."), "`x` is there.");
        assert_eq!(sentence(""), ".");
    }
}
