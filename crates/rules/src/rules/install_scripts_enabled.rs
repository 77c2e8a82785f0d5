//! Packages may run scripts of their own while they are installed.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{Library, RunCommand, Verb, lines, setting};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "install-scripts-enabled",
    title: "Packages run scripts of their own while they are installed",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["S6505"],
    doc: page!("install_scripts_enabled.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let off = is_off(case);
    for step in case.facts.steps() {
        for command in &step.run.commands {
            let Some(call) = command.libraries() else { continue };
            let node = matches!(call.library, Library::Npm | Library::Yarn | Library::Pnpm);
            if !node || call.verb != Verb::Install {
                continue;
            }
            let at = step.at(call.verb_span);
            if off || ignores(command) {
                out.clear(&at, "packages run no scripts");
            } else {
                let program = quote(&command.program);
                out.fail(&at, format!("{program} runs the scripts that packages bring"));
            }
        }
    }
}

fn ignores(command: &RunCommand) -> bool {
    let options = command.options(&[]);
    let flag = options.flag(&["--ignore-scripts"]);
    flag.is_some_and(|it| it.value.as_deref() != Some("false"))
        || command.assigned().iter().any(|it| is_variable(&it.name) && it.value.as_str() == "true")
}

fn is_variable(name: &str) -> bool {
    ["NPM_CONFIG_IGNORE_SCRIPTS", "YARN_ENABLE_SCRIPTS", "YARN_IGNORE_SCRIPTS"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(name))
}

/// Whether the image, or a settings file that the build writes, switches scripts off.
fn is_off(case: &Case) -> bool {
    let variable = case.facts.env.iter().filter_map(|it| it.value.as_ref().ok()).any(|it| {
        let value = it.value.as_deref();
        let off =
            if it.name.eq_ignore_ascii_case("YARN_ENABLE_SCRIPTS") { "false" } else { "true" };
        is_variable(&it.name) && value == Some(off)
    });
    let line = |text: &text::Cooked| {
        let Some(it) = setting(text) else { return false };
        (it.name == "ignore-scripts" && it.value == "true")
            || (it.name == "enablescripts" && it.value == "false")
    };
    variable || case.written().iter().any(|(_, it)| lines(&it.text).iter().any(line))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn installs_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
RUN npm ci && npm run build
#       ^^ `npm` runs the scripts that packages bring
RUN yarn install --frozen-lockfile
#        ^^^^^^^ `yarn` runs the scripts that packages bring
RUN npm ci --ignore-scripts && pnpm install --ignore-scripts
RUN NPM_CONFIG_IGNORE_SCRIPTS=true npm ci
"#,
        );
        check_dockerfile(&RULE, "\nFROM node:24\nENV npm_config_ignore_scripts=true\nRUN npm ci\n");
        check_dockerfile(
            &RULE,
            "\nFROM node:24\nRUN echo ignore-scripts=true > .npmrc && npm ci\n",
        );
    }
}
