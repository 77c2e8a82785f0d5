//! Syntax of bash for a shell that has none of it.

use dockerfile::shell::Part;
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::commands::RunCommand;
use crate::facts::Dialect;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "bashism-without-shell",
    title: "A step is written for bash and run by another shell",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DF066"],
    doc: page!("bashism_without_shell.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let shell = match step.dialect {
            Dialect::Dash => "dash",
            Dialect::Ash => "the one of BusyBox",
            Dialect::Posix => "",
            Dialect::Bash => {
                out.clear(&seen.at, "bash runs it");
                continue;
            }
            Dialect::Other
            | Dialect::Exec
            | Dialect::PowerShell
            | Dialect::Cmd
            | Dialect::Foreign => continue,
        };
        let own = step.commands.iter().filter(|it| !it.place.inner);
        let found = own.clone().find_map(|it| bashism(it, step.dialect));
        match found {
            Some((what, span)) => {
                let at = Locus::Text { source: *source, span };
                match case.builds.first().and_then(|it| it.base_decides(step.stage)) {
                    Some(why) if shell.is_empty() => out.gap(&at, why),
                    None if shell.is_empty() => {}
                    _ => {
                        out.fail(
                            &at,
                            format!("{} is for bash, and the shell here is {shell}", quote(&what)),
                        );
                    }
                }
            }
            None => {
                if let Some(first) = own.clone().next() {
                    let at = Locus::Text { source: *source, span: first.simple.span };
                    out.clear(&at, "no syntax of bash");
                }
            }
        }
    }
}

/// What a plain shell does not have, with its place. BusyBox has some of it.
fn bashism(it: &RunCommand, dialect: Dialect) -> Option<(String, Span)> {
    const NEVER: [&str; 8] =
        ["pushd", "popd", "declare", "typeset", "shopt", "mapfile", "readarray", "compgen"];
    const BUSYBOX: [&str; 3] = ["[[", "source", "let"];
    if it.wrappers().is_empty() {
        let plain = it.runs(&NEVER) || (it.runs(&BUSYBOX) && dialect != Dialect::Ash);
        if plain {
            return Some((it.program.clone(), it.program_span()));
        }
    }
    if let Some(redirect) = it.simple.redirects.iter().find(|it| it.operator == "<<<") {
        return Some(("<<<".to_owned(), redirect.span));
    }
    let targets = it.simple.redirects.iter().map(|it| &it.target);
    let mut words = it.simple.words.iter().chain(targets);
    let word = words.find(|it| it.parts.iter().any(|it| matches!(it, Part::Process { .. })))?;
    Some(("<(…)".to_owned(), word.span))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_plain_shells_do_not_have() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN [[ -f /etc/x ]] && cat /etc/x
#   ^^ `[[` is for bash, and the shell here is dash
RUN source /etc/profile && env
#   ^^^^^^ `source` is for bash, and the shell here is dash
RUN cat <<< "x"
#       ^^^^^^^ `<<<` is for bash, and the shell here is dash
RUN diff <(ls a) b
#        ^^^^^^^ `<(…)` is for bash, and the shell here is dash
RUN bash -c 'source /x' && . /etc/profile && [ -f x ]
SHELL ["/bin/bash", "-c"]
RUN source /x
"#,
        );
        check_dockerfile(&RULE, "\nFROM alpine:3.22\nRUN [[ -f x ]] && source y\n");
        check_dockerfile(&RULE, "\nFROM fedora:43\nRUN [[ -f x ]] && source y\n");
        check_dockerfile(&RULE, "\nFROM debian:13\nRUN <<EOF\n#!/bin/bash\nsource x\nEOF\n");
    }
}
