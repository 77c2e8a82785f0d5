//! The shape notation of the kind tables, and the matcher compiled from it. No general regular
//! expressions: a shape is a row of runs and literals around an anchor.

use crate::bytes::{self, Set};

/// The most steps one try of a shape may take. Real shapes take a few hundred.
const MOST_STEPS: u32 = 8_192;

/// One way a secret of a kind may look.
#[derive(Debug)]
pub(crate) struct Shape {
    parts: Vec<Part>,
    /// Which part is the anchor.
    anchor: usize,
    /// Fewest and most bytes that stand before the anchor.
    lead: (usize, usize),
}

#[derive(Debug)]
enum Part {
    Literal(Box<[u8]>),
    AnyOf(Vec<Box<[u8]>>),
    Run { set: Set, least: usize, most: usize },
}

/// What stands where the anchor stands, while a shape is compiled for it.
const ANCHOR: &str = "@";

impl Shape {
    /// Compiles a shape for an anchor. `None` says that the notation is wrong.
    #[inline(never)]
    pub(crate) fn compile(notation: &str, anchor: &[u8]) -> Option<Self> {
        let mut parts = Vec::new();
        let mut lead = None;
        let mut before = (0, 0);
        for word in notation.split(' ').filter(|it| !it.is_empty()) {
            if word == ANCHOR {
                lead = Some((parts.len(), before));
                parts.push(Part::Literal(anchor.into()));
                continue;
            }
            for part in compile_part(word)? {
                let (least, most) = part.width();
                before = (before.0 + least, before.1 + most);
                parts.push(part);
            }
        }
        let (anchor, lead) = lead.unwrap_or_default();
        Some(Self { parts, anchor, lead })
    }

    /// Matches around the anchor at `anchor`: start and end of the longest match.
    #[inline(never)]
    pub(crate) fn find(
        &self,
        hay: &[u8],
        anchor: usize,
        steps: &mut u64,
    ) -> Option<(usize, usize)> {
        let (least, most) = self.lead;
        let last = anchor.checked_sub(least)?;
        let first = anchor.saturating_sub(most);
        // The longest lead first; leads are short, and a wrong one fails at its first byte or at
        // the anchor.
        let mut left = MOST_STEPS;
        let mut starts = first..=last;
        let found =
            starts.find_map(|start| Some(start).zip(walk(&self.parts, hay, start, &mut left)));
        *steps += u64::from(MOST_STEPS - left) + 1;
        found
    }

    /// The set of the last run, which the byte after a match must not be in.
    pub(crate) fn last_set(&self) -> Set {
        match self.parts.last() {
            Some(Part::Run { set, .. }) => *set,
            Some(Part::Literal(_) | Part::AnyOf(_)) | None => Set::EMPTY,
        }
    }

    /// Whether nothing stands before the anchor.
    #[cfg(test)]
    pub(crate) fn begins_with_anchor(&self) -> bool {
        self.lead.1 == 0
    }

    /// What stands right behind the anchor; `None` if nothing has to.
    pub(crate) fn next_set(&self) -> Option<Set> {
        let behind = self.parts.iter().skip(self.anchor + 1);
        let mut out = Set::EMPTY;
        for part in behind {
            match part {
                Part::Literal(it) => return Some(out.with(bytes::slice(it, 0, 1))),
                Part::AnyOf(all) => {
                    for it in all {
                        out = out.with(bytes::slice(it, 0, 1));
                    }
                    if !all.iter().any(|it| it.is_empty()) {
                        return Some(out);
                    }
                }
                Part::Run { set, least, .. } => {
                    out = out.or(*set);
                    if *least > 0 {
                        return Some(out);
                    }
                }
            }
        }
        None
    }

