//! What a rule is, and running all of them.

use report::{
    Applies, Input, Outcome, Question, Report, RuleInfo, RuleOutcome, Severity, Switched,
};

use crate::{
    Case, RULES, VERSION, coverage, excerpt, knowledge, page, shell_page, shell_rules, suppress,
    told, writable,
};

/// One principle: its metadata, its documentation and its check, as plain data.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Kebab-case name of the problem, read after "allow".
    pub id: &'static str,
    /// A fact in the present tense, no full stop.
    pub title: &'static str,
    /// The question it helps to answer; correctness and style belong to none.
    pub question: Option<Question>,
    /// How bad a finding is. One per rule: doubt is expressed by gaps.
    pub severity: Severity,
    /// Where the control applies that the rule asks for.
    pub applies: Applies,
    /// Whether it runs unless it is asked not to.
    pub default: bool,
    /// Which inputs can answer it; the examples prove it.
    pub reads: &'static [Input],
    /// Names others use: other tools' codes, benchmark numbers, rows of the catalogue.
    pub aka: &'static [&'static str],
    /// Its page; empty where pages are not built in.
    pub doc: &'static str,
    /// The check.
    pub check: fn(&Case, &mut Outcome),
}

impl Rule {
    /// What the shells need to know of it.
    pub fn info(&self) -> RuleInfo {
        RuleInfo {
            id: self.id.into(),
            title: self.title.into(),
            question: self.question,
            severity: self.severity,
            applies: self.applies,
            aka: self.aka.iter().map(|it| (*it).into()).collect(),
        }
    }

    /// Whether the rule goes by this name, its own or one that others use.
    pub fn is_named(&self, name: &str) -> bool {
        self.id == name || self.aka.iter().any(|it| it.eq_ignore_ascii_case(name))
    }
}

/// What there is to read about a rule.
pub fn help(id: &str) -> String {
    if let Some(rule) = RULES.iter().find(|it| it.id == id) {
        return page::filled(rule.doc);
    }
    shell_rules().find(|it| it.id == id).map(shell_page).unwrap_or_default()
}

/// The same without the examples: some of them hold made-up secrets, which would make a scanner of whatever a
/// report is put beside busy.
pub fn prose(id: &str) -> String {
    let page = help(id);
    match page.split_once("\n## Examples\n") {
        Some((prose, _)) => prose.to_owned(),
        None => page,
    }
}

/// Every rule as the shells show it, in rule order.
pub fn rule_infos() -> Vec<RuleInfo> {
    RULES.iter().map(|it| it.info()).collect()
}

/// The rules that the settings make run or not, against their own default.
fn switched(case: &Case) -> Vec<Switched> {
    if case.settings.rules.is_empty() {
        return Vec::new();
    }
    let of = |rule: &&Rule| {
        let it = case.settings.rules.get(rule.id).filter(|it| it.on != rule.default)?;
        Some(Switched { rule: rule.id.to_owned(), on: it.on, reason: it.reason.clone() })
    };
    rules(case).iter().filter_map(of).collect()
}

/// The rules that there are for a case: those of the pack for shell scripts only where it is there.
fn rules(case: &Case) -> Vec<&'static Rule> {
    let pack = case.settings.shell.iter().flat_map(|_| shell_rules());
    RULES.iter().copied().chain(pack).collect()
}

/// Runs every rule over a case.
pub fn check(case: &Case) -> Report {
    check_with(case, &rules(case))
}

/// Runs some rules over a case.
pub(crate) fn check_with(case: &Case, rules: &[&'static Rule]) -> Report {
    let active = rules.iter().filter(|it| case.settings.runs(it.id, it.default));
    // A rule only sees a history if its page shows what it makes of one.
    let without_history = case.told.as_ref().map(|_| case.without(Input::History));
    let run = |rule: &&'static Rule| {
        let mut outcome = Outcome::default();
        let reads_history = rule.reads.contains(&Input::History);
        let seen = without_history.as_ref().filter(|_| !reads_history).unwrap_or(case);
        (rule.check)(seen, &mut outcome);
        told::join(case, &mut outcome);
        told::doubt_findings(case, rule.id, &mut outcome);
        told::doubt_clearances(case, &mut outcome);
        outcome.settle();
        (*rule, outcome)
    };
    let mut outcomes: Vec<(&'static Rule, Outcome)> = active.map(run).collect();
    let n_rules = outcomes.len();
    suppress::apply(case, &mut outcomes);
    outcomes.retain(|(_, it)| !it.is_empty());
    // Worst first within a question, questions in their order, rules without a question last.
    text::order::sort_by_key(&mut outcomes, |(rule, _)| {
        (rule.question.is_none(), rule.question, rule.severity)
    });
    let close = |(rule, outcome): (&Rule, Outcome)| RuleOutcome { rule: rule.info(), outcome };
    let mut report = Report {
        version: VERSION.to_owned(),
        today: case.today,
        facts: knowledge::AS_OF,
        sources: case.source_infos(),
        read: case.read.iter().copied().collect(),
        problems: case.problems.clone(),
        rules: u32::try_from(n_rules).unwrap_or(u32::MAX),
        switched: switched(case),
        outcomes: outcomes.into_iter().map(close).collect(),
        unexamined: coverage::unexamined(case),
        disagreements: told::disagreements(case),
        history: None,
        writable: writable::writable(case),
    };
    told::translate(case, &mut report);
    for it in report.outcomes.iter_mut().flat_map(|it| &mut it.outcome.findings) {
        it.fix = it.fix.take().filter(|fix| !case.rewritten.contains(&fix.source));
    }
    for it in &mut report.outcomes {
        let order = |a: &report::Finding, b: &report::Finding| a.place.at.cmp(&b.place.at);
        text::order::sort_by(&mut it.outcome.findings, order);
    }
    report.outcomes.retain(|it| !it.outcome.is_empty());
    excerpt::close(case, &mut report);
    report
}
