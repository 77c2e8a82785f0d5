//! Looking at the findings: which are shown, which is chosen, which is open.

use report::{Locus, Question, Severity};

use super::{Answered, Effect, Panel, RowKey, State};
use crate::marks::Mark;
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

/// Which findings are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Filter {
    /// About what.
    pub(crate) about: About,
    /// The severities left out, worst first.
    hidden: [bool; 4],
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

    /// Whether findings about a question are shown.
    pub(crate) fn asks(&self, question: Option<Question>) -> bool {
        match self.about {
            About::All => true,
            About::Question(it) => question == Some(it),
            About::Other => question.is_none(),
        }
    }
}

impl State {
    /// Finds out anew which findings are shown.
    pub(super) fn refilter(&mut self) {
        let rows = self.answered.as_ref().map(|it| &it.rows[..]).unwrap_or_default();
        let shown = rows
            .iter()
            .enumerate()
            .filter(|(_, it)| self.filter.shows(it.severity) && self.filter.asks(it.question));
        self.visible = Shared::new(shown.map(|(index, _)| index).collect());
    }

    /// Takes in an answer; what was chosen and open stays so where it is still there.
    pub(super) fn look_at(&mut self, answered: Answered) {
        self.selected = self.selected.take().filter(|it| answered.index(it).is_some());
        let open = self.open.iter().filter(|it| answered.index(it).is_some());
        self.open = Shared::new(open.cloned().collect());
        self.recovered &= answered.report.history.is_some();
        self.answered = Some(Shared::new(answered));
        self.refilter();
    }

    /// Forgets the answer.
    pub(super) fn look_away(&mut self) {
        self.answered = None;
        self.recovered = false;
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

    /// Whether the finding of a mark is listed. Rows are listed in ascending order.
    fn shows(&self, mark: &Mark) -> bool {
        self.visible.binary_search(&mark.row).is_ok()
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
    pub(super) fn ignore(&mut self, key: Option<RowKey>) {
        if let Some(key) = key.clone().filter(|it| !self.open.contains(it)) {
            self.unfold(key);
        }
        // The form takes the keyboard's place with it when it goes.
        self.focus += u32::from(key.is_none() && self.ignoring.is_some());
        self.ignoring = key;
    }

    /// Shows where a finding is, in whichever input that is.
    pub(super) fn go_to(&mut self, key: RowKey, out: &mut Vec<Effect>) {
        let Some(answered) = self.answered.clone() else { return };
        let Some(row) = answered.index(&key) else { return };
        let place = answered.row(row).map(|(_, _, it)| it.place.at.clone());
        self.selected = Some(key);
        let Some(Locus::Text { source, .. }) = place else { return };
        if let Some((id, _)) = answered.input(source) {
            self.open_tab(id, out);
            if let Some(mark) = self.editor.marks.iter().find(|it| it.row == row) {
                out.push(Effect::Show(mark.span));
                self.panel = Panel::Input;
            }
        } else if answered.report.history.as_ref().is_some_and(|it| it.source == source) {
            self.recovered = true;
            self.panel = Panel::Input;
        }
    }

    pub(super) fn explain(&mut self, id: &str) {
        let rule = self.rules.iter().find(|it| it.id == id);
        self.explained = rule.cloned().map(Shared::new);
    }

    pub(super) fn show_panel_of_findings(&mut self) {
        self.panel = Panel::Findings;
    }
}
