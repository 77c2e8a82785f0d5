//! The whole checker as one file, which a browser opens from a disk.
//!
//! Style and scripts stand in the page, named by their digests in its policy. Everything else is packed as
//! LZMA, which `web/single/inside.js` unpacks: a fifth less than what browsers unpack themselves. It is
//! written with letters of seven or fifteen bits, which UTF-8 takes an eighth more for; the 85 letters of
//! ASCII that were here before took a quarter. The policy forbids every connection from the first byte.

use std::io::Write;

use anyhow::{Context, Result, bail};
use lzma_rust2::{LzmaOptions, LzmaWriter};

use super::assets::Site;
use super::tight::tight;
use crate::digest;

/// What the file is called on the site.
pub(super) const NAME: &str = "plimsoll.html";
/// The companion as the file has it inside.
pub(super) const COMPANION: &str = "companion.json";

/// What the file may weigh, in bytes.
const LIMIT: usize = 1_550_000;
/// What it should weigh.
pub(super) const GOAL: usize = 1_500_000;

/// What the page's own module is started with. It is packed too: `boot.js` makes a script of it, which the
/// policy names by its digest like the others.
const GLUE: &str = "web.js";
/// Pages of the companion with a script of their own.
const FORMS: [(&str, &str); 2] =
    [("privacy/index.html", "docs/leak.js"), ("settings/index.html", "docs/settings.js")];
/// What is packed together, in the order in which the page wants it.
const STREAMS: [&[&str]; 3] =
    [&[GLUE, "web.wasm"], &["worker.js", "worker.wasm"], &["pages.txt", COMPANION]];

