//! Values that BuildKit resolves and then refuses.

use std::borrow::Cow;
use std::net::IpAddr;

use super::Errors;
use crate::error::ErrorKind;
use crate::expand::is_plain;
use crate::{Instruction, Kind, Reason, Scope, Word};

pub(super) fn check(it: &Instruction, errors: &mut Errors<'_>) {
    match &it.kind {
        Kind::Add(paths) | Kind::Copy(paths) => {
            let sources = paths.sources.iter().filter(|it| !it.as_str().contains("<<"));
            for word in sources.chain(&paths.destination) {
                resolve(word, errors);
            }
        }
        Kind::Arg(declared) => {
            for one in declared {
                resolve(&one.name, errors);
                one.default.as_ref().map(|it| resolve(it, errors));
            }
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            for pair in pairs {
                resolve(&pair.name, errors);
                resolve(&pair.value, errors);
            }
        }
        Kind::Expose(ports) => {
            for word in ports {
                if let Some(port) = resolve(word, errors) {
                    check_port(&port, word, errors);
                }
            }
        }
        Kind::Stopsignal(word) => {
            if let Some(signal) = resolve(word, errors).filter(|it| !is_signal(it)) {
                errors.add(word.span, ErrorKind::BadSignal(signal.into_owned()));
            }
        }
        Kind::From(from) => {
            resolve(&from.image, errors);
        }
        Kind::User(word) | Kind::Workdir(word) => {
            resolve(word, errors);
        }
        Kind::Volume(paths) => {
            for word in paths {
                resolve(word, errors);
            }
        }
        // A maintainer is taken as it stands; commands are the shell's business.
        Kind::Cmd(_)
        | Kind::Entrypoint(_)
        | Kind::Healthcheck(_)
        | Kind::Maintainer(_)
        | Kind::Onbuild(_)
        | Kind::Run(_)
        | Kind::Shell(_)
        | Kind::Unknown => {}
    }
}

/// The word without quotes, if nothing in it is variable. Notes what cannot be resolved at all.
fn resolve<'a>(word: &'a Word, errors: &mut Errors<'_>) -> Option<Cow<'a, str>> {
    if is_plain(word.as_str(), errors.escape) {
        return Some(word.as_str()).filter(|it| !it.is_empty()).map(Cow::Borrowed);
    }
    let expanded = Scope::stage(true).expand(word.as_str(), errors.escape);
    if let Some(kind) = expanded.error {
        // Whether a required variable is set is known only with the whole file.
        if !matches!(kind, ErrorKind::RequiredVariable(_)) {
            errors.add(word.span, kind);
        }
        return None;
    }
    let open = expanded.unknown.iter().any(|it| it.reason != Reason::Unset);
    let has_variable = word.as_str().contains('$');
    (!open && !has_variable && !expanded.text.is_empty()).then_some(Cow::Owned(expanded.text))
}

/// Ports and signals that are known once variables are resolved.
pub(super) fn resolved(it: &Instruction, scope: &Scope, errors: &mut Errors<'_>) {
    let known = |word: &Word| {
        let value = scope.expand(word.as_str(), errors.escape);
        let open = value.error.is_some() || !value.unknown.is_empty();
        (word.as_str().contains('$') && !open).then_some(value.text)
    };
    match &it.kind {
        Kind::Expose(ports) => {
            let values: Vec<_> = ports.iter().map(|it| (it, known(it))).collect();
            for (word, value) in values {
                // One word may come out as several ports.
                for port in value.iter().flat_map(|it| it.split_whitespace()) {
                    check_port(port, word, errors);
                }
            }
        }
        Kind::Stopsignal(word) => {
            if let Some(signal) = known(word).filter(|it| !is_signal(it)) {
                errors.add(word.span, ErrorKind::BadSignal(signal));
            }
        }
        _ => {}
    }
}

fn check_port(port: &str, word: &Word, errors: &mut Errors<'_>) {
    let (ports, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    if !["tcp", "udp", "sctp"].iter().any(|it| it.eq_ignore_ascii_case(protocol)) {
        errors.add(word.span, ErrorKind::BadProtocol(protocol.to_owned()));
        return;
    }
    // Host addresses and host ports are tolerated, with a warning, as in `127.0.0.1:80:80`.
    let (rest, container) = ports.rsplit_once(':').unwrap_or(("", ports));
    let (address, host) = rest.rsplit_once(':').unwrap_or(("", rest));
    let address = address.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(address);
    let valid = match (range(container), range(host)) {
        // Several ports of the container need as many of the host.
        (Some(ports), Some(hosts)) => ports == 0 || ports == hosts,
        (Some(_), None) => host.is_empty(),
        (None, _) => false,
    };
    let valid = valid && (address.is_empty() || address.parse::<IpAddr>().is_ok());
    if !valid {
        errors.add(word.span, ErrorKind::BadPort(port.to_owned()));
    }
}

/// By how much the last port of a range exceeds the first: 0 for a single port.
fn range(text: &str) -> Option<u16> {
    let number = |it: &str| it.parse::<u16>().ok().filter(|_| !it.starts_with('+'));
    match text.split_once('-') {
        Some((first, last)) => number(last)?.checked_sub(number(first)?),
        None => number(text).map(|_| 0),
    }
}

/// The names of `moby/sys/signal` for Linux, and any number but 0.
fn is_signal(text: &str) -> bool {
    const NAMES: [&str; 36] = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT",
        "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM",
        "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
        "RTMIN", "RTMAX",
    ];
    if let Ok(number) = text.parse::<i64>() {
        return number != 0;
    }
    let name = text.to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let offset = |base: &str, most: u8| {
        name.strip_prefix(base)
            .and_then(|it| it.parse::<u8>().ok())
            .is_some_and(|it| (1..=most).contains(&it))
    };
    NAMES.contains(&name) || offset("RTMIN+", 15) || offset("RTMAX-", 14)
}

/// Whether a platform has the form `os[/arch[/variant]]`.
pub(super) fn is_platform(text: &str) -> bool {
    let part = |it: &str| {
        let inner = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-');
        !it.is_empty() && it.bytes().all(inner)
    };
    // An operating system may carry a version, as in `windows(10.0.17763)/amd64`.
    let (os, rest) = text.split_once('/').unwrap_or((text, ""));
    let os = os.split_once('(').map_or(os, |(name, _)| name);
    let rest: Vec<&str> = if rest.is_empty() { Vec::new() } else { rest.split('/').collect() };
    part(os) && rest.len() <= 2 && rest.into_iter().all(part) && !text.ends_with('/')
}
