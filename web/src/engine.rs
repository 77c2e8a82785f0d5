//! The port to the engine. No other file knows that there is a worker.

use js_sys::{Array, Function, Promise};
use report::prose::Pages;
use report::wire::{Ask, Tell};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, File, MessageChannel, MessageEvent, Url, Worker};
use yew::Callback;

use crate::dom;
use crate::state::Action;

/// Runs in the worker after the engine's own glue: the first message is the compiled module, and for a
/// worker that helps another one the port to that, or that of the pack for shell scripts if it was
/// loaded. Without a module it reads pieces of files for another worker, which needs nothing else. When the pack breaks over a script, it starts anew for the next one: after a panic nothing in
/// its memory can be trusted.
const SHIM: &str = "
onmessage = ({ data: [module, other] }) => {
  onmessage = null;
  if (!module) {
    const reader = new FileReaderSync();
    other.onmessage = ({ data: [number, file, start, end] }) => {
      let bytes;
      try {
        bytes = reader.readAsArrayBuffer(file.slice(start, end));
      } catch {
        return other.postMessage([number]);
      }
      other.postMessage([number, bytes], [bytes]);
    };
    return;
  }
  wasm_bindgen.initSync({ module });
  if (other instanceof MessagePort) return wasm_bindgen.help(other);
  let pack;
  self.plimsollLook = (language, text) => {
    try {
      return (pack ??= shellPack(other)).shell(language, text);
    } catch {
      pack = undefined;
    }
  };
  wasm_bindgen.run(other !== undefined);
};
";

/// What stands around the pack's own glue, so that it can be started as often as it has to be.
const PACK: (&str, &str) = (
    "const shellPack = (module) => {\n",
    "\nplimsoll_shell.initSync({ module });\nreturn plimsoll_shell;\n};\n",
);

#[wasm_bindgen]
extern "C" {
    /// A worker made from a blessed address; the plain type takes strings only, which Trusted
    /// Types refuse.
    #[wasm_bindgen(extends = Worker, js_name = Worker)]
    type BlessedWorker;
    #[wasm_bindgen(constructor, catch, js_class = "Worker")]
    fn new(url: &JsValue) -> Result<BlessedWorker, JsValue>;
}

/// The engine, loaded and compiled but not started.
pub(crate) struct Parts {
    script: String,
    /// The compiled modules: the engine's, and the pack's if there is one.
    modules: Array,
    /// The prose of the rule pages, which comes with it.
    pub(crate) pages: Pages,
}

/// Waits for what `boot.js` fetches: the engine's glue, its compiled module, the rule pages; and where
/// somebody asked for it, glue and module of the pack for shell scripts.
pub(crate) async fn load(parts: Promise) -> Result<Parts, String> {
    let parts = JsFuture::from(parts).await.map_err(|it| dom::message(&it))?;
    let parts = Array::from(&parts);
    let text = |index| parts.get(index).as_string().unwrap_or_default();
    let (mut script, modules) = (text(0), Array::of1(&parts.get(1)));
    if parts.length() > 3 {
        script = format!("{script}{}{}{}", PACK.0, text(3), PACK.1);
        modules.push(&parts.get(4));
    }
    Ok(Parts { script, modules, pages: Pages(text(2)) })
}

/// Starts workers, and talks to the newest one.
pub(crate) struct Port {
    url: JsValue,
    modules: Array,
    act: Callback<Action>,
    worker: Option<Listening>,
    posted_at: std::rc::Rc<std::cell::Cell<f64>>,
}

/// A worker with the closures it calls.
struct Listening {
    worker: Worker,
    /// One computes digests for it and one reads ahead, once there are files to read.
    helpers: std::cell::RefCell<Vec<(Worker, OnError)>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: OnError,
}

/// What is called when a worker ends.
type OnError = Closure<dyn FnMut(ErrorEvent)>;

