//! The build context: the names of the files in a folder, and its ignore file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use ignore::WalkBuilder;
use rules::Context;

use crate::arguments::Given;

/// Contexts with more files are not read: nothing is said of them rather than half of it.
const MOST: usize = 500_000;

/// What is built in a folder: the first of these that is there.
const BUILD_FILES: [&str; 2] = ["Dockerfile", "Containerfile"];

/// A folder among the files stands for what is built in it: its Dockerfile, and the folder as context
/// unless another is named. `docker build FOLDER` means the same.
pub(crate) fn stand_in(given: &Given) -> Given {
    let mut given = given.clone();
    for file in &mut given.files {
        if !file.is_dir() {
            continue;
        }
        let Some(build_file) = BUILD_FILES.iter().find(|it| file.join(it).is_file()) else {
            continue;
        };
        // What is in the current folder is called by its name alone.
        let path = if file.as_os_str() == "." { build_file.into() } else { file.join(build_file) };
        let folder = std::mem::replace(file, path);
        given.context.get_or_insert(folder);
    }
    given
}

/// Reads the context in a folder. `files`: what is checked, one of which may be a Dockerfile with
/// an ignore file of its own.
pub(crate) fn read(folder: &Path, files: &[PathBuf]) -> Result<Context> {
    if !folder.is_dir() {
        bail!("{} is no folder", folder.display());
    }
    let mut names = Vec::new();
    let walk = WalkBuilder::new(folder).standard_filters(false).follow_links(false).build();
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let is_folder = entry.file_type().is_some_and(|it| it.is_dir());
        if let (false, Ok(name)) = (is_folder, entry.path().strip_prefix(folder)) {
            names.push(name.to_string_lossy().into_owned());
        }
        if names.len() > MOST {
            bail!("{} holds more than {MOST} files", folder.display());
        }
    }
    let own = files.iter().map(|it| {
        let mut name = OsString::from(it.as_os_str());
        name.push(".dockerignore");
        PathBuf::from(name)
    });
    let found = own.chain([folder.join(".dockerignore")]).find(|it| it.is_file());
    let ignore = match &found {
        Some(it) => {
            let bytes =
                std::fs::read(it).with_context(|| format!("cannot read {}", it.display()))?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        None => None,
    };
    Ok(Context::new(names, ignore.as_deref()))
}
