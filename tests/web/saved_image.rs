//! A saved image is read in the worker, layer by layer: what the page says of it, how far it is, and
//! what becomes of it when somebody has enough.

use tests::tar;

use crate::harness::{Engine, Page, Site};

/// The form of a token, put together here so that nobody takes this file for a leak.
fn token() -> String {
    ["glpat", "Zx81kqPw93TmLs0VbRfY"].join("-")
}

/// An image with a token that a later layer deletes, and a program that runs as root.
fn image() -> Vec<u8> {
    let base = tar::archive(&[tar::file("etc/passwd", b"app:x:1000:1000::/:/bin/sh\n")]);
    let text = format!("token = {}\n", token());
    let settings = tar::archive(&[tar::file("app/ci.conf", text.as_bytes())]);
    let tool = tar::Entry { mode: 0o4755, ..tar::file("usr/local/bin/tool", b"\x7fELF") };
    let top = tar::archive(&[tar::file("app/.wh.ci.conf", b""), tool]);
    let layers = [
        ("ADD rootfs.tar /", base),
        ("COPY ci.conf /app/", settings),
        ("RUN rm /app/ci.conf", top),
    ];
    tar::saved(&layers, r#"{"User":"app","Cmd":["/usr/local/bin/tool"]}"#)
}

fn ready(script: &str) -> (crate::harness::Recorder, Page) {
    let site = Site::built().with_script(script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_settled();
    (site, page)
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_deleted_token_and_a_set_uid_program_are_found_in_their_layers() {
    let (site, page) = ready("");
    let requests = site.requests().len();
    page.choose_files("#open", &[("image.tar", &image())]);
    page.wait_until("document.querySelector('[data-question=secrets][data-state^=fails]')");
    let findings = page.text_of("#findings");
    let [deleted, program] = ["deleted in layer 2", "/usr/local/bin/tool"];
    assert!(findings.contains(deleted) && findings.contains(program), "{findings}");
    assert!(findings.contains("layer 1 /app/ci.conf"), "{findings}");
    let all = page.run("return document.body.innerText;", vec![]);
    assert!(!all.as_str().unwrap().contains(&token()), "the token is not shown");
    assert_eq!(site.requests().len(), requests, "its bytes stay here");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_packed_image_and_a_broken_one_are_answered_in_words() {
    use std::io::Write as _;
    let (_site, page) = ready("");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&image()).unwrap();
    page.choose_files("#open", &[("image.tar.gz", &packer.finish().unwrap())]);
    page.wait_until("document.querySelector('[data-question=secrets][data-state^=fails]')");
    // A file of the same name takes the place of the first.
    let mut cut = image();
    cut.truncate(4096);
    page.choose_files("#open", &[("image.tar.gz", &cut)]);
    page.wait_until("document.querySelector('#outcome').textContent.includes('in full')");
}

/// Lets a job through and swallows what the worker says of its end, as if it went on for long.
pub(crate) const ENDLESS: &str = "
    const Real = Worker;
    self.endless = false;
    self.Worker = class extends Real {
        set onmessage(listener) {
            super.onmessage = listener && ((event) => {
                const done = String(event.data).startsWith('done ');
                if (!(self.endless && done)) return listener(event);
                self.endless = false;
                const job = event.data.split('\\n')[0].split(' ')[1];
                listener({ data: `progress ${job}\\n5000000 9000000 2 layer 0 (3 in all), test` });
            });
        }
    };";

/// Counts the workers.
const COUNT: &str = "
    const Real = Worker;
    self.made = 0;
    self.Worker = class extends Real {
        constructor(...it) {
            super(...it);
            self.made += 1;
        }
    };";

/// An image of two layers, of which the first is larger than what may wait for its digest, with what
/// its configuration says of their digests. Beside it the true digests.
fn with_digests(forge: impl Fn(&[String; 2]) -> [String; 2]) -> (Vec<u8>, [String; 2]) {
    let layers = [
        tar::archive(&[tar::file("srv/data", &vec![b'.'; 40 << 20])]),
        tar::archive(&[tar::file("srv/more", b"1")]),
    ];
    let digests = layers.each_ref().map(|it| {
        let mut hasher = image::Hasher::default();
        hasher.update(it);
        let digest = hasher.digest();
        format!("sha256:{}", digest.iter().map(|it| format!("{it:02x}")).collect::<String>())
    });
    let [a, b] = forge(&digests);
    let config =
        format!("{{\"config\":{{\"User\":\"1\"}},\"rootfs\":{{\"diff_ids\":[\"{a}\",\"{b}\"]}}}}");
    let manifest = br#"[{"Config":"c.json","RepoTags":["a:1"],"Layers":["0.tar","1.tar"]}]"#;
    let image = tar::archive(&[
        tar::file("0.tar", &layers[0]),
        tar::file("1.tar", &layers[1]),
        tar::file("c.json", config.as_bytes()),
        tar::file("manifest.json", manifest),
    ]);
    (image, digests)
}

/// All that the page says of an image.
fn said(page: &Page, image: &[u8]) -> String {
    page.choose_files("#open", &[("image.tar", image)]);
    page.wait_until_ready();
    page.wait_until("document.querySelector('[data-input=layers]')");
    let all = page.run("return document.body.innerText;", vec![]);
    all.as_str().unwrap().to_owned()
}

/// A second worker computes the digests and a third one reads ahead; they are there only for who
/// reads files.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn digests_of_layers_are_compared_and_those_that_differ_are_said() {
    for engine in [Engine::Chromium, Engine::Firefox] {
        let site = Site::built().with_script(COUNT).serve();
        let page = Page::open(engine, site.origin(), "/");
        page.wait_until_settled();
        page.paste("#input", "FROM scratch\n");
        page.wait_until("document.querySelector('[data-question=root][data-state]')");
        assert_eq!(page.run("return self.made;", vec![]), 1);
        let honest = said(&page, &with_digests(Clone::clone).0);
        assert!(!honest.contains("should have the digest"), "{honest}");
        let (image, [first, second]) = with_digests(|[_, it]| [it.clone(), it.clone()]);
        let forged = said(&page, &image);
        let expected = format!("should have the digest {second} and has {first}");
        assert!(forged.contains(&expected), "{forged}");
        assert_eq!(page.run("return self.made;", vec![]), 3);
    }
}

/// Ends the worker of a number at the first thing that another worker asks of it.
fn ends(number: u32) -> String {
    format!(
        "const Real = Worker;
         let made = 0;
         self.lost = 0;
         self.Worker = class extends Real {{
             constructor(...it) {{
                 super(...it);
                 this.number = ++made;
             }}
             postMessage(message, ...rest) {{
                 if (this.number !== {number}) return super.postMessage(message, ...rest);
                 message[1].onmessage = () => {{
                     message[1].onmessage = null;
                     self.lost += 1;
                     this.dispatchEvent(new ErrorEvent('error', {{ message: 'out of memory' }}));
                 }};
             }}
         }};"
    )
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn a_helper_that_ends_does_not_end_the_reading() {
    // The first layer has a digest that nobody can tell any more, the second has the wrong one.
    let (image, [first, second]) = with_digests(|[it, _]| [it.clone(), it.clone()]);
    let differs = format!("should have the digest {first} and has {second}");
    for (worker, is_known) in [(2, false), (3, true)] {
        let (_site, page) = ready(&ends(worker));
        let said = said(&page, &image);
        assert_eq!(page.run("return self.lost;", vec![]), 1);
        assert_eq!(said.contains("the digest could not be computed"), !is_known, "{said}");
        assert!(said.contains(&differs), "{said}");
        assert!(!said.contains("started again"), "{said}");
    }
}

/// Has enough as soon as the second layer is read, by the key for it.
const ENOUGH: &str = "
    const Real = Worker;
    self.Worker = class extends Real {
        set onmessage(listener) {
            super.onmessage = listener && ((event) => {
                listener(event);
                if (!self.told && /^progress .*\\n.* layer 1 \\(3 in all/.test(String(event.data))) {
                    self.told = event.data;
                    const key = { key: 'Escape', shiftKey: true, bubbles: true };
                    document.body.dispatchEvent(new KeyboardEvent('keydown', key));
                }
            });
        }
        terminate() {
            self.ended = true;
            super.terminate();
        }
    };";

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_was_read_before_cancelling_stays_and_the_rest_is_a_gap() {
    let (_site, page) = ready(ENOUGH);
    let text = format!("token = {}\n", token());
    let settings = tar::archive(&[tar::file("app/ci.conf", text.as_bytes())]);
    // Longer to read than it takes to be told of it.
    let much = tar::archive(&[tar::file("srv/data", &vec![b'.'; 300 << 20])]);
    let tool = tar::Entry { mode: 0o4755, ..tar::file("usr/local/bin/tool", b"\x7fELF") };
    let layers = [
        ("COPY ci.conf /app/", settings),
        ("COPY data /srv/", much),
        ("COPY . /", tar::archive(&[tool])),
    ];
    page.choose_files("#open", &[("image.tar", &tar::saved(&layers, r#"{"User":"app"}"#))]);
    page.wait_until("document.querySelector('#outcome').textContent.includes('cancelled after')");
    let said = page.text_of("#outcome");
    assert!(
        said.contains("layer 1 (3 in all)") && said.contains("What was read until then"),
        "{said}"
    );
    let findings = page.text_of("#findings");
    assert!(findings.contains("layer 0 /app/ci.conf"), "{findings}");
    assert!(!findings.contains("/usr/local/bin/tool"), "{findings}");
    let all = page.run("return document.body.innerText;", vec![]);
    assert!(all.as_str().unwrap().contains("reading was stopped"), "{all}");
    assert_eq!(page.run("return self.ended === true;", vec![]), false, "the worker lives");
    page.screenshot("cancelled-1280");
    // What was read can be looked at.
    page.click("[data-input=layers] button");
    page.wait_until("document.querySelector('#files')?.textContent.includes('app')");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn reading_says_how_far_it_is_and_cancelling_leaves_what_the_image_says_of_itself() {
    let (_site, page) = ready(ENDLESS);
    page.run("self.endless = true;", vec![]);
    page.choose_files("#open", &[("image.tar", &image())]);
    page.wait_until("document.querySelector('#outcome progress')");
    let banner = page.text_of("#outcome .banner");
    assert!(banner.contains("layer 0 (3 in all)") && banner.contains("5 of 9 MB"), "{banner}");
    assert!(banner.contains("Secrets in 2 files so far"), "{banner}");
    page.click("#outcome .banner button");
    page.wait_until("document.querySelector('#outcome').textContent.includes('cancelled after')");
    // The user is in the configuration, which needs no layer.
    page.wait_until("document.querySelector('[data-question=root]')");
    assert!(!page.text_of("#outcome").contains("deleted in layer"));
}

/// Holds the report of a job back until somebody lets it through.
const HELD: &str = "
    const Real = Worker;
    self.Worker = class extends Real {
        set onmessage(listener) {
            super.onmessage = listener && ((event) => {
                if (!String(event.data).startsWith('done ')) return listener(event);
                self.release = () => listener(event);
            });
        }
    };
    self.spoken = [];
    addEventListener('DOMContentLoaded', () => {
        const live = document.querySelector('#live');
        const hear = () => self.spoken.push(live.textContent);
        new MutationObserver(hear).observe(live, { childList: true, characterData: true, subtree: true });
    });";

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn secrets_are_listed_while_reading_goes_on_and_give_way_to_the_report() {
    let (_site, page) = ready(HELD);
    let text = format!("token = {}\n", token());
    let named = format!("app/{}", token());
    let settings = tar::archive(&[
        tar::file("app/ci.conf", text.as_bytes()),
        tar::file(&named, text.as_bytes()),
    ]);
    // Longer to read than it takes to be told of it.
    let much = tar::archive(&[tar::file("srv/data", &vec![b'.'; 300 << 20])]);
    let layers = [("COPY ci.conf /app/", settings), ("COPY data /srv/", much)];
    page.choose_files("#open", &[("image.tar", &tar::saved(&layers, r#"{"User":"app"}"#))]);
    page.wait_until("self.release && document.querySelector('#outcome .banner li')");
    let banner = page.text_of("#outcome .banner");
    assert!(banner.contains("access token in layer 0 /app/ci.conf"), "{banner}");
    let shown = page.run("return document.documentElement.outerHTML;", vec![]);
    assert!(!shown.as_str().unwrap().contains(&token()[6..]), "the token is not shown");
    let spoken = page.run("return self.spoken.join();", vec![]);
    let spoken = spoken.as_str().unwrap();
    assert!(spoken.contains("Files with secrets found so far: 2."), "{spoken}");
    let regions =
        "return document.querySelectorAll('[aria-live], [role=status], [role=alert]').length;";
    assert_eq!(page.run(regions, vec![]), 1);
    page.screenshot("found-so-far-1280");
    page.run("self.release();", vec![]);
    page.wait_until("!document.querySelector('#outcome .banner')");
    assert!(page.text_of("#findings").contains("layer 0 /app/ci.conf"));
}
