//! Compares the pack for shell scripts with ShellCheck, code by code, on the scripts of real
//! Dockerfiles. ShellCheck is a tool of this comparison alone, given by its path.
//!
//! `cargo xtask conformance --shared PATH --shellcheck PATH` runs this.

#![allow(clippy::print_stdout, reason = "printing figures is what this program is for")]

#[path = "../corpus.rs"]
#[allow(dead_code, reason = "other comparisons use the rest")]
mod corpus;
mod peer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rules::facts::Dialect;
use rules::{Case, Document, Linter, Settings, shell_rules};
use shell::Hit;

/// Codes of which neither side can say anything here: files that are read in, which nobody handed
/// in, and first lines that say the language, which no script here has.
const NOT_COMPARED: [u16; 5] = [1090, 1091, 2148, 2187, 2239];

/// A script with what both say of it.
pub(crate) struct Script {
    id: String,
    dialect: shell::Dialect,
    text: String,
    /// How much stands before the script itself.
    prologue: usize,
}

/// What a code comes to.
#[derive(Default)]
struct Row {
    both: usize,
    ours: usize,
    theirs: usize,
    /// What differs, as people can look at it.
    shown: Vec<String>,
}

fn main() -> Result<()> {
    let Arguments { shared, shellcheck, show } = arguments()?;
    let scripts = scripts(&shared)?;
    let found = peer::run(&shellcheck, &scripts)?;
    let mut rows: BTreeMap<u16, Row> = BTreeMap::new();
    for (script, theirs) in scripts.iter().zip(&found) {
        let behind = |it: &Hit| it.start as usize >= script.prologue && !it.accepted;
        let mut ours = shell::look(script.dialect, &script.text).unwrap_or_default();
        ours.retain(|it| behind(it) && !NOT_COMPARED.contains(&it.code));
        let mut theirs = theirs.clone();
        theirs.retain(|it| behind(it) && !NOT_COMPARED.contains(&it.code));
        compare(script, ours, theirs, &mut rows);
    }
    table(&rows, &scripts);
    lock(&rows, scripts.len())?;
    for code in show {
        for line in rows.get(&code).map(|it| &it.shown[..]).unwrap_or_default() {
            println!("{line}");
        }
    }
    Ok(())
}

/// Every script of the corpus once for each language that it is written in.
fn scripts(shared: &Path) -> Result<Vec<Script>> {
    let settings = || Settings { shell: Some(Linter(|_, _| None)), ..Settings::default() };
    let today = text::Date::new(2026, 11, 24).context("no such day")?;
    let mut scripts: BTreeMap<(String, u8), Script> = BTreeMap::new();
    for file in corpus::read_files(shared)? {
        let bytes = file.dockerfile.as_bytes();
        let document =
            Document { name: &file.id, bytes, taken_for: Some(report::Kind::Dockerfile) };
        let case = Case::with(&[document], settings(), today);
        for it in case.facts.scripts.iter().filter_map(|it| it.value.as_ref().ok()) {
            let dialect = match it.dialect {
                Dialect::Ash => shell::Dialect::Ash,
                Dialect::Dash => shell::Dialect::Dash,
                Dialect::Bash => shell::Dialect::Bash,
                _ => shell::Dialect::Posix,
            };
            let (text, prologue) = (it.whole(), it.prologue.len());
            let script = Script { id: file.id.clone(), dialect, text: text.clone(), prologue };
            scripts.entry((text, dialect as u8)).or_insert(script);
        }
    }
    Ok(scripts.into_values().collect())
}

/// Pairs what both found: the same code at places that share a character.
fn compare(script: &Script, ours: Vec<Hit>, mut theirs: Vec<Hit>, rows: &mut BTreeMap<u16, Row>) {
    let shown = |side: &str, it: &Hit| {
        let end = (it.end as usize).max(it.start as usize + 1);
        let from = (it.start as usize).saturating_sub(40).max(script.prologue);
        let slice = |from, to| {
            String::from_utf8_lossy(script.text.as_bytes().get(from..to).unwrap_or_default())
                .replace('\n', "\u{23ce}")
        };
        let text = script.text.len();
        format!(
            "SC{} {side} {:?} {}: {}\u{27e6}{}\u{27e7}{}",
            it.code,
            script.dialect,
            script.id,
            slice(from, it.start as usize),
            slice(it.start as usize, end.min(text)),
            slice(end.min(text), (end + 30).min(text)),
        )
    };
    for it in ours {
        let row = rows.entry(it.code).or_default();
        let touches = |other: &Hit| {
            let parse = it.code < 2000;
            other.code == it.code && (parse || (other.start <= it.end && it.start <= other.end))
        };
        match theirs.iter().position(touches) {
            Some(at) => {
                theirs.remove(at);
                row.both += 1;
            }
            None => {
                row.ours += 1;
                row.shown.push(shown("ours", &it));
            }
        }
    }
    for it in theirs {
        let row = rows.entry(it.code).or_default();
        row.theirs += 1;
        row.shown.push(shown("theirs", &it));
    }
}

