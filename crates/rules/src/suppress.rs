//! Comments in a Dockerfile that accept findings: our own form, hadolint's, BuildKit's and
//! ShellCheck's.
//!
//! An accepted finding stays in the report, with the comment that accepted it: nothing is silently
//! swallowed.

use report::{Acceptance, Accepted, Finding, Input, Locus, Outcome, quote};
use text::{Date, Span};

use crate::case::Build;
use crate::shell_rules::names_code;
use crate::{Case, RULES, Rule, shell_rules};

/// A comment that accepts findings.
struct Pragma {
    /// Where it stands.
    place: Locus,
    /// Where the findings stand that it accepts.
    covers: Locus,
    form: &'static str,
    /// The rules it names, as written.
    names: Vec<String>,
    /// Whether it names all of BuildKit's checks.
    all_of_buildkit: bool,
    /// Whether it names all codes of ShellCheck.
    all_of_shell: bool,
    reason: Option<String>,
    until: Option<Date>,
    /// What is wrong with the comment itself.
    fault: Option<String>,
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
        let counts = self.fault.is_none() && self.until.is_none_or(|it| it >= today);
        if !counts || !self.covers(&finding.place.at) {
            return false;
        }
        let buildkit = || rule.aka.iter().any(|it| BUILDKIT.contains(it));
        let named = self.names.iter().any(|it| rule.is_named(it));
        let shell = || rule.aka.iter().any(|it| names_code(it));
        named || (self.all_of_buildkit && buildkit()) || (self.all_of_shell && shell())
    }

    /// Why it has no effect, if it has none.
    fn trouble(&self, used: bool, case: &Case) -> Option<String> {
        if let Some(fault) = &self.fault {
            return Some(fault.clone());
        }
        if let Some(until) = self.until.filter(|it| *it < case.today) {
            return Some(format!("this ignore comment ended on {until}"));
        }
        // What only the pack for shell scripts finds says nothing where that is not there.
        let needs_pack =
            case.settings.shell.is_none() && self.names.iter().any(|it| names_code(it));
        let unused = !used && self.form == "plimsoll" && !needs_pack;
        unused.then(|| "this ignore comment accepts nothing".to_owned())
    }

    /// Where a finding stands that it names and does not cover: a finding is not always found
    /// where its remedy would stand.
    fn elsewhere(&self, outcomes: &[(&'static Rule, Outcome)]) -> Option<Locus> {
        let named = |rule: &Rule| self.names.iter().any(|name| rule.is_named(name));
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
            form: self.form.into(),
            reason: self.reason.clone(),
            until: self.until,
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
        let place = Locus::Text { source: build.source, span: trimmed(text, comment) };
        let line = text.get(comment.range()).unwrap_or_default();
        let next = next.map(|span| Locus::Text { source: build.source, span });
        found.extend(pragma(line, place, next, &whole));
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

fn pragma(line: &str, place: Locus, next: Option<Locus>, whole: &Locus) -> Option<Pragma> {
    let body = line.trim().strip_prefix('#')?.trim();
    let names = |list: &str| -> Vec<String> {
        list.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    };
    let new = |form, covers: Option<Locus>, names| Pragma {
        covers: covers
            .unwrap_or_else(|| Locus::Text { source: Default::default(), span: Span::default() }),
        place,
        form,
        names,
        all_of_buildkit: false,
        all_of_shell: false,
        reason: None,
        until: None,
        fault: None,
    };
    if let Some(rest) = body.strip_prefix("hadolint") {
        let rest = rest.trim_start();
        let (global, rest) = match rest.strip_prefix("global") {
            Some(it) => (true, it.trim_start()),
            None => (false, rest),
        };
        let list = rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?;
        let (list, reason) =
            list.split_once('#').map_or((list, None), |(a, b)| (a, Some(b.trim())));
        let covers = if global { Some(whole.clone()) } else { next };
        let mut it = new("hadolint", covers, names(list));
        it.reason = reason.filter(|it| !it.is_empty()).map(str::to_owned);
        return Some(it);
    }
    if let Some(rest) = body.strip_prefix("shellcheck ") {
        let (words, reason) = rest.split_once('#').map_or((rest, None), |(a, b)| (a, Some(b)));
        let lists = words.split_whitespace().filter_map(|it| it.strip_prefix("disable="));
        let list: Vec<String> = lists.flat_map(names).collect();
        if list.is_empty() {
            return None;
        }
        let mut it = new("shellcheck", next, Vec::new());
        it.all_of_shell = list.iter().any(|it| it == "all");
        it.names = list;
        it.reason = reason.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
        return Some(it);
    }
    if let Some(rest) = body.strip_prefix("check") {
        let options = rest.trim_start().strip_prefix('=')?;
        let skip = options.split(';').find_map(|it| it.trim().strip_prefix("skip="))?;
        let mut it = new("buildkit", Some(whole.clone()), names(skip));
        it.all_of_buildkit = skip.trim().eq_ignore_ascii_case("all");
        return Some(it);
    }
    let rest = body.strip_prefix("plimsoll:")?.trim_start();
    let (covers, rest) = match rest.strip_prefix("ignore-file") {
        Some(it) => (Some(whole.clone()), it),
        None => (next, rest.strip_prefix("ignore")?),
    };
    Some(own(new("plimsoll", covers, Vec::new()), rest, &names))
}

/// `[rule, …] until=DATE reason`
fn own(mut it: Pragma, rest: &str, names: &dyn Fn(&str) -> Vec<String>) -> Pragma {
    let Some((list, tail)) = rest.trim_start().strip_prefix('[').and_then(|it| it.split_once(']'))
    else {
        it.fault = Some(
            "an ignore comment names its rules in brackets, as in `ignore[runs-as-root]`"
                .to_owned(),
        );
        return it;
    };
    it.names = names(list);
    let mut reason = tail.trim();
    if let Some(after) = reason.strip_prefix("until=") {
        let (date, tail) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        reason = tail.trim();
        match date.parse() {
            Ok(date) => it.until = Some(date),
            Err(expected) => it.fault = Some(format!("{} is no date: {expected}", quote(date))),
        }
    }
    let is_known = |name: &&String| {
        let mut rules = RULES.iter().copied().chain(shell_rules());
        names_code(name) || rules.any(|rule| rule.is_named(name))
    };
    let unknown = it.names.iter().find(|it| !is_known(it));
    if let Some(name) = unknown {
        let near = text::nearest(name, RULES.iter().map(|it| it.id));
        let near = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        it.fault = Some(format!("there is no rule {}{near}", quote(name)));
    } else if it.names.is_empty() {
        it.fault = Some("the ignore comment names no rule".to_owned());
    } else if reason.is_empty() {
        it.fault = Some("an ignore comment gives its reason behind the brackets".to_owned());
    }
    it.reason = Some(reason.to_owned()).filter(|it| !it.is_empty());
    it
}
