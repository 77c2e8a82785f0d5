//! A known server is stopped by a signal on which it drops what it does.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};

use crate::course::Course;
use crate::facts::Start;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "stopsignal-for-service",
    title: "The server needs another stop signal",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["prefer-nginx-sigquit", "prefer-systemd-sigrtmin-plus-3"],
    doc: page!("stopsignal_for_service.md"),
    check,
};

/// Servers with the signal that lets them finish, and what `SIGTERM` does instead.
const SERVERS: [(&str, &str, &str); 9] = [
    ("nginx", "SIGQUIT", "drops open requests"),
    ("openresty", "SIGQUIT", "drops open requests"),
    ("php-fpm", "SIGQUIT", "drops open requests"),
    ("httpd", "SIGWINCH", "drops open requests"),
    ("httpd-foreground", "SIGWINCH", "drops open requests"),
    ("apache2-foreground", "SIGWINCH", "drops open requests"),
    ("apachectl", "SIGWINCH", "drops open requests"),
    ("postgres", "SIGINT", "waits for all clients"),
    ("systemd", "SIGRTMIN+3", "is ignored"),
];

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        // What an image that is not known sets is not known either.
        let Some(base) = course.base() else { continue };
        let starts: Vec<Start<'_>> = case
            .facts
            .starts()
            .filter(|it| !it.checks_health && it.via == Input::Dockerfile)
            .filter(|it| it.source == course.build.source)
            .collect();
        for start in &starts {
            for command in start.command.commands.iter().filter(|it| !it.place.background) {
                let init = command.simple.words.first().is_some_and(|it| {
                    matches!(
                        &*it.text(),
                        "/sbin/init"
                            | "/usr/sbin/init"
                            | "/lib/systemd/systemd"
                            | "/usr/lib/systemd/systemd"
                    )
                });
                let name = if init { "systemd" } else { command.program.as_str() };
                let Some((_, signal, instead)) = SERVERS.iter().find(|it| it.0 == name) else {
                    continue;
                };
                let at = Locus::Text { source: start.source, span: command.program_span() };
                let own = base.presets.command.into_iter().chain(base.presets.entrypoint);
                let sets = own.into_iter().any(|it| it.contains(name));
                if sets
                    || !case.facts.stop_signal.seen.is_empty()
                    || command.arguments().iter().any(|it| it.is("-t") || it.is("-v"))
                {
                    out.clear(
                        &at,
                        format!("{} is stopped as it asks, or as somebody chose", quote(name)),
                    );
                    continue;
                }
                let message = format!(
                    "{} ends in good order on {signal}; on `SIGTERM` it {instead}",
                    quote(name)
                );
                out.fail(&at, message).fix(set(case, &course, signal));
            }
        }
    }
}

/// A `STOPSIGNAL` before the last instruction that starts something.
fn set(case: &Case, course: &Course<'_>, signal: &str) -> Option<Fix> {
    let starts = [&case.facts.entrypoint, &case.facts.cmd];
    let places = starts.into_iter().flat_map(|it| &it.seen).map(|it| &it.at);
    let own = places.filter(|it| course.point(it).is_some());
    let first = own.min_by_key(|it| match it {
        Locus::Text { span, .. } => span.start(),
        Locus::Layer { .. } => u32::MAX,
    })?;
    let title = format!("Stop with {}", quote(signal));
    let line = format!("STOPSIGNAL {signal}{}", fix::line_end(case, first));
    fix::insert_before(title, first, &line, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn servers_on_plain_bases_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.23
CMD ["nginx", "-g", "daemon off;"]
#    ^^^^^^^ `nginx` ends in good order on SIGQUIT; on `SIGTERM` it drops open requests
"#,
        );
        for text in [
            "FROM nginx:1.29\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n",
            "FROM alpine:3.23\nSTOPSIGNAL SIGTERM\nCMD nginx\n",
            "FROM example/nginx:1\nCMD nginx\n",
            "FROM alpine:3.23\nCMD serve nginx\n",
        ] {
            check_dockerfile(&RULE, text);
        }
        let text = "FROM debian:13\nENTRYPOINT [\"/sbin/init\"]\n";
        let mended = "FROM debian:13\nSTOPSIGNAL SIGRTMIN+3\nENTRYPOINT [\"/sbin/init\"]\n";
        assert_eq!(fixed(&RULE, text), mended);
    }
}
