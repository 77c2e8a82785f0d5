//! A secret is written out.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::{SourceId, Span};

use crate::facts::{Secret, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "hardcoded-secret-value",
    title: "A secret is written out",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::History],
    aka: &["a88baa34", "S6437", "secrets-in-code"],
    doc: page!("hardcoded_secret_value.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for source in case.searched.iter().copied() {
        if !case.facts.secrets.iter().any(|it| is_in(it, source)) {
            let at = Locus::Text { source, span: Span::default() };
            out.clear(&at, "no token or key of a known kind is written here");
        }
    }
    let mut found: Vec<(&Secret, Vec<&Seen<Secret>>)> = Vec::new();
    for seen in &case.facts.secrets {
        let Ok(it) = &seen.value else { continue };
        match found.iter_mut().find(|(first, _)| first.fingerprint == it.fingerprint) {
            Some((_, places)) => places.push(seen),
            None => found.push((it, vec![seen])),
        }
    }
    for (it, places) in found {
        let Some((first, rest)) = places.split_first() else { continue };
        let message = format!("{} {} is written out here", it.title, quote(&it.masked));
        let finding = out.fail(&first.at, message);
        for other in rest {
            finding.related(&other.at, "and here");
        }
    }
}

fn is_in(seen: &Seen<Secret>, source: SourceId) -> bool {
    matches!(seen.at, Locus::Text { source: of, .. } if of == source)
}
