//! Files whose form is known by their name: which names hold secrets there, and readers for rows
//! that have no names.

use std::ops::Range;
use std::sync::OnceLock;

use crate::bytes::{self, Set};
use crate::findings::{Candidate, Findings, Rank, Window};
use crate::hit::Verification;
use crate::path::{Glob, Path};
use crate::placeholder;
use crate::structure;
use crate::table::{self, Severity, data_lines};
use crate::verify::hex_decode;

/// What is known of a file.
#[derive(Debug)]
pub(crate) struct Profile {
    glob: Glob,
    pub(crate) kind: &'static str,
    pub(crate) reader: Rows,
    /// Names whose values are secrets here, in lower case.
    pub(crate) names: Vec<&'static str>,
}

/// How a file of known form is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Rows {
    Keys,
    PgPass,
    Shadow,
    HtPasswd,
    GitCredentials,
    Word,
    Magic,
    /// Hits of the named kinds are of the profile's kind here.
    Relabel,
}

/// The profile of the file at `path`.
pub(crate) fn profile(path: &Path<'_>) -> Option<&'static Profile> {
    static PROFILES: OnceLock<Vec<Profile>> = OnceLock::new();
    let profiles = PROFILES.get_or_init(|| {
        data_lines(include_str!("../data/files.tsv")).filter_map(read_row).collect()
    });
    profiles.iter().find(|it| it.glob.fits(path))
}

fn read_row(row: &'static str) -> Option<Profile> {
    let mut columns = row.split('\t');
    let (glob, kind, reader, names) =
        (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let reader = match reader {
        "keys" => Rows::Keys,
        "pgpass" => Rows::PgPass,
        "shadow" => Rows::Shadow,
        "htpasswd" => Rows::HtPasswd,
        "gitcred" => Rows::GitCredentials,
        "word" => Rows::Word,
        "magic" => Rows::Magic,
        "relabel" => Rows::Relabel,
        _ => return None,
    };
    Some(Profile { glob: Glob::new(glob), kind, reader, names: names.split(' ').collect() })
}

impl Profile {
    /// What a hit of that kind is in this file.
    pub(crate) fn relabel(&self, id: &str) -> Option<&'static table::Kind> {
        let named = self.reader == Rows::Relabel && self.names.contains(&id);
        named.then(|| table::kind(self.kind)).flatten()
    }

    /// Whether values of this name are secrets in this file.
    pub(crate) fn holds(&self, name: &[u8]) -> bool {
        let last = name.rsplit(|it| *it == b'.').next().unwrap_or(name);
        self.reader == Rows::Keys
            && self.names.iter().any(|it| last.eq_ignore_ascii_case(it.as_bytes()))
    }
}

/// Reads the rows that start in `range` of the window.
pub(crate) fn read_rows(window: &Window<'_>, range: Range<usize>, out: &mut Findings) {
    let Some(profile) = out.profile else { return };
    let hay = window.bytes;
    let at_start = window.base == 0 && range.start == 0;
    match profile.reader {
        Rows::Keys | Rows::Relabel => return,
        Rows::Magic => {
            if at_start {
                magic(window, profile, out);
            }
            return;
        }
        Rows::Word => {
            if at_start {
                let end = bytes::run_end(hay, 0, Set::SPACE.with(b"\0").not(), 400);
                if end >= 16 {
                    row_hit(window, profile.kind, 0..end, None, out);
                }
            }
            return;
        }
        Rows::PgPass | Rows::Shadow | Rows::HtPasswd | Rows::GitCredentials => {}
    }
    let mut from = range.start;
    while from < range.end {
        let is_start = bytes::before(hay, from).is_none_or(|it| it == b'\n');
        let end = bytes::run_end(hay, from, Set::EMPTY.with(b"\n\r\0").not(), 2_000);
        out.steps += u64::try_from(end - from + 1).unwrap_or_default();
        if is_start && end > from && bytes::at(hay, from) != Some(b'#') {
            row(window, profile, from..end, out);
        }
        from = end + 1;
    }
}

fn row(window: &Window<'_>, profile: &Profile, line: Range<usize>, out: &mut Findings) {
    let text = bytes::slice(window.bytes, line.start, line.end);
    let field = |n: usize| {
        let mut start = 0;
        for (place, part) in text.split(|it| *it == b':').enumerate() {
            if place == n {
                return Some(line.start + start..line.start + start + part.len());
            }
            start += part.len() + 1;
        }
        None
    };
    match profile.reader {
        Rows::GitCredentials => structure::credentials_line(window, line, profile.kind, out),
        Rows::PgPass => {
            let Some(start) = field(4).map(|it| it.start) else { return };
            row_hit(window, profile.kind, start..line.end, field(3), out);
        }
        Rows::HtPasswd => {
            let Some(hash) = field(1) else { return };
            let word = bytes::slice(window.bytes, hash.start, hash.end);
            if word.len() >= 10 && !text.contains(&b' ') {
                row_hit(window, profile.kind, hash, field(0), out);
            }
        }
        Rows::Shadow => shadow(window, profile, field(0), field(1), out),
        Rows::Keys | Rows::Word | Rows::Magic | Rows::Relabel => {}
    }
}

/// A row of `/etc/shadow`: no password at all is the worst, `*` and `!` are the best.
fn shadow(
    window: &Window<'_>,
    profile: &Profile,
    user: Option<Range<usize>>,
    hash: Option<Range<usize>>,
    out: &mut Findings,
) {
    let (Some(user), Some(hash)) = (user, hash) else { return };
    let name = bytes::slice(window.bytes, user.start, user.end);
    let value = bytes::slice(window.bytes, hash.start, hash.end);
    let root = name == b"root";
    let Some(kind) = table::kind(profile.kind) else { return };
    if value.is_empty() && root {
        // There is nothing to hide: the span is the user's name.
        let mut it = Candidate::new(kind, Rank::Structure, user.clone());
        it.prefix = user.len();
        it.severity = Severity::Critical;
        it.verification = Verification::Structure;
        out.report(window, it);
    } else if root && value.starts_with(b"$") {
        let mut it = Candidate::new(kind, Rank::Checksum, hash);
        it.verification = Verification::Structure;
        it.severity = Severity::Critical;
        out.report(window, it);
    }
}

fn row_hit(
    window: &Window<'_>,
    id: &str,
    value: Range<usize>,
    user: Option<Range<usize>>,
    out: &mut Findings,
) {
    let text = bytes::slice(window.bytes, value.start, value.end);
    let Some(kind) = table::kind(id) else { return };
    if text.len() < 3 || placeholder::is_reference(text) {
        return;
    }
    let mut it = Candidate::new(kind, Rank::Structure, value);
    it.password = true;
    it.verification = Verification::Structure;
    if let Some(user) = user {
        it.fact("user", bytes::slice(window.bytes, user.start, user.end));
    }
    if placeholder::is_whole_word(text) {
        it.verification = Verification::Example(placeholder::Example::Word);
    }
    out.report(window, it);
}

fn magic(window: &Window<'_>, profile: &Profile, out: &mut Findings) {
    let expected =
        profile.names.first().and_then(|it| hex_decode(it.as_bytes())).unwrap_or_default();
    let Some(kind) = table::kind(profile.kind) else { return };
    if window.bytes.starts_with(&expected) && window.bytes.len() > 32 {
        let mut it = Candidate::new(kind, Rank::Structure, 0..expected.len());
        it.verification = Verification::Structure;
        it.prefix = expected.len();
        out.report(window, it);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_names_a_kind_and_is_found_by_its_path() {
        fn found(path: &str) -> Option<&'static Profile> {
            profile(&Path::new(path))
        }
        for row in data_lines(include_str!("../data/files.tsv")) {
            let kind = read_row(row).unwrap().kind;
            assert!(table::kind(kind).is_some(), "{kind}");
            let glob = row.split('\t').next().unwrap();
            let path = glob.replace("**/", "home/").replace('*', "x");
            assert!(found(&path).is_some(), "{path}");
        }
        assert_eq!(found("/root/.npmrc").unwrap().kind, "npm-basic");
        assert!(found("main.rs").is_none());
    }
}
