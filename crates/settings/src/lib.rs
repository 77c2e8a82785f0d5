//! What `plimsoll.toml` says. Every mistake in it is found at once, with its place and its remedy.
//!
//! The command line and the worker link this, so that both read a file the same way. Where it lies is for
//! the command line to know.

use std::fmt;

use report::quote;
use rules::{Build, Case, RULES, Settings, Switch, shell_rules};
use text::{Source, Span, nearest};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The names that the file may have.
pub const NAMES: [&str; 2] = ["plimsoll.toml", ".plimsoll.toml"];

/// What a settings file says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Config {
    /// What matters to a check.
    pub settings: Settings,
    /// The least severity that fails, by its word; one of [`FAIL_ON`].
    pub fail_on: Option<&'static str>,
    /// Whether an open question fails, too.
    pub fail_on_unknown: Option<bool>,
    /// Whether shell scripts are looked through.
    pub shellcheck: bool,
}

/// What `fail-on` may say.
pub const FAIL_ON: [&str; 5] = ["high", "medium", "low", "note", "never"];

/// A mistake, with line and column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    line: u32,
    column: u32,
    message: String,
}

/// Says that a stage which is to be built does not exist: it would leave the report about another one.
pub fn missing_target(case: &Case) -> Option<String> {
    let target = case.settings.target.as_ref()?;
    let lacks =
        |it: &&Build| !it.stages.stages.is_empty() && it.stages.target(Some(target)).is_none();
    let build = case.builds.iter().find(lacks)?;
    let names = || build.stages.stages.iter().filter_map(|it| it.name.as_deref());
    let near = nearest(target, names()).map(|it| format!("did you mean {}?", quote(it)));
    let all = || match names().map(quote).collect::<Vec<_>>() {
        names if names.is_empty() => "its stages have numbers only".to_owned(),
        names => format!("its stages are {}", names.join(", ")),
    };
    let source = case.sources.get(usize::from(build.source.0));
    let name = source.map_or("the Dockerfile", |it| &it.name);
    Some(format!("{name} has no stage {}; {}", quote(target), near.unwrap_or_else(all)))
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

const KEYS: [&str; 8] = [
    "target",
    "arguments",
    "trusted",
    "fail-on",
    "fail-on-unknown",
    "foreign-ignores",
    "shellcheck",
    "rules",
];

/// Reads a settings file.
pub fn read(text: &str) -> Result<Config, Vec<Mistake>> {
    let mut mistakes = Mistakes { source: Source::new("", text), found: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for it in &errors {
        let place = it.span().unwrap_or_default();
        mistakes.add(place, format!("this is no TOML: {}", it.message().replace('\n', "; ")));
    }
    let mut config = Config::default();
    // What stands behind a syntax error may be read as something that was not meant.
    if errors.is_empty() {
        for (key, value) in entries(table.get_ref()) {
            entry(key, value, &mut config, &mut mistakes);
        }
    }
    text::order::sort_by_key(&mut mistakes.found, |it| (it.line, it.column));
    if mistakes.found.is_empty() { Ok(config) } else { Err(mistakes.found) }
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

/// In the order of the text.
fn entries<'a, 'i>(table: &'a DeTable<'i>) -> Vec<(&'a Key<'i>, &'a Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    text::order::sort_by_key(&mut entries, |(key, _)| key.span().start);
    entries
}

struct Mistakes {
    source: Source,
    found: Vec<Mistake>,
}

impl Mistakes {
    fn add(&mut self, place: std::ops::Range<usize>, message: String) {
        let at = self.source.position(Span::of(place).start());
        self.found.push(Mistake { line: at.line, column: at.column, message });
    }

    /// A value of another type than the key wants.
    fn not(&mut self, key: &Key<'_>, value: &Value<'_>, wanted: &str) {
        let (key, is) = (quote(key.get_ref()), value.get_ref().type_str());
        self.add(value.span(), format!("{key} is {wanted}, not {}", article(is)));
    }
}

fn article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}

fn entry(key: &Key<'_>, value: &Value<'_>, config: &mut Config, mistakes: &mut Mistakes) {
    match &**key.get_ref() {
        "target" => match value.get_ref().as_str() {
            Some(it) => config.settings.target = Some(it.to_owned()),
            None => mistakes.not(key, value, "the name or number of a stage, as in \"runtime\""),
        },
        "trusted" => trusted(key, value, config, mistakes),
        "arguments" => arguments(key, value, config, mistakes),
        "fail-on" => {
            let word = value.get_ref().as_str();
            config.fail_on = FAIL_ON.into_iter().find(|it| word == Some(it));
            if config.fail_on.is_none() {
                let message = format!("`fail-on` is one of {}", FAIL_ON.join(", "));
                mistakes.add(value.span(), message);
            }
        }
        "fail-on-unknown" => match value.get_ref().as_bool() {
            Some(it) => config.fail_on_unknown = Some(it),
            None => mistakes.not(key, value, "true or false"),
        },
        "foreign-ignores" => match value.get_ref().as_bool() {
            Some(it) => config.settings.own_ignores_only = !it,
            None => mistakes.not(key, value, "true or false"),
        },
        "shellcheck" => match value.get_ref().as_bool() {
            Some(it) => config.shellcheck = it,
            None => mistakes.not(key, value, "true or false"),
        },
        "rules" => rules(key, value, config, mistakes),
        word => {
            let near = nearest(word, KEYS).map(|it| format!("did you mean `{it}`?"));
            let near = near.unwrap_or_else(|| format!("there are {}", KEYS.join(", ")));
            mistakes.add(key.span(), format!("there is no setting {}; {near}", quote(word)));
        }
    }
}

fn trusted(key: &Key<'_>, value: &Value<'_>, config: &mut Config, mistakes: &mut Mistakes) {
    let wanted = "a list of registries, as in [\"docker.io/library\", \"ghcr.io/example\"]";
    let Some(items) = value.get_ref().as_array() else { return mistakes.not(key, value, wanted) };
    for it in items.iter() {
        match it.get_ref().as_str() {
            Some(place) if place.contains("://") => {
                let message = format!("{} is an address; leave out its scheme", quote(place));
                mistakes.add(it.span(), message);
            }
            Some(place) if !place.trim().is_empty() => {
                config.settings.trusted.push(place.to_owned());
            }
            Some(_) | None => mistakes.not(key, it, wanted),
        }
    }
}

fn arguments(key: &Key<'_>, value: &Value<'_>, config: &mut Config, mistakes: &mut Mistakes) {
    let wanted = "a table of build arguments, as in VERSION = \"1.2\"";
    let Some(table) = value.get_ref().as_table() else { return mistakes.not(key, value, wanted) };
    for (name, value) in entries(table) {
        match value.get_ref().as_str() {
            Some(it) => {
                config.settings.arguments.insert(name.get_ref().to_string(), it.to_owned());
            }
            None => {
                let message =
                    format!("build argument {} is a text; quote it", quote(name.get_ref()));
                mistakes.add(value.span(), message);
            }
        }
    }
}

fn rules(key: &Key<'_>, value: &Value<'_>, config: &mut Config, mistakes: &mut Mistakes) {
    let wanted = "a table, as in no-sudo = { off = \"why\" }";
    let Some(table) = value.get_ref().as_table() else { return mistakes.not(key, value, wanted) };
    for (name, value) in entries(table) {
        let word = &**name.get_ref();
        let all = RULES.iter().copied().chain(shell_rules());
        let named: Vec<&str> = all.filter(|it| it.is_named(word)).map(|it| it.id).collect();
        if named.is_empty() {
            let near = nearest(word, RULES.iter().map(|it| it.id));
            let near = near.map(|it| format!("; did you mean `{it}`?"));
            let near = near.unwrap_or_else(|| "; `plimsoll rules` lists them".to_owned());
            mistakes.add(name.span(), format!("there is no rule {}{near}", quote(word)));
            continue;
        }
        let switch = match switch(word, value) {
            Ok(it) => it,
            Err(message) => {
                mistakes.add(value.span(), message);
                continue;
            }
        };
        for id in named {
            if config.settings.rules.insert(id.to_owned(), switch.clone()).is_some() {
                let message = format!("{} is switched by another line already", quote(id));
                mistakes.add(name.span(), message);
            }
        }
    }
}

/// `"on"`, `{ on = "why" }` or `{ off = "why" }`. What is switched off has a reason.
fn switch(name: &str, value: &Value<'_>) -> Result<Switch, String> {
    // A bare key is plain in TOML, and everything else has to be quoted.
    let bare = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    let shown = if name.chars().all(bare) { name.to_owned() } else { format!("\"{name}\"") };
    let reasoned =
        || format!("a rule is switched off with a reason: {shown} = {{ off = \"why\" }}");
    let unclear = || format!("write {shown} = \"on\" or {shown} = {{ off = \"why\" }}");
    match value.get_ref() {
        DeValue::String(it) if it == "on" => Ok(Switch { on: true, reason: None }),
        DeValue::Boolean(true) => Ok(Switch { on: true, reason: None }),
        DeValue::String(it) if it == "off" => Err(reasoned()),
        DeValue::Boolean(false) => Err(reasoned()),
        DeValue::Table(table) => match &entries(table)[..] {
            [(key, reason)] => {
                let on = match &**key.get_ref() {
                    "on" => true,
                    "off" => false,
                    _ => return Err(unclear()),
                };
                match reason.get_ref().as_str().map(str::trim) {
                    Some(it) if !it.is_empty() => Ok(Switch { on, reason: Some(it.to_owned()) }),
                    Some(_) | None => Err(if on { unclear() } else { reasoned() }),
                }
            }
            _ => Err(unclear()),
        },
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => Err(unclear()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    /// What the form of the companion writes, as its test in a browser sees it written.
    #[test]
    fn what_the_form_writes_is_read() {
        let config = read(include_str!("../../../tests/web/settings.toml")).unwrap();
        assert_eq!(config.settings.target.as_deref(), Some("runtime"));
        assert_eq!(config.settings.trusted, ["docker.io/library", "ghcr.io/example"]);
        assert_eq!(config.fail_on, Some("high"));
        assert_eq!(config.fail_on_unknown, Some(true));
        assert!(config.settings.own_ignores_only && config.shellcheck);
        let note = config.settings.arguments.iter().find(|it| it.0 == "NOTE").unwrap();
        assert_eq!(note.1, "a \"b\" \\ = c");
        let off = &config.settings.rules["no-sudo"];
        assert_eq!(
            (off.on, off.reason.as_deref()),
            (false, Some("this sudo runs only our own tools"))
        );
        assert!(config.settings.rules["base-not-pinned-by-digest"].on);
    }

    #[test]
    fn everything_can_be_said() {
        let text = r#"
            target = "runtime"
            trusted = ["docker.io/library", "ghcr.io/example"]
            fail-on = "high"
            fail-on-unknown = true
            shellcheck = true

            [arguments]
            VERSION = "1.2"

            [rules]
            no-sudo = { off = "the base image has a sudo that only our tools may call" }
            base-not-pinned-by-digest = "on"
            tag-and-digest.on = "we want one of both"
            DL3008 = true
            SC2086 = { off = "our variables are single words" }
        "#;
        let config = read(text).unwrap();
        assert_eq!(config.settings.target.as_deref(), Some("runtime"));
        assert_eq!(config.settings.trusted, ["docker.io/library", "ghcr.io/example"]);
        assert_eq!((config.fail_on, config.fail_on_unknown), (Some("high"), Some(true)));
        assert_eq!(config.settings.arguments["VERSION"], "1.2");
        assert!(config.shellcheck);
        let rules: Vec<(&str, bool, bool)> = config
            .settings
            .rules
            .iter()
            .map(|(id, it)| (&**id, it.on, it.reason.is_some()))
            .collect();
        assert_eq!(
            rules,
            [
                ("base-not-pinned-by-digest", true, false),
                ("no-sudo", false, true),
                ("shell-sc2086", false, true),
                ("tag-and-digest", true, true),
                ("unpinned-system-packages", true, false),
            ]
        );
        assert_eq!(read(""), Ok(Config::default()));
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let got: Vec<String> = match read(text) {
            Ok(it) => panic!("{it:?}"),
            Err(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(got, expected);
    }

    #[test]
    fn every_mistake_has_its_place_and_remedy() {
        check(
            "trustd = []\n\ntarget = 3\nfail-on = \"hihg\"\nfail-on-unknown = 1\nwhatever = 1\n\
             shellcheck = \"yes\"\nforeign-ignores = 0\n",
            &[
                "1:1: there is no setting `trustd`; did you mean `trusted`?",
                "3:10: `target` is the name or number of a stage, as in \"runtime\", not an integer",
                "4:11: `fail-on` is one of high, medium, low, note, never",
                "5:19: `fail-on-unknown` is true or false, not an integer",
                "6:1: there is no setting `whatever`; there are target, arguments, trusted, \
                 fail-on, fail-on-unknown, foreign-ignores, shellcheck, rules",
                "7:14: `shellcheck` is true or false, not a string",
                "8:19: `foreign-ignores` is true or false, not an integer",
            ],
        );
        check(
            "trusted = [\"https://ghcr.io\", \"\", 1]\n[arguments]\nA = 1\n",
            &[
                "1:12: `https://ghcr.io` is an address; leave out its scheme",
                "1:31: `trusted` is a list of registries, as in [\"docker.io/library\", \
                 \"ghcr.io/example\"], not a string",
                "1:35: `trusted` is a list of registries, as in [\"docker.io/library\", \
                 \"ghcr.io/example\"], not an integer",
                "3:5: build argument `A` is a text; quote it",
            ],
        );
    }

    #[test]
    fn rules_are_switched_off_with_a_reason() {
        check(
            "[rules]\nno-sudo = \"off\"\nno-suod = { off = \"x\" }\nDL3008 = { off = \" \" }\n\
             DL3006 = \"maybe\"\n5.32 = false\nzzz = \"on\"\n",
            &[
                "2:11: a rule is switched off with a reason: no-sudo = { off = \"why\" }",
                "3:1: there is no rule `no-suod`; did you mean `no-sudo`?",
                "4:10: a rule is switched off with a reason: DL3008 = { off = \"why\" }",
                "5:10: write DL3006 = \"on\" or DL3006 = { off = \"why\" }",
                "6:1: there is no rule `5`; `plimsoll rules` lists them",
                "7:1: there is no rule `zzz`; `plimsoll rules` lists them",
            ],
        );
        check(
            "[rules]\nno-sudo = \"on\"\nDL3004 = { off = \"x\" }\n",
            &["3:1: `no-sudo` is switched by another line already"],
        );
    }

    #[test]
    fn what_is_no_toml_is_said_so() {
        let got = read("target = \n[rules\n").unwrap_err();
        assert!(got.iter().all(|it| it.message.starts_with("this is no TOML: ")), "{got:?}");
        assert_eq!((got[0].line, got.len() > 1), (1, true));
    }
}
