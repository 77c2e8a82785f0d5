//! What is written is read by others, whatever stands in it.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use serde_sarif::sarif::Sarif;
use text::{Edit, SourceId, Span};

use super::*;
use crate::read::tests::everything;
use crate::{Fix, Safety};

/// Texts that would be something else than text where they are not escaped.
const HOSTILE: [&str; 22] = [
    "plain",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "]]>",
    "--><!--",
    "</style><script>alert(1)</script>",
    "&amp;&#x3c;script&#x3e;",
    "a\n::error::forged",
    "\r\n::add-mask::x\r\n",
    "%0A::warning file=x::forged",
    "a,line=1:c%",
    "javascript:alert(1)",
    "https://example.com/?a=1&b=2#c",
    "../../etc/passwd",
    "C:\\windows\\x",
    "\\\"\\u0000",
    "a\0b\x1b[2Jc\u{9b}",
    "\u{202e}txt\u{2066}\u{feff}\u{e0041}",
    "\u{fffe}\u{ffff}\u{1f600}",
    "`x` **b** [c](d) | e",
    "",
];

/// A report in which every text is the same.
fn hostile(text: &str) -> Report {
    fn walk(value: &mut Value, text: &str) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|it| walk(it, text)),
            Value::Object(map) => {
                let known = map.get("kind").and_then(Value::as_str) == Some("not-provided");
                for (key, it) in map.iter_mut() {
                    let is_free = match &**key {
                        "name" | "message" | "remedy" | "note" | "title" | "reason" | "text"
                        | "path" | "with" | "form" => true,
                        "subject" => !known,
                        _ => false,
                    };
                    if is_free && it.is_string() {
                        *it = Value::String(text.to_owned());
                    } else {
                        walk(it, text);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut value: Value = serde_json::from_str(&crate::json(&everything())).unwrap();
    walk(&mut value, text);
    crate::read::report(&value.to_string()).unwrap()
}

fn help(rule: &str) -> String {
    format!("Why {rule} matters.")
}

fn each(check: impl Fn(&Report, &Context<'_>, &str)) {
    let source = |it: &crate::SourceInfo| Source::new(&it.name, "one\ntwo\n");
    for text in HOSTILE {
        let report = hostile(text);
        let sources: Vec<Source> = report.sources.iter().map(source).collect();
        let paths = [None, Some(text.to_owned()), None, None];
        check(
            &report,
            &Context { sources: &sources, paths: &paths, help, has_baseline: false },
            text,
        );
    }
}

/// Nothing that is written acts on a terminal or hides from a reader.
#[track_caller]
fn check_quiet(written: &str) {
    assert!(!written.contains(|it| it != '\n' && text::is_hidden(it)), "{written:?}");
}

fn accepted(report: &Report) -> usize {
    report.outcomes.iter().map(|it| it.outcome.accepted.len()).sum()
}

#[test]
fn sarif_is_read() {
    each(|report, context, text| {
        let written = sarif(report, context);
        check_quiet(&written);
        let read: Sarif = serde_json::from_str(&written).unwrap();
        let run = &read.runs[0];
        let results = run.results.as_ref().unwrap();
        let n_findings = report.findings().count();
        assert_eq!(results.len(), n_findings + accepted(report));
        let value: Value = serde_json::from_str(&written).unwrap();
        let run = &value["runs"][0];
        let n_suppressed = run["results"].as_array().unwrap().iter();
        let n_suppressed = n_suppressed.filter(|it| it["suppressions"][0]["kind"] == "inSource");
        assert_eq!(n_suppressed.count(), accepted(report));
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let mut names = BTreeSet::new();
        for it in run["results"].as_array().unwrap() {
            let index = usize::try_from(it["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], it["ruleId"]);
            assert!(names.insert(it["partialFingerprints"]["plimsoll/v1"].to_string()));
            // GitHub refuses a file with a result that is in no file.
            let place = &it["locations"][0]["physicalLocation"];
            assert!(place["artifactLocation"]["uri"].is_string(), "{it}");
            assert!(place["region"]["startLine"].as_u64().is_some_and(|it| it > 0), "{it}");
        }
        assert!(written.contains("fullyQualifiedName"), "nothing in a layer was written");
        let uri = run["artifacts"][1]["location"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~/%:".contains(&it)));
        assert!(!uri.contains(':') || uri.starts_with("file://"), "{uri}");
        let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        assert!(notes.len() > report.problems.len());
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        assert_eq!(rules[0]["help"]["markdown"], "Why a-rule matters.");
        if text == "plain" {
            assert!(written.contains("\"insertedContent\""));
        }
    });
}

#[test]
fn html_is_text_and_nothing_else() {
    each(|report, context, text| {
        let written = html(report, context);
        check_quiet(&written);
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let page = roxmltree::Document::parse_with_options(&written, options).unwrap();
        let allowed = [
            "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p",
            "table", "caption", "tr", "th", "td", "strong", "article", "code", "pre", "mark", "ul",
            "li", "footer", "details", "summary",
        ];
        for it in page.descendants().filter(roxmltree::Node::is_element) {
            assert!(allowed.contains(&it.tag_name().name()), "{it:?}");
            for attribute in it.attributes() {
                let known = ["lang", "charset", "http-equiv", "content", "name", "scope", "class"];
                assert!(
                    known.contains(&attribute.name())
                        || ["tabindex", "open"].contains(&attribute.name())
                );
            }
        }
        let shown: String = page.descendants().filter_map(|it| it.text()).collect();
        let expected =
            text::visible(text).to_string().replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        // Quotations lose their backticks and become code.
        if !text.contains('`') {
            assert!(shown.contains(&expected), "{text:?}");
        }
    });
}

#[test]
fn an_html_report_stands_for_itself() {
    let report = everything();
    let context =
        Context { sources: &[], paths: &[], help: |_| HELP.to_owned(), has_baseline: false };
    const HELP: &str = "An intruder\ngains `much`.\n\n## What to do\n\nMend it.\n\nMore.\n";
    let written = html(&report, &context);
    for question in report.findings().map(|it| it.0.question) {
        let heading = question.map_or("Other matters", crate::Question::text);
        assert_eq!(written.matches(&format!("<h2>{heading}</h2>")).count(), 1, "{written}");
    }
    let rules: BTreeSet<_> = report.findings().map(|it| &it.0.id).collect();
    let why =
        "<p>An intruder gains <code>much</code>.</p>\n<p>Mend it.</p>\n</details>\n</article>";
    assert_eq!(written.matches(why).count(), rules.len(), "once for each rule: {written}");
    let cleared = report.outcomes.iter().map(|it| it.outcome.cleared.len()).sum::<usize>();
    assert!(cleared > 0 && written.contains(&format!("in order: {cleared}</summary>")));
    assert!(written.contains("The same again: <code>plimsoll check --today "), "{written}");
    // A name is one word to a shell, whatever it is.
    assert!(html(&hostile("a b"), &context).contains("&#39;a b&#39;"));
    assert!(html(&hostile("-x'$(y)"), &context).contains("&#39;-x&#39;\\&#39;&#39;$(y)&#39;"));
}

#[test]
fn junit_is_read() {
    each(|report, context, _| {
        let written = junit(report, context);
        check_quiet(&written);
        let read = junit_parser::from_reader(written.as_bytes()).unwrap();
        let suite = &read.suites[0];
        let n_findings = report.findings().count();
        assert_eq!(u64::try_from(n_findings).unwrap(), suite.failures);
        assert_eq!(u64::try_from(report.problems.len()).unwrap(), suite.errors);
        let failed = suite.cases.iter().filter(|it| it.status.is_failure()).count();
        let broken = suite.cases.iter().filter(|it| it.status.is_error()).count();
        assert_eq!((failed, broken), (n_findings, report.problems.len()));
        assert_eq!(suite.cases.len() as u64, suite.tests);
    });
}

#[test]
fn checkstyle_is_read() {
    each(|report, context, _| {
        let written = checkstyle(report, context);
        check_quiet(&written);
        let page = roxmltree::Document::parse(&written).unwrap();
        let errors: Vec<_> = page.descendants().filter(|it| it.has_tag_name("error")).collect();
        assert_eq!(errors.len(), report.findings().count());
        for it in errors {
            assert!(it.attribute("line").unwrap().parse::<u32>().unwrap() > 0);
            assert!(["error", "warning", "info"].contains(&it.attribute("severity").unwrap()));
            assert_eq!(it.parent().unwrap().tag_name().name(), "file");
        }
    });
}

#[test]
fn gitlab_has_what_it_asks_for() {
    #[derive(Deserialize)]
    struct Issue {
        description: String,
        check_name: String,
        fingerprint: String,
        severity: String,
        location: Location,
    }
    #[derive(Deserialize)]
    struct Location {
        path: String,
        lines: Lines,
    }
    #[derive(Deserialize)]
    struct Lines {
        begin: u32,
    }
    each(|report, context, text| {
        let written = gitlab(report, context);
        check_quiet(&written);
        let issues: Vec<Issue> = serde_json::from_str(&written).unwrap();
        assert_eq!(issues.len(), report.findings().count());
        let names: BTreeSet<&str> = issues.iter().map(|it| &*it.fingerprint).collect();
        assert_eq!(names.len(), issues.len(), "GitLab shows one of those with the same name");
        for it in &issues {
            assert!(["info", "minor", "major", "critical"].contains(&&*it.severity));
            assert!(it.location.lines.begin > 0 && !it.check_name.is_empty());
            assert_eq!(it.location.path, text);
            assert!(!it.description.is_empty());
        }
    });
}

#[test]
fn no_text_starts_a_workflow_command() {
    each(|report, context, text| {
        let written = github(report, context);
        check_quiet(&written);
        let n_problems = report.problems.len();
        assert_eq!(written.lines().count(), report.findings().count() + n_problems);
        for line in written.lines() {
            let (head, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
            let (word, properties) = head.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&word), "{line}");
            for it in properties.split(',') {
                let (name, value) = it.split_once('=').unwrap();
                let known = ["file", "line", "endLine", "col", "endColumn", "title"];
                assert!(known.contains(&name), "{line}");
                if name == "file" && word != "error" {
                    let path = value.replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
                    assert_eq!(path, text::visible(text).to_string());
                }
            }
        }
    });
}

#[test]
fn github_is_told_how_many_it_does_not_show() {
    let mut report = everything();
    report.problems.clear();
    for it in &mut report.outcomes {
        let many = it.outcome.findings.first().cloned().into_iter().cycle().take(30);
        it.outcome.findings = many.collect();
    }
    let context = Context { sources: &[], paths: &[], help, has_baseline: false };
    let written = github(&report, &context);
    let count = |word: &str| written.lines().filter(|it| it.starts_with(word)).count();
    assert_eq!((count("::error "), count("::warning "), count("::notice ")), (10, 10, 10));
    assert!(written.contains("::error title=Plimsoll::21 more in the summary\n"), "{written}");
}

#[test]
fn rdjson_has_what_it_asks_for() {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Diagnostics {
        source: Named,
        diagnostics: Vec<Diagnostic>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Named {
        name: String,
        url: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Diagnostic {
        message: String,
        location: Location,
        severity: String,
        code: Code,
        #[serde(default)]
        suggestions: Vec<Suggestion>,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Location {
        path: String,
        range: Option<Range>,
    }
    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(deny_unknown_fields)]
    struct Range {
        start: At,
        end: At,
    }
    #[derive(Deserialize, PartialEq, PartialOrd, Debug)]
    #[serde(deny_unknown_fields)]
    struct At {
        line: u32,
        column: u32,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Code {
        value: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Suggestion {
        range: Range,
        text: String,
    }
    each(|report, context, text| {
        let written = rdjson(report, context);
        check_quiet(&written);
        let read: Diagnostics = serde_json::from_str(&written).unwrap();
        assert_eq!(read.source.name, "plimsoll");
        assert!(read.source.url.starts_with("https://"));
        assert_eq!(read.diagnostics.len(), report.findings().count());
        for it in &read.diagnostics {
            assert!(["ERROR", "WARNING", "INFO"].contains(&&*it.severity));
            assert!(!it.message.is_empty() && !it.code.value.is_empty());
            assert_eq!(it.location.path, text);
            let range = it.location.range.as_ref().unwrap();
            assert!(range.start.line > 0 && range.start.column > 0 && range.end >= range.start);
            assert!(it.suggestions.iter().all(|it| it.text == text && it.range.start.line > 0));
        }
    });
}

/// Places of fixes in bytes, for a text in which characters and bytes differ.
#[test]
fn suggestions_count_bytes_and_fixes_characters() {
    let mut report = everything();
    report.sources.truncate(1);
    // The `é` is one character and two bytes, from 7 to 9.
    let span = Span::new(9, 12);
    let at = Locus::Text { source: SourceId(0), span };
    let outcome = &mut report.outcomes[0].outcome;
    outcome.findings.truncate(1);
    outcome.findings[0].place = at.into();
    let edits = vec![Edit { span, with: "COPY".to_owned() }];
    let title = "Use it".into();
    let fix = Fix { title, source: SourceId(0), edits, safety: Safety::Safe };
    outcome.findings[0].fix = Some(fix);
    report.outcomes.truncate(1);
    let sources = [Source::new("x", "FROM a\n\u{e9}ADD\n")];
    let context =
        Context { sources: &sources, paths: &[Some("a/b".to_owned())], help, has_baseline: false };
    let column = |written: &str, pointer: &str| {
        let value: Value = serde_json::from_str(written).unwrap();
        value.pointer(pointer).and_then(Value::as_u64)
    };
    let written = rdjson(&report, &context);
    assert_eq!(column(&written, "/diagnostics/0/suggestions/0/range/start/column"), Some(3));
    let written = sarif(&report, &context);
    let region = "/runs/0/results/0/fixes/0/artifactChanges/0/replacements/0/deletedRegion/";
    assert_eq!(column(&written, &format!("{region}startColumn")), Some(2));
    assert_eq!(column(&written, &format!("{region}startLine")), Some(2));
}

#[test]
fn names_survive_when_lines_move() {
    let report = everything();
    let context = Context { sources: &[], paths: &[], help, has_baseline: false };
    let before = fingerprints(&report, &context, report.findings());
    let mut moved = report.clone();
    for it in &mut moved.outcomes {
        for finding in &mut it.outcome.findings {
            finding.place.start.iter_mut().for_each(|it| it.line += 7);
            finding.place.excerpt.iter_mut().for_each(|it| it.line += 7);
        }
    }
    assert_eq!(fingerprints(&moved, &context, moved.findings()), before);
    let mut changed = report.clone();
    changed.outcomes[0].outcome.findings[0].place.excerpt[0].text.push('!');
    assert_ne!(fingerprints(&changed, &context, changed.findings()), before);
}
