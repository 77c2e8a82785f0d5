//! A tool is installed or run in whatever version is newest, by package managers that have little to
//! do with each other.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{Options, RunCommand};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "pin-other-ecosystems",
    title: "A tool is installed in whatever version is newest",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("pin_other_ecosystems.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps() {
        for command in &step.run.commands {
            match named(command) {
                Some((word, true)) => {
                    let name = quote(&word.text());
                    out.fail(
                        &step.at(word.span),
                        format!("{name} is whatever version is newest on the day of the build"),
                    );
                }
                Some((word, false)) => {
                    out.clear(&step.at(word.span), "the version is given, or decided elsewhere")
                }
                None => {}
            }
        }
    }
}

/// The first package that a command names, and whether it comes without a version.
fn named(command: &RunCommand) -> Option<(&ShellWord, bool)> {
    let first = command.arguments().iter().find(|it| !it.text().starts_with('-'))?.text();
    let (valued, skip, separators): (&[&str], usize, &[char]) = match (&*command.program, &*first) {
        ("cargo", "install") => (
            &[
                "--version",
                "--vers",
                "--git",
                "--path",
                "--branch",
                "--tag",
                "--rev",
                "--root",
                "--features",
                "-F",
                "--bin",
                "--target",
                "--profile",
                "--registry",
                "--index",
                "-j",
            ],
            1,
            &['@'],
        ),
        ("npx" | "bunx", _) => (&["-p", "--package", "-c", "--call"], 0, &['@']),
        ("pnpm" | "yarn", "dlx") => (&["-p", "--package", "-C", "--dir"], 1, &['@']),
        ("yarn" | "pnpm", "add") => (&["-C", "--dir", "--filter", "--cwd", "-W"], 1, &['@']),
        ("yarn", "global") => (&["--prefix"], 2, &['@']),
        ("composer", "require") => (&["-d", "--working-dir"], 1, &[':', '=', ' ']),
        ("dotnet", "tool") => (
            &["--version", "--tool-path", "--add-source", "--framework", "--configfile"],
            2,
            &['@'],
        ),
        ("conda" | "mamba" | "micromamba", "install") => (
            &["-c", "--channel", "-n", "--name", "-p", "--prefix", "--file", "-f", "--solver"],
            1,
            &['=', '<', '>'],
        ),
        ("luarocks", "install") => (&["--server", "--tree", "--lua-version"], 1, &[]),
        ("cpanm", _) => (&["-l", "-L", "--mirror", "--installdeps"], 0, &['@', '~']),
        _ => return None,
    };
    let options = command.options(valued);
    let decides = [
        "--version",
        "--vers",
        "--git",
        "--path",
        "--rev",
        "--tag",
        "--file",
        "-f",
        "--installdeps",
        "--locked-versions",
        "--no-install",
        "--help",
        "--list",
    ];
    let operands = options.operands.get(skip..)?;
    let word = *operands.first()?;
    let sub = options.operands.get(skip.saturating_sub(1)).map(|it| it.text().into_owned());
    let installs = match (&*command.program, sub.as_deref()) {
        ("dotnet", verb) => verb == Some("install"),
        ("yarn", verb) if skip == 2 => verb == Some("add"),
        _ => true,
    };
    if !installs {
        return None;
    }
    // Some take the version as a second word.
    let second = operands.get(1).map(|it| it.text().into_owned()).unwrap_or_default();
    let versioned =
        second.starts_with(|it: char| it.is_ascii_digit() || matches!(it, '^' | '~' | '>' | '$'));
    if command.runs(&["luarocks", "composer"]) && versioned {
        return Some((word, false));
    }
    let open = |word: &&ShellWord| is_open(command, word, separators);
    let given = options.has(&decides) || has_package(&options);
    match operands.iter().copied().find(|it| open(it)).filter(|_| !given) {
        Some(first) if !command.runs(&["npx", "bunx"]) && skip > 0 => Some((first, true)),
        // Behind its name stand a program's own arguments.
        _ => Some((word, !given && open(&word))),
    }
}

/// `npx -p name@1 program`
fn has_package(options: &Options<'_>) -> bool {
    options.has(&["-p", "--package"])
        && options.flag(&["-p", "--package"]).is_some_and(|it| it.value.is_some())
}

fn is_open(command: &RunCommand, word: &ShellWord, separators: &[char]) -> bool {
    let Some(text) = word.literal() else { return false };
    let plain = text.strip_prefix('@').unwrap_or(&text);
    let local = text.starts_with(['.', '/'])
        || text.contains("://")
        || text.ends_with(".tgz")
        || text.ends_with(".tar.gz");
    let latest = plain.ends_with("@latest");
    // A program of the project, whose lock file names it.
    let project = command.runs(&["npx"]) && !latest && !plain.contains('@');
    !local && !project && (latest || !plain.contains(separators))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn packages_without_a_version_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM rust:1.91
RUN cargo install --locked cargo-chef
#                          ^^^^^^^^^^ `cargo-chef` is whatever version is newest on the day of the build
RUN npx create-app@latest x && pnpm dlx degit a/b
#       ^^^^^^^^^^^^^^^^^ `create-app@latest` is whatever version is newest on the day of the build
#                                       ^^^^^ `degit` is whatever version is newest on the day of the build
RUN yarn global add @scope/tool && composer require "monolog/monolog"
#                   ^^^^^^^^^^^ `@scope/tool` is whatever version is newest on the day of the build
#                                                   ^^^^^^^^^^^^^^^^^ `monolog/monolog` is whatever version is newest on the day of the build
RUN dotnet tool install --global dotnet-ef && luarocks install busted
#                                ^^^^^^^^^ `dotnet-ef` is whatever version is newest on the day of the build
#                                                              ^^^^^^ `busted` is whatever version is newest on the day of the build
RUN conda install -y python=3.12 numpy
#                                ^^^^^ `numpy` is whatever version is newest on the day of the build
"#,
        );
    }

    #[test]
    fn versions_of_all_kinds() {
        for run in [
            "cargo install cargo-chef --version 0.1.71",
            "cargo install cargo-chef@0.1.71",
            "cargo install --path .",
            "cargo install --git https://example.com/x --rev abc x",
            "npx tsc --build",
            "npx -p typescript@5 tsc",
            "yarn add @scope/tool@1.2.3 left@1",
            "yarn install",
            "composer require monolog/monolog:^3",
            "dotnet tool install dotnet-ef --version 9.0.0",
            "dotnet tool restore",
            "conda install -y numpy=2.1",
            "conda install --file env.txt",
            "luarocks install busted 2.2.0",
            "composer require guzzlehttp/guzzle 6.2.0",
            "cargo install $TOOL",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\nRUN {run}\n"));
        }
    }
}
