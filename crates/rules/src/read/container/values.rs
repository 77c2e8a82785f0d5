//! Values as `docker run`, Compose and `docker inspect` write them alike.

use report::Locus;

use crate::facts::{Container, Device, Grant, Mount, MountType, Placed, Profile, Published};

/// `source:target[:options]`, or a target alone. Windows' drive letters have colons of their own.
pub(super) fn mount(text: &str) -> Option<Mount> {
    let fields = fields(text);
    let (source, target, options) = match &fields[..] {
        [target] => ("", *target, ""),
        [source, target] => (*source, *target, ""),
        [source, target, options, ..] => (*source, *target, *options),
        [] => return None,
    };
    let read_only = options.split(',').any(|it| it == "ro" || it == "readonly");
    Some(Mount {
        kind: source_type(source),
        source: source.to_owned(),
        target: target.to_owned(),
        read_only,
        propagation: propagation(options),
    })
}

/// What a source is by how it is written: names of volumes have no slashes.
fn source_type(source: &str) -> MountType {
    let is_path = source.contains(['/', '\\']) || source.starts_with(['.', '~', '$']);
    if is_path { MountType::Bind } else { MountType::Volume }
}

fn propagation(options: &str) -> String {
    let names = ["rshared", "shared", "rslave", "slave", "rprivate", "private"];
    options.split(',').find(|it| names.contains(it)).unwrap_or_default().to_owned()
}

