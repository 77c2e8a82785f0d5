//! Something is fetched over a connection that anybody on the way can change.

use dockerfile::GitRef;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, Why, quote};
use text::Span;

use crate::commands::{Against, Options, Resolved, RunCommand, Url, Verb, resolved, valued};
use crate::downloads::{Checks, added, downloads};
use crate::facts::{RunStep, Start};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "clear-text-download",
    title: "Something is fetched over an unencrypted connection",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[
        "S5332",
        "curlUseHttpsUrl",
        "wgetUseHttpsUrl",
        "no_add_without_https",
        "no_run_without_https",
    ],
    doc: page!("clear_text_download.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let downloads = downloads(case);
    let added = added(case);
    let checks =
        if downloads.is_empty() && added.is_empty() { Checks::none() } else { Checks::of(case) };
    for it in &downloads {
        let weak = matches!(checks.of_download(it), None | Some(Against::WeakDigest));
        judge(case, &asked_for(it.step.run, it.url.clone()), &it.at(), weak, out);
    }
    for it in added {
        let checked = it.copy.checksum.is_some()
            || checks.of_copy(it.source, it.copy, it.start, &it.name()).is_some();
        let fixed = GitRef::parse(it.url).is_some_and(|it| it.is_fixed());
        let url = Resolved { text: it.url.to_owned(), open: None };
        judge(case, &url, &it.at(), !checked && !fixed, out);
    }
    for step in case.facts.steps() {
        for (number, command) in step.run.commands.iter().enumerate() {
            for word in addresses(command) {
                let url = asked_for(step.run, resolved(step.run, number, word));
                judge(case, &url, &step.at(word.span), true, out);
            }
        }
    }
    // A health check asks the container itself.
    for start in case.facts.starts().filter(|it| !it.checks_health && it.via == Input::Dockerfile) {
        for (url, span) in started(&start) {
            let at = Locus::Text { source: start.source, span };
            let url = Resolved { text: url, open: None };
            judge(case, &url, &at, true, out);
        }
    }
}

/// Only what a build argument decides is a doubt; what a step computes, it computes.
fn asked_for(step: &RunStep, mut url: Resolved) -> Resolved {
    url.open = url.open.filter(|it| step.asks_for(it));
    url
}

fn judge(case: &Case, url: &Resolved, at: &Locus, unchecked: bool, out: &mut Outcome) {
    let address = Url::parse(&url.text);
    // curl and wget take an address without a scheme for one of the web.
    let bare = address.scheme.is_empty() && is_domain(address.host);
    if !address.is_clear_text() && !bare {
        match &url.open {
            Some(name) if address.scheme.is_empty() && address.host.starts_with('$') => {
                out.gap(at, Why::BuildArg(name.as_str().into()));
            }
            Some(_) | None if address.scheme.is_empty() => {}
            // Once is enough to say that something was looked at.
            Some(_) | None if out.cleared.is_empty() => {
                out.clear(at, "nobody on the way can change what is fetched");
            }
            Some(_) | None => {}
        }
        return;
    }
    if address.is_private() {
        return;
    }
    if !unchecked {
        out.clear(at, "what is fetched is compared with a checksum or signature");
        return;
    }
    if address.host.contains('$') {
        if let Some(name) = &url.open {
            out.gap(at, Why::BuildArg(name.as_str().into()));
        }
        return;
    }
    let scheme = if bare { "http" } else { address.scheme };
    let scheme = quote(&scheme.to_ascii_lowercase());
    let message = format!(
        "over {scheme} anybody on the way to {} can change what comes",
        quote(address.host)
    );
    out.fail(at, message).fix(with_tls(case, at));
}

/// Whether a text can only be a host: letters between dots, the last part a word.
fn is_domain(host: &str) -> bool {
    let label =
        |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let last = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && host.split('.').all(label)
        && last.bytes().all(|it| it.is_ascii_alphabetic())
}

