//! Values as Go prints them, which is how builders record lists, maps and health checks.

use text::Cooked;

/// A list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct List {
    /// Its words.
    pub(super) words: Vec<Cooked>,
    /// Whether the words stood in quotes. Without them blanks inside a word cannot be told from
    /// those between words.
    pub(super) is_quoted: bool,
    /// Where what follows the list starts.
    pub(super) end: usize,
}

/// Reads `["a" "b"]`, `["a", "b"]`, `[a b]` or `map[a:{} b:{}]` at the start of a text. A list that
/// is cut off ends with the text.
pub(super) fn list(text: &Cooked) -> Option<List> {
    let all = text.as_str();
    if let Some(inside) = all.strip_prefix("map[") {
        let length = inside.find(']').unwrap_or(inside.len());
        let mut words = blank_words(text, 4..4 + length);
        for word in &mut words {
            let kept = word.as_str().trim_end_matches(":{}").len();
            *word = word.slice(0..kept);
        }
        return Some(List { words, is_quoted: false, end: (5 + length).min(all.len()) });
    }
    let inside = all.strip_prefix('[')?;
    if !inside.trim_start().starts_with(['"', ']']) {
        let length = inside.rfind(']').unwrap_or(inside.len());
        let words = blank_words(text, 1..1 + length);
        return Some(List { words, is_quoted: false, end: (2 + length).min(all.len()) });
    }
    let mut list = List { is_quoted: true, end: 1, ..List::default() };
    loop {
        let rest = all.get(list.end..).unwrap_or_default();
        let skip = rest.len() - rest.trim_start_matches([' ', ',']).len();
        list.end += skip;
        match all.get(list.end..)?.chars().next() {
            Some('"') => {
                let (word, end) = quoted(text, list.end)?;
                list.words.push(word);
                list.end = end;
            }
            Some(']') => {
                list.end += 1;
                return Some(list);
            }
            Some(_) => return None,
            None => return Some(list),
        }
    }
}

fn blank_words(text: &Cooked, range: std::ops::Range<usize>) -> Vec<Cooked> {
    let part = text.slice(range);
    let mut words = Vec::new();
    let mut at = 0;
    for word in part.as_str().split(' ') {
        if !word.is_empty() {
            words.push(part.slice(at..at + word.len()));
        }
        at += word.len() + 1;
    }
    words
}

/// Reads a quoted text that starts at `start`. Gives what it says and where it ends; without a
/// closing quote it ends with the text.
pub(super) fn quoted(text: &Cooked, start: usize) -> Option<(Cooked, usize)> {
    let all = text.as_str();
    all.get(start..)?.strip_prefix('"')?;
    let mut out = text.slice(start + 1..start + 1);
    let mut at = start + 1;
    loop {
        let rest = all.get(at..)?;
        let plain = rest.find(['"', '\\']).unwrap_or(rest.len());
        out.append(&text.slice(at..at + plain));
        at += plain;
        match all.get(at..)?.chars().next() {
            Some('"') => return Some((out, at + 1)),
            Some(_) => {
                let (decoded, used) = escape(all.get(at..)?);
                let place = text.span(at..at + 1).start();
                out.push(decoded.encode_utf8(&mut [0; 4]), place);
                at += used;
            }
            None => return Some((out, at)),
        }
    }
}

/// The character of an escape and how many bytes it takes.
fn escape(text: &str) -> (char, usize) {
    let number = |from: usize, length: usize, radix: u32| {
        let digits = text.get(from..from + length)?;
        char::from_u32(u32::from_str_radix(digits, radix).ok()?)
    };
    let numbered = |letter: usize, length: usize| {
        number(2, length, 16).map_or(('\u{fffd}', letter), |it| (it, 2 + length))
    };
    match text.chars().nth(1) {
        Some('a') => ('\x07', 2),
        Some('b') => ('\x08', 2),
        Some('f') => ('\x0c', 2),
        Some('n') => ('\n', 2),
        Some('r') => ('\r', 2),
        Some('t') => ('\t', 2),
        Some('v') => ('\x0b', 2),
        Some('x') => numbered(2, 2),
        Some('u') => numbered(2, 4),
        Some('U') => numbered(2, 8),
        Some(other) => (other, 1 + other.len_utf8()),
        None => ('\\', 1),
    }
}

/// A health check.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Check {
    /// `NONE`, `CMD` or `CMD-SHELL`, and what follows.
    pub(super) test: List,
    /// Flags and their values.
    pub(super) options: Vec<(&'static str, String)>,
}

const OPTIONS: [(&str, &str); 5] = [
    ("Interval", "interval"),
    ("Timeout", "timeout"),
    ("StartPeriod", "start-period"),
    ("StartInterval", "start-interval"),
    ("Retries", "retries"),
];

