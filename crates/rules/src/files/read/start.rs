//! Which packages the main process needs to start.

use std::collections::BTreeSet;

use image::{PathId, Program};

use super::{Shipped, process};
use crate::Case;
use crate::files::{Files, Start, path};

/// Programs that run what others wrote: of what they need later nothing is known.
const INTERPRETERS: [&[u8]; 14] = [
    b"sh",
    b"bash",
    b"dash",
    b"ash",
    b"busybox",
    b"python",
    b"node",
    b"ruby",
    b"perl",
    b"php",
    b"java",
    b"dotnet",
    b"lua",
    b"supervisord",
];

/// Notes it with the packages.
pub(super) fn read(case: &Case, shipped: &Shipped<'_>, files: &mut Files) {
    let starts = process::started(case, shipped);
    let closure = shipped.contents.closure(shipped.squashed, &starts, process::search(case));
    // What is not among these files is only known not to be needed if all of them are known.
    let is_whole = !starts.is_empty()
        && closure.missing.is_empty()
        && !closure.is_cut
        && !process::is_shell(case)
        && starts.iter().all(|it| is_known(shipped, *it))
        && !closure.files.iter().any(|it| is_interpreter(shipped, *it));
    let owned = Owned::new(shipped, &closure.files);
    let table = &shipped.contents.table;
    let full = |it: &PathId| format!("/{}", String::from_utf8_lossy(&table.paths.full(*it)));
    let paths: BTreeSet<String> = text::order::set(closure.files.iter().map(full));
    for it in files.listed.iter_mut().filter(|it| it.is_shipped) {
        // Go and Rust programs and jars list themselves.
        let is_itself = paths.contains(path(&it.at));
        it.start = match owned.needed.contains(&*it.name) || is_itself {
            true => Start::Needed,
            false if is_whole && owned.all.contains(&*it.name) => Start::NotNeeded,
            false => Start::Unknown,
        };
    }
}

/// The packages that own programs and libraries, and those of them that own some of certain files.
#[derive(Default)]
struct Owned<'a> {
    all: BTreeSet<&'a str>,
    needed: BTreeSet<&'a str>,
}

impl<'a> Owned<'a> {
    fn new(shipped: &Shipped<'a>, files: &BTreeSet<PathId>) -> Self {
        let (table, squashed) = (&shipped.contents.table, shipped.squashed);
        let mut owned = Self::default();
        for (list, all) in &shipped.contents.owned {
            let at = table.get(*list).and_then(|it| squashed.entry(it.path));
            if at.map(|it| table.origin(it)) != Some(*list) {
                continue;
            }
            for (package, path) in all {
                // Lists have the paths of before `/lib` became a link.
                let Ok((found, _)) = squashed.resolve(table, path) else { continue };
                owned.all.insert(package);
                if files.contains(&found) {
                    owned.needed.insert(package);
                }
            }
        }
        owned
    }
}

/// Whether it is known what a file needs to start: it is an ELF program, or nothing that starts.
fn is_known(shipped: &Shipped<'_>, path: PathId) -> bool {
    let table = &shipped.contents.table;
    let Some(id) = shipped.squashed.entry(path).and_then(|it| table.content_of(it)) else {
        return false;
    };
    let runs = table.get(id).is_some_and(|it| it.mode & 0o111 != 0);
    !runs || matches!(shipped.contents.programs.get(&table.origin(id)), Some(Program::Elf(_)))
}

fn is_interpreter(shipped: &Shipped<'_>, path: PathId) -> bool {
    let name = shipped.contents.table.paths.name(path);
    // `python3.12`, `ruby3.1`.
    let end = name.iter().position(u8::is_ascii_digit).unwrap_or(name.len());
    let plain = name.get(..end).unwrap_or_default();
    INTERPRETERS.contains(&name) || INTERPRETERS.contains(&plain)
}
