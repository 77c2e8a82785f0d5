//! A label has a value of another form than its definition asks for.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "label-value-malformed",
    title: "A label's value has the wrong form",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &["label-not-url", "label-not-rfc3339", "label-not-spdx", "DL3052", "DL3053", "DL3054"],
    doc: page!("label_value_malformed.md"),
    check,
};

/// A form that a value must have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Time,
    Url,
    License,
    Digest,
}

/// Labels whose values have a defined form.
const DEFINED: [(&str, Form); 8] = [
    ("org.label-schema.build-date", Form::Time),
    ("org.label-schema.url", Form::Url),
    ("org.opencontainers.image.base.digest", Form::Digest),
    ("org.opencontainers.image.created", Form::Time),
    ("org.opencontainers.image.documentation", Form::Url),
    ("org.opencontainers.image.licenses", Form::License),
    ("org.opencontainers.image.source", Form::Url),
    ("org.opencontainers.image.url", Form::Url),
];

fn check(case: &Case, out: &mut Outcome) {
    for seen in
        case.facts.labels.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run)
    {
        let Ok(label) = &seen.value else { continue };
        let Some((_, form)) = DEFINED.iter().find(|it| it.0 == label.name) else { continue };
        // A build argument fills many labels, and an empty value says that nobody did.
        let Some(value) = label.value.as_deref().filter(|it| !it.is_empty()) else { continue };
        let (fits, what) = match form {
            Form::Time => (is_time(value), "no time such as `2026-11-24T08:00:00Z`"),
            Form::Url => (is_url(value), "no URL"),
            Form::License => (is_license(value), "no SPDX license expression"),
            Form::Digest => (is_digest(value), "no digest such as `sha256:…`"),
        };
        if fits {
            out.clear(&seen.at, format!("{} has the form it should have", quote(&label.name)));
        } else {
            out.fail(&seen.at, format!("{} is {what}", quote(value)));
        }
    }
}

/// RFC 3339, the form of times that the definition asks for.
fn is_time(text: &str) -> bool {
    let shape = |it: &str, of: &str| {
        it.len() == of.len()
            && it.bytes().zip(of.bytes()).all(|(is, of)| match of {
                b'0' => is.is_ascii_digit(),
                b'T' => matches!(is, b'T' | b't' | b' '),
                other => is == other,
            })
    };
    let Some((date, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.trim_start_matches(|it: char| it.is_ascii_digit());
            if digits.len() == fraction.len() {
                return false;
            }
            digits
        }
        None => rest,
    };
    let zone = matches!(rest, "Z" | "z") || shape(rest, "+00:00") || shape(rest, "-00:00");
    shape(date, "0000-00-00T00:00:00") && zone
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let name = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.');
    let valid = scheme.bytes().all(name) && scheme.starts_with(|it: char| it.is_ascii_alphabetic());
    let place = rest.strip_prefix("//").is_some_and(|it| !it.is_empty() && !it.starts_with('/'));
    valid && place && !text.contains(char::is_whitespace)
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else { return false };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Names that are often written and stand on no list.
const NO_LICENSES: [&str; 20] = [
    "agpl",
    "agplv3",
    "apache",
    "apache2",
    "apache-2",
    "apachev2",
    "asl",
    "asl2",
    "bsd",
    "cc0",
    "commercial",
    "gpl",
    "gpl2",
    "gpl3",
    "gplv2",
    "gplv3",
    "lgpl",
    "lgplv3",
    "mpl",
    "proprietary",
];

/// Names joined by `AND`, `OR` and `WITH`, perhaps in brackets. Which names are on SPDX's list is not
/// looked up.
fn is_license(text: &str) -> bool {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut depth = 0_i32;
    let mut wants_name = true;
    for word in spaced.split_whitespace() {
        match word {
            "(" if wants_name => depth += 1,
            ")" if !wants_name => depth -= 1,
            _ if ["AND", "OR", "WITH"].iter().any(|it| it.eq_ignore_ascii_case(word)) => {
                if wants_name {
                    return false;
                }
                wants_name = true;
            }
            _ if wants_name && is_license_name(word) => wants_name = false,
            _ => return false,
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && !wants_name
}

fn is_license_name(word: &str) -> bool {
    let plain = word.strip_suffix('+').unwrap_or(word);
    let valid = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b':');
    let listed = NO_LICENSES.contains(&&*plain.to_ascii_lowercase());
    !plain.is_empty() && plain.bytes().all(valid) && !listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::check_dockerfile;

    #[test]
    fn forms() {
        for it in ["2026-11-24T08:00:00Z", "2026-11-24T08:00:00.123+02:00", "2026-11-24 08:00:00Z"]
        {
            assert!(is_time(it), "{it}");
        }
        for it in [
            "2026-11-24",
            "20261124T080000Z",
            "now",
            "2026-11-24T08:00:00",
            "2026-11-24T08:00:00.Z",
        ] {
            assert!(!is_time(it), "{it}");
        }
        for it in ["https://example.com", "git+ssh://a/b"] {
            assert!(is_url(it), "{it}");
        }
        for it in ["example.com", "https://", "https:///a", "a b://c", "github.com/a/b"] {
            assert!(!is_url(it), "{it}");
        }
        for it in [
            "MIT",
            "Apache-2.0",
            "GPL-2.0+",
            "MIT OR Apache-2.0",
            "(MIT AND BSD-3-Clause) OR GPL-2.0-only WITH Classpath-exception-2.0",
            "LicenseRef-Example",
        ] {
            assert!(is_license(it), "{it}");
        }
        for it in ["GPLv3", "Apache 2.0", "MIT License", "MIT OR", "(MIT", "MIT, BSD", ""] {
            assert!(!is_license(it), "{it}");
        }
        assert!(is_digest(&format!("sha256:{}", "a".repeat(64))) && !is_digest("sha256:abc"));
    }

    #[test]
    fn the_pair_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG DATE
LABEL org.opencontainers.image.licenses="GPLv3" org.opencontainers.image.title="GPLv3"
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `GPLv3` is no SPDX license expression
LABEL org.opencontainers.image.created=$DATE org.opencontainers.image.url=""
"#,
        );
    }
}
