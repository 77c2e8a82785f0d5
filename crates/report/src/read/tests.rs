//! Everything that is written is read back.

use super::*;
use crate::{State, answers, json};

fn place() -> Place {
    Place {
        at: Locus::Text { source: SourceId(1), span: Span::new(2, 5) },
        start: Some(Position { line: 1, column: 3 }),
        end: Some(Position { line: 2, column: 1 }),
        excerpt: vec![ExcerptLine { line: 1, text: "a\u{e9}\"c".to_owned(), mark: (0, 1) }],
    }
}

fn layers() -> [Place; 2] {
    let layer = |span| Locus::Layer { layer: 3, path: "/app/.env".into(), span };
    [Place::from(layer(None)), Place::from(layer(Some(Span::new(0, 1))))]
}

fn finding(confidence: Confidence, fix: Option<Fix>) -> Finding {
    let related = layers().map(|place| Evidence { place, note: "`a` note".into() }).into();
    let in_base = fix.is_none();
    Finding { place: place(), message: "a `message`".to_owned(), confidence, related, fix, in_base }
}

fn whys() -> [Why; 6] {
    [
        Why::NotProvided(Input::Run),
        Why::BaseImage("node:22".into()),
        Why::BuildArg("VERSION".into()),
        Why::Unreadable("it is not text".into()),
        Why::Limit("stopped at 10".into()),
        Why::Incomplete(Box::new(Incomplete {
            what: "it is cut".into(),
            input: Input::History,
            command: "docker history".into(),
        })),
    ]
}

fn rule(question: Option<Question>, severity: Severity, applies: Applies) -> RuleInfo {
    RuleInfo {
        id: "a-rule".into(),
        title: "A title".into(),
        question,
        severity,
        applies,
        aka: vec!["DL0000".into()],
    }
}

fn history() -> History {
    let step = |line, size| HistoryStep {
        text: "RUN make".to_owned(),
        place: place(),
        size,
        is_cut: size.is_none(),
        line,
    };
    History {
        source: SourceId(2),
        base: 1,
        because: "it says so".to_owned(),
        base_name: Some("debian:13".to_owned()),
        steps: vec![step(None, Some(u64::MAX)), step(Some(place()), None)],
        built_from: Some("every step is found".to_owned()),
    }
}

