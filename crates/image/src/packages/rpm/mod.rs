//! rpm: the header of every package, out of three kinds of database.

mod bdb;
mod header;
mod ndb;
mod sqlite;

use super::{Package, Read};
use header::package;

/// Reads a database of rpm, whichever kind it is: Berkeley DB (`Packages`, up to RHEL 8), NDB
/// (`Packages.db`, SUSE) or SQLite (`rpmdb.sqlite`, since rpm 4.16).
pub(crate) fn rpm(file: &[u8]) -> Read {
    let (mut packages, mut owned) = (Vec::new(), Vec::new());
    let mut n_broken = 0;
    let mut each = |blob: &[u8]| match package(blob) {
        Some(Some(it)) => {
            header::files(blob, &it.name, &mut owned);
            packages.push(it);
        }
        Some(None) => {}
        None => n_broken += 1,
    };
    let whole = if file.starts_with(b"SQLite format 3\0") {
        sqlite::headers(file, &mut each)
    } else if file.starts_with(b"RpmP") {
        ndb::headers(file, &mut each)
    } else if bdb::is_hash(file) {
        bdb::headers(file, &mut each)
    } else if matches!(file, [0x37, 0x7f, 0x06, 0x82 | 0x83, ..]) {
        // A write-ahead log (sqlite.org, "Database File Format", section 4.1). It is there when
        // rpm was not ended properly.
        return Read::broken("the rpm database has a log with changes that were not applied");
    } else {
        return Read::broken("not a database of rpm");
    };
    let broken = match (whole, n_broken) {
        (None, _) => Some("the rpm database is broken or cut off"),
        (Some(()), 0) => None,
        (Some(()), _) => Some("headers of packages in the rpm database are broken"),
    };
    Read { packages, owned, broken }
}

/// The list that images without rpm have in place of its database: name, version and release,
/// times, vendor, size, architecture, epoch, source (Azure Linux 3, `container-manifest-2`).
pub(crate) fn rpm_list(file: &[u8]) -> Read {
    let package = |line: &[u8]| {
        let line = crate::bytes::text(line);
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, version, rest @ ..] = fields.as_slice() else { return None };
        let field =
            |at: usize| rest.get(at).copied().filter(|it| !it.is_empty() && *it != "(none)");
        let epoch = field(6).filter(|it| *it != "0").map_or(String::new(), |it| format!("{it}:"));
        let mut package = Package::new(name, &format!("{epoch}{version}"));
        package.arch = field(5).map(Into::into);
        header::set_source(&mut package, field(7));
        Some(package)
    };
    crate::bytes::lines(file).filter_map(package).collect::<Vec<_>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_place_of_a_database() {
        let file = b"openssl-libs\t3.3.0-1.azl3\t1717\t1716\tMicrosoft\t(none)\t7000\tx86_64\t0\t\
            openssl-3.3.0-1.azl3.src.rpm\nbash\t5.2-2.azl3\t1\t1\tM\t(none)\t1\tx86_64\t4\t(none)\n\n";
        let packages = rpm_list(file).packages;
        let short: Vec<_> = packages.iter().map(|it| (&*it.name, &*it.version)).collect();
        assert_eq!(short, [("openssl-libs", "3.3.0-1.azl3"), ("bash", "4:5.2-2.azl3")]);
        assert_eq!(packages[0].source.as_deref(), Some("openssl"));
        assert_eq!(packages[1].arch.as_deref(), Some("x86_64"));
    }

    #[test]
    fn a_log_that_was_not_applied() {
        assert!(rpm(b"\x37\x7f\x06\x82rest").broken.is_some_and(|it| it.contains("log")));
    }
}
