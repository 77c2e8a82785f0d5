//! Sizes and times as tools print them.

use super::Time;

/// Reads a size at the start of a text: `12.3MB`, `1.245 MB`, `1e+03MB`. Gives the bytes and how
/// long it is.
pub(super) fn size(text: &str) -> Option<(u64, usize)> {
    let number = number_length(text)?;
    let rest = text.get(number..)?;
    let blank = usize::from(rest.starts_with(' '));
    let unit: String =
        rest.get(blank..)?.chars().take_while(char::is_ascii_alphabetic).take(4).collect();
    let scale: f64 = match &*unit {
        "B" => 1.0,
        "kB" | "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        "KiB" => 1024.0,
        "MiB" => 1_048_576.0,
        "GiB" => 1_073_741_824.0,
        "TiB" => 1_099_511_627_776.0,
        _ => return None,
    };
    let value: f64 = text.get(..number)?.parse().ok()?;
    Some((bytes(value * scale), number + blank + unit.len()))
}

/// Reads plain bytes at the start of a text, as `--human=false` prints them.
pub(super) fn plain_size(text: &str) -> Option<(u64, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    Some((text.get(..length)?.parse().ok()?, length))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
fn bytes(value: f64) -> u64 {
    value.round() as u64
}

/// The length of a number with a fraction and an exponent.
fn number_length(text: &str) -> Option<usize> {
    let digits = |at: usize| {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        rest.iter().take_while(|it| it.is_ascii_digit()).count()
    };
    let mut length = digits(0);
    if length == 0 {
        return None;
    }
    if text.as_bytes().get(length) == Some(&b'.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if text.get(length..).is_some_and(|it| it.starts_with("e+")) && digits(length + 2) > 0 {
        length += 2 + digits(length + 2);
    }
    Some(length)
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Reads when an entry was made, at the start of a text: an age, a point in time, or `N/A`. Gives
/// the time, which may not be known, and how long it is.
pub(super) fn time(text: &str) -> Option<(Option<Time>, usize)> {
    if let Some((seconds, length)) = point(text) {
        // A zero date stands for one that is not known, and for one that was set to hide it.
        return Some(((seconds > DAY).then_some(Time::At(seconds)), length));
    }
    for (word, unit) in [
        ("N/A", 0),
        ("Less than a second ago", 1),
        ("About a minute ago", MINUTE),
        ("About an hour ago", HOUR),
    ] {
        if text.starts_with(word) {
            return Some(((unit > 0).then_some(Time::Ago(unit, unit)), word.len()));
        }
    }
    age(text)
}

/// `6 days ago`
fn age(text: &str) -> Option<(Option<Time>, usize)> {
    let (count, digits) = plain_size(text)?;
    let rest = text.get(digits..)?.strip_prefix(' ')?;
    let unit = rest.get(..rest.find(' ')?)?;
    let seconds = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" => 1,
        "minute" => MINUTE,
        "hour" => HOUR,
        "day" => DAY,
        "week" => 7 * DAY,
        "month" => 30 * DAY,
        "year" => 365 * DAY,
        _ => return None,
    };
    rest.get(unit.len()..)?.strip_prefix(" ago")?;
    let length = digits + 1 + unit.len() + " ago".len();
    let age = i64::try_from(count).ok()?.checked_mul(seconds)?;
    // Ages of half a century are how old tools print dates that are not known.
    let known = age < 40 * 365 * DAY;
    Some((known.then_some(Time::Ago(age, seconds)), length))
}

/// `2026-11-24T08:15:30.5Z` or with an offset: seconds since 1970, and how long it is.
pub(super) fn point(text: &str) -> Option<(i64, usize)> {
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let separator = |at: usize, it: u8| (text.as_bytes().get(at) == Some(&it)).then_some(());
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    separator(4, b'-')?;
    separator(7, b'-')?;
    separator(10, b'T').or_else(|| separator(10, b' '))?;
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    separator(13, b':')?;
    separator(16, b':')?;
    let mut at = 19;
    if separator(at, b'.').is_some() {
        let rest = text.as_bytes().get(at + 1..).unwrap_or_default();
        at += 1 + rest.iter().take_while(|it| it.is_ascii_digit()).count();
    }
    let mut offset = 0;
    if separator(at, b'Z').is_some() {
        at += 1;
    } else if let Some(sign) = text.get(at..at + 1).filter(|it| matches!(*it, "+" | "-")) {
        let minutes = number(at + 1, at + 3)? * 60 + number(at + 4, at + 6)?;
        offset = if sign == "+" { minutes * 60 } else { -minutes * 60 };
        at += 6;
    }
    let seconds = days(year, month, day) * DAY + hour * HOUR + minute * MINUTE + second;
    Some((seconds - offset, at))
}

/// Days since 1970 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that start in March have their leap day at the end.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 306 + 5) / 10
        + (day - 1)
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_all_ages() {
        for (text, bytes, length) in [
            ("0B", 0, 2),
            ("1.23kB x", 1230, 6),
            ("4.51MB", 4_510_000, 6),
            ("1e+03MB", 1_000_000_000, 7),
            ("1.245 MB", 1_245_000, 8),
            ("7.5 MiB", 7_864_320, 7),
        ] {
            assert_eq!(size(text), Some((bytes, length)), "{text}");
        }
        for text in ["1000", "MB", "12 Bytes", "1.2.3", "4xB"] {
            assert_eq!(size(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_all_kinds() {
        let at = |text: &'static str| time(text).map(|(time, length)| (time, &text[length..]));
        assert_eq!(at("6 days ago  x"), Some((Some(Time::Ago(6 * DAY, DAY)), "  x")));
        assert_eq!(at("About an hour ago y"), Some((Some(Time::Ago(HOUR, HOUR)), " y")));
        assert_eq!(at("N/A z"), Some((None, " z")));
        assert_eq!(at("53 years ago"), Some((None, "")));
        assert_eq!(at("1970-01-02T00:00:01Z q"), Some((Some(Time::At(DAY + 1)), " q")));
        assert_eq!(at("2000-03-01T00:00:00.25+01:00"), Some((Some(Time::At(951_865_200)), "")));
        assert_eq!(at("0001-01-01T00:00:00Z"), Some((None, "")));
        assert_eq!(at("RUN x"), None);
        assert_eq!(at("6 apples ago"), None);
    }
}
