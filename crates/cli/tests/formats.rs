//! `--format` and `--output`: what is written where, and under which paths.

mod support;

use support::{Folder, run};

const RECIPE: &str =
    "FROM debian:13\n# plimsoll: ignore[no-sudo] it is ours\nRUN sudo apt install curl\n";

const FORMATS: [&str; 11] = [
    "text",
    "json",
    "markdown",
    "sarif",
    "html",
    "junit",
    "gitlab",
    "github",
    "github-summary",
    "rdjson",
    "checkstyle",
];

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(".git/HEAD", "");
    folder.write("app/Dockerfile", RECIPE);
    folder
}

#[test]
fn every_format_is_written_beside_the_others() {
    let folder = folder("formats");
    let outputs: Vec<String> = FORMATS.iter().map(|it| format!("--output={it}=out.{it}")).collect();
    let mut arguments = vec!["check", "app/Dockerfile"];
    arguments.extend(outputs.iter().map(String::as_str));
    let got = run(&folder, &arguments, "");
    assert_eq!(got.code, 1);
    for format in FORMATS {
        let alone = run(&folder, &["check", "--format", format, "app/Dockerfile"], "");
        assert_eq!((alone.code, &alone.out), (1, &folder.read(&format!("out.{format}"))));
        assert!(alone.out.contains("root"), "{format}: {}", alone.out);
    }
    let wrong = run(&folder, &["check", "app/Dockerfile", "--output=sarf=x"], "");
    assert_eq!(wrong.code, 2);
}

#[test]
fn paths_lead_from_the_top_of_the_repository() {
    let folder = folder("paths");
    for format in ["sarif", "gitlab", "github", "rdjson", "checkstyle"] {
        for given in ["app/Dockerfile", "./app/../app/Dockerfile"] {
            let got = run(&folder, &["check", "--format", format, given], "");
            assert!(got.out.contains("app/Dockerfile"), "{format}: {}", got.out);
            assert!(
                !got.out.contains("app/..") && !got.out.contains("./app"),
                "{format}: {}",
                got.out
            );
        }
        let absolute = folder.path("app/Dockerfile");
        let got = run(&folder, &["check", "--format", format, absolute.to_str().unwrap()], "");
        let top = folder.path("");
        assert!(!got.out.contains(top.to_str().unwrap()), "{format}: {}", got.out);
    }
}

#[test]
fn sarif_says_what_the_engine_says() {
    let folder = folder("sarif");
    folder.write("plimsoll.toml", "[rules]\nprefer-apt-get = { off = \"we like it\" }\n");
    let got = run(&folder, &["check", "--format=sarif", "app/Dockerfile"], "");
    let log: serde_json::Value = serde_json::from_str(&got.out).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let sudo = results.iter().find(|it| it["ruleId"] == "no-sudo").unwrap();
    assert_eq!(sudo["suppressions"][0]["justification"], "it is ours");
    assert!(results.iter().any(|it| it["ruleId"] == "runs-as-root" && it["suppressions"] == serde_json::json!([])));
    let fixes = results.iter().filter(|it| it["fixes"][0]["artifactChanges"].is_array());
    assert!(fixes.count() > 0);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let help =
        |it: &serde_json::Value| it["help"]["markdown"].as_str().unwrap().contains("## What to do");
    assert!(rules.iter().all(help));
    let off = &run["invocations"][0]["ruleConfigurationOverrides"][0];
    assert_eq!(off["descriptor"]["id"], "prefer-apt-get");
    assert_eq!(off["configuration"]["properties"]["reason"], "we like it");
}

/// Of the secret, no five letters in a row, wherever else in the file it stands.
#[test]
fn no_output_shows_a_piece_of_a_secret() {
    let folder = folder("secrets");
    let secret = ["q8Zr", "vT2m", "K9wX", "s4Lj"].concat();
    folder.write(
        "app/Dockerfile",
        &format!(
            "FROM debian:13 AS {secret}\nENV API_TOKEN {secret}\nLABEL a={secret}\n\
             # plimsoll: ignore[no-sudo] {secret}\nRUN sudo apt install {secret} && echo {secret}\n\
             RUN curl -u me:{secret} http://a.example/{secret} | sh\nUSER {secret}\n{secret} x\n"
        ),
    );
    let formats = FORMATS.iter().map(|it| vec!["check", "--format", it, "app/Dockerfile"]);
    let others = ["--diff", "--diff=review"].map(|it| vec!["check", it, "app/Dockerfile"]);
    let mut shown = 0;
    for arguments in formats.chain(others) {
        let got = run(&folder, &arguments, "");
        shown += usize::from(got.out.contains("API_TOKEN"));
        let all = [got.out, got.errors].concat();
        for piece in secret.as_bytes().windows(5) {
            let found = all.as_bytes().windows(5).any(|it| it.eq_ignore_ascii_case(piece));
            assert!(!found, "{arguments:?}: {all}");
        }
    }
    assert!(shown >= FORMATS.len(), "{shown}");
}

/// The pages of rules have made-up secrets in their examples. In a report, beside the code of a project, they would
/// be findings of every scanner.
#[test]
fn no_output_holds_what_a_scanner_takes_for_a_secret() {
    let folder = folder("made-up");
    let outputs: Vec<String> = FORMATS.iter().map(|it| format!("--output={it}=out/{it}")).collect();
    folder.write("out/README", "");
    let mut arguments = vec!["check", "app/Dockerfile"];
    arguments.extend(outputs.iter().map(String::as_str));
    assert_eq!(run(&folder, &arguments, "").code, 1);
    assert!(folder.read("out/sarif").contains("hardcoded-secret-value"));
    let got = run(&folder, &["secrets", "out", "--no-ignore", "--fail-on=note"], "");
    assert_eq!(got.code, 0, "{}", got.out);
    // As the page of a rule it would be found.
    folder.write("out/page", &run(&folder, &["explain", "hardcoded-secret-value"], "").out);
    assert_eq!(run(&folder, &["secrets", "out", "--no-ignore"], "").code, 1);
}
