//! What an instruction says, in a form in which a Dockerfile and a history can be compared.
//!
//! Builders record variables with their values, paths from the root, commands on one line. So a
//! Dockerfile's instruction is brought into that form; what a variable decides that is not known
//! matches anything.

use dockerfile::{
    Expansion, Form, Healthcheck, Instruction, Keyword, Kind, Pair, Reason, State, Word,
};

/// What an instruction says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Key {
    pub(super) keyword: Keyword,
    /// Its words; nothing for one that is not known.
    words: Vec<Option<String>>,
    /// Where files go.
    destination: Option<Destination>,
    /// Whether the record ends before the instruction does.
    is_cut: bool,
    /// Whether only part of it was recorded, as with a checksum for names of files.
    is_partial: bool,
}

/// Where files go, as far as that is known: some builders record it as it was written, some as a
/// path from the root.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Destination {
    written: Option<String>,
    absolute: Option<String>,
}

impl Destination {
    fn fits(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        same(&self.written, &other.written)
            || same(&self.absolute, &other.absolute)
            || self.absolute.is_none()
            || other.absolute.is_none()
    }
}

impl Key {
    /// Whether two say the same, as far as both are known.
    pub(super) fn fits(&self, other: &Self) -> bool {
        if self.keyword != other.keyword {
            return false;
        }
        if self.is_cut || other.is_cut {
            let (cut, whole) = if self.is_cut { (self, other) } else { (other, self) };
            return cut.is_partial || starts(&whole.all_words(), &cut.all_words());
        }
        let goes_there = match (&self.destination, &other.destination) {
            (Some(a), Some(b)) => a.fits(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        // Of files that are recorded by their checksum, only where they go can be compared.
        let same_words = || {
            self.words.len() == other.words.len()
                && self.words.iter().zip(&other.words).all(|(a, b)| word_fits(a, b))
        };
        goes_there && (self.is_partial || other.is_partial || same_words())
    }

    fn all_words(&self) -> Vec<Option<String>> {
        let destination = self.destination.iter().map(|it| it.written.clone());
        self.words.iter().cloned().chain(destination).collect()
    }
}

fn word_fits(a: &Option<String>, b: &Option<String>) -> bool {
    a.as_ref().zip(b.as_ref()).is_none_or(|(a, b)| a == b)
}

/// Whether the words start with others, of which the last may be half a word.
fn starts(whole: &[Option<String>], cut: &[Option<String>]) -> bool {
    cut.iter().enumerate().all(|(index, word)| {
        let is_last = index + 1 == cut.len();
        match (whole.get(index), word) {
            (Some(Some(whole)), Some(word)) if is_last => whole.starts_with(word.as_str()),
            (Some(whole), word) => word_fits(whole, word),
            (None, _) => false,
        }
    })
}

/// What an instruction says; nothing for those that no history records. `state`: what holds before
/// it.
pub(super) fn key(it: &Instruction, state: &State, escape: char, is_cut: bool) -> Option<Key> {
    let keyword = it.keyword?;
    let reader = Reader { state, escape };
    let (mut is_partial, mut destination) = (false, None);
    let words = match &it.kind {
        Kind::From(_) | Kind::Unknown => return None,
        Kind::Run(run) => run_words(it, &run.form),
        Kind::Env(pairs) => reader.pairs(pairs),
        Kind::Label(pairs) => reader.pairs(pairs),
        // The value may be given to the build.
        Kind::Arg(declared) => {
            declared.iter().map(|it| Some(it.name.as_str().to_owned())).collect()
        }
        Kind::Copy(paths) | Kind::Add(paths) => {
            let is_hash = |it: &Word| {
                ["file:", "dir:", "multi:"].iter().any(|mark| it.as_str().starts_with(mark))
            };
            is_partial = paths.sources.iter().any(is_hash);
            destination = paths.destination.as_ref().map(|it| reader.destination(it));
            paths.sources.iter().map(|it| reader.word(it).map(|it| bare(&it))).collect()
        }
        Kind::Cmd(form) | Kind::Entrypoint(form) | Kind::Shell(form) => form_words(form),
        Kind::Healthcheck(Healthcheck::Cmd(form)) => form_words(form),
        Kind::Healthcheck(Healthcheck::None) => vec![Some("NONE".to_owned())],
        Kind::Healthcheck(Healthcheck::Unknown(_)) => return None,
        Kind::Expose(ports) => {
            let port = |it: &Word| reader.word(it).map(|it| with_protocol(&it));
            // The record is sorted.
            text::order::distinct(ports.iter().map(port))
        }
        Kind::Volume(paths) => paths.iter().map(|it| reader.word(it)).collect(),
        Kind::Workdir(path) => {
            let path = reader.expand(path);
            vec![state.joined(&path).or_else(|| known(path))]
        }
        Kind::User(word) | Kind::Stopsignal(word) | Kind::Maintainer(word) => {
            vec![reader.word(word)]
        }
        Kind::Onbuild(_) => collapsed(it.args.as_str()),
    };
    Some(Key { keyword, words, destination, is_cut, is_partial })
}

struct Reader<'a> {
    state: &'a State,
    escape: char,
}

impl Reader<'_> {
    fn expand(&self, word: &Word) -> Expansion {
        self.state.scope.expand(word.as_str(), self.escape)
    }

    fn word(&self, word: &Word) -> Option<String> {
        known(self.expand(word))
    }

    fn destination(&self, word: &Word) -> Destination {
        let path = self.expand(word);
        let absolute = self.state.joined(&path);
        Destination { written: known(path).map(|it| bare(&it)), absolute }
    }

    fn pairs(&self, pairs: &[Pair]) -> Vec<Option<String>> {
        let pair = |it: &Pair| {
            let value = self.word(&it.value);
            [self.word(&it.name), value]
        };
        pairs.iter().flat_map(pair).collect()
    }
}

/// A path without `./` before it and slashes behind it.
fn bare(path: &str) -> String {
    let kept = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    if kept.is_empty() { path.to_owned() } else { kept.to_owned() }
}

fn known(it: Expansion) -> Option<String> {
    let open = it.unknown.iter().any(|it| it.reason != Reason::Unset);
    (!open && it.error.is_none()).then_some(it.text)
}

fn run_words(it: &Instruction, form: &Form) -> Vec<Option<String>> {
    let body = |it: &dockerfile::Heredoc| collapsed(it.content.as_str());
    match form {
        Form::Exec(_) => form_words(form),
        // A here-document alone is recorded as what is in it.
        Form::Shell(text) if text.as_str().split_whitespace().all(|it| it.starts_with("<<")) => {
            it.heredocs.iter().flat_map(body).collect()
        }
        Form::Shell(_) => {
            form_words(form).into_iter().chain(it.heredocs.iter().flat_map(body)).collect()
        }
    }
}

fn form_words(form: &Form) -> Vec<Option<String>> {
    match form {
        Form::Shell(text) => collapsed(text.as_str()),
        // An exec form is recorded with blanks between its words, which may hold blanks.
        Form::Exec(words) => words.iter().flat_map(|it| collapsed(it.as_str())).collect(),
    }
}

fn collapsed(text: &str) -> Vec<Option<String>> {
    text.split_whitespace().map(|it| Some(it.to_owned())).collect()
}

fn with_protocol(port: &str) -> String {
    if port.contains('/') { port.to_ascii_lowercase() } else { format!("{port}/tcp") }
}
