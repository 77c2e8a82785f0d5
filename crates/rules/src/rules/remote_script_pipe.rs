//! What the network sends is run as it comes.

use dockerfile::shell::{Part, ShellWord};
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use crate::commands::{RunCommand, Target, commands};
use crate::facts::RunStep;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "remote-script-pipe",
    title: "What the network sends is run unseen",
    question: Some(Question::Tools),
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["DF021", "S6474"],
    doc: page!("remote_script_pipe.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut found = false;
        for command in &step.commands {
            let hit = piped(step, command).or_else(|| substituted(command));
            if let Some((span, message)) = hit {
                out.fail(&Locus::Text { source: *source, span }, message);
                found = true;
            }
        }
        if !found {
            out.clear(&seen.at, "nothing is run straight from the network");
        }
    }
}

type Found = (Span, String);

/// `curl … | sh`, with anything in between: `command` is what runs it.
fn piped(step: &RunStep, command: &RunCommand) -> Option<Found> {
    if command.place.index == 0 || !runs_its_input(command) {
        return None;
    }
    let mut before = step.pipeline(command).filter(|it| it.place.index < command.place.index);
    let fetch = before.find(|it| sends_on(it))?;
    let span = fetch.program_span().to(command.simple.span);
    Some((span, message(&fetch.program, &command.program)))
}

fn message(fetcher: &str, runner: &str) -> String {
    format!("what {} fetches is run by {} unseen", quote(fetcher), quote(runner))
}

/// `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <(curl …)`, `. <(curl …)`.
fn substituted(command: &RunCommand) -> Option<Found> {
    let arguments = command.arguments();
    let word = match &*command.program {
        "eval" | "source" | "." => arguments.first()?,
        program if is_interpreter(program) => match arguments.iter().position(takes_script) {
            Some(index) => arguments.get(index + 1)?,
            None => arguments.iter().find(|it| !it.text().starts_with('-'))?,
        },
        _ => return None,
    };
    let inside = word.parts.iter().filter_map(|it| match it {
        Part::Commands { script, .. } | Part::Process { script, .. } => Some(script.clone()),
        Part::Literal { .. } | Part::Variable { .. } | Part::Arithmetic { .. } => None,
    });
    let fetch = inside.flat_map(|it| commands(it, true)).find(sends_on)?;
    Some((command.simple.span, message(&fetch.program, &command.program)))
}

/// Whether a command writes what it fetches from elsewhere to its output.
fn sends_on(command: &RunCommand) -> bool {
    let Some(fetch) = command.fetches() else { return false };
    let local = |(url, _): &(String, Span)| {
        ["localhost", "127.0.0.1", "file:"].iter().any(|it| url.contains(it))
    };
    fetch.target == Target::Output && !fetch.urls.iter().any(local)
}

/// Whether an interpreter runs what comes in: it has no script of its own.
fn runs_its_input(command: &RunCommand) -> bool {
    if !is_interpreter(&command.program) {
        return false;
    }
    let arguments = command.arguments();
    let shell = is_shell(&command.program);
    // A shell's `-s` says that the rest are arguments of what comes in.
    let from_input = |it: &ShellWord| {
        let text = it.text();
        let cluster = text.starts_with('-') && !text.starts_with("--");
        text == "-" || text == "/dev/stdin" || (shell && cluster && text.contains('s'))
    };
    if arguments.iter().any(from_input) {
        return true;
    }
    let own_script = |it: &ShellWord| takes_script(it) || it.is("-m") || it.is("-e") || it.is("-n");
    !arguments.iter().any(own_script)
        && arguments.iter().all(|it| it.text().starts_with(['-', '+']))
}

/// `-c` and clusters that end in it: the next word is the script.
fn takes_script(word: &ShellWord) -> bool {
    let text = word.text();
    text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
}

fn is_shell(program: &str) -> bool {
    matches!(program, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" | "fish")
}

fn is_interpreter(program: &str) -> bool {
    let name = program.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
    is_shell(name) || matches!(name, "python" | "perl" | "ruby" | "node" | "php" | "pwsh")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn every_way_of_running_it_unseen() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN su app -c 'umask 2 && curl -s https://example.com/x | sh'
#                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ what `curl` fetches is run by `sh` unseen
RUN curl -fsSL https://example.com/x | sudo -E bash -
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ what `curl` fetches is run by `bash` unseen
RUN wget -qO- https://example.com/x | tr a b | sh -s -- --yes
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ what `wget` fetches is run by `sh` unseen
RUN sh -c "$(curl -fsSL https://example.com/x)" "" --yes
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ what `curl` fetches is run by `sh` unseen
RUN bash <(curl -s https://example.com/x)
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ what `curl` fetches is run by `bash` unseen
RUN curl https://example.com/x | python3.12
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ what `curl` fetches is run by `python3.12` unseen
"#,
        );
    }

    #[test]
    fn other_pipes_run_nothing() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl https://example.com/x | tar xz
RUN curl https://example.com/x | python3 -m json.tool
RUN curl https://example.com/x | sh -c 'cat > /x'
RUN curl https://example.com/x -o x && sh x
RUN echo curl | sh
RUN curl http://localhost/x | sh
RUN curl https://example.com/key | gpg --dearmor | tee /x
"#,
        );
    }
}
