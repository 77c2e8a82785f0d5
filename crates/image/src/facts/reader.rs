//! Picks the files that say something, keeps them while they pass by, and reads them.

use super::elf::Elf as Headers;
use super::{Elf, Program, Script};
use crate::bytes::{text, trim, visible};
use crate::gap::Trouble;
use crate::layers::Entry;
use crate::limits::Limits;
use crate::packages::{self, Owned, Package, Read, System};
use crate::tar::Kind;

/// An entry while its layer is read: layer and number there.
pub(crate) type Key = (u16, u32);

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) texts: Vec<(Key, Box<[u8]>)>,
    pub(crate) records: Vec<(Key, System, Vec<Package>)>,
    pub(crate) programs: Vec<(Key, Program)>,
    /// Programs and libraries of packages, by the file that lists them.
    pub(crate) owned: Vec<(Key, Vec<Owned>)>,
    n_owned: usize,
    n_packages: u64,
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
enum What {
    /// Kept as it is.
    Text,
    /// Read by a function.
    Record(System, fn(&[u8]) -> Read),
    /// A list of the files of a package.
    List,
    /// A jar.
    Jar,
    /// A program, if it is one.
    Program,
}

/// Texts that are kept: the distribution and its accounts are small.
const MOST_TEXT: u64 = 1 << 20;

/// The head of Python's metadata is small, what follows need not be.
const MOST_HEAD: u64 = 64 << 10;

/// Programs and libraries of packages that are kept; a large distribution has ten thousand.
const MOST_OWNED: usize = 200_000;

/// Linux reads this many bytes of the first line of a script (`BINPRM_BUF_SIZE`).
const MOST_LINE: usize = 256;

/// A buffer up to this size is kept from file to file.
const KEPT_BUFFER: usize = 1 << 20;

/// Which facts are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Asked {
    pub(crate) packages: bool,
    pub(crate) programs: bool,
}

/// Reads one file after the other.
#[derive(Debug)]
pub(crate) struct Reader {
    asked: Asked,
    whole_file: u64,
    most_packages: u64,
    what: Option<What>,
    /// What was kept of the present file, and how much of it is.
    held: Vec<u8>,
    most: usize,
    /// Size of the file, as its header tells it.
    size: usize,
    /// Bytes of the file that went by, kept or not.
    passed: u64,
    /// The build information of a Go program that is too large to be held.
    beyond: Beyond,
    pub(crate) found: Found,
}

impl Reader {
    pub(crate) fn new(limits: &Limits, asked: Asked) -> Self {
        Self {
            asked,
            whole_file: limits.whole_file,
            most_packages: limits.packages,
            what: None,
            held: Vec::new(),
            most: 0,
            size: 0,
            passed: 0,
            beyond: Beyond::default(),
            found: Found::default(),
        }
    }

    /// Begins a file. Says whether its content is wanted.
    pub(crate) fn begin(&mut self, path: &[u8], entry: &Entry) -> bool {
        // A large buffer goes back at once: memory of WebAssembly never shrinks, so what is kept
        // here would be missing elsewhere.
        if self.held.capacity() > KEPT_BUFFER {
            self.held = Vec::new();
        }
        self.held.clear();
        self.size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        self.passed = 0;
        self.beyond = Beyond::default();
        self.what = what(path, entry).filter(|it| match it {
            What::Text => true,
            What::Record(..) | What::List | What::Jar => self.asked.packages,
            What::Program => self.asked.packages || self.asked.programs,
        });
        let most = match self.what {
            Some(What::Text | What::List) => MOST_TEXT,
            Some(What::Record(System::Python, _)) => MOST_HEAD,
            Some(What::Record(..) | What::Jar | What::Program) => self.whole_file,
            None => 0,
        };
        self.most = usize::try_from(most).unwrap_or(usize::MAX);
        self.what.is_some()
    }

