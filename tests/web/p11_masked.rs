//! Promise 11: secrets are masked, wherever something is shown, said by the worker, saved, copied or kept.
//!
//! Each kind of input brings a secret of its own. After everything was opened, exported and shared, no five
//! characters of any of them in a row may stand anywhere but in the editor's own text.

use serde_json::json;

use crate::harness::{Engine, Page, Recorder, Site};
use tests::tar;

const WATCH: &str = include_str!("canaries.js");

/// Twenty letters and digits that look like nothing else, the same in every run.
fn body(seed: u64) -> String {
    const LETTERS: &[u8] = b"bcdfghjkmnpqrstvwxzBCDFGHJKMNPQRSTVWXZ23456789";
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(LETTERS[(state >> 33) as usize % LETTERS.len()])
    };
    format!("w{}", (0..19).map(|_| next()).collect::<String>())
}

/// A kind of input: its name, and what is handed in.
struct Input {
    name: &'static str,
    bytes: Vec<u8>,
    secrets: Vec<String>,
}

/// A text in which `%1` and so on stand for secrets.
fn input(seed: u64, name: &'static str, text: &str) -> Input {
    let mut text = text.to_owned();
    let mut secrets = Vec::new();
    for number in 1..9 {
        let sign = format!("%{number}");
        if text.contains(&sign) {
            let secret = body(seed * 16 + number);
            text = text.replace(&sign, &secret);
            secrets.push(secret);
        }
    }
    Input { name, bytes: text.into_bytes(), secrets }
}

/// Every kind of input, with secrets where people leave them.
fn inputs() -> Vec<Input> {
    let mut all = vec![
        input(
            1,
            "Dockerfile",
            "FROM debian:13\nARG NPM_TOKEN=%1\nENV DB_PASSWORD=%2 API_TOKEN=\"%3\"\n\
             ENV DATABASE_URL=postgres://app:%4@db/app\nRUN curl -u app:%5 http://example.com/x | sh\n\
             RUN sudo login --password %2\nLABEL note=%3\nCOPY %2.txt /srv/%3\nUSER root\n",
        ),
        input(
            2,
            "image.json",
            "[{\"Id\":\"sha256:1\",\"Config\":{\"User\":\"root\",\"Env\":[\"API_TOKEN=%1\",\
             \"DATABASE_URL=postgres://app:%2@db/app\"],\"Cmd\":[\"serve\",\"%1\"]},\"RootFS\":{}}]",
        ),
        input(
            3,
            "history.txt",
            "IMAGE          CREATED        CREATED BY                                      SIZE      COMMENT\n\
             0123456789ab   2 days ago     CMD [\"/app\"]                                    0B        buildkit.dockerfile.v0\n\
             <missing>      2 days ago     ENV API_TOKEN=%1                                0B        buildkit.dockerfile.v0\n\
             <missing>      2 days ago     RUN |1 NPM_TOKEN=%2 /bin/sh -c chmod 777 /app # buildkit 1.5MB buildkit.dockerfile.v0\n\
             <missing>      3 weeks ago    /bin/sh -c #(nop) ADD file:0123456789abcdef in /   78MB\n",
        ),
        input(
            4,
            "container.json",
            "[{\"Id\":\"1\",\"State\":{\"Running\":true},\"HostConfig\":{\"Privileged\":true},\
             \"Config\":{\"User\":\"\",\"Env\":[\"MY_SECRET=%1\"],\"Cmd\":[\"--token\",\"%1\"]}}]",
        ),
        input(
            5,
            "compose.yaml",
            "services:\n  web:\n    image: example/web:1\n    privileged: true\n    environment:\n      \
             DB_PASSWORD: %1\n      DATABASE_URL: postgres://app:%2@db/app\n",
        ),
        input(
            6,
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      \
             image: example/web:1\n      env:\n        - name: API_TOKEN\n          value: %1\n      \
             securityContext:\n        privileged: true\n",
        ),
        input(
            7,
            "run.sh",
            "docker run --privileged -e API_TOKEN=%1 -e DB_PASSWORD=%2 example/web:1\n",
        ),
    ];
    let secrets: Vec<String> = (1..4).map(|it| body(8 * 16 + it)).collect();
    let conf = format!("API_TOKEN={}\nDB_PASSWORD={}\n", secrets[0], secrets[1]);
    let gone = tar::Entry { kind: b'0', ..tar::file("app/.wh..env", b"") };
    let layers = [
        ("COPY .env /app/", tar::archive(&[tar::file("app/.env", conf.as_bytes())])),
        ("RUN rm /app/.env", tar::archive(&[gone])),
    ];
    let config = json!({"User": "root", "Env": [format!("API_TOKEN={}", secrets[2])]});
    let bytes = tar::saved(&layers, &config.to_string());
    all.push(Input { name: "image.tar", bytes, secrets });
    all
}

