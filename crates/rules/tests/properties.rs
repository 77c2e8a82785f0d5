//! What holds for any input: checking never fails, places lie in their texts, reports are the same
//! every time, and nothing in them acts on a terminal.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use report::{Kind, Locus, Place, Report, Style};
use rules::{Case, Document};
use text::{Date, Source};

/// Pieces of Dockerfiles and of inspect outputs, so that chance meets the interesting cases.
const WORDS: &[&str] = &[
    "FROM ",
    "FROM debian:13\n",
    "FROM scratch\n",
    "FROM postgres AS x\n",
    "FROM x\n",
    "RUN ",
    "COPY ",
    "COPY --from=x ",
    "ADD --chmod=777 ",
    "ENV ",
    "ENV API_TOKEN=",
    "ARG DB_PASSWORD=",
    "ARG x\n",
    "USER ",
    "USER root\n",
    "VOLUME /run/docker.sock\n",
    "ONBUILD ",
    "SHELL [\"powershell\"]\n",
    "HEALTHCHECK CMD ",
    "CMD [\"x\"]\n",
    "apt-get install -y gcc ",
    "apk add -t .b git && apk del .b ",
    "apt-mark auto '.*'; ",
    "chmod 777 /srv ",
    "find / -exec chmod 777 {} \\; ",
    "sudo ",
    "su x -c '",
    "bash -c \"",
    "curl https://example.com/x ",
    "| sh ",
    ".env ",
    "id_rsa ",
    "/etc/passwd ",
    "correct-horse-battery ",
    "# plimsoll: ignore[runs-as-root] why\n",
    "# plimsoll: ignore[",
    "# hadolint ignore=DL3002\n",
    "# check=skip=all\n",
    "# escape=`\n",
    "<<EOF\n",
    "EOF\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\",
    "`",
    "\"",
    "'",
    "$x",
    "${x:-y}",
    "$(",
    ")",
    " ",
    "\t",
    "=",
    ":",
    "é",
    "\u{feff}",
    "\0",
    "\x1b[2J",
    "\u{202e}",
    "😀",
    "&& ",
    "; ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "[{\"Id\": \"1\", \"Config\": {",
    "\"HostConfig\": {}, \"State\": {}, ",
    "\"User\": \"0\"",
    "\"Env\": [\"API_TOKEN=",
    "\"Volumes\": {\"/run/docker.sock\": {}}",
    "\"Entrypoint\": null",
    "\\u001b",
    "\\\"",
    "null",
    "1",
];

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![12 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

/// Pieces of run lines, Compose files, pods, bundles of a runtime and tables, and of what people
/// paste around them.
const RUN_WORDS: &[&str] = &[
    "docker run ",
    "podman create --name=",
    "-v ",
    "-itd ",
    "--mount type=bind,src=/,dst=/x ",
    "-p 127.0.0.1:80-90:",
    "--cap-add=SYS_ADMIN,",
    "--env-file x ",
    "-e API_TOKEN=",
    "image:1 ",
    "\\\n> ",
    "`\n>> ",
    "^\r\n",
    "services:\n",
    "  web:\n",
    "    image: nginx\n",
    "    extends: web\n",
    "    volumes: [\"/:/x\", {target: /y}]\n",
    "    environment: {A: b}\n",
    "    <<: *a\n",
    "x: &a {a: *a}\n",
    "|\n  a\n",
    ">-\n",
    "---\n",
    "- ",
    "apiVersion: v1\nkind: List\nitems:\n",
    "spec:\n  containers:\n  - name: a\n",
    "  securityContext: {privileged: true}\n",
    "{\"ociVersion\": \"1\", \"process\": {",
    "\"capabilities\": {\"bounding\": [\"CAP_CHOWN\"]}",
    "\"linux\": {\"namespaces\": [{\"type\": \"pid\"}]}",
    "IMAGE CREATED CREATED BY SIZE COMMENT\n",
    "<missing> 2 days ago ",
    "RUN |1 A=b /bin/sh -c x # buildkit ",
    "/bin/sh -c #(nop) ADD file:1 in / ",
    "0B buildkit\n",
    "| ",
    "> ",
    "1: ",
    "\u{201c}",
    "\u{a0}",
    "\u{2026}",
    "...,",
    "<redacted>",
    "\u{1b}[1m",
    "@@ -1 +1 @@\n+",
    "```\n",
    "$ ",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\n",
    "\t",
    "é",
];

fn run_texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![12 => prop::sample::select(RUN_WORDS).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

const KINDS: [Option<Kind>; 8] = [
    None,
    None,
    Some(Kind::RunLine),
    Some(Kind::Compose),
    Some(Kind::Kubernetes),
    Some(Kind::History),
    Some(Kind::ContainerInspect),
    Some(Kind::ImageConfig),
];

fn check(texts: &[String]) -> (Case, Report) {
    check_as(texts, None)
}

fn check_as(texts: &[String], taken_for: Option<Kind>) -> (Case, Report) {
    let documents: Vec<Document<'_>> = texts
        .iter()
        .map(|it| Document { name: "a\x1b`b", bytes: it.as_bytes(), taken_for })
        .collect();
    let case = Case::new(&documents, Date::new(2026, 11, 24).unwrap());
    let report = rules::check(&case);
    (case, report)
}

/// Every place of a report, those without an excerpt too.
fn places(report: &Report) -> Vec<&Place> {
    let mut all: Vec<&Place> = Vec::new();
    all.extend(report.problems.iter().filter_map(|it| it.place.as_ref()));
    for it in report.outcomes.iter().map(|it| &it.outcome) {
        let accepted = it.accepted.iter().map(|it| &it.finding);
        for finding in it.findings.iter().chain(accepted) {
            all.push(&finding.place);
            all.extend(finding.related.iter().map(|it| &it.place));
        }
        all.extend(it.accepted.iter().map(|it| &it.by.place));
        all.extend(it.gaps.iter().filter_map(|it| it.place.as_ref()));
        all.extend(it.cleared.iter().map(|it| &it.place));
    }
    all
}

fn check_place(it: &Place, sources: &[Source]) {
    let Locus::Text { source, span } = &it.at else { panic!("a layer: {it:?}") };
    let source = &sources[usize::from(source.0)];
    assert!(source.text().get(span.range()).is_some(), "{it:?}");
    assert_eq!(it.start, Some(source.position(span.start())));
    assert_eq!(it.end, Some(source.position(span.end())));
    for line in &it.excerpt {
        let length = u32::try_from(line.text.chars().count()).unwrap();
        assert!(line.mark.0 <= line.mark.1 && line.mark.1 <= length, "{line:?}");
        assert!(line.line >= it.start.unwrap().line && line.line <= it.end.unwrap().line);
        assert!(!line.text.contains(text::is_hidden), "{line:?}");
    }
}

/// A fix can be applied, takes its finding away and adds no syntax error.
fn check_fixes(text: &str) {
    let checked = |text: &str| check(&[text.to_owned()]).1;
    let before = checked(text);
    let count =
        |report: &Report, id: &str| report.findings().filter(|(rule, _)| rule.id == id).count();
    for (rule, finding) in before.findings() {
        let Some(fix) = &finding.fix else { continue };
        let mended = text::apply(text, &fix.edits).unwrap();
        let after = checked(&mended);
        assert!(count(&after, &rule.id) < count(&before, &rule.id), "{text:?}\n{mended:?}");
        let errors = "invalid-instruction";
        assert!(count(&after, errors) <= count(&before, errors), "{text:?}\n{mended:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_input_gives_a_sound_report(texts in prop::collection::vec(texts(), 1..3)) {
        let (case, report) = check(&texts);
        for it in places(&report) {
            check_place(it, &case.sources);
        }
        prop_assert_eq!(report::json(&report), report::json(&check(&texts).1));
        let hidden = |it: char| it != '\n' && text::is_hidden(it);
        for shown in [report::plain(&report, Style::Plain), report::markdown(&report), report::json(&report)] {
            prop_assert!(!shown.contains(hidden), "{:?}", shown);
        }
        serde_json::from_str::<serde_json::Value>(&report::json(&report)).unwrap();
    }

    #[test]
    fn ways_to_run_a_container_give_a_sound_report(
        texts in prop::collection::vec(run_texts(), 1..3),
        kind in prop::sample::select(&KINDS[..]),
    ) {
        let (case, report) = check_as(&texts, kind);
        for it in places(&report) {
            check_place(it, &case.sources);
        }
        // Mending what was pasted moves nothing.
        for (given, source) in texts.iter().zip(&case.sources) {
            prop_assert!(source.text().is_empty() || source.text().len() == given.len());
        }
        prop_assert_eq!(report::json(&report), report::json(&check_as(&texts, kind).1));
    }

    #[test]
    fn any_bytes_give_a_report(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let document = Document { name: "x", bytes: &bytes, taken_for: None };
        let report = rules::check(&Case::new(&[document], Date::new(2026, 11, 24).unwrap()));
        prop_assert!(!report::plain(&report, Style::Colored).is_empty());
    }

    #[test]
    fn fixes_mend(text in texts()) {
        check_fixes(&text);
    }
}

/// Much of what makes work: the time grows with the length and not with its square.
#[test]
fn a_lot_of_everything_is_checked() {
    for piece in [
        "ENV A_TOKEN=correct-horse-#\n",
        "COPY $a# /\n",
        "COPY .env /\n",
        "# plimsoll: ignore[no-sudo] x\nRUN sudo x\n",
        "FROM node\nCOPY --from=0 .env /\n",
        "RUN <<EOF\ncurl x | sh\nEOF\n",
        "VOLUME /a#/docker.sock\n",
    ] {
        let mut text = "FROM debian:9\n".to_owned();
        for number in 0..3000 {
            text += &piece.replace('#', &number.to_string());
        }
        let (_, report) = check(&[text]);
        assert!(report.findings().count() > 0, "{piece}");
        assert!(report::plain(&report, Style::Plain).len() > 60_000, "{piece}");
    }
}

/// What would be changed is not what was handed in.
#[test]
fn a_paste_that_is_read_without_what_pasting_added_has_no_fixes() {
    let (_, report) = check(&["Here it is:\n\nFROM debian:13\n\x1b[2J".to_owned()]);
    assert!(report.findings().any(|(rule, _)| rule.id == "runs-as-root"), "{report:?}");
    assert!(report.findings().all(|(_, it)| it.fix.is_none()), "{report:?}");
    let (_, report) = check(&["FROM debian:13\n".to_owned()]);
    assert!(report.findings().any(|(_, it)| it.fix.is_some()), "{report:?}");
}