/// A report with every variant and every optional field, there and not there.
pub(crate) fn everything() -> Report {
    let day = Date::new(2026, 11, 24).unwrap();
    let edits = vec![Edit { span: Span::new(1, 1), with: "x\n".to_owned() }];
    let fix = |safety| {
        Some(Fix { title: "Mend it".into(), source: SourceId(0), edits: edits.clone(), safety })
    };
    let gap = |(index, why)| Gap { place: (index == 0).then(place), why };
    let by = |reason: Option<&str>, until| Acceptance {
        place: place(),
        form: "plimsoll".into(),
        reason: reason.map(str::to_owned),
        until,
    };
    let outcome = Outcome {
        findings: vec![
            finding(Confidence::Certain, fix(Safety::Safe)),
            finding(Confidence::Likely, fix(Safety::Review)),
            finding(Confidence::Certain, None),
        ],
        gaps: whys().into_iter().enumerate().map(gap).collect(),
        cleared: vec![Evidence { place: place(), note: "in order".into() }],
        accepted: vec![
            Accepted { finding: finding(Confidence::Certain, None), by: by(None, None) },
            Accepted {
                finding: finding(Confidence::Likely, None),
                by: by(Some("known"), Some(day)),
            },
        ],
    };
    let applies = [Applies::Build, Applies::Image, Applies::Registry, Applies::Host];
    let questions = Question::ALL.map(Some);
    let rules = questions.into_iter().zip(Severity::ALL).zip(applies);
    let mut outcomes: Vec<RuleOutcome> = rules
        .map(|((question, severity), applies)| RuleOutcome {
            rule: rule(question, severity, applies),
            outcome: outcome.clone(),
        })
        .collect();
    outcomes.push(RuleOutcome {
        rule: rule(None, Severity::Note, Applies::Build),
        outcome: Outcome::default(),
    });
    let source = |kind| SourceInfo {
        name: "a name".to_owned(),
        kind,
        bytes: u64::MAX,
        lines: 7,
        of: (kind == Kind::History).then_some(SourceId(0)),
    };
    let kinds = Kind::ALL.into_iter().chain([Kind::Unrecognized]);
    let problem = |place| Problem {
        source: SourceId(2),
        place,
        message: "it is broken".to_owned(),
        remedy: "mend it".to_owned(),
        choices: vec!["a".to_owned(), "b".to_owned()],
    };
    Report {
        version: "1.2.3".to_owned(),
        today: day,
        facts: day,
        sources: kinds.map(source).collect(),
        read: vec![
            Input::Run,
            Input::Config,
            Input::History,
            Input::Dockerfile,
            Input::Layers,
            Input::Context,
            Input::Catalogue,
        ],
        problems: vec![problem(Some(place())), problem(None)],
        rules: 5,
        switched: vec![
            Switched { rule: "a".to_owned(), on: true, reason: None },
            Switched { rule: "b".to_owned(), on: false, reason: Some("because".to_owned()) },
        ],
        outcomes,
        unexamined: vec![QuestionGap {
            question: Question::Tools,
            gap: Gap { place: None, why: Why::NotProvided(Input::Layers) },
        }],
        disagreements: vec![Disagreement {
            message: "they differ".to_owned(),
            places: vec![Evidence { place: place(), note: "one says".into() }],
        }],
        history: Some(history()),
        writable: vec![Evidence { place: place(), note: "`/tmp`: memory".into() }],
    }
}

#[test]
fn reports_are_read_as_they_are_written() {
    let report = everything();
    let text = json(&report);
    let again = super::report(&text).unwrap();
    assert_eq!(again, report);
    assert_eq!(json(&again), text);
    assert_eq!(answers(&again)[3].state, State::FailsIncomplete);
}

#[test]
fn what_is_no_report_is_not_read_as_one() {
    let text = json(&everything());
    for (from, to) in [
        ("\"high\"", "\"highest\""),
        ("\"dockerfile\"", "\"makefile\""),
        ("\"rules_run\": 5", "\"rules_run\": -5"),
        ("2026-11-24", "2026-11-32"),
        ("\"layer\": 3", "\"layer\": 70000"),
        ("\"unreadable\"", "\"unspeakable\""),
    ] {
        assert!(text.contains(from), "{from}");
        assert_eq!(super::report(&text.replace(from, to)), None, "{from}");
    }
    assert_eq!(super::report("{}"), None);
    assert_eq!(super::report(""), None);
}

#[test]
fn pages_are_read_as_they_are_written() {
    use crate::prose::Pages;

    let inlines = || {
        vec![
            Inline::Text("a".to_owned()),
            Inline::Code("b".to_owned()),
            Inline::Emphasis("c".to_owned()),
            Inline::Strong("d".to_owned()),
            Inline::Link("e".to_owned(), "https://example.com".to_owned()),
        ]
    };
    let blocks = vec![
        Block::Heading(2, inlines()),
        Block::Paragraph(inlines()),
        Block::List(vec![inlines(), Vec::new()]),
        Block::Code("dockerfile".to_owned(), "FROM scratch\n".to_owned()),
    ];
    let mut pages = Pages::default();
    pages.add("a-rule", &blocks).unwrap();
    pages.add("a-rule-of-more-words", &[]).unwrap();
    assert_eq!(pages.page("a-rule"), Some(blocks));
    assert_eq!(pages.page("a-rule-of-more-words"), Some(Vec::new()));
    assert_eq!((pages.page("a-rul"), pages.page("rule")), (None, None));
    assert_eq!(Pages("a\t[{\"table\":[]}]\n".to_owned()).page("a"), None);
}
