//! What a name tells about its value, and what the value tells about the name: whether a variable,
//! an option or a key of a file holds a secret.
//!
//! A name is split into words at signs and at capitals after small letters. Some words mean a
//! secret, others take that back: `DB_PASSWORD` is one, `DB_PASSWORD_FILE` says where one lies,
//! `PASSWORD_MIN_LENGTH` and `GPG_KEY` are none. Whether a *value* is a secret of some known form
//! is judged elsewhere.

use std::fmt;

use words::{Meaning, Rule, bare, find, is_in, is_number, known, list, words};

use crate::placeholder;

mod words;

/// What a name says in text of any kind, where its value is judged by its looks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Name {
    /// Holds a password: something a person may have made up.
    Password,
    /// Holds a token, a key or another secret that a machine made.
    Secret,
    /// Says where one lies.
    Pointer,
    /// About a secret, such as its id, its size or its age.
    About,
    /// Has nothing to do with secrets.
    Plain,
}

/// What is thought of a variable, and why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Judgment {
    /// What it holds.
    pub verdict: Verdict,
    /// What decided; its text continues a sentence after "because".
    pub because: Because,
    /// What the value looks like: a default password is a weaker sign than one that is not.
    pub value: Value,
    /// Front-end builds put variables of such names into what browsers download.
    pub in_bundle: bool,
}

/// What a variable holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// A secret.
    Secret,
    /// The place of a secret.
    Pointer,
    /// Neither.
    NotSecret,
}

/// What decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Because {
    /// The documentation of the tool that reads the variable.
    KnownName,
    /// A word in the name that means a secret.
    Word(&'static str),
    /// A word before `key`.
    KeyOf(&'static str),
    /// The name ends in `key`, of what is not clear.
    AnyKey,
    /// The name of the public half of an access key, which is set where the secret half is.
    AccessKeyId,
    /// A word at the end of the name that takes the meaning of the others away.
    LastWord(&'static str),
    /// A word anywhere in the name that does so.
    Harmless(&'static str),
    /// The name says that the value is public.
    Public,
    /// What the value looks like.
    ItsValue(Value),
    /// Nothing in the name means a secret.
    Nothing,
}

/// What a value looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// There is none, or it is not known.
    NotGiven,
    /// It is the empty text.
    Empty,
    /// It is the value of another variable.
    Reference,
    /// It is to be replaced.
    Placeholder,
    /// A password that everybody tries first.
    DefaultPassword,
    /// Yes or no, or a number that means it.
    Switch,
    /// A version number.
    Version,
    /// The fingerprint of a public key.
    Fingerprint,
    /// A file or directory.
    Path,
    /// An address without a password.
    Url,
    /// An address with user and password.
    UrlWithPassword,
    /// Anything else.
    Literal,
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KnownName => f.write_str("that is what a variable of this name is for"),
            Self::Word(it) => write!(f, "its name contains `{it}`"),
            Self::KeyOf(it) => write!(f, "its name contains `{it}` and `key`"),
            Self::AnyKey => f.write_str("its name ends in `key`"),
            Self::AccessKeyId => f.write_str("it is set where a secret key is"),
            Self::LastWord(it) => write!(f, "its name ends in `{it}`"),
            Self::Harmless(it) => write!(f, "its name contains `{it}`"),
            Self::Public => f.write_str("its name says that it is public"),
            Self::ItsValue(it) => write!(f, "its value is {}", it.label()),
            Self::Nothing => f.write_str("nothing in its name means a secret"),
        }
    }
}

impl Value {
    /// What it is, for a message.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotGiven => "not known",
            Self::Empty => "empty",
            Self::Reference => "that of another variable",
            Self::Placeholder => "a placeholder",
            Self::DefaultPassword => "a default password",
            Self::Switch => "a switch",
            Self::Version => "a version",
            Self::Fingerprint => "the fingerprint of a public key",
            Self::Path => "a path",
            Self::Url => "an address without a password",
            Self::UrlWithPassword => "an address with a password",
            Self::Literal => "a text",
        }
    }
}

/// What a name in code, settings or prose says. There, a `key` of nothing in particular is one of a
/// map, and some words speak of a secret without holding it: `forgotPassword`, `csrf_token`.
#[inline(never)]
pub fn in_text(name: &str) -> Name {
    let rest = without_frontend(name).unwrap_or(name);
    let (verdict, because) = by_name(name, rest);
    let known = because == Because::KnownName;
    match verdict {
        Verdict::Pointer => Name::Pointer,
        Verdict::NotSecret if because == Because::Nothing && !is_about_key(rest) => Name::Plain,
        Verdict::NotSecret => Name::About,
        Verdict::Secret if because == Because::AnyKey => Name::Plain,
        Verdict::Secret if !known && words(rest).any(|it| find(Rule::TextAny, it).is_some()) => {
            Name::About
        }
        Verdict::Secret if words(rest).any(is_chosen) => Name::Password,
        Verdict::Secret => Name::Secret,
    }
}

