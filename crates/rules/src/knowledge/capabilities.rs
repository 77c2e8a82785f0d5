//! The Linux capabilities: which of them Docker gives by default, and what adding one risks.
//!
//! Numbers are the kernel's (`include/uapi/linux/capability.h`, 41 since version 5.9), the default
//! set is moby's (`daemon/pkg/oci/caps/defaults.go`).

use super::Risk;
use super::table::{Table, columns};

pub(super) static CAPABILITIES: Table = Table::new(include_str!("../../data/capabilities.tsv"));

/// One capability.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Capability {
    /// Its number: bit `1 << number` of a capability mask.
    pub number: u8,
    /// Its name without `CAP_`.
    pub name: &'static str,
    /// Whether Docker gives it to every container.
    pub default: bool,
    /// What adding it, or keeping it without need, risks.
    pub risk: Risk,
    /// What it lets a process do; the rest of a sentence that starts "lets a process".
    pub allows: &'static str,
}

/// The capability of that name: `NET_ADMIN`, `CAP_NET_ADMIN` or `cap_net_admin`.
///
/// `ALL`, which container engines accept in the place of a name, is none; see [`is_all`].
pub fn capability(name: &str) -> Option<Capability> {
    let name = without_prefix(name);
    all().find(|it| it.name.eq_ignore_ascii_case(name))
}

/// Whether the name stands for every capability.
pub fn is_all(name: &str) -> bool {
    without_prefix(name).eq_ignore_ascii_case("ALL")
}

/// Every capability, by number.
pub fn all() -> impl Iterator<Item = Capability> {
    CAPABILITIES.rows().filter_map(parse)
}

/// Those that Docker gives to every container.
pub fn docker_default() -> impl Iterator<Item = Capability> {
    all().filter(|it| it.default)
}

/// Those whose bits are set in a mask, as in `CapBnd` of `/proc/self/status`.
pub fn in_mask(mask: u64) -> impl Iterator<Item = Capability> {
    all().filter(move |it| mask & (1 << it.number) != 0)
}

fn without_prefix(name: &str) -> &str {
    match name.split_at_checked(4) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("CAP_") => rest,
        _ => name,
    }
}

fn parse(row: &'static str) -> Option<Capability> {
    let [number, name, default, risk, allows] = columns(row);
    let (number, risk) = (number.parse().ok()?, Risk::parse(risk)?);
    Some(Capability { number, name, default: default == "d", risk, allows })
}

#[cfg(test)]
mod tests {
    use super::super::table::check;
    use super::*;

    #[test]
    fn names_come_in_several_forms() {
        for name in ["SYS_ADMIN", "CAP_SYS_ADMIN", "cap_sys_admin", "Cap_Sys_Admin"] {
            let it = capability(name).unwrap();
            assert_eq!((it.number, it.risk, it.default), (21, Risk::Critical, false));
        }
        for name in ["", "CAP_", "SYS", "ALL", "CAP_ALL", "CAP_CAP_KILL", "Käp"] {
            assert_eq!(capability(name), None, "{name}");
        }
        assert!(is_all("ALL") && is_all("cap_all") && !is_all("KILL"));
    }

    /// The bounding set of an unprivileged Docker container, as `/proc/self/status` shows it.
    #[test]
    fn dockers_default_set() {
        let mask = docker_default().map(|it| 1_u64 << it.number).sum::<u64>();
        assert_eq!(mask, 0xa804_25fb);
        assert_eq!(docker_default().count(), 14);
        assert!(in_mask(mask).eq(docker_default()));
        assert_eq!(in_mask(0x1ff_ffff_ffff).count(), 41);
        assert_eq!(in_mask(u64::MAX).count(), 41);
    }

    #[test]
    fn the_table_is_read_completely() {
        check::shape(&CAPABILITIES, 5, 5);
        assert!(CAPABILITIES.rows().all(|it| parse(it).is_some()));
        assert!(all().map(|it| u32::from(it.number)).eq(0..41));
        let marks = CAPABILITIES.rows().map(columns::<3>);
        assert!(marks.into_iter().all(|[_, _, it]| it.is_empty() || it == "d"));
    }
}
