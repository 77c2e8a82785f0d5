//! How comments that accept findings are written: our own, and those of other tools.
//!
//! The forms of others are as their documentation has them (KICS, Trivy, Checkov, Semgrep, tally, droast: versions of
//! summer 2026). They count for rules that go by one of their names here.

use report::quote;
use text::Date;

use crate::shell_rules::names_code;
use crate::{RULES, shell_rules};

/// The form of comments that are for us.
pub(super) const OWN: &str = "plimsoll";

/// What a comment says, wherever it stands.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Said {
    /// Whose form it is.
    pub(super) form: &'static str,
    pub(super) scope: Scope,
    /// The rules it names, as written.
    pub(super) names: Vec<String>,
    /// Whose rules it names all of.
    pub(super) all: Option<All>,
    pub(super) reason: Option<String>,
    pub(super) until: Option<Date>,
    /// What is wrong with the comment itself.
    pub(super) fault: Option<String>,
}

/// What a comment is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    /// The instruction below it.
    Next,
    /// The whole file.
    File,
}

/// Tools all of whose rules can be named at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum All {
    BuildKit,
    Kics,
    ShellCheck,
}

impl Said {
    fn new(form: &'static str, scope: Scope, names: Vec<String>) -> Self {
        Self { form, scope, names, all: None, reason: None, until: None, fault: None }
    }

    fn because(self, reason: Option<&str>) -> Self {
        let reason = reason.map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned);
        Self { reason, ..self }
    }
}

