//! What a fence states: `dockerfile fails=runs-as-root passes=root`, each name a rule or one of the four
//! questions. `with` makes it belong to the fence before it, `part` says that it is only a piece.

use report::{Question, Verdict, answers};
use rules::{Case, Document, RULES, Rule, Settings, Switch};
use text::Date;

/// The languages of fences that the checker reads.
pub(crate) const READABLE: [&str; 4] = ["dockerfile", "config", "history", "run"];

/// The first line of a fence.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Fence {
    pub(crate) language: String,
    /// What is said of rules and questions, by their names.
    pub(crate) states: Vec<(Verdict, String)>,
    /// Whether it belongs to the fence before it.
    pub(crate) joins: bool,
    /// Whether nothing can be said of it alone.
    pub(crate) is_part: bool,
    /// Words that mean nothing here; other programs may have use for them.
    pub(crate) others: Vec<String>,
}

impl Fence {
    /// Takes the first line apart. Words are separated by spaces or commas.
    pub(crate) fn read(info: &str) -> Self {
        let mut words = info.split([' ', ',']).filter(|it| !it.is_empty());
        let language = words.next().unwrap_or_default().to_owned();
        let mut fence = Self { language, ..Self::default() };
        for word in words {
            match word.split_once('=').map(|(verdict, name)| (stated(verdict), name)) {
                None if word == "with" => fence.joins = true,
                None if word == "part" => fence.is_part = true,
                Some((Some(verdict), name)) => fence.states.push((verdict, name.to_owned())),
                None | Some((None, _)) => fence.others.push(word.to_owned()),
            }
        }
        fence
    }
}

fn stated(word: &str) -> Option<Verdict> {
    Some(match word {
        "fails" => Verdict::Fails,
        "unknown" => Verdict::Unknown,
        "passes" => Verdict::Passes,
        _ => return None,
    })
}

/// A verdict as people see it: the class of its color, its shape, its word.
pub(crate) fn shown(verdict: Verdict) -> (&'static str, char, &'static str) {
    match verdict {
        Verdict::Fails => ("fails", '\u{25b2}', "fails"),
        Verdict::Unknown => ("unknown", '?', "not known"),
        Verdict::Passes => ("passes", '\u{2713}', "passes"),
        Verdict::Moot => ("moot", '\u{2013}', "does not apply"),
    }
}

/// The rule of a name, by whichever tool.
pub(crate) fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|it| it.is_named(name))
}

/// Whether a name is that of a rule or of one of the four questions.
pub(crate) fn is_name(name: &str) -> bool {
    rule(name).is_some() || Question::ALL.iter().any(|it| it.id() == name)
}

/// What the engine says of the texts of a case, language and text each.
#[derive(Debug)]
pub(crate) struct Said(report::Report);

impl Said {
    /// Checks them with every rule, also with those that are off by default: an example may be about
    /// one of them.
    pub(crate) fn of(documents: &[(String, String)], today: Date) -> Self {
        let documents: Vec<Document<'_>> = documents
            .iter()
            .map(|(language, text)| Document {
                name: language,
                bytes: text.as_bytes(),
                taken_for: (language == "dockerfile").then_some(report::Kind::Dockerfile),
            })
            .collect();
        let on = |it: &&Rule| (it.id.to_owned(), Switch { on: true, reason: None });
        let settings = Settings { rules: RULES.iter().map(on).collect(), ..Settings::default() };
        Self(rules::check(&Case::with(&documents, settings, today)))
    }

    /// What it says of a rule or a question; nothing if there is none of the name.
    pub(crate) fn verdict(&self, name: &str) -> Option<Verdict> {
        if let Some(it) = answers(&self.0).iter().find(|it| it.question.id() == name) {
            return Some(it.state.verdict());
        }
        let id = rule(name)?.id;
        let outcome = self.0.outcomes.iter().find(|it| it.rule.id == id);
        // A rule that had nothing to say is content.
        Some(outcome.map_or(Verdict::Passes, |it| it.outcome.verdict()))
    }

    /// Why a rule or a question fails: the first finding, in words.
    pub(crate) fn reason(&self, name: &str) -> Option<String> {
        let question = Question::ALL.into_iter().find(|it| it.id() == name);
        let id = rule(name).map(|it| it.id);
        let is_meant = |it: &report::RuleInfo| match question {
            Some(_) => it.question == question,
            None => id.is_some_and(|id| it.id == id),
        };
        let (_, finding) = self.0.findings().find(|(rule, _)| is_meant(rule))?;
        Some(report::sentence(&finding.message))
    }
}
