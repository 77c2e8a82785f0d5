//! A report as the page wants it: what it draws, in the order in which it draws it.
//!
//! A report about thousands of lines has many thousands of places, of which a page shows some dozens. So
//! the worker groups, counts and cuts; and findings stay the text they came as until one of them is
//! drawn. Of each only what filters, marks and orders it is read at once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::Range;

use serde::Serialize;
use text::{SourceId, Span, visible};

use crate::{
    Accepted, Answer, Disagreement, Evidence, Finding, Gap, History, Input, Locus, Outcome,
    Problem, Question, Report, RuleInfo, Safety, Settle, Severity, SourceInfo, answers, examined,
    headline, place_name, read, sentence,
};

/// The most entries of a group that a page shows. A file of thousands of lines is in order thousands of
/// times; this is for looking, not for counting.
pub const MOST: usize = 200;

/// What a page draws of a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// The four answers in one line.
    pub headline: String,
    /// What was examined and what was not.
    pub examined: String,
    /// The four answers.
    pub answers: [Answer; 4],
    /// The kinds of input that could be read.
    pub read: Vec<Input>,
    /// What was handed in.
    pub sources: Vec<SourceInfo>,
    /// What kept inputs from being read.
    pub problems: Vec<Problem>,
    /// The rules that have findings.
    pub rules: Vec<RuleInfo>,
    /// What could not be known, each doubt once: at most [`MOST`], and how many there are.
    pub doubts: (Vec<Doubt>, usize),
    /// What somebody accepted, cut likewise.
    pub accepted: (Vec<Aside>, usize),
    /// What is in order, cut likewise.
    pub cleared: (Vec<Aside>, usize),
    /// Where inputs tell different things about the image.
    pub disagreements: Vec<Disagreement>,
    /// The history of the image, if it was given.
    pub history: Option<History>,
    /// What the main process may write.
    pub writable: Vec<Evidence>,
    /// The findings, worst first, otherwise in the order of the report.
    pub findings: Vec<Listed>,
    /// The findings in full.
    pub(crate) text: String,
}

/// A reason for not knowing, and whom it concerns. Many rules share a reason.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Doubt {
    /// The reason, as a sentence.
    pub message: String,
    /// The questions it leaves open.
    pub questions: Vec<Question>,
    /// The rules it concerns.
    pub rules: Vec<String>,
    /// The first place in a text.
    pub place: Option<String>,
    /// How many places there are.
    pub places: usize,
    /// What would settle it.
    pub settle: Option<Settle>,
}

/// Something that needs nobody's attention.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Aside {
    /// What there is.
    pub message: String,
    /// Where, in words.
    pub place: String,
    /// The rule that says so.
    pub rule: String,
    /// Whose comment accepted it, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A finding in the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its rule among those of the sheet.
    pub rule: usize,
    /// Where it is, if that is in a text.
    pub at: Option<(SourceId, Span)>,
    /// Whether it is about a step of the base image.
    pub in_base: bool,
    /// Which source its fix changes, and how safely.
    pub fix: Option<(SourceId, Safety)>,
    line: Range<usize>,
    full: OnceCell<Option<Box<Finding>>>,
}

/// What stands before the findings.
#[derive(Serialize)]
struct Head<'a> {
    headline: String,
    examined: String,
    answers: &'a [Answer; 4],
    read: &'a [Input],
    sources: &'a [SourceInfo],
    problems: &'a [Problem],
    rules: Vec<&'a RuleInfo>,
    doubts: (Vec<Doubt>, usize),
    accepted: (Vec<Aside>, usize),
    cleared: (Vec<Aside>, usize),
    disagreements: &'a [Disagreement],
    history: Option<&'a History>,
    writable: &'a [Evidence],
}

impl Sheet {
    /// A finding in full.
    pub fn finding(&self, index: usize) -> Option<&Finding> {
        let it = self.findings.get(index)?;
        let read = || read::finding(self.text.get(it.line.clone())?).map(Box::new);
        it.full.get_or_init(read).as_deref()
    }

    /// A report as a sheet travels: a line of JSON, and one for each finding.
    pub(crate) fn write(report: &Report) -> Result<String, serde_json::Error> {
        let failing = report.outcomes.iter().filter(|it| !it.outcome.findings.is_empty());
        // Four passes: severities are few.
        let by_severity = |it| failing.clone().filter(move |one| one.rule.severity == it);
        let listed: Vec<_> = Severity::ALL.into_iter().flat_map(by_severity).collect();
        let answers = answers(report);
        let (accepted, cleared) =
            (few(report, |it| &it.accepted, accepted), few(report, |it| &it.cleared, cleared));
        let head = Head {
            headline: headline(&answers),
            examined: examined(report),
            answers: &answers,
            read: &report.read,
            sources: &report.sources,
            problems: &report.problems,
            rules: listed.iter().map(|it| &it.rule).collect(),
            doubts: doubts(report),
            accepted,
            cleared,
            disagreements: &report.disagreements,
            history: report.history.as_ref(),
            writable: &report.writable,
        };
        let mut out = serde_json::to_string(&head)?;
        for (rule, it) in listed.into_iter().enumerate() {
            for finding in &it.outcome.findings {
                // Writing into a text cannot fail.
                let _ = write!(out, "\n{rule} {}\t", Numbers::of(finding));
                out += &serde_json::to_string(finding)?;
            }
        }
        Ok(out)
    }

