//! What a name tells about its value: whether `DB_PASS`, `ftpPassword` or `GPG_KEY` is the name
//! of a secret. Names only; values are judged elsewhere.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::table::data_lines;

/// What a name says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Name {
    /// Holds a password: something a person may have made up.
    Password,
    /// Holds a token, a key or another secret that a machine made.
    Secret,
    /// Names a file that holds one.
    Pointer,
    /// About a secret, such as its id, its size or its age.
    About,
    /// Has nothing to do with secrets.
    Plain,
}

/// Judges a name in any notation: `snake_case`, `kebab-case`, `camelCase`, `SHOUTING`.
#[inline(never)]
pub fn judge(name: &str) -> Name {
    let lower = name.to_ascii_lowercase().replace(['-', '.'], "_");
    if has("never", &lower) {
        return Name::About;
    }
    if has("pointer", &lower) {
        return Name::Pointer;
    }
    let stripped = list("public").iter().find_map(|it| lower.strip_prefix(it));
    let cut = stripped.map_or(0, |it| lower.len() - it.len());
    let words = split(name.get(cut..).unwrap_or(name));
    let is_secret = has("exact", &lower) || holds_secret(&words);
    if !is_secret {
        // `PGP_KEY_IDS` is about a key, if not about a secret one.
        let key = words.iter().any(|it| it == "key" || it == "keys");
        return if key && speaks_about(&words) { Name::About } else { Name::Plain };
    }
    if !has("exact", &lower) && speaks_about(&words) {
        return Name::About;
    }
    let password = |it: &String| list("password").iter().any(|end| it.ends_with(end));
    if words.iter().any(password) { Name::Password } else { Name::Secret }
}

/// Whether a value under this name ends up in a browser (`VITE_`, `REACT_APP_` and the like).
pub fn is_public(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    list("public").iter().any(|it| lower.starts_with(it))
}

fn holds_secret(words: &[String]) -> bool {
    let strong = |it: &String| {
        has("strong", it)
            || !has("whole-no", it)
                && list("glued").iter().any(|end| it.len() > end.len() && glued(it, end))
    };
    let key = |it: &String| it == "key" || it == "keys";
    let qualified = |pair: &[String]| match pair {
        [first, second] => key(second) && has("qualifier", first),
        _ => false,
    };
    words.iter().any(strong)
        || words.windows(2).any(qualified)
        || words.last().is_some_and(|it| it == "auth")
        || words.windows(2).any(|it| match it {
            [first, second] => {
                first == "auth" && matches!(second.as_str(), "json" | "string" | "basic")
            }
            _ => false,
        })
}

/// Whether a long word ends or starts with a word for a secret. `pass` alone is too short to
/// start one.
fn glued(word: &str, part: &str) -> bool {
    word.ends_with(part) || part.len() > 4 && word.starts_with(part)
}

fn speaks_about(words: &[String]) -> bool {
    let last = words.iter().rev().find(|it| !it.bytes().all(|it| it.is_ascii_digit()));
    last.is_some_and(|it| has("last-no", it)) || words.iter().any(|it| has("any-no", it))
}

/// The words of a name in lower case.
fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|it: char| !it.is_ascii_alphanumeric()) {
        let mut word = String::new();
        let mut letters = part.chars().peekable();
        let mut last = ' ';
        while let Some(letter) = letters.next() {
            let next_lower = letters.peek().is_some_and(char::is_ascii_lowercase);
            let hump = letter.is_ascii_uppercase()
                && (last.is_ascii_lowercase()
                    || last.is_ascii_digit()
                    || next_lower && last.is_ascii_uppercase());
            if hump && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(letter.to_ascii_lowercase());
            last = letter;
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

fn has(rule: &str, word: &str) -> bool {
    list(rule).contains(&word)
}

fn list(rule: &str) -> &'static [&'static str] {
    static RULES: OnceLock<BTreeMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let rows =
            data_lines(include_str!("../data/names.tsv")).filter_map(|it| it.split_once('\t'));
        rows.map(|(rule, words)| (rule, words.split(' ').collect())).collect()
    });
    rules.get(rule).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Name, names: &[&str]) {
        for name in names {
            assert_eq!(judge(name), expected, "{name} {:?}", split(name));
        }
    }

    #[test]
    fn names_are_judged_by_their_words() {
        check(
            Name::Password,
            &[
                "DB_PASS",
                "REDIS_PASS",
                "FtpPassword",
                "ROOTPASSWORD",
                "DBPASS",
                "mysql.password",
                "VITE_ADMIN_PASSWORD",
            ],
        );
        check(
            Name::Secret,
            &[
                "amazonToken",
                "S3SECRETACCESSKEY",
                "API_KEY",
                "apiKey",
                "client-secret",
                "AWS_SECRET_ACCESS_KEY",
                "SECRET_KEY_BASE",
                "REGISTRY_AUTH",
                "privateKey",
            ],
        );
        check(
            Name::About,
            &[
                "GPG_KEY",
                "OPENSSL_PGP_KEY_IDS",
                "TOKEN_FILE",
                "SECRET_NAME",
                "PASSWORD_LENGTH",
                "SSH_AUTH_SOCK",
                "USE_TOKEN",
                "password2_hint",
            ],
        );
        check(
            Name::Plain,
            &["KEY", "BYPASS_CACHE", "PASSENGER_MIN", "monkey", "HOME", "AUTHOR", "VALKEY_URL"],
        );
        check(Name::Pointer, &["GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG"]);
    }
}
