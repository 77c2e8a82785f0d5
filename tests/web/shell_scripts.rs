//! The pack for shell scripts: loaded for those who ask for it and for nobody else, and kept behind the
//! same airlock.

use crate::harness::{Engine, Page, Recorder, Site};

const TEXT: &str = "FROM debian:13\nENV a=\"1 2\"\nRUN b \\\n  && c $a\n";
const FOUND: &str = "document.querySelector('#findings [data-rule=shell-sc2086]')";

/// The files of the pack that were asked for.
fn asked(site: &Recorder) -> Vec<String> {
    let targets = site.requests().into_iter().map(|it| it.target);
    targets.filter(|it| it.starts_with("/shell-")).collect()
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nobody_loads_the_pack_who_does_not_ask_for_it() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().serve();
        let page = Page::open(engine, site.origin(), "/");
        page.wait_until_settled();
        page.paste("#input", TEXT);
        page.wait_until_ready();
        page.wait_until("document.querySelector('#findings [data-rule]')");
        assert_eq!(page.text_of("#shell"), "Shell scripts too");
        page.pause();
        assert!(site.lines().iter().any(|it| it.contains("/worker-")), "{:?}", site.lines());
        assert_eq!(asked(&site), Vec::<String>::new());
        page.wait_until(&format!("!{FOUND}"));
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn who_asks_for_it_gets_its_findings_behind_the_airlock() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().serve();
        let page = Page::open(engine, site.origin(), "/?shell");
        page.wait_until_settled();
        page.wait_until("document.querySelector('#status[data-airlock=closed]')");
        assert_eq!(asked(&site).len(), 2, "{engine:?}: {:?}", site.lines());
        page.pause();
        let n_loading = site.requests().len();
        page.paste("#input", TEXT);
        page.wait_until(FOUND);
        assert!(page.text_of("#findings").contains("without quotes"), "{engine:?}");
        page.pause();
        assert_eq!(site.requests().len(), n_loading, "{engine:?}: {:?}", site.lines());
        assert_eq!(page.browser().asked_of_the_world().len(), 0, "{engine:?}");
        assert_eq!(page.axe(), Vec::<String>::new());
        page.screenshot(&format!("shell-{engine:?}").to_lowercase());
        let mut errors = page.console_errors();
        errors.retain(|it| !it.contains("airlock-probe") && !it.contains("Fetch API cannot load"));
        assert_eq!(errors, Vec::<String>::new(), "{engine:?}");
    }
}

/// What was wanted once is kept, like the rest of the site.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_pack_works_without_a_network_once_it_was_wanted() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().serve();
        let page = Page::open(engine, site.origin(), "/");
        page.wait_until_settled();
        page.go("/?shell");
        page.wait_until_ready();
        assert_eq!(asked(&site).len(), 2, "{engine:?}: {:?}", site.lines());
        site.stop();
        page.go("/");
        page.wait_until_ready();
        page.go("/?shell");
        page.wait_until_ready();
        page.paste("#input", TEXT);
        page.wait_until(FOUND);
        assert_eq!(asked(&site).len(), 2, "{engine:?}: {:?}", site.lines());
    }
}

/// A script that the pack breaks over is said to be unread, and the next one is read.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_script_that_breaks_the_pack_is_told_and_ends_nothing() {
    let breaks = |text: &str| {
        format!(
            "{text}
            const real = plimsoll_shell.shell;
            plimsoll_shell.shell = (language, text) => {{
                if (text.includes('boom')) throw new WebAssembly.RuntimeError('unreachable');
                return real(language, text);
            }};"
        )
    };
    let site = Site::built().with_asset("shell.js", breaks).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/?shell");
    page.wait_until_ready();
    page.paste("#input", "FROM debian:13\nENV a=\"1 2\"\nRUN boom\nRUN c $a\n");
    page.wait_until(FOUND);
    page.wait_until("document.body.textContent.includes('broke over this one')");
    page.wait_until("document.querySelector('#status[data-engine=ready]')");
}

/// With the pack too the page answers as the command line does.
#[cfg(feature = "shell")]
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn with_the_pack_the_page_answers_as_the_command_line_does() {
    use crate::p14_same_answer::{WATCH, both, corpus, of_the_page};
    use rules::{Case, Document, Hit, Language, Linter, Settings};

    fn look(language: Language, text: &str) -> Option<Vec<Hit>> {
        let dialect = match language {
            Language::Posix => shell::Dialect::Posix,
            Language::Dash => shell::Dialect::Dash,
            Language::Ash => shell::Dialect::Ash,
            Language::Bash => shell::Dialect::Bash,
        };
        let hit = |it: shell::Hit| Hit {
            code: it.code,
            start: it.start,
            end: it.end,
            accepted: it.accepted,
        };
        Some(shell::look(dialect, text)?.into_iter().map(hit).collect())
    }

    let site = Site::built().with_script(WATCH).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/?shell");
    page.wait_until_ready();
    let today = page.run("return new Date().toISOString().slice(0, 10);", vec![]);
    let today = today.as_str().unwrap();
    let mut n_found = 0;
    for (name, text) in corpus() {
        let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
        let settings = Settings { shell: Some(Linter(look)), ..Settings::default() };
        let case = Case::with(&[document], settings, today.parse().unwrap());
        let expected = both(rules::check(&case));
        n_found += usize::from(expected[1].contains("\"shell-sc"));
        assert_eq!(of_the_page(&page, &text), expected, "{name}");
    }
    assert!(n_found > 5, "{n_found}");
}
