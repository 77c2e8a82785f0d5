//! `plimsoll import hadolint`: a settings file out of another tool's, and what of it has no counterpart.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use rules::{RULES, Rule, shell_rules};
use serde_json::Value;

use crate::check::{read, tell};
use crate::print;

/// Prints `plimsoll.toml` for what a `.hadolint.yaml` says; what it cannot say goes to standard error.
pub(crate) fn hadolint(file: &Path) -> Result<ExitCode> {
    let input = read(file)?;
    let text =
        std::str::from_utf8(&input.bytes).with_context(|| format!("{} is no text", input.name))?;
    let yaml = image::yaml(text, 0..text.len());
    if let Some((_, why)) = yaml.broken {
        bail!("{}: {why}", input.name);
    }
    let said: Value = match serde_json::from_str(&yaml.json.text) {
        Ok(it) => it,
        Err(_) if text.trim().is_empty() => Value::Null,
        Err(error) => return Err(error).with_context(|| input.name.clone()),
    };
    let mut import = Import::default();
    for (key, value) in said.as_object().into_iter().flatten() {
        import.entry(key, value);
    }
    for it in &import.left_out {
        tell(&format!("plimsoll: left out: {}", text::visible(it)))?;
    }
    print(&import.toml())?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Default)]
struct Import {
    trusted: Vec<String>,
    fail_on: Option<&'static str>,
    own_ignores_only: bool,
    /// Rules that are switched off, with hadolint's names for them.
    off: BTreeMap<String, Vec<String>>,
    /// What has no counterpart.
    left_out: Vec<String>,
}

impl Import {
    fn entry(&mut self, key: &str, value: &Value) {
        let list = || value.as_array().into_iter().flatten().filter_map(Value::as_str);
        match key {
            "ignored" => list().for_each(|it| self.ignored(it)),
            "trustedRegistries" => self.trusted.extend(list().map(str::to_owned)),
            "failure-threshold" => {
                let word = value.as_str().unwrap_or_default();
                let known = [
                    ("error", "high"),
                    ("warning", "medium"),
                    ("info", "low"),
                    ("style", "note"),
                    ("none", "never"),
                ];
                match known.iter().find(|it| it.0 == word) {
                    // What is said of never failing counts more.
                    Some((_, ours)) => self.fail_on = self.fail_on.or(Some(*ours)),
                    None => self.left_out.push(format!("failure-threshold {word}")),
                }
            }
            "no-fail" if value.as_bool() == Some(true) => self.fail_on = Some("never"),
            "disable-ignore-pragma" => self.own_ignores_only = value.as_bool() == Some(true),
            "override" => {
                for (severity, names) in value.as_object().into_iter().flatten() {
                    let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
                    let names: Vec<&str> = names.collect();
                    let names = names.join(", ");
                    self.left_out.push(format!(
                        "override {severity}: {names} (the severity of a rule is not changed here)"
                    ));
                }
            }
            // How it looks and where it goes is said on the command line.
            "format" | "no-color" | "verbose" | "no-fail" => {}
            other => self.left_out.push(other.to_owned()),
        }
    }

    fn ignored(&mut self, name: &str) {
        let all = RULES.iter().copied().chain(shell_rules());
        let found: Vec<&Rule> = all.filter(|it| it.is_named(name)).collect();
        if found.is_empty() {
            self.left_out.push(format!("ignored {name} (there is no such rule here)"));
        }
        for it in found {
            self.off.entry(it.id.to_owned()).or_default().push(name.to_owned());
        }
    }

    fn toml(&self) -> String {
        let mut out = String::new();
        if !self.trusted.is_empty() {
            let all: Vec<String> = self.trusted.iter().map(|it| quoted(it)).collect();
            let _ = writeln!(out, "trusted = [{}]", all.join(", "));
        }
        if let Some(it) = self.fail_on {
            let _ = writeln!(out, "fail-on = \"{it}\"");
        }
        if self.own_ignores_only {
            out.push_str("foreign-ignores = false\n");
        }
        if !self.off.is_empty() {
            let _ = writeln!(out, "{}[rules]", if out.is_empty() { "" } else { "\n" });
        }
        for (id, names) in &self.off {
            let reason = format!("{} was ignored for hadolint", names.join(" and "));
            let _ = writeln!(out, "{id} = {{ off = {} }}", quoted(&reason));
        }
        out
    }
}

/// A text as TOML has it. What is special in a basic string is so in JSON, too.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}
