//! Test support for rules, and the tests that hold for all of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use report::{Input, Kind, Locus, Outcome, Report, Verdict};
use text::Date;

use crate::{Case, Context, Document, RULES, Rule, Settings, Switch, page};

#[cfg(feature = "archives")]
mod as_history;
mod layers;

/// The day that tests judge by.
pub(crate) fn today() -> Date {
    Date::new(2026, 11, 24).unwrap()
}

/// A case of documents, each with the language of its fence.
pub(crate) fn case(documents: &[(&str, &str)]) -> Case {
    let layers = documents.iter().find(|it| it.0 == "layers");
    let context = documents.iter().find(|(language, _)| *language == "context");
    let context = context.map(|(_, text)| Context::read(text));
    let documents: Vec<Document<'_>> = documents
        .iter()
        .filter(|(language, _)| !matches!(*language, "context" | "layers"))
        .map(|(language, text)| Document {
            name: language,
            bytes: text.as_bytes(),
            taken_for: match *language {
                "dockerfile" => Some(Kind::Dockerfile),
                _ => None,
            },
        })
        .collect();
    // Rules that are off by default are tested like all others.
    let on = |it: &&Rule| (it.id.to_owned(), Switch { on: true, reason: None });
    let trusted = ["docker.io/library", "registry.example.com"];
    let settings = Settings {
        rules: RULES.iter().map(on).collect(),
        trusted: trusted.map(str::to_owned).to_vec(),
        context: context.map(Arc::new),
        ..Settings::default()
    };
    #[cfg(feature = "archives")]
    if let Some((_, text)) = layers {
        return layers::case(text, &documents, settings);
    }
    assert!(layers.is_none(), "saved images need the feature `archives`");
    Case::with(&documents, settings, today())
}

fn report_of(rule: &'static Rule, case: &Case) -> Report {
    crate::rule::check_with(case, &[rule])
}

fn outcome(rule: &'static Rule, case: &Case) -> Outcome {
    let report = report_of(rule, case);
    report.outcomes.into_iter().next().map(|it| it.outcome).unwrap_or_default()
}

/// What a rule says of a case.
pub(crate) fn verdict(rule: &'static Rule, case: &Case) -> Verdict {
    // Whether an ignore comment has an effect depends on all rules.
    if rule.id == "ineffective-ignore" {
        let report = crate::check(case);
        let own = report.outcomes.iter().find(|it| it.rule.id == rule.id);
        return own.map_or(Verdict::Moot, |it| it.outcome.verdict());
    }
    outcome(rule, case).verdict()
}

/// Checks a Dockerfile against caret lines in it: each names the place above it and the message
/// there. Caret lines are comments, so the text is a Dockerfile as it stands; one in column 0
/// marks from there on, its own `#` included.
#[track_caller]
pub(crate) fn check_dockerfile(rule: &'static Rule, text: &str) {
    let case = case(&[("dockerfile", text)]);
    let outcome = outcome(rule, &case);
    let mut got: Vec<(u32, u32, u32, String)> = Vec::new();
    for it in &outcome.findings {
        let (start, end) = (it.place.start.unwrap(), it.place.end.unwrap());
        let end = if end.line == start.line { end.column } else { start.column + 1 };
        got.push((start.line, start.column, end, it.message.clone()));
        assert!(matches!(it.place.at, Locus::Text { .. }));
    }
    let mut expected = Vec::new();
    let mut line_above = 0;
    for (index, line) in text.lines().enumerate() {
        let number = u32::try_from(index + 1).unwrap();
        let body = line.strip_prefix('#').unwrap_or_default();
        let marks = body.trim_start_matches(' ');
        if !marks.starts_with('^') {
            line_above = number;
            continue;
        }
        let indent = body.len() - marks.len();
        let carets = marks.bytes().take_while(|it| *it == b'^').count();
        // With no blank before it, the `#` itself marks the first column.
        let (start, length) = if indent == 0 { (1, carets + 1) } else { (indent + 2, carets) };
        let start = u32::try_from(start).unwrap();
        let end = start + u32::try_from(length).unwrap();
        expected.push((line_above, start, end, marks[carets..].trim().to_owned()));
    }
    expected.sort();
    got.sort();
    assert_eq!(got, expected);
}

/// What a rule finds in a Dockerfile, each with its first line: for texts in which a caret line would
/// matter.
pub(crate) fn messages(rule: &'static Rule, text: &str) -> Vec<(u32, String)> {
    let outcome = outcome(rule, &case(&[("dockerfile", text)]));
    outcome.findings.iter().map(|it| (it.place.start.unwrap().line, it.message.clone())).collect()
}

