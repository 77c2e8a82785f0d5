//! ELF files: what they need to run, and where their sections are (System V ABI, chapters 4 and 5).

use crate::bytes::{u16_be, u16_le, u32_be, u32_le, until_nul};

/// An ELF file, read as far as its bytes go.
#[derive(Clone, Debug)]
pub(crate) struct Elf<'a> {
    bytes: &'a [u8],
    wide: bool,
    big: bool,
    /// `ET_EXEC` or `ET_DYN`, mostly.
    kind: u16,
    segments: Vec<Segment>,
    sections: Vec<Section>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    kind: u32,
    writable: bool,
    offset: u64,
    address: u64,
    length: u64,
}

#[derive(Clone, Copy, Debug)]
struct Section {
    name: u32,
    offset: u64,
    length: u64,
}

/// What a program or library needs of the system.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Needs {
    pub(crate) interpreter: Option<Box<str>>,
    pub(crate) libraries: Vec<Box<str>>,
    pub(crate) name: Option<Box<str>>,
    /// Where libraries are looked for first (`DT_RUNPATH`, or the older `DT_RPATH`).
    pub(crate) run_path: Option<Box<str>>,
    /// Whether it runs by itself.
    pub(crate) is_static: bool,
}

const PT_LOAD: u32 = 1;
const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const DF_1_PIE: u64 = 0x0800_0000;

/// More headers than this are not read. Programs have about ten segments and forty sections.
const MOST_HEADERS: u16 = 4096;

