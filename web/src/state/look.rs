//! Looking at the findings: which are shown, which is chosen, which is open.

use report::wire::Browse;
use report::{Applies, Locus, Question, Severity};
use text::{Span, visible};

use super::{Answered, Effect, Ignoring, Layers, Left, Panel, Posted, RowKey, State};
use crate::marks::{Mark, follow};
use crate::offsets::without_carriage_returns;
use crate::shared::Shared;

/// Findings about what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum About {
    /// About anything.
    #[default]
    All,
    /// About one of the four questions.
    Question(Question),
    /// About none of them.
    Other,
}

/// What findings are put together by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Group {
    /// By the question they help to answer.
    #[default]
    Question,
    /// By their rule.
    Rule,
    /// By the line they stand on.
    Line,
    /// By nothing.
    Nothing,
}

impl Group {
    /// The word for it.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Rule => "rule",
            Self::Line => "place",
            Self::Nothing => "",
        }
    }

    /// What a word says.
    pub(crate) fn of(word: &str) -> Self {
        let all = [Self::Question, Self::Rule, Self::Line];
        all.into_iter().find(|it| it.id() == word).unwrap_or(Self::Nothing)
    }
}

/// Which findings are shown, and in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Filter {
    /// About what.
    pub(crate) about: About,
    /// The severities left out, worst first.
    hidden: [bool; 4],
    /// With these words, in whichever case.
    pub(crate) text: String,
    /// Only those whose control takes effect there.
    pub(crate) applies: Option<Applies>,
    /// Only those with a fix.
    pub(crate) fixable: bool,
    /// What they are put together by.
    pub(crate) group: Group,
    /// Whether they stand in the order of their places; else the worst come first.
    pub(crate) by_place: bool,
}

impl Filter {
    /// Shows or hides a severity.
    pub(crate) fn toggle(&mut self, severity: Severity) {
        if let Some(it) = self.hidden.get_mut(severity as usize) {
            *it = !*it;
        }
    }

    /// Whether findings of a severity are shown.
    pub(crate) fn shows(&self, severity: Severity) -> bool {
        !self.hidden.get(severity as usize).copied().unwrap_or_default()
    }

    /// Whether it hides nothing.
    pub(crate) fn is_open(&self) -> bool {
        let open = Self { group: self.group, by_place: self.by_place, ..Self::default() };
        *self == open
    }

    /// Shows everything, in the same order as before.
    pub(crate) fn open(&mut self) {
        *self = Self { group: self.group, by_place: self.by_place, ..Self::default() };
    }

    /// Whether findings about a question are shown.
    fn asks(&self, question: Option<Question>) -> bool {
        match self.about {
            About::All => true,
            About::Question(it) => question == Some(it),
            About::Other => question.is_none(),
        }
    }

    /// Whether a finding is shown.
    fn passes(&self, answered: &Answered, row: usize) -> bool {
        let Some((_, rule, listed)) = answered.listed(row) else { return false };
        let says = |it: &str| {
            let words = self.text.to_lowercase();
            words.split_whitespace().all(|word| it.to_lowercase().contains(word))
        };
        self.shows(rule.severity)
            && self.asks(rule.question)
            && self.applies.is_none_or(|it| it == rule.applies)
            && (!self.fixable || listed.fix.is_some())
            && (self.text.is_empty() || answered.words(row).is_some_and(|it| says(&it)))
    }

    /// What a finding is put under.
    fn head(&self, answered: &Answered, row: usize) -> String {
        let Some((_, rule, listed)) = answered.listed(row) else { return String::new() };
        let base = answered.sheet.history.as_ref().and_then(|it| it.base_name.as_ref());
        let base = base.map(|it| format!(" {}", visible(it))).unwrap_or_default();
        let base = if listed.in_base { format!("In the base image{base}") } else { String::new() };
        let head = match self.group {
            Group::Question => rule.question.map_or("Correctness and style", Question::text).into(),
            Group::Rule => rule.title.to_string(),
            Group::Line => {
                let Some((_, _, finding)) = answered.row(row) else { return String::new() };
                let name = report::place_name(&answered.sheet.sources, &finding.place);
                // Without the column.
                let line = finding.place.start.and_then(|_| name.rsplit_once(':'));
                line.map(|(it, _)| it.to_owned()).unwrap_or(name)
            }
            Group::Nothing => String::new(),
        };
        match (base.is_empty(), head.is_empty()) {
            (true, _) => head,
            (false, true) => base,
            (false, false) => format!("{base}: {head}"),
        }
    }
}