/// A Dockerfile with all fixes of a rule applied, those to be reviewed too.
#[track_caller]
pub(crate) fn fixed(rule: &'static Rule, text: &str) -> String {
    let outcome = outcome(rule, &case(&[("dockerfile", text)]));
    let mut edits: Vec<text::Edit> = outcome
        .findings
        .iter()
        .filter_map(|it| it.fix.as_ref())
        .flat_map(|it| it.edits.clone())
        .collect();
    edits.sort_by_key(|it| it.span);
    let mut out = String::new();
    let mut at = 0;
    for it in &edits {
        assert!(it.span.start() as usize >= at, "edits overlap: {edits:?}");
        out.push_str(&text[at..it.span.start() as usize]);
        out.push_str(&it.with);
        at = it.span.end() as usize;
    }
    out.push_str(&text[at..]);
    out
}

#[test]
fn ids_are_kebab_case_and_names_are_unique() {
    let mut ids = BTreeSet::new();
    for rule in RULES {
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        let kebab =
            rule.id.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        assert!(kebab, "{}", rule.id);
        assert!(
            !rule.title.ends_with('.') && rule.title.starts_with(char::is_uppercase),
            "{}",
            rule.title
        );
        let mut names = BTreeSet::new();
        for name in rule.aka {
            assert!(names.insert(name), "{}: {name} is there twice", rule.id);
            assert_ne!(*name, rule.id);
        }
    }
    for rule in RULES {
        for name in rule.aka {
            assert!(!ids.contains(name), "{name} is an id and another name of {}", rule.id);
        }
    }
}

#[test]
fn every_page_has_its_parts() {
    for rule in RULES {
        let headings: Vec<&str> =
            rule.doc.lines().filter_map(|it| it.strip_prefix("## ")).collect();
        let allowed = ["What to do", "When to accept it", "Examples", "See also"];
        assert!(headings.iter().all(|it| allowed.contains(it)), "{}: {headings:?}", rule.id);
        assert!(headings.starts_with(&["What to do"]), "{}: {headings:?}", rule.id);
        assert!(
            headings.contains(&"Examples") && headings.contains(&"When to accept it"),
            "{}",
            rule.id
        );
        assert!(rule.doc.starts_with(|it: char| it.is_alphanumeric() || it == '`'), "{}", rule.id);
    }
}

#[test]
fn examples_say_what_the_rule_says() {
    for rule in RULES {
        let (mut fails, mut passes) = (false, false);
        let mut languages = BTreeSet::new();
        for example in page::examples(rule.doc) {
            let documents: Vec<(&str, &str)> =
                example.documents.iter().map(|(language, text)| (&**language, &**text)).collect();
            languages.extend(documents.iter().map(|(language, _)| (*language).to_owned()));
            let got = verdict(rule, &case(&documents));
            assert_eq!(got, example.verdict, "{}: {}", rule.id, example.title);
            fails |= got == Verdict::Fails;
            passes |= got == Verdict::Passes;
        }
        assert!(fails && passes, "{} needs an example that fails and one that passes", rule.id);
        let reads: BTreeSet<String> = rule.reads.iter().map(|it| fence(*it).to_owned()).collect();
        assert_eq!(languages, reads, "{}: the examples show what it reads", rule.id);
    }
}

/// Applying the fixes of a failing example takes away what they are for, and breaks nothing.
#[test]
fn fixes_of_examples_mend_them() {
    for rule in RULES {
        for example in page::examples(rule.doc).iter().filter(|it| it.verdict == Verdict::Fails) {
            let [(language, text)] = &example.documents[..] else { continue };
            if language != "dockerfile" {
                continue;
            }
            let before = outcome(rule, &case(&[("dockerfile", text)]));
            let n_fixes = before.findings.iter().filter(|it| it.fix.is_some()).count();
            if n_fixes == 0 {
                continue;
            }
            let mended = fixed(rule, text);
            let name = format!("{}: {}", rule.id, example.title);
            let after = outcome(rule, &case(&[("dockerfile", &mended)]));
            assert_eq!(after.findings.len(), before.findings.len() - n_fixes, "{name}\n{mended}");
            let errors = |text: &str| dockerfile::parse(text).errors.len();
            assert!(errors(&mended) <= errors(text), "{name}\n{mended}");
        }
    }
}

/// The language of the fences that hold an input.
fn fence(input: Input) -> &'static str {
    match input {
        Input::Run => "run",
        Input::Config => "config",
        Input::History => "history",
        Input::Dockerfile => "dockerfile",
        Input::Layers => "layers",
        Input::Context => "context",
        Input::Catalogue => "catalogue",
    }
}
