//! The whole checker as one file, which a browser opens from a disk.
//!
//! Style and scripts stand in the page, named by their digests in its policy. Everything else is
//! compressed and written with 85 letters. The policy forbids every connection from the first byte.

use std::io::Write;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::assets::{LOGICAL, Site};
use crate::digest;

/// What the file is called on the site.
pub(super) const NAME: &str = "plimsoll.html";

/// What the file may weigh, in bytes.
const LIMIT: usize = 2_000_000;
/// What it should weigh.
const GOAL: usize = 1_500_000;

/// What the page's own module is started with; it cannot be compressed, since it is a script.
const GLUE: &str = "web.js";

/// Puts the site together as one file.
pub(super) fn assemble(site: &Site) -> Result<Vec<u8>> {
    let page = text(site, "index.html")?;
    let style = asset(site, "style.css")?;
    let glue = asset(site, GLUE)?;
    let boot = asset(site, "boot.js")?;
    for script in [glue, boot] {
        if script.contains("</script") || script.contains("<!--") {
            bail!("a script holds what would end it in a page");
        }
    }
    let (before, rest) = around(page, "<link rel=\"stylesheet\"", ">")?;
    let page = format!("{before}<style>{style}</style>{rest}");
    let (before, rest) = around(&page, "<script src=\"boot", "</script>")?;
    let page = format!("{before}{rest}");
    // Other pages are beside the site, not in the file.
    let (before, rest) = around(&page, "<span class=\"beside\">", "</span>")?;
    let page = format!("{before}{rest}");
    let (before, rest) = around(&page, "<meta http-equiv=\"Content-Security-Policy\"", ">")?;
    let policy = policy(style, [glue, boot]);
    let page =
        format!("{before}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{rest}");
    let Some((before, rest)) = page.rsplit_once("</body>") else { bail!("the page has no end") };
    let mut out = before.to_owned();
    for name in LOGICAL.iter().filter(|it| **it != GLUE) {
        let content = bytes(site, &site.assets.get(*name).context("an asset")?.url)?;
        let packed = deflate(content)?;
        out.push_str(&format!(
            "<script type=\"application/octet-stream\" data-packed=\"{name}\" data-length=\"{}\">{}</script>\n",
            packed.len(),
            letters(&packed)
        ));
    }
    out.push_str(&format!("<script>{glue}</script>\n<script>{boot}</script>\n</body>{rest}"));
    Ok(out.into_bytes())
}

/// Says what the file weighs; fails when it is far too much.
pub(super) fn weigh(file: &[u8]) -> Result<()> {
    println!("{:<32} {:>10} of {GOAL}", "the single file", file.len());
    if file.len() > LIMIT {
        bail!("too big: the single file: {} of {LIMIT} bytes", file.len());
    }
    Ok(())
}

fn policy(style: &str, scripts: [&str; 2]) -> String {
    let hash = |it: &str| format!("'{}'", digest::sha384(it.as_bytes()));
    let scripts = scripts.map(hash).join(" ");
    format!(
        "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {}; \
         img-src data: blob:; connect-src 'none'; worker-src blob:; form-action 'none'; \
         base-uri 'none'; frame-src 'none'; object-src 'none'; \
         require-trusted-types-for 'script'; trusted-types plimsoll",
        hash(style)
    )
}

/// What stands before and behind the only piece that begins and ends so.
fn around<'a>(page: &'a str, begin: &str, end: &str) -> Result<(&'a str, &'a str)> {
    let (before, rest) =
        page.split_once(begin).with_context(|| format!("no {begin} in the page"))?;
    if rest.contains(begin) {
        bail!("{begin} is in the page twice");
    }
    let (_, behind) = rest.split_once(end).with_context(|| format!("no {end} behind {begin}"))?;
    Ok((before, behind))
}

fn deflate(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// Bytes in five letters for every four, `boot.js` reads them back. The letters are those from `#` on
/// without the sign that begins a tag.
fn letters(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() / 4 * 5 + 5);
    for chunk in bytes.chunks(4) {
        let mut word = [0; 4];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = *from;
        }
        let word = u32::from_be_bytes(word);
        for place in [52_200_625, 614_125, 7_225, 85, 1] {
            let digit = (word / place % 85) as u8;
            out.push(char::from(digit + if digit < 25 { 35 } else { 36 }));
        }
    }
    out
}

fn bytes<'a>(site: &'a Site, path: &str) -> Result<&'a [u8]> {
    site.files.get(path).map(Vec::as_slice).with_context(|| format!("{path} was not built"))
}

fn text<'a>(site: &'a Site, path: &str) -> Result<&'a str> {
    Ok(std::str::from_utf8(bytes(site, path)?)?)
}

fn asset<'a>(site: &'a Site, name: &str) -> Result<&'a str> {
    let asset = site.assets.get(name).with_context(|| format!("{name} was not built"))?;
    text(site, &asset.url)
}

#[cfg(test)]
mod tests {
    use super::super::assets::{LOGICAL, Site};
    use super::{assemble, letters};

    const PAGE: &str = "<!doctype html>\n<html><head>\
<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'\">\
<link rel=\"stylesheet\" href=\"style-1.css\" integrity=\"x\"><script src=\"boot-1.js\" defer></script></head>\
<body><span class=\"beside\"><a class=\"button\" href=\"docs/index.html\">Docs</a></span><p>text</p></body></html>";

    fn site(glue: &str) -> Site {
        let mut site = Site::default();
        for name in LOGICAL.iter().chain(&["style.css", "boot.js"]) {
            let content = if *name == "web.js" { glue } else { name };
            site.add_asset(name, content.as_bytes().to_vec());
        }
        site.files.insert("index.html".to_owned(), PAGE.as_bytes().to_vec());
        site
    }

    #[test]
    fn nothing_is_loaded_and_everything_is_inside() {
        let page = String::from_utf8(assemble(&site("let glue;")).unwrap()).unwrap();
        assert!(!page.contains(" src=\"") && !page.contains("<link") && !page.contains("docs/"));
        assert!(page.contains("connect-src 'none'") && !page.contains("'self'"), "{page}");
        assert!(page.contains("<style>style.css</style>") && page.contains("<p>text</p>"));
        assert!(page.contains("data-packed=\"worker.wasm\" data-length=\""), "{page}");
        assert!(
            page.ends_with("<script>let glue;</script>\n<script>boot.js</script>\n</body></html>")
        );
    }

    #[test]
    fn letters_hold_bytes_and_begin_no_tag() {
        assert_eq!(letters(&[0, 0, 0, 0]), "#####");
        assert_eq!(letters(&[0, 0, 0, 24, 0, 0, 0, 25]), "####;####=");
        assert_eq!(letters(&[255; 5]).len(), 10);
        let all: Vec<u8> = (0..=255).flat_map(|it| [it, 255 - it, it, 7]).collect();
        assert!(letters(&all).bytes().all(|it| (35..=120).contains(&it) && it != b'<'));
    }

    #[test]
    fn a_script_that_would_end_the_page_is_refused() {
        assert!(assemble(&site("'</script>'")).is_err());
    }
}
