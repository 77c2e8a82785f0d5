//! Answers to everything the page asks, without a browser.

use super::*;

fn handed(name: &str) -> Handed {
    Handed { name: name.to_owned(), taken_for: None, content: Content::File(0) }
}

fn today() -> Date {
    "2026-11-24".parse().unwrap()
}

fn job(documents: &[Handed], want: Want) -> Job {
    let (documents, choices) = (documents.to_vec(), Choices::default());
    Job { number: 7, revision: 1, today: today(), documents, choices, want, cancelled: None }
}

fn answer(job: &Job, contents: &[Read], tell: &mut dyn FnMut(Tell)) -> Tell {
    let mut watch = |it: Option<Tell>| {
        it.into_iter().for_each(&mut *tell);
        Next::On
    };
    image::finish(Desk::default().answer(job, contents, &mut watch))
}

fn reported(documents: &[Handed], contents: &[Read]) -> Report {
    match answer(&job(documents, Want::Report), contents, &mut |_| ()) {
        Tell::Done { job: 7, report, .. } => *report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_answer_is_what_the_engine_says() {
    let text = "FROM scratch\nUSER root\n";
    let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
    let expected = rules::check(&Case::new(&[document], today()));
    let answer = reported(&[handed("Dockerfile")], &[Read::Bytes(text.into())]);
    assert_eq!(answer, expected);
}

/// A layer with one file, and nothing else.
fn archive() -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..9].copy_from_slice(b"bin/tool\0");
    block[100..107].copy_from_slice(b"0004755");
    block[124..135].copy_from_slice(b"00000000000");
    block[148..156].fill(b' ');
    block[156] = b'0';
    block[257..263].copy_from_slice(b"ustar\0");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.resize(512 + 1024, 0);
    block
}

#[test]
fn a_saved_image_keeps_its_number_among_the_others() {
    let documents = [handed("Dockerfile"), handed("image.tar"), handed("other.tar")];
    let saved = || Read::Saved(Rc::new(archive()));
    let contents = [Read::Bytes("FROM scratch\n".into()), saved(), saved()];
    let answer = reported(&documents, &contents);
    let names: Vec<&str> = answer.sources.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Dockerfile", "image.tar", "other.tar"]);
    assert_eq!(answer.sources[1].kind, report::Kind::SavedImage);
    assert!(answer.findings().any(|it| it.1.message.contains("/bin/tool")), "{answer:?}");
    let [problem] = &answer.problems[..] else { panic!("{:?}", answer.problems) };
    assert_eq!(problem.source.0, 2);
    assert!(problem.message.contains("one case is about one"), "{}", problem.message);
}

#[test]
fn a_cancelled_image_is_not_read_and_says_so() {
    let documents = [handed("image.tar")];
    let contents = [Read::Saved(Rc::new(archive()))];
    let progress = Progress { done: 3_000_000, total: 9_000_001, ..Progress::default() };
    let asked = Job { cancelled: Some(progress), ..job(&documents, Want::Report) };
    let told = answer(&asked, &contents, &mut |it| panic!("{it:?}"));
    let Tell::Done { report, .. } = told else { panic!() };
    let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
    assert!(problem.message.contains("after 3 of 10 MB"), "{}", problem.message);
}

#[test]
fn what_was_chosen_counts_and_stages_are_named() {
    let text = b"FROM a AS one\nUSER 1\nFROM b AS two\nUSER root\n";
    let mut asked = job(&[handed("Dockerfile")], Want::Report);
    asked.choices.target = Some("one".to_owned());
    let Tell::Done { report, stages, .. } =
        answer(&asked, &[Read::Bytes(text.to_vec())], &mut |_| ())
    else {
        panic!()
    };
    assert_eq!(stages, ["one", "two"]);
    assert!(report.findings().all(|(rule, _)| rule.id != "runs-as-root"));
    let mut asked = job(&[handed("a"), handed("b")], Want::Report);
    let contents = [Read::Bytes(b"FROM a\n".into()), Read::Bytes(b"FROM b\n".into())];
    let Tell::Done { report, .. } = answer(&asked, &contents, &mut |_| ()) else { panic!() };
    let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
    assert_eq!(problem.choices, ["a", "b"]);
    asked.choices.picks = vec!["b".to_owned()];
    let Tell::Done { report, .. } = answer(&asked, &contents, &mut |_| ()) else { panic!() };
    assert!(report.problems.is_empty() && report.read == [Input::Dockerfile]);
}

