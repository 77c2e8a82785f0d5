//! A page in a browser, with the few things that tests do to pages.
//!
//! Every call waits until it is done, and fails with what the browser had to say.

use std::fs;
use std::future::Future;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::browser::{Browser, Engine};
use super::{place, poll};

/// A page in a browser of its own.
pub(crate) struct Page {
    browser: Browser,
    origin: String,
}

impl Page {
    /// Opens a path of an origin and waits for the document, not for the engine.
    #[track_caller]
    pub(crate) fn open(engine: Engine, origin: &str, path: &str) -> Self {
        let page = Self { browser: Browser::start(engine), origin: origin.to_owned() };
        page.go(path);
        page
    }

    /// Opens another path of the same origin.
    #[track_caller]
    pub(crate) fn go(&self, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.must("open", self.browser.client.goto(&url));
    }

    /// Tries to open another path of the same origin, and says whether there was anything.
    pub(crate) fn goes(&self, path: &str) -> bool {
        let url = format!("{}{path}", self.origin);
        self.wait_for(self.browser.client.goto(&url)).is_ok()
    }

    /// The browser it runs in.
    pub(crate) fn browser(&self) -> &Browser {
        &self.browser
    }

    /// Runs the body of a function in the page.
    #[track_caller]
    pub(crate) fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.must("run a script", self.browser.client.execute(script, arguments))
    }

    /// Runs the body of a function in the page and waits until it calls `done`.
    #[track_caller]
    pub(crate) fn run_until_done(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        self.must("run a script", self.browser.client.execute_async(&script, arguments))
    }

    /// Waits until an expression holds in the page.
    #[track_caller]
    pub(crate) fn wait_until(&self, expression: &str) {
        // What is not there yet, or no longer, makes it untrue; it is looked at again.
        let script = format!("try {{ return Boolean({expression}); }} catch {{ return false; }}");
        let holds = || (self.run(&script, vec![]) == json!(true)).then_some(());
        if poll(holds).is_none() {
            let status = self.run("return document.querySelector('#status')?.outerHTML;", vec![]);
            panic!("never true: {expression}\nstatus: {status}\n{}", self.console().join("\n"));
        }
    }

    /// Waits until the engine has answered all that came in. The page says itself when that is so, also
    /// while it waits a moment after a key, or reads a file, before it asks the engine.
    #[track_caller]
    pub(crate) fn wait_until_ready(&self) {
        self.wait_until(
            "document.body.dataset.ready === 'true' && document.body.dataset.settled === 'true' &&
             document.querySelector('#status[data-engine=ready]')",
        );
    }

    /// Waits until the engine has answered and the browser has a copy of the whole site, or has
    /// given up on it: from then on the page has nothing to ask for.
    #[track_caller]
    pub(crate) fn wait_until_settled(&self) {
        self.wait_until_ready();
        self.wait_until("document.body.dataset.offline");
    }

    /// Gives the browser time to do what it might still do: for tests that nothing happens.
    pub(crate) fn pause(&self) {
        std::thread::sleep(std::time::Duration::from_millis(1500));
    }

    /// The text a person sees of an element.
    #[track_caller]
    pub(crate) fn text_of(&self, selector: &str) -> String {
        self.with(selector, async |element| element.text().await)
    }

    /// Clicks on an element.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        self.with(selector, async |element| element.click().await);
    }

    /// Goes on in a frame of the page.
    #[track_caller]
    pub(crate) fn enter(&self, selector: &str) {
        self.with(selector, async |element| element.enter_frame().await);
    }

    /// Comes back from a frame.
    #[track_caller]
    pub(crate) fn leave(&self) {
        self.must("leave a frame", self.browser.client.enter_parent_frame());
    }

    /// Types into an element.
    #[track_caller]
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        self.with(selector, async |element| element.send_keys(text).await);
    }

    /// Presses a key where the keyboard's place is: a letter, or one of WebDriver's codes.
    #[track_caller]
    pub(crate) fn press(&self, key: &str) {
        self.undisturbed("press a key", async || {
            self.browser.client.active_element().await?.send_keys(key).await
        });
    }

    /// Strikes a key, wherever the keyboard's place is, as a keyboard does: of a key pressed on a field for files
    /// WebDriver makes the name of a file.
    #[track_caller]
    pub(crate) fn strike(&self, key: char) {
        let down = KeyAction::Down { value: key };
        let keys = KeyActions::new("keys".into()).then(down).then(KeyAction::Up { value: key });
        self.must("strike a key", self.browser.client.perform_actions(keys));
    }

    /// Makes the page believe in a feature of the device, such as `prefers-color-scheme: dark`.
    /// Chromium only.
    #[track_caller]
    pub(crate) fn emulate(&self, name: &str, value: &str) {
        let features = json!({"features": [{"name": name, "value": value}]});
        let command = Devtools(json!({"cmd": "Emulation.setEmulatedMedia", "params": features}));
        self.must("emulate", self.browser.client.issue_cmd(command));
    }

    /// Replaces what an element holds by a paste, as a person would with select-all and paste.
    #[track_caller]
    pub(crate) fn paste(&self, selector: &str, text: &str) {
        let script = "
            const [selector, text] = arguments;
            const element = document.querySelector(selector);
            element.focus();
            element.select();
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            const options = { clipboardData, bubbles: true, cancelable: true };
            if (element.dispatchEvent(new ClipboardEvent('paste', options))) {
                document.execCommand('insertText', false, text);
            }";
        self.run(script, vec![json!(selector), json!(text)]);
    }

    /// Drops files on an element.
    #[track_caller]
    pub(crate) fn drop_files(&self, selector: &str, files: &[(&str, &[u8])]) {
        let script = "
            const [selector, files] = arguments;
            const element = document.querySelector(selector);
            const dataTransfer = new DataTransfer();
            for (const [name, content] of files) {
                const bytes = Uint8Array.from(atob(content), it => it.charCodeAt(0));
                dataTransfer.items.add(new File([bytes], name));
            }
            for (const kind of ['dragenter', 'dragover', 'drop']) {
                const options = { dataTransfer, bubbles: true, cancelable: true };
                element.dispatchEvent(new DragEvent(kind, options));
            }";
        let files: Vec<Value> =
            files.iter().map(|(name, content)| json!([name, STANDARD.encode(content)])).collect();
        self.run(script, vec![json!(selector), json!(files)]);
    }

    /// Chooses files in a file input, as the browser's own dialog does.
    #[track_caller]
    pub(crate) fn choose_files(&self, selector: &str, files: &[(&str, &[u8])]) {
        let folder = self.browser.scratch();
        let mut paths = Vec::new();
        for (name, content) in files {
            let path = folder.join(name);
            fs::write(&path, content).unwrap();
            paths.push(path.to_str().unwrap().to_owned());
        }
        self.type_into(selector, &paths.join("\n"));
    }

    /// Chooses a folder in a file input that takes one.
    #[track_caller]
    pub(crate) fn choose_folder(&self, selector: &str, files: &[(&str, &[u8])]) {
        let folder = self.browser.scratch().join("folder");
        for (name, content) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
        }
        self.type_into(selector, folder.to_str().unwrap());
    }

    /// What the page complained about: the errors in the browser's console, oldest first.
    ///
    /// Firefox gives nobody its console; there the list is empty.
    pub(crate) fn console_errors(&self) -> Vec<String> {
        self.console_of(|level| level == "SEVERE")
    }

    fn console(&self) -> Vec<String> {
        self.console_of(|_| true)
    }

    fn console_of(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        if self.browser.engine == Engine::Firefox {
            return Vec::new();
        }
        let Ok(entries) = self.wait_for(self.browser.client.issue_cmd(ConsoleLog)) else {
            return Vec::new();
        };
        let entries = entries.as_array().cloned().unwrap_or_default();
        let wanted = entries.iter().filter(|it| wanted(it["level"].as_str().unwrap_or_default()));
        wanted.filter_map(|it| it["message"].as_str()).map(str::to_owned).collect()
    }

    /// What the accessibility checker finds wrong, one line per rule and element.
    #[track_caller]
    pub(crate) fn axe(&self) -> Vec<String> {
        let checker = fs::read_to_string(place("PLIMSOLL_AXE")).unwrap();
        self.run(&checker, vec![]);
        let script = "
            axe.run(document, { resultTypes: ['violations'] }).then(
                ({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
                    nodes.map(node => `${id}: ${help}: ${node.target.join(' ')}`))),
                error => done([`the checker failed: ${error}`]));";
        let lines = self.run_until_done(script, vec![]);
        lines.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
    }

    /// Takes a picture of the window, for people to look at.
    #[track_caller]
    pub(crate) fn screenshot(&self, name: &str) {
        let png = self.must("take a picture", self.browser.client.screenshot());
        let folder = place("PLIMSOLL_SCREENSHOTS");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.png")), png).unwrap();
    }

    /// Makes the window as big as told.
    #[track_caller]
    pub(crate) fn resize(&self, width: u32, height: u32) {
        self.must("resize", self.browser.client.set_window_size(width, height));
    }

    #[track_caller]
    fn with<T>(&self, selector: &str, act: impl AsyncFn(Element) -> Result<T, CmdError>) -> T {
        self.undisturbed(selector, async || {
            act(self.browser.client.find(Locator::Css(selector)).await?).await
        })
    }

    /// Finds an element and does something with it, again where the page drew itself in between and took
    /// the element away: then nothing was done to it, and another is in its place.
    #[track_caller]
    fn undisturbed<T>(&self, what: &str, act: impl AsyncFn() -> Result<T, CmdError>) -> T {
        let answer = poll(|| match self.wait_for(act()) {
            Err(error) if error.is_stale_element_reference() => None,
            it => Some(it),
        });
        match answer {
            Some(Ok(it)) => it,
            Some(Err(error)) => panic!("{what}: {error}\n{}", self.console().join("\n")),
            None => panic!("{what}: the page never came to rest"),
        }
    }

    fn wait_for<T>(&self, future: impl Future<Output = T>) -> T {
        self.browser.runtime.block_on(future)
    }

    #[track_caller]
    fn must<T>(&self, what: &str, future: impl Future<Output = Result<T, CmdError>>) -> T {
        match self.wait_for(future) {
            Ok(it) => it,
            Err(error) => panic!("{what}: {error}\n{}", self.console().join("\n")),
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("test").replace("::", "-");
        let folder = place("PLIMSOLL_SCREENSHOTS");
        if let Ok(png) = self.wait_for(self.browser.client.screenshot())
            && fs::create_dir_all(&folder).is_ok()
        {
            let path = folder.join(format!("failed-{name}.png"));
            let _written = fs::write(path, png);
        }
    }
}

/// ChromeDriver's own way to the developer tools.
#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

/// ChromeDriver's own command for what the console has said since the last time.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}