    /// Reads what [`Sheet::write`] wrote, from a byte of a text on.
    pub(crate) fn parse(text: String, start: usize) -> Option<Self> {
        let rest = text.get(start..)?;
        let end = start + rest.find('\n').unwrap_or(rest.len());
        let mut sheet = read::sheet(text.get(start..end)?)?;
        let mut at = end;
        for line in text.get(end..)?.split('\n').skip(1) {
            at += 1;
            let (numbers, _) = line.split_once('\t')?;
            let start = at + numbers.len() + 1;
            at += line.len();
            sheet.findings.push(listed(numbers, start..at)?);
        }
        let rules = sheet.rules.len();
        sheet.text = text;
        sheet.findings.iter().all(|it| it.rule < rules).then_some(sheet)
    }
}

/// What is read of a finding at once, as numbers: source, start and end of its place, signs, source of its
/// fix.
#[derive(Clone, Copy)]
struct Numbers([u32; 5]);

const IN_TEXT: u32 = 1;
const IN_BASE: u32 = 2;
const HAS_FIX: u32 = 4;
const IS_SAFE: u32 = 8;

impl Numbers {
    fn of(it: &Finding) -> Self {
        let sign = |is: bool, sign| if is { sign } else { 0 };
        let (source, span) = match &it.place.at {
            Locus::Text { source, span } => (Some(*source), *span),
            Locus::Layer { .. } => (None, Span::default()),
        };
        let safe = it.fix.as_ref().is_some_and(|it| it.safety == Safety::Safe);
        let signs = sign(source.is_some(), IN_TEXT)
            | sign(it.in_base, IN_BASE)
            | sign(it.fix.is_some(), HAS_FIX)
            | sign(safe, IS_SAFE);
        let number = |it: Option<SourceId>| it.map_or(0, |it| u32::from(it.0));
        let fixed = it.fix.as_ref().map(|it| it.source);
        Self([number(source), span.start(), span.end(), signs, number(fixed)])
    }

    fn read(text: &str) -> Option<Self> {
        let mut numbers = [0; 5];
        let mut words = text.split(' ');
        for it in &mut numbers {
            *it = words.next()?.parse().ok()?;
        }
        words.next().is_none().then_some(Self(numbers))
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [source, start, end, signs, fixed] = self.0;
        write!(f, "{source} {start} {end} {signs} {fixed}")
    }
}

/// Reads what stands before a finding.
fn listed(text: &str, line: Range<usize>) -> Option<Listed> {
    let (rule, numbers) = text.split_once(' ')?;
    let Numbers([source, start, end, signs, fixed]) = Numbers::read(numbers)?;
    let has = |it| signs & it != 0;
    if start > end {
        return None;
    }
    let at = (SourceId(source.try_into().ok()?), Span::new(start, end));
    let safety = if has(IS_SAFE) { Safety::Safe } else { Safety::Review };
    let fix = (SourceId(fixed.try_into().ok()?), safety);
    Some(Listed {
        rule: rule.parse().ok()?,
        at: has(IN_TEXT).then_some(at),
        in_base: has(IN_BASE),
        fix: has(HAS_FIX).then_some(fix),
        line,
        full: OnceCell::new(),
    })
}

/// The first of what the rules said in one way, and how much of it there is.
fn few<'a, T: 'a>(
    report: &'a Report,
    of: impl Fn(&'a Outcome) -> &'a [T],
    aside: impl Fn(&'a Report, &'a T, String) -> Aside,
) -> (Vec<Aside>, usize) {
    let all = || {
        let of = &of;
        report.outcomes.iter().flat_map(move |it| of(&it.outcome).iter().map(|one| (&it.rule, one)))
    };
    let first = all().take(MOST).map(|(rule, it)| aside(report, it, rule.id.to_string()));
    (first.collect(), all().count())
}

fn accepted(report: &Report, it: &Accepted, rule: String) -> Aside {
    let reason = it.by.reason.as_ref().map(|it| format!(": {}", visible(it))).unwrap_or_default();
    let until = it.by.until.map(|it| format!(", until {it}")).unwrap_or_default();
    Aside {
        message: sentence(&it.finding.message),
        place: place_name(&report.sources, &it.finding.place),
        rule,
        by: Some(format!("by a {} comment{reason}{until}", it.by.form)),
    }
}

fn cleared(report: &Report, it: &Evidence, rule: String) -> Aside {
    let place = place_name(&report.sources, &it.place);
    Aside { message: it.note.to_string(), place, rule, by: None }
}

/// What could not be known, each reason once.
fn doubts(report: &Report) -> (Vec<Doubt>, usize) {
    let own = report.outcomes.iter().flat_map(|it| {
        it.outcome.gaps.iter().map(|gap| (gap, it.rule.question, Some(&it.rule.id[..])))
    });
    let overall = report.unexamined.iter().map(|it| (&it.gap, Some(it.question), None));
    let mut doubts: Vec<Doubt> = Vec::new();
    let mut known = BTreeMap::new();
    for (gap, question, rule) in own.chain(overall) {
        let at = *known.entry(&gap.why).or_insert(doubts.len());
        let doubt = match doubts.get_mut(at) {
            Some(it) => it,
            None => doubts.push_mut(doubt(report, gap)),
        };
        doubt.places += usize::from(gap.place.is_some());
        if let Some(it) = question.filter(|it| !doubt.questions.contains(it)) {
            doubt.questions.push(it);
        }
        if let Some(it) = rule.filter(|it| !doubt.rules.iter().any(|known| known == it)) {
            doubt.rules.push(it.to_owned());
        }
    }
    let all = doubts.len();
    doubts.truncate(MOST);
    (doubts, all)
}

fn doubt(report: &Report, gap: &Gap) -> Doubt {
    let place = gap.place.as_ref().filter(|it| matches!(it.at, Locus::Text { .. }));
    Doubt {
        message: sentence(&gap.why.message()),
        questions: Vec::new(),
        rules: Vec::new(),
        place: place.map(|it| place_name(&report.sources, it)),
        places: 0,
        settle: gap.why.settle(),
    }
}

#[cfg(test)]
mod tests;
