//! What is run on each input, and what has to hold.

use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::Result;
use dockerfile::{Arguments, Stages};
use rules::{Case, Document};
use secrets::{Options, Scan, Scanner};
use text::Date;

use crate::seeds;

/// Something that takes bytes.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) seeds: fn() -> Result<Vec<Vec<u8>>>,
    /// What altered inputs get put in.
    pub(crate) words: fn() -> Vec<Vec<u8>>,
    /// Most bytes of an input, and of nearly all of them: short ones run more often.
    pub(crate) longest: usize,
    pub(crate) usual: usize,
    /// Runs an input, of that number.
    pub(crate) run: fn(&[u8], u64) -> Seen,
}

/// What an input showed.
pub(crate) struct Seen {
    /// Stands for the ways that were taken.
    pub(crate) signature: u64,
    pub(crate) steps_a_byte: f64,
}

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "secrets",
        seeds: seeds::secrets,
        words: secret_words,
        longest: 2_048,
        usual: 256,
        run: find_secrets,
    },
    Target {
        name: "dockerfile",
        seeds: seeds::dockerfiles,
        words: dockerfile_words,
        longest: 2_048,
        usual: 2_048,
        run: parse_dockerfile,
    },
    Target {
        name: "case",
        seeds: seeds::cases,
        words: case_words,
        longest: 4_096,
        usual: 4_096,
        run: check_case,
    },
];

/// Most steps of the search for secrets a byte may cost, and what a short input costs anyway.
const STEPS_A_BYTE: u64 = 600;
const STEPS_ANYWAY: u64 = 20_000;

/// Paths that make the search read differently.
const PATHS: &[&str] = &[
    "app/main.c",
    "a/.netrc",
    "home/.pgpass",
    "etc/shadow",
    ".npmrc",
    "x/.git-credentials",
    "a.tfstate",
    "wp-config.php",
    "docs/a.md",
    "yarn.lock",
    "home/.bash_history",
    "k/.htpasswd",
];

fn today() -> Date {
    Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"))
}

fn find_secrets(input: &[u8], number: u64) -> Seen {
    let mut options = Options::new(today(), [7; 32]);
    options.thorough = !number.is_multiple_of(4);
    let path = usize::try_from(number / 4).ok().and_then(|it| PATHS.get(it % (PATHS.len() * 2)));
    let scan = secrets::scan(&options, path.copied(), input);
    let length = input.len() as u64;
    assert!(scan.steps <= STEPS_A_BYTE * length + STEPS_ANYWAY, "{} steps", scan.steps);
    let mut end = 0;
    for hit in &scan.hits {
        assert!(hit.place.offset >= end && hit.place.end() <= length, "{:?}", hit.place);
        assert!(hit.hide.offset >= hit.place.offset && hit.hide.end() <= hit.place.end());
        end = hit.place.end();
    }
    if number.is_multiple_of(16) {
        let mut scanner = Scanner::new(&options, path.copied());
        input.chunks(1 + input.len() / 3).for_each(|it| scanner.feed(it));
        assert_eq!(places(&scanner.finish()), places(&scan), "it matters how the input is cut");
    }
    let mut hasher = DefaultHasher::new();
    for hit in &scan.hits {
        (hit.kind.id, format!("{:?}{:?}", hit.verification, hit.encoding)).hash(&mut hasher);
    }
    // Inputs that cost much are interesting, too.
    (scan.steps / (length + 64)).hash(&mut hasher);
    Seen { signature: hasher.finish(), steps_a_byte: scan.steps as f64 / (length.max(256)) as f64 }
}

fn places(scan: &Scan) -> Vec<(u64, u32, &'static str)> {
    scan.hits.iter().map(|it| (it.place.offset, it.place.length, it.kind.id)).collect()
}

