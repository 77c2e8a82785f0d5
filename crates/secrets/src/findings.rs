//! Where candidates become hits: filters, severity, masking, and the choice among overlapping
//! ones. The only place that handles a value and makes a `Hit` of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use text::Date;

use crate::bytes::{self, Set};
use crate::files::Profile;
use crate::hit::{Confidence, Encoding, Fact, Hit, Place, Verification};
use crate::mask;
use crate::path::{Hints, Path};
use crate::placeholder::{self, Example};
use crate::scanner::Options;
use crate::scrub::{MOST_BYTES, Scrubber};
use crate::structure::Reader;
use crate::table::{Kind, Severity, data_lines};
use crate::verify::Check;

/// Most hits of one scan. A file that has more is made of them.
const MOST_HITS: usize = 20_000;

/// The bytes that are looked at, and where they lie.
#[derive(Clone, Copy)]
pub(crate) struct Window<'a> {
    pub(crate) bytes: &'a [u8],
    /// Offset of the first byte in the whole input.
    pub(crate) base: u64,
    /// For decoded text: the place of the encoded text, and how it was encoded.
    pub(crate) wrapped: Option<(Place, Encoding)>,
}

impl Window<'_> {
    fn place(&self, range: &Range<usize>) -> Place {
        match self.wrapped {
            Some((place, _)) => place,
            None => Place {
                offset: self.base + u64::try_from(range.start).unwrap_or_default(),
                length: u32::try_from(range.len()).unwrap_or(u32::MAX),
            },
        }
    }
}

/// How specific the way was by which a candidate was found: the more specific one wins where two
/// overlap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Rank {
    Guess,
    Vendor,
    Near,
    Header,
    Form,
    Structure,
    Checksum,
}

/// Something that looks like a secret.
pub(crate) struct Candidate<'a> {
    pub(crate) kind: &'static Kind,
    pub(crate) rank: Rank,
    /// The secret with its public prefix.
    pub(crate) span: Range<usize>,
    /// Bytes of public prefix.
    pub(crate) prefix: usize,
    pub(crate) verification: Verification,
    pub(crate) severity: Severity,
    pub(crate) confidence: Confidence,
    /// Masked by a length bucket only.
    pub(crate) password: bool,
    pub(crate) facts: Vec<Fact>,
    pub(crate) name: Option<&'a [u8]>,
    /// Decoded or otherwise derived values that must be hidden too.
    pub(crate) derived: Vec<Vec<u8>>,
}

impl Candidate<'_> {
    #[inline(never)]
    pub(crate) fn new(kind: &'static Kind, rank: Rank, span: Range<usize>) -> Self {
        Self {
            kind,
            rank,
            span,
            prefix: 0,
            verification: Verification::Form,
            severity: kind.severity,
            confidence: Confidence::Certain,
            password: false,
            facts: Vec::new(),
            name: None,
            derived: Vec::new(),
        }
    }

    #[inline(never)]
    pub(crate) fn fact(&mut self, name: &'static str, value: &[u8]) {
        let value = String::from_utf8_lossy(bytes::slice(value, 0, 100));
        let clean = |it: char| if it.is_control() { ' ' } else { it };
        self.facts.push(Fact { name, value: value.chars().map(clean).collect() });
    }
}

/// A value to be hidden, and what is shown instead.
struct Value {
    bytes: Vec<u8>,
    mask: String,
    /// A person may have chosen it.
    password: bool,
}

/// Everything a scan has found so far.
pub(crate) struct Findings {
    pub(crate) today: Date,
    key: [u8; 32],
    pub(crate) hints: Hints,
    pub(crate) profile: Option<&'static Profile>,
    /// Work done, in looks at a byte or a table entry.
    pub(crate) steps: u64,
    pub(crate) literals_only: bool,
    pub(crate) thorough: bool,
    hits: Vec<(Rank, Hit, Vec<Value>)>,
    /// Bytes of the values that are held with them.
    held: usize,
    /// Up to which offset a structure reader has read already.
    claims: BTreeMap<Reader, u64>,
    /// Hits that were not kept because there were too many.
    pub(crate) dropped: u64,
}

impl Findings {
    pub(crate) fn new(options: &Options, path: Option<&str>) -> Self {
        let path = path.map(Path::new);
        Self {
            today: options.today,
            key: options.key,
            hints: path.as_ref().map(Hints::of).unwrap_or_default(),
            profile: path.as_ref().and_then(crate::files::profile),
            steps: 0,
            literals_only: options.literals_only,
            thorough: options.thorough,
            hits: Vec::new(),
            held: 0,
            claims: BTreeMap::new(),
            dropped: 0,
        }
    }

    /// Whether `reader` has not read over `at` yet. A reader that looks far claims what it read,
    /// so that a row of triggers costs no more than one.
    pub(crate) fn may_read(&self, window: &Window<'_>, reader: Reader, at: usize) -> bool {
        let offset = window.base + u64::try_from(at).unwrap_or_default();
        window.wrapped.is_some() || self.claims.get(&reader).is_none_or(|it| offset >= *it)
    }

