//! A download in `RUN` could be an `ADD`.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{CURL, WGET};
use crate::downloads::{Download, downloads};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "prefer-add-for-download",
    title: "A download in `RUN` could be an `ADD`",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["S7026", "prefer-add-unpack"],
    doc: page!("prefer_add_for_download.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for it in &downloads(case) {
        if could_be_added(it) {
            let program = quote(&it.command.program);
            let at = it.step.at(it.command.program_span());
            out.fail(
                &at,
                format!("`ADD` could do what {program} does here, and see when the file changes"),
            );
        } else if out.cleared.is_empty() {
            out.clear(&it.at(), "`ADD` could not do this");
        }
    }
}

/// Whether nothing is needed that `ADD` does not have: headers, logins, values of the step.
fn could_be_added(it: &Download<'_>) -> bool {
    let place = it.command.place;
    let Some(fetch) = it.command.fetches() else { return false };
    let plain = match &*it.command.program {
        "curl" => !it.command.options(CURL).has(&[
            "-H",
            "--header",
            "-u",
            "--user",
            "-n",
            "--netrc",
            "--netrc-file",
            "-b",
            "--cookie",
            "-E",
            "--cert",
            "--cacert",
            "-x",
            "--proxy",
            "-r",
            "--range",
            "-A",
            "--user-agent",
        ]),
        "wget" => !it.command.options(WGET).has(&[
            "--header",
            "--user",
            "--password",
            "--http-user",
            "-U",
            "--user-agent",
            "-i",
            "-r",
            "--load-cookies",
            "--certificate",
            "-e",
        ]),
        _ => false,
    };
    let known = it.url.open.as_deref().is_none_or(|name| it.step.run.asks_for(name));
    let web = matches!(it.address().scheme, "http" | "https");
    let alone = place.depth == 0 && !place.condition && !place.substituted;
    let kept = !it.names.is_empty() || goes_to_tar(it);
    plain
        && known
        && web
        && alone
        && kept
        && !fetch.asks
        && fetch.urls.len() == 1
        && !it.address().is_private()
}

fn goes_to_tar(it: &Download<'_>) -> bool {
    let index = it.command.place.index;
    let mut behind = it.step.run.pipeline(it.command).filter(|it| it.place.index > index);
    behind.next().is_some_and(|it| it.runs(&["tar", "bsdtar"]))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn plain_downloads_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG V
RUN curl -fsSLO https://example.com/x-$V.tgz && tar xf x-$V.tgz
#   ^^^^ `ADD` could do what `curl` does here, and see when the file changes
RUN wget -qO- https://example.com/x.tgz | tar xz
#   ^^^^ `ADD` could do what `wget` does here, and see when the file changes
RUN curl -H "Authorization: $T" -O https://example.com/x
RUN curl -O https://example.com/x-$(uname -m).tgz
RUN curl -s https://example.com/x | jq . && curl -fsSL https://example.com/x.sh | sh
RUN if test -n "$V"; then wget https://example.com/x; fi
"#,
        );
    }
}