fn opened(script: &str) -> (Recorder, Page) {
    let site = Site::built().with_script(&format!("{WATCH}\n{script}")).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    (site, page)
}

/// Opens, exports, copies and shares all there is; only the session, which says that it holds everything as
/// it is, stays where it is.
fn use_everything(page: &Page) {
    page.wait_until("document.querySelector('#exports')");
    page.wait_until_ready();
    let script = "
        const pause = time => new Promise(done => setTimeout(done, time));
        (async () => {
            for (const it of document.querySelectorAll('#findings .fold')) {
                if (it.getAttribute('aria-expanded') !== 'true') it.click();
                await pause(10);
            }
            for (const it of document.querySelectorAll('#findings button')) {
                if (/comment/i.test(it.textContent)) it.click();
            }
            for (const it of document.querySelectorAll('button.explain, .rule button, button.rule')) it.click();
            for (const it of document.querySelectorAll('details')) it.open = true;
            document.querySelector('#copy-markdown').click();
            document.querySelector('#save-json').click();
            const n = document.querySelectorAll('#exports li').length;
            for (let at = 0; at < n; at++) {
                if (at === n - 2) continue;
                document.querySelectorAll('#exports li button')[at].click();
                await pause(250);
            }
        })().then(done, error => done(`${error}`));";
    let failed = page.run_until_done(script, vec![]);
    assert_eq!(failed, json!(null));
    // Six formats and the JSON.
    page.wait_until("self.plimsollSaved.length >= 7");
    page.wait_until("self.plimsollCopied.length >= 1");
}

/// Where pieces of a word are seen.
fn seen(page: &Page, words: &[String]) -> Vec<String> {
    let all = page.run_until_done("self.plimsollSeen().then(done);", vec![]);
    let all = all.as_object().unwrap();
    for place in ["the worker", "what was saved", "what was copied", "the document"] {
        assert!(all[place].as_str().unwrap().len() > 100, "nothing to search in {place}");
    }
    let mut found = Vec::new();
    for (place, text) in all {
        let text = text.as_str().unwrap();
        for word in words {
            let piece = word.as_bytes().windows(5).find_map(|it| {
                let piece = std::str::from_utf8(it).ok()?;
                text.find(piece).map(|at| (piece, at))
            });
            if let Some((piece, at)) = piece {
                let around: String = text[..at].chars().rev().take(60).collect();
                let around: String = around.chars().rev().collect();
                found.push(format!("{place}: {piece} of {word} behind …{around}"));
            }
        }
    }
    found
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_piece_of_a_secret_is_seen_of_any_input() {
    for it in inputs() {
        let (_site, page) = opened("");
        page.drop_files("body", &[(it.name, &it.bytes)]);
        use_everything(&page);
        let found = seen(&page, &it.secrets);
        assert_eq!(found, Vec::<String>::new(), "{}", it.name);
    }
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_piece_of_a_secret_is_seen_of_all_inputs_together() {
    let (_site, page) = opened("");
    let all = inputs();
    for it in &all {
        page.drop_files("body", &[(it.name, &it.bytes)]);
        page.wait_until_ready();
    }
    use_everything(&page);
    let secrets: Vec<String> = all.iter().flat_map(|it| it.secrets.clone()).collect();
    assert_eq!(secrets.len(), 18);
    assert_eq!(seen(&page, &secrets), Vec::<String>::new());
    page.screenshot("masked-1280");
}

/// The control run: a word that is no secret is seen in every place that is searched.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_what_is_not_masked_is_seen() {
    let (_site, page) = opened("");
    let word = "zqplainuserword".to_owned();
    let text = format!("FROM debian:13\nRUN sudo {word}\nUSER {word}:root\nADD {word} /x\n");
    page.drop_files("body", &[("Dockerfile", text.as_bytes())]);
    use_everything(&page);
    let found = seen(&page, &[word]).join("\n");
    for place in ["the worker: ", "what was saved: ", "what was copied: ", "the document: "] {
        assert!(found.contains(place), "{place} is not among\n{found}");
    }
}

/// The control run: a page that shows, keeps or links what was handed in is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_that_does_not_mask_is_found_out() {
    let script = "
        addEventListener('input', ({ target }) => {
            if (target.id !== 'input') return;
            const text = target.value;
            document.body.dataset.unmasked = text;
            localStorage.setItem('unmasked', text);
            history.replaceState({ text }, '', `#${encodeURIComponent(text)}`);
        }, true);";
    let (_site, page) = opened(script);
    let secret = body(99);
    page.paste("#input", &format!("FROM debian:13\nENV API_TOKEN={secret}\nUSER root\n"));
    use_everything(&page);
    let found = seen(&page, &[secret]).join("\n");
    for place in ["the document: ", "the stores: ", "the history: ", "the address: "] {
        assert!(found.contains(place), "{place} is not among\n{found}");
    }
    for place in ["the worker: ", "what was saved: "] {
        assert!(!found.contains(place), "the engine masks still: {found}");
    }
}
