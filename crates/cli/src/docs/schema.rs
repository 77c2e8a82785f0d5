//! What `plimsoll.toml` may say, as JSON Schema: editors complete and explain by it.

use report::Severity;
use rules::{RULES, shell_rules};
use serde_json::{Map, Value, json};
use settings::FAIL_ON;

/// The schema, with every rule by its own name.
pub(super) fn schema() -> Value {
    let text = || json!({ "type": "string", "minLength": 1 });
    let mut rules = Map::new();
    for it in RULES {
        rules.insert(it.id.to_owned(), switch(it.title, it.severity, it.default));
    }
    for it in shell_rules() {
        rules.insert(it.id.to_owned(), switch(it.title, it.severity, it.default));
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "plimsoll.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "target": {
                "description": "The stage that is built, by name or number; the last one if not said.",
                "type": "string",
            },
            "trusted": {
                "description": "Registries and namespaces that images may come from.",
                "type": "array",
                "items": { "type": "string", "pattern": "^(?!.*://)(?=.*\\S)" },
            },
            "fail-on": {
                "description": "The least severity that fails; medium if not said.",
                "enum": FAIL_ON,
            },
            "fail-on-unknown": {
                "description": "Whether an open question fails, too.",
                "type": "boolean",
            },
            "foreign-ignores": {
                "description": "Whether comments for other tools accept findings; true if not said.",
                "type": "boolean",
            },
            "shellcheck": {
                "description": "Whether shell scripts are looked through, where that is built in.",
                "type": "boolean",
            },
            "arguments": {
                "description": "Values of build arguments.",
                "type": "object",
                "additionalProperties": { "type": "string" },
            },
            "rules": {
                "description": "Rules that are switched on or off, by any tool's name. What is off has a reason.",
                "type": "object",
                "properties": rules,
                "additionalProperties": { "$ref": "#/definitions/switch" },
            },
        },
        "definitions": {
            "switch": { "oneOf": [
                { "enum": ["on", true] },
                one("on", text()),
                one("off", text()),
            ] },
        },
    })
}

fn one(word: &str, text: Value) -> Value {
    json!({
        "type": "object",
        "properties": { word: text },
        "required": [word],
        "additionalProperties": false,
    })
}

fn switch(title: &str, severity: Severity, default: bool) -> Value {
    let off = if default { "" } else { " Off unless asked for." };
    json!({
        "description": format!("{title} ({}).{off}", severity.id()),
        "allOf": [{ "$ref": "#/definitions/switch" }],
    })
}

#[cfg(test)]
mod tests {
    use super::schema;

    /// The reader of settings names every key that it knows when it meets one that it does not.
    #[test]
    fn it_has_every_setting() {
        let mistakes = settings::read("zzzzzzzzzz = 1").unwrap_err();
        let told = mistakes.first().unwrap().to_string();
        let (_, known) = told.split_once("there are ").unwrap();
        let mut known: Vec<&str> = known.split(", ").collect();
        known.sort_unstable();
        let schema = schema();
        let keys = schema.pointer("/properties").unwrap().as_object().unwrap().keys();
        assert_eq!(keys.collect::<Vec<_>>(), known);
        let rules = schema.pointer("/properties/rules/properties").unwrap().as_object().unwrap();
        for id in ["runs-as-root", "shell-sc2086"] {
            assert!(rules.contains_key(id), "{id}");
        }
    }
}
