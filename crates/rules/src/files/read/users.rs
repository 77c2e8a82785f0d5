//! Users and groups of the image.

use image::{Password, groups, shadows, users};
use report::Locus;

use super::Shipped;
use crate::files::{Account, Files, Group};

/// Reads `etc/passwd`, `etc/group` and `etc/shadow` as containers have them.
pub(super) fn read(shipped: &Shipped<'_>, files: &mut Files) {
    let passwords = text(shipped, b"etc/shadow").map(|(at, it)| (at, shadows(&it)));
    files.users = text(shipped, b"etc/passwd").map(|(at, it)| {
        let account = |it: image::User| {
            let shadow = passwords.as_ref().and_then(|(at, rows)| {
                let row = rows.iter().find(|row| row.name == it.name)?;
                Some((at, row.password))
            });
            let (place, no_password) = match (&*it.password, shadow) {
                ("x", Some((at, password))) => (at, password == Password::Empty),
                (own, _) => (&at, own.is_empty()),
            };
            Account {
                name: it.name.into(),
                uid: it.uid,
                gid: it.gid,
                no_password,
                at: place.clone(),
            }
        };
        users(&it).into_iter().map(account).collect()
    });
    files.groups = text(shipped, b"etc/group").map(|(_, it)| {
        let group = |it: image::Group| Group {
            name: it.name.into(),
            gid: it.gid,
            members: it.members.into_iter().map(Into::into).collect(),
        };
        groups(&it).into_iter().map(group).collect()
    });
}

fn text(shipped: &Shipped<'_>, path: &[u8]) -> Option<(Locus, String)> {
    let table = &shipped.contents.table;
    let id = shipped.squashed.find(table, path)?;
    let bytes = shipped.contents.texts.get(&table.origin(id))?;
    Some((shipped.at(table.get(id)?), String::from_utf8_lossy(bytes).into_owned()))
}
