//! Answers to the page's questions: pure, so that it is tested without a browser.

use report::wire::{Handed, Tell};
use report::{Problem, Report};
use rules::{Case, Document};
use text::{Date, SourceId};

/// The longest input that is read. Everything the engine reads as one text fits many times over;
/// without a limit, a mistaken drop of a disk image would fill the memory.
pub(crate) const LONGEST: u64 = 64 << 20;

/// The content of one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Read {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It is longer than [`LONGEST`]: its length.
    TooLong(u64),
    /// The browser could not read it.
    Failed,
}

/// The first thing the page hears.
pub(crate) fn ready() -> Tell {
    Tell::Ready { version: rules::VERSION.to_owned(), rules: rules::rule_infos() }
}

/// Checks the documents as one case. `contents` has the content of each, in the same order.
pub(crate) fn check(job: u32, today: Date, documents: &[Handed], contents: &[Read]) -> Tell {
    let pairs = documents.iter().zip(contents);
    let handed: Vec<Document<'_>> =
        pairs.clone().map(|(it, content)| document(it, content)).collect();
    let case = Case::new(&handed, today);
    let mut report = rules::check(&case);
    for (index, (_, content)) in pairs.enumerate() {
        note_unread(&mut report, index, content);
    }
    Tell::done(job, report)
}

/// An input that could not be read keeps its place as an empty one, so that sources are numbered
/// as they were handed in.
fn document<'a>(handed: &'a Handed, content: &'a Read) -> Document<'a> {
    let bytes: &[u8] = match content {
        Read::Bytes(bytes) => bytes,
        Read::TooLong(_) | Read::Failed => &[],
    };
    Document { name: &handed.name, bytes, taken_for: handed.taken_for }
}

/// Says why an input was not read, in place of what the engine says about an empty one.
fn note_unread(report: &mut Report, index: usize, content: &Read) {
    let (message, length) = match content {
        Read::Bytes(_) => return,
        Read::TooLong(length) => {
            let message = format!(
                "it is {} MB long, and inputs of more than {} MB are not read",
                length / 1_000_000,
                LONGEST / 1_000_000
            );
            (message, *length)
        }
        Read::Failed => ("the browser could not read it".to_owned(), 0),
    };
    let source = SourceId(u16::try_from(index).unwrap_or(u16::MAX));
    report.problems.retain(|it| it.source != source);
    report.problems.push(Problem {
        source,
        place: None,
        message,
        remedy: "hand in a Dockerfile or inspect output; files that changed meanwhile have to be \
                 opened again"
            .to_owned(),
        choices: Vec::new(),
    });
    if let Some(info) = report.sources.get_mut(index) {
        info.bytes = length;
    }
}

#[cfg(test)]
mod tests {
    use report::wire::Content;

    use super::*;

    fn handed(name: &str) -> Handed {
        Handed { name: name.to_owned(), taken_for: None, content: Content::File(0) }
    }

    fn today() -> Date {
        "2026-11-24".parse().unwrap()
    }

    fn report(documents: &[Handed], contents: &[Read]) -> Report {
        match check(7, today(), documents, contents) {
            Tell::Done { job: 7, report, json: _ } => *report,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_answer_is_what_the_engine_says() {
        let text = "FROM scratch\nUSER root\n";
        let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
        let expected = rules::check(&Case::new(&[document], today()));
        let answer = report(&[handed("Dockerfile")], &[Read::Bytes(text.into())]);
        assert_eq!(answer, expected);
    }

    #[test]
    fn an_input_that_is_too_long_is_a_problem_and_keeps_its_number() {
        let documents = [handed("disk.img"), handed("Dockerfile")];
        let contents = [Read::TooLong(70_000_000), Read::Bytes("FROM scratch\n".into())];
        let answer = report(&documents, &contents);
        assert_eq!(answer.sources.len(), 2);
        assert_eq!(answer.sources[0].bytes, 70_000_000);
        assert_eq!(answer.sources[1].name, "Dockerfile");
        let problems: Vec<_> = answer.problems.iter().filter(|it| it.source.0 == 0).collect();
        assert_eq!(problems.len(), 1);
        assert_eq!(
            problems[0].message,
            "it is 70 MB long, and inputs of more than 67 MB are not read"
        );
    }

    #[test]
    fn an_input_the_browser_cannot_read_is_a_problem() {
        let answer = report(&[handed("gone")], &[Read::Failed]);
        let [problem] = &answer.problems[..] else { panic!("{:?}", answer.problems) };
        assert_eq!(problem.message, "the browser could not read it");
    }

    /// Neither the message as it is posted nor its debug form has five letters of a secret in a row.
    #[test]
    fn no_message_has_a_piece_of_a_secret() {
        let secret = ["q8Zr", "vT2m", "K9wX", "s4Lj"].concat();
        let text = format!(
            "FROM debian:13 AS {secret}\nENV API_TOKEN={secret}\nRUN echo {secret} | sudo tee /x\n\
             USER {secret}\n{secret} x\n"
        );
        let inspect = format!(
            "[{{\"Id\": \"1\", \"Config\": {{\"Env\": [\"API_TOKEN={secret}\"], \"User\": \"{secret}\"}}}}]"
        );
        let documents = [handed("Dockerfile"), handed(&format!("{secret}.json")), handed("x")];
        let contents = [&text, &inspect, &secret].map(|it| Read::Bytes(it.clone().into_bytes()));
        let told = check(7, today(), &documents, &contents);
        let shown = format!("{}{told:?}", told.to_text().unwrap());
        assert!(shown.contains("API_TOKEN"));
        for piece in secret.as_bytes().windows(5) {
            let at = shown.as_bytes().windows(5).position(|it| it.eq_ignore_ascii_case(piece));
            assert_eq!(at.map(|it| &shown[it.saturating_sub(60)..it]), None);
        }
    }

    #[test]
    fn the_engine_introduces_itself() {
        let Tell::Ready { version, rules } = ready() else { panic!() };
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        assert_eq!(rules, rules::rule_infos());
    }
}
