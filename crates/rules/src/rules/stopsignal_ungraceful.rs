//! The signal that stops the container gives it no time.

use report::{Applies, Input, Locus, Outcome, Safety, Severity, quote};
use text::Edit;

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "stopsignal-ungraceful",
    title: "The stop signal gives the process no time",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &["no-ungraceful-stopsignal"],
    doc: page!("stopsignal_ungraceful.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(seen) = case.facts.stop_signal.best().filter(|it| it.via != Input::Run) else {
        return;
    };
    match &seen.value {
        Ok(signal) if is_ungraceful(signal) => {
            let name = quote(signal);
            let written = case.under(&seen.at);
            // Only a word that stands there as it is can be changed.
            let start = written.rfind(signal.as_str()).filter(|_| seen.via == Input::Dockerfile);
            let change = start.and_then(|at| {
                let edit = |span: text::Span| {
                    let from = span.range().start + at;
                    let span = text::Span::of(from..from + signal.len());
                    vec![Edit { span, with: "SIGTERM".to_owned() }]
                };
                fix::edits("Stop with `SIGTERM`", &seen.at, edit, Safety::Review)
            });
            let at: Locus = seen.at.clone();
            out.fail(&at, format!("{name} ends the process in the middle of what it does"))
                .fix(change);
        }
        Ok(signal) => out.clear(&seen.at, format!("{} can be handled", quote(signal))),
        Err(why) => out.gap(&seen.at, why.clone()),
    }
}

fn is_ungraceful(signal: &str) -> bool {
    let name = signal.trim().to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    matches!(
        name,
        "KILL" | "9" | "STOP" | "19" | "SEGV" | "11" | "ABRT" | "6" | "BUS" | "7" | "ILL" | "4"
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn signals_by_name_and_number() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG S=kill
STOPSIGNAL sig$S
#^^^^^^^^^^^^^^^ `sigkill` ends the process in the middle of what it does
"#,
        );
        for fine in ["SIGTERM", "15", "QUIT", "SIGRTMIN+3", "SIGINT"] {
            check_dockerfile(&RULE, &format!("FROM debian:13\nSTOPSIGNAL {fine}\n"));
        }
        let text = "FROM debian:13\nSTOPSIGNAL 9\n";
        assert_eq!(fixed(&RULE, text), "FROM debian:13\nSTOPSIGNAL SIGTERM\n");
    }
}
