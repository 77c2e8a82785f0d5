//! Variables and their values at one point of a build.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::expand::{Expansion, Reason, expand};

/// A variable's value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value<'a> {
    /// The value, as far as the file says: a build argument may replace a default.
    Known(&'a str),
    /// Not known, and why.
    Unknown(Reason),
}

/// The variables that an instruction sees.
///
/// `ENV` beats `ARG` of the same name, whatever their order. Names that nothing in the file
/// declares may still come from the base image, unless there is none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scope {
    /// Shared until somebody changes it: thousands of stages may build on one, and what holds before
    /// each instruction is kept.
    env: Arc<Variables>,
    args: Arc<Variables>,
    /// Whether a base image may have set variables.
    open: bool,
}

/// Names and values are shared between the copies of a map.
type Variables = BTreeMap<Arc<str>, Result<Arc<str>, Reason>>;

/// Build arguments that BuildKit sets by itself, for every platform it builds for. Their values
/// depend on the build; in a stage they must be declared, in `FROM` they need not be.
pub(crate) const PLATFORM_ARGS: [&str; 9] = [
    "BUILDARCH",
    "BUILDOS",
    "BUILDPLATFORM",
    "BUILDVARIANT",
    "TARGETARCH",
    "TARGETOS",
    "TARGETPLATFORM",
    "TARGETSTAGE",
    "TARGETVARIANT",
];

impl Scope {
    /// What `FROM` sees: the global build arguments and the platform.
    pub fn global() -> Self {
        let unknown = |it: &&str| ((*it).into(), Err(Reason::BuildArg));
        let args = Arc::new(text::order::map(PLATFORM_ARGS.iter().map(unknown)));
        Self { args, ..Self::default() }
    }

    /// The start of a stage. `open`: whether a base image may have set variables.
    pub fn stage(open: bool) -> Self {
        Self { open, ..Self::default() }
    }

    /// The start of a stage built on one that ended with this scope: `ENV` is inherited, `ARG` is
    /// not.
    pub fn inherit(&self) -> Self {
        Self { env: Arc::clone(&self.env), args: Arc::default(), open: self.open }
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Value<'_> {
        match self.env.get(name).or_else(|| self.args.get(name)) {
            Some(Ok(it)) => Value::Known(it),
            Some(Err(reason)) => Value::Unknown(*reason),
            None if self.open => Value::Unknown(Reason::Undeclared),
            None => Value::Unknown(Reason::Unset),
        }
    }

    /// Whether something in the file declares the variable.
    pub fn declares(&self, name: &str) -> bool {
        self.env.contains_key(name) || self.args.contains_key(name)
    }

    /// The names that something declares, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.env.keys().chain(self.args.keys()).map(|it| &**it)
    }

    /// Expands a word and removes its quotes.
    pub fn expand(&self, text: &str, escape: char) -> Expansion {
        expand(text, escape, self)
    }

    /// `ENV name=value`.
    pub fn set_env(&mut self, name: &str, value: &Expansion) {
        Arc::make_mut(&mut self.env).insert(name.into(), kept(value));
    }

    /// `ARG name[=default]`. `given`: a value handed to the build, which beats the default.
    /// `global`: the scope of `FROM`, whose arguments a bare `ARG name` takes over.
    pub fn declare_arg(
        &mut self,
        name: &str,
        default: Option<&Expansion>,
        given: Option<&str>,
        global: Option<&Scope>,
    ) {
        let inherited = || global.and_then(|it| it.args.get(name)).cloned();
        let value = match (given, default) {
            (Some(it), _) => Ok(it.into()),
            (None, Some(it)) => kept(it),
            (None, None) => inherited().unwrap_or(Err(Reason::BuildArg)),
        };
        Arc::make_mut(&mut self.args).insert(name.into(), value);
    }
}

/// A value is only as known as everything in it. A variable that is surely empty hides nothing.
fn kept(value: &Expansion) -> Result<Arc<str>, Reason> {
    let open = value.unknown.iter().find(|it| it.reason != Reason::Unset);
    match open {
        Some(it) => Err(it.reason),
        None => Ok(value.text.as_str().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        let mut scope = Scope::stage(true);
        let known = |text: &str| Expansion { text: text.to_owned(), ..Expansion::default() };
        scope.set_env("x", &known("foo.tar.gz"));
        scope.set_env("empty", &known(""));
        scope.declare_arg("arg", None, None, None);
        scope
    }

    fn expanded(text: &str) -> String {
        let it = scope().expand(text, '\\');
        match it.error {
            Some(error) => format!("error: {}", error.message()),
            None if it.unknown.is_empty() => it.text,
            None => format!("{} ?", it.text),
        }
    }

    #[test]
    fn every_operator_of_buildkit() {
        for (text, expected) in [
            ("a", "a"),
            ("$x", "foo.tar.gz"),
            ("${x}s", "foo.tar.gzs"),
            ("\\$x", "$x"),
            ("'$x'", "$x"),
            ("\"$x\\\"\\a\"", "foo.tar.gz\"\\a"),
            ("${empty:-y}", "y"),
            ("${empty-y}", ""),
            ("${arg-y}", "y"),
            ("${arg:-${x}}", "foo.tar.gz"),
            ("${x:+y}", "y"),
            ("${empty:+y}", ""),
            ("${empty+y}", "y"),
            ("${x?no}", "foo.tar.gz"),
            ("${x#*.}", "tar.gz"),
            ("${x##*.}", "gz"),
            ("${x%.*}", "foo.tar"),
            ("${x%%.*}", "foo"),
            ("${x/a/A}", "foo.tAr.gz"),
            ("${x//?o/0}", "0o.tar.gz"),
            ("${x//o/}", "f.tar.gz"),
            ("$", "$"),
            ("$1a", "${1}a ?"),
            ("$arg", "${arg} ?"),
            ("$nobody", "${nobody} ?"),
            ("${x:-$arg}", "foo.tar.gz"),
        ] {
            assert_eq!(expanded(text), expected, "{text}");
        }
    }

    #[test]
    fn what_buildkit_refuses_is_an_error() {
        for text in ["${x", "${}", "${x^^}", "${x:=y}", "'a", "\"a", "${{x}", "${empty:?needed}"] {
            assert!(expanded(text).starts_with("error: "), "{text}: {}", expanded(text));
        }
        assert!(expanded(&"${a:-".repeat(10_000)).starts_with("error: "));
    }

    #[test]
    fn doubling_values_stay_bounded() {
        let mut scope = Scope::stage(false);
        scope.set_env("a", &Expansion { text: "x".repeat(1000), ..Expansion::default() });
        for _ in 0..100 {
            let doubled = scope.expand("$a$a", '\\');
            scope.set_env("a", &doubled);
        }
        assert_eq!(scope.get("a"), Value::Unknown(Reason::TooLong));
    }

    #[test]
    fn env_beats_arg_and_arguments_are_not_inherited() {
        let mut scope = scope();
        scope.declare_arg("x", None, Some("other"), None);
        assert_eq!(scope.get("x"), Value::Known("foo.tar.gz"));
        let next = scope.inherit();
        assert_eq!(next.get("x"), Value::Known("foo.tar.gz"));
        assert_eq!(next.get("arg"), Value::Unknown(Reason::Undeclared));
    }
}
