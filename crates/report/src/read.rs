//! Reads results back from JSON: what [`crate::json`] writes, and what the worker posts.
//!
//! Written over one generic value rather than derived: what serde derives is compiled anew for
//! every type, and that was a third of what a visitor downloads for the page. A test reads back
//! everything that is written, and a new field does not compile until it is read here.

use std::borrow::Cow;

use serde_json::{Map, Value};
use text::{Date, Edit, Position, SourceId, Span};

use crate::prose::{Block, Inline};
use crate::wire::{Choices, Content, Handed, SESSION, Session};
use crate::{
    Acceptance, Accepted, Advice, Advised, Answer, Applies, Aside, Confidence, Disagreement, Doubt,
    Evidence, ExcerptLine, Finding, Fix, Gap, History, HistoryStep, Incomplete, Input, Kind, Locus,
    Outcome, Place, Problem, Question, QuestionGap, Report, RuleInfo, RuleOutcome, Safety, Settle,
    Severity, Sheet, SourceInfo, State, Switched, Why,
};

/// Reads a report back from the JSON that [`crate::json`] wrote.
pub fn report(text: &str) -> Option<Report> {
    read(text)
}

/// Reads what [`Advice::to_text`] wrote.
pub fn advice(text: &str) -> Option<Advice> {
    read(text)
}

/// Reads what [`Session::to_text`] wrote.
pub fn session(text: &str) -> Option<Session> {
    if text.starts_with(SESSION) { read(text) } else { None }
}

/// Reads what stands before the findings of a [`Sheet`].
pub(crate) fn sheet(text: &str) -> Option<Sheet> {
    read(text)
}

/// Reads a finding.
pub(crate) fn finding(text: &str) -> Option<Finding> {
    read(text)
}

/// Reads the page of a rule.
pub(crate) fn blocks(text: &str) -> Option<Vec<Block>> {
    read(text)
}

/// Reads what the worker says of itself: its version and its rules.
pub(crate) fn introduction(text: &str) -> Option<(String, Vec<RuleInfo>)> {
    let Value::Object(mut map) = serde_json::from_str(text).ok()? else { return None };
    Some((field(&mut map, "version")?, field(&mut map, "rules")?))
}

fn read<T: Read>(text: &str) -> Option<T> {
    T::read(serde_json::from_str(text).ok()?)
}

/// Something that stands in JSON as one value. What is left out is null.
trait Read: Sized {
    fn read(value: Value) -> Option<Self>;
}

/// Something that stands in JSON as fields, alone or among others.
trait Fields: Sized {
    fn fields(map: &mut Map<String, Value>) -> Option<Self>;
}

impl<T: Fields> Read for T {
    fn read(value: Value) -> Option<Self> {
        let Value::Object(mut map) = value else { return None };
        T::fields(&mut map)
    }
}

fn field<T: Read>(map: &mut Map<String, Value>, name: &str) -> Option<T> {
    T::read(map.get_mut(name).map(Value::take).unwrap_or_default())
}

macro_rules! structs {
    ($($name:ident { $($field:ident),* })*) => {
        $(impl Fields for $name {
            fn fields(map: &mut Map<String, Value>) -> Option<Self> {
                Some(Self { $($field: field(map, stringify!($field))?),* })
            }
        })*
    };
}

structs! {
    Answer { question, state, sentence, findings, accepted, settle }
    Aside { message, place, rule, by }
    Acceptance { place, form, reason, until }
    Accepted { finding, by }
    Advice { options, run, compose, kubernetes, open }
    Advised { flag, because, known }
    Choices { picks, target, settings, context }
    Disagreement { message, places }
    Doubt { message, questions, rules, place, places, settle }
    Edit { span, with }
    Evidence { place, note }
    ExcerptLine { line, text, mark }
    Finding { place, message, confidence, related, fix, in_base }
    Fix { title, source, edits, safety }
    Gap { place, why }
    Handed { name, taken_for, content }
    History { source, base, because, base_name, steps, built_from }
    HistoryStep { text, place, size, is_cut, line }
    Incomplete { what, input, command }
    Outcome { findings, gaps, cleared, accepted }
    Position { line, column }
    Problem { source, place, message, remedy, choices }
    Session { documents, choices }
    RuleInfo { id, title, question, severity, applies, aka }
    Settle { input, label, command }
    SourceInfo { name, kind, bytes, lines, of }
    Switched { rule, on, reason }
}