    /// Builds an example, asking `pick` for one of `n` at each choice.
    #[cfg(test)]
    pub(crate) fn example(&self, pick: &mut dyn FnMut(usize) -> usize) -> Vec<u8> {
        let mut out = Vec::new();
        for part in &self.parts {
            match part {
                Part::Literal(it) => out.extend_from_slice(it),
                Part::AnyOf(all) => {
                    out.extend_from_slice(all.get(pick(all.len())).map_or(&[], |it| it));
                }
                Part::Run { set, least, most } => {
                    let members: Vec<u8> = set.bytes().filter(|it| *it > 32 || *it == 0).collect();
                    let spread = (most - least).min(8);
                    for _ in 0..least + pick(spread + 1) {
                        out.extend(members.get(pick(members.len().max(1))));
                    }
                }
            }
        }
        out
    }
}

impl Part {
    fn width(&self) -> (usize, usize) {
        match self {
            Self::Literal(it) => (it.len(), it.len()),
            Self::AnyOf(all) => {
                let lengths = || all.iter().map(|it| it.len());
                (lengths().min().unwrap_or(0), lengths().max().unwrap_or(0))
            }
            Self::Run { least, most, .. } => (*least, *most),
        }
    }
}

/// Longest match of the parts from `at`, trying shorter runs when what follows does not fit.
#[inline(never)]
fn walk(parts: &[Part], hay: &[u8], at: usize, left: &mut u32) -> Option<usize> {
    let Some((part, rest)) = parts.split_first() else { return Some(at) };
    *left = left.checked_sub(1)?;
    match part {
        Part::Literal(it) => {
            bytes::starts(hay, at, it).then(|| walk(rest, hay, at + it.len(), left))?
        }
        Part::AnyOf(all) => all.iter().find_map(|it| {
            bytes::starts(hay, at, it).then(|| walk(rest, hay, at + it.len(), left))?
        }),
        Part::Run { set, least, most } => {
            let end = bytes::run_end(hay, at, *set, *most);
            *left = left.checked_sub(u32::try_from(end - at).ok()?)?;
            let shortest = at + least;
            (shortest..=end).rev().find_map(|it| walk(rest, hay, it, left))
        }
    }
}

fn compile_part(word: &str) -> Option<Vec<Part>> {
    let one = |part: Part| Some(vec![part]);
    if let Some(rest) = word.strip_prefix('"') {
        let (literal, tail) = rest.split_once('"')?;
        let literal = literal.as_bytes();
        if tail.is_empty() {
            return one(Part::Literal(literal.into()));
        }
        // A literal of one byte may be repeated, a longer one left out.
        let (least, most) = counts(tail)?;
        let set = Set::EMPTY.with(literal);
        return match (literal.len(), least, most) {
            (1, _, _) => one(Part::Run { set, least, most }),
            (_, 0, 1) => one(Part::AnyOf(vec![literal.into(), [].into()])),
            _ => None,
        };
    }
    if let Some(rest) = word.strip_prefix('(') {
        let all = rest.strip_suffix(')')?.split('|');
        let all = all.map(|it| it.trim_matches('"').as_bytes().into());
        return one(Part::AnyOf(all.collect()));
    }
    if word == "uuid" {
        let run = |n: usize| Part::Run { set: Set::HEX, least: n, most: n };
        let dash = || Part::Literal(b"-".as_slice().into());
        return Some(vec![run(8), dash(), run(4), dash(), run(4), dash(), run(4), dash(), run(12)]);
    }
    let (set, tail) = match word.strip_prefix('[') {
        Some(rest) => {
            let (inside, tail) = rest.rsplit_once(']')?;
            (explicit_set(inside)?, tail)
        }
        None => {
            let cut = word.find('{').unwrap_or(word.len());
            let (name, tail) = word.split_at_checked(cut)?;
            (named_set(name)?, tail)
        }
    };
    let (least, most) = if tail.is_empty() { (1, 1) } else { counts(tail)? };
    one(Part::Run { set, least, most })
}

/// Reads `{n}` or `{n,m}`.
fn counts(text: &str) -> Option<(usize, usize)> {
    let inside = text.strip_prefix('{')?.strip_suffix('}')?;
    let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
    let (least, most) = (least.parse().ok()?, most.parse().ok()?);
    (least <= most).then_some((least, most))
}

