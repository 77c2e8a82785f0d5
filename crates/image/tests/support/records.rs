//! Writers of what packages and programs leave behind: rpm databases and ELF files.

/// The header of an rpm package, as databases keep it: tags with texts, and an epoch.
pub(crate) fn rpm_header(name: &str, version: &str, release: &str, epoch: Option<u32>) -> Vec<u8> {
    let source = format!("{name}-src-{version}-{release}.src.rpm");
    let texts = [(1000, name), (1001, version), (1002, release), (1022, "x86_64"), (1044, &source)];
    let (mut index, mut store) = (Vec::new(), Vec::new());
    let mut row = |tag: u32, kind: u32, at: usize| {
        for it in [tag, kind, u32::try_from(at).unwrap(), 1] {
            index.extend(it.to_be_bytes());
        }
    };
    for (tag, text) in texts {
        row(tag, 6, store.len());
        store.extend(text.as_bytes());
        store.push(0);
    }
    if let Some(it) = epoch {
        store.resize(store.len().next_multiple_of(4), 0);
        row(1003, 4, store.len());
        store.extend(it.to_be_bytes());
    }
    let counts = [index.len() / 16, store.len()].map(|it| u32::try_from(it).unwrap().to_be_bytes());
    [counts.concat(), index, store].concat()
}

/// The same, with a list of files: the numbers of directories, names, directories.
pub(crate) fn rpm_header_with_files(name: &str, files: &[(u32, &str)], dirs: &[&str]) -> Vec<u8> {
    let plain = rpm_header(name, "1", "1", None);
    let n_tags = u32::from_be_bytes(plain[..4].try_into().unwrap());
    let (index, store) = plain[8..].split_at(n_tags as usize * 16);
    let (mut index, mut store) = (index.to_vec(), store.to_vec());
    store.resize(store.len().next_multiple_of(4), 0);
    let texts =
        |all: Vec<&str>| all.iter().flat_map(|it| [it.as_bytes(), b"\0"].concat()).collect();
    let rows: [(u32, u32, usize, Vec<u8>); 3] = [
        (1116, 4, files.len(), files.iter().flat_map(|it| it.0.to_be_bytes()).collect()),
        (1117, 8, files.len(), texts(files.iter().map(|it| it.1).collect())),
        (1118, 8, dirs.len(), texts(dirs.to_vec())),
    ];
    for (tag, kind, count, bytes) in rows {
        let numbers = [store.len(), count].map(|it| u32::try_from(it).unwrap());
        for it in [tag, kind, numbers[0], numbers[1]] {
            index.extend(it.to_be_bytes());
        }
        store.extend(bytes);
    }
    let counts = [index.len() / 16, store.len()].map(|it| u32::try_from(it).unwrap().to_be_bytes());
    [counts.concat(), index, store].concat()
}

/// A database of rpm's own kind.
pub(crate) fn ndb(headers: &[Vec<u8>]) -> Vec<u8> {
    let int = |it: usize| u32::try_from(it).unwrap().to_le_bytes();
    let mut slots =
        [&b"RpmP"[..], &int(0), &int(1), &int(1), &int(headers.len() + 1), &[0; 12]].concat();
    let mut blobs = Vec::new();
    for (number, header) in headers.iter().enumerate() {
        let block = (4096 + blobs.len()) / 16;
        let blob = [&b"BlbS"[..], &int(number + 1), &int(1), &int(header.len()), header].concat();
        slots.extend(
            [&b"Slot"[..], &int(number + 1), &int(block), &int(blob.len().div_ceil(16))].concat(),
        );
        blobs.extend(blob);
        blobs.resize(blobs.len().next_multiple_of(16), 0);
    }
    while slots.len() < 4096 {
        slots.extend([&b"Slot"[..], &[0; 12]].concat());
    }
    [slots, blobs].concat()
}

