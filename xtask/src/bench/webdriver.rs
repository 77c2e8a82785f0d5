//! The little of WebDriver (W3C Recommendation) that a measurement in a browser needs, over one plain
//! connection for each command.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// How long a browser may take to do what it is told.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser that is driven.
pub(super) struct Browser {
    driver: Child,
    port: u16,
    session: String,
}

impl Browser {
    /// Starts Chromium by its driver.
    pub(super) fn start(driver: &Path, chromium: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let driver = Command::new(driver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", driver.display()))?;
        let mut browser = Self { driver, port, session: String::new() };
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if started.elapsed() > Duration::from_secs(20) {
                bail!("the driver of Chromium does not answer");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"];
        let options = json!({ "binary": chromium, "args": arguments });
        let wishes =
            json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } });
        let answer = browser.ask("POST", "", Some(&wishes))?;
        let session = answer.get("sessionId").and_then(Value::as_str);
        browser.session = format!("/{}", session.context("no session")?);
        Ok(browser)
    }

    /// The driver, whose children the processes of the browser are.
    pub(super) fn process(&self) -> u32 {
        self.driver.id()
    }

    /// Opens an address.
    pub(super) fn open(&self, url: &str) -> Result<()> {
        self.ask("POST", "/url", Some(&json!({ "url": url }))).map(drop)
    }

    /// Runs the body of a function in the page.
    pub(super) fn run(&self, script: &str) -> Result<Value> {
        self.ask("POST", "/execute/sync", Some(&json!({ "script": script, "args": [] })))
    }

    /// Waits until an expression holds in the page.
    pub(super) fn wait(&self, expression: &str) -> Result<()> {
        self.wait_for(expression, PATIENCE)
    }

    /// The same, but only for so long.
    pub(super) fn wait_for(&self, expression: &str, patience: Duration) -> Result<()> {
        let started = Instant::now();
        while self.run(&format!("return Boolean({expression});"))? != json!(true) {
            if started.elapsed() > patience {
                bail!("never true in the page: {expression}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Types into an element; a file input takes paths.
    pub(super) fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        let element = self.element(selector)?;
        self.ask("POST", &format!("/element/{element}/value"), Some(&json!({ "text": text })))
            .map(drop)
    }

    /// Presses keys where the keyboard's place is.
    pub(super) fn press(&self, keys: &str) -> Result<()> {
        let all = keys.chars().flat_map(|it| {
            ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": it.to_string() }))
        });
        let keyboard = json!({ "type": "key", "id": "keys", "actions": all.collect::<Vec<_>>() });
        self.ask("POST", "/actions", Some(&json!({ "actions": [keyboard] }))).map(drop)
    }

    /// Clicks on an element.
    pub(super) fn click(&self, selector: &str) -> Result<()> {
        let element = self.element(selector)?;
        self.ask("POST", &format!("/element/{element}/click"), Some(&json!({}))).map(drop)
    }

    /// Tells the developer tools something.
    pub(super) fn devtools(&self, command: &str, parameters: &Value) -> Result<()> {
        let body = json!({ "cmd": command, "params": parameters });
        self.ask("POST", "/goog/cdp/execute", Some(&body)).map(drop)
    }

    fn element(&self, selector: &str) -> Result<String> {
        let by = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", "/element", Some(&by))?;
        let element = found.as_object().and_then(|it| it.values().next()?.as_str());
        Ok(element.with_context(|| format!("there is no {selector}"))?.to_owned())
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} /session{}{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: \
             application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.session,
            self.port,
            body.len()
        )?;
        let answer = answer(&mut stream)?;
        let value = answer.get("value").cloned().unwrap_or_default();
        match value.get("error").and_then(Value::as_str) {
            Some(error) => bail!("{path}: {error}: {}", value.get("message").unwrap_or(&value)),
            None => Ok(value),
        }
    }
}

/// The driver keeps connections open whatever it is told, so the length decides.
fn answer(stream: &mut TcpStream) -> Result<Value> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 << 10];
    loop {
        let read = stream.read(&mut chunk)?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|it| {
                let (name, value) = it.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if length.is_some_and(|it: usize| body.len() >= it) {
                return Ok(serde_json::from_str(body)?);
            }
        }
        if read == 0 {
            bail!("the driver of Chromium hung up");
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A browser that does not close by itself is ended with its driver.
        let _closed = self.ask("DELETE", "", None);
        let _killed = self.driver.kill();
        let _ended = self.driver.wait();
    }
}
