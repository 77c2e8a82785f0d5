//! The stop signal is a number, or has no prefix.

use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::Edit;

use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "stopsignal-canonical",
    title: "The stop signal is not written by its name",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // The engine understands all forms.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["prefer-canonical-stopsignal"],
    doc: page!("stopsignal_canonical.md"),
    check,
};

/// Numbers that mean the same signal on all processors Linux runs on that images are made for.
const NUMBERS: [(&str, &str); 10] = [
    ("1", "SIGHUP"),
    ("2", "SIGINT"),
    ("3", "SIGQUIT"),
    ("6", "SIGABRT"),
    ("9", "SIGKILL"),
    ("10", "SIGUSR1"),
    ("12", "SIGUSR2"),
    ("15", "SIGTERM"),
    ("28", "SIGWINCH"),
    ("37", "SIGRTMIN+3"),
];

fn check(case: &Case, out: &mut Outcome) {
    let own = |it: &&crate::facts::Seen<String>| it.via == Input::Dockerfile;
    let Some(seen) = case.facts.stop_signal.seen.iter().find(own) else { return };
    let Ok(signal) = &seen.value else { return };
    let Some(name) = canonical(signal) else {
        return out.clear(&seen.at, format!("{} is the signal's name", quote(signal)));
    };
    let start = case.under(&seen.at).rfind(signal.as_str());
    let change = start.and_then(|at| {
        let edit = |span: text::Span| {
            let from = span.range().start + at;
            vec![Edit { span: text::Span::of(from..from + signal.len()), with: name.clone() }]
        };
        fix::edits(format!("Write {}", quote(&name)), &seen.at, edit, Safety::Safe)
    });
    out.fail(&seen.at, format!("{} is called {}", quote(signal), quote(&name))).fix(change);
}

/// The name, when the signal is written in another way.
fn canonical(signal: &str) -> Option<String> {
    if let Some((_, name)) = NUMBERS.iter().find(|it| it.0 == signal) {
        return Some((*name).to_owned());
    }
    let upper = signal.to_ascii_uppercase();
    let named = upper.bytes().next().is_some_and(|it| it.is_ascii_uppercase());
    let full = if upper.starts_with("SIG") { upper } else { format!("SIG{upper}") };
    (named && full != signal).then_some(full)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn other_ways_to_write_it() {
        for (text, name) in [
            ("15", "SIGTERM"),
            ("quit", "SIGQUIT"),
            ("sigint", "SIGINT"),
            ("RTMIN+3", "SIGRTMIN+3"),
        ] {
            let of = |it: &str| format!("FROM debian:13\nSTOPSIGNAL {it}\n");
            assert_eq!(fixed(&RULE, &of(text)), of(name));
            check_dockerfile(&RULE, &of(name));
        }
        check_dockerfile(&RULE, "FROM debian:13\nSTOPSIGNAL 60\n");
    }
}
