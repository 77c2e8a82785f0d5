//! Answers to the page's questions: pure, so that it is tested without a browser.

use report::wire::{Choices, Content, Format, Handed, Session, Tell, Want};
use report::{Input, Kind, Problem, Report};
use rules::{Case, Document, Settings};
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

/// What is asked of a case.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its number.
    pub(crate) number: u32,
    /// The day against which ages are judged.
    pub(crate) today: Date,
    /// What was handed in.
    pub(crate) documents: Vec<Handed>,
    /// What was chosen.
    pub(crate) choices: Choices,
    /// What to make of it.
    pub(crate) want: Want,
}

/// Does a job. `contents` has the content of each document, in the same order.
pub(crate) fn answer(job: &Job, contents: &[Read]) -> Tell {
    let pairs = job.documents.iter().zip(contents);
    let handed: Vec<Document<'_>> =
        pairs.clone().map(|(it, content)| document(it, content)).collect();
    let settings = Settings {
        picks: job.choices.picks.clone(),
        target: job.choices.target.clone(),
        ..Settings::default()
    };
    let case = Case::with(&handed, settings, job.today);
    let number = job.number;
    if job.want == Want::Advice {
        let text = rules::advise(&case).and_then(|it| it.to_text().ok());
        return match text {
            Some(text) => Tell::Gave { job: number, text },
            None => broke(number, "nothing that was given could be read"),
        };
    }
    let mut report = rules::check(&case);
    for (index, (_, content)) in pairs.enumerate() {
        note_unread(&mut report, index, content);
    }
    match job.want {
        Want::Export(format) => Tell::Gave { job: number, text: export(&report, &case, format) },
        Want::Session => match session(&case, job).to_text() {
            Some(text) => Tell::Gave { job: number, text },
            None => broke(number, "the inputs cannot be written"),
        },
        Want::Report | Want::Advice => Tell::done(number, report, stages(&case)),
    }
}

fn broke(job: u32, what: &str) -> Tell {
    Tell::Broke { job, what: what.to_owned() }
}

/// The Dockerfiles of a case as they may be shown to others.
fn session(case: &Case, job: &Job) -> Session {
    let numbered = (0..=u16::MAX).map(SourceId).zip(&job.documents).zip(&case.kinds);
    let dockerfiles = numbered.filter(|(_, (kind, _))| *kind == Kind::Dockerfile);
    let masked = |((id, it), _): ((SourceId, &Handed), _)| Handed {
        name: it.name.clone(),
        taken_for: it.taken_for,
        content: Content::Text(case.shown_text(id)),
    };
    Session { documents: dockerfiles.map(masked).collect(), choices: job.choices.clone() }
}

/// The names of the stages that could be built instead of the last one.
fn stages(case: &Case) -> Vec<String> {
    let recipe = case.builds.iter().find(|it| it.input == Input::Dockerfile);
    let mut names = recipe.map(rules::Build::stage_names).unwrap_or_default();
    // They travel in one line, apart by blanks; no stage that can be built has one in its name.
    names.retain(|it| !it.contains(['\n', ' ']));
    names
}

fn export(report: &Report, case: &Case, format: Format) -> String {
    let paths: Vec<Option<String>> =
        report.sources.iter().map(|it| it.of.is_none().then(|| it.name.clone())).collect();
    let help = |rule: &str| {
        let rule = rules::RULES.iter().find(|it| it.id == rule);
        rule.map(|it| rules::page::filled(it.doc)).unwrap_or_default()
    };
    let context = &report::Context { sources: &case.sources, paths: &paths, help };
    match format {
        Format::Sarif => report::sarif(report, context),
        Format::Html => report::html(report),
        Format::Junit => report::junit(report, context),
        Format::Gitlab => report::gitlab(report, context),
        Format::Rdjson => report::rdjson(report, context),
        Format::Checkstyle => report::checkstyle(report, context),
    }
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
    use super::*;

    fn handed(name: &str) -> Handed {
        Handed { name: name.to_owned(), taken_for: None, content: Content::File(0) }
    }

    fn today() -> Date {
        "2026-11-24".parse().unwrap()
    }

    fn job(documents: &[Handed], want: Want) -> Job {
        let (documents, choices) = (documents.to_vec(), Choices::default());
        Job { number: 7, today: today(), documents, choices, want }
    }

    fn report(documents: &[Handed], contents: &[Read]) -> Report {
        match answer(&job(documents, Want::Report), contents) {
            Tell::Done { job: 7, report, .. } => *report,
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
    fn what_was_chosen_counts_and_stages_are_named() {
        let text = b"FROM a AS one\nUSER 1\nFROM b AS two\nUSER root\n";
        let mut asked = job(&[handed("Dockerfile")], Want::Report);
        asked.choices.target = Some("one".to_owned());
        let Tell::Done { report, stages, .. } = answer(&asked, &[Read::Bytes(text.to_vec())])
        else {
            panic!()
        };
        assert_eq!(stages, ["one", "two"]);
        assert!(report.findings().all(|(rule, _)| rule.id != "runs-as-root"));
        let mut asked = job(&[handed("a"), handed("b")], Want::Report);
        let contents = [Read::Bytes(b"FROM a\n".into()), Read::Bytes(b"FROM b\n".into())];
        let Tell::Done { report, .. } = answer(&asked, &contents) else { panic!() };
        let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
        assert_eq!(problem.choices, ["a", "b"]);
        asked.choices.picks = vec!["b".to_owned()];
        let Tell::Done { report, .. } = answer(&asked, &contents) else { panic!() };
        assert!(report.problems.is_empty() && report.read == [Input::Dockerfile]);
    }

    #[test]
    fn advice_and_exports_are_given_on_request() {
        let contents = [Read::Bytes(b"FROM alpine:3\nUSER 1000\n".into())];
        let documents = [handed("Dockerfile")];
        let given = |want| match answer(&job(&documents, want), &contents) {
            Tell::Gave { job: 7, text } => text,
            other => panic!("{other:?}"),
        };
        let advice = report::read::advice(&given(Want::Advice)).unwrap();
        assert!(advice.run.contains("--user 1000"), "{}", advice.run);
        for format in Format::ALL {
            assert!(!given(Want::Export(format)).is_empty());
        }
        let nothing = answer(&job(&[], Want::Advice), &[]);
        assert!(matches!(nothing, Tell::Broke { job: 7, .. }));
    }

    #[test]
    fn what_is_shared_holds_no_secret_and_nothing_but_dockerfiles() {
        let secret = ["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
        let text = format!("FROM a\nENV TOKEN={secret}\n");
        let inspect = r#"[{"Id": "sha256:1", "Config": {"User": "app"}, "RootFS": {}}]"#;
        let contents = [Read::Bytes(inspect.into()), Read::Bytes(text.into_bytes())];
        let asked = job(&[handed("inspect.json"), handed("Dockerfile")], Want::Session);
        let Tell::Gave { text, .. } = answer(&asked, &contents) else { panic!() };
        let session = report::read::session(&text).unwrap();
        let [only] = &session.documents[..] else { panic!("{session:?}") };
        let Content::Text(masked) = &only.content else { panic!() };
        assert!(masked.starts_with("FROM a\nENV TOKEN="), "{masked}");
        assert!(!masked.contains(&secret[4..]), "{masked}");
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
