//! The file does not build.

use dockerfile::{Dockerfile, ErrorKind, Stages};
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity};

use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "invalid-instruction",
    title: "The Dockerfile does not build",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "parse-error",
        "unknown-instruction",
        "instruction-before-from",
        "no-stages",
        "missing-arguments",
        "extra-arguments",
        "invalid-flag",
        "invalid-run-option",
        "invalid-stage-name",
        "invalid-platform",
        "DL1000",
        "DL3061",
        "DF071",
        "S2260",
        "invalid-image-reference",
        "circular-stages",
        "shell-needs-json",
        "port-out-of-range",
        "expose-invalid-protocol",
        "onbuild-forbidden-trigger",
        "key-value-syntax",
        "unsupported-substitution",
        "invalid-healthcheck",
        "invalid-stopsignal",
        "heredoc-terminator-indent",
        "parser-directive-invalid",
        "DL3011",
        "DL3043",
        "DS-0008",
        "71bf8cf8",
        "invalid-port",
        "DF037",
        "DF040",
        "DF068",
        "require-stages",
        "circular-stage-deps",
        "invalid-onbuild-trigger",
        "invalid_line",
        "invalid_command",
        "from_first",
        "required_params",
        "missing_args",
        "extra_args",
        "healthcheck_options_missing_args",
        "invalid_format",
        "label_invalid",
        "invalid_port",
        "INVALID_SYNTAX",
        "UNKNOWN_INSTRUCTION",
        "NO_SOURCE_IMAGE",
        "ARGUMENT_MISSING",
        "ARGUMENT_REQUIRES_ONE",
        "ARGUMENT_REQUIRES_AT_LEAST_ONE",
        "ARGUMENT_REQUIRES_TWO",
        "ARGUMENT_REQUIRES_AT_LEAST_TWO",
        "ARGUMENT_EXTRA",
        "ARGUMENT_UNNECESSARY",
        "ARGUMENT_REQUIRES_ONE_OR_THREE",
        "INVALID_AS",
        "UNKNOWN_ADD_FLAG",
        "UNKNOWN_COPY_FLAG",
        "UNKNOWN_FROM_FLAG",
        "UNKNOWN_HEALTHCHECK_FLAG",
        "FLAG_DUPLICATE",
        "FLAG_MISSING_VALUE",
        "FLAG_EXPECTED_BOOLEAN_VALUE",
        "FLAG_INVALID_LINK_VALUE",
        "FLAG_INVALID_FROM_VALUE",
        "INVALID_REFERENCE_FORMAT",
        "INVALID_BUILD_STAGE_NAME",
        "SHELL_JSON_FORM",
        "SHELL_REQUIRES_ONE",
        "INVALID_PORT",
        "INVALID_PROTO",
        "ONBUILD_CHAINING_DISALLOWED",
        "ONBUILD_TRIGGER_DISALLOWED",
        "SYNTAX_MISSING_EQUALS",
        "SYNTAX_MISSING_NAMES",
        "SYNTAX_MISSING_SINGLE_QUOTE",
        "SYNTAX_MISSING_DOUBLE_QUOTE",
        "UNSUPPORTED_MODIFIER",
        "UNKNOWN_TYPE",
        "HEALTHCHECK_CMD_ARGUMENT_MISSING",
        "FLAG_INVALID_DURATION",
        "FLAG_LESS_THAN_1MS",
        "FLAG_MISSING_DURATION",
        "FLAG_UNKNOWN_UNIT",
        "FLAG_AT_LEAST_ONE",
        "INVALID_SIGNAL",
        "INVALID_ESCAPE_DIRECTIVE",
        "DUPLICATED_ESCAPE_DIRECTIVE",
        "InvalidInstruction",
        "ParserWarning",
        "UnrecognizedInstruction",
        "FromMissingImage",
        "RunMissingCommand",
        "CmdMissingCommand",
        "EntrypointMissingCommand",
        "ShellMissingConfig",
        "VolumeMissingPath",
        "UserMissingValue",
        "LabelMissingKeyValue",
        "EnvMissingKeyValue",
        "ArgMissingName",
        "CopyMissingArguments",
        "AddMissingArguments",
        "OnbuildMissingInstruction",
        "StopsignalMissingValue",
        "MaintainerMissingName",
        "CopyInvalidFlag",
        "AddInvalidFlag",
        "RunInvalidMountFlag",
        "RunInvalidNetworkFlag",
        "RunInvalidSecurityFlag",
        "FromInvalidImageReference",
        "FromInvalidStageName",
        "FromInvalidPlatform",
        "ShellRequiresJsonForm",
        "ShellInvalidJsonForm",
        "ExposePortOutOfRange",
        "ExposeInvalidProtocol",
        "LabelInvalidFormat",
        "EnvInvalidFormat",
        "ArgInvalidFormat",
        "HealthcheckMissingCmd",
    ],
    doc: page!("invalid_instruction.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let errors = build.dockerfile.errors.iter().chain(&build.stages.errors);
        let mut sound = true;
        for it in errors {
            sound = false;
            let at = Locus::Text { source: build.source, span: it.span };
            // Names of images that variables decide have rules of their own.
            let of_image = matches!(it.kind, ErrorKind::BlankBase | ErrorKind::BadImage(_));
            if of_image && case.under(&at).contains('$') {
                continue;
            }
            let change = meant(case, &at, &it.kind).filter(|it| helps(case, build, it));
            out.fail(&at, it.kind.message()).fix(change);
        }
        if let (true, Some(first)) = (sound, build.dockerfile.instructions().next()) {
            let at = Locus::Text { source: build.source, span: first.word.span };
            out.clear(&at, "every instruction can be read");
        }
    }
}

