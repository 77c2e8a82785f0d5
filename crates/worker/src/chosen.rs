//! What a settings file and the page's own choices say.

use report::wire::Choices;
use rules::{Linter, Settings};

/// What the settings file and the choices say. An error with a line for each mistake in the file, as the
/// command line tells them; nothing is checked then. `shell`: what looks through shell scripts, if it was
/// loaded.
pub(crate) fn settings(choices: &Choices, shell: Option<Linter>) -> Result<Settings, String> {
    let settings = match choices.settings.as_deref().map(settings::read) {
        None => Settings::default(),
        Some(Ok(it)) if it.shellcheck && shell.is_none() => {
            return Err(format!(
                "{} switches `shellcheck` on, and this page was opened without what looks through \
                 shell scripts; the link at its foot opens one with it",
                settings::NAMES[0]
            ));
        }
        Some(Ok(it)) => it.settings,
        Some(Err(mistakes)) => {
            let name = settings::NAMES[0];
            let mut what = match mistakes.len() {
                1 => "there is 1 mistake in the settings".to_owned(),
                n => format!("there are {n} mistakes in the settings"),
            };
            mistakes.iter().for_each(|it| what.push_str(&format!("\n{name}:{it}")));
            return Err(what);
        }
    };
    let target = choices.target.clone().or(settings.target);
    Ok(Settings { picks: choices.picks.clone(), target, shell, ..settings })
}
