//! Build arguments in front of a command: `|2 A=x B=y /bin/sh -c …`.
//!
//! Values stand there without quotes. The number says how many there are; where more words look
//! like a name and a value, those that were declared count.

use text::Cooked;

use super::step::{Argument, shell_length};

/// Reads the arguments at the start of a text. Gives them and where the rest starts.
pub(super) fn arguments(
    text: &Cooked,
    declared: &[String],
    shells: &[String],
) -> Option<(Vec<Argument>, usize)> {
    let all = text.as_str();
    let digits = all.strip_prefix('|')?.bytes().take_while(u8::is_ascii_digit).count();
    let count: usize = all.get(1..=digits)?.parse().ok()?;
    let start = 1 + digits;
    all.get(start..)?.strip_prefix(' ')?;
    let is_start = |at: &usize| all.get(..*at).is_some_and(|it| it.ends_with(' '));
    let words = all.char_indices().map(|(at, _)| at).filter(|it| *it > start).filter(is_start);
    let mut names: Vec<(usize, usize)> = Vec::new();
    let mut end = None;
    for at in words {
        let word = all.get(at..)?;
        if let Some(length) = name_length(word) {
            names.push((at, length));
        } else if names.len() >= count && shell_length(word, shells).is_some() {
            end = Some(at);
            break;
        }
    }
    if count == 0 {
        return Some((Vec::new(), start + 1));
    }
    if names.len() > count {
        let is_declared = |(at, length): &(usize, usize)| {
            let name = all.get(*at..at + length).unwrap_or_default();
            declared.iter().any(|it| it == name)
        };
        let known: Vec<(usize, usize)> = names.iter().copied().filter(is_declared).collect();
        if known.len() == count {
            names = known;
        }
        names.truncate(count);
    }
    let last = names.last().map_or(start, |(at, _)| *at);
    // Without a shell the last value ends at its first blank.
    let word_end = || all.get(last..)?.find(' ').map(|it| last + it + 1);
    let end = end.or_else(word_end).unwrap_or(all.len());
    let ends = names.iter().skip(1).map(|(at, _)| *at).chain([end]);
    let argument = |((at, length), end): (&(usize, usize), usize)| {
        let value = at + length + 1;
        let kept = all.get(value..end).unwrap_or_default().trim_end_matches(' ').len();
        Argument { name: text.slice(*at..at + length), value: text.slice(value..value + kept) }
    };
    Some((names.iter().zip(ends).map(argument).collect(), end))
}

/// The length of a name that an equals sign follows.
pub(super) fn name_length(word: &str) -> Option<usize> {
    let first = word.bytes().next()?;
    let inside = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
    let length = word.bytes().take_while(inside).count();
    let is_name = first.is_ascii_alphabetic() || first == b'_';
    (is_name && word.as_bytes().get(length) == Some(&b'=')).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, declared: &[&str], expected: &[(&str, &str)], rest: &str) {
        let declared: Vec<String> = declared.iter().map(|it| (*it).to_owned()).collect();
        let (found, at) = arguments(&Cooked::plain(text, 7), &declared, &[]).unwrap();
        let got: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.value.as_str())).collect();
        assert_eq!(got, expected);
        assert_eq!(&text[at..], rest);
        for it in &found {
            let range = it.value.whole().range();
            assert_eq!(&text[range.start - 7..range.end - 7], it.value.as_str());
        }
    }

    #[test]
    fn values_end_where_the_next_name_or_the_shell_starts() {
        check("|1 A=x /bin/sh -c echo B=1", &[], &[("A", "x")], "/bin/sh -c echo B=1");
        check(
            "|2 A=x y z B= /bin/bash -o pipefail -c make",
            &[],
            &[("A", "x y z"), ("B", "")],
            "/bin/bash -o pipefail -c make",
        );
        check("|1 A=x make all", &[], &[("A", "x")], "make all");
        check("|0 /bin/sh -c make", &[], &[], "/bin/sh -c make");
    }

    #[test]
    fn declared_names_decide_where_it_is_not_clear() {
        check(
            "|2 FLAGS=-O2 X=1 V=3 /bin/sh -c make",
            &["FLAGS", "V"],
            &[("FLAGS", "-O2 X=1"), ("V", "3")],
            "/bin/sh -c make",
        );
    }

    #[test]
    fn what_is_cut_off_is_read_as_far_as_it_goes() {
        check("|3 A=x B=yy", &[], &[("A", "x"), ("B", "yy")], "");
        assert_eq!(arguments(&Cooked::plain("|x A=1", 0), &[], &[]), None);
    }
}
