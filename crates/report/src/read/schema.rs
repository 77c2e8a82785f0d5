//! The published schema says what is written: all of it, and nothing that is not.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::tests::everything;

const SCHEMA: &str = include_str!("../../report.schema.json");

/// Reads a value by a schema, as far as ours goes; what it does not describe is an error, too.
struct Reader<'a> {
    root: &'a Value,
    /// Which properties of the schema occurred, by their places in it.
    seen: BTreeSet<String>,
}

impl Reader<'_> {
    fn check(&mut self, value: &Value, at: &str) -> Result<(), String> {
        let schema = self.root.pointer(at).unwrap().as_object().unwrap();
        if let Some(it) = schema.get("$ref") {
            return self.check(value, it.as_str().unwrap().trim_start_matches('#'));
        }
        let one_of = |key: &str| schema.get(key).and_then(Value::as_array);
        let is_wrong = one_of("enum").is_some_and(|it| !it.contains(value))
            || schema.get("const").is_some_and(|it| it != value)
            || schema.get("type").is_some_and(|it| it != kind(value))
            || schema.get("minimum").is_some_and(|it| value.as_u64() < it.as_u64());
        if is_wrong {
            return Err(format!("{value} at {at}"));
        }
        if let (Some(all), None) = (one_of("anyOf"), schema.get("properties")) {
            let fits = |index| self.check(value, &format!("{at}/anyOf/{index}"));
            let errors: Vec<String> = (0..all.len()).map(fits).filter_map(Result::err).collect();
            return if errors.len() < all.len() { Ok(()) } else { Err(errors.join("; ")) };
        }
        for (index, it) in value.as_array().into_iter().flatten().enumerate() {
            self.check(it, &format!("{at}/items")).map_err(|why| format!("{why}, item {index}"))?;
        }
        match value.as_object() {
            Some(it) => self.fields(it, schema, at),
            None => Ok(()),
        }
    }

    fn fields(
        &mut self,
        value: &Map<String, Value>,
        schema: &Map<String, Value>,
        at: &str,
    ) -> Result<(), String> {
        let wanted = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for it in wanted.filter_map(Value::as_str) {
            value.get(it).ok_or_else(|| format!("no {it} at {at}"))?;
        }
        for (name, inner) in value {
            let place = format!("{at}/properties/{name}");
            self.root.pointer(&place).ok_or_else(|| format!("{name} is not described at {at}"))?;
            self.check(inner, &place)?;
            self.seen.insert(place);
        }
        Ok(())
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The properties of a schema, by their places in it.
fn properties(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    if let Some(it) = schema.get("properties").and_then(Value::as_object) {
        found.extend(it.keys().map(|name| format!("{at}/properties/{name}")));
    }
    match schema {
        Value::Object(it) => {
            it.iter().for_each(|(name, inner)| properties(inner, &format!("{at}/{name}"), found));
        }
        Value::Array(it) => {
            let all = it.iter().enumerate();
            all.for_each(|(index, inner)| properties(inner, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

#[test]
fn the_schema_describes_every_field_and_no_other() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let written: Value = serde_json::from_str(&crate::json(&everything())).unwrap();
    let mut reader = Reader { root: &root, seen: BTreeSet::new() };
    reader.check(&written, "").unwrap();
    let mut all = BTreeSet::new();
    properties(&root, "", &mut all);
    let missing: Vec<&String> = all.difference(&reader.seen).collect();
    assert_eq!(missing, Vec::<&String>::new(), "these are never written");
}

#[test]
fn what_the_schema_does_not_say_is_found_out() {
    let root: Value = serde_json::from_str(SCHEMA).unwrap();
    let written: Value = serde_json::from_str(&crate::json(&everything())).unwrap();
    for (place, with) in [
        ("/today", Value::from(1)),
        ("/answers/0/verdict", Value::from("maybe")),
        ("/rules/0/findings/0/place", serde_json::json!({ "source": 0, "column": 1 })),
        ("/schema", Value::from("plimsoll-report/2")),
    ] {
        let mut other = written.clone();
        *other.pointer_mut(place).unwrap() = with;
        let mut reader = Reader { root: &root, seen: BTreeSet::new() };
        assert!(reader.check(&other, "").is_err(), "{place}");
    }
}
