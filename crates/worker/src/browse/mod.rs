//! Looking at the files of a saved image: which rows there are, where the keyboard's place is, and
//! what a key does. All of it is decided here, beside the table of files; the page draws the few rows
//! that it is told.

mod cells;
mod layers;
mod order;
mod treemap;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use image::{Archive, EntryId, Kind, PathId};
use report::wire::{Browse, Cells, File, Listing, Row, Tile};
use rules::{Case, Kept};

use crate::answer::Watch;
use order::Order;
use view::{Flag, View};

/// Rows that are told at once; no window is higher.
const MOST_ROWS: u32 = 200;

/// What the files are read from.
#[derive(Clone, Copy)]
pub(crate) struct From<'a> {
    pub(crate) case: &'a Case,
    pub(crate) archive: &'a Archive<'static>,
}

/// The part of the tree that shows: its first row, and how many rows there is room for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) first: u32,
    pub(crate) count: u32,
}

/// The tree of files, and what is chosen and open in it.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    order: Order,
    layers: Vec<Cells>,
    flags: BTreeMap<PathId, Vec<Flag>>,
    view: View,
    /// Directories that are open although directories are closed, or the other way round while
    /// only some files are listed.
    toggled: BTreeSet<PathId>,
    /// The rows, as places in the order.
    rows: Vec<u32>,
    cursor: u32,
    /// By the path: the number of its rectangle.
    tiles: BTreeMap<PathId, u32>,
    /// Whether other files are listed than there are rectangles for.
    is_redrawn: bool,
}

/// What a row does when it is chosen.
enum Act {
    /// Nothing.
    Stay,
    /// The keyboard's place goes to a row.
    Go(u32),
    /// A directory opens or closes.
    Toggle(PathId),
    /// A file is read.
    Read(PathId),
}

impl Tree {
    /// The tree of an image, all directories closed.
    pub(crate) fn new(kept: &Kept, case: &Case) -> Self {
        let table = &kept.contents.table;
        // Checking is quick beside reading, and a report that is kept would have to be copied.
        let report = rules::check(case);
        let (order, flags) = (Order::new(&table.paths), view::flags(&report, table));
        let layers = layers::layers(case, kept, &report);
        let mut tree = Self { order, layers, flags, ..Self::default() };
        tree.view.look(kept, &tree.flags);
        tree.view.filter(kept, first_own(case));
        tree.list();
        tree
    }

    /// Does what somebody wants, and tells the rows that show then.
    pub(crate) async fn browse(
        &mut self,
        from: From<'_>,
        browse: &Browse,
        window: Window,
        watch: Watch<'_>,
    ) -> Option<Listing> {
        let kept = from.case.kept.as_ref()?;
        let mut listing = Listing::default();
        let mut first = window.first;
        let count = window.count.clamp(1, MOST_ROWS);
        let act = match browse {
            Browse::Open => {
                listing.layers.clone_from(&self.layers);
                self.is_redrawn = true;
                Act::Stay
            }
            Browse::Scope(scope) => {
                self.view.scope = *scope;
                self.view.look(kept, &self.flags);
                self.refilter(kept, from.case);
                first = 0;
                Act::Go(0)
            }
            Browse::Find { text, only } => {
                let was_filtered = self.view.is_filtered();
                (self.view.find, self.view.only) = (text.clone(), *only);
                if was_filtered != self.view.is_filtered() {
                    self.toggled.clear();
                }
                self.refilter(kept, from.case);
                first = 0;
                Act::Go(0)
            }
            Browse::Show { layer, path } => {
                (self.view.scope, self.view.only) = (Some(*layer), Default::default());
                self.view.find.clear();
                self.view.look(kept, &self.flags);
                self.open_to(kept, from.case, path)
            }
            Browse::Key(key) => self.key(kept, key, count),
            Browse::Choose(number) => {
                let is_it =
                    |it: &u32| self.order.path(*it).is_some_and(|it| it.number() == *number);
                // One more may be seen in part.
                let shown = self.rows.iter().skip(window.first as usize).take(count as usize + 1);
                if let Some(at) = (window.first..).zip(shown).find(|it| is_it(it.1)) {
                    self.cursor = at.0;
                }
                self.choose(kept, *number)
            }
            Browse::Go(number) => kept
                .contents
                .table
                .paths
                .numbered(*number)
                .map_or(Act::Stay, |path| self.go_to(kept, path)),
            Browse::Scroll => Act::Stay,
        };
        match act {
            Act::Stay => {}
            Act::Go(row) => {
                self.cursor = row.min(self.last());
                first = first.clamp((self.cursor + 1).saturating_sub(count), self.cursor);
            }
            Act::Toggle(path) => {
                if !self.toggled.remove(&path) {
                    self.toggled.insert(path);
                }
                self.list();
            }
            Act::Read(path) => listing.file = self.read(from, kept, path, watch).await,
        }
        listing.total = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        listing.first = first.min(listing.total.saturating_sub(count));
        listing.cursor = self.cursor;
        // One more may be seen in part.
        let shown = self.rows.iter().skip(listing.first as usize).take(count as usize + 1);
        let row = |place: &u32| self.row(from.case, kept, *place);
        listing.rows = shown.filter_map(row).collect();
        if std::mem::take(&mut self.is_redrawn) {
            listing.tiles = Some(self.draw(from.case, kept));
        }
        listing.marked = self.marked(kept);
        Some(listing)
    }