macro_rules! words {
    ($($name:ident { $($word:literal => $variant:ident),* })*) => {
        $(impl Read for $name {
            fn read(value: Value) -> Option<Self> {
                match value.as_str()? {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        })*
    };
}

words! {
    Applies { "build" => Build, "image" => Image, "registry" => Registry, "host" => Host }
    Input {
        "run" => Run, "config" => Config, "history" => History, "dockerfile" => Dockerfile,
        "layers" => Layers, "context" => Context, "catalogue" => Catalogue
    }
    Kind {
        "dockerfile" => Dockerfile, "history" => History, "image-inspect" => ImageInspect,
        "image-config" => ImageConfig, "manifest" => Manifest,
        "container-inspect" => ContainerInspect, "run-line" => RunLine, "compose" => Compose,
        "kubernetes" => Kubernetes, "scan-report" => ScanReport, "sbom" => Sbom, "saved-image" => SavedImage,
        "attestation" => Attestation, "unrecognized" => Unrecognized
    }
    Question { "write" => Write, "root" => Root, "secrets" => Secrets, "tools" => Tools }
    Safety { "safe" => Safe, "review" => Review }
    State {
        "fails" => Fails, "fails-incomplete" => FailsIncomplete, "unknown" => Unknown,
        "accepted" => Accepted, "passes" => Passes, "moot" => Moot
    }
    Severity { "high" => High, "medium" => Medium, "low" => Low, "note" => Note }
}

impl Read for Confidence {
    fn read(value: Value) -> Option<Self> {
        match value.as_str() {
            None | Some("certain") => Some(Self::Certain),
            Some("likely") => Some(Self::Likely),
            Some(_) => None,
        }
    }
}

impl Fields for Place {
    fn fields(map: &mut Map<String, Value>) -> Option<Self> {
        let at = match field(map, "source")? {
            Some(source) => Locus::Text { source, span: field(map, "span")? },
            None => Locus::Layer {
                layer: field(map, "layer")?,
                path: field(map, "path")?,
                span: field(map, "span")?,
            },
        };
        let (start, end) = (field(map, "start")?, field(map, "end")?);
        Some(Self { at, start, end, excerpt: field(map, "excerpt")? })
    }
}

impl Fields for Why {
    fn fields(map: &mut Map<String, Value>) -> Option<Self> {
        let kind: String = field(map, "kind")?;
        match &*kind {
            "not-provided" => field(map, "subject").map(Self::NotProvided),
            "base-image" => field(map, "subject").map(Self::BaseImage),
            "build-arg" => field(map, "subject").map(Self::BuildArg),
            "unreadable" => field(map, "subject").map(Self::Unreadable),
            "limit" => field(map, "subject").map(Self::Limit),
            "incomplete" => field(map, "subject").map(|it| Self::Incomplete(Box::new(it))),
            _ => None,
        }
    }
}

impl Fields for RuleOutcome {
    fn fields(map: &mut Map<String, Value>) -> Option<Self> {
        Some(Self { rule: Fields::fields(map)?, outcome: Fields::fields(map)? })
    }
}

impl Fields for QuestionGap {
    fn fields(map: &mut Map<String, Value>) -> Option<Self> {
        Some(Self { question: field(map, "question")?, gap: Fields::fields(map)? })
    }
}

impl Fields for Report {
    fn fields(map: &mut Map<String, Value>) -> Option<Self> {
        let Value::Object(tool) = &mut map.get_mut("tool")?.take() else { return None };
        Some(Self {
            version: field(tool, "version")?,
            today: field(map, "today")?,
            facts: field(tool, "facts")?,
            sources: field(map, "sources")?,
            read: field(map, "read")?,
            problems: field(map, "problems")?,
            rules: field(map, "rules_run")?,
            switched: field(map, "switched")?,
            outcomes: field(map, "rules")?,
            unexamined: field(map, "unexamined")?,
            disagreements: field(map, "disagreements")?,
            history: field(map, "history")?,
            writable: field(map, "writable")?,
        })
    }
}

impl Fields for Sheet {
    fn fields(map: &mut Map<String, Value>) -> Option<Self> {
        let answers: Vec<Answer> = field(map, "answers")?;
        Some(Self {
            headline: field(map, "headline")?,
            examined: field(map, "examined")?,
            answers: answers.try_into().ok()?,
            read: field(map, "read")?,
            sources: field(map, "sources")?,
            problems: field(map, "problems")?,
            rules: field(map, "rules")?,
            doubts: field(map, "doubts")?,
            accepted: field(map, "accepted")?,
            cleared: field(map, "cleared")?,
            disagreements: field(map, "disagreements")?,
            history: field(map, "history")?,
            writable: field(map, "writable")?,
            findings: Vec::new(),
            text: String::new(),
        })
    }
}

impl Read for Content {
    fn read(value: Value) -> Option<Self> {
        let (name, value) = variant(value)?;
        match &*name {
            "text" => Read::read(value).map(Self::Text),
            "file" => Read::read(value).map(Self::File),
            _ => None,
        }
    }
}

/// An enum value as serde writes it: its name, and what it holds.
fn variant(value: Value) -> Option<(String, Value)> {
    let Value::Object(map) = value else { return None };
    map.into_iter().next()
}

impl Read for Block {
    fn read(value: Value) -> Option<Self> {
        let (name, value) = variant(value)?;
        match &*name {
            "heading" => Read::read(value).map(|(level, text)| Self::Heading(level, text)),
            "paragraph" => Read::read(value).map(Self::Paragraph),
            "list" => Read::read(value).map(Self::List),
            "code" => Read::read(value).map(|(language, text)| Self::Code(language, text)),
            _ => None,
        }
    }
}

impl Read for Inline {
    fn read(value: Value) -> Option<Self> {
        let (name, value) = variant(value)?;
        match &*name {
            "text" => Read::read(value).map(Self::Text),
            "code" => Read::read(value).map(Self::Code),
            "emphasis" => Read::read(value).map(Self::Emphasis),
            "strong" => Read::read(value).map(Self::Strong),
            "link" => Read::read(value).map(|(text, address)| Self::Link(text, address)),
            _ => None,
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::new()),
            Value::Array(items) => items.into_iter().map(T::read).collect(),
            _ => None,
        }
    }
}

impl<A: Read, B: Read> Read for (A, B) {
    fn read(value: Value) -> Option<Self> {
        let Value::Array(items) = value else { return None };
        let [a, b] = <[Value; 2]>::try_from(items).ok()?;
        Some((A::read(a)?, B::read(b)?))
    }
}

impl Read for String {
    fn read(value: Value) -> Option<Self> {
        match value {
            Value::String(it) => Some(it),
            _ => None,
        }
    }
}

impl Read for Box<str> {
    fn read(value: Value) -> Option<Self> {
        String::read(value).map(Self::from)
    }
}

impl Read for Cow<'static, str> {
    fn read(value: Value) -> Option<Self> {
        String::read(value).map(Self::Owned)
    }
}

/// A flag that is left out is not set.
impl Read for bool {
    fn read(value: Value) -> Option<Self> {
        if value.is_null() { Some(false) } else { value.as_bool() }
    }
}

impl Read for u64 {
    fn read(value: Value) -> Option<Self> {
        value.as_u64()
    }
}

macro_rules! numbers {
    ($($name:ident)*) => {
        $(impl Read for $name {
            fn read(value: Value) -> Option<Self> {
                value.as_u64()?.try_into().ok()
            }
        })*
    };
}

numbers! { u8 u16 u32 usize }

impl Read for SourceId {
    fn read(value: Value) -> Option<Self> {
        u16::read(value).map(Self)
    }
}

impl Read for Span {
    fn read(value: Value) -> Option<Self> {
        <(u32, u32)>::read(value).map(Self::from)
    }
}

impl Read for Date {
    fn read(value: Value) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

#[cfg(test)]
mod schema;
#[cfg(test)]
pub(crate) mod tests;