    /// Notes that `reader` has read up to `end`.
    pub(crate) fn claim(&mut self, window: &Window<'_>, reader: Reader, end: usize) {
        if window.wrapped.is_none() {
            let end = window.base + u64::try_from(end).unwrap_or_default();
            self.claims.insert(reader, end);
        }
    }

    /// Takes a candidate in.
    #[inline(never)]
    pub(crate) fn report(&mut self, window: &Window<'_>, mut it: Candidate<'_>) {
        if self.hits.len() >= MOST_HITS || self.held >= MOST_BYTES {
            self.dropped += 1;
            return;
        }
        let value = bytes::slice(window.bytes, it.span.start, it.span.end);
        let body = bytes::slice(value, it.prefix, value.len());
        self.steps += u64::try_from(value.len()).unwrap_or_default();
        if value.is_empty() {
            return;
        }
        filter_examples(&mut it, body);
        settle_severity(&mut it);
        if let Some(kind) = self.profile.and_then(|profile| profile.relabel(it.kind.id)) {
            it.kind = kind;
        }
        let allowed = is_allowed(window.bytes, &it.span);
        if self.hints.fixture {
            it.severity = it.severity.milder();
        }
        let hide = it.span.start + it.prefix..it.span.end;
        let prefix = bytes::slice(value, 0, it.prefix);
        let masked = mask::masked(prefix, value.len(), it.password);
        let values = values_of(&it, body, value.len());
        self.held += values.iter().map(|it| it.bytes.len()).sum::<usize>();
        it.facts.retain(|fact| {
            !shares_piece(fact.value.as_bytes(), body)
                && it.derived.iter().all(|derived| !shares_piece(fact.value.as_bytes(), derived))
        });
        let name = it
            .name
            .filter(|name| !shares_piece(name, body))
            .map(|name| String::from_utf8_lossy(bytes::slice(name, 0, 80)).into_owned());
        let hit = Hit {
            kind: it.kind,
            severity: it.severity,
            confidence: it.confidence,
            verification: it.verification,
            place: window.place(&it.span),
            hide: window.place(&hide),
            masked,
            fingerprint: mask::fingerprint(&self.key, it.kind, value),
            facts: it.facts,
            encoding: window.wrapped.map(|it| it.1),
            name,
            allowed,
            fixture: self.hints.fixture,
        };
        self.hits.push((it.rank, hit, values));
    }

    /// The hits by place, the most specific one where several overlap.
    #[inline(never)]
    pub(crate) fn finish(self) -> (Vec<Hit>, Scrubber) {
        let mut hits = self.hits;
        text::order::sort_by(&mut hits, |(rank, hit, _), (other_rank, other, _)| {
            let weight =
                |rank: &Rank, hit: &Hit| (*rank, hit.place.length, std::cmp::Reverse(hit.severity));
            weight(other_rank, other)
                .cmp(&weight(rank, hit))
                .then(hit.place.offset.cmp(&other.place.offset))
                .then(hit.kind.id.cmp(other.kind.id))
        });
        let mut kept: BTreeMap<u64, (Hit, Vec<Value>)> = BTreeMap::new();
        for (_, hit, values) in hits {
            let before = kept.range(..hit.place.end()).next_back();
            if before.is_none_or(|(_, (it, _))| !it.place.overlaps(hit.place)) {
                kept.insert(hit.place.offset, (hit, values));
            }
        }
        if !self.thorough {
            kept.retain(|_, (it, _)| !is_idle(it));
        }
        // What is not reported is no secret, and may stand in a sentence.
        let mut scrubber = Scrubber::new();
        let mut hits = Vec::with_capacity(kept.len());
        for (hit, values) in kept.into_values() {
            for it in values {
                scrubber.add(&it.bytes, &it.mask, it.password);
            }
            hits.push(hit);
        }
        (hits, scrubber)
    }
}

/// What has to be hidden of a candidate. A word that everybody knows is hidden where it stands and
/// nowhere else.
fn values_of(it: &Candidate<'_>, body: &[u8], length: usize) -> Vec<Value> {
    if matches!(it.verification, Verification::Example(Example::Word) | Verification::DefaultLogin)
        && placeholder::is_whole_word(body)
    {
        return Vec::new();
    }
    let mask = mask::masked(b"", length, it.password);
    // The end of a PEM block names the kind again.
    let end = bytes::find(body, b"-----END").unwrap_or(body.len());
    let own = [bytes::slice(body, 0, end)];
    let all = own.into_iter().chain(it.derived.iter().map(Vec::as_slice));
    let value = |it: &[u8], password| Value { bytes: it.to_vec(), mask: mask.clone(), password };
    all.map(|bytes| value(bytes, it.password || it.rank == Rank::Guess)).collect()
}

/// Whether a hit is a note that nobody has to act upon.
fn is_idle(hit: &Hit) -> bool {
    let weak = matches!(
        hit.verification,
        Verification::Example(_) | Verification::Guess | Verification::Form | Verification::Public
    );
    let real = hit.fixture && hit.verification == Verification::Form;
    hit.severity == Severity::Note && weak && !real
}