    /// Some of the file.
    pub(crate) fn content(&mut self, chunk: &[u8]) {
        let first = self.passed == 0;
        self.passed += chunk.len() as u64;
        if first && matches!(self.what, Some(What::Program)) {
            match chunk {
                [0x7f, b'E', b'L', b'F', ..] => {}
                [b'#', b'!', ..] => self.most = MOST_LINE,
                _ => self.what = None,
            }
        }
        if self.what.is_none() {
            return;
        }
        if first {
            self.held.reserve_exact(self.size.min(self.most));
        }
        let room = self.most - self.held.len().min(self.most);
        let (kept, beyond) = chunk.split_at(room.min(chunk.len()));
        self.held.extend_from_slice(kept);
        if matches!(self.what, Some(What::Program)) && !beyond.is_empty() && self.most > MOST_LINE {
            self.beyond.look(&self.held, beyond);
        }
    }

    /// Ends a file: what was kept of it is read.
    pub(crate) fn end(&mut self, key: Key, path: &[u8]) -> Option<Trouble> {
        let what = self.what.take()?;
        let is_whole = self.held.len() as u64 == self.passed;
        let too_large = Trouble::TooLarge(self.most as u64);
        match what {
            What::Text => {
                self.found.texts.push((key, self.held.as_slice().into()));
                (!is_whole).then_some(too_large)
            }
            What::Record(system, read) => {
                if !is_whole && system != System::Python {
                    return Some(too_large);
                }
                let read = read(&self.held);
                self.keep(key, system, read)
            }
            What::List => {
                let name = path.rsplit(|it| *it == b'/').next().unwrap_or_default();
                let owned = packages::dpkg_list(name, &self.held);
                self.own(key, owned);
                None
            }
            What::Jar if !is_whole => Some(too_large),
            What::Jar => {
                let read = packages::jar(&visible(path), &self.held, self.most);
                self.keep(key, System::Maven, read)
            }
            What::Program => self.program(key, is_whole),
        }
    }

    /// A file that ended early is not read.
    pub(crate) fn give_up(&mut self) {
        self.what = None;
    }

    /// Keeps what packages own. What is too much is missing where it is asked who owns a file, and
    /// then that is not known.
    fn own(&mut self, key: Key, owned: Vec<Owned>) {
        if !owned.is_empty() && self.found.n_owned < MOST_OWNED {
            self.found.n_owned += owned.len();
            self.found.owned.push((key, owned));
        }
    }

    fn keep(&mut self, key: Key, system: System, read: Read) -> Option<Trouble> {
        let Read { mut packages, owned, broken } = read;
        self.own(key, owned);
        let room = self.most_packages - self.found.n_packages.min(self.most_packages);
        let fits = packages.len() as u64 <= room;
        packages.truncate(usize::try_from(room).unwrap_or(usize::MAX));
        self.found.n_packages += packages.len() as u64;
        if !packages.is_empty() {
            packages.shrink_to_fit();
            self.found.records.push((key, system, packages));
        }
        if !fits {
            return Some(Trouble::TooManyPackages(self.most_packages));
        }
        broken.map(Trouble::BadRecord)
    }

    fn program(&mut self, key: Key, is_whole: bool) -> Option<Trouble> {
        if let Some(line) = self.held.strip_prefix(b"#!") {
            let end = memchr::memchr(b'\n', line).unwrap_or(line.len());
            let line = line.get(..end).unwrap_or_default();
            let script = Script {
                interpreter: text(trim(line)),
                has_carriage_return: line.ends_with(b"\r"),
            };
            if self.asked.programs {
                self.found.programs.push((key, Program::Script(script)));
            }
            return None;
        }
        let held = std::mem::take(&mut self.held);
        let trouble = self.elf(key, &held, is_whole);
        self.held = held;
        trouble
    }