fn parse_dockerfile(input: &[u8], _: u64) -> Seen {
    let text = String::from_utf8_lossy(input);
    let file = dockerfile::parse(&text);
    let joined: String = file.pieces.iter().filter_map(|it| text.get(it.span().range())).collect();
    assert_eq!(joined, text, "the pieces do not tile the text");
    let stages = Stages::of(&file, &Arguments::new());
    let mut hasher = DefaultHasher::new();
    for error in file.errors.iter().chain(&stages.errors) {
        assert!(text.get(error.span.range()).is_some(), "{error:?}");
        std::mem::discriminant(&error.kind).hash(&mut hasher);
    }
    file.pieces.len().hash(&mut hasher);
    Seen { signature: hasher.finish(), steps_a_byte: 0.0 }
}

/// A whole case of whatever the input is taken for.
fn check_case(input: &[u8], number: u64) -> Seen {
    let document = Document { name: "input", bytes: input, taken_for: None };
    let report = rules::check(&Case::new(&[document], today()));
    let mut hasher = DefaultHasher::new();
    for it in &report.sources {
        std::mem::discriminant(&it.kind).hash(&mut hasher);
    }
    for it in &report.outcomes {
        (it.outcome.findings.len().min(2), it.outcome.gaps.len().min(2)).hash(&mut hasher);
    }
    for it in &report.problems {
        it.message.len().hash(&mut hasher);
    }
    if number.is_multiple_of(64) {
        let read = report::json(&report);
        assert!(serde_json::from_str::<serde_json::Value>(&read).is_ok(), "no JSON");
    }
    Seen { signature: hasher.finish(), steps_a_byte: 0.0 }
}

fn words(all: &[&str]) -> Vec<Vec<u8>> {
    all.iter().map(|it| it.as_bytes().to_vec()).collect()
}

fn secret_words() -> Vec<Vec<u8>> {
    let mut out = words(&secrets::literals());
    out.extend(words(seeds::STRUCTURES));
    out.extend(words(&[
        "password",
        "secret",
        "token",
        "_key",
        "auth",
        " = ",
        ": ",
        "=\"",
        "://",
        "@",
        "%3D",
        "\\n",
        "\\u003d",
        "\\\"",
        "AAAAAAAAAAAAAAAA",
        "0123456789abcdef",
        "gitleaks:allow",
        "${X}",
    ]));
    out
}

fn dockerfile_words() -> Vec<Vec<u8>> {
    words(&[
        "FROM ",
        "RUN ",
        "COPY ",
        "ADD ",
        "ENV ",
        "ARG ",
        "ONBUILD ",
        "HEALTHCHECK ",
        "SHELL ",
        "\\\n",
        "`\n",
        "# escape=`\n",
        "# syntax=x\n",
        "<<EOF\n",
        "EOF\n",
        "<<-'A' <<B\n",
        "${A:-",
        "${A#",
        "$",
        "[\"",
        "\"]",
        " AS ",
        "--from=",
        "--mount=type=secret,id=",
        "--chown=",
        "&&",
        "||",
        "|",
        "$(",
        "`",
        "'",
        "\"",
        "#",
        "\r\n",
        "\u{feff}",
        "\t",
        "case x in a) ;; esac",
        "if a; then b; fi",
        "{ a; }",
        "((",
        "))",
        "<(",
        ">&2",
        "\\",
    ])
}

fn case_words() -> Vec<Vec<u8>> {
    let mut out = dockerfile_words();
    out.extend(words(&[
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "null",
        "true",
        "1e999",
        "\\ud800",
        "\"Config\": {",
        "\"Env\": [\"A=b\"]",
        "\"User\": \"",
        "\"history\": [",
        "\"created_by\": \"RUN |1 A=b ",
        "services:\n",
        "  image: ",
        "- ",
        "&a ",
        "*a",
        "? ",
        "|\n",
        ">-\n",
        "---\n",
        "!!",
        "apiVersion: v1\n",
        "kind: Pod\n",
        "docker run --privileged -v /:/x ",
        "\"manifests\": [",
        "sha256:",
    ]));
    out
}
