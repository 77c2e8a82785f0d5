//! Comments in a Dockerfile that accept findings: our own form, and those of other tools.
//!
//! An accepted finding stays in the report, with the comment that accepted it: nothing is silently
//! swallowed.

mod forms;

use report::{Acceptance, Accepted, Finding, Input, Locus, Outcome};
use text::{Date, Span};

use crate::case::Build;
use crate::shell_rules::names_code;
use crate::{Case, Rule};
use forms::{All, OWN, Said, Scope};

/// A comment that accepts findings.
struct Pragma {
    /// Where it stands.
    place: Locus,
    /// Where the findings stand that it accepts.
    covers: Locus,
    said: Said,
}

/// BuildKit's checks, Dockerfile frontend 1.26: what `skip=all` stands for.
const BUILDKIT: [&str; 22] = [
    "ConsistentInstructionCasing",
    "CopyIgnoredFile",
    "DuplicateStageName",
    "ExposeInvalidFormat",
    "ExposeProtoCasing",
    "FromAsCasing",
    "FromPlatformFlagConstDisallowed",
    "InvalidBaseImagePlatform",
    "InvalidDefaultArgInFrom",
    "InvalidDefinitionDescription",
    "JSONArgsRecommended",
    "LegacyKeyValueFormat",
    "MaintainerDeprecated",
    "MultipleInstructionsDisallowed",
    "NoEmptyContinuation",
    "RedundantTargetPlatform",
    "ReservedStageName",
    "SecretsUsedInArgOrEnv",
    "StageNameCasing",
    "UndefinedArgInFrom",
    "UndefinedVar",
    "WorkdirRelativePath",
];

/// The rule under which comments without effect are reported.
const INEFFECTIVE: &str = "ineffective-ignore";