/// What was measured last, beside the rules that rest on it. `UPDATE=1` writes it anew.
fn lock(rows: &BTreeMap<u16, Row>, n_scripts: usize) -> Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/rules/data/shell_codes.tsv");
    let mut text = format!(
        "# Findings in {n_scripts} scripts of 1,117 public Dockerfiles: code, found by the pack and by ShellCheck\n\
         # 0.11.0, by the pack alone, by ShellCheck alone. Written by `cargo xtask conformance --shellcheck`.\n"
    );
    for (code, Row { both, ours, theirs, .. }) in rows {
        text.push_str(&format!("SC{code}\t{both}\t{ours}\t{theirs}\n"));
    }
    if std::env::var_os("UPDATE").is_some() {
        return Ok(std::fs::write(&file, text)?);
    }
    if std::fs::read_to_string(&file)? != text {
        bail!("{} says otherwise; UPDATE=1 writes it anew", file.display());
    }
    Ok(())
}

fn table(rows: &BTreeMap<u16, Row>, scripts: &[Script]) {
    let n_scripts = scripts.len();
    let longest = scripts.iter().map(|it| it.text.len()).max().unwrap_or_default();
    let known = shell::codes();
    println!("{n_scripts} scripts, the longest of {longest} bytes\n");
    println!("code    on    both  only ours  only ShellCheck  precision  recall");
    let share = |part: usize, of: usize| match of {
        0 => "-".to_owned(),
        _ => format!("{:.2}", part as f64 / of as f64),
    };
    let mut sum = [Row::default(), Row::default()];
    for (code, it) in rows {
        let rule = shell_rules().find(|it| it.is_named(&format!("SC{code}")));
        let on = match rule {
            Some(rule) if rule.default => "yes",
            Some(_) => "no",
            None if known.contains(code) => "none",
            None => "",
        };
        println!(
            "SC{code}  {on:4}{:7}{:11}{:17}{:>11}{:>8}",
            it.both,
            it.ours,
            it.theirs,
            share(it.both, it.both + it.ours),
            share(it.both, it.both + it.theirs),
        );
        for (at, total) in sum.iter_mut().enumerate() {
            if at == 0 || on == "yes" {
                total.both += it.both;
                total.ours += it.ours;
                total.theirs += it.theirs;
            }
        }
    }
    for (it, name) in sum.iter().zip(["all", "on by default"]) {
        println!(
            "{name}: both {}, only ours {}, only ShellCheck {}, precision {}, recall {}",
            it.both,
            it.ours,
            it.theirs,
            share(it.both, it.both + it.ours),
            share(it.both, it.both + it.theirs)
        );
    }
}

struct Arguments {
    shared: PathBuf,
    shellcheck: PathBuf,
    /// Codes of which every difference is shown.
    show: Vec<u16>,
}

/// `--shared PATH --shellcheck PATH [--show CODE]…`
fn arguments() -> Result<Arguments> {
    const USAGE: &str = "usage: conformance-shell --shared PATH --shellcheck PATH [--show CODE]...";
    let (mut shared, mut shellcheck, mut show) = (None, None, Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(flag) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{flag} needs a value"))?;
        match &*flag {
            "--shared" => shared = Some(PathBuf::from(value)),
            "--shellcheck" => shellcheck = Some(PathBuf::from(value)),
            "--show" => show.push(value.trim_start_matches("SC").parse().context(USAGE)?),
            _ => bail!(USAGE),
        }
    }
    let shared = shared.context(USAGE)?;
    Ok(Arguments { shared, shellcheck: shellcheck.context(USAGE)?, show })
}
