//! A key is trusted for every package repository, not only for its own.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::RunCommand;
use crate::facts::{Reach, Step};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "apt-key-global-trust",
    title: "A key is trusted for every apt repository",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("apt_key_global_trust.md"),
    check,
};

const MESSAGE: &str =
    "whoever has this key can sign packages of every repository, Debian's own too";
/// Where apt looks for keys that count everywhere.
const GLOBAL: &str = "/etc/apt/trusted.gpg";
/// Where keys lie that count where they are named only.
const KEYRINGS: [&str; 2] = ["/etc/apt/keyrings", "/usr/share/keyrings"];
/// Most words are shorter than any of these, and need no search.
const SHORTEST: usize = KEYRINGS[0].len();

fn check(case: &Case, out: &mut Outcome) {
    let mut scoped = None;
    for step in case.facts.steps() {
        for command in &step.run.commands {
            if command.runs(&["apt-key"]) {
                apt_key(&step, command, out);
            } else if let Some(at) = into_global(&step, command) {
                out.fail(&at, MESSAGE);
            } else if names_keyrings(command) {
                scoped = scoped.or(Some(step.at.clone()));
            }
        }
    }
    for seen in case.facts.copies.iter().filter(|it| it.reach != Reach::Unused) {
        let Ok(copy) = &seen.value else { continue };
        if copy.destination.starts_with(GLOBAL) {
            out.fail(&seen.at, MESSAGE);
        } else if copy.destination.contains("/keyrings") {
            scoped = scoped.or(Some(seen.at.clone()));
        }
    }
    if let (true, Some(at)) = (out.findings.is_empty(), scoped) {
        out.clear(&at, "the key counts where it is named");
    }
}

/// `apt-key add`, and whatever else brings a key.
fn apt_key(step: &Step<'_>, command: &RunCommand, out: &mut Outcome) {
    let brings = ["add", "adv", "--recv-keys", "--recv", "--fetch-keys", "--keyserver"];
    let arguments = command.arguments();
    let word = arguments.iter().find(|it| brings.contains(&&*it.text()));
    // With a keyring of its own it is only a way to write one.
    let own = |it: &str| it.starts_with("--keyring") || it.contains("/keyrings/");
    if let (Some(word), false) = (word, arguments.iter().any(|it| own(&it.text()))) {
        let span = command.program_span().to(word.span);
        out.fail(&step.at(span), MESSAGE);
    }
}

/// A key that is written where it counts everywhere.
fn into_global(step: &Step<'_>, command: &RunCommand) -> Option<Locus> {
    let targets = command.simple.redirects.iter().map(|it| &it.target);
    let mut words = command.arguments().iter().chain(targets);
    let found = words.find(|it| {
        let text = it.text();
        if text.len() < SHORTEST || !text.contains(GLOBAL) {
            return false;
        }
        let path = text.split_once(':').map_or(&*text, |(_, path)| path);
        let path = path.rsplit('=').next().unwrap_or(path);
        path.starts_with(GLOBAL)
    })?;
    // Looking at it, or taking it away, brings nothing.
    if command.runs(&[
        "rm", "ls", "chmod", "chown", "test", "[", "cat", "find", "mkdir", "grep", "file", "touch",
    ]) && !command.simple.redirects.iter().any(|it| it.target.text().starts_with(GLOBAL))
    {
        return None;
    }
    // What is moved away from there is moved away.
    let last = command.arguments().last().map(|it| it.span);
    let away = command.runs(&["mv", "cp"]) && last != Some(found.span);
    (!away).then(|| step.at(found.span))
}

/// Whether a command names a folder of keys that count where they are named only.
fn names_keyrings(command: &RunCommand) -> bool {
    let targets = command.simple.redirects.iter().map(|it| &it.target);
    command.arguments().iter().chain(targets).any(|it| {
        let text = it.text();
        text.len() >= SHORTEST && KEYRINGS.iter().any(|it| text.contains(it))
    })
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE, RULE};
    use crate::tests::check_dockerfile;

    #[test]
    fn global_keys_are_marked() {
        let text = r#"
FROM debian:12
RUN curl -fsSL https://example.com/key | apt-key add -
#                                        ^^^^^^^^^^^ MESSAGE
RUN apt-key adv --keyserver hkp://keyserver.ubuntu.com --recv-keys 0123
#   ^^^^^^^^^^^ MESSAGE
RUN curl -fsSLo /etc/apt/trusted.gpg.d/x.asc https://example.com/key
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ MESSAGE
RUN wget -qO- https://example.com/key | gpg --dearmor > /etc/apt/trusted.gpg.d/x.gpg
#                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ MESSAGE
COPY key.gpg /etc/apt/trusted.gpg.d/
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ MESSAGE
"#;
        check_dockerfile(&RULE, &text.replace("MESSAGE", MESSAGE));
    }

    #[test]
    fn scoped_keys_and_other_uses_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:12
RUN curl -fsSL https://example.com/key | gpg --dearmor -o /etc/apt/keyrings/x.gpg
RUN apt-key list && apt-key del 0123 && rm -f /etc/apt/trusted.gpg.d/x.gpg
RUN apt-key --keyring /etc/apt/keyrings/x.gpg add key.asc
RUN mv /etc/apt/trusted.gpg.d/x.gpg /etc/apt/keyrings/
"#,
        );
    }
}
