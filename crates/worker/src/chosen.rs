//! What a settings file and the page's own choices say.

use report::wire::Choices;
use rules::Settings;

/// What the settings file and the choices say. An error with a line for each mistake in the file, as the
/// command line tells them; nothing is checked then.
pub(crate) fn settings(choices: &Choices) -> Result<Settings, String> {
    let settings = match choices.settings.as_deref().map(settings::read) {
        None => Settings::default(),
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
    Ok(Settings { picks: choices.picks.clone(), target, ..settings })
}