fn filter_examples(it: &mut Candidate<'_>, body: &[u8]) {
    let settled = matches!(
        it.verification,
        Verification::Checksum
            | Verification::PublicTestKey
            | Verification::Expired(_)
            | Verification::Example(_)
            | Verification::DefaultLogin
            | Verification::Public
            | Verification::Encrypted
    );
    if settled {
        return;
    }
    if is_documented(body) {
        it.verification = Verification::Example(Example::Documentation);
        return;
    }
    if it.password {
        return;
    }
    if let Some(why) = placeholder::example(body) {
        it.verification = Verification::Example(why);
    }
}

/// Whether a provider's documentation prints the value.
fn is_documented(body: &[u8]) -> bool {
    static DIGESTS: OnceLock<Vec<u64>> = OnceLock::new();
    let digests = DIGESTS.get_or_init(|| {
        let rows = data_lines(include_str!("../data/documented.tsv"));
        rows.filter_map(|it| u64::from_str_radix(it.get(..16)?, 16).ok()).collect()
    });
    let digest = Sha256::digest(body);
    let head = digest.first_chunk::<8>().map(|it| u64::from_be_bytes(*it));
    head.is_some_and(|it| digests.contains(&it))
}

fn settle_severity(it: &mut Candidate<'_>) {
    it.severity = match it.verification {
        Verification::ChecksumFails
        | Verification::Example(
            Example::Word | Example::Repeat | Example::Sequence | Example::Documentation,
        )
        | Verification::PublicTestKey
        | Verification::Public
        | Verification::Expired(_) => Severity::Note,
        Verification::DefaultLogin => it.severity.max(Severity::Low),
        Verification::Encrypted => it.severity.max(Severity::Medium),
        Verification::Checksum
        | Verification::Structure
        | Verification::Form
        | Verification::Guess => it.severity,
    };
    if it.kind.checks.contains(&Check::Note) {
        it.severity = Severity::Note;
        it.verification = Verification::Public;
    }
}

/// Whether the line of the secret asks to leave it out.
#[inline(never)]
fn is_allowed(hay: &[u8], span: &Range<usize>) -> bool {
    const MARKS: [&str; 6] = [
        "gitleaks:allow",
        "betterleaks:allow",
        "trufflehog:ignore",
        "pragma: allowlist secret",
        "plimsoll:allow",
        "nosec",
    ];
    let (start, end) = bytes::line(hay, span.end.min(hay.len()), 300);
    bytes::holds_any(bytes::slice(hay, start, end), &MARKS, false)
}

/// Whether two texts share five bytes in a row: then one may not be shown beside the other.
fn shares_piece(text: &[u8], body: &[u8]) -> bool {
    const PIECE: usize = 5;
    if body.len() < PIECE {
        return bytes::find(text, body).is_some();
    }
    text.windows(PIECE).any(|it| bytes::find(body, it).is_some())
}

/// Whether a token may start at `at`: what stands before is no part of it.
pub(crate) fn starts_clean(hay: &[u8], at: usize, tight: bool) -> bool {
    let Some(before) = bytes::before(hay, at) else { return true };
    let set = if tight { Set::ALNUM.with(b"-_./+") } else { Set::ALNUM };
    !set.has(before) || is_escape_end(hay, at)
}

/// Whether an escape ends at `at`: `\n` and its like, `%3D`, `\x3d`, `\u003d`.
fn is_escape_end(hay: &[u8], at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|it| bytes::at(hay, it));
    let hex = |n: usize| back(n).is_some_and(|it| it.is_ascii_hexdigit());
    back(2) == Some(b'\\') && back(1).is_some_and(|it| b"nrtbf0".contains(&it))
        || back(3) == Some(b'%')
            && hex(1)
            && hex(2)
            && back(2).is_some_and(|it| it.is_ascii_digit())
        || back(4) == Some(b'\\') && back(3) == Some(b'x')
        || back(6) == Some(b'\\') && back(5) == Some(b'u')
}

/// Whether a token may end at `at`.
pub(crate) fn ends_clean(hay: &[u8], at: usize, last: Set) -> bool {
    bytes::at(hay, at).is_none_or(|it| !last.or(Set::WORD).has(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_start_after_escapes_and_not_inside_words() {
        assert!(starts_clean(b"=x", 1, true) && !starts_clean(b"ax", 1, false));
        assert!(starts_clean(b"a\\nx", 3, true) && starts_clean(b"a%3Dx", 4, true));
        assert!(starts_clean(b"\\u003dx", 6, false) && !starts_clean(b"-x", 1, true));
    }

    #[test]
    fn facts_that_share_a_piece_are_seen() {
        assert!(shares_piece(b"the admin user", b"admin123"));
        assert!(!shares_piece(b"the user", b"admin123"));
        assert!(shares_piece(b"abc", b"abc"));
    }
}
