//! Packages of another release are mixed into a distribution.

use std::cell::LazyCell;
use std::ops::Deref;

use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::{Cooked, SourceId};

use crate::commands::{RunCommand, Url, lines, resolved};
use crate::facts::Step;
use crate::knowledge::lifecycle::{Cycle, Layer, end_of_life, release_named};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "mixed-release-repository",
    title: "Packages of another release are mixed in",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("mixed_release_repository.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut looked_at = None;
    for step in case.facts.steps() {
        // Few steps name a repository, and finding the release takes a while.
        let base = LazyCell::new(|| Below::of(case, &step));
        let base: &dyn Deref<Target = Below> = &base;
        for (number, command) in step.run.commands.iter().enumerate() {
            let Some(call) = command.packages() else { continue };
            match call.manager.system {
                "apk" => apk(&step, number, command, base, out),
                "apt" => apt(&step, command, base, out),
                _ => continue,
            }
            looked_at = looked_at.or(Some(step.at.clone()));
        }
        let written = step.run.written.iter().filter(|it| it.text.as_str().contains("://"));
        for written in written {
            for line in lines(&written.text) {
                source_line(step.source, &line, base, out);
            }
        }
    }
    if let (true, Some(at)) = (out.findings.is_empty(), looked_at) {
        out.clear(&at, "packages come from the release of the base");
    }
}

/// What a stage is built on.
struct Below {
    /// The release, when the table has it.
    cycle: Option<Cycle>,
    /// Whether it is a release that never stands still.
    rolling: bool,
}

impl Below {
    fn of(case: &Case, step: &Step<'_>) -> Self {
        let build = case.builds.iter().find(|it| it.source == step.source);
        let base = build.and_then(|it| it.stages.root_base(step.run.stage));
        let Some(dockerfile::Base::Image(image)) = base.map(|it| &it.base) else {
            return Self { cycle: None, rolling: false };
        };
        let tag = image.tag.as_deref().unwrap_or_default();
        let rolling = tag.split(['-', '.']).any(is_rolling);
        let mut cycles = end_of_life(&image.familiar(), image.tag.as_deref()).into_iter();
        Self { cycle: cycles.find(|it| it.layer == Layer::Distribution), rolling }
    }

    fn name(&self) -> String {
        let known = self.cycle.as_ref();
        known.map_or("a stable release".to_owned(), |it| {
            quote(&format!("{} {}", it.product, it.cycle))
        })
    }
}

/// Names of what is never released.
fn is_rolling(name: &str) -> bool {
    matches!(name, "edge" | "sid" | "unstable" | "testing" | "experimental" | "rawhide" | "devel")
}

fn fail(at: &Locus, what: &str, base: &Below, out: &mut Outcome) {
    out.fail(at, format!("packages of {} are mixed into {}", quote(what), base.name()));
}

/// `apk add --repository …/edge/testing`
fn apk(
    step: &Step<'_>,
    number: usize,
    command: &RunCommand,
    base: &dyn Deref<Target = Below>,
    out: &mut Outcome,
) {
    for word in command.arguments() {
        let text = word.text();
        if !text.contains("://") && !text.contains('$') {
            continue;
        }
        let text = resolved(step.run, number, word).text;
        let url = text.strip_prefix("--repository=").unwrap_or(&text);
        let url = url.strip_prefix("-X").unwrap_or(url);
        if let Some(release) = other_alpine(url, base) {
            fail(&step.at(word.span), &release, base, out);
        }
    }
}

/// `apt-get -t unstable install`
fn apt(step: &Step<'_>, command: &RunCommand, base: &dyn Deref<Target = Below>, out: &mut Outcome) {
    let Some(call) = command.packages() else { return };
    let options = command.options(call.manager.valued);
    let flag = options.flag(&["-t", "--target-release", "--default-release"]);
    if let Some((flag, release)) = flag.and_then(|it| Some((it, it.value.as_deref()?)))
        && is_rolling(release)
        && !base.rolling
    {
        fail(&step.at(flag.word.span), release, base, out);
    }
}

