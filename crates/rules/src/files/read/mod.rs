//! From the layers of an archive to what rules need of them. Judges nothing.

mod access;
mod contents;
mod history;
mod important;
mod process;
mod secrets;
mod start;
mod users;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use image::{
    Archive, Contents, Efficiency, Entry, EntryId, Fate, Kind, OsRelease, Squashed, Trouble,
    duplicates,
};
use report::{Input, Locus};
use text::SourceId;

use secrets::Watch;

use super::{Doubt, Files, Ghost, Kept, Leftover, Loss, Release, Saved, Waste};
use crate::Case;
use crate::facts::{Home, Reach, Seen};
use crate::read::KEY;

/// Doubts that are kept one by one.
const MOST_DOUBTS: usize = 20;

/// An image that was read.
pub(super) struct Shipped<'a> {
    pub(super) contents: &'a Contents,
    pub(super) squashed: &'a Squashed,
}

impl Shipped<'_> {
    /// Where an entry is.
    pub(super) fn at(&self, entry: &Entry) -> Locus {
        let path = self.contents.table.paths.full(entry.path);
        place(entry.layer, &path)
    }

    /// The path of an entry as a text.
    pub(super) fn path(&self, entry: &Entry) -> String {
        String::from_utf8_lossy(&self.contents.table.paths.full(entry.path)).into_owned()
    }

    /// All entries that containers have.
    pub(super) fn alive(&self) -> impl Iterator<Item = (EntryId, &Entry)> {
        let table = &self.contents.table;
        self.squashed.entries().filter_map(|id| table.get(id).map(|it| (id, it)))
    }
}

fn place(layer: u16, path: &[u8]) -> Locus {
    let path = String::from_utf8_lossy(path);
    Locus::Layer { layer, path: format!("/{}", path.trim_start_matches('/')).into(), span: None }
}

/// Reads the image of an archive that is meant. `source`: the archive; `config`: the text of its
/// configuration.
pub(crate) async fn read(
    case: &mut Case,
    saved: &Saved<'_>,
    image: usize,
    source: SourceId,
    config: Option<SourceId>,
    progress: &mut Watch<'_>,
) {
    let options = image::Options { digests: image::Digests::One, ..image::Options::default() };
    let mut look = secrets::Look::new(::secrets::Options::new(case.today, KEY), progress);
    let contents = saved.archive.read_in_turns(image, &options, &mut look).await;
    let Some(contents) = contents else { return };
    let squashed = Squashed::new(&contents.table);
    let shipped = Shipped { contents: &contents, squashed: &squashed };
    let (layers, n_base) = match saved.archive.images.get(image) {
        Some(it) => history::layers(it, config),
        None => (Vec::new(), None),
    };
    let mut files = Files { source, layers, n_base, ..Files::default() };
    for (layer, read) in files.layers.iter_mut().zip(&contents.layers) {
        (layer.bytes, layer.is_read) = (read.unpacked, read.is_read);
    }
    doubts(saved.archive, &contents, &mut files);
    release(&shipped, &mut files);
    users::read(&shipped, &mut files);
    contents::read(&shipped, &mut files, &mut look).await;
    process::read(case, &shipped, &mut files, &mut look).await;
    if look.ask().await {
        start::read(case, &shipped, &mut files);
    }
    waste(&shipped, &mut files, &mut look).await;
    if look.is_cut_short() {
        let what = Trouble::Stopped.to_string();
        files.doubts.insert(0, Doubt { at: None, what, loss: Loss::Files });
    }
    let secrets = keep_secrets(case, &shipped, look, &mut files);
    case.read.insert(Input::Layers);
    case.files = Some(Arc::new(files));
    case.kept = saved.keep.then_some(Kept { image, contents, squashed, secrets });
}

/// What could not be read, and what is odd. A layer of which something is lost was not read.
fn doubts(archive: &Archive<'_>, contents: &Contents, files: &mut Files) {
    let mut all: Vec<Doubt> = Vec::new();
    for it in archive.gaps().iter().chain(&contents.gaps) {
        let loss = match (it.what.is_loss_of_packages(), it.what.is_loss()) {
            (true, _) => Loss::Packages,
            (false, true) => Loss::Files,
            (false, false) => Loss::Nothing,
        };
        let path = it.at.path.as_deref().unwrap_or_default();
        let at = it.at.layer.map(|layer| place(layer, path.as_bytes()));
        let layer = it.at.layer.and_then(|it| files.layers.get_mut(usize::from(it)));
        if let Some(layer) = layer.filter(|_| loss == Loss::Files) {
            layer.is_read = false;
        }
        let what = match (&at, &*it.at.member) {
            (None, member) if !member.is_empty() => {
                format!("{}: {}", text::visible(member), it.what)
            }
            _ => it.what.to_string(),
        };
        all.push(Doubt { at, what, loss });
    }
    text::order::sort_by_key(&mut all, |it| it.loss);
    let lost = all.iter().skip(MOST_DOUBTS).filter(|it| it.loss != Loss::Nothing).count();
    files.more_losses = lost as u64;
    all.truncate(MOST_DOUBTS);
    files.doubts = all;
}

fn release(shipped: &Shipped<'_>, files: &mut Files) {
    let table = &shipped.contents.table;
    let text = |path: &[u8]| {
        let id = table.origin(shipped.squashed.find(table, path)?);
        Some((table.get(id)?, shipped.contents.texts.get(&id)?))
    };
    let Some((entry, bytes)) = text(b"etc/os-release").or_else(|| text(b"usr/lib/os-release"))
    else {
        return;
    };
    let it = OsRelease::read(&String::from_utf8_lossy(bytes));
    let (Some(id), Some(version)) = (it.id(), it.version()) else { return };
    let (id, version) = (id.to_owned(), version.to_owned());
    files.release = Some(Release { at: shipped.at(entry), id, version });
}

