//! JUnit and checkstyle.

use std::fmt::Write;

use super::{Context, Level, level, lines, markup, plain, shown};
use crate::{Report, RuleOutcome, Verdict};

/// Renders a report as JUnit: a test for each rule that had something to say. Each finding is a
/// failed test, what could not be known a skipped one.
pub fn junit(report: &Report, context: &Context<'_>) -> String {
    let mut cases = String::new();
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for it in &report.problems {
        tests += 1;
        let name = markup(&context.path(report, it.source));
        let _ = write!(cases, "    <testcase classname=\"plimsoll\" name=\"{name}\">\n      ");
        let (what, remedy) = (markup(&plain(&it.message)), markup(&plain(&it.remedy)));
        let _ = write!(cases, "<error message=\"{what}\" type=\"problem\">{remedy}</error>\n    ");
        cases += "</testcase>\n";
    }
    for it in &report.outcomes {
        let case = |inside: &str, number: Option<usize>| {
            let more = number.map(|it| format!(" #{it}")).unwrap_or_default();
            let (id, title) = (markup(&it.rule.id), markup(&it.rule.title));
            format!(
                "    <testcase classname=\"plimsoll.{id}\" name=\"{title}{more}\">{inside}</testcase>\n"
            )
        };
        match it.outcome.verdict() {
            Verdict::Fails => {
                for (index, text) in failed(report, it).iter().enumerate() {
                    (tests, failures) = (tests + 1, failures + 1);
                    cases += &case(text, Some(index + 1).filter(|it| *it > 1));
                }
            }
            Verdict::Unknown => {
                (tests, skipped) = (tests + 1, skipped + 1);
                let gap = it.outcome.gaps.first().map(|it| plain(&it.why.message()));
                let gap = markup(&gap.unwrap_or_default());
                cases += &case(&format!("<skipped message=\"{gap}\"/>"), None);
            }
            Verdict::Passes => {
                tests += 1;
                cases += &case("", None);
            }
            Verdict::Moot => {}
        }
    }
    let errors = report.problems.len();
    let counts = format!(
        "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"plimsoll\" {counts} time=\"0\">\n  \
<testsuite name=\"plimsoll\" {counts} time=\"0\">\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

/// The failures of a rule, one for each finding.
fn failed(report: &Report, it: &RuleOutcome) -> Vec<String> {
    let one = |finding: &crate::Finding| {
        let (message, place) =
            (markup(&plain(&finding.message)), markup(&shown(report, &finding.place)));
        let mut inside = place.clone();
        for line in &finding.place.excerpt {
            let _ = write!(inside, "\n{} | {}", line.line, markup(&line.text));
        }
        let severity = it.rule.severity.id();
        format!("<failure message=\"{place}: {message}\" type=\"{severity}\">{inside}</failure>")
    };
    it.outcome.findings.iter().map(one).collect()
}

/// Renders findings as checkstyle, a file at a time.
pub fn checkstyle(report: &Report, context: &Context<'_>) -> String {
    let mut files: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (rule, finding) in report.findings() {
        let (start, _) = lines(&finding.place);
        let severity = match level(rule.severity) {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "info",
        };
        let (message, id) = (markup(&plain(&finding.message)), markup(&rule.id));
        let out = files.entry(context.path_of(report, &finding.place)).or_default();
        let _ = writeln!(
            out,
            "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{message}\" source=\"plimsoll.{id}\"/>",
            start.line, start.column
        );
    }
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    for (path, errors) in files {
        let _ = write!(out, "  <file name=\"{}\">\n{errors}  </file>\n", markup(&path));
    }
    out + "</checkstyle>\n"
}
