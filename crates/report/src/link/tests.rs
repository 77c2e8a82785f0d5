//! What is packed comes back, and nothing else does any harm.

use super::*;

const DOCKERFILE: &str = "FROM debian:13-slim\nRUN apt-get update && apt-get install -y curl \\\n    && rm -rf \
                          /var/lib/apt/lists/*\nCOPY . /app\nUSER 1000\nCMD [\"/app/run\"]\n";

fn session(text: &str) -> String {
    let escaped = serde_json::to_string(text).unwrap();
    format!(
        "{{\"schema\":\"plimsoll-session/1\",\"documents\":[{{\"name\":\"Dockerfile\",\"taken_for\":null,\
         \"content\":{{\"text\":{escaped}}}}}],\"choices\":{{\"picks\":[],\"target\":null}}}}\n"
    )
}

#[test]
fn texts_come_back() {
    let long = "RUN make all # \u{1f433}\n".repeat(100);
    let random: String = (0..300_u32)
        .map(|it| char::from_u32(it.wrapping_mul(2_654_435_761) >> 17).unwrap_or('x'))
        .filter(|it| *it != '\0')
        .collect();
    for text in
        ["", "a", "\u{ff}", "\u{1}\u{7f}", DOCKERFILE, &session(DOCKERFILE), PRIMER, &long, &random]
    {
        assert_eq!(unpack(&pack(text).unwrap()).as_deref(), Some(text), "{text:.50}");
    }
}

/// Everybody's links have to be read for ever: this one was made when the format was.
#[test]
fn the_format_stays() {
    const MADE: &str =
        "8596e31c822611625c02c61682305daeb584f0baab6845ae75931c637fd59ed14b3fbe9aeaa85b89";
    let made = pack(&session(DOCKERFILE)).unwrap();
    let hex: String = made.iter().map(|it| format!("{it:02x}")).collect();
    assert_eq!(hex, MADE);
}

#[test]
fn what_is_too_long_or_has_no_end_is_refused() {
    assert_eq!(pack("a\0b"), None);
    assert_eq!(pack(&"a".repeat(LONGEST + 1)), None);
    let packed = pack(&"a".repeat(300)).unwrap();
    assert_eq!(unpack_within(&packed, 300), Some("a".repeat(300)));
    assert_eq!(unpack_within(&packed, 299), None);
    // Bytes that nobody packed come to an end or to the limit, whatever they say.
    for seed in 0..8_u32 {
        let noise = (0..seed * 40).map(|it| ((it * it * 31 + seed * 97) >> 3) as u8);
        let text = unpack_within(&noise.collect::<Vec<u8>>(), 500);
        assert!(text.is_none_or(|it| it.len() <= 500));
    }
    let _any = unpack_within(&[0xff; 64], 500);
}

#[test]
fn a_link_that_was_cut_is_no_session() {
    let text = session(DOCKERFILE);
    let packed = pack(&text).unwrap();
    for length in (0..packed.len() - 1).step_by(20) {
        let cut = unpack_within(&packed[..length], 1_000);
        assert_eq!(cut.and_then(|it| crate::read::session(&it)), None, "{length}");
    }
}