impl<'a> Elf<'a> {
    /// Reads the headers; nothing if the bytes are no ELF file.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let [0x7f, b'E', b'L', b'F', class @ (1 | 2), order @ (1 | 2), ..] = bytes else {
            return None;
        };
        let (wide, big) = (*class == 2, *order == 2);
        let (segments, sections) = (Vec::new(), Vec::new());
        let mut elf = Self { bytes, wide, big, kind: 0, segments, sections };
        elf.kind = elf.half(16)?;
        elf.read_segments();
        elf.read_sections();
        Some(elf)
    }

    fn read_segments(&mut self) -> Option<()> {
        let (table, step, count) = match self.wide {
            true => (self.word(32)?, self.half(54)?, self.half(56)?),
            false => (self.word(28)?, self.half(42)?, self.half(44)?),
        };
        for number in 0..count.min(MOST_HEADERS) {
            let at = self.row(table, step, number)?;
            let kind = self.int(at)?;
            let segment = if self.wide {
                let writable = self.int(at + 4)? & 2 != 0;
                let (offset, address) = (self.word(at + 8)?, self.word(at + 16)?);
                Segment { kind, writable, offset, address, length: self.word(at + 32)? }
            } else {
                let writable = self.int(at + 24)? & 2 != 0;
                let (offset, address) = (self.word(at + 4)?, self.word(at + 8)?);
                Segment { kind, writable, offset, address, length: self.word(at + 16)? }
            };
            self.segments.push(segment);
        }
        Some(())
    }

    fn read_sections(&mut self) -> Option<()> {
        let (table, step, count, names) = match self.wide {
            true => (self.word(40)?, self.half(58)?, self.half(60)?, self.half(62)?),
            false => (self.word(32)?, self.half(46)?, self.half(48)?, self.half(50)?),
        };
        for number in 0..count.min(MOST_HEADERS) {
            let at = self.row(table, step, number)?;
            let name = self.int(at)?;
            let (offset, length) = match self.wide {
                true => (self.word(at + 24)?, self.word(at + 32)?),
                false => (self.word(at + 16)?, self.word(at + 20)?),
            };
            self.sections.push(Section { name, offset, length });
        }
        // The section of names comes first, so that it need not be remembered which it is.
        let names = usize::from(names);
        if names < self.sections.len() {
            self.sections.swap(0, names);
        }
        Some(())
    }

    /// Whether section headers are announced but lie behind the bytes at hand.
    pub(crate) fn misses_sections(&self) -> bool {
        let table = if self.wide { self.word(40) } else { self.word(32) };
        self.sections.is_empty() && table.is_some_and(|it| it != 0)
    }

    /// The content of a section.
    pub(crate) fn section(&self, name: &str) -> Option<&'a [u8]> {
        let names = self.content(*self.sections.first()?)?;
        let is_it = |it: &&Section| {
            let start = usize::try_from(it.name).ok().and_then(|at| names.get(at..));
            start.is_some_and(|it| until_nul(it) == name.as_bytes())
        };
        self.content(*self.sections.iter().skip(1).find(is_it)?)
    }

    fn content(&self, section: Section) -> Option<&'a [u8]> {
        self.part(section.offset, section.length)
    }

    /// The first segment of writable data.
    pub(crate) fn data(&self) -> Option<&'a [u8]> {
        let is_data = |it: &&Segment| it.kind == PT_LOAD && it.writable;
        let it = self.segments.iter().find(is_data)?;
        self.part(it.offset, it.length)
    }

    /// Bytes by their address in memory, up to the end of their segment.
    pub(crate) fn at_address(&self, address: u64) -> Option<&'a [u8]> {
        let holds = |it: &&Segment| {
            let end = it.address.checked_add(it.length);
            it.kind == PT_LOAD && it.address <= address && end.is_some_and(|end| address < end)
        };
        let it = self.segments.iter().find(holds)?;
        let skipped = address - it.address;
        self.part(it.offset.checked_add(skipped)?, it.length - skipped)
    }

    /// What it needs to run.
    pub(crate) fn needs(&self) -> Needs {
        let segment = |kind| self.segments.iter().find(|it| it.kind == kind);
        let interpreter = segment(PT_INTERP).and_then(|it| self.part(it.offset, it.length));
        let interpreter = interpreter.map(|it| crate::bytes::text(until_nul(it)));
        let mut needs = Needs { interpreter, ..Needs::default() };
        let mut is_program = self.kind == 2;
        if let Some(it) = segment(PT_DYNAMIC)
            && let Some(dynamic) = self.part(it.offset, it.length)
        {
            is_program |= self.dynamic(dynamic, &mut needs);
        }
        needs.is_static = is_program && needs.interpreter.is_none() && needs.libraries.is_empty();
        needs
    }

    /// Reads the dynamic section. Says whether it is one of a program.
    fn dynamic(&self, section: &'a [u8], needs: &mut Needs) -> bool {
        let (mut names, mut is_program) = (None, false);
        let (mut libraries, mut own, mut run_path) = (Vec::new(), None, None);
        let size = if self.wide { 16 } else { 8 };
        for row in section.chunks_exact(size) {
            let row = Self { bytes: row, segments: Vec::new(), sections: Vec::new(), ..*self };
            let half = size as u64 / 2;
            let (Some(tag), Some(value)) = (row.word(0), row.word(half)) else { break };
            match tag {
                0 => break,
                1 => libraries.push(value),
                5 => names = self.at_address(value),
                14 => own = Some(value),
                15 if run_path.is_none() => run_path = Some(value),
                29 => run_path = Some(value),
                0x6fff_fffb => is_program = value & DF_1_PIE != 0,
                _ => {}
            }
        }
        let text = |at: u64| {
            let start = usize::try_from(at).ok()?;
            names?.get(start..).map(|it| crate::bytes::text(until_nul(it)))
        };
        needs.libraries = libraries.into_iter().take(1000).filter_map(text).collect();
        needs.name = own.and_then(text);
        needs.run_path = run_path.and_then(text);
        is_program
    }

    /// The offset of a row of a table of headers.
    fn row(&self, table: u64, step: u16, number: u16) -> Option<u64> {
        let at = table.checked_add(u64::from(step) * u64::from(number))?;
        // No file is that long; offsets within a row cannot overflow then.
        (at < 1 << 62).then_some(at)
    }

    fn part(&self, offset: u64, length: u64) -> Option<&'a [u8]> {
        let start = usize::try_from(offset).ok()?;
        self.bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
    }

    fn half(&self, at: u64) -> Option<u16> {
        let at = usize::try_from(at).ok()?;
        if self.big { u16_be(self.bytes, at) } else { u16_le(self.bytes, at) }
    }

    fn int(&self, at: u64) -> Option<u32> {
        let at = usize::try_from(at).ok()?;
        if self.big { u32_be(self.bytes, at) } else { u32_le(self.bytes, at) }
    }

    /// A number as wide as an address.
    pub(crate) fn word(&self, at: u64) -> Option<u64> {
        if !self.wide {
            return self.int(at).map(u64::from);
        }
        let (first, second) = (self.int(at)?, self.int(at.checked_add(4)?)?);
        let (low, high) = if self.big { (second, first) } else { (first, second) };
        Some(u64::from(low) | (u64::from(high) << 32))
    }
}
