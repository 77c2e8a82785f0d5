//! An array that is none.

use dockerfile::{Form, Healthcheck, Instruction, Kind, Piece};
use report::{Applies, Input, Outcome, Safety, Severity};
use text::Cooked;

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "invalid-json-exec-form",
    title: "What looks like an array is none, so a shell gets it",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "S7030",
        "invalid-json-form",
        "JSON_IN_SINGLE_QUOTES",
        "RunInvalidExecForm",
        "CmdInvalidExecForm",
        "EntrypointInvalidExecForm",
        "VolumeInvalidJsonForm",
    ],
    doc: page!("invalid_json_exec_form.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let it = match &it.kind {
                Kind::Onbuild(Some(trigger)) => trigger,
                _ => it,
            };
            let Some((text, shell)) = text_of(it) else { continue };
            if is_array(&it.kind) {
                out.clear(&build.at(it.word.span), "a proper array");
                continue;
            }
            if !looks_like_array(text.as_str(), shell) {
                continue;
            }
            let at = build.at(text.whole());
            let why = why(text.as_str());
            let then =
                if shell { "a shell runs it as it stands" } else { "it is split at its blanks" };
            let fix = mended(text.as_str())
                .and_then(|array| fix::replace("Write a JSON array", &at, &array, Safety::Review));
            out.fail(&at, format!("this is no JSON array ({why}), so {then}")).fix(fix);
        }
    }
}

/// The text of an instruction's arguments, and whether a shell would run it.
fn text_of(it: &Instruction) -> Option<(&Cooked, bool)> {
    match &it.kind {
        Kind::Run(run) => Some((text(&run.form, &it.args), true)),
        Kind::Cmd(form) | Kind::Entrypoint(form) | Kind::Healthcheck(Healthcheck::Cmd(form)) => {
            Some((text(form, &it.args), true))
        }
        Kind::Add(_) | Kind::Copy(_) | Kind::Volume(_) => Some((&it.args, false)),
        _ => None,
    }
}

fn text<'a>(form: &'a Form, args: &'a Cooked) -> &'a Cooked {
    match form {
        Form::Shell(it) => it,
        Form::Exec(_) => args,
    }
}

/// Whether the arguments were read as an array.
fn is_array(kind: &Kind) -> bool {
    match kind {
        Kind::Run(run) => matches!(run.form, Form::Exec(_)),
        Kind::Cmd(form) | Kind::Entrypoint(form) | Kind::Healthcheck(Healthcheck::Cmd(form)) => {
            matches!(form, Form::Exec(_))
        }
        Kind::Add(paths) | Kind::Copy(paths) => paths.json,
        _ => false,
    }
}

/// `["a", 'b']` and the like. `[ "$x" = y ]` is a test of the shell.
fn looks_like_array(text: &str, shell: bool) -> bool {
    let Some(inner) = text.strip_prefix('[') else { return false };
    if is_json(text) || inner.starts_with('[') {
        return false;
    }
    let first = inner.trim_start();
    let quoted = first.starts_with(['"', '\'']);
    let spaced = inner.starts_with(char::is_whitespace);
    let test = shell && spaced && !inner.contains(',');
    let word =
        first.starts_with(|it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '$' | '.'));
    let bare = text.ends_with(']') && !spaced && word && inner.contains(',');
    (quoted && !test) || bare || (!shell && text.ends_with(']'))
}

fn why(text: &str) -> &'static str {
    let inner = text.trim_start_matches('[').trim_start();
    let body = text.trim_end().trim_end_matches(']').trim_end();
    if inner.starts_with('\'') {
        "single quotes"
    } else if !text.trim_end().ends_with(']') {
        "something is missing or follows at the end"
    } else if body.ends_with(',') {
        "a comma at the end"
    } else if !inner.starts_with('"') {
        "no quotes"
    } else {
        "something in it is no string in double quotes"
    }
}

/// The same as a proper array, if that is plain to see.
fn mended(text: &str) -> Option<String> {
    if text.contains(['\\', '\n']) {
        return None;
    }
    let double = if text.contains('"') { text.to_owned() } else { text.replace('\'', "\"") };
    let body = double.trim_end().strip_suffix(']')?.trim_end();
    let array = format!("{}]", body.strip_suffix(',').unwrap_or(body));
    is_json(&array).then_some(array)
}

/// Whether a text is an array of strings, as an instruction reads it.
fn is_json(text: &str) -> bool {
    let file = dockerfile::parse(&format!("CMD {text}"));
    let first = file.pieces.first().and_then(Piece::instruction);
    first.is_some_and(|it| matches!(&it.kind, Kind::Cmd(Form::Exec(_))))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn what_is_wrong_is_said() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD ['a', 'b']
#   ^^^^^^^^^^ this is no JSON array (single quotes), so a shell runs it as it stands
ENTRYPOINT ["a", "b",]
#          ^^^^^^^^^^^ this is no JSON array (a comma at the end), so a shell runs it as it stands
RUN ["a", $B]
#   ^^^^^^^^^ this is no JSON array (something in it is no string in double quotes), so a shell runs it as it stands
CMD ["a", "b"
#   ^^^^^^^^^ this is no JSON array (something is missing or follows at the end), so a shell runs it as it stands
VOLUME ['/data']
#      ^^^^^^^^^ this is no JSON array (single quotes), so it is split at its blanks
CMD [node, app.js]
#   ^^^^^^^^^^^^^^ this is no JSON array (no quotes), so a shell runs it as it stands
HEALTHCHECK CMD ['true']
#               ^^^^^^^^ this is no JSON array (single quotes), so a shell runs it as it stands
"#,
        );
    }

    #[test]
    fn tests_of_the_shell_are_none() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN [ -f /x ] && make
RUN [[ -f /x ]] && make
RUN [ "$A" = "b" ]
RUN [ 'a' = "$B" ] || exit 1
HEALTHCHECK CMD [ -f /x ]
CMD ["a", "b"]
VOLUME ["/data"]
COPY [a-z]*.txt /x/
"#,
        );
    }

    #[test]
    fn plain_mistakes_are_mended() {
        assert_eq!(
            fixed(&RULE, "FROM a\nCMD ['a', 'b c',]\nRUN [\"a\", ]\nENTRYPOINT [a, b]\n"),
            "FROM a\nCMD [\"a\", \"b c\"]\nRUN [\"a\"]\nENTRYPOINT [a, b]\n"
        );
    }
}
