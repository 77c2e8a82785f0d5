//! Looks for secrets in the contents of files while they pass by.

use image::{Entry, File, Next, Progress, Visit, Want, asked};
use secrets::{Hit, Options, Scan, Scanner, Severity, Verification, scan};

/// Hits in more files than this are not kept.
const MOST_FILES: usize = 2_000;
/// Hits of one file that are kept.
const MOST_HITS: usize = 20;
/// So many files are looked at before it is asked whether to go on.
const STEPS: u32 = 4096;
/// So many files are still looked at, of those that were read, when somebody has enough: it takes no
/// longer than anybody notices.
const AFTER_STOP: u32 = 50_000;
/// Secrets that are told while reading goes on.
const MOST_TOLD: usize = 20;

/// Asked while layers are read, with the number of files in which secrets were found and the first of
/// these in words.
pub(super) type Watch<'w> = dyn FnMut(Progress, u32, &[String]) -> Next + 'w;

/// What was found in a file.
pub(super) struct Found {
    /// The file: its layer, and its number there.
    pub(super) key: (u16, u32),
    /// The secrets.
    pub(super) hits: Vec<Hit>,
}

/// Looks at one file after the other.
pub(super) struct Look<'p> {
    full: Options,
    literals: Options,
    open: Option<Scanner>,
    is_first: bool,
    pub(super) found: Vec<Found>,
    /// Hides what was found.
    pub(super) scrubber: secrets::Scrubber,
    told: Vec<String>,
    last: Option<Progress>,
    n_steps: u32,
    /// How many files may still be looked at, once somebody has enough.
    left: Option<u32>,
    progress: &'p mut Watch<'p>,
}

impl<'p> Look<'p> {
    pub(super) fn new(options: Options, progress: &'p mut Watch<'p>) -> Self {
        Self {
            literals: Options { literals_only: true, ..options.clone() },
            full: options,
            open: None,
            is_first: true,
            found: Vec::new(),
            scrubber: secrets::Scrubber::new(),
            told: Vec::new(),
            last: None,
            n_steps: 0,
            left: None,
            progress,
        }
    }

    fn keep(&mut self, file: &File<'_>, scan: Scan) {
        let mut hits = scan.hits;
        hits.retain(is_real);
        if hits.is_empty() || self.found.len() >= MOST_FILES {
            return;
        }
        hits.truncate(MOST_HITS);
        self.scrubber.merge(scan.scrubber);
        self.tell(file, &hits);
        self.found.push(Found { key: (file.entry.layer, file.number), hits });
    }
}

impl Look<'_> {
    /// Asked for each file that is looked at once all are read: whether to go on. It pauses now and
    /// then.
    pub(super) async fn goes_on(&mut self) -> bool {
        self.n_steps += 1;
        if self.n_steps.is_multiple_of(STEPS) {
            self.ask().await;
        }
        let Some(left) = &mut self.left else { return true };
        *left = left.saturating_sub(1);
        *left > 0
    }

    /// Asks whether to go on, before something that takes long.
    pub(super) async fn ask(&mut self) -> bool {
        if self.left.is_none()
            && let Some(last) = self.last
        {
            let all = Progress { done: last.total, ..last };
            asked(|| self.progress(all)).await;
        }
        !self.is_cut_short()
    }

    /// Whether somebody had enough before all files were looked at.
    pub(super) fn is_cut_short(&self) -> bool {
        self.left == Some(0)
    }

    /// Puts what was found in a file in words, as far as people bear to read meanwhile.
    fn tell(&mut self, file: &File<'_>, hits: &[Hit]) {
        if self.told.len() >= MOST_TOLD {
            return;
        }
        // What a file is called may be a secret itself.
        self.scrubber.merge(scan(&self.full, None, file.path).scrubber);
        let path = String::from_utf8_lossy(file.path);
        let path = self.scrubber.scrub(&path).into_owned();
        let place = format!("layer {} /{}", file.entry.layer, text::visible(&path));
        for it in hits {
            let line = format!("{} in {place}", crate::read::title(it));
            if self.told.len() < MOST_TOLD && !self.told.contains(&line) {
                self.told.push(line);
            }
        }
    }
}

