//! The examples.

use crate::state::{Action, Attachment};

/// An example: its name in fragments, its Dockerfile, and what lies beside it.
struct Example {
    name: &'static str,
    dockerfile: &'static str,
    beside: &'static [(&'static str, &'static str)],
}

static EXAMPLES: [Example; 5] = [
    Example { name: "root", dockerfile: include_str!("../examples/root.dockerfile"), beside: &[] },
    Example {
        name: "secrets",
        dockerfile: include_str!("../examples/secrets.dockerfile"),
        beside: &[],
    },
    Example {
        name: "multi-stage",
        dockerfile: include_str!("../examples/multi-stage.dockerfile"),
        beside: &[],
    },
    Example { name: "good", dockerfile: include_str!("../examples/good.dockerfile"), beside: &[] },
    Example {
        name: "with-inspect",
        dockerfile: include_str!("../examples/with-inspect.dockerfile"),
        beside: &[("inspect.json", include_str!("../examples/with-inspect.json"))],
    },
];

/// The names of the examples in fragments, and what the page calls them.
pub(crate) const NAMES: [(&str, &str); 5] = [
    ("root", "Small Python service, as root"),
    ("secrets", "Node build with secrets in it"),
    ("multi-stage", "Multi-stage Java build that leaks"),
    ("with-inspect", "Dockerfile and its image inspect"),
    ("good", "Go service on scratch, in good order"),
];

/// Tokens of the examples, in halves. They are made up and open nothing; but a whole one in a
/// file would keep every scanner that looks at this project busy.
static TOKENS: [(&str, &[&str]); 4] = [
    ("AWS_KEY", &["AKIA", "Z7QKX2M4TRWNV5HB"]),
    ("AWS_SECRET", &["9wJ4kQxN7bVtR2mZsL8c", "YpHfD3gUeA6iXoK1rTvB"]),
    ("NPM_TOKEN", &["npm_", "n6Vt0QpXzR8mKc4LwYbJ2hGdSfA7eU24T1O3"]),
    ("GITHUB_TOKEN", &["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"]),
];

/// Loads an example: it replaces all inputs.
pub(crate) fn load(name: &str) -> Option<Action> {
    let example = EXAMPLES.iter().find(|it| it.name == name)?;
    let beside = example.beside.iter().map(|(name, text)| Attachment::text(name, &whole(text)));
    Some(Action::Swapped { text: whole(example.dockerfile), beside: beside.collect() })
}

/// Puts tokens in the places that are kept for them, between two section signs.
fn whole(text: &str) -> String {
    let part = |it: &str| match TOKENS.iter().find(|(name, _)| *name == it) {
        Some((_, halves)) => halves.concat(),
        None => it.to_owned(),
    };
    text.split('\u{a7}').map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_offered_by_the_page_and_has_whole_tokens() {
        let page = include_str!("../../index.html");
        for (name, title) in NAMES {
            assert!(page.contains(&format!("href=\"#example={name}\">{title}<")), "{name}");
        }
        for it in &EXAMPLES {
            assert!(page.contains(&format!("href=\"#example={}\"", it.name)), "{}", it.name);
            let Some(Action::Swapped { text, beside }) = load(it.name) else { panic!() };
            assert!(!text.contains('\u{a7}'), "{}", it.name);
            assert_eq!(beside.len(), it.beside.len());
        }
        assert_eq!(load("no-such-example"), None);
    }
}
