//! File capabilities: what a program may do although its user may not.

/// The value of the attribute `security.capability`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Capabilities {
    /// Capabilities that the program gets, one bit each.
    pub permitted: u64,
    /// Capabilities that the program keeps if its caller lets it inherit them.
    pub inheritable: u64,
    /// Whether the program has them from the start, without asking.
    pub effective: bool,
    /// The user who is root in the name space where they count; nothing stands for the real one.
    pub root: Option<u32>,
}

/// Names by number, after `include/uapi/linux/capability.h` of Linux 6.12.
const NAMES: [&str; 41] = [
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
];

impl Capabilities {
    /// Decodes a value of revision 1, 2 or 3 (`struct vfs_cap_data` and `vfs_ns_cap_data`).
    pub fn decode(value: &[u8]) -> Option<Self> {
        let (words, []) = value.as_chunks::<4>() else { return None };
        let words: Vec<u32> = words.iter().map(|it| u32::from_le_bytes(*it)).collect();
        let wide = |low: u32, high: u32| u64::from(low) | (u64::from(high) << 32);
        let (magic, permitted, inheritable, root) = match words.as_slice() {
            [magic @ 0x0100_0000..=0x0100_0001, permitted, inheritable] => {
                (magic, wide(*permitted, 0), wide(*inheritable, 0), None)
            }
            [magic @ 0x0200_0000..=0x0200_0001, p0, i0, p1, i1] => {
                (magic, wide(*p0, *p1), wide(*i0, *i1), None)
            }
            [magic @ 0x0300_0000..=0x0300_0001, p0, i0, p1, i1, root] => {
                (magic, wide(*p0, *p1), wide(*i0, *i1), Some(*root))
            }
            _ => return None,
        };
        Some(Self { permitted, inheritable, effective: magic & 1 == 1, root })
    }

    /// Whether it gives the program nothing.
    pub fn is_empty(self) -> bool {
        self.permitted == 0 && self.inheritable == 0
    }

    /// Names of the capabilities that the program gets, as in `cap_net_raw`; those that have no
    /// name yet are given by number.
    pub fn names(self) -> Vec<String> {
        let set = (0..64_usize).filter(|it| self.permitted >> it & 1 == 1);
        set.map(|it| match NAMES.get(it) {
            Some(name) => format!("cap_{name}"),
            None => format!("cap_{it}"),
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_revisions() {
        let ping = b"\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        let it = Capabilities::decode(ping).unwrap();
        assert_eq!((it.names(), it.effective), (vec!["cap_net_raw".to_owned()], true));
        let old = Capabilities::decode(b"\0\0\0\x01\x0a\0\0\0\x01\0\0\0").unwrap();
        assert_eq!(old.names(), ["cap_dac_override", "cap_fowner"]);
        assert_eq!((old.inheritable, old.effective), (1, false));
        let spaced =
            Capabilities::decode(b"\x01\0\0\x03\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\xe8\x03\0\0");
        let spaced = spaced.unwrap();
        assert_eq!(
            (spaced.names(), spaced.root),
            (vec!["cap_checkpoint_restore".into()], Some(1000))
        );
    }

    #[test]
    fn values_that_linux_refuses() {
        for value in
            [&b""[..], b"\x01\0\0\x02", b"\x01\0\0\x04\0\0\0\0\0\0\0\0", &[0; 20], &[0; 13]]
        {
            assert_eq!(Capabilities::decode(value), None, "{value:?}");
        }
    }

    #[test]
    fn every_capability_that_has_no_name_is_told_by_number() {
        let all = Capabilities { permitted: u64::MAX, inheritable: 0, effective: true, root: None };
        assert_eq!(all.names().len(), 64);
        assert_eq!(all.names().last().map(String::as_str), Some("cap_63"));
    }
}
