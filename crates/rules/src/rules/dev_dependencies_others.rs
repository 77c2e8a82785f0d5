//! What only development needs, installed by other package managers than npm.

use report::{Applies, Input, Locus, Outcome, Question, Severity};

use super::npm_dev_dependencies::is_needed;
use crate::commands::{Library, LibraryCall, RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "dev-dependencies-others",
    title: "What only development needs is installed and shipped",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["php-composer-no-dev", "php/composer-no-dev-in-production"],
    doc: page!("dev_dependencies_others.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for (command, call) in step.commands.iter().filter_map(|it| Some((it, it.libraries()?))) {
            if call.verb != Verb::Install && call.library != Library::Composer {
                continue;
            }
            let span = if call.word.is_empty() { command.program_span() } else { call.verb_span };
            let at = Locus::Text { source: *source, span };
            let Some(option) = missing(command, call, step) else {
                out.clear(&at, "what is installed here is asked for, or development is left out");
                continue;
            };
            if seen.reach == Reach::Build || is_needed(case, seen) {
                out.clear(&at, "what is installed here is used to build");
                continue;
            }
            let message = format!("what only development needs is installed too; {option}");
            out.fail(&at, message);
        }
    }
}

/// What a call lacks that leaves development out.
fn missing(command: &RunCommand, call: &LibraryCall, step: &RunStep) -> Option<&'static str> {
    let options = command.options(call.library.valued());
    let has = |names: &[&str]| options.has(names);
    let value = |names: &[&str]| options.value(names).unwrap_or_default().to_owned();
    let production = || step.variable("NODE_ENV").is_some_and(|it| it == "production");
    match call.library {
        Library::Poetry if call.word == "install" => {
            let only = has(&["--no-dev"])
                || value(&["--only"]).contains("main")
                || value(&["--without"]).contains("dev");
            (!only).then_some("`--only main` leaves it out")
        }
        Library::Uv if call.word == "sync" => {
            let none = has(&["--no-dev", "--no-default-groups", "--only-group"])
                || step.variable("UV_NO_DEV").is_some();
            (!none).then_some("`--no-dev` leaves it out")
        }
        Library::Pip => {
            let file = value(&["-r", "--requirement"]);
            let name = file.rsplit('/').next().unwrap_or_default();
            let dev = ["dev", "test", "lint"]
                .iter()
                .any(|it| name.split(['-', '_', '.']).any(|part| part.starts_with(it)));
            dev.then_some("the file says so by its name")
        }
        Library::Composer
            if call.word == "install" && !command.arguments().iter().any(|it| it.is("global")) =>
        {
            let none =
                has(&["--no-dev"]) || step.variable("COMPOSER_NO_DEV").is_some_and(|it| it == "1");
            (!none).then_some("`--no-dev` leaves it out")
        }
        Library::Yarn if call.packages.is_empty() && matches!(&*call.word, "" | "install") => {
            let none = has(&["--production", "--prod"]) || production();
            (!none).then_some("`--production` leaves it out")
        }
        Library::Pnpm if call.packages.is_empty() && matches!(&*call.word, "install" | "i") => {
            let none = has(&["--prod", "--production", "-P"]) || production();
            (!none).then_some("`--prod` leaves it out")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_leaves_development_out() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN poetry install --no-root && uv sync --locked
#          ^^^^^^^ what only development needs is installed too; `--only main` leaves it out
#                                  ^^^^ what only development needs is installed too; `--no-dev` leaves it out
RUN pip install -r requirements.txt -r requirements-dev.txt
#       ^^^^^^^ what only development needs is installed too; the file says so by its name
RUN composer install --optimize-autoloader
#            ^^^^^^^ what only development needs is installed too; `--no-dev` leaves it out
RUN poetry install --only main && uv sync --no-dev && pip install -r requirements.txt
RUN composer install --no-dev && yarn install --production && pnpm add x
CMD ["python", "app.py"]
"#,
        );
    }

    #[test]
    fn builders_need_it() {
        for text in [
            "\nFROM a AS b\nRUN yarn install\nFROM a\nCOPY --from=b /a /a\n",
            "\nFROM node:24\nRUN yarn install && yarn build\n",
            "\nFROM node:24\nENV NODE_ENV=production\nRUN yarn install\n",
        ] {
            check_dockerfile(&RULE, text);
        }
    }
}
