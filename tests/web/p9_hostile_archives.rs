//! Promise 9: hostile archives neither hang nor flood the page. While one is read the page goes on drawing, and
//! what was not read is said.

use std::io::Write as _;

use crate::harness::{Engine, Page, Recorder, Site};
use tests::tar;

/// Counts what the page draws.
const FRAMES: &str = "
    self.frames = 0;
    const count = () => { self.frames += 1; requestAnimationFrame(count); };
    requestAnimationFrame(count);";

fn opened() -> (Recorder, Page) {
    let site = Site::built().with_script(FRAMES).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    (site, page)
}

/// An archive with one file of so many zeros, packed.
fn bomb(length: usize) -> Vec<u8> {
    let header = tar::archive(&[tar::file("srv/zeros", b"")]);
    let mut header = header[..512].to_vec();
    header[124..135].copy_from_slice(format!("{length:011o}").as_bytes());
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|it| u32::from(*it)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&header).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..length.div_ceil(zeros.len()) {
        packer.write_all(&zeros).unwrap();
    }
    packer.finish().unwrap()
}

/// Hands an image in, waits for its answer, and gives what the page says of it and how many frames it drew
/// meanwhile.
fn answered(page: &Page, image: &[u8]) -> (String, u64) {
    let frames = || page.run("return self.frames;", vec![]).as_u64().unwrap();
    let before = frames();
    page.choose_files("#open", &[("image.tar", image)]);
    page.wait_until("document.querySelector('#inputs')?.textContent.includes('image.tar')");
    page.wait_until_ready();
    page.wait_until("document.querySelector('[data-question=secrets][data-state]')");
    (page.text_of("#results"), frames() - before)
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn what_bursts_is_given_up_and_said() {
    let (_site, page) = opened();
    // More than a gigabyte, more than 200 times as long as it is packed.
    let image =
        tar::saved(&[("COPY zeros /srv", bomb((1 << 30) + (64 << 20)))], "{\"User\":\"root\"}");
    assert!(image.len() < 8 << 20, "{}", image.len());
    let (text, frames) = answered(&page, &image);
    assert!(frames > 20, "the page drew {frames} times");
    assert!(text.contains("runs as"), "what the image says of itself stands: {text}");
    let all = page.run("return document.body.textContent;", vec![]);
    let all = all.as_str().unwrap();
    assert!(all.contains("times") || all.contains("unpack"), "the limit is not said: {text}");
    page.screenshot("bomb-1280");
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn many_names_long_names_and_links_in_circles_come_to_an_end() {
    let (_site, page) = opened();
    let names: Vec<String> = (0..60_000).map(|it| format!("srv/{it:06}")).collect();
    let mut entries: Vec<tar::Entry<'_>> = names.iter().map(|it| tar::file(it, b"")).collect();
    let link =
        |path, target| tar::Entry { path, mode: 0o777, owner: 0, kind: b'2', target, content: b"" };
    entries.extend([link("a", "b"), link("b", "c"), link("c", "a"), link("self", "self/x")]);
    let deep = "d/".repeat(49);
    entries.push(tar::file(&deep, b""));
    let image =
        tar::saved(&[("COPY . /", tar::archive(&entries))], "{\"User\":\"a\",\"Cmd\":[\"/a/x\"]}");
    let (text, frames) = answered(&page, &image);
    assert!(frames > 5, "the page drew {frames} times");
    assert!(!text.is_empty());
    // And it is alive.
    page.paste("#input", "FROM debian:13\nADD a /srv/\n");
    page.wait_until("document.querySelector('#findings [data-rule=prefer-copy-over-add]')");
}

/// The control run: a page that does the work itself draws nothing meanwhile.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_that_is_busy_draws_nothing() {
    let (_site, page) = opened();
    let script = "
        const before = self.frames;
        const end = performance.now() + 1500;
        while (performance.now() < end);
        return self.frames - before;";
    let frames = page.run(script, vec![]).as_u64().unwrap();
    assert!(frames <= 5, "{frames}");
}
