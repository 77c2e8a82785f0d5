//! A setting that lets everybody in.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Outcome, Severity, quote};
use std::collections::BTreeMap;

use crate::commands::RunCommand;
use crate::facts::{EnvVar, Origin, Reach, Seen};
use crate::starts::starts;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "auth-disabled-setting",
    title: "A setting switches the login of a service off",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("auth_disabled_setting.md"),
    check,
};

/// Variables, and the values that switch the login off; nothing for any value at all.
const VARIABLES: [(&str, &[&str]); 14] = [
    ("POSTGRES_HOST_AUTH_METHOD", &["trust"]),
    ("ALLOW_EMPTY_PASSWORD", &["yes", "true", "1"]),
    ("MYSQL_ALLOW_EMPTY_PASSWORD", &[]),
    ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", &[]),
    ("MARIADB_ALLOW_EMPTY_PASSWORD", &[]),
    ("xpack.security.enabled", &["false"]),
    ("DISABLE_SECURITY_PLUGIN", &["true"]),
    ("DISABLE_SECURITY_DASHBOARDS_PLUGIN", &["true"]),
    ("GF_AUTH_ANONYMOUS_ENABLED", &["true", "1"]),
    ("ME_CONFIG_BASICAUTH", &["false"]),
    ("NEO4J_AUTH", &["none"]),
    ("ALLOW_ANONYMOUS_LOGIN", &["yes", "true", "1"]),
    ("DISABLE_AUTH", &["true", "1", "yes"]),
    ("CODE_SERVER_AUTH", &["none"]),
];

fn check(case: &Case, out: &mut Outcome) {
    let mut last: BTreeMap<(Input, &str), (&Seen<EnvVar>, &EnvVar)> = BTreeMap::new();
    for seen in case.facts.env.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(it) = &seen.value else { continue };
        if it.origin == Origin::Env && VARIABLES.iter().any(|(name, _)| *name == it.name) {
            last.insert((seen.via, &it.name), (seen, it));
        }
    }
    for (seen, it) in last.into_values() {
        let value = it.value.as_deref().unwrap_or_default();
        let off = VARIABLES.iter().filter(|(name, _)| *name == it.name).any(|(_, values)| {
            let listed = values.iter().any(|it| it.eq_ignore_ascii_case(value));
            listed || (values.is_empty() && !value.is_empty())
        });
        if off {
            let message =
                format!("with {} everybody who reaches the service gets in", quote(&it.name));
            out.fail(&seen.at, message);
        } else {
            out.clear(&seen.at, "the login stays");
        }
    }
    for start in starts(case) {
        match option(&start.command) {
            Some(word) => {
                let message = format!(
                    "with {} everybody who reaches the service gets in",
                    quote(&word.text())
                );
                out.fail(&start.place(std::slice::from_ref(word)), message);
            }
            None => out.clear(&start.at, "no option that switches the login off"),
        }
    }
}

/// The option of a start command that switches the login off.
fn option(it: &RunCommand) -> Option<&ShellWord> {
    let words = it.arguments();
    let valued = |name: &str, value: &str| {
        let at = words.iter().position(|it| it.is(name))?;
        words.get(at).filter(|_| words.get(at + 1).is_some_and(|it| it.is(value)))
    };
    let glued = |whole: &str| words.iter().find(|it| it.is(whole));
    match &*it.program {
        "code-server" | "openvscode-server" => valued("--auth", "none")
            .or_else(|| glued("--auth=none"))
            .or_else(|| glued("--without-connection-token")),
        "jupyter" | "jupyter-lab" | "jupyter-notebook" | "start-notebook.sh"
        | "start-notebook.py" => {
            let empty = |text: &str| {
                text.ends_with(".token=")
                    || text.ends_with(".token=''")
                    || text.ends_with(".token=\"\"")
            };
            words.iter().find(|it| empty(&it.text()))
        }
        "mongod" => glued("--noauth"),
        "filebrowser" => glued("--noauth"),
        "redis-server" | "valkey-server" => valued("--protected-mode", "no"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn variables_and_options() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV POSTGRES_HOST_AUTH_METHOD=trust MYSQL_ALLOW_EMPTY_PASSWORD=1
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ with `POSTGRES_HOST_AUTH_METHOD` everybody who reaches the service gets in
#                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ with `MYSQL_ALLOW_EMPTY_PASSWORD` everybody who reaches the service gets in
ENV NEO4J_AUTH=none
ENV NEO4J_AUTH=neo4j/x GF_AUTH_ANONYMOUS_ENABLED=false
CMD ["code-server", "--auth", "none"]
#                   ^^^^^^^^ with `--auth` everybody who reaches the service gets in
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD ["redis-server", "--protected-mode", "yes"]
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD jupyter lab --ServerApp.token=''
#               ^^^^^^^^^^^^^^^^^^^^ with `--ServerApp.token=` everybody who reaches the service gets in
"#,
        );
    }
}