impl Drop for Listening {
    fn drop(&mut self) {
        // A message may be under way already; it must not meet a closure that is gone.
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
        for (helper, _on_error) in self.helpers.take() {
            helper.set_onerror(None);
            helper.terminate();
        }
    }
}

impl Port {
    /// Prepares the worker's address. Nothing is started.
    pub(crate) fn new(
        parts: &Parts,
        bless: &Function,
        act: Callback<Action>,
    ) -> Result<Self, String> {
        let url = || {
            let text = Array::of1(&JsValue::from_str(&format!("{}{SHIM}", parts.script)));
            let options = BlobPropertyBag::new();
            options.set_type("text/javascript");
            let blob = Blob::new_with_str_sequence_and_options(&text, &options)?;
            let url = Url::create_object_url_with_blob(&blob)?;
            bless.call1(&JsValue::UNDEFINED, &JsValue::from_str(&url))
        };
        let url = url().map_err(|it| dom::message(&it))?;
        let modules = parts.modules.clone();
        Ok(Self { url, modules, act, worker: None, posted_at: Default::default() })
    }

    /// Starts a worker; an earlier one ends.
    pub(crate) fn start(&mut self) {
        self.stop();
        match self.listen() {
            Ok(it) => self.worker = Some(it),
            Err(error) => self.act.emit(Action::NotLoaded(dom::message(&error))),
        }
    }

    /// Ends the worker.
    pub(crate) fn stop(&mut self) {
        self.worker = None;
    }

    /// Posts a message with the files that belong to it.
    pub(crate) fn post(&self, ask: &Ask, files: &[File]) {
        let (Some(it), Ok(text)) = (&self.worker, ask.to_text()) else { return };
        if !files.is_empty()
            && it.helpers.borrow().is_empty()
            && let Err(error) = self.help(it)
        {
            return self.act.emit(Action::Died(dom::message(&error)));
        }
        let message: Array = files.iter().collect();
        message.unshift(&JsValue::from_str(&text));
        self.posted_at.set(now());
        if let Err(error) = it.worker.post_message(&message) {
            self.act.emit(Action::Died(dom::message(&error)));
        }
    }

    fn listen(&self) -> Result<Listening, JsValue> {
        let worker: Worker = BlessedWorker::new(&self.url)?.into();
        let (act, posted_at) = (self.act.clone(), self.posted_at.clone());
        let on_message = Closure::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let millis = (now() - posted_at.get()).max(0.0).round() as u32;
            act.emit(match Tell::from_text(text) {
                Some(tell) => Action::Told(Box::new(tell), millis),
                None => Action::Died("a message that was not understood".to_owned()),
            });
        });
        let act = self.act.clone();
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            act.emit(Action::Died(event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.post_message(&self.modules)?;
        let helpers = Default::default();
        Ok(Listening { worker, helpers, _on_message: on_message, _on_error: on_error })
    }

    /// Starts the workers that help another one.
    fn help(&self, engine: &Listening) -> Result<(), JsValue> {
        let ports = Array::new();
        for (number, module) in [self.modules.get(0), JsValue::UNDEFINED].into_iter().enumerate() {
            let helper: Worker = BlessedWorker::new(&self.url)?.into();
            let worker = engine.worker.clone();
            let on_error = OnError::new(move |event: ErrorEvent| {
                event.prevent_default();
                // It does without from then on.
                let _ = worker.post_message(&Array::of2(&JsValue::NULL, &number.into()));
            });
            helper.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            let channel = MessageChannel::new()?;
            let (here, there) = (channel.port1(), channel.port2());
            let first = Array::of2(&module, &here);
            helper.post_message_with_transfer(&first, &Array::of1(&here))?;
            ports.push(&there);
            engine.helpers.borrow_mut().push((helper, on_error));
        }
        engine.worker.post_message_with_transfer(&ports, &ports)
    }
}

fn now() -> f64 {
    dom::window().performance().map_or(0.0, |it| it.now())
}