/// The rows in the order of their places. One number for each: sorting these is little code.
fn by_place(answered: &Answered) -> impl Iterator<Item = usize> {
    let place = |row: usize| match answered.sheet.findings.get(row).and_then(|it| it.at) {
        Some((source, span)) => u64::from(source.0) << 32 | u64::from(span.start()),
        None => u64::MAX >> 16,
    };
    // A report has fewer findings than this leaves room for, and more would only stand elsewhere.
    let key = |row: usize| u128::from(place(row)) << 64 | row as u128;
    let mut keys: Vec<u128> = (0..answered.rows.len()).map(key).collect();
    keys.sort_unstable();
    keys.into_iter().map(|it| it as u64 as usize)
}

impl State {
    /// Finds out anew which findings are shown, and under which headings: groups stand in the
    /// order of their first findings, those of the base image behind all others.
    pub(super) fn refilter(&mut self) {
        let (mut visible, mut heads) = (Vec::new(), Vec::new());
        if let Some(answered) = &self.answered {
            let filter = &self.filter;
            let rows: Vec<usize> = match filter.by_place {
                true => by_place(answered).collect(),
                false => (0..answered.rows.len()).collect(),
            };
            let mut groups: [Vec<(String, Vec<usize>)>; 2] = Default::default();
            for row in rows.into_iter().filter(|it| filter.passes(answered, *it)) {
                let head = filter.head(answered, row);
                let in_base = answered.listed(row).is_some_and(|(_, _, it)| it.in_base);
                let [own, base] = &mut groups;
                let groups = if in_base { base } else { own };
                match groups.iter_mut().rev().find(|it| it.0 == head) {
                    Some((_, rows)) => rows.push(row),
                    None => groups.push((head, vec![row])),
                }
            }
            for (head, rows) in groups.into_iter().flatten() {
                if !head.is_empty() {
                    heads.push((visible.len(), format!("{head} ({})", rows.len())));
                }
                visible.extend(rows);
            }
        }
        self.visible = Shared::new(visible);
        self.heads = Shared::new(heads);
    }

    /// Takes in an answer; what was chosen and open stays so where it is still there.
    pub(super) fn look_at(&mut self, answered: Answered) {
        self.selected = self.selected.take().filter(|it| answered.index(it).is_some());
        let open = self.open.iter().filter(|it| answered.index(it).is_some());
        self.open = Shared::new(open.cloned().collect());
        let is_there = match self.left {
            Left::Editor => true,
            Left::Recovered => answered.sheet.history.is_some(),
            Left::Layers => answered.has_layers(),
        };
        if !is_there {
            self.left = Left::Editor;
        }
        self.answered = Some(Shared::new(answered));
        self.refilter();
    }

    /// Forgets the answer.
    pub(super) fn look_away(&mut self) {
        self.answered = None;
        self.advice = None;
        self.advice_asked = false;
        self.left = Left::Editor;
        self.layers = Layers::default();
        self.ignoring = None;
        self.editor.marks = Shared::default();
        self.selected = None;
        self.settling = None;
        self.refilter();
    }

    pub(super) fn select(&mut self, key: RowKey, focus: bool) {
        self.selected = Some(key);
        self.focus += u32::from(focus);
    }

    pub(super) fn step(&mut self, by: i32) {
        let Some(answered) = &self.answered else { return };
        let Some(last) = self.visible.len().checked_sub(1) else { return };
        let row = self.selected.as_ref().and_then(|it| answered.index(it));
        let place = row.and_then(|row| self.visible.iter().position(|it| *it == row));
        let place = match place {
            Some(place) => place.saturating_add_signed(by as isize).min(last),
            None if by < 0 => last,
            None => 0,
        };
        let key = self.visible.get(place).and_then(|it| answered.rows.get(*it));
        if let Some(key) = key.map(|it| it.key.clone()) {
            self.select(key, true);
        }
        self.show_panel_of_findings();
    }

