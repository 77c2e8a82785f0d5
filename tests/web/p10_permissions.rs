//! Promise 10: the page asks for no permission and reads no clipboard by itself.

use serde_json::{Value, json};

use crate::harness::{Engine, Page, Site};
use crate::p1_nothing_leaves::{canary, tour};

/// Notes every call of what asks a person for something or reads behind their back.
const TRIPWIRES: &str = "
    self.tripped = [];
    const wire = (name, place, method) => {
        if (!place?.[method]) return;
        const real = place[method];
        place[method] = function (...all) {
            self.tripped.push(name);
            return real.apply(this, all);
        };
        (self.wired ??= []).push(name);
    };
    const own = (it) => it && Object.getPrototypeOf(it);
    wire('clipboard.read', own(navigator.clipboard), 'read');
    wire('clipboard.readText', own(navigator.clipboard), 'readText');
    wire('permissions.request', own(navigator.permissions), 'request');
    wire('permissions.query', own(navigator.permissions), 'query');
    wire('notification', self.Notification, 'requestPermission');
    wire('position', own(navigator.geolocation), 'getCurrentPosition');
    wire('camera', own(navigator.mediaDevices), 'getUserMedia');
    wire('persist', own(navigator.storage), 'persist');
    wire('wake', own(navigator.wakeLock), 'request');
    wire('files', self, 'showOpenFilePicker');
    wire('folder', self, 'showDirectoryPicker');
    wire('open', self, 'open');
    wire('share', own(navigator), 'share');
    wire('beacon', own(navigator), 'sendBeacon');
    const Peer = self.RTCPeerConnection;
    if (Peer) {
        self.RTCPeerConnection = class extends Peer {
            constructor(...all) { self.tripped.push('peer'); super(...all); }
        };
        self.wired.push('peer');
    }";

/// The state of every permission that the browser knows.
fn states(page: &Page) -> Value {
    let script = "
        const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read',
            'persistent-storage', 'midi', 'screen-wake-lock'];
        const query = Object.getPrototypeOf(navigator.permissions).query;
        Promise.all(names.map(async (name) => {
            try { return `${name} ${(await navigator.permissions.query({ name })).state}`; } catch { return ''; }
        })).then((all) => { self.tripped = self.tripped?.filter(it => it !== 'permissions.query'); done(all); });";
    page.run_until_done(script, vec![])
}

fn nothing_is_asked_for(engine: Engine) {
    let site = Site::built().with_script(TRIPWIRES).serve();
    let page = Page::open(engine, site.origin(), "/");
    page.wait_until_settled();
    assert!(page.run("return self.wired.length;", vec![]).as_u64().is_some_and(|it| it >= 5));
    assert_eq!(page.run("return self.tripped;", vec![]), json!([]));
    let before = states(&page);
    tour(&page, &canary());
    assert_eq!(page.run("return self.tripped;", vec![]), json!([]));
    assert_eq!(states(&page), before);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_is_asked_for_in_chromium() {
    nothing_is_asked_for(Engine::Chromium);
}

#[test]
#[ignore = "runs through `cargo xtask test`"]
fn nothing_is_asked_for_in_firefox() {
    nothing_is_asked_for(Engine::Firefox);
}

/// The control run: a page that reads the clipboard and asks for more is found out.
#[test]
#[ignore = "runs through `cargo xtask test`"]
fn control_a_page_that_asks_is_found_out() {
    let script = format!(
        "{TRIPWIRES}
        addEventListener('input', () => {{
            navigator.clipboard.readText().catch(() => {{}});
            Notification.requestPermission().catch(() => {{}});
            navigator.storage.persist();
            new RTCPeerConnection();
        }}, true);"
    );
    let site = Site::built().with_script(&script).serve();
    let page = Page::open(Engine::Chromium, site.origin(), "/");
    page.wait_until_ready();
    page.paste("#input", "FROM debian:13\n");
    let tripped = page.run("return self.tripped;", vec![]);
    for expected in ["clipboard.readText", "notification", "persist", "peer"] {
        let is_found = tripped.as_array().unwrap().iter().any(|it| it == expected);
        assert!(is_found, "{expected} is not among {tripped}");
    }
}
