//! Whether a hit is what a case of another scanner is about.

use secrets::Hit;

/// Words that many detectors have and that tell nothing apart.
const COMMON: [&str; 20] = [
    "api",
    "key",
    "token",
    "secret",
    "access",
    "np",
    "kingfisher",
    "client",
    "id",
    "service",
    "app",
    "cloud",
    "personal",
    "pat",
    "password",
    "config",
    "account",
    "legacy",
    "basic",
    "auth",
];

/// Whether a hit is what the peer's detector is about: no kind of ours shares more words with it
/// than the hit's, and the hit's kind has no word of its own that the detector lacks. A generic
/// hit answers for generic detectors only; a detector without a name stands for all of them.
pub(super) fn is_same(detector: &str, hit: &Hit) -> bool {
    if detector.contains("ANY") {
        return true;
    }
    if hit.kind.provider == "Generic" {
        return detector.contains("generic") || detector.contains("password");
    }
    let peer = words(detector);
    let provider = words(hit.kind.provider);
    let known = |it: &String| peer.contains(it) || provider.contains(it);
    let best = secrets::kinds().iter().map(|it| shared(&peer, it)).max().unwrap_or_default();
    let own = shared(&peer, hit.kind);
    own > 0 && own == best && words(hit.kind.id).iter().all(known)
}

/// How many words of a detector a kind has, in its name or its provider's.
fn shared(peer: &[String], kind: &secrets::Kind) -> usize {
    let own = [words(kind.id), words(kind.provider)].concat();
    peer.iter().filter(|it| own.contains(it)).count()
}

/// The words of a name that tell something, in lower case.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| !it.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    parts.filter(|it| it.len() > 1 && !COMMON.contains(&it.as_str())).collect()
}
