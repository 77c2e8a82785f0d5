//! Cases, facts, and the rules that judge them.
//!
//! A [`Case`] is one image under review: everything that was handed in about it, and the facts
//! read from that. [`check`] runs every rule over a case and gives a report. The engine does no
//! input or output and reads no clock: the same documents and the same day give the same bytes on
//! every machine.

mod accept;
mod advice;
mod amend;
mod case;
pub mod commands;
mod container;
mod context;
mod course;
mod coverage;
mod documents;
mod downloads;
mod drops;
mod excerpt;
pub mod facts;
pub mod files;
mod fix;
mod hidden;
mod in_layers;
mod json_form;
pub mod knowledge;
mod layers;
mod mend;
pub mod page;
mod purpose;
mod read;
mod recognize;
mod refreshes;
mod rule;
mod rules;
mod run_flags;
mod scripts;
mod secret_flow;
mod settings;
mod shell_rules;
mod starts;
mod suppress;
mod switched;
#[cfg(test)]
mod tests;
mod told;
mod tools;
mod walk;
mod writable;

pub use accept::{WithComments, accept};
pub use advice::advise;
pub use case::{Build, Case, Document};
pub use context::Context;
#[cfg(feature = "archives")]
pub use files::{Kept, Preview, Reading, Saved, Wanted};
pub use mend::{Mended, Mending, mend};
pub use recognize::{Content, Lacks, Part, Recognized, recognize};
pub use rule::{Rule, check, help, prose, rule_infos};
pub use rules::RULES;
pub use scripts::{Hit, Language, Linter};
pub use settings::{Settings, Switch};
pub use shell_rules::{shell_page, shell_rules};

/// Version of the engine; the page and its worker must agree on it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
