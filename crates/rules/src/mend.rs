//! Applies fixes, and keeps only those that hold.
//!
//! A fix is made from the facts of one place. Whether it mends the file can only be said of the
//! whole file, so each is tried: its finding has to be gone afterwards, and nothing may stand there
//! that cannot be read. What does not hold is taken back and named.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use report::{Fix, Kind, Report, RuleInfo, Safety};
use text::{Date, Edit, SourceId};

use crate::{Case, Document, Settings};

/// How often the mended text is looked at again. One fix can make room for the next; fixes that
/// undo each other would go on forever.
const ROUNDS: usize = 12;

/// What mending came to.
#[derive(Debug)]
pub struct Mended {
    /// The documents that may be changed: Dockerfiles, as far as they are UTF-8.
    pub editable: BTreeSet<SourceId>,
    /// The new text of every document that changed.
    pub texts: BTreeMap<SourceId, String>,
    /// The fixes in it, in the order in which they were applied.
    pub applied: Vec<Mending>,
    /// Fixes that were tried and taken back.
    pub refused: Vec<Mending>,
    /// The documents as they are now.
    pub case: Case,
    /// What the engine says of them.
    pub report: Report,
}

/// A fix that was tried.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mending {
    /// The source it changes.
    pub source: SourceId,
    /// The rule whose finding it is for.
    pub rule: Cow<'static, str>,
    /// What the finding says.
    pub message: String,
    /// What it does.
    pub title: Cow<'static, str>,
    /// Whether it may be applied unseen.
    pub safety: Safety,
}