/// Whether somebody has to act upon it. In an image stand many texts that nobody of its authors
/// wrote, so a name and the look of a value are not enough, nor is what looks like a test.
fn is_real(it: &Hit) -> bool {
    let is_doubtful = it.verification == Verification::Guess || it.allowed;
    it.severity < Severity::Low && !it.fixture && !is_doubtful
}

impl Visit for Look<'_> {
    fn want(&mut self, file: &File<'_>) -> Want {
        self.is_first = true;
        self.open = None;
        if is_dull(file.path) || file.entry.is_after_end() { Want::Nothing } else { Want::All }
    }

    fn content(&mut self, file: &File<'_>, piece: &[u8]) {
        if std::mem::take(&mut self.is_first) {
            let options = match kind(piece) {
                Kind::Packed => return,
                Kind::Binary => &self.literals,
                Kind::Text => &self.full,
            };
            let path = format!("/{}", String::from_utf8_lossy(file.path));
            if is_whole(file.entry, piece) {
                let scan = scan(options, Some(&path), piece);
                self.keep(file, scan);
                return;
            }
            self.open = Some(Scanner::new(options, Some(&path)));
        }
        if let Some(it) = &mut self.open {
            it.feed(piece);
        }
    }

    fn end(&mut self, file: &File<'_>, _whole: bool) {
        if let Some(it) = self.open.take() {
            self.keep(file, it.finish());
        }
    }

    fn progress(&mut self, progress: Progress) -> Next {
        let n_files = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        let next = (self.progress)(progress, n_files, &self.told);
        self.last = Some(progress);
        if next == Next::Stop {
            self.left.get_or_insert(AFTER_STOP);
        }
        next
    }
}

fn is_whole(entry: &Entry, piece: &[u8]) -> bool {
    piece.len() as u64 == entry.size
}

/// What a file is, as far as it matters for a search.
enum Kind {
    Text,
    Binary,
    /// Compressed: its bytes say nothing.
    Packed,
}

fn kind(start: &[u8]) -> Kind {
    const PACKED: [&[u8]; 10] = [
        b"\x1f\x8b",
        b"PK\x03\x04",
        b"\x28\xb5\x2f\xfd",
        b"\xfd7zXZ\0",
        b"BZh",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"wOF2",
        b"OggS",
    ];
    if PACKED.iter().any(|it| start.starts_with(it)) {
        return Kind::Packed;
    }
    // Key stores are binary and known by their first bytes, which the full search knows.
    let is_store = start.starts_with(b"\xfe\xed\xfe\xed") || start.starts_with(b"\x30\x82");
    let head = start.get(..1024).unwrap_or(start);
    if head.contains(&0) && !is_store { Kind::Binary } else { Kind::Text }
}

/// Whether a path is of documentation, translations or tables of the system, of which there are
/// many and in which nobody keeps a secret.
fn is_dull(path: &[u8]) -> bool {
    const DULL: [&[u8]; 16] = [
        b"usr/share/doc/",
        b"usr/share/man/",
        b"usr/share/info/",
        b"usr/share/locale/",
        b"usr/share/zoneinfo/",
        b"usr/share/i18n/",
        b"usr/share/icons/",
        b"usr/share/fonts/",
        b"usr/share/terminfo/",
        b"usr/share/unicode/",
        b"usr/share/mime/",
        b"usr/lib/locale/",
        b"usr/share/licenses/",
        b"usr/share/ca-certificates/",
        b"etc/ssl/certs/",
        b"var/lib/dpkg/info/",
    ];
    DULL.iter().any(|it| path.starts_with(it))
}
