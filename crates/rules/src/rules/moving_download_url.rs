//! An address means another file from time to time.

use dockerfile::GitRef;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{Url, is_moving};
use crate::downloads::{Checks, added, downloads};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "moving-download-url",
    title: "A download has no version",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("moving_download_url.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let checks = Checks::of(case);
    for it in &downloads(case) {
        // Compared with a checksum it breaks the build when it moves, and is noticed.
        if !it.address().is_private() && checks.of_download(it).is_none() {
            judge(&it.url.text, &it.at(), out);
        }
    }
    for it in added(case).iter().filter(|it| GitRef::parse(it.url).is_none()) {
        if it.copy.checksum.is_none() {
            judge(it.url, &it.at(), out);
        }
    }
}

fn judge(url: &str, at: &Locus, out: &mut Outcome) {
    match moving_part(url) {
        Some(part) => {
            let host = Url::parse(url).host;
            let from =
                if host.contains('$') { String::new() } else { format!(" of {}", quote(host)) };
            out.fail(at, format!("{}{from} is another file from time to time", quote(&part)));
        }
        None if out.cleared.is_empty() => out.clear(at, "the address names no moving version"),
        None => {}
    }
}

/// The part of an address that says that it moves.
fn moving_part(url: &str) -> Option<String> {
    let url = Url::parse(url);
    let segments: Vec<&str> = url.segments().collect();
    for (index, segment) in segments.iter().enumerate() {
        let lower = segment.to_ascii_lowercase();
        let mut words = lower.split(['-', '_', '.']);
        if words.any(|it| it == "latest" || it == "nightly") || *segment == "HEAD" {
            return Some((*segment).to_owned());
        }
        // Branches have names that other folders have too.
        let reference = segment.split(".tar").next().unwrap_or(segment);
        let reference = reference.strip_suffix(".zip").unwrap_or(reference);
        if is_moving(reference) && is_of_repository(&url, &segments, index) {
            return Some((*segment).to_owned());
        }
    }
    let query = url.rest.strip_prefix('?')?.split('#').next()?;
    let mut values = query.split(['&', ';']).filter_map(|it| it.split_once('='));
    let (_, value) = values
        .find(|(name, value)| matches!(*name, "ref" | "h" | "branch" | "at") && is_moving(value))?;
    Some(value.to_owned())
}

/// Whether a part of a path names a branch of a repository.
fn is_of_repository(url: &Url<'_>, segments: &[&str], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|it| segments.get(it)).copied().unwrap_or_default();
    let behind = [
        "raw", "blob", "archive", "tarball", "zipball", "heads", "get", "plain", "tar.gz", "zip",
        "src", "snapshot",
    ];
    match url.host {
        "raw.githubusercontent.com" => index >= 2,
        host if host.ends_with("jsdelivr.net") => false,
        host => {
            let forge = ["github", "gitlab", "bitbucket", "codeberg", "gitea", "git."]
                .iter()
                .any(|it| host.contains(it));
            behind.contains(&before) && (forge || before == "heads" || before == "raw")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, moving_part};
    use crate::tests::check_dockerfile;

    #[test]
    fn parts_that_move() {
        for (url, expected) in [
            ("https://github.com/a/b/releases/latest/download/c", Some("latest")),
            ("https://example.com/latest.tar.gz", Some("latest.tar.gz")),
            ("https://example.com/tool-nightly-amd64.zip", Some("tool-nightly-amd64.zip")),
            ("https://raw.githubusercontent.com/a/b/main/install.sh", Some("main")),
            ("https://raw.githubusercontent.com/a/b/HEAD/install.sh", Some("HEAD")),
            ("https://github.com/a/b/archive/master.tar.gz", Some("master.tar.gz")),
            ("https://github.com/a/b/archive/refs/heads/main.zip", Some("main.zip")),
            ("https://gitlab.com/a/b/-/raw/master/x", Some("master")),
            ("https://git.example.com/x/plain/y?h=master", Some("master")),
            ("https://raw.githubusercontent.com/main/b/v1/install.sh", None),
            ("https://deb.debian.org/debian/pool/main/x/x.deb", None),
            ("https://example.com/main/x.tgz", None),
            ("https://github.com/a/b/archive/v1.tar.gz", None),
            ("https://example.com/greatest-hits.zip", None),
        ] {
            assert_eq!(moving_part(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn downloads_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG VERSION=latest
RUN curl -fsSL https://example.com/$VERSION/x.tgz | tar xz
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `latest` of `example.com` is another file from time to time
ADD https://example.com/latest.tgz /
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `latest.tgz` of `example.com` is another file from time to time
RUN curl -O https://example.com/latest.tgz && echo "ab  latest.tgz" | sha256sum -c
RUN curl -fsSL https://example.com/v1/x.tgz | tar xz
"#,
        );
    }
}