async fn waste(shipped: &Shipped<'_>, files: &mut Files, look: &mut secrets::Look<'_>) {
    if !look.ask().await {
        return;
    }
    let table = &shipped.contents.table;
    let efficiency = Efficiency::new(table);
    let mut removed: Vec<(u16, u64, u64, u64, EntryId)> = Vec::new();
    for (id, entry) in table.iter() {
        let (Fate::Removed(by) | Fate::Replaced(by)) = shipped.squashed.fate(id) else { continue };
        let bytes = table.stored(entry);
        if entry.kind != Kind::File || by == entry.layer || bytes == 0 {
            continue;
        }
        match removed.iter_mut().find(|it| it.0 == by) {
            Some(it) => {
                (it.1, it.2) = (it.1 + bytes, it.2 + 1);
                if bytes > it.3 {
                    (it.3, it.4) = (bytes, id);
                }
            }
            None => removed.push((by, bytes, 1, bytes, id)),
        }
    }
    text::order::sort_by_key(&mut removed, |it| it.0);
    let at = |id: EntryId| table.get(id).map(|it| shipped.at(it));
    let removed = removed.into_iter().filter_map(|it| Some((it.0, it.1, it.2, at(it.4)?)));
    if !look.ask().await {
        return;
    }
    let (twice, largest) = copies(shipped, files.first_own());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 10000"
    )]
    let score = (efficiency.score.clamp(0.0, 1.0) * 10_000.0) as u16;
    files.waste = Waste {
        size: efficiency.size,
        wasted: efficiency.wasted,
        score,
        removed: removed.collect(),
        duplicates: twice,
        largest: largest.and_then(|(size, a, b)| Some((at(a)?, at(b)?, size))),
    };
}

/// Bytes of second copies that the image's own layers hold; and of the largest file among them its
/// size, the first copy, and the last one.
fn copies(shipped: &Shipped<'_>, first_own: u16) -> (u64, Option<(u64, EntryId, EntryId)>) {
    let table = &shipped.contents.table;
    let is_own = |id: &&EntryId| table.get(**id).is_some_and(|it| it.layer >= first_own);
    let (mut all, mut largest) = (0_u64, None);
    for it in duplicates(table, 1) {
        let alive = it.entries.iter().filter(|it| shipped.squashed.fate(**it) == Fate::Alive);
        let alive: Vec<&EntryId> = alive.collect();
        let n_own = alive.iter().filter(|it| is_own(it)).count();
        // One copy is needed, of the base image or of the image's own.
        let spare = n_own.min(alive.len().saturating_sub(1)) as u64;
        let (Some(first), Some(last)) = (alive.first(), alive.last()) else { continue };
        if spare > 0 {
            all = all.saturating_add(it.size.saturating_mul(spare));
            if largest.is_none_or(|(size, _, _)| size < it.size) {
                largest = Some((it.size, **first, **last));
            }
        }
    }
    (all, largest)
}

/// Secrets of files that containers have go to all other secrets; those of the rest stay apart.
/// Says where in which entries they stand.
fn keep_secrets(
    case: &mut Case,
    shipped: &Shipped<'_>,
    look: secrets::Look<'_>,
    files: &mut Files,
) -> BTreeMap<EntryId, Vec<Range<u64>>> {
    let mut places = BTreeMap::new();
    let table = &shipped.contents.table;
    let (found, scrubber) = (look.found, look.scrubber);
    case.hidden.merge(scrubber);
    let mut ghosts: Vec<Ghost> = Vec::new();
    for it in &found {
        let Some(id) = table.id(it.key.0, it.key.1) else { continue };
        let Some(entry) = table.get(id) else { continue };
        places.insert(id, it.hits.iter().map(|it| it.hide.offset..it.hide.end()).collect());
        for hit in &it.hits {
            let span = text::Span::new(offset(hit.place.offset), offset(hit.place.end()));
            let at = match shipped.at(entry) {
                Locus::Layer { layer, path, .. } => Locus::Layer { layer, path, span: Some(span) },
                it @ Locus::Text { .. } => it,
            };
            let secret = crate::read::secret(hit, Home::File);
            match shipped.squashed.fate(id) {
                Fate::Alive => case.facts.secrets.push(Seen {
                    value: Ok(secret),
                    at,
                    via: Input::Layers,
                    reach: Reach::Image,
                }),
                Fate::Removed(gone) => {
                    ghosts.push(Ghost { at, what: Ok(secret), gone, is_replaced: false })
                }
                Fate::Replaced(gone) => {
                    ghosts.push(Ghost { at, what: Ok(secret), gone, is_replaced: true })
                }
                Fate::Unseen | Fate::Restated(_) => {}
            }
        }
    }
    let has_secret =
        |it: &Ghost| ghosts.iter().any(|other| super::path(&other.at) == super::path(&it.at));
    files.ghosts.retain(|it| !has_secret(it));
    files.ghosts.extend(ghosts);
    places
}

fn offset(it: u64) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}

/// Adds a file to those of its kind in its layer.
pub(super) fn add_leftover(
    list: &mut Vec<Leftover>,
    kind: super::LeftoverKind,
    at: Locus,
    bytes: u64,
) {
    let same = |it: &&mut Leftover| it.kind == kind && super::layer(&it.first) == super::layer(&at);
    match list.iter_mut().find(same) {
        Some(it) => (it.count, it.bytes) = (it.count + 1, it.bytes + bytes),
        None => list.push(Leftover { kind, first: at, count: 1, bytes }),
    }
}
