//! What every fix has to hold to: it can be applied, its finding is gone, nothing stands there that
//! cannot be read, and when all are applied, nothing is left to apply.

use std::collections::BTreeMap;

use report::{Finding, Fix, Report, RuleInfo, Safety};
use rules::{Case, Document, RULES, Settings, Switch, mend};
use text::Date;

/// The rule whose fixes may change how lines end.
const LINE_ENDS: &str = "crlf-line-endings";

/// What was tried.
#[derive(Debug, Default)]
pub struct Tried {
    /// By rule.
    pub rules: BTreeMap<String, Count>,
    /// What went wrong, with file, rule and place.
    pub failures: Vec<String>,
    /// Findings of other rules that appeared where a fix was applied: the rules of both, and how
    /// often. Many are right, such as a command that is judged only once it is complete.
    pub followers: BTreeMap<(String, String), usize>,
    /// Files that have fixes, and those of them that mending changed.
    pub files: (usize, usize),
}

/// What became of the fixes of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// Findings.
    pub findings: usize,
    /// Findings with a fix.
    pub fixes: usize,
    /// Fixes that may be applied unseen.
    pub safe: usize,
    /// Fixes that do not hold.
    pub failures: usize,
}

/// Tries every fix of a Dockerfile on its own, and all of them together. All rules are on.
pub fn check(name: &str, text: &str, today: Date, out: &mut Tried) {
    let settings = everything();
    let (case, before) = judged(text, &settings, today);
    let mut any = false;
    for (rule, finding) in before.findings() {
        let count = out.rules.entry(rule.id.to_string()).or_default();
        count.findings += 1;
        let Some(fix) = &finding.fix else { continue };
        any = true;
        count.fixes += 1;
        count.safe += usize::from(fix.safety == Safety::Safe);
        let mended = match text::apply(text, &fix.edits) {
            Ok(it) => it,
            Err(error) => {
                count.failures += 1;
                out.failures.push(told(name, rule, finding, &error.to_string()));
                continue;
            }
        };
        let (mended_case, after) = judged(&mended, &settings, today);
        let trouble = if of(&after, &rule.id) >= of(&before, &rule.id) {
            Some("the finding is still there")
        } else if mended_case.faults() > case.faults() {
            Some("the result cannot be read")
        } else if rule.id != LINE_ENDS && has_windows_lines(text) && !has_windows_lines(&mended) {
            Some("the line ends are mixed")
        } else {
            None
        };
        if let Some(it) = trouble {
            count.failures += 1;
            let shown = format!("{it}: {}", shown(fix));
            out.failures.push(told(name, rule, finding, &shown));
        }
        for it in RULES.iter().filter(|it| it.id != rule.id) {
            if of(&after, it.id) > of(&before, it.id) {
                let key = (rule.id.to_string(), it.id.to_owned());
                *out.followers.entry(key).or_default() += 1;
            }
        }
    }
    out.files.0 += usize::from(any);
    let mut changed = false;
    for most in [Safety::Safe, Safety::Review] {
        changed |= together(name, text, &settings, today, most, out);
    }
    out.files.1 += usize::from(changed);
}

/// Mends a file twice: the second time there is nothing to do. Whether it changed.
fn together(
    name: &str,
    text: &str,
    settings: &Settings,
    today: Date,
    most: Safety,
    out: &mut Tried,
) -> bool {
    let run = |text: &str| {
        let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
        mend(&[document], settings, today, most)
    };
    let first = run(text);
    for it in &first.refused {
        let (rule, title, message) = (&it.rule, &it.title, &it.message);
        out.failures.push(format!("{name}: {rule}: taken back: {title} ({message})"));
    }
    let Some(mended) = first.texts.values().next() else { return false };
    let second = run(mended);
    for it in &second.applied {
        let (rule, title, message) = (&it.rule, &it.title, &it.message);
        out.failures.push(format!("{name}: {rule}: once more: {title} ({message})"));
    }
    true
}

/// Whether every line ends as on Windows.
fn has_windows_lines(text: &str) -> bool {
    text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count()
}

/// All rules, those that are off by default too.
fn everything() -> Settings {
    let on = |id: &str| (id.to_owned(), Switch { on: true, reason: None });
    let rules = RULES.iter().map(|it| on(it.id)).collect();
    Settings { rules, ..Settings::default() }
}

fn judged(text: &str, settings: &Settings, today: Date) -> (Case, Report) {
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let case = Case::with(&[document], settings.clone(), today);
    let report = rules::check(&case);
    (case, report)
}

fn of(report: &Report, rule: &str) -> usize {
    let own = report.outcomes.iter().filter(|it| it.rule.id == rule);
    own.map(|it| it.outcome.findings.len()).sum()
}

fn told(name: &str, rule: &RuleInfo, finding: &Finding, what: &str) -> String {
    let line = finding.place.start.map_or(0, |it| it.line);
    format!("{name}:{line}: {}: {what} ({})", rule.id, finding.message)
}

fn shown(fix: &Fix) -> String {
    let edits: Vec<String> = fix.edits.iter().map(|it| format!("{:?}", it.with)).collect();
    format!("{} by {}", fix.title, edits.join(", "))
}
