//! Serves a built site as a host of static files does: compressed beforehand.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::Result;

use crate::build::compress;
use crate::http::{self, Request, Response};
use crate::site;

/// Serves a folder; gives the address of its first page.
pub(super) fn serve(folder: &Path) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}/", listener.local_addr()?);
    let folder: PathBuf = folder.to_owned();
    let kept = Mutex::new(BTreeMap::new());
    // The page and what it loads are compressed before anybody comes.
    for name in std::fs::read_dir(&folder)?.flatten().map(|it| it.file_name()) {
        let target = format!("/{}", name.to_string_lossy());
        let headers = vec![("accept-encoding".to_owned(), "br, gzip".to_owned())];
        let request = Request { method: "GET".to_owned(), target, headers, body: Vec::new() };
        let _warm = answer(&folder, &kept, &request);
    }
    let answer = move |request: &Request| answer(&folder, &kept, request);
    std::thread::spawn(move || http::serve(&listener, Arc::new(answer)));
    Ok(address)
}

/// What is kept compressed, by its path and how.
type Kept = Mutex<BTreeMap<(String, bool), Vec<u8>>>;

fn answer(folder: &Path, kept: &Kept, request: &Request) -> Response {
    let mut response = site::answer(folder, request);
    let accepted = request.header("accept-encoding").unwrap_or_default();
    let brotli = accepted.split(',').any(|it| it.trim() == "br");
    if response.status != 200 || !(brotli || accepted.contains("gzip")) {
        return response;
    }
    let key = (request.target.clone(), brotli);
    let known = kept.lock().ok().and_then(|it| it.get(&key).cloned());
    let packed = known.or_else(|| {
        let packed = if brotli { compress(&response.body) } else { gzip(&response.body) };
        let packed = packed.ok()?;
        kept.lock().ok()?.insert(key, packed.clone());
        Some(packed)
    });
    let Some(packed) = packed else { return response };
    response.body = packed;
    response.with("Content-Encoding", if brotli { "br" } else { "gzip" })
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}