/// Whether a name ends in `key`, of what is not clear: `mailerKey`.
pub(crate) fn is_any_key(name: &str) -> bool {
    by_name(name, name) == (Verdict::Secret, Because::AnyKey)
}

/// `PGP_KEY_IDS` is about a key, if not about a secret one.
fn is_about_key(name: &str) -> bool {
    let taken_back = |word: &str| {
        [Rule::Any, Rule::KeyAny, Rule::TextAny, Rule::OtherLast, Rule::PointerLast]
            .into_iter()
            .any(|it| find(it, word).is_some())
    };
    words(name).any(|it| is_in("key", it) || is_in("keys", it)) && words(name).any(taken_back)
}

/// Whether a word says that a person may have made the value up.
fn is_chosen(word: &str) -> bool {
    list(Rule::Chosen).iter().any(|it| ends_with(bare(word), it))
}

/// Whether a variable is named like a secret and not obviously something else.
pub fn is_secret(name: &str, value: Option<&str>) -> bool {
    // Most names mean nothing, and then only an address is worth a look at the value.
    let by_name = || {
        let rest = without_frontend(name).unwrap_or(name);
        by_name(name, rest).0 == Verdict::Secret
    };
    (value.is_some_and(|it| it.contains("://")) || by_name())
        && judge(name, value).verdict == Verdict::Secret
}

/// Whether a value is one that everybody tries first, or is to be replaced: no secret by itself.
pub fn is_stand_in(value: &str) -> bool {
    matches!(look(value), Value::DefaultPassword | Value::Placeholder)
        || placeholder::is_whole_word(value.as_bytes())
}

/// What a variable holds.
///
/// Give the value as it stands, references resolved where that is possible. For a build argument
/// with no default, or with an empty one that is there to be overridden, give `None`.
pub fn judge(name: &str, value: Option<&str>) -> Judgment {
    let looks = value.map_or(Value::NotGiven, look);
    let (rest, in_bundle) = match without_frontend(name) {
        Some(rest) => (rest, true),
        None => (name, false),
    };
    let (verdict, because) = match by_name(name, rest) {
        _ if looks == Value::UrlWithPassword => (Verdict::Secret, Because::ItsValue(looks)),
        (Verdict::Secret, because) => by_value(because, looks, value.unwrap_or_default()),
        other => other,
    };
    Judgment { verdict, because, value: looks, in_bundle }
}

/// What the name alone says. `rest` is the name without the prefix that front ends want.
fn by_name(name: &str, rest: &str) -> (Verdict, Because) {
    let exact = known(rest);
    if exact.is(Rule::ExactSecret) {
        return (Verdict::Secret, Because::KnownName);
    }
    if exact.is(Rule::ExactPointer) {
        return (Verdict::Pointer, Because::KnownName);
    }
    // An address holds a secret only if there is a password in it.
    if exact.is(Rule::ExactOther) || exact.is(Rule::ExactUrl) {
        return (Verdict::NotSecret, Because::KnownName);
    }
    let Some(sign) = strongest_sign(rest) else {
        return (Verdict::NotSecret, Because::Nothing);
    };
    let public = list(Rule::FrontendPublic).iter().any(|it| starts_with(name, it));
    taken_back(rest, sign, public).unwrap_or((Verdict::Secret, sign.reason()))
}