/// A Berkeley DB hash file: headers on pages of their own, short ones beside their keys.
pub(crate) fn bdb(headers: &[Vec<u8>], size: usize) -> Vec<u8> {
    let int = |it: usize| u32::try_from(it).unwrap().to_le_bytes();
    let mut pages = vec![vec![0; size]];
    for (number, header) in headers.iter().enumerate() {
        let mut page = vec![0; size];
        let mut end = size;
        let mut items = Vec::new();
        let value = if header.len() < size / 2 {
            [&[1][..], header].concat()
        } else {
            [&[3, 0, 0, 0][..], &int(pages.len() + 1), &int(header.len())].concat()
        };
        for item in [[&[1][..], &int(number + 1)].concat(), value] {
            end -= item.len();
            page[end..end + item.len()].copy_from_slice(&item);
            items.push(end);
        }
        page[20..22].copy_from_slice(&2_u16.to_le_bytes());
        page[25] = 13;
        for (at, it) in items.iter().enumerate() {
            page[26 + at * 2..28 + at * 2]
                .copy_from_slice(&u16::try_from(*it).unwrap().to_le_bytes());
        }
        pages.push(page);
        if header.len() < size / 2 {
            continue;
        }
        let parts: Vec<&[u8]> = header.chunks(size - 26).collect();
        for (at, part) in parts.iter().enumerate() {
            let mut page = vec![0; size];
            let next = if at + 1 < parts.len() { pages.len() + 1 } else { 0 };
            page[16..20].copy_from_slice(&int(next));
            page[22..24].copy_from_slice(&u16::try_from(part.len()).unwrap().to_le_bytes());
            page[25] = 7;
            page[26..26 + part.len()].copy_from_slice(part);
            pages.push(page);
        }
    }
    let last = pages.len() - 1;
    pages[0][12..16].copy_from_slice(&0x61561_u32.to_le_bytes());
    pages[0][20..24].copy_from_slice(&int(size));
    pages[0][25] = 8;
    pages[0][32..36].copy_from_slice(&int(last));
    pages.concat()
}

fn varint(it: usize) -> Vec<u8> {
    let mut out = vec![u8::try_from(it & 0x7f).unwrap()];
    let mut left = it >> 7;
    while left > 0 {
        out.insert(0, u8::try_from(left & 0x7f).unwrap() | 0x80);
        left >>= 7;
    }
    out
}

/// An SQLite file with the table `Packages`: an inner page over leaves of one row each.
pub(crate) fn sqlite(headers: &[Vec<u8>], size: usize) -> Vec<u8> {
    let schema_row = |kind: &str, name: &str, root: u8| {
        let types = [kind, name, name].map(|it| varint(13 + it.len() * 2)).concat();
        let types = [types, vec![1], varint(13)].concat();
        let body = [kind.as_bytes(), name.as_bytes(), name.as_bytes(), &[root]].concat();
        [varint(types.len() + 1), types, body].concat()
    };
    let leaf = |rows: &[(usize, Vec<u8>)], start: usize| {
        let mut page = vec![0; size];
        page[start] = 13;
        page[start + 3..start + 5]
            .copy_from_slice(&u16::try_from(rows.len()).unwrap().to_be_bytes());
        let mut end = size;
        for (at, (key, cell)) in rows.iter().enumerate() {
            let cell = [&varint(cell.len())[..], &varint(*key), cell].concat();
            end -= cell.len();
            page[end..end + cell.len()].copy_from_slice(&cell);
            let pointer = start + 8 + at * 2;
            page[pointer..pointer + 2].copy_from_slice(&u16::try_from(end).unwrap().to_be_bytes());
        }
        page
    };
    let rows = [(1, schema_row("index", "Packages", 9)), (2, schema_row("table", "Packages", 2))];
    let mut pages = vec![leaf(&rows, 100), vec![0; size]];
    let mut leaves = Vec::new();
    for (number, header) in headers.iter().enumerate() {
        let types = [vec![0], varint(12 + header.len() * 2)].concat();
        let row = [varint(types.len() + 1), types, header.clone()].concat();
        let (most, least) = (size - 35, (size - 12) * 32 / 255 - 23);
        let fitting = least + (row.len().saturating_sub(least)) % (size - 4);
        let here = if row.len() <= most {
            row.len()
        } else if fitting <= most {
            fitting
        } else {
            least
        };
        let mut page = vec![0; size];
        let mut cell = [&varint(row.len())[..], &varint(number + 1), &row[..here]].concat();
        leaves.push(pages.len() + 1);
        if here < row.len() {
            cell.extend(u32::try_from(pages.len() + 2).unwrap().to_be_bytes());
        }
        page[0] = 13;
        page[4] = 1;
        let start = size - cell.len();
        page[start..].copy_from_slice(&cell);
        page[8..10].copy_from_slice(&u16::try_from(start).unwrap().to_be_bytes());
        pages.push(page);
        let parts: Vec<&[u8]> = row[here..].chunks(size - 4).collect();
        for (at, part) in parts.iter().enumerate() {
            let next = if at + 1 < parts.len() { pages.len() + 2 } else { 0 };
            let mut page = vec![0; size];
            page[..4].copy_from_slice(&u32::try_from(next).unwrap().to_be_bytes());
            page[4..4 + part.len()].copy_from_slice(part);
            pages.push(page);
        }
    }
    // The inner page: all leaves but the last in cells.
    let Some((last, others)) = leaves.split_last() else { return Vec::new() };
    let mut inner = vec![0; size];
    inner[0] = 5;
    inner[3..5].copy_from_slice(&u16::try_from(others.len()).unwrap().to_be_bytes());
    inner[8..12].copy_from_slice(&u32::try_from(*last).unwrap().to_be_bytes());
    for (at, it) in others.iter().enumerate() {
        let start = size - (at + 1) * 8;
        inner[start..start + 4].copy_from_slice(&u32::try_from(*it).unwrap().to_be_bytes());
        inner[12 + at * 2..14 + at * 2]
            .copy_from_slice(&u16::try_from(start).unwrap().to_be_bytes());
    }
    pages[1] = inner;
    pages[0][..16].copy_from_slice(b"SQLite format 3\0");
    pages[0][16..18].copy_from_slice(&u16::try_from(size).unwrap().to_be_bytes());
    pages.concat()
}