#[test]
fn the_build_context_counts_as_on_the_command_line_and_is_in_no_link() {
    let text = b"FROM a:1\nCOPY . .\nUSER 1\n";
    let mut asked = job(&[handed("Dockerfile")], Want::Report);
    let listed = "./.env\n./src/main.c\n.dockerignore:\n  src\n";
    asked.choices.context = Some(listed.to_owned());
    let tell = answer(&asked, &[Read::Bytes(text.to_vec())], &mut |_| ());
    let Tell::Done { report, .. } = tell else { panic!() };
    assert_eq!(report.read, [Input::Dockerfile, Input::Context]);
    let document = Document { name: "Dockerfile", bytes: text, taken_for: None };
    let names = [".env", "src/main.c"].map(str::to_owned);
    let context = Some(rules::Context::new(names, Some("src\n")).into());
    let settings = Settings { context, ..Settings::default() };
    let native = rules::check(&Case::with(&[document], settings, today()));
    assert_eq!(report::json(&report), report::json(&native));
    asked.want = Want::Session;
    let tell = answer(&asked, &[Read::Bytes(text.to_vec())], &mut |_| ());
    let Tell::Gave { text, .. } = tell else { panic!() };
    assert!(!text.contains(".env"), "{text}");
}

#[test]
fn settings_count_as_on_the_command_line_and_mistakes_are_told() {
    let text = b"FROM a:1 AS one\nUSER 1\nFROM b:1 AS two\nUSER root\n";
    let mut asked = job(&[handed("Dockerfile")], Want::Report);
    let mut told = |settings: &str| {
        asked.choices.settings = Some(settings.to_owned());
        answer(&asked, &[Read::Bytes(text.to_vec())], &mut |_| ())
    };
    let file = "target = \"two\"\n[rules]\nruns-as-root = { off = \"why\" }\n";
    let Tell::Done { report, .. } = told(file) else { panic!() };
    let json = report::json(&report);
    let document = Document { name: "Dockerfile", bytes: text, taken_for: None };
    let settings = settings::read(file).unwrap().settings;
    let native = report::json(&rules::check(&Case::with(&[document], settings, today())));
    assert_eq!(json, native);
    assert!(json.contains("why"), "{json}");
    let broke = |tell| match tell {
        Tell::Broke { what, .. } => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        broke(told("\ntarget = 3\ntrustd = []\n")),
        "there are 2 mistakes in the settings\nplimsoll.toml:2:10: `target` is the name or number of \
         a stage, as in \"runtime\", not an integer\nplimsoll.toml:3:1: there is no setting `trustd`; \
         did you mean `trusted`?"
    );
    assert_eq!(
        broke(told("target = \"tow\"")),
        "Dockerfile has no stage `tow`; did you mean `two`?"
    );
}

#[test]
fn advice_and_exports_are_given_on_request() {
    let contents = [Read::Bytes(b"FROM alpine:3\nUSER 1000\n".into())];
    let documents = [handed("Dockerfile")];
    let given = |want| match answer(&job(&documents, want), &contents, &mut |_| ()) {
        Tell::Gave { job: 7, text } => text,
        other => panic!("{other:?}"),
    };
    let advice = report::read::advice(&given(Want::Advice)).unwrap();
    assert!(advice.run.contains("--user 1000"), "{}", advice.run);
    for format in Format::ALL {
        assert!(!given(Want::Export(format)).is_empty());
    }
    let nothing = answer(&job(&[], Want::Advice), &[], &mut |_| ());
    assert!(matches!(nothing, Tell::Broke { job: 7, .. }));
}

#[test]
fn what_is_shared_holds_no_secret_and_nothing_but_dockerfiles() {
    let secret = ["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
    let text = format!("FROM a\nENV TOKEN={secret}\n");
    let inspect = r#"[{"Id": "sha256:1", "Config": {"User": "app"}, "RootFS": {}}]"#;
    let contents = [Read::Bytes(inspect.into()), Read::Bytes(text.into_bytes())];
    let asked = job(&[handed("inspect.json"), handed("Dockerfile")], Want::Session);
    let Tell::Gave { text, .. } = answer(&asked, &contents, &mut |_| ()) else { panic!() };
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
    let answer = reported(&documents, &contents);
    assert_eq!(answer.sources.len(), 2);
    assert_eq!(answer.sources[0].bytes, 70_000_000);
    assert_eq!(answer.sources[1].name, "Dockerfile");
    let problems: Vec<_> = answer.problems.iter().filter(|it| it.source.0 == 0).collect();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].message, "it is 70 MB long, and texts of more than 67 MB are not read");
}

#[test]
fn an_input_the_browser_cannot_read_is_a_problem() {
    let answer = reported(&[handed("gone")], &[Read::Failed]);
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
    let told = answer(&job(&documents, Want::Report), &contents, &mut |_| ());
    let shown = format!("{}{told:?}", told.to_text().unwrap());
    assert!(shown.contains("API_TOKEN"));
    for piece in secret.as_bytes().windows(5) {
        let at = shown.as_bytes().windows(5).position(|it| it.eq_ignore_ascii_case(piece));
        assert_eq!(at.map(|it| &shown[it.saturating_sub(60)..it]), None);
    }
}

#[test]
fn the_engine_introduces_itself() {
    let Tell::Ready { version, rules } = ready(None) else { panic!() };
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    assert_eq!(rules, rules::rule_infos());
}