/// What in a name means a secret.
#[derive(Clone, Copy)]
enum Sign {
    AnyKey,
    KeyOf(&'static str),
    Word(&'static str),
    AccessKeyId,
}

impl Sign {
    /// How clear it is.
    const fn rank(self) -> u8 {
        match self {
            Self::AnyKey => 0,
            Self::KeyOf(_) => 1,
            Self::Word(_) => 2,
            Self::AccessKeyId => 3,
        }
    }

    const fn reason(self) -> Because {
        match self {
            Self::AnyKey => Because::AnyKey,
            Self::KeyOf(it) => Because::KeyOf(it),
            Self::Word(it) => Because::Word(it),
            Self::AccessKeyId => Because::AccessKeyId,
        }
    }
}

/// The first of the clearest signs.
fn strongest_sign(name: &str) -> Option<Sign> {
    let mut rest = words(name);
    let mut before = ["", ""];
    let mut best: Option<Sign> = None;
    while let Some(word) = rest.next() {
        // Some numbers may follow, as in `PASS_2`; a name of nothing but numbers is not a name.
        let after = rest.clone().take(3).find(|it| !is_number(it));
        if let Some(sign) = sign(before, word, after)
            && best.is_none_or(|it| it.rank() < sign.rank())
        {
            best = Some(sign);
        }
        before = [before[1], word];
    }
    best
}

/// What one word means between its neighbors.
fn sign(before: [&str; 2], word: &str, after: Option<&str>) -> Option<Sign> {
    let [before_that, previous] = before;
    if after.is_none()
        && is_in("id", word)
        && is_in("key", previous)
        && is_in("access", before_that)
    {
        return Some(Sign::AccessKeyId);
    }
    let meaning = Meaning::of(word);
    if let Some(it) = meaning.find(Rule::Strong) {
        let counts = it == "tokens" && find(Rule::CountBefore, previous).is_some();
        return (!counts).then_some(Sign::Word(it));
    }
    if let Some(it) = meaning.find(Rule::StrongLast).filter(|_| after.is_none()) {
        return Some(Sign::Word(it));
    }
    if is_in("key", word) || is_in("keys", word) {
        let of = find(Rule::KeyOf, previous).map(Sign::KeyOf);
        return of.or((after.is_none() && is_in("key", word)).then_some(Sign::AnyKey));
    }
    if is_in("auth", word) && after.is_none_or(|it| find(Rule::AuthNext, it).is_some()) {
        return Some(Sign::Word("auth"));
    }
    glued(bare(word))
}

/// A secret's word written together with others: `ROOTPASSWORD`, `S3SECRETACCESSKEY`.
fn glued(word: &str) -> Option<Sign> {
    let fits = |it: &&&str| starts_with(word, it) || ends_with(word, it);
    let last = || list(Rule::GluedLast).iter().find(|it| ends_with(word, it));
    let part = list(Rule::Glued).iter().find(fits).or_else(last)?;
    (!known(word).is(Rule::GluedOther)).then_some(Sign::Word(part))
}

/// What other words of the name make of a sign: `password` in `PASSWORD_FILE` is none.
fn taken_back(name: &str, sign: Sign, public: bool) -> Option<(Verdict, Because)> {
    let (is_key, is_private) = match sign {
        Sign::AccessKeyId => return None,
        Sign::AnyKey => (true, false),
        Sign::KeyOf(it) => (true, matches!(it, "private" | "secret")),
        Sign::Word(it) => (false, !matches!(it, "token" | "tokens" | "apikey" | "accesskey")),
    };
    if let Some(it) = words(name).find_map(|it| find(Rule::Any, it)) {
        return Some((Verdict::NotSecret, Because::Harmless(it)));
    }
    let last = words(name).filter(|it| !is_number(it)).last().unwrap_or_default();
    // Of a word that is written together with a secret's, only what comes after it is the last.
    let end = list(Rule::Glued).iter().find_map(|it| rest_after(last, it)).unwrap_or(last);
    if let Some(it) = find(Rule::PointerLast, end) {
        return Some((Verdict::Pointer, Because::LastWord(it)));
    }
    if let Some(it) = find(Rule::OtherLast, end) {
        return Some((Verdict::NotSecret, Because::LastWord(it)));
    }
    if is_private {
        return None;
    }
    if public || words(name).any(|it| find(Rule::Public, it).is_some()) {
        return Some((Verdict::NotSecret, Because::Public));
    }
    let kind = words(name).find_map(|it| find(Rule::KeyAny, it)).filter(|_| is_key)?;
    Some((Verdict::NotSecret, Because::Harmless(kind)))
}

/// What the value makes of a name that means a secret.
fn by_value(because: Because, looks: Value, value: &str) -> (Verdict, Because) {
    match looks {
        Value::Empty | Value::Switch | Value::Version | Value::Url => {
            (Verdict::NotSecret, Because::ItsValue(looks))
        }
        Value::Path => (Verdict::Pointer, Because::ItsValue(looks)),
        Value::Fingerprint if because == Because::AnyKey => {
            (Verdict::NotSecret, Because::ItsValue(looks))
        }
        // Maps, caches and settings have keys, too: those are words.
        Value::Literal if because == Because::AnyKey && is_words(value) => {
            (Verdict::NotSecret, Because::ItsValue(looks))
        }
        // `ENV NPM_TOKEN=$NPM_TOKEN` keeps the secret that a build argument brought.
        Value::Reference => match judge(referred(value).unwrap_or_default(), None).verdict {
            Verdict::Secret => (Verdict::Secret, because),
            Verdict::Pointer | Verdict::NotSecret => (Verdict::NotSecret, Because::ItsValue(looks)),
        },
        Value::NotGiven
        | Value::Placeholder
        | Value::DefaultPassword
        | Value::Fingerprint
        | Value::UrlWithPassword
        | Value::Literal => (Verdict::Secret, because),
    }
}

/// What a value looks like.
fn look(value: &str) -> Value {
    let value = value.trim();
    let is = |rule| known(value).is(rule);
    let switches = ["true", "false", "yes", "no", "on", "off", "none", "null", "nil", "0", "1"];
    if value.is_empty() {
        return Value::Empty;
    }
    if referred(value).is_some() {
        return Value::Reference;
    }
    if switches.iter().any(|it| it.eq_ignore_ascii_case(value)) {
        return Value::Switch;
    }
    if is(Rule::Placeholder) || is_template(value) {
        return Value::Placeholder;
    }
    if is(Rule::Default) {
        return Value::DefaultPassword;
    }
    if let Some((_, rest)) = value.split_once("://") {
        return if has_password(rest) { Value::UrlWithPassword } else { Value::Url };
    }
    if is_path(value) {
        return Value::Path;
    }
    if is_version(value) {
        return Value::Version;
    }
    if is_fingerprint(value) { Value::Fingerprint } else { Value::Literal }
}

/// The name in `$NAME`, `${NAME}` or `${NAME:-default}`, if that is the whole value.
fn referred(value: &str) -> Option<&str> {
    let rest = value.trim().trim_matches('"').strip_prefix('$')?;
    let in_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let name = match rest.strip_prefix('{') {
        Some(inner) => inner.strip_suffix('}')?.split([':', '-', '+', '#', '%', '/']).next()?,
        None => rest,
    };
    (!name.is_empty() && name.chars().all(in_name)).then_some(name)
}

/// Values that templates leave to be filled in, and crossed-out ones.
fn is_template(value: &str) -> bool {
    let between = |open, close| value.starts_with(open) && value.ends_with(close);
    let crossed = |sign| value.len() > 2 && value.chars().all(|it| it.eq_ignore_ascii_case(&sign));
    between("<", ">")
        || between("{{", "}}")
        || (value.len() > 2 && (between("%", "%") || between("@", "@")))
        || ["_", "-", "?"].contains(&value)
        || ['x', '*', '.'].into_iter().any(crossed)
        || ["your", "replace", "insert"].iter().any(|it| starts_with(value, it))
}

/// Whether what follows `://` has a password before its host, and one that is no reference.
fn has_password(address: &str) -> bool {
    let host = address.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = host.rsplit_once('@') else { return false };
    let password = user.split_once(':').map_or("", |(_, password)| password);
    !password.is_empty() && !password.contains('$') && !is_template(password)
}

fn is_words(value: &str) -> bool {
    value.bytes().all(|it| it.is_ascii_alphabetic() || matches!(it, b'_' | b'-' | b'.' | b' '))
}

fn is_path(value: &str) -> bool {
    let starts = ["/", "./", "../", "~/", "$"].iter().any(|it| value.starts_with(it));
    let drive =
        matches!(value.as_bytes(), [it, b':', b'\\' | b'/', ..] if it.is_ascii_alphabetic());
    // Base64 may start with a slash, but rarely does without one of its other signs.
    (starts || drive) && value.len() > 1 && !value.contains(['=', '+', '\n'])
}

fn is_version(value: &str) -> bool {
    let number = value.strip_prefix('v').unwrap_or(value);
    number.contains('.') && number.split('.').all(|it| !it.is_empty() && is_number(it))
}

/// Fingerprints of OpenPGP keys are written in capitals, several with blanks between.
fn is_fingerprint(value: &str) -> bool {
    value.split_ascii_whitespace().all(|it| {
        let digits = it.strip_prefix("0x").unwrap_or(it);
        let capital = |it: u8| it.is_ascii_digit() || (b'A'..=b'F').contains(&it);
        [8, 16, 40].contains(&digits.len()) && digits.bytes().all(capital)
    })
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start))
}

fn ends_with(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start.and_then(|it| text.get(it..)).is_some_and(|it| it.eq_ignore_ascii_case(end))
}

fn rest_after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.get(start.len()..).filter(|it| !it.is_empty() && starts_with(text, start))
}

fn without_frontend(name: &str) -> Option<&str> {
    let prefixes = list(Rule::Frontend).iter().chain(list(Rule::FrontendPublic));
    prefixes.into_iter().find_map(|it| rest_after(name, it))
}

#[cfg(test)]
mod tests;
