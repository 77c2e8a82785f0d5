//! Closing the airlock: from here on the browser refuses every request of this page, and of every
//! worker it starts afterwards.
//!
//! A second policy can only narrow the one in `index.html`. It is in force as soon as its element
//! is in the document. That it is, is proved: a request to the page's own host must be refused, from
//! a disk one to a host that cannot be, and the browser must report that a policy refused it.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::SecurityPolicyViolationEvent;

use crate::dom;

/// No directive names the page's own host. A style sheet that is loaded stays; one that could still be
/// loaded could carry text away in its address, and where any directive allows a host, Chromium
/// also prefetches from it.
const POLICY: &str = "default-src 'none'; connect-src 'none'; script-src 'wasm-unsafe-eval'; \
    worker-src blob:; style-src 'none'; img-src data: blob:; form-action 'none'; \
    base-uri 'none'; frame-src 'none'; object-src 'none'";

/// A file that is not there, on the page's own host.
const PROBE: &str = "airlock-probe";

/// What is tried where the page was opened from a disk and has no host: Firefox refuses other files
/// before it looks at any policy. The name can never belong to anybody (RFC 2606, section 2).
const PROBE_FROM_DISK: &str = "https://airlock-probe.invalid/";

/// How long the browser may take to report a refusal.
const PATIENCE: u32 = 3_000;

/// Closes the airlock and proves it. The error says what was seen instead.
pub(crate) async fn close() -> Result<(), String> {
    let reported = Reported::listen();
    append_policy().map_err(|it| dom::message(&it))?;
    let from_disk = dom::window().location().protocol().is_ok_and(|it| it == "file:");
    let address = if from_disk { PROBE_FROM_DISK } else { PROBE };
    let probe = JsFuture::from(dom::window().fetch_with_str(address)).await;
    if probe.is_ok() {
        return Err("a request to the page's own host went through".to_owned());
    }
    if reported.seen().await {
        Ok(())
    } else {
        Err("the browser did not report that it refused a request".to_owned())
    }
}

fn append_policy() -> Result<(), JsValue> {
    let document = dom::document();
    let meta = document.create_element("meta")?;
    meta.set_attribute("http-equiv", "Content-Security-Policy")?;
    meta.set_attribute("content", POLICY)?;
    let head = document.head().ok_or(JsValue::UNDEFINED)?;
    head.append_child(&meta)?;
    Ok(())
}

/// Waits for the browser to report the refused probe.
struct Reported {
    promise: Promise,
    _listener: EventListener,
}

impl Reported {
    fn listen() -> Self {
        let resolve = Rc::new(RefCell::new(None));
        let keep = Rc::clone(&resolve);
        let promise = Promise::new(&mut move |resolve, _| {
            *keep.borrow_mut() = Some(resolve);
        });
        let settle = move |value: bool| {
            if let Some(resolve) = resolve.borrow_mut().take() {
                let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::from_bool(value));
            }
        };
        let late = settle.clone();
        gloo_timers::callback::Timeout::new(PATIENCE, move || late(false)).forget();
        let listener =
            EventListener::new(&dom::document(), "securitypolicyviolation", move |event| {
                let event = event.dyn_ref::<SecurityPolicyViolationEvent>();
                if event.is_some_and(|it| it.effective_directive() == "connect-src") {
                    settle(true);
                }
            });
        Self { promise, _listener: listener }
    }

    async fn seen(self) -> bool {
        JsFuture::from(self.promise.clone()).await.is_ok_and(|it| it.is_truthy())
    }
}
