//! Answers requests for the built site from a folder.

use std::path::{Path, PathBuf};

use crate::http::{Request, Response};

/// The headers every answer carries. A host that can set headers should set the same.
pub const HEADERS: [(&str, &str); 4] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
];

/// Answers one request from `root`, and never with a file outside of it.
pub fn answer(root: &Path, request: &Request) -> Response {
    if request.method != "GET" && request.method != "HEAD" {
        return plain(405, "only GET and HEAD").with("Allow", "GET, HEAD");
    }
    let Some(segments) = segments(&request.target) else {
        return plain(400, "not a path of this site");
    };
    let mut path = root.to_path_buf();
    path.extend(segments.iter().filter(|it| !it.is_empty()));
    let is_folder = segments.last().is_none_or(String::is_empty);
    if is_folder {
        path.push("index.html");
    } else if path.is_dir() {
        let name = segments.last().map(String::as_str).unwrap_or_default();
        return plain(308, "a folder").with("Location", &format!("{name}/"));
    }
    match read_inside(root, &path) {
        Some(body) => {
            let response = Response::new(200, body).with("Content-Type", content_type(&path));
            HEADERS.iter().fold(response, |response, (name, value)| response.with(name, value))
        }
        None => plain(404, "no such file"),
    }
}

/// The segments of a request's path, decoded; nothing if it plays tricks.
///
/// The last segment is empty when the path names a folder.
fn segments(target: &str) -> Option<Vec<String>> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let decoded = path.split('/').map(decode).collect::<Option<Vec<_>>>()?;
    let n_inner = decoded.len().saturating_sub(1);
    let is_plain = |(index, it): (usize, &String)| {
        let is_empty_inside = it.is_empty() && index < n_inner;
        !it.starts_with('.') && !it.contains(['/', '\\', ':', '\0']) && !is_empty_inside
    };
    decoded.iter().enumerate().all(is_plain).then_some(decoded)
}

/// Resolves percent signs; nothing for broken ones and for what is not UTF-8.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// Reads a file, following links only as long as they stay inside.
fn read_inside(root: &Path, path: &Path) -> Option<Vec<u8>> {
    let root: PathBuf = root.canonicalize().ok()?;
    let path = path.canonicalize().ok()?;
    if !path.starts_with(&root) || !path.is_file() {
        return None;
    }
    std::fs::read(path).ok()
}

/// The content type of a file of the site, by its name.
pub fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|it| it.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn plain(status: u16, text: &str) -> Response {
    let response = Response::new(status, format!("{text}\n").into_bytes())
        .with("Content-Type", "text/plain; charset=utf-8");
    HEADERS.iter().fold(response, |response, (name, value)| response.with(name, value))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{answer, segments};
    use crate::http::{Request, Response};

    /// A folder with a page, a rule page, a hidden file, and a neighbor that must stay unreachable.
    fn folder(name: &str) -> PathBuf {
        let top = std::env::temp_dir().join(format!("plimsoll-site-{name}-{}", std::process::id()));
        let root = top.join("site");
        std::fs::create_dir_all(root.join("rules/some-rule")).unwrap();
        std::fs::write(root.join("index.html"), "page").unwrap();
        std::fs::write(root.join("rules/some-rule/index.html"), "rule").unwrap();
        std::fs::write(root.join(".hidden"), "hidden").unwrap();
        std::fs::write(top.join("neighbor.html"), "outside").unwrap();
        root
    }

    fn get(root: &std::path::Path, target: &str) -> Response {
        let request = Request {
            method: "GET".to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        answer(root, &request)
    }

    #[test]
    fn files_and_folders_are_served() {
        let root = folder("files");
        assert_eq!(get(&root, "/").body, b"page");
        assert_eq!(get(&root, "/index.html?x=../").body, b"page");
        assert_eq!(get(&root, "/rules/some%2drule/").body, b"rule");
        let response = get(&root, "/rules/some-rule");
        assert_eq!(response.status, 308);
        assert_eq!(response.header("Location"), Some("some-rule/"));
    }

    #[test]
    fn tricks_are_refused() {
        let root = folder("tricks");
        for target in [
            "/../neighbor.html",
            "/%2e%2e/neighbor.html",
            "/..%2fneighbor.html",
            "/rules/..%5c..%5cneighbor.html",
            "/rules//index.html",
            "//index.html",
            "/.hidden",
            "/index.html%00",
            "/%zz",
            "/%f0",
            "index.html",
            "http://elsewhere/index.html",
        ] {
            let response = get(&root, target);
            assert_eq!(response.status, 400, "{target}");
        }
        assert_eq!(get(&root, "/none.html").status, 404);
        assert_eq!(get(&root, "/index.html/").status, 404);
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_folder_are_not_followed() {
        let root = folder("links");
        let link = root.join("link.html");
        if !link.exists() {
            std::os::unix::fs::symlink(root.join("../neighbor.html"), &link).unwrap();
        }
        assert_eq!(get(&root, "/link.html").status, 404);
    }

    #[test]
    fn only_reading_is_allowed() {
        let root = folder("methods");
        let mut request = Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        assert_eq!(answer(&root, &request).status, 405);
        request.method = "HEAD".to_owned();
        assert_eq!(answer(&root, &request).status, 200);
    }

    #[test]
    fn the_last_segment_tells_a_folder() {
        assert_eq!(segments("/a/b").unwrap(), ["a", "b"]);
        assert_eq!(segments("/a/").unwrap(), ["a", ""]);
        assert_eq!(segments("/").unwrap(), [""]);
    }
}
