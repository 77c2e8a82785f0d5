//! Histories as JSON: the Engine's API, lines of the command line tools, podman, nerdctl, the
//! `history` of an image configuration, and the old manifests of schema 1.
//!
//! All of them name the same things, in several spellings.

use text::Cooked;

use super::{Entry, History, MOST_ENTRIES, Time, measure, row};
use crate::json::{Json, Shape};

/// Which end of a history comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// As tools list it.
    NewestFirst,
    /// As configurations keep it.
    OldestFirst,
}

/// Reads entries. Configurations, which write `created_by`, keep the oldest first.
pub fn records<'a>(objects: impl Iterator<Item = Json<'a>>) -> History {
    let mut history = History::default();
    let mut order = Order::NewestFirst;
    for object in objects.filter(|it| it.shape() == Shape::Object) {
        if history.entries.len() >= MOST_ENTRIES {
            history.is_limited = true;
            break;
        }
        let fields = Fields::of(object);
        if fields.is_configuration {
            order = Order::OldestFirst;
        }
        history.entries.push(entry(object, &fields));
    }
    if order == Order::NewestFirst {
        history.entries.reverse();
    }
    history
}

/// Whether an object is an entry of a history that stands alone.
pub fn is_entry(object: Json<'_>) -> bool {
    let mut has_maker = false;
    let mut only_known = true;
    for (name, _) in object.members().take(20) {
        let name = name.string().map(|it| folded(it.as_str())).unwrap_or_default();
        has_maker |= name == "createdby";
        only_known &= KNOWN.contains(&&*name);
    }
    has_maker && only_known
}

/// What entries have, in all spellings made one.
const KNOWN: [&str; 14] = [
    "id",
    "snapshot",
    "created",
    "createdat",
    "createdsince",
    "createdby",
    "tags",
    "size",
    "comment",
    "author",
    "emptylayer",
    "digest",
    "parent",
    "virtualsize",
];

/// A name without underscores and capitals.
fn folded(name: &str) -> String {
    name.chars().filter(|it| *it != '_').map(|it| it.to_ascii_lowercase()).collect()
}

#[derive(Default)]
struct Fields<'a> {
    created: Option<Json<'a>>,
    created_at: Option<Json<'a>>,
    created_since: Option<Json<'a>>,
    created_by: Option<Json<'a>>,
    size: Option<Json<'a>>,
    comment: Option<Json<'a>>,
    author: Option<Json<'a>>,
    is_empty: Option<Json<'a>>,
    /// The configuration of the container that made a layer: schema 1 keeps the command there.
    container: Option<Json<'a>>,
    is_configuration: bool,
}

impl<'a> Fields<'a> {
    fn of(object: Json<'a>) -> Self {
        let mut fields = Self::default();
        for (name, value) in object.members() {
            if value.shape() == Shape::Null {
                continue;
            }
            let Some(name) = name.string() else { continue };
            let field = match &*folded(name.as_str()) {
                "created" => &mut fields.created,
                "createdat" => &mut fields.created_at,
                "createdsince" => &mut fields.created_since,
                "createdby" => {
                    fields.is_configuration = name.as_str() == "created_by";
                    &mut fields.created_by
                }
                "size" => &mut fields.size,
                "comment" => &mut fields.comment,
                "author" => &mut fields.author,
                "emptylayer" => {
                    fields.is_configuration = true;
                    &mut fields.is_empty
                }
                "throwaway" => &mut fields.is_empty,
                "containerconfig" => &mut fields.container,
                _ => continue,
            };
            *field = Some(value);
        }
        fields
    }
}

fn entry(object: Json<'_>, fields: &Fields<'_>) -> Entry {
    let made_by = fields.created_by.and_then(Json::string);
    let made_by = made_by.or_else(|| joined(fields.container?.get("Cmd")?));
    let made_by = made_by.unwrap_or_else(|| Cooked::empty(object.span().start()));
    let (created_by, is_cut) = row::made_by(&made_by, 0, made_by.as_str().len());
    let text = |it: Option<Json<'_>>| {
        it.and_then(Json::string).map(|it| it.as_str().to_owned()).unwrap_or_default()
    };
    Entry {
        span: object.span(),
        created_by,
        is_cut,
        comment: text(fields.comment),
        author: text(fields.author),
        size: fields.size.and_then(size),
        is_empty: fields.is_empty.and_then(Json::boolean),
        time: [fields.created, fields.created_at, fields.created_since]
            .into_iter()
            .flatten()
            .find_map(time),
    }
}