    fn elf(&mut self, key: Key, held: &[u8], is_whole: bool) -> Option<Trouble> {
        let headers = Headers::read(held)?;
        if self.asked.programs {
            let needs = headers.needs();
            let elf = Elf {
                interpreter: needs.interpreter,
                libraries: needs.libraries,
                name: needs.name,
                run_path: needs.run_path,
                is_static: needs.is_static,
            };
            self.found.programs.push((key, Program::Elf(elf)));
        }
        if !self.asked.packages {
            return None;
        }
        let go = packages::go(&headers).or_else(|| packages::go_part(&self.beyond.found));
        let go = go.and_then(|it| self.keep(key, System::Go, it));
        let rust = packages::rust(&headers).and_then(|it| self.keep(key, System::Cargo, it));
        let missed = !is_whole && headers.misses_sections() && self.beyond.found.is_empty();
        go.or(rust).or(missed.then_some(Trouble::TooLarge(self.most as u64)))
    }
}

/// What lies behind the part of a program that is held. Go programs are often large, and their
/// build information stands where their data starts.
#[derive(Debug, Default)]
struct Beyond {
    /// From the mark of build information on.
    found: Vec<u8>,
    /// The end of what went by, in which the mark may have started.
    last: Vec<u8>,
}

/// Lists of modules are some ten kilobytes long.
const MOST_INFO: usize = 1 << 20;

impl Beyond {
    /// Looks at the next bytes. `held` are those before the first of them.
    fn look(&mut self, held: &[u8], bytes: &[u8]) {
        if !self.found.is_empty() {
            let room = MOST_INFO.saturating_sub(self.found.len()).min(bytes.len());
            self.found.extend_from_slice(bytes.get(..room).unwrap_or_default());
            return;
        }
        let overlap = packages::GO_MAGIC.len() - 1;
        if self.last.is_empty() {
            if let Some(at) = memchr::memmem::find(held, packages::GO_MAGIC) {
                let start = held.get(at..).unwrap_or_default();
                self.found.extend_from_slice(start.get(..MOST_INFO).unwrap_or(start));
                return self.look(held, bytes);
            }
            let start = held.len().saturating_sub(overlap);
            self.last.extend_from_slice(held.get(start..).unwrap_or_default());
        }
        self.last.extend_from_slice(bytes.get(..overlap.min(bytes.len())).unwrap_or_default());
        let before = self.last.len() - overlap.min(bytes.len());
        let across = memchr::memmem::find(&self.last, packages::GO_MAGIC);
        let inside = || memchr::memmem::find(bytes, packages::GO_MAGIC);
        if let Some(at) = across.filter(|it| *it < before) {
            self.found.extend_from_slice(self.last.get(at..before).unwrap_or_default());
            self.look(held, bytes);
        } else if let Some(at) = inside() {
            self.found.extend_from_slice(bytes.get(at..).unwrap_or_default());
            self.found.truncate(MOST_INFO);
        } else {
            // What follows may be short, so more than one piece may have to be remembered.
            let all = if bytes.len() >= overlap { bytes } else { self.last.as_slice() };
            self.last = all.get(all.len().saturating_sub(overlap)..).unwrap_or_default().to_vec();
        }
    }
}

/// How a file is read, by its path; most are not.
fn what(path: &[u8], entry: &Entry) -> Option<What> {
    if entry.kind != Kind::File || entry.size == 0 {
        return None;
    }
    let slash = memchr::memrchr(b'/', path);
    let (directory, name) = match slash {
        Some(it) => (path.get(..it)?, path.get(it + 1..)?),
        None => (&b""[..], path),
    };
    by_place(directory, name).or_else(|| by_name(directory, name)).or_else(|| {
        let may_run = entry.mode & 0o111 != 0;
        let is_library = may_run || memchr::memmem::find(name, b".so").is_some();
        is_library.then_some(What::Program)
    })
}

