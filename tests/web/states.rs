//! Every error and every empty state of the page can be reached, and says what happened, what still holds and
//! what to do. Those that have a test elsewhere: an archive that is cut off and one that is cancelled
//! (`saved_image.rs`), limits (`p9_hostile_archives.rs`), a worker that fails twice, parts that do not load, an
//! airlock that does not close (`page_worker.rs`), a damaged link (`page_tools.rs`), a clipboard that refuses
//! (`page_input.rs`), a locked link (`p6_links.rs`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use sha2::{Digest, Sha256};
use tests::tar;

use crate::harness::{Engine, Page, Recorder, Site};

fn ready(site: Site) -> (Recorder, Page) {
    let server = site.serve();
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    page.wait_until_ready();
    (server, page)
}

/// E1: what is not recognized is said, with what can be done.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_is_not_recognized_is_said() {
    let (_server, page) = ready(Site::built());
    page.drop_files("body", &[("letter.bin", b"\x01\x02 Dear Sir or Madam, \x03")]);
    page.wait_until("document.querySelector('.problems')");
    let problem = page.text_of(".problems");
    assert!(problem.contains("letter.bin"), "{problem}");
    assert!(problem.lines().count() >= 2, "what happened, and what to do: {problem}");
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("unrecognized-1280");
}

/// E2: a mistake in a Dockerfile is a finding at its place, and the rest is still checked.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_mistake_in_a_dockerfile_leaves_the_rest_checked() {
    let (_server, page) = ready(Site::built());
    page.paste("#input", "FROM debian:13\nRUNN echo hello\nENV DB_PASSWORD=hunter22x\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    let text = page.text_of("#findings");
    assert!(text.contains("RUNN") && text.contains("Dockerfile:2:1"), "{text}");
    assert!(text.contains("DB_PASSWORD"), "{text}");
}

/// An image in the form of OCI, whose second layer is encrypted.
fn encrypted() -> Vec<u8> {
    let digest = |bytes: &[u8]| {
        let hex: String = Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect();
        format!("sha256:{hex}")
    };
    let base = tar::archive(&[tar::file("etc/passwd", b"root:x:0:0::/:/bin/sh\n")]);
    let noise: Vec<u8> = (0..2_000_u32).map(|it| (it * it % 251) as u8).collect();
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {"User": "root"},
        "rootfs": {"type": "layers", "diff_ids": [digest(&base), digest(b"what it was")]},
    });
    let config = config.to_string().into_bytes();
    let kind = |it: &str| format!("application/vnd.oci.image.{it}");
    let part = |media: String, bytes: &[u8]| json!({"mediaType": media, "digest": digest(bytes), "size": bytes.len()});
    let layers =
        [part(kind("layer.v1.tar"), &base), part(kind("layer.v1.tar+gzip+encrypted"), &noise)];
    let manifest = json!({
        "schemaVersion": 2, "mediaType": kind("manifest.v1+json"),
        "config": part(kind("config.v1+json"), &config), "layers": layers,
    });
    let manifest = manifest.to_string().into_bytes();
    let index =
        json!({"schemaVersion": 2, "manifests": [part(kind("manifest.v1+json"), &manifest)]});
    let index = index.to_string().into_bytes();
    let blob = |bytes: &[u8]| digest(bytes).replace("sha256:", "blobs/sha256/");
    let names = [&base, &noise, &config, &manifest].map(|it| blob(it));
    tar::archive(&[
        tar::file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#),
        tar::file("index.json", &index),
        tar::file(&names[0], &base),
        tar::file(&names[1], &noise),
        tar::file(&names[2], &config),
        tar::file(&names[3], &manifest),
    ])
}

/// E4: a layer that cannot be unpacked, or not be read by anybody, is a gap with its reason; what the image
/// says of itself is answered as always.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_layer_that_cannot_be_unpacked_is_a_gap_and_the_rest_stands() {
    let base = tar::archive(&[tar::file("etc/passwd", b"root:x:0:0::/:/bin/sh\n")]);
    let bzip2 = b"BZh91AY&SY and so on".to_vec();
    let packed =
        tar::saved(&[("ADD rootfs.tar /", base), ("COPY app /app", bzip2)], r#"{"User":"root"}"#);
    for (name, bytes, why) in [
        ("bzip2.tar", packed, "bzip2 compression is not read here"),
        ("encrypted.tar", encrypted(), "the layer is encrypted"),
    ] {
        let (_server, page) = ready(Site::built());
        page.choose_files("#open", &[(name, &bytes)]);
        page.wait_until("document.querySelector('[data-question=root][data-state^=fails]')");
        page.wait_until_ready();
        let secrets = "return document.querySelector('[data-question=secrets]').dataset.state;";
        assert_eq!(page.run(secrets, vec![]), json!("unknown"), "{name}");
        let all = page.text_of("#results");
        assert!(all.contains(why), "{name}: {all}");
        assert!(page.text_of("#findings").contains("runs as"), "{name}");
        assert_eq!(page.axe(), Vec::<String>::new());
        page.screenshot(&format!("{}-1280", name.trim_end_matches(".tar")));
    }
}

