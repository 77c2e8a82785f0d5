//! Looking through shell scripts: what the rules of the optional pack ask.
//!
//! The pack itself is elsewhere, and handed in as a function: linked into the command line, a
//! module of its own in a browser. The engine knows codes and places, and has its own words.

use std::fmt;

use report::{Acceptance, Accepted, Locus, Outcome, Why};
use text::{SourceId, Span};

use crate::Case;
use crate::facts::{Dialect, Reach, Script};

/// The language of a script, as far as the pack tells them apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// A shell of which only POSIX is known.
    Posix,
    /// Debian's `sh`.
    Dash,
    /// BusyBox' `sh`.
    Ash,
    /// Bash.
    Bash,
}

/// What the pack found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hit {
    /// ShellCheck's number for it.
    pub code: u16,
    /// Where it starts in the text, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Whether a comment in the script accepts it.
    pub accepted: bool,
}

/// What looks through a script; nothing comes back if it broke over it.
#[derive(Clone, Copy)]
pub struct Linter(pub fn(Language, &str) -> Option<Vec<Hit>>);

impl PartialEq for Linter {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Eq for Linter {}

impl fmt::Debug for Linter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Linter")
    }
}

/// Longer scripts are not looked through, in bytes: what looks takes time with the square of the length.
/// The longest of 1,117 public Dockerfiles is a third of it (`cargo xtask conformance --shellcheck`).
const LONGEST: usize = 16 * 1024;

/// All scripts of a case together are looked through up to here, in bytes: sixteen that are as slow as can
/// be take seconds, and no longer.
const MOST: usize = 16 * LONGEST;

/// What was found in all scripts of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Looked {
    /// By code, then by place.
    found: Vec<Place>,
    /// Scripts that nobody looked through, and why.
    unread: Vec<(Locus, Why)>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Place {
    code: u16,
    at: Locus,
    /// The comment that accepts it.
    accepted: Option<Locus>,
    /// Why it is not known whether the shell minds.
    doubt: Option<Why>,
}

/// What one code comes to.
pub(crate) fn tell(case: &Case, out: &mut Outcome, code: u16, title: &str) {
    let found = &case.looked.get_or_init(|| look(case)).found;
    let first = found.partition_point(|it| it.code < code);
    let own = found.iter().skip(first).take_while(|it| it.code == code);
    for Place { at, accepted, doubt, .. } in own {
        if let Some(why) = doubt {
            out.gap(at, why.clone());
            continue;
        }
        out.fail(at, in_sentence(title));
        let Some(comment) = accepted else { continue };
        let place = comment.into();
        let by = Acceptance { place, form: "shellcheck".into(), reason: None, until: None };
        out.accepted.extend(out.findings.pop().map(|finding| Accepted { finding, by }));
    }
}

/// The scripts that nobody looked through.
pub(crate) fn tell_unread(case: &Case, out: &mut Outcome) {
    for (at, why) in &case.looked.get_or_init(|| look(case)).unread {
        out.gap(at, why.clone());
    }
}

fn in_sentence(title: &str) -> String {
    let mut chars = title.chars();
    let first = chars.next().map(|it| it.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

fn look(case: &Case) -> Looked {
    let mut out = Looked::default();
    let Some(linter) = case.settings.shell else { return out };
    let mut looked_through = 0;
    for seen in case.facts.scripts.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(script), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let language = match script.dialect {
            Dialect::Ash => Language::Ash,
            Dialect::Dash => Language::Dash,
            Dialect::Bash => Language::Bash,
            _ => Language::Posix,
        };
        let whole = script.whole();
        if let Some(why) = too_much(whole.len(), looked_through) {
            out.unread.push((seen.at.clone(), Why::Limit(why.into())));
            continue;
        }
        looked_through += whole.len();
        match (linter.0)(language, &whole) {
            Some(hits) => {
                let places = hits.iter().filter_map(|it| place(script, *source, &whole, it));
                out.found.extend(places);
            }
            None => {
                let why = "what looks through shell scripts broke over this one";
                out.unread.push((seen.at.clone(), Why::Unreadable(why.into())));
            }
        }
    }
    text::order::sort_by(&mut out.found, Place::cmp);
    out.found.dedup();
    out
}

/// What is said of a script that is left out for its length, in bytes.
fn too_much(length: usize, before_it: usize) -> Option<String> {
    if length > LONGEST {
        return Some(format!("scripts of more than {LONGEST} bytes are not looked through"));
    }
    let is_over = before_it + length > MOST;
    is_over.then(|| format!("scripts are looked through up to {MOST} bytes in all"))
}

fn place(script: &Script, source: SourceId, whole: &str, hit: &Hit) -> Option<Place> {
    let at = |span: Span| Locus::Text { source, span };
    let span = script.span(hit.start, hit.end)?;
    let accepted = hit.accepted.then(|| at(comment(script, whole, hit.start).unwrap_or(span)));
    // What POSIX lacks: some shells have it, and then nothing is wrong.
    let is_missing = (3000..4000).contains(&hit.code);
    let doubt = script.doubt.clone().filter(|_| is_missing);
    Some(Place { code: hit.code, at: at(span), accepted, doubt })
}

/// The last comment to the linter before a place.
fn comment(script: &Script, whole: &str, before: u32) -> Option<Span> {
    let before = whole.get(..before as usize)?;
    let word = before.rfind("shellcheck disable")?;
    let start = before.get(..word)?.rfind('#')?;
    let length = whole.get(start..)?.lines().next()?.trim_end().len();
    let place = |it: usize| u32::try_from(it).ok();
    script.span(place(start)?, place(start + length)?)
}

#[cfg(test)]
mod tests;
