//! Measures how fast one thread scans files: CPU time, not wall time, with only the literal kinds
//! and with everything on. Directories are read whole; files are read before the clock starts.
//!
//! Usage: `cargo run --release --example throughput -- PATH…`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use secrets::{Options, Severity};

/// Most bytes of files that are held at once.
const MOST: usize = 1 << 30;

fn main() -> io::Result<()> {
    let today = text::Date::from_unix_days(20_781).ok_or(io::ErrorKind::InvalidData)?;
    let mut files = Vec::new();
    let mut total = 0;
    for path in std::env::args().skip(1) {
        read_all(Path::new(&path), &mut files, &mut total)?;
    }
    let mut out = io::stdout().lock();
    let megabytes = total as f64 / 1e6;
    writeln!(out, "{} files, {megabytes:.0} MB", files.len())?;
    for literals_only in [true, false] {
        let mut options = Options::new(today, [7; 32]);
        options.literals_only = literals_only;
        secrets::scan(&options, None, b"warm");
        let start = cpu_seconds()?;
        let (mut hits, mut notes, mut steps) = (0, 0, 0);
        for (path, bytes) in &files {
            let scan = secrets::scan(&options, path.to_str(), bytes);
            notes += scan.hits.iter().filter(|it| it.severity == Severity::Note).count();
            hits += scan.hits.len();
            steps += scan.steps;
        }
        let seconds = cpu_seconds()? - start;
        let name = if literals_only { "literals" } else { "everything" };
        writeln!(
            out,
            "{name}: {seconds:.2} s CPU, {:.0} MB/s, {} hits at low or above, {notes} notes, {:.3} steps a byte",
            megabytes / seconds,
            hits - notes,
            steps as f64 / total as f64,
        )?;
    }
    Ok(())
}

fn read_all(path: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>, total: &mut usize) -> io::Result<()> {
    let meta = std::fs::symlink_metadata(path)?;
    if meta.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path)?.filter_map(|it| Some(it.ok()?.path())).collect();
        entries.sort();
        for entry in entries {
            read_all(&entry, files, total)?;
        }
    } else if meta.is_file() && *total < MOST {
        let Ok(bytes) = std::fs::read(path) else { return Ok(()) };
        *total += bytes.len();
        files.push((path.to_owned(), bytes));
    }
    Ok(())
}

/// User time of this process, from the kernel's own accounting.
fn cpu_seconds() -> io::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().nth(11).and_then(|it| it.parse::<f64>().ok());
    // The kernel counts user time in hundredths of a second.
    Ok(ticks.unwrap_or_default() / 100.0)
}
