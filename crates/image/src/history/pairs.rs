//! Names and values of `ENV`, `LABEL` and `ARG`, which are recorded without their quotes.
//!
//! `ENV FLAGS=-O1 -pie X=1` is two variables or one. A new one starts where a word looks like a
//! name and an equals sign; where the image's configuration knows the value, that decides.

use text::Cooked;

/// A name and its value.
pub(super) type Pair = (Cooked, Option<Cooked>);

/// Splits a text into names and values. `known`: the value of a name as the configuration has it.
pub(super) fn pairs(text: &Cooked, known: impl Fn(&str) -> Option<String>) -> Vec<Pair> {
    let all = text.as_str();
    let mut pairs = Vec::new();
    let mut at = 0;
    while let Some(rest) = all.get(at..).filter(|it| !it.is_empty()) {
        let Some(length) = name_length(rest) else {
            // A name alone, as in `ARG VERSION`, or the old form `ENV name value`.
            let end = rest.find(' ').unwrap_or(rest.len());
            let name = text.slice(at..at + end);
            let value = rest.get(end..).unwrap_or_default().trim_start();
            let next = starts(rest, end);
            if pairs.is_empty() && !value.is_empty() && next != Some(end) {
                let start = all.len() - value.len();
                pairs.push((name, Some(text.slice(start..all.len()))));
                return pairs;
            }
            pairs.push((name, None));
            at += (end + 1).min(rest.len());
            continue;
        };
        let name = text.slice(at..at + length);
        let start = at + length + 1;
        let value = all.get(start..).unwrap_or_default();
        let whole = known(name.as_str()).filter(|it| {
            let behind = value.strip_prefix(it.as_str());
            behind.is_some_and(|it| it.is_empty() || starts(it, 0) == Some(0))
        });
        let length = match whole {
            Some(it) => it.len(),
            None => starts(value, 0).unwrap_or(value.len()),
        };
        pairs.push((name, Some(text.slice(start..start + length))));
        at = (start + length + 1).min(all.len());
    }
    pairs
}

/// Where the next pair starts behind a blank, from an offset on: the offset of the blank.
fn starts(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let mut blanks = rest.match_indices(' ');
    blanks
        .find(|(at, _)| rest.get(at + 1..).is_some_and(|it| name_length(it).is_some()))
        .map(|(at, _)| from + at)
}

/// The length of a name that an equals sign follows. Names of labels hold dots and slashes.
fn name_length(text: &str) -> Option<usize> {
    let first = text.bytes().next()?;
    let inside = |it: &u8| it.is_ascii_alphanumeric() || matches!(*it, b'_' | b'.' | b'-' | b'/');
    let length = text.bytes().take_while(inside).count();
    let is_name = first.is_ascii_alphabetic() || first == b'_';
    (is_name && text.as_bytes().get(length) == Some(&b'=')).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, config: &[(&str, &str)], expected: &[(&str, Option<&str>)]) {
        let known = |name: &str| {
            config.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned())
        };
        let pairs = pairs(&Cooked::plain(text, 2), known);
        let got: Vec<_> =
            pairs.iter().map(|(a, b)| (a.as_str(), b.as_ref().map(Cooked::as_str))).collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn a_new_pair_starts_with_a_name() {
        check("A=b", &[], &[("A", Some("b"))]);
        check("A=b C=d e F=", &[], &[("A", Some("b")), ("C", Some("d e")), ("F", Some(""))]);
        check("PHP_LDFLAGS=-Wl,-O1 -pie", &[], &[("PHP_LDFLAGS", Some("-Wl,-O1 -pie"))]);
        check(
            "maintainer=NGINX <a@b.c> org.x/y-z=1",
            &[],
            &[("maintainer", Some("NGINX <a@b.c>")), ("org.x/y-z", Some("1"))],
        );
        check("VERSION", &[], &[("VERSION", None)]);
        check("A B=1", &[], &[("A", None), ("B", Some("1"))]);
        check("PATH /bin:/usr/bin x", &[], &[("PATH", Some("/bin:/usr/bin x"))]);
        check("", &[], &[]);
    }

    #[test]
    fn the_configuration_decides_where_it_knows() {
        let opts = [("JAVA_OPTS", "-Xmx1g FOO=bar")];
        check("JAVA_OPTS=-Xmx1g FOO=bar", &opts, &[("JAVA_OPTS", Some("-Xmx1g FOO=bar"))]);
        check(
            "JAVA_OPTS=-Xmx1g FOO=bar B=1",
            &opts,
            &[("JAVA_OPTS", Some("-Xmx1g FOO=bar")), ("B", Some("1"))],
        );
        check(
            "JAVA_OPTS=-Xmx2g FOO=x",
            &opts,
            &[("JAVA_OPTS", Some("-Xmx2g")), ("FOO", Some("x"))],
        );
    }
}
