//! What the engine does in a browser, measured in WebAssembly: how fast checks and the search for
//! secrets are in the engine that Chromium has, and how much of a download the search is.
//!
//! Node runs it, which has Chromium's engine and needs no page around it; it is a tool of whoever
//! measures, and nothing that is shipped needs it. Samples are compiled in, because a program for
//! browsers cannot read files.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Options, rules};
use crate::build::compressed;
use crate::run;
use crate::setup::TARGET;

/// Bytes of the sample in which secrets are searched.
const MOST: usize = 48 << 20;
/// Scans of it; the best counts, since the first ones run before the engine has optimized.
const ROUNDS: u32 = 30;

const NO_NODE: &str = "left out: there is no `node` to run WebAssembly with\n";

/// Measures the search for secrets, and gives what there is to print.
pub(super) fn secrets(options: &Options) -> Result<String> {
    let Some(node) = run::find("node") else { return Ok(NO_NODE.to_owned()) };
    let folder = folder()?;
    let (sample, empty) = (folder.join("sample.bin"), folder.join("empty.bin"));
    fs::write(&empty, b"")?;
    let length = write_sample(&options.paths, &sample)?;
    let bytes = fs::read(build("secrets", &empty, false)?)?;
    let mut out = format!(
        "the scanner as a module of its own, without a sample: {} bytes, {} brotli\n",
        bytes.len(),
        compressed(&bytes)?
    );
    for (name, literals_only) in [("literals only", true), ("everything on", false)] {
        let module = build("secrets", &sample, literals_only)?;
        let times = times(&node, &module, 1, ROUNDS)?;
        let Some((best, _)) = times.first() else { bail!("no times") };
        let speed = length as f64 / 1e3 / best;
        writeln!(
            out,
            "{name}: {speed:.0} MB/s of {:.0} MB, the best of {ROUNDS} rounds",
            length as f64 / 1e6
        )?;
    }
    Ok(out)
}

/// Measures checks of the texts of which the native measurement says how long they take.
pub(super) fn checks(options: &Options) -> Result<String> {
    let Some(node) = run::find("node") else { return Ok(NO_NODE.to_owned()) };
    let sample = folder()?.join("texts");
    rules::write_texts(&sample)?;
    let lines: Vec<usize> =
        fs::read_to_string(&sample)?.split('\0').map(|it| it.lines().count()).collect();
    let module = build("rules", &sample, false)?;
    let rounds = if options.quick { 3 } else { 200 };
    let mut out = String::new();
    for (lines, (_, worked)) in lines.iter().zip(times(&node, &module, lines.len(), rounds)?) {
        writeln!(
            out,
            "a Dockerfile of {lines} lines: {worked:.2} ms of CPU time, the median of {rounds} rounds"
        )?;
    }
    Ok(out)
}

/// Calls a module once for each of its texts, round by round. For each of them: the least time by the clock,
/// and the median of the time that was worked, in milliseconds.
fn times(node: &Path, module: &Path, texts: usize, rounds: u32) -> Result<Vec<(f64, f64)>> {
    let script = format!(
        "const {{instance}} = await WebAssembly.instantiate((await import('node:fs')).readFileSync(\
         process.argv[1]), {{}}); const all = Array.from({{length: {texts}}}, () => [[], []]); for (let i = \
         0; i < {rounds}; i++) for (const [clock, worked] of all) {{ const start = performance.now(), before \
         = process.cpuUsage(); instance.exports.main(0, 0); const {{user, system}} = \
         process.cpuUsage(before); clock.push(performance.now() - start); worked.push((user + system) / 1e3); \
         }} console.log(JSON.stringify(all.map(([clock, \
         worked]) => [Math.min(...clock), worked.sort((a, b) => a - b)[worked.length >> 1]])));"
    );
    let mut command = std::process::Command::new(node);
    command.args(["--input-type=module", "--eval", &script, "--"]).arg(module);
    Ok(serde_json::from_str(&run::output(&mut command)?)?)
}

fn folder() -> Result<PathBuf> {
    let folder = crate::root().join("target").join("bench-wasm");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Builds a crate's example for browsers, as the engine is built, with instructions for vectors.
fn build(name: &str, sample: &Path, literals_only: bool) -> Result<PathBuf> {
    let folder = folder()?;
    let mut command = run::cargo();
    command.args(["build", "--quiet", "--profile", "web", "--target", TARGET]);
    command.args(["--package", &format!("plimsoll-{name}"), "--example", "wasm"]);
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