/// The addresses that package managers and git are told to fetch from.
fn addresses(command: &RunCommand) -> Vec<&dockerfile::shell::ShellWord> {
    let installs = command.packages().is_some_and(|it| it.verb == Verb::Install);
    let fetches = command.runs(&["git", "svn", "hg", "rpm"]) || command.libraries().is_some();
    if !installs && !fetches {
        return Vec::new();
    }
    let web = |it: &&dockerfile::shell::ShellWord| it.text().contains("://");
    let options = Options::parse(command.arguments(), valued(command));
    let named = |verbs: &[&str]| {
        options.operands.first().is_some_and(|it| verbs.iter().any(|verb| it.is(verb)))
    };
    let clear = |it: &&dockerfile::shell::ShellWord| {
        let text = it.text();
        ["http://", "ftp://", "git://"].iter().any(|it| text.contains(it))
    };
    let operands = options.operands.iter().copied().filter(web);
    match &*command.program {
        "git" if named(&["clone", "fetch", "pull", "remote", "submodule"]) => operands.collect(),
        "svn" | "hg" | "rpm" => operands.collect(),
        _ => match (command.packages(), command.libraries()) {
            (Some(call), _) if call.verb == Verb::Install => operands.collect(),
            // Indexes and sources are values of options or settings.
            (_, Some(_)) => command.arguments().iter().filter(clear).collect(),
            (_, None) => Vec::new(),
        },
    }
}

/// The addresses that a container fetches when it starts.
fn started(start: &Start<'_>) -> Vec<(String, Span)> {
    let fetches = start.command.commands.iter().filter_map(RunCommand::fetches);
    fetches.flat_map(|it| it.urls.clone()).collect()
}

/// The same address with encryption; whether the server has it somebody has to look at.
fn with_tls(case: &Case, at: &Locus) -> Option<Fix> {
    let Locus::Text { source, span } = at else { return None };
    let text = case.under(at);
    let start = text.find("http://")?;
    let from = span.range().start + start + "http".len();
    let place = Locus::Text { source: *source, span: Span::of(from..from) };
    fix::replace("Fetch over TLS", &place, "s", Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn addresses_without_encryption_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV MIRROR=http://example.com V=1
RUN curl -fsSLO "http://example.com/x-$V.tgz" && wget $MIRROR/y.tgz
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ over `http` anybody on the way to `example.com` can change what comes
#                                                     ^^^^^^^^^^^^^ over `http` anybody on the way to `example.com` can change what comes
ADD http://example.com/x.tar /
#   ^^^^^^^^^^^^^^^^^^^^^^^^ over `http` anybody on the way to `example.com` can change what comes
RUN git clone git://example.com/x && curl -sL get.example.com | tar x
#             ^^^^^^^^^^^^^^^^^^^ over `git` anybody on the way to `example.com` can change what comes
#                                             ^^^^^^^^^^^^^^^ over `http` anybody on the way to `get.example.com` can change what comes
RUN rpm -i http://example.com/x.rpm && pip install -i http://pypi.example.com/simple x
#          ^^^^^^^^^^^^^^^^^^^^^^^^ over `http` anybody on the way to `example.com` can change what comes
#                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ over `http` anybody on the way to `pypi.example.com` can change what comes
CMD curl http://example.com/config > /etc/app && exec app
#        ^^^^^^^^^^^^^^^^^^^^^^^^^ over `http` anybody on the way to `example.com` can change what comes
"#,
        );
    }

    #[test]
    fn near_hosts_checked_files_and_signed_indexes_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG HOST
RUN curl http://localhost:8080/ready && wget http://app:80/x http://10.0.0.1/y http://a.internal/z
RUN curl -O http://example.com/x.tgz && echo "ab  x.tgz" | sha256sum -c
RUN echo "deb http://deb.debian.org/debian trixie main" > /etc/apt/sources.list
RUN curl -x http://proxy.example.com:3128 -e http://example.com https://example.com/x
RUN curl http://$HOST/x $HOST/y
RUN git clone https://example.com/x && git commit -m http://example.com
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d http://example.com/y.tgz /
HEALTHCHECK CMD curl -f http://example.com/ready
"#,
        );
    }
}
