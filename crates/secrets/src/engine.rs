//! All literals and what they start; the loop over the windows of an input.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::assign;
use crate::bytes::Set;
use crate::candidates;
use crate::files;
use crate::findings::{Findings, Window};
use crate::hit::Encoding;
use crate::prefilter::{Literal, Prefilter};
use crate::shape::Shape;
use crate::structure::{self, Reader, TRIGGERS};
use crate::table::{Gate, data_lines, kinds};
use crate::vendor;

/// What to do where a literal stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Task {
    /// The kind of that number, at its anchor of that number.
    Anchor(u16, u8),
    /// The kind of that number, behind a word.
    Near(u16),
    /// A structure reader.
    Read(Reader),
    /// A name with a word for a secret.
    Name,
    /// The name of a service.
    Vendor,
}

/// Words that names of secrets have.
const NAME_WORDS: [&str; 10] =
    ["pass", "pwd", "_pw", "secret", "token", "key", "cred", "auth", "private", "access"];

fn full() -> &'static Prefilter<Task> {
    static FULL: OnceLock<Prefilter<Task>> = OnceLock::new();
    FULL.get_or_init(|| build(true))
}

fn literals_only() -> &'static Prefilter<Task> {
    static LITERALS: OnceLock<Prefilter<Task>> = OnceLock::new();
    LITERALS.get_or_init(|| build(false))
}

fn build(everything: bool) -> Prefilter<Task> {
    let mut literals: BTreeMap<(&'static str, bool), Vec<Task>> = BTreeMap::new();
    let mut add = |text: &'static str, fold: bool, task: Task| {
        let tasks = literals.entry((text, fold)).or_default();
        if !tasks.contains(&task) {
            tasks.push(task);
        }
    };
    for (number, kind) in kinds().iter().enumerate() {
        let number = u16::try_from(number).unwrap_or(u16::MAX);
        match &kind.gate {
            Gate::Literal | Gate::LiteralNear(_) => {
                for (anchor, text) in kind.anchors.iter().enumerate() {
                    add(text, false, Task::Anchor(number, u8::try_from(anchor).unwrap_or(u8::MAX)));
                }
            }
            Gate::Near(words) if everything => {
                for word in words {
                    add(lower(word), true, Task::Near(number));
                }
            }
            Gate::Near(_) | Gate::Code | Gate::File => {}
        }
    }
    if everything {
        for (text, fold, reader) in TRIGGERS {
            add(if fold { lower(text) } else { text }, fold, Task::Read(reader));
        }
        for word in NAME_WORDS {
            add(word, true, Task::Name);
        }
        let vendors = data_lines(include_str!("../data/vendors.tsv")).flat_map(|it| it.split(' '));
        for word in vendors.filter(|it| it.len() >= 4) {
            add(word, true, Task::Vendor);
        }
    }
    let literal = |((text, fold), tasks): ((&'static str, bool), Vec<Task>)| {
        let sets = tasks.iter().map(|it| next_set(*it, text));
        let next = sets.reduce(|one, other| Some(one?.or(other?))).flatten();
        Literal { text, fold, next, tasks }
    };
    Prefilter::new(literals.into_iter().map(literal).collect())
}

/// What may stand behind a literal for a task to have anything to do; `None` for anything.
fn next_set(task: Task, text: &str) -> Option<Set> {
    match task {
        Task::Anchor(kind, anchor) => {
            let shapes = kinds().get(usize::from(kind))?.shapes.get(usize::from(anchor))?;
            let sets = shapes.iter().map(Shape::next_set);
            sets.reduce(|one, other| Some(one?.or(other?))).flatten()
        }
        // A longer word with `key` in it (`keyboard`, `monkeys`) is no name of a secret, and there
        // are many of them.
        Task::Name if text == "key" => Some(Set::LOWER.not().with(b"sw")),
        Task::Name | Task::Near(_) | Task::Read(_) | Task::Vendor => None,
    }
}

/// Words of the tables are in lower case already, but for a few that are written as users see
/// them; those few are kept for the life of the process.
fn lower(text: &'static str) -> &'static str {
    if text.bytes().any(|it| it.is_ascii_uppercase()) {
        Box::leak(text.to_ascii_lowercase().into_boxed_str())
    } else {
        text
    }
}

/// The literals that the scan for literals alone looks for, for a comparison with other ways to
/// look for them.
pub fn literals() -> Vec<&'static str> {
    literals_only().texts().collect()
}

/// Scans for what starts in `range` of the window. `range` starts at an even offset.
#[inline(never)]
pub(crate) fn scan_window(window: &Window<'_>, range: Range<usize>, out: &mut Findings) {
    let prefilter = if out.literals_only { literals_only() } else { full() };
    let steps = prefilter.scan(window.bytes, range.start, range.end, &mut |literal, at| {
        for task in &literal.tasks {
            run(*task, literal.text, window, at, out);
        }
    });
    out.steps += steps;
    if out.profile.is_some() && window.wrapped.is_none() {
        files::read_rows(window, range, out);
    }
}

#[inline(never)]
fn run(task: Task, text: &'static str, window: &Window<'_>, at: usize, out: &mut Findings) {
    out.steps += 1;
    match task {
        Task::Anchor(kind, anchor) => {
            if let Some(kind) = kinds().get(usize::from(kind))
                && (out.thorough || !kind.is_identifier())
            {
                candidates::anchored(kind, usize::from(anchor), window, at, out);
            }
        }
        Task::Near(kind) => {
            if let Some(kind) = kinds().get(usize::from(kind))
                && (out.thorough || !kind.is_identifier())
            {
                candidates::near(kind, text, window, at, out);
            }
        }
        Task::Read(reader) => structure::read(reader, window, at, out),
        Task::Name => assign::read(window, at..at + text.len(), out),
        Task::Vendor => vendor::read(window, at..at + text.len(), out),
    }
}

/// Scans decoded text. Everything found in it is reported at the place of the encoded text. Text
/// inside decoded text is not decoded again.
#[inline(never)]
pub(crate) fn nested(
    window: &Window<'_>,
    span: Range<usize>,
    decoded: &[u8],
    encoding: Encoding,
    out: &mut Findings,
) {
    if window.wrapped.is_some() || decoded.is_empty() {
        return;
    }
    let place = crate::hit::Place {
        offset: window.base + u64::try_from(span.start).unwrap_or_default(),
        length: u32::try_from(span.len()).unwrap_or(u32::MAX),
    };
    let inner = Window { bytes: decoded, base: 0, wrapped: Some((place, encoding)) };
    scan_window(&inner, 0..decoded.len(), out);
}
