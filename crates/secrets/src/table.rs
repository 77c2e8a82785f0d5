//! The kinds of secret, read from the data files at first use.

use std::sync::OnceLock;

use crate::shape::Shape;
use crate::verify::Check;

/// How bad a secret of a kind is when it lies in the open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Opens an account or a system as it is.
    Critical,
    /// Opens something of weight, or a part of it.
    High,
    /// Opens little, or for a short time, or is likely but not certain.
    Medium,
    /// A test key, a default, or a weak guess.
    Low,
    /// Worth knowing, and nothing that must be rotated: look-alikes, public test keys, what is
    /// encrypted or has expired.
    Note,
}

impl Severity {
    /// The next milder one.
    pub fn milder(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium => Self::Low,
            Self::Low | Self::Note => Self::Note,
        }
    }

    fn read(letter: &str) -> Option<Self> {
        Some(match letter {
            "c" => Self::Critical,
            "h" => Self::High,
            "m" => Self::Medium,
            "l" => Self::Low,
            "n" => Self::Note,
            _ => return None,
        })
    }
}

/// What starts a try for a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Gate {
    /// An anchor.
    Literal,
    /// An anchor that has one of these words before it.
    LiteralNear(Vec<&'static str>),
    /// One of these words.
    Near(Vec<&'static str>),
    /// A structure reader.
    Code,
    /// The name of the file.
    File,
}

/// One kind of secret.
#[derive(Debug)]
pub struct Kind {
    /// Stable name in kebab case.
    pub id: &'static str,
    /// Who issues it.
    pub provider: &'static str,
    /// What it is.
    pub title: &'static str,
    /// How bad it is at most.
    pub severity: Severity,
    /// Where it is revoked or changed.
    pub rotate: &'static str,
    pub(crate) gate: Gate,
    pub(crate) anchors: Vec<&'static str>,
    /// For a literal gate: the shapes of each anchor, in the order of the anchors. For a near
    /// gate: one list.
    pub(crate) shapes: Vec<Vec<Shape>>,
    pub(crate) checks: Vec<Check>,
}

impl Kind {
    /// Whether this names something and is no secret.
    pub fn is_identifier(&self) -> bool {
        self.id.starts_with("id-")
    }
}

/// All kinds, in the order of the data files.
pub fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| rows().filter_map(read_row).collect())
}

/// The kind of that name.
#[inline(never)]
pub fn kind(id: &str) -> Option<&'static Kind> {
    static BY_ID: OnceLock<Vec<u16>> = OnceLock::new();
    let id_of = |at: u16| kinds().get(usize::from(at)).map_or("", |it| it.id);
    let order = BY_ID.get_or_init(|| {
        let mut all: Vec<u16> = (0..).take(kinds().len()).collect();
        text::order::sort_by_key(&mut all, |it| id_of(*it));
        all
    });
    let place = order.binary_search_by_key(&id, |it| id_of(*it)).ok()?;
    kinds().get(usize::from(*order.get(place)?))
}

fn rows() -> impl Iterator<Item = &'static str> {
    let files = [
        include_str!("../data/kinds-cloud.tsv"),
        include_str!("../data/kinds-services.tsv"),
        include_str!("../data/kinds-keys.tsv"),
        include_str!("../data/kinds-identifiers.tsv"),
    ];
    files.into_iter().flat_map(data_lines)
}

/// The lines of a data file without its comments.
pub(crate) fn data_lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|it| !it.starts_with("# ") && !it.is_empty())
}

fn read_row(row: &'static str) -> Option<Kind> {
    let mut columns = row.split('\t');
    let mut next = || columns.next();
    let (id, provider, title) = (next()?, next()?, next()?);
    let severity = Severity::read(next()?)?;
    let (gate, anchors, shape, checks, rotate) = (next()?, next()?, next()?, next()?, next()?);
    let words = |it: &'static str| it.split(',').collect::<Vec<_>>();
    let gate = match gate.split_once(':') {
        None => match gate {
            "lit" => Gate::Literal,
            "code" => Gate::Code,
            "file" => Gate::File,
            _ => return None,
        },
        Some(("near", list)) => Gate::Near(words(list)),
        Some(("lit+near", list)) => Gate::LiteralNear(words(list)),
        Some(_) => return None,
    };
    let anchors = if anchors == "-" { Vec::new() } else { words(anchors) };
    let shapes = match &gate {
        Gate::Literal | Gate::LiteralNear(_) => {
            anchors.iter().map(|it| compile(shape, it.as_bytes())).collect::<Option<_>>()?
        }
        Gate::Near(_) => vec![compile(shape, b"")?],
        Gate::Code | Gate::File => Vec::new(),
    };
    let checks = match &gate {
        Gate::Code | Gate::File => Vec::new(),
        Gate::Literal | Gate::LiteralNear(_) | Gate::Near(_) => words(checks)
            .into_iter()
            .filter(|it| *it != "-")
            .map(Check::read)
            .collect::<Option<_>>()?,
    };
    Some(Kind { id, provider, title, severity, rotate, gate, anchors, shapes, checks })
}

fn compile(notation: &str, anchor: &[u8]) -> Option<Vec<Shape>> {
    notation.split(" / ").map(|it| Shape::compile(it, anchor)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_read_and_every_name_is_used_once() {
        let unread: Vec<_> = rows().filter(|it| read_row(it).is_none()).collect();
        assert_eq!(unread, [""; 0]);
        let names: BTreeSet<_> = kinds().iter().map(|it| it.id).collect();
        assert_eq!(names.len(), kinds().len());
        assert!(kinds().iter().all(|it| kind(it.id).is_some_and(|found| std::ptr::eq(found, it))));
        assert!(kind("no-such-kind").is_none());
        assert!(kinds().len() >= 299, "{}", kinds().len());
    }

    #[test]
    fn every_kind_says_what_it_is_and_how_it_is_rotated() {
        for kind in kinds() {
            assert!(
                kind.id.bytes().all(|it| it.is_ascii_lowercase() || b"-0123456789".contains(&it))
            );
            assert!(!kind.title.is_empty() && kind.rotate.len() > 10, "{}", kind.id);
            assert!(!kind.provider.is_empty(), "{}", kind.id);
        }
    }

    #[test]
    fn anchors_are_long_enough_for_the_prefilter() {
        for kind in kinds() {
            let literal = matches!(kind.gate, Gate::Literal | Gate::LiteralNear(_));
            assert_eq!(literal, !kind.shapes.is_empty() && !matches!(kind.gate, Gate::Near(_)));
            for anchor in kind.anchors.iter().filter(|_| literal) {
                assert!(anchor.len() >= 3, "{} {anchor}", kind.id);
            }
        }
    }
}
