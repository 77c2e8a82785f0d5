//! The search for secrets in WebAssembly: how fast it is in the engine that Chromium has, and how
//! much of a download it is.
//!
//! Node runs it, which has Chromium's engine and needs no page around it; it is a tool of whoever
//! measures, and nothing that is shipped needs it. The sample is compiled in, because a program for
//! browsers cannot read files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Options;
use crate::build::compressed;
use crate::run;
use crate::setup::TARGET;

/// Bytes of the sample.
const MOST: usize = 48 << 20;
/// Scans of it; the best counts, since the first ones run before the engine has optimized.
const ROUNDS: u32 = 12;

/// Measures, and gives what there is to print.
pub(super) fn measure(options: &Options) -> Result<String> {
    let Some(node) = run::find("node") else {
        return Ok("left out: there is no `node` to run WebAssembly with\n".to_owned());
    };
    let folder = crate::root().join("target").join("bench-wasm");
    fs::create_dir_all(&folder)?;
    let (sample, empty) = (folder.join("sample.bin"), folder.join("empty.bin"));
    fs::write(&empty, b"")?;
    let length = write_sample(&options.paths, &sample)?;
    let bytes = fs::read(build(&empty, false)?)?;
    let mut out = format!(
        "the scanner as a module of its own, without a sample: {} bytes, {} brotli\n",
        bytes.len(),
        compressed(&bytes)?
    );
    for (name, literals_only) in [("literals only", true), ("everything on", false)] {
        let module = build(&sample, literals_only)?;
        let script = format!(
            "const {{instance}} = await WebAssembly.instantiate((await import('node:fs')).readFileSync(\
             process.argv[1]), {{}}); let best = Infinity; for (let i = 0; i < {ROUNDS}; i++) {{ \
             const start = performance.now(); instance.exports.main(0, 0); best = Math.min(best, \
             performance.now() - start); }} console.log(best);"
        );
        let mut command = std::process::Command::new(&node);
        command.args(["--input-type=module", "--eval", &script, "--"]).arg(&module);
        let best: f64 = run::output(&mut command)?.trim().parse()?;
        let speed = length as f64 / 1e3 / best;
        writeln!(
            out,
            "{name}: {speed:.0} MB/s of {:.0} MB, the best of {ROUNDS} rounds",
            length as f64 / 1e6
        )?;
    }
    Ok(out)
}

/// Builds the example for browsers, as the engine is built, with instructions for vectors.
fn build(sample: &Path, literals_only: bool) -> Result<PathBuf> {
    let folder = crate::root().join("target").join("bench-wasm");
    let mut command = run::cargo();
    command.args(["build", "--quiet", "--profile", "web", "--target", TARGET]);
    command.args(["--package", "plimsoll-secrets", "--example", "wasm"]);
    command.args(["--features", "sample", "--target-dir"]).arg(&folder);
    command.env("PLIMSOLL_SAMPLE", sample);
    command.env("RUSTFLAGS", "-C target-feature=+simd128 -C strip=symbols");
    match literals_only {
        true => command.env("PLIMSOLL_LITERALS", "1"),
        false => command.env_remove("PLIMSOLL_LITERALS"),
    };
    run::shown(&mut command)?;
    Ok(folder.join(TARGET).join("web/examples/wasm.wasm"))
}

/// Puts files behind one another. Gives the length.
fn write_sample(paths: &[PathBuf], to: &Path) -> Result<usize> {
    let usual = [PathBuf::from("/usr/include"), PathBuf::from("/usr/lib")];
    let roots = if paths.is_empty() { &usual[..] } else { paths };
    let mut all = Vec::new();
    for root in roots {
        let most = all.len() + MOST / roots.len();
        take(root, most, &mut all)?;
    }
    if all.is_empty() {
        bail!("there is nothing to measure on");
    }
    fs::write(to, &all)?;
    Ok(all.len())
}

fn take(path: &Path, most: usize, out: &mut Vec<u8>) -> Result<()> {
    if path.is_symlink() || out.len() >= most {
        return Ok(());
    }
    if path.is_file() {
        // What cannot be read is left out.
        if let Ok(bytes) = fs::read(path) {
            out.extend_from_slice(
                bytes.get(..bytes.len().min(most - out.len())).unwrap_or_default(),
            );
        }
        return Ok(());
    }
    let Ok(entries) = path.read_dir() else { return Ok(()) };
    let mut paths: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    paths.sort();
    paths.iter().try_for_each(|it| take(it, most, out))
}
