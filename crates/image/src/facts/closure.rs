//! What a program needs to start: its interpreter, the dynamic linker, and the libraries that are
//! loaded with it, found in the files that containers have as the linkers of glibc and musl find them
//! (`ld.so(8)`, `ldconfig(8)`, musl's `ldso/dynlink.c`).
//!
//! What a program starts or loads later, it says nowhere. So what is found here is needed for sure,
//! and of the rest nothing follows.

use std::collections::BTreeSet;

use super::{Elf, Program};
use crate::layers::{Node, PathId, Squashed};
use crate::read::Contents;

/// Files that are followed. Large programs load some hundred libraries.
const MOST: usize = 2_000;

/// Directories in which the dynamic linkers look when nothing else is said.
const USUAL: [&str; 5] = ["lib", "usr/lib", "lib64", "usr/lib64", "usr/local/lib"];

/// Directories below those, on distributions that put several architectures side by side (Debian
/// "Multiarch/Tuples").
const TUPLES: [&str; 9] = [
    "x86_64-linux-gnu",
    "aarch64-linux-gnu",
    "arm-linux-gnueabihf",
    "arm-linux-gnueabi",
    "i386-linux-gnu",
    "powerpc64le-linux-gnu",
    "s390x-linux-gnu",
    "riscv64-linux-gnu",
    "mips64el-linux-gnuabi64",
];

/// What programs need to start.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Closure {
    /// The files, the programs themselves among them.
    pub files: BTreeSet<PathId>,
    /// What is needed and was not found, by name.
    pub missing: Vec<Box<str>>,
    /// Whether more was needed than is followed.
    pub is_cut: bool,
}

impl Contents {
    /// What programs need to start. `search`: where programs are looked for, as in `PATH`.
    pub fn closure(&self, squashed: &Squashed, programs: &[PathId], search: &str) -> Closure {
        let configured = configured(self, squashed);
        let found = Closure::default();
        let mut follow = Follow { contents: self, squashed, search, configured, found };
        let mut left: Vec<PathId> = programs.to_vec();
        while let Some(path) = left.pop() {
            if follow.found.files.len() >= MOST {
                follow.found.is_cut = true;
                break;
            }
            if follow.found.files.insert(path) {
                follow.needs(path, &mut left);
            }
        }
        text::order::sort(&mut follow.found.missing);
        follow.found.missing.dedup();
        follow.found
    }
}

struct Follow<'a> {
    contents: &'a Contents,
    squashed: &'a Squashed,
    search: &'a str,
    /// Directories that the image's settings of the dynamic linkers name.
    configured: Vec<String>,
    found: Closure,
}

/// Directories that settings name at most.
const MOST_CONFIGURED: usize = 500;

/// Reads `/etc/ld.so.conf` with what it includes (`ldconfig(8)`), and musl's `/etc/ld-musl-ARCH.path`.
fn configured(contents: &Contents, squashed: &Squashed) -> Vec<String> {
    let table = &contents.table;
    let mut all: Vec<(String, String)> = Vec::new();
    for (id, bytes) in &contents.texts {
        let Some(entry) = table.get(*id) else { continue };
        let path = String::from_utf8_lossy(&table.paths.full(entry.path)).into_owned();
        let is_there = squashed.entry(entry.path).map(|it| table.origin(it)) == Some(*id);
        if is_there && (path.starts_with("etc/ld.so.conf") || path.starts_with("etc/ld-musl-")) {
            all.push((path, String::from_utf8_lossy(bytes).into_owned()));
        }
    }
    text::order::sort(&mut all);
    let mut out = Vec::new();
    for (path, text) in &all {
        match path.as_str() {
            "etc/ld.so.conf" => directories(text, &all, true, &mut out),
            it if it.starts_with("etc/ld-musl-") => directories(text, &all, false, &mut out),
            _ => {}
        }
    }
    out
}

