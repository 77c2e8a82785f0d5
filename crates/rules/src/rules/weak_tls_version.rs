//! A program is told to talk over a version of TLS that is broken.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{Off, Values};
use crate::switched::{How, switched};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "weak-tls-version",
    title: "An outdated version of TLS is allowed",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["S4423"],
    doc: page!("weak_tls_version.md"),
    check,
};

const OLD: Values = Values::Of(&["none", "sslv3", "tlsv1", "tlsv1.0", "tlsv1.1"]);

/// Sources: the manuals of curl 8, wget 1.25 and OpenSSL 3.
#[rustfmt::skip]
static TABLE: &[Off] = &[
    Off::Option(&["curl"], "-2", Values::Any),
    Off::Option(&["curl"], "-3", Values::Any),
    Off::Option(&["curl"], "--sslv2", Values::Any),
    Off::Option(&["curl"], "--sslv3", Values::Any),
    Off::Option(&["curl"], "--tlsv1.0", Values::Any),
    Off::Option(&["curl"], "--tlsv1.1", Values::Any),
    Off::Option(&["curl"], "--tls-max", Values::Of(&["1.0", "1.1"])),
    Off::Option(&["wget"], "--secure-protocol", Values::Of(&["sslv2", "sslv3", "tlsv1", "tlsv1_0", "tlsv1_1"])),
    Off::Line("minprotocol", OLD, "openssl"),
    Off::Line("cipherstring", Values::With(&["seclevel=0", "seclevel=1"]), "openssl"),
    Off::Line("*seclevel", Values::Of(&["0", "1"]), "openssl"),
];

fn check(case: &Case, out: &mut Outcome) {
    let found = switched(case, TABLE);
    for it in &found.switched {
        let what = match &it.how {
            How::Command(_, _, thrown) => match &thrown.value {
                Some(value) => format!("{} {value}", thrown.name),
                None => thrown.name.clone(),
            },
            How::Variable(name, value) => format!("{name}={value}"),
            How::Line(line, _) => line.clone(),
        };
        out.fail(&it.at, format!("{} allows versions of TLS that are broken", quote(&what)));
    }
    if let (true, Some(at)) = (out.findings.is_empty(), &found.looked_at) {
        out.clear(at, "nothing asks for an outdated version of TLS");
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn versions_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl --tlsv1.0 https://example.com/ && curl --tls-max 1.1 https://example.com/
#        ^^^^^^^^^ `--tlsv1.0` allows versions of TLS that are broken
#                                               ^^^^^^^^^^^^^ `--tls-max 1.1` allows versions of TLS that are broken
RUN wget --secure-protocol=TLSv1_1 https://example.com/
#        ^^^^^^^^^^^^^^^^^^^^^^^^^ `--secure-protocol TLSv1_1` allows versions of TLS that are broken
RUN sed -i 's/DEFAULT@SECLEVEL=2/DEFAULT@SECLEVEL=1/g; s/MinProtocol = TLSv1.2/MinProtocol = TLSv1/' /etc/ssl/openssl.cnf
#                                ^^^^^^^^^^^^^^^^^^ `default@seclevel=1` allows versions of TLS that are broken
#                                                                              ^^^^^^^^^^^^^^^^^^^ `minprotocol=tlsv1` allows versions of TLS that are broken
RUN curl --proto '=https' --tlsv1.2 -sSf https://example.com/ && wget --secure-protocol=TLSv1_2 https://example.com/
"#,
        );
    }
}