/// Moves accepted findings out of the way, and reports comments that accept nothing.
pub(crate) fn apply(case: &Case, outcomes: &mut [(&'static Rule, Outcome)]) {
    // What looks like a comment in a history was written by us.
    let files = case.builds.iter().filter(|it| it.input == Input::Dockerfile);
    let pragmas: Vec<Pragma> = files.flat_map(|it| pragmas(it, case)).collect();
    if pragmas.is_empty() {
        return;
    }
    let mut used = vec![false; pragmas.len()];
    for (rule, outcome) in outcomes.iter_mut().filter(|(rule, _)| rule.id != INEFFECTIVE) {
        for finding in std::mem::take(&mut outcome.findings) {
            let accepts = |one: &Pragma| one.accepts(rule, &finding, case.today);
            match pragmas.iter().position(accepts) {
                Some(index) => {
                    used.iter_mut().skip(index).take(1).for_each(|it| *it = true);
                    let by = pragmas.get(index).map(Pragma::acceptance);
                    outcome.accepted.extend(by.map(|by| Accepted { finding, by }));
                }
                None => outcome.findings.push(finding),
            }
        }
    }
    let without_effect: Vec<(&Pragma, String, Option<Locus>)> = pragmas
        .iter()
        .zip(used)
        .filter_map(|(it, used)| {
            let trouble = it.trouble(used, case)?;
            Some((it, trouble, it.elsewhere(outcomes)))
        })
        .collect();
    let own = outcomes.iter_mut().find(|(rule, _)| rule.id == INEFFECTIVE);
    let Some((_, own)) = own else { return };
    for (pragma, trouble, elsewhere) in without_effect {
        let finding = own.fail(&pragma.place, trouble);
        if let Some(at) = elsewhere {
            finding.related(&at, "what it names is found here");
        }
    }
}

impl Pragma {
    fn accepts(&self, rule: &Rule, finding: &Finding, today: Date) -> bool {
        let counts = self.said.fault.is_none() && self.said.until.is_none_or(|it| it >= today);
        if !counts || !self.covers(&finding.place.at) {
            return false;
        }
        let is_theirs = |name: &&str| match self.said.all {
            None => false,
            Some(All::BuildKit) => BUILDKIT.contains(name),
            Some(All::Kics) => forms::is_kics(name),
            Some(All::ShellCheck) => names_code(name),
        };
        self.said.names.iter().any(|it| rule.is_named(it)) || rule.aka.iter().any(is_theirs)
    }

    /// Why it has no effect, if it has none.
    fn trouble(&self, used: bool, case: &Case) -> Option<String> {
        let Said { form, names, .. } = &self.said;
        if let Some(fault) = &self.said.fault {
            return Some(fault.clone());
        }
        if let Some(until) = self.said.until.filter(|it| *it < case.today) {
            return Some(format!("this ignore comment ended on {until}"));
        }
        // What only the pack for shell scripts finds says nothing where that is not there.
        let needs_pack = case.settings.shell.is_none() && names.iter().any(|it| names_code(it));
        let unused = !used && *form == OWN && !needs_pack;
        unused.then(|| "this ignore comment accepts nothing".to_owned())
    }

    /// Where a finding stands that it names and does not cover: a finding is not always found
    /// where its remedy would stand.
    fn elsewhere(&self, outcomes: &[(&'static Rule, Outcome)]) -> Option<Locus> {
        let named = |rule: &Rule| self.said.names.iter().any(|name| rule.is_named(name));
        let outcomes = outcomes.iter().filter(|(rule, _)| named(rule));
        let findings = outcomes.flat_map(|(_, it)| &it.findings);
        let mut places = findings.map(|it| &it.place.at).filter(|at| !self.covers(at));
        places.find(|at| is_same_source(at, &self.place)).cloned()
    }

    fn covers(&self, at: &Locus) -> bool {
        match (&self.covers, at) {
            (Locus::Text { source, span }, Locus::Text { source: of, span: place }) => {
                source == of && span.contains(Span::at(place.start()))
            }
            _ => false,
        }
    }

    fn acceptance(&self) -> Acceptance {
        Acceptance {
            place: (&self.place).into(),
            form: self.said.form.into(),
            reason: self.said.reason.clone(),
            until: self.said.until,
        }
    }
}

fn is_same_source(a: &Locus, b: &Locus) -> bool {
    matches!((a, b), (Locus::Text { source: a, .. }, Locus::Text { source: b, .. }) if a == b)
}

fn pragmas(build: &Build, case: &Case) -> Vec<Pragma> {
    let text = case.text(build.source);
    let whole = Locus::Text { source: build.source, span: Span::of(0..text.len()) };
    let mut found = Vec::new();
    let mut waiting: Vec<Span> = Vec::new();
    let mut add = |comment: Span, next: Option<Span>| {
        let span = trimmed(text, comment);
        let line = text.get(span.range()).unwrap_or_default();
        let Some(said) = forms::read(line) else { return };
        if case.settings.own_ignores_only && said.form != OWN {
            return;
        }
        let place = Locus::Text { source: build.source, span };
        let covers = match (said.scope, next) {
            (Scope::File, _) => whole.clone(),
            (Scope::Next, Some(span)) => Locus::Text { source: build.source, span },
            // Below the last instruction a comment covers nothing.
            (Scope::Next, None) => Locus::Text { source: build.source, span: Span::default() },
        };
        found.push(Pragma { place, covers, said });
    };
    for piece in &build.dockerfile.pieces {
        match piece {
            dockerfile::Piece::Comment(span) => waiting.push(*span),
            dockerfile::Piece::Directive(it) => add(it.span, None),
            dockerfile::Piece::Instruction(it) => {
                for comment in waiting.drain(..).chain(it.comments.iter().copied()) {
                    add(comment, Some(it.span));
                }
            }
            dockerfile::Piece::Mark(_) | dockerfile::Piece::Blank(_) => {}
        }
    }
    for comment in waiting {
        add(comment, None);
    }
    found
}

/// The comment without its line end.
fn trimmed(text: &str, comment: Span) -> Span {
    let line = text.get(comment.range()).unwrap_or_default();
    let start = comment.start() as usize + (line.len() - line.trim_start().len());
    Span::of(start..start + line.trim().len())
}