fn named_set(name: &str) -> Option<Set> {
    Some(match name {
        "alnum" | "b62" => Set::ALNUM,
        "b64" => Set::BASE64,
        "b64u" => Set::BASE64_URL,
        "hex" => Set::HEX_LOWER,
        "HEX" => Set::HEX_UPPER,
        "Hex" => Set::HEX,
        "lo" | "b36" => Set::LOWER.or(Set::DIGIT),
        "up" => Set::UPPER.or(Set::DIGIT),
        "d" => Set::DIGIT,
        "w" => Set::WORD,
        "alpha" => Set::ALPHA,
        "b32" => Set::UPPER.range(b'2', b'7'),
        "b32l" => Set::LOWER.range(b'2', b'7'),
        "b58" => Set::EMPTY
            .range(b'1', b'9')
            .range(b'A', b'H')
            .range(b'J', b'N')
            .range(b'P', b'Z')
            .range(b'a', b'k')
            .range(b'm', b'z'),
        "bech" => Set::EMPTY.with(b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
        _ => return None,
    })
}

/// Reads what stands between brackets: single bytes, ranges, `\d` for digits, `\0` for NUL, and
/// a leading `^` for all but these (`\s` for white space).
fn explicit_set(inside: &str) -> Option<Set> {
    let (negated, inside) = match inside.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, inside),
    };
    let mut set = Set::EMPTY;
    let mut left = inside.as_bytes();
    while let [first, rest @ ..] = left {
        (set, left) = match (first, rest) {
            (b'\\', [b'd', rest @ ..]) => (set.or(Set::DIGIT), rest),
            (b'\\', [b's', rest @ ..]) => (set.or(Set::SPACE), rest),
            (b'\\', [b'0', rest @ ..]) => (set.with(b"\0"), rest),
            (from, [b'-', to, rest @ ..]) if from <= to => (set.range(*from, *to), rest),
            (byte, rest) => (set.with(&[*byte]), rest),
        };
    }
    Some(if negated { set.not() } else { set })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(notation: &str, anchor: &str, text: &str, expected: Option<&str>) {
        let shape = Shape::compile(notation, anchor.as_bytes()).unwrap();
        let at = text.find(anchor).unwrap();
        let found = shape.find(text.as_bytes(), at, &mut 0);
        assert_eq!(found.map(|(start, end)| &text[start..end]), expected, "{notation} in {text}");
    }

    #[test]
    fn shapes_match_around_their_anchor() {
        check("@ hex{4}", "k_", "xk_12abz", Some("k_12ab"));
        check("@ hex{4}", "k_", "k_12", None);
        check("alnum{3} @ d{1,2}", ".mid.", "qabc.mid.77", Some("abc.mid.77"));
        check(r#"("a-"|"b-") w{1,9} @ [xy]"#, "MID", "zb-123MIDy", Some("b-123MIDy"));
        check(r#"@ b64{2,9} "="{0,2}"#, ":", ":abcd==", Some(":abcd=="));
        check(r#"@ b64u{2,30} "." d{2}"#, "t-", "t-ab-cd.01", Some("t-ab-cd.01"));
        check(
            "@ uuid",
            "id ",
            "id 00000000-0000-4000-8000-000000000000.",
            Some("id 00000000-0000-4000-8000-000000000000"),
        );
        check("@ [^\\s]{2,9}", "$", "$abc d", Some("$abc"));
    }

    #[test]
    fn wrong_notation_is_refused() {
        for bad in ["nosuch{3}", "hex{3", "\"open", "[a-z{2}", "hex{3,1}"] {
            assert!(Shape::compile(bad, b"").is_none(), "{bad}");
        }
    }

    #[test]
    fn hostile_input_ends_within_the_step_limit() {
        let shape = Shape::compile("w{0,900} w{0,900} w{0,900} @ \"!\"", b"x").unwrap();
        let mut steps = 0;
        let text = vec![b'x'; 4000];
        assert_eq!(shape.find(&text, 0, &mut steps), None);
        assert!(steps <= u64::from(MOST_STEPS) * 2, "{steps}");
    }
}