/// A 64-bit little-endian ELF file.
#[derive(Default)]
pub(crate) struct ElfFile<'a> {
    pub(crate) interpreter: Option<&'a str>,
    pub(crate) libraries: &'a [&'a str],
    pub(crate) sections: &'a [(&'a str, &'a [u8])],
    /// Bytes between the headers and everything else.
    pub(crate) gap: usize,
}

impl ElfFile<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let n_segments =
            1 + usize::from(self.interpreter.is_some()) + usize::from(!self.libraries.is_empty());
        let mut body = vec![0; 64 + n_segments * 56 + self.gap];
        let mut segments = Vec::new();
        let word = |it: usize| u64::try_from(it).unwrap().to_le_bytes();
        if let Some(it) = self.interpreter {
            segments.push((3, body.len(), it.len() + 1));
            body.extend(it.as_bytes());
            body.push(0);
        }
        if !self.libraries.is_empty() {
            let names = body.len();
            let mut dynamic = [word(5), word(names)].concat();
            let mut at = 1;
            body.push(0);
            for it in self.libraries {
                dynamic.extend([word(1), word(at)].concat());
                body.extend(it.as_bytes());
                body.push(0);
                at += it.len() + 1;
            }
            dynamic.extend([0; 16]);
            segments.push((2, body.len(), dynamic.len()));
            body.extend(dynamic);
        }
        let mut names = vec![0];
        let mut sections = vec![[0; 64]];
        let header = |name: usize, offset: usize, length: usize| {
            let mut out = [0; 64];
            out[..4].copy_from_slice(&u32::try_from(name).unwrap().to_le_bytes());
            out[24..32].copy_from_slice(&word(offset));
            out[32..40].copy_from_slice(&word(length));
            out
        };
        for (name, content) in self.sections {
            sections.push(header(names.len(), body.len(), content.len()));
            names.extend(name.as_bytes());
            names.push(0);
            body.extend(*content);
        }
        sections.push(header(0, body.len(), names.len()));
        body.extend(names);
        segments.push((1, 0, body.len()));
        let table = body.len();
        body.extend(sections.concat());
        body[..20].copy_from_slice(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0");
        body[32..40].copy_from_slice(&word(64));
        body[40..48].copy_from_slice(&word(table));
        let half = |it: usize| u16::try_from(it).unwrap().to_le_bytes();
        body[54..56].copy_from_slice(&half(56));
        body[56..58].copy_from_slice(&half(n_segments));
        body[58..60].copy_from_slice(&half(64));
        body[60..62].copy_from_slice(&half(sections.len()));
        body[62..64].copy_from_slice(&half(sections.len() - 1));
        for (at, (kind, offset, length)) in segments.iter().enumerate() {
            let start = 64 + at * 56;
            body[start] = *kind;
            body[start + 8..start + 16].copy_from_slice(&word(*offset));
            body[start + 16..start + 24].copy_from_slice(&word(*offset));
            body[start + 32..start + 40].copy_from_slice(&word(*length));
        }
        body
    }
}

/// Build information of a Go program.
pub(crate) fn go_information(modules: &str) -> Vec<u8> {
    let marked = [&[1; 16][..], modules.as_bytes(), &[2; 16]].concat();
    let length = [
        u8::try_from(marked.len() & 0x7f).unwrap() | 0x80,
        u8::try_from(marked.len() >> 7).unwrap(),
    ];
    [&b"\xff Go buildinf:\x08\x02"[..], &[0; 16], &[8], b"go1.22.3", &length, &marked].concat()
}
