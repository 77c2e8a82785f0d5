//! A rule's page: its examples, and the secrets in them.
//!
//! Grammar of a page: prose that says why, then `## What to do`, `## When to accept it` and
//! `## Examples`. Under `### Fails: …`, `### Passes: …` or `### Unknown: …` stand fences; all
//! fences under one heading are the documents of one case, and a fence's language is the kind of
//! its document.

use report::Verdict;

/// An example of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// What it shows.
    pub title: String,
    /// What the rule says of it.
    pub verdict: Verdict,
    /// Its documents: the language of the fence, and the text.
    pub documents: Vec<(String, String)>,
}

/// The examples of a page, in order.
pub fn examples(page: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in filled(page).split_terminator('\n') {
        if let Some((language, text)) = &mut open {
            if line == "```" {
                let document = (std::mem::take(language), std::mem::take(text));
                if let Some(last) = found.last_mut() {
                    last.documents.push(document);
                }
                open = None;
            } else {
                text.push_str(line);
                text.push('\n');
            }
        } else if let Some(language) = line.strip_prefix("```") {
            open = Some((language.to_owned(), String::new()));
        } else if let Some((verdict, title)) = heading(line) {
            found.push(Example { title: title.to_owned(), verdict, documents: Vec::new() });
        }
    }
    found
}

/// What the heading of an example states, and its title.
pub fn heading(line: &str) -> Option<(Verdict, &str)> {
    let (word, title) = line.strip_prefix("### ")?.split_once(": ")?;
    let verdict = match word {
        "Fails" => Verdict::Fails,
        "Passes" => Verdict::Passes,
        "Unknown" => Verdict::Unknown,
        _ => return None,
    };
    Some((verdict, title))
}

/// A page with its made-up secrets put in: `{{prefix:length}}` becomes the prefix and so many
/// characters. They are made here so that no file of the project holds anything that a secret
/// scanner would take for real.
pub fn filled(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((inside, behind)) = after.split_once("}}") else { break };
        if inside == "cr" {
            // A carriage return, which no editor would leave in a page.
            out.push('\r');
            rest = behind;
            continue;
        }
        match inside
            .split_once(':')
            .and_then(|(prefix, length)| Some((prefix, length.parse().ok()?)))
        {
            Some((prefix, length)) => out.push_str(&made_up(prefix, length)),
            None => {
                out.push_str("{{");
                out.push_str(inside);
                out.push_str("}}");
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A text that looks random and is always the same.
fn made_up(prefix: &str, length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state =
        prefix.bytes().fold(17_u32, |it, byte| it.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let letters = (0..length).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let index = (state >> 16) as usize % LETTERS.len();
        LETTERS.get(index).copied().map_or('x', char::from)
    });
    let mut body: String = letters.collect();
    // GitHub's tokens end in a checksum, without which nobody takes them for real.
    if prefix == "ghp_" && length == 36 {
        body.truncate(30);
        body = format!("{body}{}", base62(crc32(body.as_bytes())));
    }
    format!("{prefix}{body}")
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
    let add = |sum: u32, byte: &u8| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum));
    !bytes.iter().fold(!0, add)
}

/// Six digits, as GitHub writes them.
fn base62(number: u32) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let digit = |place: u32| DIGITS.get((number / 62_u32.pow(place) % 62) as usize).copied();
    (0..6).rev().filter_map(digit).map(char::from).collect()
}
