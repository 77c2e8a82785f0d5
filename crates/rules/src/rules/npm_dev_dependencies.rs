//! What only development needs is installed with npm and shipped.

use report::{Applies, Input, Locus, Outcome, Question, Safety, Severity};

use crate::commands::{Library, LibraryCall, RunCommand, Verb};
use crate::facts::{Reach, RunStep, Seen};
use crate::starts::starts;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "npm-dev-dependencies",
    title: "What only development needs is installed with npm",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DF031"],
    doc: page!("npm_dev_dependencies.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for (command, call) in step.commands.iter().filter_map(installs) {
            let at = Locus::Text { source: *source, span: call.verb_span };
            // `npm ci` keeps to the lock file, and what it brings is mostly used to build.
            let left_out = seen.reach == Reach::Build
                || call.word == "ci"
                || leaves_out(command)
                || is_production(step, command);
            if left_out || is_needed(case, seen) {
                out.clear(&at, "what is installed here is used or left out");
                continue;
            }
            let add = fix::insert_behind("Add `--omit=dev`", &at, " --omit=dev", Safety::Review);
            let message =
                "what only development needs is installed and shipped, and versions may change";
            out.fail(&at, message).fix(add);
        }
    }
}

/// A call that installs what the project lists.
fn installs(command: &RunCommand) -> Option<(&RunCommand, &LibraryCall)> {
    let call = command.libraries()?;
    let all =
        call.library == Library::Npm && call.verb == Verb::Install && call.packages.is_empty();
    let options = command.options(Library::Npm.valued());
    let elsewhere = options.has(&["-g", "--global", "--location"]);
    (all && call.word != "add" && !elsewhere).then_some((command, call))
}

fn leaves_out(command: &RunCommand) -> bool {
    let options = command.options(Library::Npm.valued());
    let omits = options.flags.iter().any(|it| {
        let value = it.value.as_deref().unwrap_or_default();
        (it.name == "--omit" && value == "dev")
            || (it.name == "--only" && value.starts_with("prod"))
    });
    omits || options.has(&["--production", "--prod", "-P"])
}

fn is_production(step: &RunStep, command: &RunCommand) -> bool {
    let sets = |name: &str| {
        let own = command.simple.assignments.iter().rfind(|it| it.name == name);
        own.map(|it| it.value.text().into_owned())
            .or_else(|| step.variable(name).map(str::to_owned))
    };
    let production = sets("NODE_ENV").is_some_and(|it| it == "production");
    let setting = |name: &str| sets(name).is_some_and(|it| !it.is_empty() && it != "false");
    production
        || setting("NPM_CONFIG_PRODUCTION")
        || setting("npm_config_production")
        || setting("NPM_CONFIG_OMIT")
}

/// Whether something in the image runs what development needs, or takes it away again.
pub(super) fn is_needed(case: &Case, seen: &Seen<RunStep>) -> bool {
    let steps = case.facts.runs.iter().filter(|it| it.reach == Reach::Image && it.at >= seen.at);
    let steps = steps.filter_map(|it| it.value.as_ref().ok());
    let used = |it: &RunCommand| {
        let first = it.arguments().iter().map(|it| it.text()).find(|it| !it.starts_with('-'));
        let verb = first.as_deref().unwrap_or_default();
        match &*it.program {
            "npm" => matches!(
                verb,
                "run" | "run-script" | "exec" | "x" | "test" | "t" | "prune" | "build" | "rebuild"
            ),
            "yarn" | "pnpm" => !matches!(
                verb,
                "" | "install" | "i" | "add" | "cache" | "config" | "set" | "global"
            ),
            "npx" | "ng" | "tsc" | "vite" | "webpack" | "gulp" | "grunt" | "nx" | "turbo" => true,
            _ => it.simple.words.iter().any(|it| it.text().contains("node_modules")),
        }
    };
    // A container that is started to develop with needs it too.
    let develops = starts(case).iter().any(|it| {
        let words = it.command.simple.words.iter().map(|it| it.text());
        let mut words = words.map(|it| it.rsplit('/').next().unwrap_or_default().to_owned());
        words.any(|it| {
            it.contains("dev")
                || it.contains("test")
                || it == "nodemon"
                || it == "ng"
                || it == "npx"
        })
    });
    develops || steps.flat_map(|it| &it.commands).any(used)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn installs_of_all_that_is_listed() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:22
RUN npm install
#       ^^^^^^^ what only development needs is installed and shipped, and versions may change
RUN npm i --loglevel error && rm -rf /tmp/x
#       ^ what only development needs is installed and shipped, and versions may change
RUN npm install --production && npm i --omit=dev && npm install --omit dev && npm ci
RUN npm install --only=prod && npm install -g serve && npm install express
RUN NODE_ENV=production npm install
ENV NODE_ENV=production
RUN npm install
CMD ["node", "app.js"]
"#,
        );
    }

    #[test]
    fn what_is_built_with_is_needed() {
        for text in [
            "\nFROM node:22 AS b\nRUN npm install\nFROM node:22\nCOPY --from=b /a /a\n",
            "\nFROM node:22\nRUN npm install && npm run build\n",
            "\nFROM node:22\nRUN npm install\nRUN npm prune --production\n",
            "\nFROM node:22\nRUN npm install\nCMD [\"npm\", \"run\", \"dev\"]\n",
        ] {
            check_dockerfile(&RULE, text);
        }
    }

    #[test]
    fn the_option_is_added() {
        assert_eq!(
            fixed(&RULE, "FROM node:22\nRUN npm i --loglevel error\n"),
            "FROM node:22\nRUN npm i --omit=dev --loglevel error\n"
        );
    }
}
