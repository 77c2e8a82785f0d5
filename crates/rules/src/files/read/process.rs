//! What the main process is and what it may change.

use image::{Entry, Kind, Node, PathId, Program};
use report::Locus;

use super::Shipped;
use super::access::Rights;
use super::important::{important, is_code};
use super::secrets::Look;
use crate::Case;
use crate::facts::{Fact, StartCommand, User};
use crate::files::{Access, Files, Identity, Important, Writable};

/// Variables that name directories in which programs and libraries are looked for.
const SEARCH: [&str; 7] =
    ["PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "NODE_PATH", "RUBYLIB", "PERL5LIB", "GEM_PATH"];

/// Where programs are looked for if nothing else is said.
const USUAL_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Reads it, as long as `look` goes on.
pub(super) async fn read(
    case: &Case,
    shipped: &Shipped<'_>,
    files: &mut Files,
    look: &mut Look<'_>,
) {
    let starts = started(case, shipped);
    for (_, entry) in starts.iter().filter_map(|it| {
        shipped.squashed.entry(*it).and_then(|id| Some((id, shipped.contents.table.get(id)?)))
    }) {
        let id = shipped.squashed.entry(entry.path).map(|it| shipped.contents.table.origin(it));
        let program = id.and_then(|it| shipped.contents.programs.get(&it));
        if matches!(program, Some(Program::Script(it)) if it.has_carriage_return) {
            files.dos_scripts.push(shipped.at(entry));
        }
    }
    let user = case.facts.user.best().and_then(|it| it.value.as_ref().ok());
    let Some(user) = user.and_then(|it| identity(it, files)) else { return };
    files.access = access(case, shipped, &starts, user, look).await;
}

/// The user as the kernel sees it.
fn identity(user: &User, files: &Files) -> Option<Identity> {
    let users = files.users.as_deref().unwrap_or_default();
    let groups = files.groups.as_deref().unwrap_or_default();
    let name = user.becomes.unwrap_or(user.name());
    let number = name.parse::<u32>().ok();
    let account = match number {
        Some(uid) => users.iter().find(|it| it.uid == uid),
        None => users.iter().find(|it| it.name == name),
    };
    let is_root = user.names_root() && user.becomes.is_none();
    let uid = number.or(account.map(|it| it.uid)).or(is_root.then_some(0))?;
    let own = account.map_or(0, |it| it.gid);
    let mut gids = match user.group().filter(|it| !it.is_empty() && user.becomes.is_none()) {
        // With a group given, the others do not count.
        Some(group) => {
            let named = groups.iter().find(|it| it.name == group).map(|it| it.gid);
            vec![group.parse().ok().or(named)?]
        }
        None => {
            let login = account.map(|it| it.name.as_str()).unwrap_or_default();
            let also = groups.iter().filter(|it| it.members.iter().any(|it| it == login));
            std::iter::once(own).chain(also.map(|it| it.gid)).collect()
        }
    };
    text::order::sort(&mut gids);
    gids.dedup();
    Some(Identity { name: user.to_string(), uid, gids })
}

async fn access(
    case: &Case,
    shipped: &Shipped<'_>,
    starts: &[PathId],
    user: Identity,
    look: &mut Look<'_>,
) -> Access {
    let mut access = Access { user: None, ..Access::default() };
    // Root may change everything; that needs no list.
    if user.uid != 0 {
        let table = &shipped.contents.table;
        let mut rights = Rights::new(table, shipped.squashed, &user);
        let trees = code_trees(case, shipped, starts);
        for (_, entry) in shipped.alive() {
            if !look.goes_on().await {
                break;
            }
            let is_directory = entry.kind == Kind::Directory;
            if !is_directory && !matches!(entry.kind, Kind::File | Kind::HardLink) {
                continue;
            }
            let Some(by) = rights.may_change(entry.path, is_directory) else { continue };
            let Some(what) = kind_of(shipped, entry, starts, &trees) else { continue };
            let new = || Writable { what, first: shipped.at(entry), is_directory, by, count: 1 };
            let seen = match what {
                Important::Code => access.code.as_mut(),
                _ => access.important.iter_mut().find(|it| it.what == what),
            };
            match (seen, what) {
                (Some(it), _) => it.count += 1,
                (None, Important::Code) => access.code = Some(new()),
                (None, _) => access.important.push(new()),
            }
        }
        text::order::sort_by_key(&mut access.important, |it| it.what);
        search_paths(case, shipped, &mut rights, &mut access);
    }
    access.user = Some(user);
    access
}

fn kind_of(
    shipped: &Shipped<'_>,
    entry: &Entry,
    starts: &[PathId],
    trees: &[PathId],
) -> Option<Important> {
    if starts.contains(&entry.path) {
        return Some(Important::Start);
    }
    let path = shipped.path(entry);
    if let Some(it) = important(&path) {
        return Some(it);
    }
    let inside =
        || shipped.contents.table.paths.ancestors(entry.path).any(|it| trees.contains(&it));
    let is_file = entry.kind != Kind::Directory;
    (is_file && is_code(&path, entry.mode) && inside()).then_some(Important::Code)
}

/// Directories that hold the application: where the process starts, and where what it starts is.
fn code_trees(case: &Case, shipped: &Shipped<'_>, starts: &[PathId]) -> Vec<PathId> {
    let paths = &shipped.contents.table.paths;
    let mut trees: Vec<PathId> = starts.iter().filter_map(|it| paths.parent(*it)).collect();
    trees.extend(workdir(case, shipped));
    trees.retain(|it| {
        paths.parent(*it).is_some()
            && important(&String::from_utf8_lossy(&paths.full(*it))).is_none()
    });
    text::order::distinct(trees)
}

fn workdir(case: &Case, shipped: &Shipped<'_>) -> Option<PathId> {
    let path = case.facts.workdir.best()?.value.as_ref().ok()?;
    shipped.squashed.resolve(&shipped.contents.table, path.as_bytes()).ok().map(|it| it.0)
}

/// The files that the words of entry point and command name.
pub(super) fn started(case: &Case, shipped: &Shipped<'_>) -> Vec<PathId> {
    let mut found = Vec::new();
    for fact in [&case.facts.entrypoint, &case.facts.cmd] {
        for word in words(fact) {
            found.extend(file_of(case, shipped, &word));
        }
    }
    text::order::distinct(found)
}

fn words(fact: &Fact<StartCommand>) -> Vec<String> {
    let Some(it) = fact.best().and_then(|it| it.value.as_ref().ok()) else { return Vec::new() };
    if it.shell {
        return it
            .commands
            .iter()
            .flat_map(|it| &it.simple.words)
            .map(|it| it.text().into_owned())
            .collect();
    }
    it.words.clone()
}

/// The file that a word names, if it names one: by its path, or along `PATH`.
fn file_of(case: &Case, shipped: &Shipped<'_>, word: &str) -> Option<PathId> {
    let table = &shipped.contents.table;
    let is_file = |(path, node): (PathId, Node)| {
        let Node::Entry(id) = node else { return None };
        let entry = table.get(id)?;
        matches!(entry.kind, Kind::File | Kind::HardLink).then_some(path)
    };
    let find = |path: &str| shipped.squashed.resolve(table, path.as_bytes()).ok().and_then(is_file);
    if word.starts_with('/') {
        return find(word);
    }
    if word.starts_with('-') || word.is_empty() || word.contains(['=', ' ', '\n']) {
        return None;
    }
    let from = workdir(case, shipped).unwrap_or(PathId::ROOT);
    let here = shipped.squashed.resolve_from(table, from, word.as_bytes()).ok().and_then(is_file);
    if word.contains('/') || here.is_some() {
        return here;
    }
    search(case).split(':').find_map(|it| find(&format!("{it}/{word}")))
}

/// Where programs are looked for.
pub(super) fn search(case: &Case) -> &str {
    variable(case, "PATH").map_or(USUAL_PATH, |it| it.1)
}

/// Whether the process starts by a shell, which may start anything.
pub(super) fn is_shell(case: &Case) -> bool {
    let facts = [&case.facts.entrypoint, &case.facts.cmd];
    let mut all = facts.iter().filter_map(|it| it.best()?.value.as_ref().ok());
    all.any(|it| it.shell)
}

/// A variable of the environment, and where it is set.
fn variable<'a>(case: &'a Case, name: &str) -> Option<(&'a Locus, &'a str)> {
    let mut all = case.facts.env.iter().filter_map(|it| Some((it, it.value.as_ref().ok()?)));
    let (seen, it) =
        all.find(|(_, it)| it.name == name && it.origin == crate::facts::Origin::Env)?;
    Some((&seen.at, it.value.as_deref()?))
}

fn search_paths(case: &Case, shipped: &Shipped<'_>, rights: &mut Rights<'_>, access: &mut Access) {
    for name in SEARCH {
        let Some((at, value)) = variable(case, name) else { continue };
        for directory in value.split(':').filter(|it| it.starts_with('/')) {
            let found = shipped.squashed.resolve(&shipped.contents.table, directory.as_bytes());
            let Ok((path, _)) = found else { continue };
            if rights.may_change(path, true).is_some() {
                access.search_paths.push((name, at.clone(), directory.to_owned()));
            }
        }
    }
}
