//! Fixes: writing them into the Dockerfile, or showing them as a diff; and comments that accept findings.
//!
//! Only a Dockerfile is ever written to, and only to the path that was given for it.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use report::Safety;
use rules::{Case, Mended, Mending, WithComments};
use similar::TextDiff;
use text::{SourceId, visible};

use crate::check::{Input, To, tell};
use crate::print;

/// Writes what was mended. Gives where the report goes then.
pub(crate) fn write(inputs: &[Input], mended: &Mended) -> Result<To> {
    let mut to = To::Out;
    for (source, input) in numbered(inputs) {
        let changed = mended.texts.get(&source);
        match (&input.file, changed) {
            (Some(file), Some(text)) => put(file, &input.bytes, text)?,
            // A filter gives what it was given where there is nothing to change.
            (None, changed) if mended.editable.contains(&source) => {
                print(changed.map_or(mended.case.text(source), |it| it))?;
                to = To::Errors;
            }
            (None | Some(_), _) => {}
        }
    }
    summary(inputs, mended, "fixed")?;
    Ok(to)
}

/// Writes comments that accept findings.
pub(crate) fn annotate(inputs: &[Input], with: &WithComments) -> Result<()> {
    for (source, input) in numbered(inputs) {
        let Some(text) = with.texts.get(&source) else { continue };
        let Some(file) = &input.file else { bail!("comments are written into files; name one") };
        put(file, &input.bytes, text)?;
    }
    let left = match with.left {
        0 => String::new(),
        n => format!("; {n} more stand where no comment covers them"),
    };
    tell(&format!("plimsoll: accepted {} by comments{left}", with.accepted))
}

/// Shows what mending would change, as a unified diff; `case` is what was given.
pub(crate) fn show(case: &Case, inputs: &[Input], mended: &Mended) -> Result<()> {
    let mut masked = false;
    for (source, input) in numbered(inputs) {
        let Some(text) = mended.texts.get(&source) else { continue };
        let (before, after) = (case.shown_text(source), mended.case.shown_text(source));
        let diff = unified(&name(input), &before, &after);
        let exact = unified(&name(input), case.text(source), text);
        masked |= diff != exact;
        // A diff for a program has to be exact; a terminal must not act on what is in it.
        if std::io::stdout().is_terminal() {
            let lines: Vec<String> = diff
                .lines()
                .map(|it| format!("{}\n", visible(it.trim_end_matches('\r'))))
                .collect();
            print(&lines.concat())?;
        } else {
            print(&diff)?;
        }
    }
    if masked {
        tell("plimsoll: secrets are masked in this diff; --fix changes the file itself")?;
    }
    summary(inputs, mended, "would fix")
}

/// What a diff names a file: a path that leads out of the folder stays as it is.
fn name(input: &Input) -> String {
    let name = visible(&input.name).to_string();
    name.strip_prefix("./").map_or(name.clone(), str::to_owned)
}

fn unified(name: &str, before: &str, after: &str) -> String {
    let (from, to) = match name.starts_with('/') {
        true => (name.to_owned(), name.to_owned()),
        false => (format!("a/{name}"), format!("b/{name}")),
    };
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&from, &to).to_string()
}

/// Puts a text in the place of a file's content, unless the file changed meanwhile: what stands
/// there is written whole or not at all.
fn put(file: &Path, expected: &[u8], text: &str) -> Result<()> {
    let shown = file.display();
    // Through a link, to the file itself.
    let file = file.canonicalize().with_context(|| format!("cannot find {shown}"))?;
    let now = std::fs::read(&file).with_context(|| format!("cannot read {shown}"))?;
    if now != expected {
        bail!("{shown} changed while it was checked; nothing was written");
    }
    let failed = || format!("cannot write {shown}");
    let permissions = std::fs::metadata(&file).with_context(failed)?.permissions();
    let mut beside = file.clone().into_os_string();
    beside.push(format!(".plimsoll-{}", std::process::id()));
    let replace = || -> std::io::Result<()> {
        let mut out = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::set_permissions(&beside, permissions)?;
        std::fs::rename(&beside, &file)
    };
    replace()
        .inspect_err(|_| {
            let _ = std::fs::remove_file(&beside);
        })
        .with_context(failed)
}

/// Says on standard error what was done, and what was not.
fn summary(inputs: &[Input], mended: &Mended, done: &str) -> Result<()> {
    if mended.editable.is_empty() {
        return tell("plimsoll: no Dockerfile was given, so there is nothing to fix");
    }
    for (source, input) in numbered(inputs).filter(|(it, _)| mended.editable.contains(it)) {
        let of = |it: &&Mending| it.source == source;
        let name = visible(&input.name);
        let n_fixes = mended.applied.iter().filter(of).count();
        let word = if n_fixes == 1 { "finding" } else { "findings" };
        let left = mended.report.findings().filter_map(|(_, it)| it.fix.as_ref());
        let left = left.filter(|it| it.source == source && it.safety == Safety::Review).count();
        let more = match left {
            0 => String::new(),
            1 => "; 1 more has a fix to be looked at, see --diff=review".to_owned(),
            n => format!("; {n} more have fixes to be looked at, see --diff=review"),
        };
        tell(&format!("plimsoll: {name}: {done} {n_fixes} {word}{more}"))?;
        for it in mended.refused.iter().filter(of) {
            let (title, message) = (&it.title, &it.message);
            tell(&format!("plimsoll: {name}: {title} was left out, it did not help: {message}"))?;
        }
    }
    Ok(())
}

fn numbered(inputs: &[Input]) -> impl Iterator<Item = (SourceId, &Input)> {
    (0..=u16::MAX).map(SourceId).zip(inputs)
}
