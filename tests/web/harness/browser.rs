//! Which browser a test runs in, and how each is started.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{fs, path::PathBuf};

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use xtask::http::Request;

use super::driver::Driver;
use super::{Recorder, place};

/// The browsers that tests run in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Engine {
    /// Chromium, by ChromeDriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
}

/// Whom the browsers ask for purposes of their own. Exact names: a page that loaded a typeface from
/// a vendor must not go unnoticed.
const VENDORS: [&str; 8] = [
    "accounts.google.com",
    "clients2.google.com",
    "content-autofill.googleapis.com",
    "firefox.settings.services.mozilla.com",
    "optimizationguide-pa.googleapis.com",
    "start.duckduckgo.com",
    "update.googleapis.com",
    "www.google.com",
];

/// A running browser with an empty profile.
pub(crate) struct Browser {
    pub(super) engine: Engine,
    pub(super) client: Client,
    pub(super) runtime: Runtime,
    /// Stands between the browser and every host that is not this machine.
    world: Recorder,
    profile: PathBuf,
    // Dropped last of all that talks: ends the browser.
    _driver: Driver,
}

impl Browser {
    /// Starts a browser.
    pub(crate) fn start(engine: Engine) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let world = Recorder::elsewhere();
        let profile = fresh_folder();
        let driver = Driver::start(match engine {
            Engine::Chromium => {
                let mut command = Command::new(place("PLIMSOLL_CHROMEDRIVER"));
                command.arg("--port=0");
                command
            }
            Engine::Firefox => {
                let mut command = Command::new(place("PLIMSOLL_GECKODRIVER"));
                command.args(["--port", "0", "--websocket-port", "0", "--binary"]);
                command.arg(place("PLIMSOLL_FIREFOX")).arg("--profile-root").arg(&profile);
                command
            }
        });
        let wishes = match engine {
            Engine::Chromium => chromium(&profile, &world),
            Engine::Firefox => firefox(&world),
        };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wishes);
        let client = match runtime.block_on(builder.connect(&driver.url())) {
            Ok(it) => it,
            Err(error) => panic!("{engine:?} does not start: {error}"),
        };
        Self { engine, client, runtime, world, profile, _driver: driver }
    }

    /// A folder that is removed with the browser.
    pub(super) fn scratch(&self) -> PathBuf {
        let folder = self.profile.join("scratch");
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// What pages asked of hosts that are not this machine.
    pub(crate) fn asked_of_the_world(&self) -> Vec<Request> {
        let requests = self.world.requests().into_iter();
        requests.filter(|it| !VENDORS.contains(&host(&it.target))).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let closing = self.client.clone().close();
        let patience = super::PATIENCE;
        // A browser that does not close by itself is ended with its driver.
        let _closed =
            self.runtime.block_on(async { tokio::time::timeout(patience, closing).await });
        let _removed = fs::remove_dir_all(&self.profile);
    }
}

/// The host in what a proxy is asked for: `http://host/path` or `host:port`.
fn host(target: &str) -> &str {
    let rest = target.strip_prefix("http://").unwrap_or(target);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

fn fresh_folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("plimsoll-browser-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn chromium(profile: &std::path::Path, world: &Recorder) -> Capabilities {
    let arguments = [
        "--headless".to_owned(),
        // Containers run everything as root, where the sandbox cannot start.
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-quic".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-default-apps".to_owned(),
        "--disable-sync".to_owned(),
        "--window-size=1280,900".to_owned(),
        format!("--user-data-dir={}", profile.display()),
        format!("--proxy-server={}", world.origin()),
    ];
    let wishes = json!({
        "goog:chromeOptions": {"binary": place("PLIMSOLL_CHROMIUM"), "args": arguments},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    capabilities(&wishes)
}

fn firefox(world: &Recorder) -> Capabilities {
    let address = world.origin().trim_start_matches("http://");
    let preferences = json!({
        "app.normandy.enabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "services.settings.server": "data:,",
    });
    let arguments = ["-headless", "--width=1280", "--height=900"];
    let wishes = json!({
        "moz:firefoxOptions": {"args": arguments, "prefs": preferences},
        "proxy": {"proxyType": "manual", "httpProxy": address, "sslProxy": address},
    });
    capabilities(&wishes)
}

fn capabilities(wishes: &Value) -> Capabilities {
    let mut wishes = wishes.as_object().unwrap().clone();
    // A tour of everything takes its time on a busy machine.
    wishes.insert("timeouts".to_owned(), json!({"script": 300_000}));
    wishes
}