/// Reads `{Test:[CMD-SHELL …] Interval:30s … Retries:3}` or the older
/// `&{["CMD-SHELL" "…"] "30s" "3s" "0s" '\x03'}`.
pub(super) fn healthcheck(text: &Cooked) -> Option<Check> {
    let all = text.as_str();
    if all.starts_with("&{[") {
        return Some(older(text));
    }
    let start = all.find("{Test:[").filter(|it| *it <= 1)? + "{Test:".len();
    // The words themselves may hold brackets.
    let end = all.rfind("] Interval:").map_or(all.len(), |it| it + 1);
    let test = list(&text.slice(start..end))?;
    let tail = all.get(end..).unwrap_or_default();
    let option = |(name, flag): &(&str, &'static str)| {
        let value = tail.split_once(&format!(" {name}:"))?.1;
        let value = value.split([' ', '}']).next()?;
        (!matches!(value, "0s" | "0" | "")).then(|| (*flag, value.to_owned()))
    };
    Some(Check { test, options: OPTIONS.iter().filter_map(option).collect() })
}

fn older(text: &Cooked) -> Check {
    let rest = text.slice(2..text.as_str().len());
    let test = list(&rest).unwrap_or_default();
    let tail = rest.as_str().get(test.end..).unwrap_or_default();
    let mut values: Vec<String> =
        tail.split(' ').map(|it| it.trim_matches(['"', '\'', '}'])).map(str::to_owned).collect();
    values.retain(|it| !it.is_empty());
    let retries = values.last().and_then(|it| {
        let hex = it.strip_prefix("\\x")?;
        u8::from_str_radix(hex, 16).ok()
    });
    if retries.is_some() {
        values.pop();
    }
    let mut options: Vec<(&'static str, String)> = OPTIONS
        .iter()
        .zip(values)
        .filter(|(_, value)| value != "0s" && value.ends_with(['s', 'm', 'h']))
        .map(|((_, flag), value)| (*flag, value))
        .collect();
    options.extend(retries.filter(|it| *it > 0).map(|it| ("retries", it.to_string())));
    Check { test, options }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<(Vec<String>, bool)> {
        let list = list(&Cooked::plain(text, 3))?;
        let words = list.words.iter().map(|it| it.as_str().to_owned()).collect();
        Some((words, list.is_quoted))
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str], is_quoted: bool) {
        let expected = expected.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(words(text), Some((expected, is_quoted)), "{text}");
    }

    #[test]
    fn lists_of_all_kinds() {
        check(r#"["nginx" "-g" "daemon off;"]"#, &["nginx", "-g", "daemon off;"], true);
        check(r#"["a","b"]"#, &["a", "b"], true);
        check(r#"["a", "b]"]"#, &["a", "b]"], true);
        check(r#"["a\"b\x41\u00e9\n"]"#, &["a\"bA\u{e9}\n"], true);
        check("[/bin/sh -c a]", &["/bin/sh", "-c", "a"], false);
        check("map[80/tcp:{} 443/tcp:{}]", &["80/tcp", "443/tcp"], false);
        check("[]", &[], true);
        check(r#"["nginx" "-g" "daem"#, &["nginx", "-g", "daem"], true);
        assert_eq!(words("nginx"), None);
        assert_eq!(words(r#"["a" b]"#), None);
    }

    #[test]
    fn health_checks_of_both_kinds() {
        let read = |text: &str| healthcheck(&Cooked::plain(text, 0)).unwrap();
        let it = read(
            "{Test:[CMD-SHELL curl -f http://[::1]/ || exit 1] Interval:30s Timeout:3s StartPeriod:0s StartInterval:0s Retries:3}",
        );
        let test: Vec<_> = it.test.words.iter().map(Cooked::as_str).collect();
        assert_eq!(test, ["CMD-SHELL", "curl", "-f", "http://[::1]/", "||", "exit", "1"]);
        let options = [("interval", "30s"), ("timeout", "3s"), ("retries", "3")];
        assert_eq!(it.options, options.map(|(a, b)| (a, b.to_owned())));
        let it = read(r#"&{["CMD-SHELL" "curl x"] "30s" "3s" "0s" "0s" '\x03'}"#);
        let test: Vec<_> = it.test.words.iter().map(Cooked::as_str).collect();
        assert_eq!(test, ["CMD-SHELL", "curl x"]);
        assert_eq!(it.options, options.map(|(a, b)| (a, b.to_owned())));
        assert_eq!(healthcheck(&Cooked::plain("CMD x", 0)), None);
    }
}
