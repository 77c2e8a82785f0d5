//! Documents that hold another one in a string: manifests of schema 1 in JSON strings, Grype's
//! reports in base64.

use text::Span;

use crate::history::{Line, Recovered, Writer};
use crate::json::Json;

/// The layers of a manifest of schema 1 as a JSON array, newest first. Each is an object with the
/// configuration as it was when the layer was made.
pub fn schema_one(object: Json<'_>) -> Option<Recovered> {
    let mut out = Writer::default();
    let mut lines = Vec::new();
    out.insert("[");
    for item in object.get("history")?.items() {
        let Some(layer) = item.get("v1Compatibility") else { continue };
        let Some(text) = layer.string() else { continue };
        out.insert(if lines.is_empty() { "\n" } else { ",\n" });
        let start = out.at();
        out.copy(&text);
        lines.push(Line { span: Span::of(start..out.at()), entry: layer.span() });
    }
    out.insert("\n]\n");
    (!lines.is_empty()).then_some(Recovered { text: out.text, lines, pieces: out.pieces })
}

/// Decodes base64, as RFC 4648 has it; line ends and missing padding do not matter.
pub fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut n_bits) = (0_u32, 0_u32);
    for it in text.bytes().filter(|it| !it.is_ascii_whitespace()) {
        let value = match it {
            b'A'..=b'Z' => it - b'A',
            b'a'..=b'z' => it - b'a' + 26,
            b'0'..=b'9' => it - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        buffer = buffer << 6 | u32::from(value);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push(u8::try_from(buffer >> n_bits & 0xff).ok()?);
            buffer &= (1 << n_bits) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_of_schema_one_keep_their_places() {
        let text = r#"{"schemaVersion": 1, "history": [
            {"v1Compatibility": "{\"config\":{\"User\":\"a\u00e9\"}}"},
            {"v1Compatibility": "{\"throwaway\":true}"}]}"#;
        let unpacked = schema_one(Json::first(text).unwrap()).unwrap();
        assert_eq!(
            unpacked.text,
            "[\n{\"config\":{\"User\":\"a\u{e9}\"}},\n{\"throwaway\":true}\n]\n"
        );
        let start = unpacked.text.find("User").unwrap();
        let origin = unpacked.origin(Span::of(start..start + 4)).unwrap();
        assert_eq!(&text[origin.range()], "User");
        assert_eq!(schema_one(Json::first("{\"history\": []}").unwrap()), None);
    }

    #[test]
    fn base64_is_decoded() {
        assert_eq!(base64("eyJhIjoxfQ==").as_deref(), Some("{\"a\":1}"));
        assert_eq!(base64("eyJh\nIjoxfQ").as_deref(), Some("{\"a\":1}"));
        assert_eq!(base64(""), Some(String::new()));
        assert_eq!(base64("a*"), None);
        assert_eq!(base64("/////w=="), None);
    }
}
