//! The image switches debugging on.

use std::collections::BTreeMap;

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::{EnvVar, Origin, Reach, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "debug-mode-enabled",
    title: "The image runs in debug or development mode",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &["S4507"],
    doc: page!("debug_mode_enabled.md"),
    check,
};

/// Variables that name the mode.
const MODES: [&str; 11] = [
    "NODE_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "FLASK_ENV",
    "APP_ENV",
    "SYMFONY_ENV",
    "MIX_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "CI_ENVIRONMENT",
    "GIN_MODE",
];

/// Variables that are on or off.
const SWITCHES: [&str; 7] = [
    "DEBUG",
    "FLASK_DEBUG",
    "APP_DEBUG",
    "DJANGO_DEBUG",
    "SYMFONY_DEBUG",
    "WP_DEBUG",
    "PYTHONDEVMODE",
];

fn check(case: &Case, out: &mut Outcome) {
    if is_meant_to(case) {
        return;
    }
    // The last value of a name is the one that containers get.
    let mut last: BTreeMap<(Input, &str), (&Seen<EnvVar>, &EnvVar)> = BTreeMap::new();
    for seen in case.facts.env.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(it) = &seen.value else { continue };
        if it.origin == Origin::Env && is_mode(&it.name) {
            last.insert((seen.via, &it.name), (seen, it));
        }
    }
    for (seen, it) in last.into_values() {
        let Some(value) = it.value.as_deref() else { continue };
        if is_debug(&it.name, value) {
            let message =
                format!("{} is {}, in every container of the image", quote(&it.name), quote(value));
            out.fail(&seen.at, message);
        } else {
            out.clear(&seen.at, format!("{} is no debug mode", quote(value)));
        }
    }
}

fn is_mode(name: &str) -> bool {
    MODES.contains(&name) || SWITCHES.contains(&name) || name == "XDEBUG_MODE"
}

/// `DEBUG` also holds patterns of what to log, as `app:*`; only what says yes counts.
fn is_debug(name: &str, value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    if name == "XDEBUG_MODE" {
        return value.split(',').any(|it| matches!(it.trim(), "debug" | "develop" | "trace"));
    }
    if MODES.contains(&name) {
        return matches!(&*value, "development" | "develop" | "dev" | "debug");
    }
    matches!(&*value, "1" | "true" | "yes" | "on")
}

/// Whether the stage that is built says by its name that it is for development.
pub(super) fn is_meant_to(case: &Case) -> bool {
    let mut builds = case.builds.iter();
    builds.any(|build| {
        let stage = build.target.and_then(|it| build.stages.get(it));
        let name = stage.and_then(|it| it.name.as_deref()).unwrap_or_default();
        let mut words = name.split(['-', '_', '.']);
        words.any(|it| it.starts_with("dev") || it == "debug" || it.starts_with("test"))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn modes_and_switches() {
        check_dockerfile(
            &RULE,
            r#"
FROM php:8
ENV APP_ENV=dev XDEBUG_MODE=coverage,debug
#   ^^^^^^^^^^^ `APP_ENV` is `dev`, in every container of the image
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^ `XDEBUG_MODE` is `coverage,debug`, in every container of the image
ENV DEBUG=True
#   ^^^^^^^^^^ `DEBUG` is `True`, in every container of the image
"#,
        );
    }

    #[test]
    fn filters_arguments_and_stages_to_develop_in_pass() {
        for text in [
            "FROM a\nENV DEBUG=app:* DEBUG_LEVEL=1\nENV XDEBUG_MODE=off\n",
            "FROM a\nARG NODE_ENV=development\nENV NODE_ENV=$NODE_ENV\nENV NODE_ENV=production\n",
            "FROM a AS b\nENV NODE_ENV=development\nFROM a\nCOPY --from=b /a /a\n",
            "FROM a AS app-dev\nENV NODE_ENV=development\n",
            "FROM a\nENV FLASK_DEBUG=0\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