/// E6: a worker whose memory does not suffice is started again once; then the page says so and names the
/// command that reads the same file without a browser. The input stays.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn memory_that_does_not_suffice_leads_to_the_command_line() {
    let failing = |glue: &str| {
        format!(
            "{glue}\nself.addEventListener('message', ({{ data }}) => {{
                if (Array.isArray(data) && data.length > 1) throw new RangeError('out of memory');
            }});"
        )
    };
    let (_server, page) = ready(Site::built().with_asset("worker.js", failing));
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.choose_files("#open", &[("big image.tar", &encrypted())]);
    page.wait_until("document.querySelector('#status[data-engine=dead]')");
    let banner = page.text_of(".banner.bad");
    for expected in [
        "out of memory",
        "more memory than a browser gives",
        "plimsoll check big image.tar",
        "is kept",
    ] {
        assert!(banner.contains(expected), "{expected} is not in {banner}");
    }
    assert_eq!(page.axe(), Vec::<String>::new());
    page.screenshot("out-of-memory-1280");
    // Without the image the checker goes on.
    page.click("#inputs li[data-input='big image.tar'] button.close");
    page.wait_until("document.querySelector('#status[data-engine=ready]')");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
}

/// E9: what another version has made is said to be that.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_link_of_another_version_is_said_to_be_one() {
    let site = Site::built().serve();
    let text = "{\"schema\":\"plimsoll-session/9\",\"documents\":[]}\n";
    let blank = Page::open(Engine::Chromium, site.origin(), "/");
    blank.wait_until_ready();
    let script = "
        const stream = new Blob([arguments[0]]).stream().pipeThrough(new CompressionStream('deflate-raw'));
        new Response(stream).arrayBuffer().then(it => done([...new Uint8Array(it)]));";
    let bytes = blank.run_until_done(script, vec![json!(text)]);
    let bytes: Vec<u8> =
        bytes.as_array().unwrap().iter().map(|it| it.as_u64().unwrap() as u8).collect();
    let link = format!("/#s={}", URL_SAFE_NO_PAD.encode(bytes));
    let page = Page::open(Engine::Chromium, site.origin(), &link);
    page.wait_until(
        "document.querySelector('.banner')?.textContent.includes('of another version')",
    );
    // And the page works.
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
}

/// E12: a browser without WebAssembly gets words and the command line, not a page that loads for ever.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_browser_that_is_too_old_is_told() {
    let server = Site::built().with_script("delete self.WebAssembly;").serve();
    let page = Page::open(Engine::Chromium, server.origin(), "/");
    page.wait_until("!document.getElementById('failed').hidden");
    let text = page.text_of("#failed");
    assert!(text.contains("no WebAssembly"), "{text}");
    assert_eq!(page.run("return document.getElementById('late').hidden;", vec![]), json!(true));
    page.screenshot("too-old-1280");
}

/// The first visit: three ways in, an example, a command.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn the_first_visit_says_how_to_begin() {
    let (_server, page) = ready(Site::built());
    let text = page.text_of("#welcome");
    for expected in ["Paste", "drop", "open", "docker image inspect", "Nothing at hand?"] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
}

/// No findings: never simply "fine", always what was not examined.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn no_findings_come_with_what_was_not_examined() {
    let (_server, page) = ready(Site::built());
    page.paste(
        "#input",
        "FROM scratch\nCOPY --chown=0:0 --chmod=0555 app /app\nUSER 10001\nENTRYPOINT [\"/app\"]\n",
    );
    page.wait_until("document.querySelector('.nothing')");
    assert!(page.text_of(".nothing").contains("Nothing found in what was examined."));
    let all = page.text_of("#results");
    assert!(all.contains("Not examined"), "{all}");
    page.screenshot("nothing-found-1280");
}

/// Filters that hide everything say so, and how to see it again.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn filters_that_hide_everything_say_so() {
    let (_server, page) = ready(Site::built());
    page.paste("#input", "FROM debian:13\nUSER root\n");
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
    page.type_into("#filter", "no such word");
    page.wait_until("!document.querySelector('#findings [data-rule]')");
    let text = page.text_of("#results");
    assert!(text.contains("Show all"), "{text}");
    page.run(
        "[...document.querySelectorAll('#results button')].find(it => it.textContent === 'Show all').click();",
        vec![],
    );
    page.wait_until("document.querySelector('#findings [data-rule=runs-as-root]')");
}

/// Comparing with one side only waits for the other one.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn one_side_alone_is_not_compared() {
    let server = Site::built().serve();
    let page = Page::open(Engine::Chromium, server.origin(), "/compare/");
    page.wait_until("document.querySelector('#status').dataset.airlock === 'closed'");
    page.paste("#new", "FROM debian:13\n");
    page.pause();
    assert_eq!(page.text_of("#result-heading"), "Nothing to compare yet");
}
