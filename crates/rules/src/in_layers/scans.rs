//! What scanners found, joined to what the layers hold: whether containers have the package, and
//! whose it is.

use image::{Scan, Vulnerability};
use report::Locus;
use text::{Date, SourceId};

use crate::files::{Files, Listed};

/// What became of a package that a scanner names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found<'f> {
    /// Containers have it.
    Shipped(&'f Listed),
    /// Containers have another version of it.
    Other(&'f Listed),
    /// A later layer took it away.
    Gone(&'f Listed),
    /// No layer lists it.
    Nowhere,
}

/// Looks for the package of a vulnerability.
pub(crate) fn find<'f>(files: &'f Files, it: &Vulnerability) -> Found<'f> {
    let named = || files.listed.iter().filter(|listed| *listed.name == *it.package);
    let same = |listed: &&Listed| it.version.is_empty() || is_same(&listed.version, &it.version);
    let shipped = |listed: &&Listed| listed.is_shipped;
    if let Some(it) = named().filter(shipped).find(same) {
        Found::Shipped(it)
    } else if let Some(it) = named().find(shipped) {
        Found::Other(it)
    } else if let Some(it) = named().next() {
        Found::Gone(it)
    } else {
        Found::Nowhere
    }
}

/// Versions are equal but for an epoch, which some scanners leave out.
fn is_same(a: &str, b: &str) -> bool {
    let plain = |it: &str| it.split_once(':').map_or(it, |it| it.1).to_owned();
    a == b || (a.contains(':') != b.contains(':') && plain(a) == plain(b))
}

/// Where a report names a vulnerability.
pub(crate) fn place(source: SourceId, it: &Vulnerability) -> Locus {
    Locus::Text { source, span: it.span }
}

/// How old a scan is, in words.
pub(crate) fn age(scan: &Scan, today: Date) -> String {
    match scan.day.parse::<Date>() {
        Ok(day) => match today.unix_days().saturating_sub(day.unix_days()) {
            0 => "of today".to_owned(),
            1 => "one day old".to_owned(),
            n => format!("{n} days old"),
        },
        Err(_) => "of an unknown day".to_owned(),
    }
}
