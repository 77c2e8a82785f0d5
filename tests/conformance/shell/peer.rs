//! Runs ShellCheck on many scripts at once, and reads what it says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use shell::{Dialect, Hit};

use crate::Script;

/// So many scripts are handed to it at a time.
const BATCH: usize = 200;

#[derive(Deserialize)]
struct Answer {
    comments: Vec<Comment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Comment {
    file: PathBuf,
    line: usize,
    end_line: usize,
    column: usize,
    end_column: usize,
    code: u16,
}

/// What it finds in each script, by default.
pub(crate) fn run(program: &Path, scripts: &[Script]) -> Result<Vec<Vec<Hit>>> {
    let folder = std::env::temp_dir().join(format!("plimsoll-shell-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let found = in_folder(program, scripts, &folder);
    std::fs::remove_dir_all(&folder)?;
    found
}

fn in_folder(program: &Path, scripts: &[Script], folder: &Path) -> Result<Vec<Vec<Hit>>> {
    let mut found = vec![Vec::new(); scripts.len()];
    let mut files: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (index, it) in scripts.iter().enumerate() {
        let file = folder.join(format!("{index}.sh"));
        std::fs::write(&file, &it.text)?;
        files.insert(file, index);
    }
    for (dialect, name) in [
        (Dialect::Posix, "sh"),
        (Dialect::Dash, "dash"),
        (Dialect::Ash, "busybox"),
        (Dialect::Bash, "bash"),
    ] {
        let own: Vec<&PathBuf> = files
            .iter()
            .filter(|(_, index)| scripts.get(**index).is_some_and(|it| it.dialect == dialect))
            .map(|it| it.0)
            .collect();
        for batch in own.chunks(BATCH) {
            let mut command = Command::new(program);
            command.args(["--norc", "--format=json1", "--shell", name]).args(batch);
            let output =
                command.output().with_context(|| format!("cannot run {}", program.display()))?;
            let answer: Answer = serde_json::from_slice(&output.stdout)
                .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
            for it in answer.comments {
                let Some(index) = files.get(&it.file) else { bail!("an answer about no script") };
                let script = scripts.get(*index).context("no such script")?;
                let hit = hit(&script.text, &it);
                found.get_mut(*index).context("no such script")?.push(hit);
            }
        }
    }
    Ok(found)
}

/// A comment with its place in bytes. Columns count characters.
fn hit(text: &str, it: &Comment) -> Hit {
    let place = |line: usize, column: usize| {
        let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let rest = text.get(before..).unwrap_or_default();
        let chars: usize = rest.chars().take(column - 1).map(char::len_utf8).sum();
        u32::try_from(before + chars).unwrap_or(u32::MAX)
    };
    Hit {
        start: place(it.line, it.column),
        end: place(it.end_line, it.end_column),
        code: it.code,
        accepted: false,
    }
}