/// Splits at colons, but for those of drive letters and of `${name:-default}`.
fn fields(text: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, it) in text.char_indices() {
        match it {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let field = text.get(start..at).unwrap_or_default();
                let behind = text.get(at + 1..).unwrap_or_default();
                let is_drive = field.len() == 1
                    && field.bytes().all(|it| it.is_ascii_alphabetic())
                    && behind.starts_with(['\\', '/'])
                    // `a:/b` is a volume, `C:\b` and `C:/b:…` are paths.
                    && (behind.starts_with('\\') || behind.contains(':'));
                if !is_drive {
                    fields.push(field);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    fields.push(text.get(start..).unwrap_or_default());
    fields
}

/// `type=bind,source=/a,target=/b,readonly`.
pub(super) fn long_mount(text: &str) -> Option<Mount> {
    let mut it = Mount {
        kind: MountType::Volume,
        source: String::new(),
        target: String::new(),
        read_only: false,
        propagation: String::new(),
    };
    for field in text.split(',') {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        match name.trim() {
            "type" => it.kind = mount_type(value),
            "source" | "src" => value.clone_into(&mut it.source),
            "target" | "destination" | "dst" => value.clone_into(&mut it.target),
            "readonly" | "ro" => it.read_only = !matches!(value, "false" | "0"),
            "bind-propagation" => value.clone_into(&mut it.propagation),
            _ => {}
        }
    }
    (!it.target.is_empty()).then_some(it)
}

/// A mount's type by its name.
pub(super) fn mount_type(name: &str) -> MountType {
    match name {
        "bind" | "npipe" => MountType::Bind,
        "tmpfs" | "ramfs" => MountType::Tmpfs,
        "volume" | "" | "cluster" => MountType::Volume,
        _ => MountType::Other,
    }
}

/// A mount of memory: a path, with options behind a colon.
pub(super) fn tmpfs(text: &str) -> Mount {
    let (path, options) = text.split_once(':').unwrap_or((text, ""));
    Mount {
        kind: MountType::Tmpfs,
        source: String::new(),
        target: path.to_owned(),
        read_only: options.split(',').any(|it| it == "ro"),
        propagation: String::new(),
    }
}

/// A device of the host: `host[:container[:access]]`.
pub(super) fn device(text: &str) -> Device {
    let host = fields(text).first().copied().unwrap_or_default().to_owned();
    Device { host, is_rule: false }
}

/// `80`, `8080:80/tcp`, `127.0.0.1:8080-8090:80-90`, `[::1]:80:80`.
pub(super) fn port(text: &str) -> Option<Published> {
    let (text, protocol) = text.split_once('/').unwrap_or((text, ""));
    let is_udp = protocol.eq_ignore_ascii_case("udp");
    let (before, container) = text.rsplit_once(':').unwrap_or(("", text));
    let (address, host) = match before.rfind(':') {
        Some(at) => {
            let (address, host) = before.split_at(at);
            (address, host.trim_start_matches(':'))
        }
        None if before.contains('.') => (before, ""),
        None => ("", before),
    };
    let host = if host.is_empty() { None } else { Some(range(host)?) };
    Some(Published { address: address.to_owned(), host, container: range(container)?, is_udp })
}

/// A text with the defaults in place that it has for variables: `${PORT:-8080}` is `8080`. What has
/// no default stays as it is, and `$$` is one sign.
pub(super) fn defaults(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('$') {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let name = |it: &str| {
            it.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count()
        };
        let inner = behind.strip_prefix("${");
        let default = inner.and_then(|it| {
            let it = it.get(name(it)..)?;
            let it = it.strip_prefix(":-").or_else(|| it.strip_prefix('-'))?;
            it.split_once('}')
        });
        rest = match default {
            // A default that has variables of its own is not taken apart.
            Some((value, left)) if !value.contains('$') => {
                out.push_str(value);
                left
            }
            _ => {
                out.push('$');
                let sign = behind.get(1..).unwrap_or_default();
                sign.strip_prefix('$').unwrap_or(sign)
            }
        };
    }
    out + rest
}

/// `80` or `80-90`.
pub(super) fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

/// Takes one security option: `no-new-privileges`, `seccomp=unconfined`, `label:disable`.
pub(super) fn security_option(into: &mut Container, text: &str, at: &Locus) {
    let end = text.find(['=', ':']).unwrap_or(text.len());
    let (name, value) = text.split_at(end);
    let value = value.trim_start_matches(['=', ':']).trim();
    match name.trim() {
        "no-new-privileges" => {
            into.no_new_privileges = Grant::new(!value.eq_ignore_ascii_case("false"), at.clone());
        }
        "seccomp" => into.seccomp = Grant::new(profile(value), at.clone()),
        "apparmor" => into.apparmor = Grant::new(profile(value), at.clone()),
        "label" => {
            let off = value == "disable" || value == "type:spc_t";
            let named = || Profile::Named(value.to_owned());
            let value = if off { Profile::Off } else { named() };
            // One label that is switched off is not put back by another.
            if into.selinux.value() != Some(&Profile::Off) {
                into.selinux = Grant::new(value, at.clone());
            }
        }
        "systempaths" => into.unmasked = Grant::new(value == "unconfined", at.clone()),
        "unmask" => into.unmasked = Grant::new(true, at.clone()),
        _ => {}
    }
}

pub(super) fn profile(value: &str) -> Profile {
    match value {
        "unconfined" => Profile::Off,
        "" | "builtin" | "docker-default" | "runtime/default" | "RuntimeDefault" => {
            Profile::Standard
        }
        // Engines keep the text of a profile that was read from a file.
        _ if value.starts_with('{') => Profile::Named("a profile of its own".to_owned()),
        _ => Profile::Named(value.to_owned()),
    }
}

/// A limit as written; nothing for what sets none.
pub(super) fn limit(text: &str) -> Option<String> {
    let is_none = matches!(text.trim(), "" | "0" | "-1" | "0.0" | "null" | "unlimited");
    (!is_none).then(|| text.trim().to_owned())
}

/// Takes a limit: one that sets none leaves the option unset, but there.
pub(super) fn limited(text: &str, at: Locus) -> Grant<String> {
    match limit(text) {
        Some(value) => Grant::new(value, at),
        None => Grant::Unset(at),
    }
}

/// Adds to a list of values.
pub(super) fn add<T>(list: &mut Grant<Vec<Placed<T>>>, value: T, at: Locus) {
    let placed = Placed { value, at: at.clone() };
    match list {
        Grant::Set(it) => it.value.push(placed),
        Grant::Unset(_) | Grant::Untold => *list = Grant::new(vec![placed], at),
    }
}

/// Whether a text says yes.
pub(super) fn is_true(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "1" | "t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_come_in_short_and_long_forms() {
        let check = |text: &str, expected: (MountType, &str, &str, bool)| {
            let it = mount(text).unwrap();
            assert_eq!((it.kind, &*it.source, &*it.target, it.read_only), expected, "{text}");
        };
        check("/a:/b", (MountType::Bind, "/a", "/b", false));
        check("/a:/b:ro,z", (MountType::Bind, "/a", "/b", true));
        check("data:/b", (MountType::Volume, "data", "/b", false));
        check("/b", (MountType::Volume, "", "/b", false));
        check("./a:/b", (MountType::Bind, "./a", "/b", false));
        check("${DIR:-/etc}:/b", (MountType::Bind, "${DIR:-/etc}", "/b", false));
        check("C:\\a:D:\\b:ro", (MountType::Bind, "C:\\a", "D:\\b", true));
        assert_eq!(mount("/a:/b:rshared").unwrap().propagation, "rshared");
        let it = long_mount("type=bind,src=/a,dst=/b,readonly,bind-propagation=shared").unwrap();
        assert_eq!((it.kind, &*it.source, it.read_only), (MountType::Bind, "/a", true));
        assert_eq!(it.propagation, "shared");
        assert_eq!(long_mount("type=bind,src=/a"), None);
    }

    #[test]
    fn ports_come_in_many_forms() {
        let check = |text: &str, expected: (&str, Option<(u16, u16)>, (u16, u16))| {
            let it = port(text).unwrap();
            assert_eq!((&*it.address, it.host, it.container), expected, "{text}");
        };
        check("80", ("", None, (80, 80)));
        check("8080:80/udp", ("", Some((8080, 8080)), (80, 80)));
        check("127.0.0.1:8080-8081:80-81", ("127.0.0.1", Some((8080, 8081)), (80, 81)));
        check("127.0.0.1::50", ("127.0.0.1", None, (50, 50)));
        check("[::1]:80:8080", ("[::1]", Some((80, 80)), (8080, 8080)));
        assert_eq!(port("${PORT}:80"), None);
        assert!(
            port("0.0.0.0:1:1").unwrap().is_everywhere()
                && port("[::]:1:1").unwrap().is_everywhere()
        );
        assert!(!port("127.0.0.1:1:1").unwrap().is_everywhere());
    }

    #[test]
    fn defaults_take_the_place_of_variables() {
        for (text, expected) in [
            ("${A:-true}", "true"),
            ("${REG-docker.io}/x:${TAG:?}", "docker.io/x:${TAG:?}"),
            ("${A}", "${A}"),
            ("a$$b$c", "a$b$c"),
            ("${A:-${B:-x}}", "${A:-x}"),
            ("${A:-", "${A:-"),
            ("$", "$"),
        ] {
            assert_eq!(defaults(text), expected);
        }
    }

    #[test]
    fn security_options_have_two_separators() {
        let at = Locus::Text { source: text::SourceId(0), span: text::Span::default() };
        let unset = || {
            Container::unset(
                crate::facts::Notation::RunLine,
                crate::facts::Engine::Docker,
                at.clone(),
            )
        };
        let mut it = unset();
        for option in ["no-new-privileges", "seccomp:unconfined", "label=disable", "label=level:s0"]
        {
            security_option(&mut it, option, &at);
        }
        assert_eq!(it.no_new_privileges.value(), Some(&true));
        assert_eq!(it.seccomp.value(), Some(&Profile::Off));
        assert_eq!(it.selinux.value(), Some(&Profile::Off));
        let mut it = unset();
        security_option(&mut it, "no-new-privileges=false", &at);
        security_option(&mut it, "seccomp={\"defaultAction\": 1}", &at);
        assert_eq!(it.no_new_privileges.value(), Some(&false));
        assert_eq!(it.seccomp.value(), Some(&Profile::Named("a profile of its own".to_owned())));
    }
}