/// Whether a name is one of a query of KICS: the first eight digits of its UUID.
pub(super) fn is_kics(name: &str) -> bool {
    name.len() == 8 && name.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// Reads a comment; `None` if it accepts nothing.
pub(super) fn read(line: &str) -> Option<Said> {
    let body = line.trim().strip_prefix('#')?.trim();
    let end = body.find(|it: char| !it.is_ascii_alphanumeric() && it != '-').unwrap_or(body.len());
    let (tool, rest) = body.split_at(end);
    match tool {
        "hadolint" => hadolint(rest),
        "shellcheck" => shellcheck(rest),
        "check" => buildkit(rest),
        "trivy" => trivy(body),
        "checkov" | "bridgecrew" | "cortex" => checkov(rest),
        "kics-scan" => kics(rest),
        "nosemgrep" | "nosem" => semgrep(rest),
        "tally" => tally(rest),
        "droast" => droast(rest),
        OWN => own(rest),
        _ => None,
    }
}

fn names(list: &str) -> Vec<String> {
    list.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

/// `ignore=…` or `global ignore=…`: how far it reaches, and what stands behind.
fn scoped(rest: &str) -> Option<(Scope, &str)> {
    let rest = rest.trim_start();
    let (scope, rest) = match rest.strip_prefix("global") {
        Some(it) => (Scope::File, it.trim_start()),
        None => (Scope::Next, rest),
    };
    Some((scope, rest.strip_prefix("ignore")?.trim_start().strip_prefix('=')?))
}

/// `hadolint ignore=DL3006,SC1035 # why`
fn hadolint(rest: &str) -> Option<Said> {
    let (scope, list) = scoped(rest)?;
    let (list, reason) = list.split_once('#').map_or((list, None), |(a, b)| (a, Some(b)));
    Some(Said::new("hadolint", scope, names(list)).because(reason))
}

/// `tally ignore=hadolint/DL3006,no-sudo;reason=why`
fn tally(rest: &str) -> Option<Said> {
    let (scope, list) = scoped(rest)?;
    let (list, options) = list.split_once(';').unwrap_or((list, ""));
    let reason = options.split(';').find_map(|it| it.trim().strip_prefix("reason="));
    let bare = |name: String| {
        let whose = ["tally/", "hadolint/", "buildkit/", "shellcheck/"];
        whose.iter().find_map(|it| name.strip_prefix(it)).map(str::to_owned).unwrap_or(name)
    };
    let names = names(list).into_iter().map(bare).collect();
    Some(Said::new("tally", scope, names).because(reason))
}

/// `droast ignore=DF001 reason="why" expires=2027-01-31`
fn droast(rest: &str) -> Option<Said> {
    let (scope, list) = scoped(rest)?;
    let (list, options) = list.trim().split_once(char::is_whitespace).unwrap_or((list, ""));
    let reason = options.split_once("reason=\"").and_then(|(_, it)| it.split('"').next());
    let mut said = Said::new("droast", scope, names(list)).because(reason);
    if let Some((_, after)) = options.split_once("expires=") {
        ends(&mut said, after.split_whitespace().next().unwrap_or_default());
    }
    Some(said)
}

/// `shellcheck disable=SC2086 # why`
fn shellcheck(rest: &str) -> Option<Said> {
    let (words, reason) = rest.split_once('#').map_or((rest, None), |(a, b)| (a, Some(b)));
    let lists = words.split_whitespace().filter_map(|it| it.strip_prefix("disable="));
    let list: Vec<String> = lists.flat_map(names).collect();
    if list.is_empty() {
        return None;
    }
    let all = list.iter().any(|it| it == "all").then_some(All::ShellCheck);
    Some(Said { all, ..Said::new("shellcheck", Scope::Next, list).because(reason) })
}

/// `check=skip=JSONArgsRecommended;error=true`
fn buildkit(rest: &str) -> Option<Said> {
    let options = rest.trim_start().strip_prefix('=')?;
    let skip = options.split(';').find_map(|it| it.trim().strip_prefix("skip="))?;
    let all = skip.trim().eq_ignore_ascii_case("all").then_some(All::BuildKit);
    Some(Said { all, ..Said::new("buildkit", Scope::File, names(skip)) })
}

/// `trivy:ignore:DS-0002:exp:2027-01-31`, several of them with spaces between. They end with the first of them.
fn trivy(body: &str) -> Option<Said> {
    let mut said = Said::new("trivy", Scope::Next, Vec::new());
    let mut last: Option<&str> = None;
    for it in body.split_whitespace().filter_map(|it| it.strip_prefix("trivy:ignore:")) {
        let (name, date) = it.split_once(":exp:").map_or((it, None), |(a, b)| (a, Some(b)));
        let name = name.strip_prefix("AVD-").unwrap_or(name);
        // Their older names have three digits and no dash.
        let old = name.strip_prefix("DS").filter(|it| it.len() == 3 && !it.starts_with('-'));
        said.names.push(old.map_or_else(|| name.to_owned(), |it| format!("DS-0{it}")));
        last = match (last, date) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    if let Some(date) = last {
        ends(&mut said, date);
    }
    (!said.names.is_empty()).then_some(said)
}

/// `checkov:skip=CKV_DOCKER_3:why`, which is for the whole file wherever it stands.
fn checkov(rest: &str) -> Option<Said> {
    let list = rest.strip_prefix(":skip=")?;
    let (list, reason) = list.split_once(':').map_or((list, None), |(a, b)| (a, Some(b)));
    Some(Said::new("checkov", Scope::File, names(list)).because(reason))
}

/// `kics-scan ignore`, `ignore-line`, `ignore-block`, `disable=UUID,UUID`
fn kics(rest: &str) -> Option<Said> {
    let rest = rest.trim();
    if let Some(list) = rest.strip_prefix("disable=") {
        let short = |it: String| it.chars().take(8).collect();
        let names = names(list).into_iter().map(short).collect();
        return Some(Said::new("kics", Scope::File, names));
    }
    let scope = match rest {
        "ignore" => Scope::File,
        "ignore-line" | "ignore-block" => Scope::Next,
        _ => return None,
    };
    Some(Said { all: Some(All::Kics), ..Said::new("kics", scope, Vec::new()) })
}

/// `nosemgrep: dockerfile.security.missing-user`. One that names no rule is for all of theirs, which nobody here knows.
fn semgrep(rest: &str) -> Option<Said> {
    let list = names(rest.trim_start().strip_prefix([':', '='])?);
    let last = |it: String| it.rsplit('.').next().unwrap_or_default().to_owned();
    let names: Vec<String> = list.into_iter().map(last).collect();
    (!names.is_empty()).then(|| Said::new("semgrep", Scope::Next, names))
}

/// `plimsoll: ignore[rule, …] until=DATE reason`, or with `ignore-file`.
fn own(rest: &str) -> Option<Said> {
    let rest = rest.strip_prefix(':')?.trim_start();
    let (scope, rest) = match rest.strip_prefix("ignore-file") {
        Some(it) => (Scope::File, it),
        None => (Scope::Next, rest.strip_prefix("ignore")?),
    };
    let mut said = Said::new(OWN, scope, Vec::new());
    let Some((list, tail)) = rest.trim_start().strip_prefix('[').and_then(|it| it.split_once(']'))
    else {
        said.fault = Some(
            "an ignore comment names its rules in brackets, as in `ignore[runs-as-root]`"
                .to_owned(),
        );
        return Some(said);
    };
    said.names = names(list);
    let mut reason = tail.trim();
    if let Some(after) = reason.strip_prefix("until=") {
        let (date, tail) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        reason = tail.trim();
        ends(&mut said, date);
    }
    let is_known = |name: &&String| {
        let mut rules = RULES.iter().copied().chain(shell_rules());
        names_code(name) || rules.any(|rule| rule.is_named(name))
    };
    let unknown = said.names.iter().find(|it| !is_known(it));
    if let Some(name) = unknown {
        let near = text::nearest(name, RULES.iter().map(|it| it.id));
        let near = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        said.fault = Some(format!("there is no rule {}{near}", quote(name)));
    } else if said.names.is_empty() {
        said.fault = Some("the ignore comment names no rule".to_owned());
    } else if reason.is_empty() {
        said.fault = Some("an ignore comment gives its reason behind the brackets".to_owned());
    }
    Some(said.because(Some(reason)))
}

/// Sets the last day of a comment.
fn ends(said: &mut Said, date: &str) {
    match date.parse() {
        Ok(date) => said.until = Some(date),
        Err(expected) => said.fault = Some(format!("{} is no date: {expected}", quote(date))),
    }
}

#[cfg(test)]
mod tests {
    use super::{All, Said, Scope, read};

    #[test]
    fn comments_of_other_tools_are_read_as_they_read_them() {
        let new = |form, scope, names: &[&str]| {
            Said::new(form, scope, names.iter().map(|it| (*it).to_owned()).collect())
        };
        let (next, file) = (Scope::Next, Scope::File);
        for (line, said) in [
            (
                "# hadolint ignore = DL3006, SC1035 # why",
                new("hadolint", next, &["DL3006", "SC1035"]).because(Some("why")),
            ),
            ("#hadolint global ignore=DL3006", new("hadolint", file, &["DL3006"])),
            ("# check=skip=A,B;error=true", new("buildkit", file, &["A", "B"])),
            (
                "# trivy:ignore:AVD-DS-0002 trivy:ignore:DS029",
                new("trivy", next, &["DS-0002", "DS-0029"]),
            ),
            (
                "#checkov:skip=CKV_DOCKER_3, CKV_DOCKER_2: runs by itself",
                new("checkov", file, &["CKV_DOCKER_3", "CKV_DOCKER_2"])
                    .because(Some("runs by itself")),
            ),
            (
                "# kics-scan disable=fd54f200-402c-4333-a5a4-36ef6709af2f",
                new("kics", file, &["fd54f200"]),
            ),
            (
                "# nosemgrep: a.b.missing-user.missing-user, x",
                new("semgrep", next, &["missing-user", "x"]),
            ),
            (
                "# tally ignore=hadolint/DL3006,php/x;reason=so",
                new("tally", next, &["DL3006", "php/x"]).because(Some("so")),
            ),
            ("# tally global ignore=a", new("tally", file, &["a"])),
            (
                "# droast ignore=DF001,DF002 reason=\"in two words\"",
                new("droast", next, &["DF001", "DF002"]).because(Some("in two words")),
            ),
        ] {
            assert_eq!(read(line), Some(said), "{line}");
        }
        for (line, scope, all) in [
            ("# kics-scan ignore", file, All::Kics),
            ("# kics-scan ignore-line", next, All::Kics),
            ("# check=skip=all", file, All::BuildKit),
            ("# shellcheck disable=all", next, All::ShellCheck),
        ] {
            let said = read(line).unwrap();
            assert_eq!((said.scope, said.all), (scope, Some(all)), "{line}");
        }
    }

    #[test]
    fn comments_of_other_tools_end_when_they_say_so() {
        for line in [
            "# trivy:ignore:DS-0002:exp:2027-02-01 trivy:ignore:DS-0001:exp:2027-01-31",
            "# droast ignore=DF001 expires=2027-01-31 reason=\"x\"",
        ] {
            let until = read(line).unwrap().until.map(|it| it.to_string());
            assert_eq!(until.as_deref(), Some("2027-01-31"), "{line}");
        }
        assert!(read("# trivy:ignore:DS-0002:exp:soon").unwrap().fault.is_some());
    }

    #[test]
    fn other_comments_accept_nothing() {
        for line in [
            "# a comment",
            "#",
            "# hadolint shell=/bin/bash",
            "# checked = yes",
            "# check=error=true",
            "# trivy:ignore",
            "# nosemgrep",
            "# kics-scan enable=x",
            "# tallying ignore=a",
            "# plimsoll",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
