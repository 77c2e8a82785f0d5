//! Rust crates: the list that `cargo auditable` links into a program.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Package, Read};
use crate::facts::elf::Elf;
use crate::json::Json;

/// Lists of crates are a few kilobytes; larger than this is not believed.
const MOST: usize = 8 << 20;

/// Reads section `.dep-v0`: JSON, compressed with zlib (cargo-auditable 0.6, `PARSING.md`).
/// Crates that were only used while building are left out.
pub(crate) fn rust(elf: &Elf<'_>) -> Option<Read> {
    let section = elf.section(".dep-v0")?;
    Some(unpack(section).map_or(Read::broken("the list of crates is broken"), |it| crates(&it)))
}

fn unpack(section: &[u8]) -> Option<String> {
    let mut inflate = Decompress::new(true);
    let mut out = Vec::with_capacity(1 << 16);
    loop {
        let read = usize::try_from(inflate.total_in()).ok()?;
        let before = out.len();
        let rest = section.get(read..)?;
        let status = inflate.decompress_vec(rest, &mut out, FlushDecompress::Finish).ok()?;
        if status == Status::StreamEnd {
            return String::from_utf8(out).ok();
        }
        if out.len() > MOST || out.len() == before && out.len() < out.capacity() {
            return None;
        }
        out.reserve(1 << 16);
    }
}

fn crates(list: &str) -> Read {
    let packages = Json::first(list).and_then(|it| it.get("packages"));
    let Some(packages) = packages else { return Read::broken("the list of crates is broken") };
    let package = |it: Json<'_>| {
        if it.get("kind").is_some_and(|it| it.is_text("build")) {
            return None;
        }
        let name = it.get("name")?.string()?;
        Some(Package::new(name.as_str(), it.get("version")?.string()?.as_str()))
    };
    packages.items().filter_map(package).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn crates_that_are_linked() {
        let list = r#"{"packages":[{"name":"adler","version":"0.2.3","source":"crates.io"},
            {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"},
            {"name":"app","version":"0.1.0","source":"local","dependencies":[0],"root":true}]}"#;
        let mut packer =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(list.as_bytes()).unwrap();
        let packed = packer.finish().unwrap();
        let read = crates(&unpack(&packed).unwrap());
        assert_eq!(read.packages, [Package::new("adler", "0.2.3"), Package::new("app", "0.1.0")]);
        for cut in 0..packed.len() {
            assert_eq!(unpack(&packed[..cut]), None, "{cut}");
        }
    }
}