/// Records and texts that have their place.
fn by_place(directory: &[u8], name: &[u8]) -> Option<What> {
    match (directory, name) {
        (b"etc" | b"usr/lib", b"os-release")
        | (
            b"etc",
            b"passwd" | b"group" | b"shadow" | b"alpine-release" | b"debian_version"
            | b"redhat-release",
        )
        | (b"etc/apk", b"world" | b"repositories") => Some(What::Text),
        // Where the dynamic linkers of glibc and musl look.
        (b"etc", b"ld.so.conf") => Some(What::Text),
        (b"etc/ld.so.conf.d", _) if name.ends_with(b".conf") => Some(What::Text),
        (b"etc", _) if name.starts_with(b"ld-musl-") && name.ends_with(b".path") => {
            Some(What::Text)
        }
        (b"var/lib/dpkg" | b"usr/lib/dpkg", b"status") => {
            Some(What::Record(System::Dpkg, packages::dpkg))
        }
        (b"var/lib/dpkg/status.d", _) if !name.contains(&b'.') || is_control(name) => {
            Some(What::Record(System::Dpkg, packages::dpkg_one))
        }
        (b"var/lib/dpkg/info", _) if name.ends_with(b".list") => Some(What::List),
        (b"usr/lib/opkg" | b"var/lib/opkg", b"status") => {
            Some(What::Record(System::Opkg, packages::opkg))
        }
        (b"lib/apk/db" | b"usr/lib/apk/db", b"installed") => {
            Some(What::Record(System::Apk, packages::apk))
        }
        (
            b"var/lib/rpm" | b"usr/lib/sysimage/rpm" | b"usr/share/rpm",
            b"Packages" | b"Packages.db" | b"rpmdb.sqlite" | b"rpmdb.sqlite-wal",
        ) => Some(What::Record(System::Rpm, packages::rpm)),
        (b"var/lib/rpmmanifest", b"container-manifest-2") => {
            Some(What::Record(System::Rpm, packages::rpm_list))
        }
        _ if name == b"desc" && directory.starts_with(b"var/lib/pacman/local/") => {
            Some(What::Record(System::Pacman, packages::pacman))
        }
        _ => None,
    }
}

/// Files in `status.d` that do not describe a package are named after it, with one of these ends.
fn is_control(name: &[u8]) -> bool {
    const OTHERS: [&[u8]; 7] =
        [b".md5sums", b".preinst", b".postinst", b".prerm", b".postrm", b".conffiles", b".list"];
    !OTHERS.iter().any(|it| name.ends_with(it))
}

/// Records of languages, wherever they are.
fn by_name(directory: &[u8], name: &[u8]) -> Option<What> {
    let last = directory.rsplit(|it| *it == b'/').next().unwrap_or_default();
    match name {
        b"METADATA" if last.ends_with(b".dist-info") => {
            Some(What::Record(System::Python, packages::python))
        }
        b"PKG-INFO" if last.ends_with(b".egg-info") || last == b"EGG-INFO" => {
            Some(What::Record(System::Python, packages::python))
        }
        b"package.json" if is_module(directory) => Some(What::Record(System::Npm, packages::npm)),
        _ if name.ends_with(b".egg-info") => Some(What::Record(System::Python, packages::python)),
        _ if name.ends_with(b".gemspec") && is_installed_gem(directory) => {
            Some(What::Record(System::Gem, packages::gem))
        }
        _ if [&b".jar"[..], b".war", b".ear"].iter().any(|it| name.ends_with(it)) => {
            Some(What::Jar)
        }
        _ => None,
    }
}

/// `…/node_modules/name` or `…/node_modules/@scope/name`.
fn is_module(directory: &[u8]) -> bool {
    let mut names = directory.rsplit(|it| *it == b'/').skip(1);
    match names.next() {
        Some(b"node_modules") => true,
        Some([b'@', ..]) => names.next() == Some(b"node_modules"),
        _ => false,
    }
}

/// `…/specifications` or `…/specifications/default`.
fn is_installed_gem(directory: &[u8]) -> bool {
    let directory = directory.strip_suffix(b"/default").unwrap_or(directory);
    directory.ends_with(b"/specifications")
}