/// Puts what was probably meant in the place of what is misspelt.
fn meant(case: &Case, at: &Locus, kind: &ErrorKind) -> Option<Fix> {
    match kind {
        ErrorKind::UnknownInstruction(word, Some(near)) if is_slip(word, near) => {
            fix::replace(format!("Write `{near}`"), at, near, Safety::Review)
        }
        ErrorKind::UnknownFlag(_, _, Some(near)) => {
            let rest = case.under(at).split_once('=').map(|(_, value)| value);
            let with = rest.map_or(format!("--{near}"), |it| format!("--{near}={it}"));
            fix::replace(format!("Write `--{near}`"), at, &with, Safety::Review)
        }
        _ => None,
    }
}

/// More mistakes than this are not slips, and trying a change reads the whole file.
const MANY: usize = 20;

/// Whether the file has fewer mistakes with a change in it.
fn helps(case: &Case, build: &Build, change: &Fix) -> bool {
    let count = |file: &Dockerfile, stages: &Stages| file.errors.len() + stages.errors.len();
    let before = count(&build.dockerfile, &build.stages);
    if before > MANY {
        return false;
    }
    let Ok(mended) = text::apply(case.text(build.source), &change.edits) else { return false };
    let file = dockerfile::parse(&mended);
    count(&file, &Stages::of(&file, &case.settings.arguments)) < before
}

/// Whether a word differs from another by one letter, or by two that changed places. `chmod` is
/// somewhat near to `CMD`, and more likely the next line of a command.
fn is_slip(word: &str, meant: &str) -> bool {
    let word = word.to_ascii_uppercase();
    let (a, b) = (word.as_bytes(), meant.as_bytes());
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    let behind = |it: &[u8], from: usize| it.get(from..).unwrap_or_default().to_vec();
    let swapped = matches!((a, b), ([a, b, ..], [c, d, ..]) if a == d && b == c);
    behind(a, 1) == b
        || a == behind(b, 1)
        || behind(a, 1) == behind(b, 1)
        || (swapped && behind(a, 2) == behind(b, 2))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_was_meant_is_said() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUNN make
#^^^ `RUNN` is no instruction; did you mean `RUN`?
COPY --form=build a b
#    ^^^^^^^^^^^^ `COPY` has no flag `--form`; did you mean `--from`?
RUN --mount=type=secert,id=a make
#           ^^^^^^^^^^^ `secert` is no type of mount; did you mean `secret`?
HEALTHCHECK --interval=5 CMD true
#           ^^^^^^^^^^^^ the flag `--interval` cannot be `5`; it is a duration such as `30s` or `1m30s`
"#,
        );
    }

    #[test]
    fn a_slip_is_mended_if_that_helps() {
        let mended = |text: &str| crate::tests::fixed(&RULE, text);
        assert_eq!(mended("FROM debian:13\nUSRE 1000\n"), "FROM debian:13\nUSER 1000\n");
        for text in ["FROM debian:13\nENVV A=\"\n", "ENVV A=1\nFROM debian:13\n"] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn one_letter_is_a_slip() {
        for word in ["RUNN", "RN", "RAN", "RNU", "run"] {
            assert!(super::is_slip(word, "RUN"), "{word}");
        }
        for word in ["chmod", "make", "ls"] {
            assert!(!super::is_slip(word, "CMD"), "{word}");
        }
    }

    #[test]
    fn a_mistake_does_not_hide_the_next_one() {
        check_dockerfile(
            &RULE,
            r#"
RUN make
#^^ `RUN` stands before the first `FROM`; only `ARG` may
FROM debian:13 as 1st
#                 ^^^ `1st` cannot name a stage: names start with a letter and hold letters, digits, `-`, `_` and `.`
ENV A=1 B
#       ^ `B` has no `=`; pairs have the form `name=value`
EXPOSE 8000-8001:80-82 127.0.0.300:80:80 127.0.0.1:80:80 90-80 8000-8001:80
#      ^^^^^^^^^^^^^^^ `8000-8001:80-82` is no port or range of ports from 0 to 65535
#                      ^^^^^^^^^^^^^^^^^ `127.0.0.300:80:80` is no port or range of ports from 0 to 65535
#                                                        ^^^^^ `90-80` is no port or range of ports from 0 to 65535
ADD --checksum=sha256:abc a /b
#   ^^^^^^^^^^^^^^^^^^^^^ the flag `--checksum` cannot be `sha256:abc`; it is for a single source that is fetched
ADD --checksum=sha256:abc https://example.com/a /b
EXPOSE 80/tpc
#      ^^^^^^ `tpc` is no protocol; it is `tcp`, `udp` or `sctp`
"#,
        );
    }
}
