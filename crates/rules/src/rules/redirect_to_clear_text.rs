//! A download may be sent on to an address without encryption.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{CURL, WGET};
use crate::downloads::{Checks, downloads};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "redirect-to-clear-text",
    title: "A download may be redirected to an unencrypted address",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["S6506"],
    doc: page!("redirect_to_clear_text.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let checks = Checks::of(case);
    for it in &downloads(case) {
        let address = it.address();
        if !address.scheme.eq_ignore_ascii_case("https") || address.is_private() {
            continue;
        }
        let follows = match &*it.command.program {
            "curl" => {
                let options = it.command.options(CURL);
                let follows = options.has(&["-L", "--location", "--location-trusted"]);
                follows && !options.has(&["--proto", "--proto-redir"])
            }
            "wget" => {
                let options = it.command.options(WGET);
                let none = options.value(&["--max-redirect"]) == Some("0");
                !none && !options.has(&["--https-only"])
            }
            _ => false,
        };
        if follows && checks.of_download(it).is_none() {
            let program = quote(&it.command.program);
            let message =
                format!("{program} follows {} to an unencrypted address too", quote(address.host));
            out.fail(&it.at(), message);
        } else if out.cleared.is_empty() {
            out.clear(&it.at(), "the download is not sent on to an unencrypted address");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn downloads_that_follow_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl -fsSL https://example.com/x | tar x
#              ^^^^^^^^^^^^^^^^^^^^^ `curl` follows `example.com` to an unencrypted address too
RUN wget https://example.com/x
#        ^^^^^^^^^^^^^^^^^^^^^ `wget` follows `example.com` to an unencrypted address too
RUN curl -fsS https://example.com/x && curl -L --proto =https https://example.com/x
RUN wget --max-redirect=0 https://example.com/x && wget --https-only -r https://example.com/x
"#,
        );
    }
}
