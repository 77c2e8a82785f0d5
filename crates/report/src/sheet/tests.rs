//! What is written is read, and no more of it than a page shows.

use super::*;
use crate::Why;
use crate::read::tests::everything;

fn read(report: &Report) -> Sheet {
    Sheet::parse(Sheet::write(report).unwrap(), 0).unwrap()
}

#[test]
fn a_sheet_says_what_the_report_says() {
    let report = everything();
    let sheet = read(&report);
    assert_eq!(sheet.answers, answers(&report));
    assert_eq!(sheet.headline, headline(&sheet.answers));
    assert_eq!(sheet.examined, examined(&report));
    assert_eq!((&sheet.read, &sheet.sources), (&report.read, &report.sources));
    assert_eq!(sheet.problems, report.problems);
    assert_eq!(sheet.disagreements, report.disagreements);
    assert_eq!((&sheet.history, &sheet.writable), (&report.history, &report.writable));
    // Every rule has the same three findings; the one without any is not there.
    assert_eq!(sheet.rules.len(), 4);
    let findings: Vec<_> = report.findings().collect();
    assert_eq!(sheet.findings.len(), findings.len());
    for (index, (rule, finding)) in findings.into_iter().enumerate() {
        let listed = &sheet.findings[index];
        assert_eq!(sheet.finding(index), Some(finding));
        assert_eq!(&sheet.rules[listed.rule], rule);
        let Locus::Text { source, span } = finding.place.at else { panic!() };
        assert_eq!(listed.at, Some((source, span)));
        assert_eq!(listed.in_base, finding.in_base);
        assert_eq!(listed.fix, finding.fix.as_ref().map(|it| (it.source, it.safety)));
    }
    assert_eq!(sheet.finding(100), None);
}

#[test]
fn the_worst_come_first() {
    let mut report = everything();
    report.outcomes.reverse();
    let sheet = read(&report);
    let severities: Vec<_> =
        sheet.findings.iter().map(|it| sheet.rules[it.rule].severity).collect();
    assert!(severities.is_sorted() && severities[0] == Severity::High, "{severities:?}");
}

#[test]
fn a_place_in_a_layer_is_no_place_in_a_text() {
    let mut report = everything();
    let layer = Locus::Layer { layer: 1, path: "/a\nb\tc".into(), span: None };
    for it in &mut report.outcomes {
        it.outcome.findings.iter_mut().for_each(|it| it.place = layer.clone().into());
    }
    let sheet = read(&report);
    assert!(sheet.findings.iter().all(|it| it.at.is_none()));
    assert_eq!(sheet.finding(0).map(|it| &it.place.at), Some(&layer));
}

#[test]
fn what_needs_nobodys_attention_is_cut_and_counted() {
    let mut report = everything();
    let outcome = &mut report.outcomes[0].outcome;
    let cleared = outcome.cleared[0].clone();
    outcome.cleared = vec![cleared; MOST];
    let sheet = read(&report);
    assert_eq!((sheet.cleared.0.len(), sheet.cleared.1), (MOST, MOST + 3));
    assert_eq!(sheet.accepted.1, 8);
    let by = sheet.accepted.0[1].by.as_deref();
    assert_eq!(by, Some("by a plimsoll comment: known, until 2026-11-24"));
}

#[test]
fn a_doubt_that_many_share_stands_once() {
    let report = everything();
    let (doubts, all) = read(&report).doubts;
    // Six reasons that four rules have, and one that is a question's.
    assert_eq!((doubts.len(), all), (7, 7));
    assert_eq!(doubts[0].questions, Question::ALL);
    assert_eq!((doubts[0].rules.len(), doubts[0].places), (1, 4));
    assert!(doubts[0].place.is_some() && doubts[1].place.is_none());
    let Why::NotProvided(_) = report.unexamined[0].gap.why else { panic!() };
    assert_eq!((&doubts[6].questions[..], doubts[6].places), (&[Question::Tools][..], 0));
    assert!(doubts[6].settle.is_some());
}

#[test]
fn what_is_no_sheet_is_not_read_as_one() {
    let text = Sheet::write(&everything()).unwrap();
    let line = text.lines().nth(1).unwrap();
    let (numbers, finding) = line.split_once('\t').unwrap();
    assert_eq!(numbers, "0 1 2 5 13 0");
    for wrong in [
        String::new(),
        "{}".to_owned(),
        "\n".to_owned(),
        format!("{text}\n"),
        text.replace(numbers, "4 1 2 5 13 0"),
        text.replace(numbers, "0 1 5 2 13 0"),
        text.replace(numbers, "0 1 2 5 13"),
        text.replace(numbers, "0 1 2 5 13 0 0"),
        text.replace(numbers, "0 70000 2 5 13 0"),
    ] {
        assert_eq!(Sheet::parse(wrong.clone(), 0), None, "{wrong:.200}");
    }
    // What is broken in a finding shows when it is looked at.
    let broken = Sheet::parse(text.replacen(finding, "{", 1), 0).unwrap();
    assert_eq!(broken.finding(0), None);
    assert!(broken.finding(1).is_some());
}