    fn row(&self, case: &Case, kept: &Kept, place: u32) -> Option<Row> {
        let path = self.order.path(place)?;
        let open = self.view.has_inner(path).then(|| self.is_open(path));
        let cells = cells::cells(case, kept, &self.view, path);
        Some(Row { id: path.number(), level: u32::from(self.order.level(place)), open, cells })
    }

    fn last(&self) -> u32 {
        u32::try_from(self.rows.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn refilter(&mut self, kept: &Kept, case: &Case) {
        self.view.filter(kept, first_own(case));
        self.list();
        self.is_redrawn = true;
    }

    fn draw(&mut self, case: &Case, kept: &Kept) -> Vec<Tile> {
        let tiles = treemap::tiles(case, kept, &self.view);
        self.tiles.clear();
        for (at, tile) in (0..).zip(&tiles) {
            // What is too small for a rectangle of its own is in that of its directory.
            if let Some(path) = kept.contents.table.paths.numbered(tile.id) {
                self.tiles.entry(path).or_insert(at);
            }
        }
        tiles
    }

    /// The rectangle of the keyboard's place, or of the directory that has one.
    fn marked(&self, kept: &Kept) -> Option<u32> {
        let path = self.order.path(self.place()?)?;
        let mut up = std::iter::once(path).chain(kept.contents.table.paths.ancestors(path));
        up.find_map(|it| self.tiles.get(&it).copied())
    }

    /// Opens all directories above a path, and goes to its row.
    fn go_to(&mut self, kept: &Kept, path: PathId) -> Act {
        for it in kept.contents.table.paths.ancestors(path) {
            if !self.is_open(it) && !self.toggled.remove(&it) {
                self.toggled.insert(it);
            }
        }
        self.list();
        self.row_of(path)
    }

    fn row_of(&self, path: PathId) -> Act {
        let row = self.rows.iter().position(|it| self.order.path(*it) == Some(path));
        row.and_then(|it| u32::try_from(it).ok()).map_or(Act::Stay, Act::Go)
    }

    /// Opens all directories above a path and no others, and says where its row is then.
    fn open_to(&mut self, kept: &Kept, case: &Case, path: &str) -> Act {
        let paths = &kept.contents.table.paths;
        let path = paths.find(path.as_bytes());
        self.toggled = path.iter().flat_map(|it| paths.ancestors(*it)).collect();
        self.refilter(kept, case);
        match path.map(|it| self.row_of(it)) {
            Some(it @ Act::Go(_)) => it,
            _ => Act::Go(0),
        }
    }

    /// Lists the rows anew. The keyboard's place stays on its path, if that is still there.
    fn list(&mut self) {
        let at = self.place();
        self.rows.clear();
        let mut place = 0;
        while let Some(path) = self.order.path(place) {
            if !self.view.lists(path) {
                place = self.order.behind(place);
                continue;
            }
            self.rows.push(place);
            let goes_in = self.view.has_inner(path) && self.is_open(path);
            place = if goes_in { place + 1 } else { self.order.behind(place) };
        }
        let row = at.map_or(0, |at| self.rows.partition_point(|it| *it < at));
        self.cursor = u32::try_from(row).unwrap_or(u32::MAX).min(self.last());
    }

    /// Where the keyboard's place is in the order.
    fn place(&self) -> Option<u32> {
        self.rows.get(self.cursor as usize).copied()
    }

    /// With a filter all is open, so that what was looked for shows.
    fn is_open(&self, path: PathId) -> bool {
        self.toggled.contains(&path) != self.view.is_filtered()
    }

    /// What a key does, as the pattern for tree grids has it (WAI-ARIA Authoring Practices).
    fn key(&self, kept: &Kept, key: &str, count: u32) -> Act {
        let Some(place) = self.place() else { return Act::Stay };
        let Some(path) = self.order.path(place) else { return Act::Stay };
        let open = self.view.has_inner(path).then(|| self.is_open(path));
        match (key, open) {
            ("ArrowDown", _) => Act::Go(self.cursor.saturating_add(1)),
            ("ArrowUp", _) => Act::Go(self.cursor.saturating_sub(1)),
            ("PageDown", _) => Act::Go(self.cursor.saturating_add(count.max(2) - 1)),
            ("PageUp", _) => Act::Go(self.cursor.saturating_sub(count.max(2) - 1)),
            ("Home", _) => Act::Go(0),
            ("End", _) => Act::Go(self.last()),
            ("ArrowRight", Some(false)) | ("ArrowLeft", Some(true)) => Act::Toggle(path),
            ("ArrowRight", Some(true)) => Act::Go(self.cursor.saturating_add(1)),
            ("ArrowRight", None) => Act::Stay,
            ("ArrowLeft" | "Backspace", _) => Act::Go(self.above(place)),
            ("Enter" | " ", _) => self.choose(kept, path.number()),
            (letter, _) => self.next_named(kept, letter),
        }
    }

    /// The row of the directory that a place is in; its own if it is at the top.
    fn above(&self, place: u32) -> u32 {
        let level = self.order.level(place);
        let before = self.rows.get(..self.cursor as usize).unwrap_or_default();
        let row = before.iter().rposition(|it| self.order.level(*it) < level);
        row.and_then(|it| u32::try_from(it).ok()).unwrap_or(self.cursor)
    }

    /// The next row whose name starts so, from the top again behind the last one.
    fn next_named(&self, kept: &Kept, start: &str) -> Act {
        let start = start.to_lowercase();
        let fits = |place: &u32| {
            let path = self.order.path(*place).unwrap_or(PathId::ROOT);
            let name = String::from_utf8_lossy(kept.contents.table.paths.name(path));
            name.to_lowercase().starts_with(&start)
        };
        let (before, behind) =
            self.rows.split_at_checked(self.cursor as usize + 1).unwrap_or_default();
        let later = behind.iter().position(fits).map(|it| it + before.len());
        let row = later.or_else(|| before.iter().position(fits));
        row.and_then(|it| u32::try_from(it).ok()).map_or(Act::Stay, Act::Go)
    }

    fn choose(&self, kept: &Kept, number: u32) -> Act {
        let Some(path) = kept.contents.table.paths.numbered(number) else { return Act::Stay };
        match self.view.has_inner(path) {
            true => Act::Toggle(path),
            false => Act::Read(path),
        }
    }

    async fn read(
        &self,
        from: From<'_>,
        kept: &Kept,
        path: PathId,
        watch: Watch<'_>,
    ) -> Option<File> {
        let table = &kept.contents.table;
        let (id, entry) = self.view.entry(table, path)?;
        let (text, note) = match content(from, entry.kind, id, watch).await {
            Ok(it) => it,
            Err(why) => (String::new(), why),
        };
        let here = self.flags.get(&path).map(Vec::as_slice).unwrap_or_default().iter();
        let here = here.filter(|it| self.view.shows(table, path, it));
        let mut what = vec![
            cells::mode(entry),
            cells::owner(from.case, entry),
            cells::remarks(from.case, kept, &self.view, id, entry),
        ];
        if self.view.scope.is_some() {
            what.push(format!("layer {}", entry.layer));
        }
        what.retain(|it| !it.is_empty());
        let name = from.case.shown_name(&table.paths.visible(path));
        Some(File {
            about: vec![name, what.join(", "), note],
            findings: here.map(|it| (it.rule.clone(), it.ordinal)).collect(),
            text,
        })
    }
}

/// What may be shown of a file, and what there is to say of it.
async fn content(
    from: From<'_>,
    kind: Kind,
    id: EntryId,
    watch: Watch<'_>,
) -> Result<(String, String), String> {
    if !matches!(kind, Kind::File | Kind::HardLink) {
        return Err("it has no content".to_owned());
    }
    let it = from.case.preview_in_turns(from.archive, id, &mut || watch(None)).await?;
    Ok((it.text, it.note))
}

fn first_own(case: &Case) -> u16 {
    case.files.as_ref().map_or(0, |it| it.first_own())
}

#[cfg(test)]
mod tests;