/// Applies the fixes of Dockerfiles, up to a safety: with [`Safety::Review`], all of them.
pub fn mend(documents: &[Document<'_>], settings: &Settings, today: Date, most: Safety) -> Mended {
    let mut state = State::of(documents, BTreeMap::new(), settings, today);
    let mut seen = text::order::set([state.texts.clone()]);
    let (mut applied, mut refused) = (Vec::new(), BTreeSet::new());
    for _ in 0..ROUNDS {
        let proposals = proposals(&state.report, &state.editable, most, &refused);
        let mut attempt = |chosen: &[Proposal]| {
            let texts = applied_to(&state.case, &state.texts, chosen)?;
            let next = State::of(documents, texts, settings, today);
            let holds = holds(&state, &next, chosen) && seen.insert(next.texts.clone());
            holds.then_some(next)
        };
        if proposals.is_empty() {
            break;
        }
        if let Some(next) = attempt(&proposals) {
            applied.extend(proposals.iter().map(|it| it.mending.clone()));
            state = next;
            continue;
        }
        // One of them does not hold: what holds alone is kept, and the rest is looked at again.
        let mut next = None;
        for it in proposals {
            next = attempt(std::slice::from_ref(&it));
            if next.is_some() {
                applied.push(it.mending);
                break;
            }
            refused.insert((it.mending, it.edits));
        }
        let Some(next) = next else { break };
        state = next;
    }
    let refused = text::order::distinct(refused.into_iter().map(|(it, _)| it));
    Mended {
        editable: state.editable,
        texts: state.texts,
        applied,
        refused,
        case: state.case,
        report: state.report,
    }
}

/// The documents at some point, and what the engine says of them.
struct State {
    texts: BTreeMap<SourceId, String>,
    case: Case,
    report: Report,
    /// The sources that may be changed.
    editable: BTreeSet<SourceId>,
}

impl State {
    fn of(
        documents: &[Document<'_>],
        texts: BTreeMap<SourceId, String>,
        settings: &Settings,
        today: Date,
    ) -> Self {
        let numbered = || (0..=u16::MAX).map(SourceId).zip(documents);
        let now: Vec<Document<'_>> =
            numbered().map(|(id, it)| current(it, texts.get(&id))).collect();
        let case = Case::with(&now, settings.clone(), today);
        let report = crate::check(&case);
        let is_editable = |(id, _): &(SourceId, &Document<'_>)| {
            let kind = case.kinds.get(usize::from(id.0)).map(|it| it.0);
            kind == Some(Kind::Dockerfile) && !case.rewritten.contains(id)
        };
        let editable = numbered().filter(is_editable).map(|(id, _)| id).collect();
        Self { case, report, editable, texts }
    }

    /// How many findings each rule has.
    fn counts(&self) -> BTreeMap<&str, usize> {
        let outcomes = self.report.outcomes.iter();
        text::order::map(outcomes.map(|it| (&*it.rule.id, it.outcome.findings.len())))
    }
}

/// A document as it is now: what is mended stays what it was, whatever it looks like.
fn current<'a>(it: &Document<'a>, text: Option<&'a String>) -> Document<'a> {
    match text {
        Some(text) => {
            let taken_for = Some(Kind::Dockerfile);
            Document { name: it.name, bytes: text.as_bytes(), taken_for }
        }
        None => *it,
    }
}

/// A fix to try.
struct Proposal {
    mending: Mending,
    edits: Vec<Edit>,
}

/// Fixes that can be applied together, in the order of the text. Of two that touch, the one of the
/// finding that comes first in the report: the other one gets its turn in what stands there then.
fn proposals(
    report: &Report,
    editable: &BTreeSet<SourceId>,
    most: Safety,
    refused: &BTreeSet<(Mending, Vec<Edit>)>,
) -> Vec<Proposal> {
    let mut chosen: Vec<Proposal> = Vec::new();
    let mut taken: BTreeMap<SourceId, Vec<(u32, u32)>> = BTreeMap::new();
    for (rule, finding) in report.findings() {
        let Some(fix) = &finding.fix else { continue };
        if fix.safety > most || !editable.contains(&fix.source) || fix.edits.is_empty() {
            continue;
        }
        let taken = taken.entry(fix.source).or_default();
        let spans: Vec<(u32, u32)> =
            fix.edits.iter().map(|it| (it.span.start(), it.span.end())).collect();
        let touches = |a: &(u32, u32)| taken.iter().any(|b| a.0 <= b.1 && b.0 <= a.1);
        if spans.iter().any(touches) {
            continue;
        }
        let it = proposal(rule, &finding.message, fix);
        if refused.contains(&(it.mending.clone(), it.edits.clone())) {
            continue;
        }
        taken.extend(spans);
        chosen.push(it);
    }
    let start = |it: &Proposal| it.edits.first().map(|it| it.span);
    text::order::sort_by_key(&mut chosen, |it| (it.mending.source, start(it)));
    chosen
}

fn proposal(rule: &RuleInfo, message: &str, fix: &Fix) -> Proposal {
    let mending = Mending {
        source: fix.source,
        rule: rule.id.clone(),
        message: message.to_owned(),
        title: fix.title.clone(),
        safety: fix.safety,
    };
    Proposal { mending, edits: fix.edits.clone() }
}

/// The texts with some fixes in them; nothing if they cannot be applied.
fn applied_to(
    case: &Case,
    texts: &BTreeMap<SourceId, String>,
    chosen: &[Proposal],
) -> Option<BTreeMap<SourceId, String>> {
    let mut edits: BTreeMap<SourceId, Vec<Edit>> = BTreeMap::new();
    for it in chosen {
        edits.entry(it.mending.source).or_default().extend(it.edits.iter().cloned());
    }
    let mut texts = texts.clone();
    for (source, mut edits) in edits {
        text::order::sort_by_key(&mut edits, |it| it.span);
        texts.insert(source, text::apply(case.text(source), &edits).ok()?);
    }
    Some(texts)
}

/// Whether fixes did what they are for: their findings are gone, and everything can be read that
/// could be read before.
fn holds(before: &State, after: &State, chosen: &[Proposal]) -> bool {
    let (had, has) = (before.counts(), after.counts());
    let count = |of: &BTreeMap<&str, usize>, rule: &str| of.get(rule).copied().unwrap_or_default();
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    for it in chosen {
        *wanted.entry(&it.mending.rule).or_default() += 1;
    }
    let gone = |(rule, n): (&&str, &usize)| count(&has, rule) + n <= count(&had, rule);
    wanted.iter().all(gone) && after.case.faults() <= before.case.faults()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::today;
    use crate::{RULES, Switch};

    /// Only the rules that these tests speak of, so that others have no say.
    const OURS: [&str; 5] = [
        "clear-text-download",
        "missing-assume-yes",
        "package-cache-left",
        "prefer-apt-get",
        "prefer-copy-over-add",
    ];

    fn mended(text: &str, most: Safety) -> Mended {
        let switch = |id: &str| (id.to_owned(), Switch { on: OURS.contains(&id), reason: None });
        let rules = RULES.iter().map(|it| switch(it.id)).collect();
        let settings = Settings { rules, ..Settings::default() };
        let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
        mend(&[document], &settings, today(), most)
    }

    #[track_caller]
    fn check(text: &str, most: Safety, expected: &str) {
        let got = mended(text, most);
        assert_eq!(got.texts.get(&SourceId(0)).map_or(text, |it| it), expected);
        let again = mended(expected, most);
        assert_eq!((again.texts, again.applied), (BTreeMap::new(), Vec::new()));
    }

    #[test]
    fn fixes_of_one_command_are_applied_one_after_the_other() {
        check(
            "FROM debian:13\nRUN apt update && apt install curl\nUSER 1000\n",
            Safety::Safe,
            "FROM debian:13\nRUN apt-get update && apt-get install -y curl \
             && rm -rf /var/lib/apt/lists/*\nUSER 1000\n",
        );
    }

    #[test]
    fn what_has_to_be_reviewed_is_left_alone_unless_asked_for() {
        let text = "FROM debian:13\nRUN curl -fO http://example.com/a.tar\nUSER 1000\n";
        check(text, Safety::Safe, text);
        check(text, Safety::Review, &text.replace("http:", "https:"));
    }

    #[test]
    fn accepted_findings_are_not_mended() {
        let text = "FROM debian:13\n# plimsoll: ignore[prefer-copy-over-add] meant so\n\
                    ADD app /app\nUSER 1000\n";
        check(text, Safety::Safe, text);
    }

    #[test]
    fn only_dockerfiles_are_changed() {
        let recipe = "FROM debian:13\nADD app /app\n";
        let wide: Vec<u8> = std::iter::once(0xfeff)
            .chain(recipe.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let inspect = r#"[{"Config": {"User": "root", "Env": ["A=1"]}, "RootFS": {}}]"#;
        let changed = |documents: &[&[u8]]| -> Vec<u16> {
            let documents: Vec<Document<'_>> = documents
                .iter()
                .map(|bytes| Document { name: "x", bytes, taken_for: None })
                .collect();
            let got = mend(&documents, &Settings::default(), today(), Safety::Review);
            got.texts.keys().map(|it| it.0).collect()
        };
        assert_eq!(changed(&[inspect.as_bytes(), recipe.as_bytes()]), [1]);
        assert!(changed(&[inspect.as_bytes()]).is_empty());
        assert!(changed(&[&wide]).is_empty());
    }

    #[test]
    fn a_fix_that_leaves_its_finding_is_taken_back() {
        let text = "FROM debian:13\nADD a.py /\nADD b.py /\n";
        let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
        let state = |texts| State::of(&[document], texts, &Settings::default(), today());
        let before = state(BTreeMap::new());
        let editable = BTreeSet::from([SourceId(0)]);
        let proposals = proposals(&before.report, &editable, Safety::Safe, &BTreeSet::new());
        assert_eq!(proposals.len(), 2);
        let with = |text: &str| state(BTreeMap::from([(SourceId(0), text.to_owned())]));
        assert!(holds(&before, &with(&text.replace("ADD", "COPY")), &proposals));
        assert!(!holds(&before, &with(&text.replacen("ADD", "COPY", 1)), &proposals));
        let broken = text.replace("ADD", "COPY") + "RUN (echo\n";
        assert!(!holds(&before, &with(&broken), &proposals));
    }
}
