//! What a settings file and the page's own choices say.

use std::sync::Arc;

use report::wire::Choices;
use rules::{Context, Linter, Settings};

/// What the settings file and the choices say. An error with a line for each mistake in the file, as the
/// command line tells them; nothing is checked then. `shell`: what looks through shell scripts, if it was
/// loaded.
pub(crate) fn settings(choices: &Choices, shell: Option<Linter>) -> Result<Settings, String> {
    let settings = match choices.settings.as_deref().map(settings::read) {
        None => Settings::default(),
        Some(Ok(it)) if it.shellcheck && shell.is_none() => {
            return Err(format!(
                "{} switches `shellcheck` on, and this page was opened without what looks through \
                 shell scripts; open it by the link at its foot, where there is one, or run \
                 `plimsoll check --shellcheck`",
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
    let context = choices.context.as_deref().map(|it| Arc::new(Context::read(it)));
    Ok(Settings { picks: choices.picks.clone(), target, shell, context, ..settings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_scripts_are_not_passed_over_unsaid() {
        let of = |text: &str| Choices { settings: Some(text.to_owned()), ..Choices::default() };
        let none = Linter(|_, _| None);
        let asks = of("shellcheck = true\n");
        let what = settings(&asks, None).unwrap_err();
        assert!(what.contains("plimsoll check --shellcheck"), "{what}");
        assert!(settings(&asks, Some(none)).unwrap().shell.is_some());
        assert!(settings(&of("shellcheck = false\n"), None).unwrap().shell.is_none());
    }
}
