//! The examples.

use crate::state::{Action, Attachment};

/// An example: its name in fragments, its Dockerfile, and what lies beside it.
struct Example {
    name: &'static str,
    dockerfile: &'static str,
    beside: &'static [(&'static str, &'static str)],
}

macro_rules! dockerfile {
    ($name:literal) => {
        Example {
            name: $name,
            dockerfile: include_str!(concat!("../examples/", $name, ".dockerfile")),
            beside: &[],
        }
    };
    ($name:literal, $called:literal, $file:literal) => {
        Example {
            beside: &[($called, include_str!(concat!("../examples/", $file)))],
            ..dockerfile!($name)
        }
    };
}

static EXAMPLES: [Example; 11] = [
    dockerfile!("root"),
    dockerfile!("root-mended"),
    dockerfile!("secrets"),
    dockerfile!("secrets-mended"),
    dockerfile!("writable"),
    dockerfile!("writable-mended", "run.txt", "writable-mended.run.txt"),
    dockerfile!("multi-stage"),
    dockerfile!("tools-mended"),
    dockerfile!("with-inspect", "inspect.json", "with-inspect.json"),
    Example {
        name: "history",
        dockerfile: "",
        beside: &[("history.txt", include_str!("../examples/history.txt"))],
    },
    dockerfile!("good"),
];

/// The saved image among the examples: its name in fragments, its file, and what is in it.
const IMAGE: &str = "image";
/// The file that the saved image comes as.
pub(crate) const IMAGE_FILE: &str = "shop.tar";
/// The saved image. A test of the command line makes it.
pub(crate) static IMAGE_BYTES: &[u8] = include_bytes!("../examples/image.tar");

/// The names of the examples in fragments, and what the page calls them.
pub(crate) const NAMES: [(&str, &str); 12] = [
    ("root", "Small Python service, as root"),
    ("root-mended", "The same as somebody else"),
    ("secrets", "Node build with secrets in it"),
    ("secrets-mended", "The same without them"),
    ("writable", "PHP site that may rewrite itself"),
    ("writable-mended", "The same, with its read-only run"),
    ("multi-stage", "Multi-stage Java build that leaks"),
    ("tools-mended", "The same on a small runtime"),
    ("with-inspect", "Dockerfile and its image inspect"),
    ("history", "History of an image, and no Dockerfile"),
    (IMAGE, "Saved image, with its layers and files"),
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
    if name == IMAGE {
        return Some(Action::SampleImage);
    }
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
        assert_eq!(NAMES.len(), EXAMPLES.len() + 1, "and the saved image");
        assert_eq!(load(IMAGE), Some(Action::SampleImage));
        assert_eq!(load("no-such-example"), None);
    }
}
