//! Whether what a container starts changes to another user by itself.

use crate::Case;
use crate::commands::RunCommand;
use crate::facts::Reach;

/// Programs that change users and then become what they start.
const CHANGES: [&str; 12] = [
    "capsh",
    "chpst",
    "chroot",
    "gosu",
    "runuser",
    "s6-setuidgid",
    "setpriv",
    "setuidgid",
    "su",
    "su-exec",
    "sudo",
    "uid_entrypoint",
];
/// Programs that start others, as users that their settings name.
const SUPERVISORS: [&str; 9] = [
    "circusd",
    "init",
    "monit",
    "my_init",
    "runit",
    "runsvdir",
    "s6-svscan",
    "supervisord",
    "systemd",
];

/// Those of them that are put into an image for its start script, and for nothing else.
const MADE_FOR_SCRIPTS: [&str; 4] = ["chpst", "gosu", "s6-setuidgid", "su-exec"];

/// What a start says about the user that does the work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Drop {
    /// Nothing changes the user.
    None,
    /// A script or a supervisor starts: it may change the user.
    May,
    /// The user is changed.
    Does,
}

/// What the start of the image says.
pub(crate) fn drops(case: &Case) -> Drop {
    let starts: Vec<_> = case.facts.starts().filter(|it| !it.checks_health).collect();
    let all = || starts.iter().flat_map(|it| &it.command.commands);
    let named = |it: &RunCommand, list: &[&str]| {
        it.runs(list)
            || it.simple.words.iter().any(|word| {
                let text = word.text();
                list.contains(&text.rsplit('/').next().unwrap_or(&text))
            })
    };
    if all().any(|it| named(it, &CHANGES)) {
        return Drop::Does;
    }
    let script = |it: &RunCommand| {
        it.program.is_empty()
            || named(it, &SUPERVISORS)
            || it.simple.words.iter().any(|it| {
                let text = it.text();
                let name = text.rsplit('/').next().unwrap_or(&text);
                name.ends_with(".sh") || name.contains("entrypoint") || name.ends_with("bootstrap")
            })
    };
    if all().any(script)
        || starts.iter().any(|it| it.command.shell && !it.command.dialect.is_read())
    {
        return Drop::May;
    }
    Drop::None
}

/// A program of the image that a start script would change the user with: installed, downloaded or
/// tried by a step. The scripts themselves are not part of a Dockerfile.
pub(crate) fn brings_changer(case: &Case) -> Option<&'static str> {
    let packages = case.facts.packages.iter().filter(|it| it.reach == Reach::Image);
    let packages = packages.filter_map(|it| it.value.as_ref().ok());
    let installed: Vec<&str> =
        packages.filter(|it| !it.removed).map(|it| it.name.as_ref()).collect();
    let steps = case.facts.runs.iter().filter(|it| it.reach == Reach::Image);
    let commands = steps.filter_map(|it| it.value.as_ref().ok()).flat_map(|it| &it.commands);
    let words = commands.flat_map(|it| &it.simple.words);
    let named = words.filter_map(|word| {
        let text = word.text();
        let name = text.rsplit('/').next()?;
        MADE_FOR_SCRIPTS.iter().position(|it| *it == name)
    });
    let packaged = MADE_FOR_SCRIPTS.iter().position(|it| installed.contains(it));
    let first = named.chain(packaged).min()?;
    MADE_FOR_SCRIPTS.get(first).copied()
}

/// Whether the image starts a shell to type in, and so nothing that serves anybody.
pub(crate) fn starts_a_shell(case: &Case) -> bool {
    let starts: Vec<_> = case.facts.starts().filter(|it| !it.checks_health).collect();
    let shell = |it: &RunCommand| {
        it.simple.words.last().is_some_and(|word| {
            let text = word.text();
            let name = text.rsplit('/').next().unwrap_or(&text);
            matches!(name, "sh" | "bash" | "ash" | "zsh" | "-i" | "-l" | "--login" | "--")
        })
    };
    !starts.is_empty() && starts.iter().all(|it| it.command.commands.iter().all(shell))
}
