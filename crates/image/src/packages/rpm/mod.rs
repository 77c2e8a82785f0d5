//! rpm: the header of every package, out of three kinds of database.

mod bdb;
mod header;
mod ndb;
mod sqlite;

use super::Read;
use header::package;

/// Reads a database of rpm, whichever kind it is: Berkeley DB (`Packages`, up to RHEL 8), NDB
/// (`Packages.db`, SUSE) or SQLite (`rpmdb.sqlite`, since rpm 4.16).
pub(crate) fn rpm(file: &[u8]) -> Read {
    let mut packages = Vec::new();
    let mut n_broken = 0;
    let mut each = |blob: &[u8]| match package(blob) {
        Some(it) => packages.extend(it),
        None => n_broken += 1,
    };
    let whole = if file.starts_with(b"SQLite format 3\0") {
        sqlite::headers(file, &mut each)
    } else if file.starts_with(b"RpmP") {
        ndb::headers(file, &mut each)
    } else if bdb::is_hash(file) {
        bdb::headers(file, &mut each)
    } else {
        return Read::broken("not a database of rpm");
    };
    let broken = match (whole, n_broken) {
        (None, _) => Some("the rpm database is broken or cut off"),
        (Some(()), 0) => None,
        (Some(()), _) => Some("headers of packages in the rpm database are broken"),
    };
    Read { packages, broken }
}