/// Puts the site together as one file.
pub(super) fn assemble(site: &Site, companion: &[u8]) -> Result<Vec<u8>> {
    let page = text(site, "index.html")?;
    let own = |name: &str| {
        let path = crate::root().join("web").join(name);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let script = |name: &str| tight(&own(name)?);
    let (docs, around) = (own("docs/docs.css")?, own("single/companion.css")?);
    let style = format!("{}#companion {{\n{docs}}}\n{around}", asset(site, "style.css")?);
    let style = tight(&style)?;
    let [inside, search, show] =
        ["single/inside.js", "docs/docs.js", "single/companion.js"].map(script);
    let forms = FORMS.map(|(page, name)| form(page, &script(name)?));
    let forms = forms.into_iter().collect::<Result<String>>()?;
    let boot = asset(site, "boot.js")?;
    let show = format!("{}self.plimsollForms = {{\n{forms}}};\n", show?);
    let scripts = [inside?, tight(boot)?, search?, show];
    if scripts.iter().any(|it| it.contains("</script") || it.contains("<!--")) {
        bail!("a script holds what would end it in a page");
    }
    let all: Vec<&str> = scripts.iter().map(String::as_str).chain([asset(site, GLUE)?]).collect();
    let page = with_inline(page, &style, &all)?;
    let Some((before, rest)) = page.rsplit_once("</body>") else { bail!("the page has no end") };
    let mut out = before.to_owned();
    for names in STREAMS {
        let mut files = Vec::new();
        for name in names {
            let content = match *name {
                COMPANION => companion,
                _ => bytes(site, &site.assets.get(*name).context("an asset")?.url)?,
            };
            files.push((*name, content));
        }
        out.push_str(&stream(&files)?);
    }
    for script in &scripts {
        out.push_str(&format!("<script>{script}</script>\n"));
    }
    out.push_str(&format!("</body>{rest}"));
    Ok(out.into_bytes())
}

/// A script of the site as something to call when its page is shown.
fn form(page: &str, script: &str) -> Result<String> {
    let body =
        script.strip_prefix("\"use strict\";\n(() => {").and_then(|it| it.strip_suffix("})();\n"));
    let body = body.with_context(|| format!("the script of {page} is not one function"))?;
    Ok(format!("\"{page}\": () => {{ \"use strict\";{body}}},\n"))
}

/// The page with its style inside, without what it would load, and with a policy that lets these run.
fn with_inline(page: &str, style: &str, scripts: &[&str]) -> Result<String> {
    let (before, rest) = around(page, "<link rel=\"stylesheet\"", ">")?;
    let page = format!("{before}<style>{style}</style>{rest}");
    let (before, rest) = around(&page, "<script src=\"boot", "</script>")?;
    let page = format!("{before}{rest}");
    // Of what lies beside the site, the file has the companion inside.
    let (before, rest) = around(&page, "<span class=\"beside\">", "</span>")?;
    let page = format!("{before}<a class=\"button\" href=\"#docs/index.html\">Docs</a>{rest}");
    let (before, rest) = around(&page, "<meta http-equiv=\"Content-Security-Policy\"", ">")?;
    let policy = policy(style, scripts);
    Ok(format!("{before}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{rest}"))
}

/// Files packed together, with their names and lengths.
fn stream(files: &[(&str, &[u8])]) -> Result<String> {
    let parts: Vec<String> =
        files.iter().map(|(name, content)| format!("{name}:{}", content.len())).collect();
    let content: Vec<u8> = files.iter().flat_map(|it| it.1).copied().collect();
    let packed = packed(&content)?;
    Ok(format!(
        "<script type=\"application/octet-stream\" data-packed=\"{}\" data-length=\"{}\">{}</script>\n",
        parts.join(" "),
        packed.len(),
        letters(&packed)
    ))
}

/// Says what the file weighs; fails when it is far too much.
pub(super) fn weigh(file: &[u8]) -> Result<()> {
    println!("{:<32} {:>10} of {GOAL}", "the single file", file.len());
    if file.len() > LIMIT {
        bail!("too big: the single file: {} of {LIMIT} bytes", file.len());
    }
    Ok(())
}

fn policy(style: &str, scripts: &[&str]) -> String {
    let hash = |it: &str| format!("'{}'", digest::sha384(it.as_bytes()));
    let scripts: Vec<String> = scripts.iter().map(|it| hash(it)).collect();
    let scripts = scripts.join(" ");
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

/// A stream without a header, as `inside.js` reads it: four bits of the byte before choose how a byte is
/// read, and no bits of its place do, since neither wasm nor text has a period.
fn packed(content: &[u8]) -> Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    (options.lc, options.lp, options.pb) = (4, 0, 0);
    (options.nice_len, options.depth_limit) = (273, 1_000);
    let mut writer = LzmaWriter::new_no_header(Vec::new(), &options, false)?;
    writer.write_all(content)?;
    Ok(writer.finish()?)
}

/// Seven bits that are no letter of their own: HTML, editors or terminals mean something by them.
const REPLACED: [u32; 7] = [0, 10, 13, 26, 27, 60, 127];
/// Where the letters begin that have eight bits more. Before them are other control characters.
const BEYOND: u32 = 0xa0;

/// Bytes as letters of seven bits, or of fifteen where seven are among the replaced.
fn letters(bytes: &[u8]) -> String {
    let mut bits = Bits { bytes, at: 0 };
    let mut out = String::with_capacity(bytes.len() / 7 * 8 + 8);
    while let Some(seven) = bits.take(7) {
        let code = match REPLACED.iter().position(|it| *it == seven) {
            Some(place) => {
                BEYOND
                    + u32::try_from(place).unwrap_or_default() * 256
                    + bits.take(8).unwrap_or_default()
            }
            None => seven,
        };
        out.extend(char::from_u32(code));
    }
    out
}

/// Bits of bytes, the highest first; behind the end there are zeros.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next bits, at most eight; nothing behind the end.
    fn take(&mut self, n: usize) -> Option<u32> {
        let (byte, shift) = (self.at / 8, self.at % 8);
        let first = u32::from(*self.bytes.get(byte)?);
        let second = self.bytes.get(byte + 1).copied().map_or(0, u32::from);
        self.at += n;
        Some((first << 8 | second) >> (16 - shift - n) & ((1 << n) - 1))
    }
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
    use super::{BEYOND, REPLACED, assemble, letters};

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
        let page = String::from_utf8(assemble(&site("let glue;"), b"[]").unwrap()).unwrap();
        assert!(!page.contains(" src=\"") && !page.contains("<link"), "{page}");
        assert!(!page.contains("href=\"docs/") && page.contains("href=\"#docs/index.html\""));
        assert!(page.contains("connect-src 'none'") && !page.contains("'self'"), "{page}");
        assert!(page.contains("<style>style.css#companion {\n*,") && page.contains("<p>text</p>"));
        assert!(
            !page.contains("let glue;") && page.contains("data-packed=\"web.js:9 web.wasm:8\"")
        );
        assert!(page.contains("data-packed=\"worker.js:9 worker.wasm:11\" data-length=\""));
        let scripts = "<script>boot.js\n</script>\n<script>";
        assert!(page.contains(scripts) && page.ends_with("</script>\n</body></html>"), "{page}");
    }

    /// The bits of letters, as `inside.js` takes them.
    fn bits(text: &str) -> String {
        let one = |it: char| match u32::from(it) {
            code if code < 128 => format!("{code:07b}"),
            code => {
                let place = (code - BEYOND) as usize;
                format!("{:07b}{:08b}", REPLACED[place / 256], place % 256)
            }
        };
        text.chars().map(one).collect()
    }

    #[test]
    fn letters_hold_bytes_and_begin_no_tag() {
        let mut all: Vec<u8> = (0..=255).flat_map(|it| [it, 255 - it, it, 7]).collect();
        all.extend([0; 9]);
        let expected: String = all.iter().map(|it| format!("{it:08b}")).collect();
        let text = letters(&all);
        assert!(bits(&text).starts_with(&expected));
        assert!(text.chars().all(|it| !REPLACED.contains(&u32::from(it)) && it <= '\u{7ff}'));
    }

    #[test]
    fn a_script_that_would_end_the_page_is_refused() {
        let mut site = site("let glue;");
        site.add_asset("boot.js", b"'</script>'".to_vec());
        assert!(assemble(&site, b"[]").is_err());
    }
}