/// The words of an array with blanks between them.
fn joined(words: Json<'_>) -> Option<Cooked> {
    let mut out: Option<Cooked> = None;
    for word in words.items().filter_map(Json::string) {
        match &mut out {
            Some(text) => {
                text.push(" ", word.whole().start().saturating_sub(1));
                text.append(&word);
            }
            None => out = Some(word),
        }
    }
    out
}

fn size(value: Json<'_>) -> Option<u64> {
    match value.shape() {
        Shape::Number => value.raw().parse().ok(),
        _ => {
            let text = value.string()?;
            let (bytes, length) =
                measure::size(text.as_str()).or_else(|| measure::plain_size(text.as_str()))?;
            (length == text.as_str().len()).then_some(bytes)
        }
    }
}

fn time(value: Json<'_>) -> Option<Time> {
    match value.shape() {
        // A zero stands for a date that is not known.
        Shape::Number => value.raw().parse().ok().filter(|it| *it > 86_400).map(Time::At),
        _ => measure::time(value.string()?.as_str())?.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, Option<u64>, bool)]) {
        let objects = Json::objects(text, 0);
        let history = records(objects.into_iter());
        let got: Vec<_> = history
            .entries
            .iter()
            .map(|it| (it.created_by.as_str(), it.size, it.has_no_layer()))
            .collect();
        assert_eq!(got, expected);
        for it in &history.entries {
            assert!(it.span.contains(it.created_by.whole()), "{it:?}");
        }
    }

    #[test]
    fn every_tool_is_read_into_the_same_entries() {
        check(
            r#"[{"Id": "sha256:1", "Created": 1398108230, "CreatedBy": "B", "Tags": null, "Size": 7, "Comment": ""},
                {"Id": "<missing>", "Created": 1398108222, "CreatedBy": "A", "Size": 0, "Comment": ""}]"#,
            &[("A", Some(0), true), ("B", Some(7), false)],
        );
        check(
            "{\"ID\":\"1\",\"CreatedSince\":\"2 days ago\",\"CreatedBy\":\"B\",\"Size\":\"1.2kB\",\"Comment\":\"\"}\n{\"ID\":\"2\",\"CreatedBy\":\"A\\u2026\",\"Size\":\"0B\"}\n",
            &[("A", Some(0), true), ("B", Some(1200), false)],
        );
        check(
            r#"[{"id": "1", "created": "2026-01-01T00:00:00Z", "createdBy": "B", "size": 3, "tags": []}, {"id": "2", "CreatedBy": "A", "size": 0}]"#,
            &[("A", Some(0), true), ("B", Some(3), false)],
        );
        check(
            r#"[{"created": "2026-01-01T00:00:00Z", "created_by": "A", "empty_layer": true}, {"created_by": "B\n# buildkit", "author": "x"}]"#,
            &[("A", None, true), ("B\n# buildkit", None, false)],
        );
        check(
            r##"[{"id": "2", "container_config": {"Cmd": ["/bin/sh", "-c", "#(nop) ", "USER [nova]"]}, "throwaway": true}, {"id": "1", "Size": 5}]"##,
            &[("", Some(5), false), ("/bin/sh -c #(nop)  USER [nova]", None, true)],
        );
    }

    #[test]
    fn entries_are_known_by_their_members() {
        let is = |text: &str| is_entry(Json::first(text).unwrap());
        assert!(is(r#"{"Id": "1", "CreatedBy": "x", "Size": 0}"#));
        assert!(is(r#"{"Snapshot": "sha256:1", "CreatedBy": "x", "Size": "0.0 B"}"#));
        assert!(!is(r#"{"Id": "1", "Size": 0}"#));
        assert!(!is(r#"{"CreatedBy": "x", "Pods": 1}"#));
    }
}
