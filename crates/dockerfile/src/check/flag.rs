//! Flags that an instruction does not have, and values that a flag cannot have.

use text::nearest;

use super::Errors;
use super::value::is_platform;
use crate::error::ErrorKind;
use crate::{Flag, Instruction, Keyword};

/// What a flag takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Nothing, `true` or `false`.
    Boolean,
    /// A value.
    Value,
    /// A value, and may be repeated.
    Values,
}

/// The flags of each instruction in BuildKit's Dockerfile frontend 1.26.
fn known(keyword: Keyword) -> &'static [(&'static str, Takes)] {
    match keyword {
        Keyword::Add => &[
            ("checksum", Takes::Value),
            ("chmod", Takes::Value),
            ("chown", Takes::Value),
            ("exclude", Takes::Values),
            ("keep-git-dir", Takes::Boolean),
            ("link", Takes::Boolean),
            ("unpack", Takes::Boolean),
        ],
        Keyword::Copy => &[
            ("chmod", Takes::Value),
            ("chown", Takes::Value),
            ("exclude", Takes::Values),
            ("from", Takes::Value),
            ("link", Takes::Boolean),
            ("parents", Takes::Boolean),
        ],
        Keyword::From => &[("platform", Takes::Value)],
        Keyword::Healthcheck => &[
            ("interval", Takes::Value),
            ("retries", Takes::Value),
            ("start-interval", Takes::Value),
            ("start-period", Takes::Value),
            ("timeout", Takes::Value),
        ],
        Keyword::Run => &[
            ("device", Takes::Values),
            ("mount", Takes::Values),
            ("network", Takes::Value),
            ("security", Takes::Value),
        ],
        Keyword::Arg
        | Keyword::Cmd
        | Keyword::Entrypoint
        | Keyword::Env
        | Keyword::Expose
        | Keyword::Label
        | Keyword::Maintainer
        | Keyword::Onbuild
        | Keyword::Shell
        | Keyword::Stopsignal
        | Keyword::User
        | Keyword::Volume
        | Keyword::Workdir => &[],
    }
}

pub(super) fn check(it: &Instruction, keyword: Keyword, errors: &mut Errors<'_>) {
    let known = known(keyword);
    for (index, flag) in it.flags.iter().enumerate() {
        let Some((_, takes)) = known.iter().find(|(name, _)| *name == flag.name) else {
            let near = nearest(&flag.name, known.iter().map(|(name, _)| *name));
            let kind = ErrorKind::UnknownFlag(keyword, flag.name.clone(), near);
            errors.add(flag.span, kind);
            continue;
        };
        let earlier = it.flags.get(..index).unwrap_or_default();
        if *takes != Takes::Values && earlier.iter().any(|it| it.name == flag.name) {
            errors.add(flag.span, ErrorKind::DuplicateFlag(flag.name.clone()));
        }
        match (takes, &flag.value) {
            (Takes::Boolean, Some(value)) => boolean(flag, value.as_str(), errors),
            (Takes::Value | Takes::Values, None) => {
                errors.add(flag.span, ErrorKind::FlagWithoutValue(flag.name.clone()));
            }
            (Takes::Boolean, None) => {}
            (Takes::Value | Takes::Values, Some(value)) => {
                check_value(flag, value.as_str(), errors);
            }
        }
    }
}

fn boolean(flag: &Flag, value: &str, errors: &mut Errors<'_>) {
    if value.is_empty() {
        errors.add(flag.span, ErrorKind::FlagWithoutValue(flag.name.clone()));
    } else if !value.eq_ignore_ascii_case("true") && !value.eq_ignore_ascii_case("false") {
        let kind = ErrorKind::FlagNotBoolean(flag.name.clone(), value.to_owned());
        errors.add(flag.span, kind);
    }
}

/// Values without variables can be judged as they stand.
fn check_value(flag: &Flag, value: &str, errors: &mut Errors<'_>) {
    if flag.name == "from" {
        if value.contains('$') {
            errors.add(flag.span, ErrorKind::VariableNotAllowed("`--from`"));
        }
        return;
    }
    if value.contains('$') {
        return;
    }
    let expected = match flag.name.as_str() {
        "network" if !["default", "none", "host"].contains(&value) => "`default`, `none` or `host`",
        "security" if !["sandbox", "insecure"].contains(&value) => "`sandbox` or `insecure`",
        "chmod" if !is_mode(value) => "an octal mode up to 7777, or a symbolic one",
        "platform" if !is_platform(value) => {
            errors.add(flag.span, ErrorKind::BadPlatform(value.to_owned()));
            return;
        }
        "interval" | "timeout" | "start-period" | "start-interval" => match duration(value) {
            None => "a duration such as `30s` or `1m30s`",
            Some(nanoseconds) if nanoseconds != 0.0 && nanoseconds < 1e6 => "at least 1ms",
            Some(_) => return,
        },
        "retries" => match value.parse::<i64>() {
            Ok(0..) => return,
            Ok(_) | Err(_) => "a number of 0 or more",
        },
        _ => return,
    };
    errors.add(flag.span, ErrorKind::FlagValue(flag.name.clone(), value.to_owned(), expected));
}

fn is_mode(value: &str) -> bool {
    if value.bytes().all(|it| it.is_ascii_digit()) {
        return u32::from_str_radix(value, 8).is_ok_and(|it| it <= 0o7777);
    }
    value.split(',').all(|clause| {
        let who = clause.trim_start_matches(['u', 'g', 'o', 'a']);
        let how =
            who.trim_start_matches(['+', '-', '=', 'r', 'w', 'x', 'X', 's', 't', 'u', 'g', 'o']);
        who.starts_with(['+', '-', '=']) && how.is_empty()
    })
}

/// A duration in Go's notation, in nanoseconds. Negative ones are read too.
fn duration(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit() && it != '.')?;
        let (number, unit) = rest.split_at_checked(digits)?;
        let length = unit.find(|it: char| it.is_ascii_digit() || it == '.').unwrap_or(unit.len());
        let (unit, after) = unit.split_at_checked(length)?;
        let scale = match unit {
            "ns" => 1.0,
            "us" | "\u{b5}s" | "\u{3bc}s" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * scale;
        rest = after;
    }
    Some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        assert_eq!(duration("1m30s"), Some(90e9));
        assert_eq!(duration("1.5h"), Some(5400e9));
        assert_eq!(duration("-1s"), Some(-1e9));
        assert_eq!(duration("0"), Some(0.0));
        for bad in ["", "1", "s", "1x", "1s2", "..s"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }

    #[test]
    fn modes_are_octal_or_symbolic() {
        for good in ["755", "0644", "7777", "u+x", "u=rwX,go=rX", "a-w", "+x"] {
            assert!(is_mode(good), "{good}");
        }
        for bad in ["888", "10000", "x", "rwx", "u+q", "755x"] {
            assert!(!is_mode(bad), "{bad}");
        }
    }
}
