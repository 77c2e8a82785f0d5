//! The vocabulary of results: what every shell needs to show, and nothing else.
//!
//! A [`Report`] is what the engine says about one case. It holds findings, gaps and clearances;
//! verdicts and the four answers are derived from them ([`Outcome::verdict`], [`answers`]) and
//! never stored. The renderers turn a report into text for people and JSON for programs, the same
//! bytes from the command line and from the browser.
//!
//! This crate knows no rule and no parser.

mod advice;
mod answer;
#[cfg(feature = "exports")]
mod baseline;
mod browse;
mod compare;
mod finding;
mod gap;
mod history;
pub mod link;
mod outcome;
mod place;
pub mod prose;
mod quote;
pub mod read;
mod render;
mod rule_info;
mod sheet;
mod source_info;
pub mod wire;

pub use advice::{Advice, Advised};
pub use answer::{Answer, State, answers, headline, sentence};
#[cfg(feature = "exports")]
pub use baseline::Baseline;
pub use compare::{Change, Compared, Comparison, compare, compare_texts};
pub use finding::{Acceptance, Accepted, Confidence, Evidence, Finding, Fix, Safety};
pub use gap::{Gap, Incomplete, Settle, Why};
pub use history::{Disagreement, History, HistoryStep, size};
pub use outcome::{Outcome, QuestionGap, Report, RuleOutcome, Switched, Verdict};
pub use place::{ExcerptLine, Locus, Place};
pub use quote::{Piece, pieces, quote};
#[cfg(feature = "exports")]
pub use render::exports::{
    Context, checkstyle, github, gitlab, html, junit, rdjson, sarif, summary,
};
pub use render::{Style, examined, json, markdown, place_name, plain};
pub use rule_info::{Applies, Question, RuleInfo, Severity};
pub use sheet::{Aside, Doubt, Listed, MOST, Sheet};
pub use source_info::{Input, Kind, Problem, SourceInfo};