/// The release of a repository of Alpine, if it is another one than the base's.
fn other_alpine(text: &str, base: &dyn Deref<Target = Below>) -> Option<String> {
    if !text.contains("://") {
        return None;
    }
    let url = Url::parse(text);
    let mut segments = url.segments().skip_while(|it| *it != "alpine").skip(1);
    let release = segments.next()?;
    if release == "edge" {
        return (!base.rolling).then(|| {
            format!(
                "Alpine {}",
                [release].into_iter().chain(segments.next()).collect::<Vec<_>>().join("/")
            )
        });
    }
    let own = base.cycle.as_ref().filter(|it| it.product == "Alpine Linux")?;
    let version = release.strip_prefix('v')?;
    let plain = version.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    (plain && version != own.cycle).then(|| format!("Alpine {version}"))
}

/// A line of a list of repositories: `deb [options] address suite component…`, or an address.
fn source_line(
    source: SourceId,
    line: &Cooked,
    base: &dyn Deref<Target = Below>,
    out: &mut Outcome,
) {
    let text = line.as_str();
    let words: Vec<&str> = text.split_whitespace().collect();
    let place = |word: &str| {
        let start = text.find(word).unwrap_or_default();
        Locus::Text { source, span: line.span(start..start + word.len()) }
    };
    // `@name address` is only asked for packages that are named with it, and what they need.
    if let Some(url) = words.iter().find(|it| it.contains("://"))
        && let Some(release) = other_alpine(url, base)
    {
        return fail(&place(url), &release, base, out);
    }
    let Some(deb) = words.iter().position(|it| matches!(*it, "deb" | "deb-src")) else { return };
    let Some(url) = words.iter().skip(deb).position(|it| it.contains("://")).map(|it| it + deb)
    else {
        return;
    };
    let (Some(address), Some(suite)) = (words.get(url), words.get(url + 1)) else { return };
    if let Some(release) = other_debian(address, suite, base) {
        fail(&place(suite), &release, base, out);
    }
}

/// The release of a repository of Debian or Ubuntu, if it is another one than the base's.
fn other_debian(address: &str, suite: &str, base: &dyn Deref<Target = Below>) -> Option<String> {
    let host = Url::parse(address).host;
    // What a vendor calls its suites is the vendor's matter.
    let own =
        ["debian.org", "debian.net", "ubuntu.com", "ppa.launchpad.net", "ppa.launchpadcontent.net"];
    if !own.iter().any(|it| host == *it || host.ends_with(&format!(".{it}"))) {
        return None;
    }
    let name = suite.split(['-', '/']).next().unwrap_or(suite);
    if is_rolling(name) {
        return (!base.rolling).then(|| name.to_owned());
    }
    let below = base.cycle.as_ref()?;
    let named = release_named(name)?;
    let differs = named.product != below.product || named.cycle != below.cycle;
    differs.then(|| format!("{} {}", named.product, named.cycle))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn other_releases_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.20
RUN apk add --no-cache --repository=https://dl-cdn.alpinelinux.org/alpine/edge/testing gosu
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ packages of `Alpine edge/testing` are mixed into `Alpine Linux 3.20`
RUN echo "https://dl-cdn.alpinelinux.org/alpine/v3.18/main" >> /etc/apk/repositories
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ packages of `Alpine 3.18` are mixed into `Alpine Linux 3.20`
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:12
RUN echo "deb http://deb.debian.org/debian sid main" > /etc/apt/sources.list.d/sid.list
#                                          ^^^ packages of `sid` are mixed into `Debian 12`
RUN echo "deb http://deb.debian.org/debian buster main" > /etc/apt/sources.list
#                                          ^^^^^^ packages of `Debian 10` are mixed into `Debian 12`
RUN apt-get install -t unstable x
#                   ^^ packages of `unstable` are mixed into `Debian 12`
"#,
        );
    }

    #[test]
    fn own_releases_backports_and_vendors_are_fine() {
        for text in [
            "FROM alpine:edge\nRUN apk add --repository https://dl-cdn.alpinelinux.org/alpine/edge/testing x\n",
            "FROM alpine:3.20\nRUN apk add -X https://dl-cdn.alpinelinux.org/alpine/v3.20/community x\n",
            "FROM debian:12-slim\nRUN echo \"deb http://deb.debian.org/debian bookworm-backports main\" > /x.list\n",
            "FROM debian:12-slim\nRUN echo \"deb https://download.docker.com/linux/debian stretch stable\" > /x.list\n",
            "FROM debian:12-slim\nRUN apt-get install -t bookworm-backports x\n",
            "FROM debian:sid\nRUN echo \"deb http://deb.debian.org/debian experimental main\" > /x.list\n",
        ] {
            check_dockerfile(&RULE, text);
        }
    }
}
