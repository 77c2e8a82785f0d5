//! Commands that set the modes of files.

use dockerfile::shell::ShellWord;

use super::RunCommand;

/// The word that holds the mode, and the paths it is for.
pub fn mode_and_paths(run: &RunCommand) -> Option<(&ShellWord, Vec<&ShellWord>)> {
    let arguments = run.arguments();
    let is_option = |it: &ShellWord| {
        let text = it.text();
        text.starts_with('-') && !is_symbolic(&text)
    };
    match &*run.program {
        "chmod" => {
            // With `--reference` no mode is written.
            if arguments.iter().any(|it| it.text().starts_with("--reference")) {
                return None;
            }
            let mut words = arguments.iter().filter(|it| !is_option(it));
            let mode = words.next()?;
            Some((mode, words.collect()))
        }
        "mkdir" | "install" => {
            let flag = arguments.iter().position(|it| {
                let text = it.text();
                text == "-m" || text.starts_with("--mode=") || text.starts_with("-m")
            })?;
            let separate = arguments.get(flag)?.is("-m");
            let mode = arguments.get(flag + usize::from(separate))?;
            let others = arguments.iter().filter(|it| !is_option(it) && it.span != mode.span);
            Some((mode, others.collect()))
        }
        "find" => found_by_find(arguments),
        _ => None,
    }
}

/// `find DIRECTORY … -exec chmod MODE {} +`: the mode is for what lies in the directories.
fn found_by_find(arguments: &[ShellWord]) -> Option<(&ShellWord, Vec<&ShellWord>)> {
    let at = arguments.iter().position(|it| it.is("-exec") || it.is("-execdir"))?;
    let (tests, command) = (arguments.get(..at)?, arguments.get(at + 1..)?);
    let (_, words) = command.split_first().filter(|(it, _)| it.is("chmod"))?;
    let mode = words.iter().find(|it| !it.text().starts_with('-'))?;
    let is_start = |it: &&ShellWord| !it.text().starts_with(['-', '(', '!']);
    Some((mode, tests.iter().take_while(is_start).collect()))
}

/// Whether a word is a symbolic mode that starts with a dash, as in `chmod -w file`.
fn is_symbolic(text: &str) -> bool {
    let mode = text.strip_prefix('-').unwrap_or_default();
    !mode.is_empty()
        && mode.bytes().all(|it| matches!(it, b'r' | b'w' | b'x' | b'X' | b's' | b't'))
        && !matches!(text, "-R" | "-x")
}