    /// The next mark that starts after a place in the editor; past the last comes the first.
    pub(super) fn next(&mut self, from: u32, back: bool, out: &mut Vec<Effect>) {
        let marks = || self.editor.marks.iter().filter(|it| self.shows(it));
        let start = |it: &&Mark| it.span.start();
        let found = if back {
            let before = marks().filter(|it| it.span.start() < from).max_by_key(start);
            before.or_else(|| marks().max_by_key(start))
        } else {
            let after = marks().filter(|it| it.span.start() > from).min_by_key(start);
            after.or_else(|| marks().min_by_key(start))
        };
        let Some(mark) = found.copied() else { return };
        let key = self.answered.as_ref().and_then(|it| it.rows.get(mark.row));
        self.selected = key.map(|it| it.key.clone());
        out.push(Effect::Show(mark.span));
    }

    /// Chooses the finding under the caret, the one with the shortest place.
    pub(super) fn caret(&mut self, at: u32) {
        let under = |it: &&Mark| it.span.start() <= at && at <= it.span.end();
        let marks = self.editor.marks.iter().filter(under).filter(|it| self.shows(it));
        let Some(mark) = marks.min_by_key(|it| (it.span.len(), it.severity)) else { return };
        let key = self.answered.as_ref().and_then(|it| it.rows.get(mark.row));
        self.selected = key.map(|it| it.key.clone());
    }

    /// Whether the finding of a mark is listed.
    fn shows(&self, mark: &Mark) -> bool {
        self.answered.as_ref().is_some_and(|it| self.filter.passes(it, mark.row))
    }

    pub(super) fn unfold(&mut self, key: RowKey) {
        let mut open = (*self.open).clone();
        match open.iter().position(|it| *it == key) {
            Some(at) => {
                open.remove(at);
            }
            None => open.push(key.clone()),
        }
        self.open = Shared::new(open);
        self.selected = Some(key);
    }

    /// Asks why a finding is accepted; its card is open meanwhile.
    pub(super) fn ignore(&mut self, key: Option<RowKey>, out: &mut Vec<Effect>) {
        if let Some(key) = key.clone().filter(|it| !self.open.contains(it)) {
            self.unfold(key);
        }
        // The form takes the keyboard's place with it when it goes.
        self.focus += u32::from(key.is_none() && self.ignoring.is_some());
        if key.is_some() {
            out.push(Effect::Focus("reason"));
        }
        self.ignoring = key.map(Ignoring::of);
    }

    /// Shows where a finding is, in whichever input that is.
    pub(super) fn go_to(&mut self, key: RowKey, out: &mut Vec<Effect>) {
        let Some(answered) = self.answered.clone() else { return };
        let Some(row) = answered.index(&key) else { return };
        let place = answered.row(row).map(|(_, _, it)| it.place.at.clone());
        self.selected = Some(key);
        if let Some(place) = place {
            self.show_place(&place, out);
        }
    }

    /// Shows a place of an input, where its words stand by now.
    pub(super) fn show_place(&mut self, place: &Locus, out: &mut Vec<Effect>) {
        let Some(answered) = self.answered.clone() else { return };
        let (source, span) = match place {
            Locus::Text { source, span } => (source, span),
            Locus::Layer { layer, path, .. } => {
                let (layer, path) = (*layer, path.to_string());
                return self.open_layers(Browse::Show { layer, path }, out);
            }
        };
        if let Some((id, posted)) = answered.input(*source) {
            self.open_tab(id, out);
            if let Some(span) = self.by_now(posted, *span) {
                out.push(Effect::Show(span));
                self.panel = Panel::Input;
            }
        } else if answered.sheet.history.as_ref().is_some_and(|it| it.source == *source) {
            self.left = Left::Recovered;
            self.panel = Panel::Input;
        }
    }

    /// Where words of a text as it was asked about stand in the editor by now.
    fn by_now(&self, posted: &Posted, span: Span) -> Option<Span> {
        let (old, new) = (posted.0.text(), self.editor.source.text());
        let span = if posted.1 { without_carriage_returns(old, span) } else { span };
        let mark = Mark { span, severity: Severity::Note, row: 0, is_fixable: false };
        follow(&[mark], old, new).first().map(|it| it.span)
    }

    pub(super) fn explain(&mut self, id: &str) {
        let rule = self.rules.iter().find(|it| it.id == id);
        self.explained = rule.cloned().map(Shared::new);
        self.prose = Shared::new(self.pages.page(id).unwrap_or_default());
    }

    pub(super) fn show_panel_of_findings(&mut self) {
        self.panel = Panel::Findings;
    }
}
