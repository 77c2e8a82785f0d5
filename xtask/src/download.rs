//! Things that are fetched once, checked, and kept in a folder of the user's.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{digest, run};

/// The accessibility checker, as the npm registry holds it.
const AXE: Archive = Archive {
    file: "axe-core-4.14.1.tgz",
    url: "https://registry.npmjs.org/axe-core/-/axe-core-4.14.1.tgz",
    sha512: "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    why: "the browser tests check with it that the page is accessible",
};

struct Archive {
    file: &'static str,
    url: &'static str,
    sha512: &'static str,
    why: &'static str,
}

/// The script of the accessibility checker.
pub fn axe() -> Result<Vec<u8>> {
    let archive = fetch(&AXE)?;
    unpack(&archive, Path::new("package/axe.min.js"))
}

/// The folder for what is fetched or installed for this user.
pub fn cache() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CACHE_HOME") {
        Some(it) if !it.is_empty() => PathBuf::from(it),
        _ => std::env::home_dir().context("there is no home folder")?.join(".cache"),
    };
    let folder = base.join("plimsoll");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// The archive from the cache, or from the network when it is not there as it should be.
fn fetch(archive: &Archive) -> Result<Vec<u8>> {
    let path = cache()?.join(archive.file);
    if let Ok(bytes) = fs::read(&path)
        && digest::sha512(&bytes) == archive.sha512
    {
        return Ok(bytes);
    }
    eprintln!("Downloading {}: {}.", archive.url, archive.why);
    let partial = path.with_extension(format!("part-{}", std::process::id()));
    let mut command = Command::new("curl");
    command.args(["--fail", "--silent", "--show-error", "--location", "--proto", "=https"]);
    run::shown(command.arg("--output").arg(&partial).arg(archive.url))?;
    let bytes = fs::read(&partial)?;
    let found = digest::sha512(&bytes);
    if found != archive.sha512 {
        fs::remove_file(&partial)?;
        bail!("{} is not what it was: {found} instead of {}", archive.url, archive.sha512);
    }
    fs::rename(&partial, &path)?;
    Ok(bytes)
}

/// One file of a gzipped tar archive.
fn unpack(archive: &[u8], wanted: &Path) -> Result<Vec<u8>> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if entry.path()? == wanted {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    bail!("the archive has no {}", wanted.display())
}
