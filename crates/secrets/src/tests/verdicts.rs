//! What is told apart: examples, expired tokens, encrypted keys, references, suppressed lines,
//! fixtures, encoded values.

use super::samples::{der, pem};
use super::{ALNUM, HEX, Random, found, scanned};
use crate::verify::base64_encode;
use crate::{Confidence, Encoding, Example, Severity, Verification};

fn token() -> String {
    Random::new(5).text(ALNUM, 32)
}

fn only(text: &str) -> crate::Hit {
    let hits = found(None, text.as_bytes());
    assert_eq!(hits.len(), 1, "{text}: {hits:?}");
    hits.into_iter().next().unwrap()
}

fn jwt(payload: &str) -> String {
    let part = |it: &str| base64_encode(it.as_bytes(), true);
    let signature = base64_encode(&Random::new(6).bytes(32), true);
    format!("{}.{}.{signature}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(payload))
}

#[test]
fn tokens_expire_as_of_today() {
    let hit = only(&jwt(r#"{"iss":"acme","exp":1700000000}"#));
    assert_eq!(hit.verification, Verification::Expired("2023-11-14".parse().unwrap()));
    assert_eq!(hit.severity, Severity::Note);
    let hit = only(&jwt(r#"{"iss":"acme","exp":1900000000}"#));
    assert_eq!((hit.verification, hit.severity), (Verification::Structure, Severity::Medium));
    assert!(hit.facts.iter().any(|it| it.name == "issuer" && it.value == "acme"));
    let hit = only(&jwt(r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#));
    assert_eq!(hit.verification, Verification::Example(Example::Documentation));
}

#[test]
fn a_guess_is_likely_and_never_more_than_medium() {
    let hit = only(&format!("SERVICE_TOKEN={}", token()));
    assert_eq!((hit.confidence, hit.severity), (Confidence::Likely, Severity::Medium));
    assert_eq!(hit.name.as_deref(), Some("SERVICE_TOKEN"));
    assert_eq!((hit.place.offset, hit.place.length), (14, 32));
}

#[test]
fn references_are_no_secrets() {
    for value in [
        "$TOKEN",
        "${TOKEN}",
        "{{ token }}",
        "<token>",
        "$(cat /run/secrets/x)",
        "/run/secrets/token",
        "%TOKEN%",
        "process.env.TOKEN",
        "",
    ] {
        let text = format!("API_TOKEN={value}\n");
        assert_eq!(found(None, text.as_bytes()), [], "{text}");
    }
}

#[test]
fn names_about_secrets_and_hashes_are_left_alone() {
    let hash = Random::new(8).text(HEX, 64);
    let hash40 = Random::new(9).text(HEX, 40);
    for text in [
        format!("GPG_KEY={hash40}"),
        format!("sha256_token: {hash}"),
        format!("TOKEN_SHA256={hash}"),
        format!("commit {hash40}"),
        format!("\"integrity\": \"sha512-{}\"", base64_encode(&Random::new(1).bytes(64), false)),
        format!("image@sha256:{hash}"),
        "PASSWORD_FILE=/run/secrets/pw1".to_owned(),
        "build-id: 7c9e6679-7425-40de-944b-e07fc1f90ae7".to_owned(),
    ] {
        let loud: Vec<_> = found(None, text.as_bytes())
            .into_iter()
            .filter(|it| it.severity < Severity::Note)
            .collect();
        assert_eq!(loud, [], "{text}");
    }
}

#[test]
fn marked_lines_are_marked_and_kept() {
    let hit = only(&format!("SERVICE_TOKEN={} # gitleaks:allow", token()));
    assert!(hit.allowed);
    assert!(!only(&format!("SERVICE_TOKEN={}", token())).allowed);
}

#[test]
fn fixtures_are_a_step_milder() {
    let text = pem("RSA PRIVATE KEY", &der(3, 600));
    let hits = found(Some("usr/share/doc/x/key.pem"), text.as_bytes());
    assert!(hits[0].fixture && hits[0].severity == Severity::High);
    assert_eq!(found(Some("app/key.pem"), text.as_bytes())[0].severity, Severity::Critical);
}

#[test]
fn encrypted_keys_are_medium() {
    let text = pem("RSA PRIVATE KEY", &der(3, 600)).replacen(
        '\n',
        "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
        1,
    );
    let hit = only(&text);
    assert_eq!((hit.verification, hit.severity), (Verification::Encrypted, Severity::Medium));
}

#[test]
fn encoded_values_are_looked_into_once() {
    let key = pem("PRIVATE KEY", &der(4, 300));
    let once = base64_encode(key.as_bytes(), false);
    let hit = only(&format!("PRIVATE_KEY_B64={once}"));
    assert_eq!((hit.kind.id, hit.encoding), ("pem-pkcs8", Some(Encoding::Base64)));
    assert_eq!(hit.place.length as usize, once.len());
    let twice = base64_encode(once.as_bytes(), false);
    let hits = found(None, format!("DATA_SECRET={twice}").as_bytes());
    assert!(hits.iter().all(|it| it.kind.id != "pem-pkcs8"), "{hits:?}");
}

#[test]
fn equal_secrets_have_equal_fingerprints_and_one_hit_each() {
    let token = token();
    let text =
        format!("A_TOKEN={token}\nB_TOKEN={token}\nC_TOKEN={}\n", Random::new(99).text(ALNUM, 32));
    let hits = found(None, text.as_bytes());
    assert_eq!(hits.len(), 3);
    assert_eq!(hits[0].fingerprint, hits[1].fingerprint);
    assert_ne!(hits[0].fingerprint, hits[2].fingerprint);
}

#[test]
fn a_hostile_number_of_secrets_is_counted_and_bounded() {
    let mut random = Random::new(4);
    let mut text = String::new();
    for _ in 0..21_000 {
        text.push_str(&format!("A_TOKEN={}\n", random.text(ALNUM, 20)));
    }
    let scan = scanned(text.as_bytes());
    assert!(scan.hits.len() <= 20_000 && scan.dropped > 0, "{} {}", scan.hits.len(), scan.dropped);
}

#[test]
fn weak_notes_are_given_only_when_asked_for() {
    let text = b"password = \"changeme\"\n";
    let quiet = crate::Options { thorough: false, ..super::options() };
    assert_eq!(crate::scan(&quiet, None, text).hits, []);
    assert_eq!(found(None, text).len(), 1);
}

#[test]
fn whom_a_container_runs_as_is_no_login() {
    for text in [
        "docker run --user 10001:10001 acme/web",
        "podman run -d \\\n  --user deploy:maintenance acme/web",
        "tool --user 1000:1000 x",
    ] {
        assert!(found(None, text.as_bytes()).is_empty(), "{text}");
    }
    assert_eq!(found(None, b"tool --user deploy:Kx9vTq2Lw7 x").len(), 1);
}

/// Found by fuzzing: the place was a byte longer than the text.
#[test]
fn a_key_that_the_input_breaks_off_ends_with_it() {
    let text = b"{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----abc";
    for hit in found(None, text) {
        assert!(hit.place.end() <= text.len() as u64, "{:?}", hit.place);
    }
}
