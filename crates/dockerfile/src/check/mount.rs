//! `RUN --mount` values that BuildKit refuses.

use text::{nearest, quote};

use super::Errors;
use crate::error::ErrorKind;
use crate::mount::MountField;
use crate::{Mount, MountKind};

/// Every key of a mount in BuildKit's Dockerfile frontend 1.26.
const KEYS: [&str; 18] = [
    "type",
    "from",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "readwrite",
    "rw",
    "required",
    "size",
    "id",
    "sharing",
    "mode",
    "uid",
    "gid",
];
/// A key of secret mounts only.
const ENV: &str = "env";

pub(super) fn check(it: &Mount, errors: &mut Errors<'_>) {
    for field in &it.fields {
        if let Some(why) = check_field(it, field) {
            errors.add(field.span, ErrorKind::BadMount(why));
        }
    }
    if let Some(why) = check_whole(it) {
        errors.add(it.span, ErrorKind::BadMount(why));
    }
}

fn check_field(it: &Mount, field: &MountField) -> Option<String> {
    let key = field.key.as_str();
    let Some(value) = field.value.as_ref().map(|it| it.as_str()) else {
        return match key {
            "readonly" | "ro" | "readwrite" | "rw" => None,
            "required"
                if matches!(it.kind, MountKind::Secret | MountKind::Ssh | MountKind::Unknown) =>
            {
                None
            }
            "required" => Some("only secret and ssh mounts can be required".to_owned()),
            _ if key.contains('$') => None,
            _ => Some(format!("the field {} of a mount needs a value", quote(key))),
        };
    };
    if key == "from" && value.contains('$') {
        return Some(
            "variables are not resolved in `from` of a mount; name a stage with `FROM … AS`"
                .to_owned(),
        );
    }
    if key.contains('$') || value.contains('$') {
        return None;
    }
    let not = |what: &str| {
        Some(format!("the field {} of a mount is {what}, not {}", quote(key), quote(value)))
    };
    match key {
        "type" if it.kind == MountKind::Unknown => {
            let near = nearest(value, MountKind::NAMES).map(|it| format!("; did you mean `{it}`?"));
            Some(format!("{} is no type of mount{}", quote(value), near.unwrap_or_default()))
        }
        "readonly" | "ro" | "readwrite" | "rw" | "required" if !is_boolean(value) => {
            not("true or false")
        }
        "sharing"
            if !["shared", "private", "locked"].contains(&value.to_ascii_lowercase().as_str()) =>
        {
            not("`shared`, `private` or `locked`")
        }
        "mode" if u32::from_str_radix(value, 8).is_err() => not("an octal mode"),
        "uid" | "gid" if value.parse::<u32>().is_err() => not("a number"),
        "mode" | "uid" | "gid" if matches!(it.kind, MountKind::Bind | MountKind::Tmpfs) => {
            Some(format!("a {} mount has no {}", kind_name(it.kind), quote(key)))
        }
        ENV if it.kind == MountKind::Secret => None,
        _ if KEYS.contains(&key) => None,
        _ => {
            let near = nearest(key, KEYS).map(|it| format!("; did you mean `{it}`?"));
            Some(format!("a mount has no field {}{}", quote(key), near.unwrap_or_default()))
        }
    }
}

fn check_whole(it: &Mount) -> Option<String> {
    if it.fields.iter().any(|it| it.key.contains('$')) {
        return None;
    }
    let has = |names: &[&str]| it.field(names).is_some();
    match it.kind {
        MountKind::Secret if it.from().is_some() => {
            Some("a secret mount cannot come `from` a stage".to_owned())
        }
        MountKind::Secret if has(&["sharing"]) => {
            Some("a secret mount has no `sharing`".to_owned())
        }
        MountKind::Secret if it.source().is_none() && it.target().is_none() && !has(&["id"]) => {
            Some("a secret mount needs an `id`, a `source` or a `target`".to_owned())
        }
        MountKind::Secret if it.source().is_some() && has(&["id"]) => {
            Some("a secret mount has an `id` or a `source`, not both".to_owned())
        }
        MountKind::Bind | MountKind::Tmpfs | MountKind::Ssh if has(&["sharing"]) => {
            Some(format!("a {} mount has no `sharing`", kind_name(it.kind)))
        }
        MountKind::Bind | MountKind::Cache | MountKind::Tmpfs if it.target().is_none() => {
            Some(format!("a {} mount needs a `target`", kind_name(it.kind)))
        }
        _ => None,
    }
}

fn kind_name(kind: MountKind) -> &'static str {
    match kind {
        MountKind::Bind => "bind",
        MountKind::Cache => "cache",
        MountKind::Tmpfs => "tmpfs",
        MountKind::Secret => "secret",
        MountKind::Ssh => "ssh",
        MountKind::Unknown => "unknown",
    }
}

/// The spellings of Go's `strconv.ParseBool`.
fn is_boolean(value: &str) -> bool {
    matches!(
        value,
        "1" | "t" | "T" | "TRUE" | "true" | "True" | "0" | "f" | "F" | "FALSE" | "false" | "False"
    )
}