/// The directories of a text of settings: one in a line, or several apart by colons, commas and
/// blanks. What is included is not followed any further.
fn directories(text: &str, all: &[(String, String)], follow: bool, out: &mut Vec<String>) {
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let include = line.strip_prefix("include").filter(|it| it.starts_with([' ', '\t']));
        let Some(pattern) = include else {
            let names = line.split([':', ',', ' ', '\t']).map(|it| it.split('=').next());
            let names = names.flatten().filter(|it| it.starts_with('/'));
            out.extend(names.map(str::to_owned));
            out.truncate(MOST_CONFIGURED);
            continue;
        };
        let pattern = pattern.trim();
        let pattern = match pattern.strip_prefix('/') {
            Some(it) => it.to_owned(),
            None => format!("etc/{pattern}"),
        };
        let (start, end) = pattern.split_once('*').unwrap_or((&pattern, ""));
        let fits = |path: &str| match pattern.contains('*') {
            true => {
                path.len() >= start.len() + end.len()
                    && path.starts_with(start)
                    && path.ends_with(end)
            }
            false => path == pattern,
        };
        for (_, text) in all.iter().filter(|it| follow && fits(&it.0)) {
            directories(text, all, false, out);
        }
    }
}

impl Follow<'_> {
    fn needs(&mut self, path: PathId, left: &mut Vec<PathId>) {
        let table = &self.contents.table;
        let id = self.squashed.entry(path).and_then(|it| table.content_of(it));
        let program = id.and_then(|it| self.contents.programs.get(&table.origin(it)));
        match program {
            Some(Program::Script(it)) => self.script(&it.interpreter, left),
            Some(Program::Elf(it)) => self.elf(path, it, left),
            // Neither a script nor ELF: whoever runs it decides.
            None => {}
        }
    }

    /// `#!/bin/sh -e`, `#!/usr/bin/env -S python3 -u`.
    fn script(&mut self, line: &str, left: &mut Vec<PathId>) {
        let mut words = line.split_ascii_whitespace();
        let Some(interpreter) = words.next() else { return };
        self.add(interpreter, self.file(interpreter.as_bytes()), left);
        if interpreter.rsplit('/').next() != Some("env") {
            return;
        }
        let is_program = |it: &&str| !it.starts_with('-') && !it.contains('=');
        let Some(name) = words.find(is_program) else { return };
        let paths = self.search.split(':').map(|it| format!("{it}/{name}"));
        let found = match name.contains('/') {
            true => self.file(name.as_bytes()),
            false => paths.into_iter().find_map(|it| self.file(it.as_bytes())),
        };
        self.add(name, found, left);
    }

    fn elf(&mut self, path: PathId, it: &Elf, left: &mut Vec<PathId>) {
        if let Some(interpreter) = &it.interpreter {
            self.add(interpreter, self.file(interpreter.as_bytes()), left);
        }
        for name in &it.libraries {
            let found = self.library(path, it, name);
            self.add(name, found, left);
        }
    }

    fn library(&self, path: PathId, it: &Elf, name: &str) -> Option<PathId> {
        if name.contains('/') {
            return self.file(name.as_bytes());
        }
        let paths = &self.contents.table.paths;
        let origin = paths.parent(path).map(|it| paths.full(it)).unwrap_or_default();
        let origin = format!("/{}", String::from_utf8_lossy(&origin));
        let own = it.run_path.iter().flat_map(|it| it.split(':'));
        let own = own.map(|it| it.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin));
        let usual = USUAL.iter().flat_map(|usual| {
            let tuples = TUPLES.iter().map(move |it| format!("{usual}/{it}"));
            std::iter::once((*usual).to_owned()).chain(tuples)
        });
        let configured = self.configured.iter().cloned();
        own.chain(configured)
            .chain(usual)
            .find_map(|it| self.file(format!("{it}/{name}").as_bytes()))
    }

    /// The file that a path leads to, links followed.
    fn file(&self, path: &[u8]) -> Option<PathId> {
        let (path, node) = self.squashed.resolve(&self.contents.table, path).ok()?;
        match node {
            Node::Entry(_) if !self.squashed.is_directory(&self.contents.table, path) => Some(path),
            Node::Entry(_) | Node::Directory => None,
        }
    }

    fn add(&mut self, name: &str, found: Option<PathId>, left: &mut Vec<PathId>) {
        match found {
            Some(it) => left.push(it),
            None if self.found.missing.len() < MOST => self.found.missing.push(name.into()),
            None => self.found.is_cut = true,
        }
    }
}
