//! Names, tags and version numbers of images, as far as the tables need to understand them.
//!
//! Parsing a whole reference is the Dockerfile crate's work; here a repository and a tag arrive
//! apart, and only the meaning of their words is at stake.

use std::cmp::Ordering;

use super::glob::like;

/// Registries that serve copies of Docker Hub's repositories under their own names.
const MIRRORS: [&str; 6] = [
    "docker.io/",
    "index.docker.io/",
    "mirror.gcr.io/",
    "public.ecr.aws/docker/",
    "mcr.microsoft.com/mirror/docker/",
    "quay.io/official-images/",
];

/// Docker Hub accounts that hold the official images of one processor architecture each.
const ARCHITECTURES: [&str; 11] = [
    "amd64/",
    "arm32v5/",
    "arm32v6/",
    "arm32v7/",
    "arm64v8/",
    "i386/",
    "mips64le/",
    "ppc64le/",
    "riscv64/",
    "s390x/",
    "winamd64/",
];

/// The name the tables know a repository by: `mirror.gcr.io/library/node` is `node`.
pub(crate) fn familiar(repository: &str) -> &str {
    let name = MIRRORS.iter().find_map(|it| repository.strip_prefix(it)).unwrap_or(repository);
    let name = name.strip_prefix("library/").unwrap_or(name);
    let official = ARCHITECTURES.iter().find_map(|it| name.strip_prefix(it));
    official.filter(|it| !it.contains('/')).unwrap_or(name)
}

/// The words of a tag.
pub(super) fn words(tag: &str) -> impl Iterator<Item = &str> {
    tag.split(['-', '_']).filter(|it| !it.is_empty())
}

/// The version a tag starts with: `3.18.4` of `v3.18.4-slim`.
pub(super) fn version(tag: &str) -> Option<&str> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let end = tag.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(tag.len());
    let version = tag.get(..end)?.trim_end_matches('.');
    version.starts_with(|it: char| it.is_ascii_digit()).then_some(version)
}

/// Compares versions number by number; what is missing counts as 0.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            return Ordering::Equal;
        }
        match number(x).cmp(&number(y)) {
            Ordering::Equal => {}
            unequal @ (Ordering::Less | Ordering::Greater) => return unequal,
        }
    }
}

/// A number too long to be one sorts after all that are.
fn number(text: Option<&str>) -> u64 {
    text.map_or(0, |it| it.parse().unwrap_or(u64::MAX))
}

/// Whether `version` is `line` or one of its releases: `3.18.4` of `3.18`, but not of `3.1`.
pub(super) fn belongs_to(version: &str, line: &str) -> bool {
    version.strip_prefix(line).is_some_and(|it| it.is_empty() || it.starts_with('.'))
}

/// Whether a tag satisfies a rule of the tables: words between spaces that must all hold, each a
/// comparison, or patterns between commas of which one has to fit, or the same with `!` for none.
///
/// A tag without a version follows the newest release, so it is as new as any rule asks for. No
/// tag at all (an image named by digest alone) satisfies only `*`.
pub(super) fn satisfies(rule: &str, tag: Option<&str>, newer: impl Fn(&str) -> bool) -> bool {
    let Some(tag) = tag else { return rule == "*" };
    rule.split(' ').all(|it| {
        if let Some(least) = it.strip_prefix(">=") {
            return compare_tag(tag, least, &newer) != Ordering::Less;
        }
        if let Some(most) = it.strip_prefix("<=") {
            return compare_tag(tag, most, &newer) != Ordering::Greater;
        }
        if let Some(bound) = it.strip_prefix('<') {
            return compare_tag(tag, bound, &newer) == Ordering::Less;
        }
        match it.strip_prefix('!') {
            Some(unwanted) => !unwanted.split(',').any(|it| like(it, tag)),
            None => it.split(',').any(|it| like(it, tag)),
        }
    })
}

/// `newer` decides for tags that name their version by a word.
fn compare_tag(tag: &str, bound: &str, newer: impl Fn(&str) -> bool) -> Ordering {
    match version(tag) {
        Some(version) => compare(version, bound),
        None if newer(bound) => Ordering::Greater,
        None => Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_and_architectures_hide_the_familiar_name() {
        for (given, expected) in [
            ("node", "node"),
            ("bitnami/redis", "bitnami/redis"),
            ("docker.io/library/node", "node"),
            ("mirror.gcr.io/grafana/grafana", "grafana/grafana"),
            ("public.ecr.aws/docker/library/python", "python"),
            ("mcr.microsoft.com/mirror/docker/library/python", "python"),
            ("quay.io/official-images/alpine", "alpine"),
            ("arm64v8/buildpack-deps", "buildpack-deps"),
            ("library/amd64/debian", "debian"),
            ("quay.io/amd64/debian", "quay.io/amd64/debian"),
            ("gcr.io/distroless/static", "gcr.io/distroless/static"),
        ] {
            assert_eq!(familiar(given), expected, "{given}");
        }
    }

    #[test]
    fn versions_are_found_and_compared() {
        for (tag, expected) in [
            ("3.18.4", Some("3.18.4")),
            ("v1.39.0", Some("1.39.0")),
            ("8u292-b10", Some("8")),
            ("17.0.8_7-jre", Some("17.0.8")),
            ("1.", Some("1")),
            ("latest", None),
            ("", None),
            (".5", None),
            ("vue", None),
        ] {
            assert_eq!(version(tag), expected, "{tag}");
        }
        assert_eq!(compare("22.04", "22.4.0"), Ordering::Equal);
        assert_eq!(compare("3.9", "3.10"), Ordering::Less);
        assert_eq!(compare("2", "1.99"), Ordering::Greater);
        assert_eq!(compare(&"9".repeat(50), "1"), Ordering::Greater);
        assert!(belongs_to("3.18.4", "3.18") && belongs_to("3.18", "3.18"));
        assert!(!belongs_to("3.18", "3.1") && !belongs_to("3", "3.1"));
        assert!(words("3.8-slim--buster_x").eq(["3.8", "slim", "buster", "x"]));
    }

    #[test]
    fn tag_rules() {
        let holds = |rule, tag| satisfies(rule, tag, |_| true);
        assert!(holds("*", None) && holds("*", Some("latest")));
        assert!(!holds("!*-ubi*", None) && !holds(">=8", None));
        assert!(holds(">=8.0 !*-chiseled*", Some("8.0-jammy")));
        assert!(!holds(">=8.0 !*-chiseled*", Some("8.0-jammy-chiseled")));
        assert!(!holds(">=8.0", Some("7.9")) && holds("<8.0", Some("7.9")));
        assert!(holds("<=22.10", Some("22.10")) && !holds("<=22.10", Some("23.04")));
        assert!(holds(">=8", Some("latest")) && !holds("<8", Some("latest")));
        assert!(holds("latest*,debug*", Some("debug-arm64")));
        assert!(!holds("latest*,debug*", Some("nonroot")));
    }
}
