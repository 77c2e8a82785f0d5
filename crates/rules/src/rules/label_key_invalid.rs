//! A label's name is one that tools stumble over, or somebody else's.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "label-key-invalid",
    title: "A label's name is not a valid one",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3048", "labels/valid-key"],
    doc: page!("label_key_invalid.md"),
    check,
};

/// Namespaces that Docker keeps for itself.
const RESERVED: [&str; 3] = ["com.docker.", "io.docker.", "org.dockerproject."];

fn check(case: &Case, out: &mut Outcome) {
    let own =
        |it: &&crate::facts::Seen<_>| it.via == Input::Dockerfile && it.reach != Reach::Unused;
    for seen in case.facts.labels.iter().filter(own) {
        let Ok(label) = &seen.value else { continue };
        let name = label.name.as_str();
        // What a variable decides is not known.
        if name.contains('$') {
            continue;
        }
        let shown = quote(name);
        if let Some(space) = RESERVED.iter().find(|it| name.starts_with(**it)) {
            let message = format!(
                "{shown} is in {}, which is Docker's own",
                quote(space.trim_end_matches('.'))
            );
            out.fail(&seen.at, message);
        } else if let Some(why) = fault(name) {
            out.fail(&seen.at, format!("{shown} {why}"));
        } else {
            out.clear(&seen.at, format!("{shown} is a valid name"));
        }
    }
}

/// What is wrong with a name. Upper case and underscores are left alone: the guide asks for neither,
/// and well-known labels such as those of OpenShift have both.
fn fault(name: &str) -> Option<&'static str> {
    let sign = |it: u8| matches!(it, b'.' | b'-' | b'_' | b'/');
    let (Some(first), Some(last)) = (name.bytes().next(), name.bytes().next_back()) else {
        return Some("is empty");
    };
    if name.bytes().any(|it| !it.is_ascii_alphanumeric() && !sign(it)) {
        return Some("holds signs that are neither letters, digits, dots, dashes nor underscores");
    }
    if sign(first) || sign(last) {
        return Some("starts or ends with a sign");
    }
    let doubled = name.as_bytes().windows(2).any(|it| matches!(it, b".." | b"--"));
    doubled.then_some("holds two dots or dashes in a row")
}

#[cfg(test)]
mod tests {
    use super::{RULE, fault};
    use crate::tests::check_dockerfile;

    #[test]
    fn names() {
        for name in [
            "org.opencontainers.image.title",
            "a",
            "io.k8s.display-name",
            "RUN",
            "build_version",
            "a/b",
        ] {
            assert_eq!(fault(name), None, "{name}");
        }
        for name in ["", ".a", "a-", "a..b", "a--b", "a b", "a$b", "\u{e4}"] {
            assert!(fault(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_pair_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
LABEL com.docker.x=1 fine=2 bad..name=3
#     ^^^^^^^^^^^^^^ `com.docker.x` is in `com.docker`, which is Docker's own
#                           ^^^^^^^^^^^ `bad..name` holds two dots or dashes in a row
"#,
        );
    }
}
