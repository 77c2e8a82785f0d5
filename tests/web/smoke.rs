//! The page works at all: text in, answers out.

use crate::harness::{Engine, Page, Site};

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn pasted_text_is_answered() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().serve();
        let page = Page::open(engine, site.origin(), "/");
        page.paste("#input", "FROM debian:12\nUSER root\n");
        page.wait_until_ready();
        page.wait_until("document.querySelector('#findings [data-rule]')");
        page.click("button[data-question=root]");
        assert!(page.text_of("#findings").contains("root"), "{engine:?}");
        page.screenshot(&format!("pasted-{engine:?}").to_lowercase());
        // The page proves that the airlock holds by one request that the browser has to refuse.
        let mut errors = page.console_errors();
        errors.retain(|it| !it.contains("airlock-probe") && !it.contains("Fetch API cannot load"));
        assert_eq!(errors, Vec::<String>::new(), "{engine:?}");
    }
}
