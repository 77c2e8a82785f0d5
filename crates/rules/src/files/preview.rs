//! What a file of a saved image may show of itself: read once more, a bounded part of it, and every
//! secret in it masked before anybody sees it.

use std::collections::BTreeMap;
use std::ops::Range;

use image::{Archive, Contents, EntryId, Next, Squashed, Table};
use secrets::{Options, scan};
use text::visible;

use crate::Case;
use crate::knowledge::Risk;
use crate::knowledge::sensitive_paths::{fixture, sensitive_path};
use crate::read::KEY;

/// Bytes of a text that are shown.
const MOST_TEXT: usize = 64 << 10;
/// So many bytes more are read and masked, so that a secret that starts in the shown part is
/// recognized although it ends behind it.
const BEYOND: usize = 16 << 10;
/// Bytes of a file that is no text that are shown, in hexadecimal.
const MOST_BINARY: usize = 4 << 10;
/// Bytes in a line of those.
const WIDTH: usize = 16;

/// An image whose layers were read, kept so that its files can be looked at.
#[derive(Debug)]
pub struct Kept {
    /// Its number in the archive.
    pub image: usize,
    /// What its layers hold.
    pub contents: Contents,
    /// What containers have of that.
    pub squashed: Squashed,
    /// Where in files secrets stand that were found while the layers were read.
    pub(super) secrets: BTreeMap<EntryId, Vec<Range<u64>>>,
}

/// What is shown of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// Lines of text, or of hexadecimal digits; nothing where nothing may be shown.
    pub text: String,
    /// What it is and how much of it is shown, in words.
    pub note: String,
}

impl Case {
    /// A name out of an image as people may see it: in one line, without any secret that is known.
    pub fn shown_name(&self, name: &str) -> String {
        visible(&self.hidden.scrub(name)).to_string()
    }

    /// What may be shown of a file of a saved image that was read.
    ///
    /// # Errors
    /// When its content is not to be had, in words.
    pub fn preview(&self, archive: &Archive<'_>, id: EntryId) -> Result<Preview, String> {
        image::finish(self.preview_in_turns(archive, id, &mut || Next::On))
    }

    /// The same, asking `watch` while what stands before the file is unpacked.
    ///
    /// # Errors
    /// Likewise, and when it is stopped.
    pub async fn preview_in_turns(
        &self,
        archive: &Archive<'_>,
        id: EntryId,
        watch: &mut dyn FnMut() -> Next,
    ) -> Result<Preview, String> {
        let kept = self.kept.as_ref().ok_or("the image is not at hand any more")?;
        let table = &kept.contents.table;
        let id = table.content_of(id).map(|it| table.origin(it)).ok_or("it has no content")?;
        let entry = table.get(id).ok_or("it has no content")?;
        if entry.kind != image::Kind::File {
            return Err("it has no content".to_owned());
        }
        let path = path(table, id);
        if let Some(kind) = credentials(&path) {
            let note = format!("by its name it is {kind}, so nothing of its content is shown");
            return Ok(Preview { text: String::new(), note });
        }
        let most = (MOST_TEXT + BEYOND) as u64;
        let bytes = archive.content_in_turns(kept.image, &kept.contents, id, most, watch).await;
        let bytes = bytes.map_err(|it| it.to_string())?;
        let masks = self.masks(kept, id, &path, &bytes);
        Ok(match bytes.get(..bytes.len().min(MOST_BINARY)).is_some_and(|it| it.contains(&0)) {
            true => binary(&bytes, &masks, table.stored(entry)),
            false => self.plain(&bytes, masks, table.stored(entry)),
        })
    }

    /// Where secrets stand in the bytes: those that were found when the layer was read, which knew
    /// the whole file, and whatever else looks like one.
    fn masks(&self, kept: &Kept, id: EntryId, path: &str, bytes: &[u8]) -> Vec<Range<usize>> {
        let known = kept.secrets.get(&id).map(Vec::as_slice).unwrap_or_default().iter();
        let within = |it: u64| usize::try_from(it).unwrap_or(usize::MAX).min(bytes.len());
        let mut masks: Vec<Range<usize>> =
            known.map(|it| within(it.start)..within(it.end)).collect();
        let options = Options { thorough: true, ..Options::new(self.today, KEY) };
        let found = scan(&options, Some(path), bytes).hits;
        masks.extend(found.iter().map(|it| within(it.hide.offset)..within(it.hide.end())));
        masks.retain(|it| !it.is_empty());
        text::order::sort_by_key(&mut masks, |it| it.start);
        masks.dedup_by(|later, earlier| {
            let touches = later.start <= earlier.end;
            earlier.end = if touches { earlier.end.max(later.end) } else { earlier.end };
            touches
        });
        masks
    }

    fn plain(&self, bytes: &[u8], masks: Vec<Range<usize>>, size: u64) -> Preview {
        let mut out: Vec<u8> = Vec::new();
        let (mut at, mut end) = (0, MOST_TEXT.min(bytes.len()));
        for it in &masks {
            if it.start >= MOST_TEXT {
                break;
            }
            out.extend(bytes.get(at..it.start).unwrap_or_default());
            out.extend("\u{2026}[masked]".as_bytes());
            at = it.end;
            end = end.max(it.end);
        }
        out.extend(bytes.get(at..end).unwrap_or_default());
        let text = String::from_utf8_lossy(&out);
        let text = self.hidden.scrub(&text);
        let text = text.lines().map(|it| format!("{}\n", visible(it))).collect();
        let shown = masks.iter().filter(|it| it.start < MOST_TEXT).count();
        Preview { text, note: note("text", end, size, shown) }
    }
}

/// The bytes in hexadecimal, with their offsets, and as letters where they are some.
fn binary(bytes: &[u8], masks: &[Range<usize>], size: u64) -> Preview {
    let shown = bytes.get(..bytes.len().min(MOST_BINARY)).unwrap_or_default();
    let mut text = String::new();
    for (number, line) in shown.chunks(WIDTH).enumerate() {
        let start = number * WIDTH;
        let (mut digits, mut letters) = (String::new(), String::new());
        for (at, it) in (start..).zip(line) {
            if masks.iter().any(|mask| mask.contains(&at)) {
                digits.push_str(" **");
                letters.push('*');
            } else {
                digits.push_str(&format!(" {it:02x}"));
                letters.push(if (b' '..=b'~').contains(it) { char::from(*it) } else { '.' });
            }
        }
        text.push_str(&format!("{start:06x} {digits:<48}  {letters}\n"));
    }
    let masked = masks.iter().filter(|it| it.start < shown.len()).count();
    Preview { text, note: note("no text", shown.len(), size, masked) }
}

/// What is shown, in words.
fn note(what: &str, shown: usize, size: u64, masked: usize) -> String {
    let part = match shown as u64 {
        0 => "it is empty".to_owned(),
        it if it < size => {
            format!("{what}; shown: the first {} of {}", report::size(it), report::size(size))
        }
        _ => format!("{what}, {}", report::size(size)),
    };
    match masked {
        0 => part,
        1 => format!("{part}; one secret is masked"),
        n => format!("{part}; {n} secrets are masked"),
    }
}

fn path(table: &Table, id: EntryId) -> String {
    let full = table.get(id).map(|it| table.paths.full(it.path)).unwrap_or_default();
    format!("/{}", String::from_utf8_lossy(&full))
}

/// What a file is that holds credentials by its name alone, whatever they look like.
fn credentials(path: &str) -> Option<&'static str> {
    let it = sensitive_path(path).filter(|it| !it.needs_content && it.risk >= Risk::Medium)?;
    fixture(path).is_none().then_some(it.kind)
}
