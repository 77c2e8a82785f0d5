//! Programs, packages and other files that containers have, and those that only layers have.

use image::{Entry, EntryId, Fate, Kind, Record, System};

use super::important::leftover;
use super::secrets::Look;
use super::{Shipped, add_leftover};
use crate::files::{Files, Ghost, Installed, Listed, Privileged, Program, Sensitive};
use crate::knowledge::Risk;
use crate::knowledge::sensitive_paths::{fixture, sensitive_path};
use crate::knowledge::tools::{self, PackageSystem, Tier};

/// Of every list so many are kept.
const MOST: usize = 500;

/// Fills the lists, as long as `look` goes on.
pub(super) async fn read(shipped: &Shipped<'_>, files: &mut Files, look: &mut Look<'_>) {
    for (id, entry) in shipped.alive() {
        if !look.goes_on().await {
            break;
        }
        if matches!(entry.kind, Kind::File | Kind::HardLink) {
            files.n_files += 1;
            privileged(shipped, entry, files);
        }
        if matches!(entry.kind, Kind::File | Kind::HardLink | Kind::Symlink) {
            program(shipped, id, entry, files);
        }
        if entry.kind == Kind::File {
            named(shipped, entry, files);
        }
    }
    for (id, entry) in shipped.contents.table.iter().filter(|(_, it)| it.kind == Kind::File) {
        let (gone, is_replaced) = match shipped.squashed.fate(id) {
            Fate::Removed(by) => (by, false),
            Fate::Replaced(by) => (by, true),
            Fate::Alive | Fate::Unseen | Fate::Restated(_) => continue,
        };
        if !look.goes_on().await {
            break;
        }
        if is_replaced || gone == entry.layer || files.ghosts.len() >= MOST || entry.size == 0 {
            continue;
        }
        if let Some((kind, _)) = telling(&shipped.path(entry)).filter(|it| it.1 >= Risk::High) {
            files.ghosts.push(Ghost { at: shipped.at(entry), what: Err(kind), gone, is_replaced });
        }
    }
    packages(shipped, files);
}

fn privileged(shipped: &Shipped<'_>, entry: &Entry, files: &mut Files) {
    let (set_uid, set_gid) = (entry.mode & 0o4000 != 0, entry.mode & 0o2000 != 0);
    // Without a right to execute, the bits mean nothing.
    let runs = entry.mode & 0o111 != 0;
    let capabilities = shipped.contents.table.extra(entry).capabilities;
    let capabilities = capabilities.map(|it| it.names()).unwrap_or_default();
    if !runs || !(set_uid || set_gid || !capabilities.is_empty()) || files.privileged.len() >= MOST
    {
        return;
    }
    let (uid, gid) = (entry.uid, entry.gid);
    files.privileged.push(Privileged {
        at: shipped.at(entry),
        set_uid,
        set_gid,
        uid,
        gid,
        capabilities,
    });
}

fn program(shipped: &Shipped<'_>, id: EntryId, entry: &Entry, files: &mut Files) {
    let paths = &shipped.contents.table.paths;
    let name = paths.name(entry.path);
    let directory = paths.parent(entry.path).map(|it| paths.name(it)).unwrap_or_default();
    if !matches!(directory, b"bin" | b"sbin" | b"games") || files.programs.len() >= MOST {
        return;
    }
    let Some(binary) = std::str::from_utf8(name).ok().and_then(tools::binary) else { return };
    if binary.tier == Tier::Base {
        return;
    }
    let table = &shipped.contents.table;
    let target = match entry.kind {
        Kind::Symlink => {
            let path = paths.full(entry.path);
            shipped.squashed.find(table, &path)
        }
        _ => table.content_of(id),
    };
    let Some(target) = target.and_then(|it| table.get(it)) else { return };
    if target.mode & 0o111 == 0 {
        return;
    }
    let is_box =
        |it: &Entry| matches!(paths.name(it.path), b"busybox" | b"toybox" | b"busybox.static");
    let is_applet = is_box(target) && !is_box(entry);
    files.programs.push(Program { at: shipped.at(entry), binary, is_applet });
}

/// Files whose names say something.
fn named(shipped: &Shipped<'_>, entry: &Entry, files: &mut Files) {
    let path = shipped.path(entry);
    if let Some(kind) = leftover(&path, entry.size) {
        add_leftover(&mut files.leftovers, kind, shipped.at(entry), entry.size);
    }
    if files.sensitive.len() < MOST
        && entry.size > 0
        && let Some((kind, risk)) = telling(&path)
    {
        files.sensitive.push(Sensitive { at: shipped.at(entry), kind, risk });
    }
}

/// What a name alone says, if it weighs something.
fn telling(path: &str) -> Option<(&'static str, Risk)> {
    let it = sensitive_path(path).filter(|it| !it.needs_content && it.risk >= Risk::Medium)?;
    fixture(path).is_none().then_some((it.kind, it.risk))
}

/// Notes every package of a record.
fn list(shipped: &Shipped<'_>, record: &Record, is_shipped: bool, files: &mut Files) {
    let Some(entry) = shipped.contents.table.get(record.entry) else { return };
    for it in &record.packages {
        let mut entry = *entry;
        entry.layer = shipped.contents.since(record, it).unwrap_or(entry.layer);
        let (name, version) = (it.name.clone(), it.version.clone());
        let (at, start) = (shipped.at(&entry), Default::default());
        files.listed.push(Listed { name, version, at, is_shipped, start });
    }
}

fn packages(shipped: &Shipped<'_>, files: &mut Files) {
    for record in &shipped.contents.records {
        let is_shipped = shipped.contents.is_shipped(shipped.squashed, record);
        list(shipped, record, is_shipped, files);
        if !is_shipped {
            continue;
        }
        files.n_packages += record.packages.len() as u64;
        let system = match record.system {
            System::Dpkg => PackageSystem::Deb,
            System::Apk => PackageSystem::Apk,
            System::Rpm => PackageSystem::Rpm,
            System::Opkg
            | System::Pacman
            | System::Python
            | System::Npm
            | System::Gem
            | System::Go
            | System::Cargo
            | System::Maven => continue,
        };
        let Some(entry) = shipped.contents.table.get(record.entry) else { continue };
        for it in &record.packages {
            let Some(known) = tools::package(system, &it.name) else { continue };
            if known.tier == Tier::Base || files.packages.len() >= MOST {
                continue;
            }
            let mut entry = *entry;
            entry.layer = shipped.contents.since(record, it).unwrap_or(entry.layer);
            let at = shipped.at(&entry);
            files.packages.push(Installed { at, name: it.name.to_string(), known });
        }
    }
}
