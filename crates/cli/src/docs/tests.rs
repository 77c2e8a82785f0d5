//! What the pages state is true, and their links lead somewhere.

use report::Verdict;
use rules::RULES;
use text::Date;

use super::fence::Said;
use super::render::{Example, From, render};
use super::topics::{self, TOPICS, Topic};
use super::{Checker, companion, html};

fn examples(topic: &Topic) -> Vec<Example> {
    let from = From { depth: 1, checker: &Checker::None, rule: None };
    let text = topic.body().replace(html::HADOLINT, "").replace(html::EMBEDDED, "");
    render(&text, from).unwrap().examples
}

/// What the engine says of a rule or a question.
fn verdict(example: &Example, name: &str) -> Verdict {
    let said = Said::of(&example.documents, Date::new(2026, 9, 1).unwrap());
    said.verdict(name).unwrap_or_else(|| panic!("there is no rule {name}"))
}

#[test]
fn examples_are_what_they_are_stated_to_be() {
    let mut n_stated = 0;
    for topic in TOPICS {
        for example in examples(topic) {
            for (stated, name) in &example.states {
                let said = verdict(&example, name);
                assert_eq!(said, *stated, "{name} in {}: {:#?}", topic.name, example.documents);
                n_stated += 1;
            }
        }
    }
    assert!(n_stated > 10, "{n_stated}");
}

#[test]
fn a_wrong_statement_is_found_out() {
    let from = From { depth: 1, checker: &Checker::None, rule: None };
    let page = "```dockerfile passes=runs-as-root\nFROM debian:13\nUSER root\n```\n";
    let example = render(page, from).unwrap().examples.remove(0);
    assert_eq!(example.states, [(Verdict::Passes, "runs-as-root".to_owned())]);
    assert_eq!(verdict(&example, "runs-as-root"), Verdict::Fails);
}

#[test]
fn the_report_that_is_explained_is_what_the_command_says() {
    let topic = topics::find("reading-a-report").unwrap();
    let fence = |language: &str| {
        let (_, rest) = topic.text.split_once(&format!("```{language}")).unwrap();
        rest.split_once('\n').unwrap().1.split_once("```").unwrap().0
    };
    let bytes = fence("dockerfile").as_bytes();
    let document = rules::Document { name: "Dockerfile", bytes, taken_for: None };
    let report = rules::check(&rules::Case::new(&[document], Date::new(2026, 9, 1).unwrap()));
    assert_eq!(report::plain(&report, report::Style::Plain), fence("text"));
}

#[test]
fn every_dockerfile_states_something() {
    for topic in TOPICS {
        for it in examples(topic) {
            assert!(!it.states.is_empty() || it.is_part, "{}: {:?}", topic.name, it.documents);
        }
    }
}

/// The addresses that a page names, by attribute.
fn addresses(html: &str) -> Vec<&str> {
    let of = |key: &'static str| html.split(key).skip(1).filter_map(|it| it.split('"').next());
    of(" href=\"").chain(of(" src=\"")).collect()
}

/// The path that an address leads to, from the page it stands on.
fn target(page: &str, address: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn links_lead_to_pages_and_to_headings_of_them() {
    let files = companion(&Checker::None).unwrap();
    let mut n_links = 0;
    for (path, html) in files.iter().filter(|it| it.0.ends_with(".html")) {
        for address in addresses(html).into_iter().filter(|it| !it.starts_with("https://")) {
            let (file, anchor) = address.split_once('#').unwrap_or((address, ""));
            let to = if file.is_empty() { path.clone() } else { target(path, file) };
            let Some(page) = files.get(&to) else { panic!("{path} links to {to}") };
            let is_there = anchor.is_empty() || page.contains(&format!("id=\"{anchor}\""));
            assert!(is_there, "{path} links to {to}, which has no {anchor}");
            n_links += 1;
        }
    }
    assert!(n_links > RULES.len(), "{n_links}");
}

#[test]
fn the_schemas_that_pages_speak_of_are_there() {
    let files = companion(&Checker::None).unwrap();
    for (name, page) in [("plimsoll", "settings"), ("report", "reading-a-report")] {
        let name = format!("{name}.schema.json");
        let schema: serde_json::Value = serde_json::from_str(&files[&name]).unwrap();
        assert!(schema["properties"].is_object(), "{name}");
        assert!(files[&format!("{page}/index.html")].contains(&name), "{page}");
    }
}

/// A column without a name is one that nobody can be told of.
#[test]
fn every_column_has_a_name() {
    let files = companion(&Checker::None).unwrap();
    assert!(files.values().any(|it| it.contains("<th>")));
    for (path, html) in files.iter().filter(|it| it.0.ends_with(".html")) {
        assert!(!html.contains("<th></th>"), "{path}");
    }
}

#[test]
fn links_that_lead_nowhere_are_refused() {
    let from = From { depth: 1, checker: &Checker::None, rule: None };
    for page in ["[x](no-such-page.md)", "[x](javascript:alert)", "[x](http://example.com)"] {
        assert!(render(page, from).is_err(), "{page}");
    }
    for page in ["<b>x</b>", "```dockerfile fine=root\n```", "```dockerfile good\n```"] {
        assert!(render(page, from).is_err(), "{page}");
    }
}

#[test]
fn examples_open_in_the_checker() {
    let from = |checker| From { depth: 1, checker, rule: None };
    let page = "```dockerfile fails=runs-as-root\nFROM a<b\n```\n\n```config with\n[]\n```\n";
    let html = render(page, from(&Checker::Above)).unwrap().html;
    assert!(html.contains("href=\"../../index.html#text=RlJPTSBhPGIK&amp;beside=W10K\""), "{html}");
    assert!(html.contains("FROM a&lt;b"), "{html}");
    assert!(!render(page, from(&Checker::None)).unwrap().html.contains("#text="));
}

#[test]
fn the_search_fits_its_budget() {
    let script = super::search::script().unwrap();
    assert!(script.len() < 150_000, "{}", script.len());
    for name in ["DL3002", "CKV_DOCKER_3", "runs-as-root", "four-questions"] {
        assert!(script.contains(name), "{name}");
    }
}

#[test]
fn the_names_of_hadolint_are_listed() {
    let files = companion(&Checker::None).unwrap();
    let page = &files["from-hadolint/index.html"];
    assert!(page.contains("<td><code>DL3002</code></td>"), "{page}");
}
