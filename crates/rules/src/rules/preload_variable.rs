//! A variable makes every program load more than itself.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::{Origin, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "preload-variable",
    title: "A variable makes programs load something else first",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("preload_variable.md"),
    check,
};

/// Libraries and agents that are loaded this way on purpose, as their documentation says.
const WANTED: [&str; 24] = [
    "/activate",
    "scl_enable",
    "appdynamics",
    "applicationinsights",
    "contrast",
    "datadog",
    "dd-java-agent",
    "dd-trace",
    "dynatrace",
    "elastic-apm",
    "faketime",
    "glowroot",
    "gperftools",
    "hoard",
    "jacoco",
    "jemalloc",
    "jmx_prometheus",
    "mimalloc",
    "newrelic",
    "nss_wrapper",
    "opentelemetry",
    "otel",
    "skywalking",
    "tcmalloc",
];

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.env.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run)
    {
        let Ok(it) = &seen.value else { continue };
        if it.origin != Origin::Env {
            continue;
        }
        let value = it.value.as_deref().unwrap_or_default();
        let Some(what) = loads(&it.name, value) else { continue };
        let lower = value.to_ascii_lowercase();
        if value.is_empty() || WANTED.iter().any(|it| lower.contains(it)) {
            out.clear(&seen.at, "what is loaded is known, or nothing");
        } else {
            out.fail(&seen.at, format!("{what} {} before its own code", quote(value)));
        }
    }
}

/// What a variable makes programs do.
fn loads(name: &str, value: &str) -> Option<&'static str> {
    match name {
        "LD_PRELOAD" | "LD_AUDIT" => Some("every program loads"),
        "BASH_ENV" => Some("every script of bash runs"),
        "PYTHONSTARTUP" => Some("Python at a terminal runs"),
        "NODE_OPTIONS"
            if value.contains("--require")
                || value.contains("--import")
                || value.contains("-r ") =>
        {
            Some("every Node process runs")
        }
        "JAVA_TOOL_OPTIONS" | "JDK_JAVA_OPTIONS"
            if value.contains("-javaagent:") || value.contains("-agentpath:") =>
        {
            Some("every Java process runs")
        }
        "RUBYOPT" if value.contains("-r") => Some("every Ruby process runs"),
        "PERL5OPT" if value.contains("-M") => Some("every Perl process runs"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_is_loaded_decides() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV LD_PRELOAD=/opt/hook.so
#   ^^^^^^^^^^^^^^^^^^^^^^^ every program loads `/opt/hook.so` before its own code
ENV LD_PRELOAD=/usr/lib/libjemalloc.so.2 NODE_OPTIONS=--max-old-space-size=4096
ENV NODE_OPTIONS="--require /srv/hook.js"
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ every Node process runs `--require /srv/hook.js` before its own code
ENV JAVA_TOOL_OPTIONS="-javaagent:/opentelemetry.jar" LD_PRELOAD=
"#,
        );
    }
}
