//! Rows in words.

use image::{Change, Entry, EntryId, Kind, PathId, visible};
use report::wire::Cells;
use rules::{Case, Kept};

use super::view::{self, View};

/// The cells of a row: name, kind of change, findings, size, mode, owner, remarks.
pub(super) fn cells(case: &Case, kept: &Kept, view: &View, path: PathId) -> Cells {
    let table = &kept.contents.table;
    let name = case.shown_name(&visible(table.paths.name(path)));
    let size = report::size(view.bytes(path));
    let findings = count(view.findings(path));
    let Some((id, entry)) = view.entry(table, path) else {
        // A directory above an entry that has none itself.
        let none = String::new;
        return vec![format!("{name}/"), none(), findings, size, none(), none(), none()];
    };
    let slash = if entry.kind == Kind::Directory { "/" } else { "" };
    vec![
        format!("{name}{slash}"),
        change(case, kept, view, id, entry).to_owned(),
        findings,
        if matches!(entry.kind, Kind::File | Kind::Directory) { size } else { String::new() },
        mode(entry),
        owner(case, entry),
        remarks(case, kept, view, id, entry),
    ]
}

/// The word for the worst severity, and how many findings there are.
pub(super) fn count(it: Option<view::Count>) -> String {
    it.map(|(n, severity)| format!("{} {n}", severity.id())).unwrap_or_default()
}

fn change(case: &Case, kept: &Kept, view: &View, id: EntryId, entry: &Entry) -> &'static str {
    let first_own = case.files.as_ref().map_or(0, |it| it.first_own());
    if view.scope.is_none() && entry.layer < first_own {
        return "base";
    }
    if entry.kind != Kind::Directory && kept.squashed.fate(id).is_ghost() {
        return "ghost";
    }
    match kept.squashed.change(&kept.contents.table, id) {
        Some(Change::Added) => "added",
        Some(Change::Changed) => "changed",
        Some(Change::Removed) => "removed",
        Some(Change::Same) | None => "",
    }
}

/// Kind and rights as `ls` writes them.
pub(super) fn mode(entry: &Entry) -> String {
    let kind = match entry.kind {
        Kind::Directory => 'd',
        Kind::Symlink => 'l',
        Kind::CharDevice => 'c',
        Kind::BlockDevice => 'b',
        Kind::Fifo => 'p',
        Kind::File | Kind::HardLink => '-',
        // They have no rights of their own.
        Kind::Whiteout | Kind::Opaque | Kind::Other => return String::new(),
    };
    let mut out = String::from(kind);
    for (shift, bit, marks) in
        [(6, 0o4000, ['S', 's']), (3, 0o2000, ['S', 's']), (0, 0o1000, ['T', 't'])]
    {
        let rights = entry.mode >> shift;
        out.push(if rights & 4 != 0 { 'r' } else { '-' });
        out.push(if rights & 2 != 0 { 'w' } else { '-' });
        let runs = rights & 1 != 0;
        out.push(match (entry.mode & bit != 0, runs) {
            (true, false) => marks[0],
            (true, true) => marks[1],
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    out
}

/// Owner and group, by name where the image has names for them.
pub(super) fn owner(case: &Case, entry: &Entry) -> String {
    if matches!(entry.kind, Kind::Whiteout | Kind::Opaque) {
        return String::new();
    }
    let files = case.files.as_deref();
    let users = files.and_then(|it| it.users.as_deref()).unwrap_or_default();
    let groups = files.and_then(|it| it.groups.as_deref()).unwrap_or_default();
    let user = users.iter().find(|it| it.uid == entry.uid).map(|it| case.shown_name(&it.name));
    let group = groups.iter().find(|it| it.gid == entry.gid).map(|it| case.shown_name(&it.name));
    let user = user.unwrap_or_else(|| entry.uid.to_string());
    let group = group.unwrap_or_else(|| entry.gid.to_string());
    format!("{user}:{group}")
}

/// Whatever else there is to say of an entry.
pub(super) fn remarks(case: &Case, kept: &Kept, view: &View, id: EntryId, entry: &Entry) -> String {
    let table = &kept.contents.table;
    let mut out: Vec<String> = Vec::new();
    if let Some(target) = table.target(entry) {
        out.push(format!("\u{2192} {}", case.shown_name(&visible(target))));
    }
    if let Some(target) = table.link_path(entry) {
        out.push(format!("= {}", case.shown_name(&table.paths.visible(target))));
    }
    let extra = table.extra(entry);
    out.extend(extra.capabilities.map(|it| it.names().join(" ")));
    out.extend(extra.device.map(|(major, minor)| format!("device {major}, {minor}")));
    let marks = [
        (entry.kind == Kind::Opaque, "all that lower layers have in it"),
        (entry.is_sparse(), "sparse"),
        (entry.is_cut(), "cut off"),
        (entry.is_after_end(), "behind the end mark, not seen by engines"),
        (entry.is_meta(), "part of the image format"),
        (entry.escapes(), "its name led out of the root"),
        (entry.is_through_link(), "its name led through a link"),
    ];
    out.extend(marks.into_iter().filter(|it| it.0).map(|it| it.1.to_owned()));
    match view.scope {
        Some(_) if entry.kind != Kind::Directory => out.extend(view::gone(&kept.squashed, id)),
        Some(_) => {}
        None => out.push(format!("layer {}", entry.layer)),
    }
    out.join("; ")
}
