//! No piece of a secret gets out: not in a hit, in no form it can be printed in, and not in a
//! text that was scrubbed.

use super::{ALNUM, Random, options, samples};
use crate::table::kinds;
use crate::verify::base64_encode;
use crate::{Scan, scan};

/// Everything of a scan that can be shown.
fn shown(scan: &Scan) -> String {
    let mut out = String::new();
    for hit in &scan.hits {
        // The text of the kind is the same for every secret.
        let hit = format!(
            "{} {} {} {:?} {:?} {:?} {:?} {:?}",
            hit.masked,
            hit.fingerprint,
            hit.name.as_deref().unwrap_or_default(),
            hit.facts,
            hit.severity,
            hit.verification,
            hit.place,
            hit.encoding
        );
        out.push_str(&hit);
    }
    out
}

fn leaks(text: &str, body: &[u8]) -> Option<String> {
    let pieces = body.windows(5.min(body.len().max(1)));
    let hay = text.as_bytes();
    pieces
        // The dashes of a PEM block are no part of its key.
        .filter(|it| it.len() == 5 && *it != b"-----")
        .find(|piece| hay.windows(5).any(|it| it == *piece))
        .map(|it| String::from_utf8_lossy(it).into_owned())
}

#[test]
fn nothing_that_is_shown_has_a_piece_of_what_is_hidden() {
    for sample in samples::all() {
        let scan = scan(&options(), sample.path, &sample.text);
        let text = shown(&scan);
        for hit in &scan.hits {
            let range = hit.hide.offset as usize..hit.hide.end() as usize;
            let body = &sample.text[range];
            // The end of a PEM block names the kind again.
            let end = crate::bytes::find(body, b"-----END").unwrap_or(body.len());
            let body = &body[..end];
            assert_eq!(leaks(&text, body), None, "{} {text}", sample.kind);
        }
    }
}

#[test]
fn even_the_debug_form_of_a_hit_has_no_piece_of_it() {
    for seed in 0..300 {
        let mut random = Random::new(seed + 1);
        let secret = random.text(ALNUM, 24);
        let texts = [
            format!("API_TOKEN={secret}"),
            format!("postgres://{secret}:{secret}@db.acme.io/{secret}"),
            format!("{secret}_token: {secret}"),
            format!("machine {secret}.io login {secret} password {secret}"),
            format!(
                "Authorization: Basic {}",
                base64_encode(format!("{secret}:{secret}").as_bytes(), false)
            ),
            format!(
                "{{\"auths\": {{\"{secret}\": {{\"auth\": \"{}\"}}}}}}",
                base64_encode(format!("{secret}:{secret}").as_bytes(), false)
            ),
        ];
        for text in texts {
            let scan = scan(&options(), None, text.as_bytes());
            // A random name may have a word in it that says it is no secret's.
            assert!(!scan.hits.is_empty() || text.contains("_token"), "{text}");
            let debug: String = scan.hits.iter().map(|it| format!("{it:?}")).collect();
            assert_eq!(leaks(&debug, secret.as_bytes()), None, "{debug}");
        }
    }
}

#[test]
fn scrubbed_texts_have_no_piece_of_any_secret() {
    let mut checked = 0;
    for seed in 0..400 {
        let mut random = Random::new(seed + 10_000);
        let size = 16 + random.below(30);
        let secret = random.text(ALNUM, size);
        let source =
            format!("deploy_token = \"{secret}\"\nurl = https://me:{secret}@git.acme.io/\n");
        let scan = scan(&options(), None, source.as_bytes());
        if scan.hits.is_empty() {
            continue;
        }
        checked += 1;
        let percent: String = secret.bytes().map(|it| format!("%{it:02X}")).collect();
        let hex: String = secret.bytes().map(|it| format!("{it:02x}")).collect();
        let report = format!(
            "{source} RUN curl -H 'token: {secret}' '{secret}' {percent} {hex} {} {}",
            serde_json::json!({ "history": secret }),
            base64_encode(format!("me:{secret}").as_bytes(), false)
        );
        let scrubbed = scan.scrubber.scrub(&report);
        assert_eq!(leaks(&scrubbed, secret.as_bytes()), None, "{scrubbed}");
        assert_eq!(leaks(&scrubbed, hex.as_bytes()), None, "{scrubbed}");
    }
    assert!(checked > 390, "{checked}");
}

#[test]
fn masked_forms_show_the_public_prefix_only() {
    let prefixes: Vec<&str> = kinds().iter().flat_map(|it| it.anchors.iter().copied()).collect();
    for sample in samples::all() {
        for hit in scan(&options(), sample.path, &sample.text).hits {
            let head = hit.masked.split('…').next().unwrap();
            let known = head.is_empty()
                || prefixes.contains(&head)
                || head.starts_with("-----BEGIN ")
                || head.starts_with('$')
                || hit.hide.length == 0;
            assert!(known, "{} {}", hit.kind.id, hit.masked);
            assert!(hit.masked.ends_with(" characters)"), "{}", hit.masked);
        }
    }
}
