//! What the network sends is run as it comes.

use dockerfile::shell::{Command, Invocation, Part, Script, Simple, ShellWord, invocation};
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "remote-script-pipe",
    title: "What the network sends is run unseen",
    question: Some(Question::Tools),
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DF021", "S6474"],
    doc: page!("remote_script_pipe.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut found = Vec::new();
        step.script.visit(&mut |pipeline, _| {
            found.extend(piped(pipeline));
            found.extend(pipeline.iter().filter_map(|it| it.simple()).filter_map(substituted));
        });
        for (span, message) in &found {
            out.fail(&Locus::Text { source: *source, span: *span }, message.clone());
        }
        if found.is_empty() {
            out.clear(&seen.at, "nothing is run straight from the network");
        }
    }
}

type Found = (text::Span, String);

/// `curl … | sh`, with anything in between.
fn piped(pipeline: &[&Command]) -> Option<Found> {
    let (last, before) = pipeline.split_last()?;
    let fetch = before.iter().find_map(|it| fetcher(it.simple()?))?;
    let runner = last.simple().or_else(|| first_of_group(last))?;
    let run = invocation(runner)?;
    if !runs_its_input(&run) {
        return None;
    }
    let span = fetch.word.span.to(runner.span);
    let message = format!(
        "what {} fetches is run by {} unseen",
        quote(&fetch.program),
        quote(&run.program)
    );
    Some((span, message))
}

fn first_of_group(command: &Command) -> Option<&Simple> {
    match command {
        Command::Group(script, _) => script.steps.first()?.command.simple(),
        _ => None,
    }
}

/// `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <(curl …)`, `. <(curl …)`.
fn substituted(command: &Simple) -> Option<Found> {
    let run = invocation(command)?;
    let script_word = match &*run.program {
        "eval" | "source" | "." => run.arguments.first()?,
        program if is_interpreter(program) => match run.arguments.iter().position(takes_script) {
            Some(index) => run.arguments.get(index + 1)?,
            None => run.arguments.iter().find(|it| !it.text().starts_with('-'))?,
        },
        _ => return None,
    };
    let fetch = scripts(script_word).find_map(|it| {
        it.simple_commands().into_iter().find_map(|it| fetcher(it).map(|it| it.program.into_owned()))
    })?;
    let message = format!("what {} fetches is run by {} unseen", quote(&fetch), quote(&run.program));
    Some((command.span, message))
}

fn scripts(word: &ShellWord) -> impl Iterator<Item = &Script> {
    word.parts.iter().filter_map(|it| match it {
        Part::Commands { script, .. } | Part::Process { script, .. } => Some(script),
        Part::Literal { .. } | Part::Variable { .. } | Part::Arithmetic { .. } => None,
    })
}

/// A command that writes what it fetches to its output.
fn fetcher(command: &Simple) -> Option<Invocation<'_>> {
    let run = invocation(command)?;
    let remote = |it: &ShellWord| {
        let text = it.text();
        !text.starts_with("file:") && !text.contains("localhost") && !text.contains("127.0.0.1")
    };
    let fetches = matches!(&*run.program, "curl" | "wget" | "fetch" | "aria2c" | "http" | "lynx");
    (fetches && run.arguments.iter().all(remote)).then_some(run)
}

/// Whether an interpreter runs what comes in: it has no script of its own.
fn runs_its_input(run: &Invocation<'_>) -> bool {
    if !is_interpreter(&run.program) {
        return false;
    }
    let mut arguments = run.arguments.iter();
    // A shell's `-s` says that the rest are arguments of what comes in.
    let from_input = |it: &ShellWord| {
        let text = it.text();
        text == "-" || text == "/dev/stdin" || (is_shell(&run.program) && text.starts_with('-') && !text.starts_with("--") && text.contains('s'))
    };
    if run.arguments.iter().any(from_input) {
        return true;
    }
    if run.arguments.iter().any(|it| takes_script(it) || it.is("-m") || it.is("-e") || it.is("-n")) {
        return false;
    }
    arguments.all(|it| it.text().starts_with(['-', '+']))
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
