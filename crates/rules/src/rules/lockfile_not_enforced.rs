//! A lock file is there, and the installer may go past it.

use report::{Applies, Fix, Input, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::RunCommand;
use crate::facts::{Copied, Step};
use crate::layers::copies_before;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "lockfile-not-enforced",
    title: "A lock file is there and need not be followed",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("lockfile_not_enforced.md"),
    check,
};

/// A call, its lock file, the option that makes it follow the file, and other options as good.
struct Installer {
    program: &'static str,
    verbs: &'static [&'static str],
    lock: &'static str,
    option: &'static str,
    others: &'static [&'static str],
}

const INSTALLERS: [Installer; 4] = [
    Installer {
        program: "yarn",
        verbs: &["", "install"],
        lock: "yarn.lock",
        option: "--frozen-lockfile",
        others: &["--immutable", "--pure-lockfile"],
    },
    Installer {
        program: "uv",
        verbs: &["sync"],
        lock: "uv.lock",
        option: "--locked",
        others: &["--frozen"],
    },
    Installer {
        program: "cargo",
        verbs: &["build", "fetch"],
        lock: "Cargo.lock",
        option: "--locked",
        others: &["--frozen", "--offline"],
    },
    Installer {
        program: "bun",
        verbs: &["install", "i"],
        lock: "bun.lock",
        option: "--frozen-lockfile",
        others: &["--production"],
    },
];

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps() {
        for command in &step.run.commands {
            if !INSTALLERS.iter().any(|it| it.program == command.program) {
                continue;
            }
            let first = command.arguments().iter().find(|it| !it.text().starts_with('-'));
            let verb = first.map(|it| it.text().into_owned()).unwrap_or_default();
            let fits =
                |it: &&Installer| command.program == it.program && it.verbs.contains(&&*verb);
            let Some(it) = INSTALLERS.iter().find(fits) else { continue };
            let at = step.at(command.program_span());
            let options: Vec<String> =
                command.arguments().iter().map(|it| it.text().into_owned()).collect();
            let has = |name: &str| options.iter().any(|it| it.split('=').next() == Some(name));
            let set =
                ["YARN_ENABLE_IMMUTABLE_INSTALLS", "UV_LOCKED", "UV_FROZEN", "CARGO_NET_OFFLINE"];
            let enforced = has(it.option)
                || it.others.iter().any(|it| has(it))
                || set.iter().any(|it| step.run.variable(it).is_some());
            if enforced || !is_copied(case, &step, it.lock) {
                out.clear(&at, "the lock file is followed, or none is known to be there");
                continue;
            }
            let message =
                format!("{} changes {} where it does not fit", quote(it.program), quote(it.lock));
            out.fail(&at, message).fix(with_option(command, &at, it));
        }
    }
}

/// Whether a copy before the step names the file itself.
fn is_copied(case: &Case, step: &Step<'_>, lock: &str) -> bool {
    copies_before(case, step.run.stage, step.at).any(|it| {
        it.sources.iter().any(|(it, _)| match it {
            // `yarn.lock*` is there or is not.
            Copied::Path(path) => path.rsplit('/').next() == Some(lock),
            Copied::Unknown(_) | Copied::Url(_) | Copied::Inline => false,
        })
    })
}

/// Yarn's option depends on its version, so that is left to somebody.
fn with_option(command: &RunCommand, at: &report::Locus, it: &Installer) -> Option<Fix> {
    let verb = command.arguments().first()?;
    if it.program == "yarn" || !it.verbs.iter().any(|of| verb.is(of)) {
        return None;
    }
    let edit = |_| vec![Edit { span: Span::at(verb.span.end()), with: format!(" {}", it.option) }];
    fix::edits(format!("Add {}", quote(it.option)), at, edit, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn installers_beside_a_lock_file_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
COPY package.json yarn.lock ./
RUN yarn && yarn build
#   ^^^^ `yarn` changes `yarn.lock` where it does not fit
RUN yarn install --frozen-lockfile && yarn --immutable
"#,
        );
        check_dockerfile(&RULE, "FROM node:24\nCOPY package.json yarn.lock* ./\nRUN yarn\n");
        check_dockerfile(&RULE, "FROM rust:1.91\nCOPY . .\nRUN cargo build\n");
        check_dockerfile(&RULE, "FROM python:3.14\nENV UV_LOCKED=1\nCOPY uv.lock .\nRUN uv sync\n");
    }

    #[test]
    fn the_option_is_added() {
        let text = "FROM rust:1.91\nCOPY Cargo.toml Cargo.lock ./\nRUN cargo build --release\n";
        assert_eq!(fixed(&RULE, text), text.replace("build", "build --locked"));
    }
}
