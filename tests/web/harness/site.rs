//! The built site as it is served to a test: unchanged, or with a protection taken away.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use std::sync::{Arc, Mutex};

use serde_json::{Map, Value};
use xtask::digest;
use xtask::http::{Request, Response};

use super::place;
use super::recorder::Recorder;

/// What keeps the site for the time without a network, and what stands in it before its list and before
/// its version.
const WORKER: &str = "service-worker.js";
const UNLISTED: [&str; 4] = [WORKER, "checksums.txt", "plimsoll.html", "_headers"];
const LIST: &str = "const FILES = ";
const VERSION: &str = "const VERSION = \"";

/// The files of the site, by path.
pub(crate) struct Site {
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// The site as it was built.
    pub(crate) fn built() -> Self {
        let root = place("PLIMSOLL_SITE");
        let mut files = BTreeMap::new();
        for path in paths(&root) {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
        Self { files }
    }

    /// The paths of all files.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// A file.
    pub(crate) fn file(&self, path: &str) -> &[u8] {
        &self.files[path]
    }

    /// The page.
    pub(crate) fn page(&self) -> String {
        String::from_utf8(self.files["index.html"].clone()).unwrap()
    }

    /// The same site with a script that runs before every other one, and before the policy.
    pub(crate) fn with_script(mut self, script: &str) -> Self {
        let name = format!("injected-{}.js", self.files.len());
        self.replace_in_page("<head>", &format!("<head><script src=\"{name}\"></script>"));
        self.files.insert(name, script.as_bytes().to_vec());
        self
    }

    /// The same site whose page states no policy and cannot state one later.
    pub(crate) fn without_policy(mut self) -> Self {
        let page = self.page();
        let start = page.find("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
        let end = start + page[start..].find('>').unwrap() + 1;
        self.replace_in_page(&page[start..end], "");
        self.with_script(include_str!("no_policy.js"))
    }

    /// The same site, one of whose pages states no policy and cannot state one later.
    pub(crate) fn with_open_page(mut self, path: &str) -> Self {
        let page = String::from_utf8(self.files[path].clone()).unwrap();
        let start = page.find("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
        let end = start + page[start..].find('>').unwrap() + 1;
        let script = "<script src=\"no-policy.js\"></script>";
        let page = format!("{}{script}{}", &page[..start], &page[end..]);
        self.files.insert(path.to_owned(), page.into_bytes());
        let folder = path.rsplit_once('/').map_or("", |it| it.0);
        let script = include_bytes!("no_policy.js").to_vec();
        self.files.insert(format!("{folder}/no-policy.js"), script);
        self
    }

    /// The same site with one of the files that the page loads itself replaced.
    pub(crate) fn with_asset(mut self, name: &str, edit: impl Fn(&str) -> String) -> Self {
        let assets = self.assets();
        let url = assets[name]["url"].as_str().unwrap();
        let integrity = assets[name]["integrity"].as_str().unwrap();
        let text = edit(std::str::from_utf8(&self.files[url]).unwrap());
        self.replace_in_page(integrity, &digest::sha384(text.as_bytes()));
        self.files.insert(url.to_owned(), text.into_bytes());
        self
    }

    /// What the page is told about the files it loads itself.
    pub(crate) fn assets(&self) -> Value {
        let page = self.page();
        let (_, rest) = page.split_once("<meta name=\"plimsoll-assets\" content=\"").unwrap();
        let (json, _) = rest.split_once('"').unwrap();
        serde_json::from_str(&json.replace("&quot;", "\"")).unwrap()
    }

    /// The same site with one more file, or another one in its place.
    pub(crate) fn with_file(mut self, path: &str, content: &str) -> Self {
        self.files.insert(path.to_owned(), content.as_bytes().to_vec());
        self
    }

    /// The same site without one of its files, which its list may go on to name.
    pub(crate) fn without_file(mut self, path: &str) -> Self {
        assert!(self.files.remove(path).is_some(), "the site has no {path}");
        self
    }

    /// Brings the list of the service worker up to date, as a build does.
    pub(crate) fn listed(mut self) -> Self {
        let Some(worker) = self.files.get(WORKER) else { return self };
        let worker = String::from_utf8(worker.clone()).unwrap();
        let (before, rest) = worker.split_once(LIST).unwrap();
        let (_, rest) = rest.split_once(";\n").unwrap();
        let (between, rest) = rest.split_once(VERSION).unwrap();
        let (_, rest) = rest.split_once('"').unwrap();
        let mut files = Map::new();
        for (path, content) in &self.files {
            // What only some visitors want has a list of its own.
            if !UNLISTED.contains(&path.as_str()) && !path.starts_with("shell-") {
                files.insert(path.clone(), Value::String(digest::sha384(content)));
            }
        }
        let list = serde_json::to_string_pretty(&files).unwrap();
        let version = digest::short(list.as_bytes());
        let worker = format!("{before}{LIST}{list};\n{between}{VERSION}{version}\"{rest}");
        self.files.insert(WORKER.to_owned(), worker.into_bytes());
        self
    }

    /// Serves it on an origin of its own.
    pub(crate) fn serve(self) -> Recorder {
        let site = self.listed();
        Recorder::start(move |request| site.answer(request))
    }

    /// Serves it on an origin of its own, until another version takes its place.
    pub(crate) fn serve_changing(self) -> (Recorder, Arc<Mutex<Self>>) {
        let site = Arc::new(Mutex::new(self.listed()));
        let served = Arc::clone(&site);
        (Recorder::start(move |request| served.lock().unwrap().answer(request)), site)
    }

    fn answer(&self, request: &Request) -> Response {
        let path = request.target.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_prefix('/').unwrap_or(path);
        let folder = path.is_empty() || path.ends_with('/');
        let path = if folder { format!("{path}index.html") } else { path.to_owned() };
        let response = match self.files.get(&path) {
            Some(body) => Response::new(200, body.clone())
                .with("Content-Type", xtask::site::content_type(Path::new(&path))),
            None => Response::new(404, Vec::new()),
        };
        xtask::site::HEADERS
            .iter()
            .fold(response, |response, (name, value)| response.with(name, value))
    }

    fn replace_in_page(&mut self, from: &str, to: &str) {
        let page = self.page();
        assert!(page.contains(from), "the page has no {from}");
        self.files.insert("index.html".to_owned(), page.replacen(from, to, 1).into_bytes());
    }
}

/// All files below a folder.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(paths(&path));
        } else {
            found.push(path);
        }
    }
    found
}
