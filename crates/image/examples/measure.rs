//! Reads an archive given by path and prints what was found, how long it took and how much memory
//! it took at most. `--entries 1000000` measures a layer of that many files instead, `--quick`
//! leaves out digests and sums, `--list` prints every file that containers have.
//!
//! `cargo run -p plimsoll-image --example measure --release -- image.tar`
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a program for the terminal, run by hand"
)]

#[path = "../tests/support/mod.rs"]
mod support;

/// Writes a line.
macro_rules! say {
    ($($text:tt)*) => {
        writeln!(std::io::stdout().lock(), $($text)*).unwrap()
    };
}

use std::io::Write as _;
use std::time::Instant;

use image::{
    Archive, Contents, Digests, Efficiency, Limits, Options, Seeking, Source, Squashed, duplicates,
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let source: Box<dyn Source> = match arguments.iter().position(|it| it == "--entries") {
        Some(at) => Box::new(support::Generated { n_entries: arguments[at + 1].parse().unwrap() }),
        None => {
            let path = arguments.iter().find(|it| !it.starts_with("--")).expect("a path");
            Box::new(Seeking::new(std::fs::File::open(path).unwrap()).unwrap())
        }
    };
    let quick = arguments.iter().any(|it| it == "--quick");
    let start = Instant::now();
    let megabytes = source.size() >> 20;
    let archive = Archive::open(source, &Limits::native());
    let opened = start.elapsed();
    let digests = if quick { Digests::None } else { Digests::Both };
    let options = Options { digests, sums: !quick, ..Options::default() };
    let image = archive.preferred().expect("an image");
    let contents = archive.read(image, &options, &mut ()).unwrap();
    let read = start.elapsed();
    let squashed = Squashed::new(&contents.table);
    let efficiency = Efficiency::new(&contents.table);
    let equal = duplicates(&contents.table, 1024);
    let done = start.elapsed();

    if arguments.iter().any(|it| it == "--list") {
        list(&contents, &squashed);
        return;
    }
    let ghosts = contents.table.iter().filter(|(id, _)| squashed.fate(*id).is_ghost()).count();
    let packages: usize = contents.records.iter().map(|it| it.packages.len()).sum();
    say!("{:?}, {megabytes} MiB, {} layers", archive.layout, contents.layers.len());
    say!(
        "{} entries, {} alive, {ghosts} ghosts, {packages} packages in {} records, {} programs",
        contents.table.len(),
        squashed.entries().count(),
        contents.records.len(),
        contents.programs.len(),
    );
    say!(
        "{} groups of equal files, efficiency {:.4}, {} bytes wasted",
        equal.len(),
        efficiency.score,
        efficiency.wasted,
    );
    let verified = contents.layers.iter().filter(|it| it.diff_id.is_some()).count();
    say!("{verified} layers digested, {} gaps", contents.gaps.len());
    for it in archive.gaps().iter().chain(&contents.gaps).take(10) {
        say!("  {}: {}", it.at.path.as_deref().unwrap_or(&it.at.member), it.what);
    }
    say!(
        "opened after {:.3} s, read after {:.3} s, all after {:.3} s, at most {} MiB",
        opened.as_secs_f64(),
        read.as_secs_f64(),
        done.as_secs_f64(),
        peak() >> 10,
    );
}

/// Mode, owner, group, size and path of all files, by path; links with what they lead to.
fn list(contents: &Contents, squashed: &Squashed) {
    let mut lines: Vec<String> = squashed
        .entries()
        .map(|id| {
            let entry = contents.table.get(id).unwrap();
            let path = contents.table.paths.visible(entry.path);
            let content = contents.table.content_of(id);
            let told = content.and_then(|it| contents.table.get(it)).unwrap_or(entry);
            let target = contents.table.target(entry).map(|it| image::visible(it).into_owned());
            let target = target.map_or(String::new(), |it| format!(" -> {it}"));
            let (mode, size) = (told.mode, told.size);
            format!("{path} {mode:o} {} {} {size}{target}", told.uid, told.gid)
        })
        .collect();
    lines.sort();
    lines.iter().for_each(|it| say!("{it}"));
}

/// Peak resident memory in KiB, as Linux counts it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|it| it.starts_with("VmHWM"));
    line.and_then(|it| it.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
