//! Syntax of a shell where there is none.

use dockerfile::{Form, Healthcheck, Instruction, Kind, Word};
use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "exec-form-shell-syntax",
    title: "Shell syntax stands in an array, where no shell reads it",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["UndefinedVar"],
    doc: page!("exec_form_shell_syntax.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Some(words) = array(it) else { continue };
            let Some(program) = words.first() else { continue };
            if reads_syntax(program.as_str()) {
                out.clear(
                    &build.at(program.span),
                    "a shell, or a program that resolves such things",
                );
                continue;
            }
            let found =
                words.iter().enumerate().find_map(|(at, it)| Some((it, problem(at, it, words)?)));
            match found {
                Some((word, message)) => {
                    out.fail(&build.at(word.span), message);
                }
                None => out.clear(&build.at(program.span), "plain words"),
            }
        }
    }
}

fn array(it: &Instruction) -> Option<&[Word]> {
    let form = match &it.kind {
        Kind::Run(run) => &run.form,
        Kind::Cmd(form) | Kind::Entrypoint(form) | Kind::Healthcheck(Healthcheck::Cmd(form)) => {
            form
        }
        _ => return None,
    };
    match form {
        Form::Exec(words) => Some(words),
        Form::Shell(_) => None,
    }
}

/// Shells, and programs that read such syntax by themselves or hand it to a shell.
fn reads_syntax(program: &str) -> bool {
    const READERS: [&str; 21] = [
        "sh",
        "bash",
        "ash",
        "dash",
        "zsh",
        "ksh",
        "busybox",
        "cmd",
        "cmd.exe",
        "powershell",
        "pwsh",
        "powershell.exe",
        "pwsh.exe",
        "su",
        "runuser",
        "envsubst",
        "eval",
        "awk",
        "sed",
        "perl",
        "find",
    ];
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    READERS.contains(&&*name.to_ascii_lowercase())
        || name.contains("entrypoint")
        || name.ends_with("sh")
}

fn problem(at: usize, word: &Word, all: &[Word]) -> Option<String> {
    const JOINTS: [&str; 9] = ["&&", "||", "|", ";", ">", ">>", "<", "2>&1", "&"];
    let text = word.as_str();
    // `xargs`, `tini` and the like may hand the rest to a shell.
    let inner = all.get(1..at).unwrap_or_default().iter().any(|it| reads_syntax(it.as_str()));
    if inner {
        return None;
    }
    if at == 0 && text.contains(' ') && all.len() == 1 && !text.contains('\\') {
        return Some("all of this is the name of one program, spaces included".to_owned());
    }
    if JOINTS.contains(&text) {
        return Some(format!("no shell reads this: {} is an argument like any other", quote(text)));
    }
    // Java frameworks resolve what stands in properties.
    let property =
        text.starts_with("-D") && all.first().is_some_and(|it| it.as_str().ends_with("java"));
    let name = variable(text).filter(|_| !property)?;
    Some(format!("no shell reads this: the program gets {} as it stands", quote(name)))
}

/// A variable that a word starts with, or that stands in braces in it.
fn variable(text: &str) -> Option<&str> {
    let is_name = |it: &str| {
        let start = it.starts_with(|c: char| c.is_ascii_uppercase() || c == '_');
        start && it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'_')
    };
    if let Some(rest) = text.strip_prefix('$') {
        let end =
            rest.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(rest.len());
        if is_name(rest.get(..end)?) {
            return text.get(..end + 1);
        }
    }
    let start = text.find("${")?;
    let end = start + text.get(start..)?.find('}')?;
    let name = text.get(start + 2..end)?;
    is_name(name).then(|| text.get(start..=end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn variables_joints_and_whole_commands() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD ["java", "-jar", "$JAR"]
#                    ^^^^^^ no shell reads this: the program gets `$JAR` as it stands
ENTRYPOINT ["/app", "--port=${PORT}"]
#                   ^^^^^^^^^^^^^^^^ no shell reads this: the program gets `${PORT}` as it stands
RUN ["apt-get", "update", "&&", "apt-get", "install"]
#                         ^^^^ no shell reads this: `&&` is an argument like any other
CMD ["nginx -g daemon"]
#   ^^^^^^^^^^^^^^^^^^^ all of this is the name of one program, spaces included
HEALTHCHECK CMD ["curl", "localhost", "||", "exit", "1"]
#                                     ^^^^ no shell reads this: `||` is an argument like any other
"#
            .replace("#   ^^^^^^^^^^^^^^^^^^^ all", "#    ^^^^^^^^^^^^^^^^^ all")
            .as_str(),
        );
    }

    #[test]
    fn shells_and_plain_words_pass() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD ["sh", "-c", "exec java -jar $JAR && true"]
CMD ["/bin/tini", "--", "bash", "-c", "echo $X", ";"]
CMD ["nginx", "-g", "daemon off;"]
CMD ["java", "-Dserver.port=${PORT}", "-jar", "/a.jar"]
CMD ["/app", "price in $", "$schema", "a|b"]
CMD ["C:\\Program Files\\app.exe"]
ENTRYPOINT ["/docker-entrypoint.sh", "$X"]
CMD echo $X && true
"#,
        );
    }
}
