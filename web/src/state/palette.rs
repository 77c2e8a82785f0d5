//! Every action of the page by its name, and the keys for it.

use report::wire::Format;

use super::{About, Action, Effect, State, Theme};
use crate::examples;

/// The palette while it is open.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Palette {
    /// What was typed.
    pub(crate) query: String,
    /// The chosen command among those that fit.
    pub(crate) chosen: usize,
}

/// A command.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Command {
    /// What it does.
    pub(crate) name: String,
    /// Its keys, if it has any.
    pub(crate) keys: &'static str,
    /// What happens.
    pub(crate) action: Action,
}

/// As many are shown at once.
const MOST: usize = 60;

impl State {
    /// The commands that fit what was typed.
    pub(crate) fn commands(&self) -> Vec<Command> {
        let Some(palette) = &self.palette else { return Vec::new() };
        let query = palette.query.to_lowercase();
        let fits = |it: &Command| {
            let name = it.name.to_lowercase();
            query.split_whitespace().all(|word| name.contains(word))
        };
        let mut all = self.page_commands();
        all.extend(self.finding_commands());
        all.extend(examples::NAMES.iter().filter_map(|(name, title)| {
            let action = examples::load(name)?;
            Some(Command { name: format!("Example: {title}"), keys: "", action })
        }));
        all.retain(fits);
        // Rules are many: what is not shown is not made.
        for it in self.rules.iter() {
            if all.len() >= MOST {
                break;
            }
            let name = format!("Explain {}: {}", it.id, it.title);
            let rule = Command { name, keys: "", action: Action::Explain(it.id.to_string()) };
            if fits(&rule) {
                all.push(rule);
            }
        }
        all.truncate(MOST);
        all
    }

    fn page_commands(&self) -> Vec<Command> {
        let mut all = Vec::new();
        let mut add = |name: &str, keys, action| {
            all.push(Command { name: name.to_owned(), keys, action });
        };
        add("Open files", "Ctrl O", Action::OpenFiles);
        add("Add an input", "", Action::NewTab);
        add("Layers and files", "", Action::OpenLayers);
        add("Next input", "Alt \u{2193}", Action::StepTab(false));
        add("Previous input", "Alt \u{2191}", Action::StepTab(true));
        add("Check now", "Ctrl Enter", Action::Again);
        add("Cancel the check", "Shift Esc", Action::Cancel);
        add("Next finding", "j, in the editor F8", Action::Step(1));
        add("Previous finding", "k, in the editor Shift F8", Action::Step(-1));
        add("Filter the findings", "/", Action::FocusFilter);
        add("Show all findings", "0", Action::ShowAll);
        if self.answered.is_some() {
            add("Apply all safe fixes", "", Action::FixAll(None));
            add("How to run it with no more than it needs", "", Action::ShowAdvice);
            add("Copy the report as Markdown", "", Action::Export(Format::Markdown));
            for format in Format::ALL {
                let keys = if format == Format::Json { "Ctrl S" } else { "" };
                let name = format!("Save the report as {}", format.names().0);
                add(&name, keys, Action::Export(format));
            }
            add("Print the report", "", Action::Print);
            add("Save the inputs as a session", "", Action::SaveSession);
            add("Share as a link", "", Action::Share);
        }
        for (theme, name) in Theme::ALL {
            add(&format!("Theme: {name}"), "t", Action::Theme(theme));
        }
        let does = if self.writes_tabs { "leave the editor" } else { "write a tab" };
        add(&format!("Let the tab key {does}"), "Ctrl M", Action::SwitchTabKey);
        let keys = if self.no_single_keys { "on" } else { "off" };
        add(&format!("Switch single keys {keys}"), "", Action::SwitchSingleKeys);
        for question in report::Question::ALL {
            let keys = ["1", "2", "3", "4"].get(usize::from(question.number()) - 1);
            let action = Action::Only(About::Question(question));
            add(&format!("Only: {}", question.text()), keys.copied().unwrap_or_default(), action);
        }
        all
    }

    fn finding_commands(&self) -> Vec<Command> {
        let Some(key) = self.selected.clone() else { return Vec::new() };
        let rule = key.rule.to_string();
        let one = |name: &str, keys, action| Command { name: name.to_owned(), keys, action };
        vec![
            one("This finding: show its place", "Enter", Action::GoTo(key.clone())),
            one("This finding: explain", "e", Action::Explain(rule.clone())),
            one(
                "This finding: show its fix, then apply it",
                "f, in the editor Ctrl .",
                Action::ShowFix(key.clone()),
            ),
            one("This rule: apply all safe fixes", "Shift F", Action::FixAll(Some(rule))),
            one("This finding: accept with a reason", "i", Action::Ignoring(Some(key.clone()))),
            one("This finding: copy as comment", "c", Action::CopyComment(key)),
        ]
    }

    pub(super) fn open_palette(&mut self, open: bool, out: &mut Vec<Effect>) {
        self.palette = open.then(Palette::default);
        out.push(Effect::Modal(open));
        // The window opens before there is a field in it.
        if open {
            out.push(Effect::Focus("query"));
        }
    }

    pub(super) fn step_command(&mut self, by: i32) {
        let last = self.commands().len().saturating_sub(1);
        if let Some(it) = &mut self.palette {
            it.chosen = it.chosen.saturating_add_signed(by as isize).min(last);
        }
    }

    /// Runs a command, which closes the palette first: what it shows lies below.
    pub(super) fn run_command(&mut self, index: Option<usize>, out: &mut Vec<Effect>) {
        let index = index.or(self.palette.as_ref().map(|it| it.chosen)).unwrap_or_default();
        let Some(command) = self.commands().into_iter().nth(index) else { return };
        self.open_palette(false, out);
        out.extend(self.reduce(command.action));
    }
}
