//! An address carries a login that a variable brings.

use dockerfile::shell::{Part, ShellWord};
use dockerfile::{Kind, Word};
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use crate::case::Build;
use crate::commands::RunCommand;
use crate::facts::{Reach, RunStep};
use crate::secret_flow::MountedSecrets;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "variable-in-url-userinfo",
    title: "A variable puts a login into an address",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("variable_in_url_userinfo.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let mounted = MountedSecrets::of(step);
        let mut any = false;
        for command in &step.commands {
            for (span, name) in logins(step, command, &mounted) {
                let what = message(&name, keeps(command));
                let at = Locus::Text { source: *source, span };
                out.fail(&at, what).related(&at, format!("the right way: {}", remedy(command)));
                any = true;
            }
        }
        if !any {
            out.clear(&seen.at, "no address here carries a login from a variable");
        }
    }
    for build in &case.builds {
        instructions(build, out);
    }
}

fn message(name: &str, keeps: Option<&str>) -> String {
    let name = quote(name);
    match keeps {
        Some(file) => {
            format!(
                "{name} is the login of this address; the history keeps its value, and {} the address",
                quote(file)
            )
        }
        None => {
            format!("{name} is the login of this address; the history of the image keeps its value")
        }
    }
}

/// The file in which a program keeps the addresses that it is given.
fn keeps(command: &RunCommand) -> Option<&'static str> {
    let verb = |of: &[&str]| command.arguments().iter().any(|it| of.iter().any(|verb| it.is(verb)));
    match &*command.program {
        "git" if verb(&["clone", "remote", "submodule"]) => Some(".git/config"),
        "git" if verb(&["config"]) => Some(".gitconfig"),
        "pip" | "pip3" if verb(&["config"]) => Some("pip.conf"),
        "npm" | "yarn" | "pnpm" if verb(&["config", "set"]) => Some(".npmrc"),
        _ => None,
    }
}

fn remedy(command: &RunCommand) -> &'static str {
    match &*command.program {
        "git" => "RUN --mount=type=ssh, or a .netrc that is mounted as a secret",
        "pip" | "pip3" | "uv" | "poetry" => "mount pip.conf or .netrc as a secret",
        "npm" | "yarn" | "pnpm" => "mount .npmrc as a secret",
        _ => "mount a .netrc as a secret and let the program read it",
    }
}

/// The variables that log in somewhere in a command, with their places.
fn logins(step: &RunStep, command: &RunCommand, mounted: &MountedSecrets) -> Vec<(Span, String)> {
    let values = command.simple.assignments.iter().map(|it| &it.value);
    let words = values.chain(&command.simple.words);
    let found = words.filter_map(|word| {
        let parts = userinfo(word);
        let secret = parts.into_iter().find_map(|it| match it {
            Part::Variable { name, raw, .. } => {
                let ours = step.scope.declares(name) && !mounted.names.contains(name);
                (ours && !names_a_user(name)).then(|| (raw.whole(), name.clone()))
            }
            _ => None,
        })?;
        Some(secret)
    });
    found.collect()
}

/// The parts of a word that stand in an address before its host. Used by other rules, too.
pub(super) fn userinfo(word: &ShellWord) -> Vec<&Part> {
    // A word of one part has nothing in the middle of an address.
    if word.parts.len() < 2 {
        return Vec::new();
    }
    let mut inside = false;
    let mut waiting: Vec<&Part> = Vec::new();
    let mut found = Vec::new();
    for part in &word.parts {
        let Part::Literal { text, .. } = part else {
            if inside {
                waiting.push(part);
            }
            continue;
        };
        let mut rest = text.as_str();
        loop {
            if !inside {
                waiting.clear();
                let Some((_, behind)) = rest.split_once("://") else { break };
                (inside, rest) = (true, behind);
            }
            let end = rest.find(['/', '?', '#', ' ', '\n', ',', '"']);
            let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if authority.contains('@') {
                found.append(&mut waiting);
            }
            let Some(end) = end else { break };
            inside = false;
            rest = rest.get(end..).unwrap_or_default();
        }
    }
    found
}

/// Whether a name is that of a user: no secret by itself.
fn names_a_user(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ["user", "username", "login", "usr", "account", "host", "org", "id"].iter().any(|it| {
        lower == *it || lower.ends_with(&format!("_{it}")) || it.len() > 3 && lower.ends_with(it)
    })
}

/// `ADD https://$TOKEN@…` and `ENV URL=https://$TOKEN@…`, which are not read by a shell.
fn instructions(build: &Build, out: &mut Outcome) {
    for (stage, body) in build.stages() {
        if build.reach(stage.id) != Reach::Image {
            continue;
        }
        for it in body {
            let (words, who): (Vec<&Word>, &str) = match &it.kind {
                Kind::Add(paths) => {
                    (paths.sources.iter().collect(), "the history of the image keeps its value")
                }
                Kind::Env(pairs) => (
                    pairs.iter().map(|it| &it.value).collect(),
                    "every container has the address with it",
                ),
                _ => continue,
            };
            for word in words {
                let Some(name) = variable_before_host(word.as_str()) else { continue };
                let name_shown = quote(name);
                out.fail(
                    &build.at(word.span),
                    format!("{name_shown} is the login of this address; {who}"),
                );
            }
        }
    }
}

/// The variable that logs in, in an address that no shell reads.
pub(super) fn variable_before_host(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    // A variable in braces may hold any sign.
    let mut depth = 0;
    let end = rest.find(|it: char| {
        depth += i32::from(it == '{') - i32::from(it == '}');
        depth == 0 && matches!(it, '/' | '?' | '#')
    });
    let (info, _) = rest.get(..end.unwrap_or(rest.len()))?.rsplit_once('@')?;
    info.split('$').skip(1).find_map(|it| {
        let it = it.strip_prefix('{').unwrap_or(it);
        let end = it.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(it.len());
        let name = it.get(..end)?;
        (!name.is_empty() && !names_a_user(name)).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_variable_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG TOKEN
RUN git clone "https://x-token:${TOKEN}@git.example.com/a/b.git" && curl https://$TOKEN@x/y
#                              ^^^^^^^^ `TOKEN` is the login of this address; the history keeps its value, and `.git/config` the address
#                                                                                ^^^^^^ `TOKEN` is the login of this address; the history of the image keeps its value
"#,
        );
    }

    #[test]
    fn hosts_paths_and_users_are_no_logins() {
        check_dockerfile(
            &RULE,
            "\nFROM debian:13\nARG HOST\nARG GIT_USER\nRUN curl https://$HOST/x@y https://git@$HOST/x https://$GIT_USER@x/\n",
        );
    }
}
