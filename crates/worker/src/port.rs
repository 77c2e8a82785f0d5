//! The port to the page. A message is a list: the question as JSON text, then the files it speaks
//! of by their index.
//!
//! A defect ends the worker, and the page starts another one: after a panic nothing in this memory
//! can be trusted.

use std::panic::PanicHookInfo;

use js_sys::Array;
use report::wire::{Ask, Content, Handed, Tell};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt, throw_str};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

use crate::answer::{self, Desk, Job, Read};
use crate::browse::Window;
use crate::{file, pack};

/// Says hello, and answers every message from then on. `shell`: whether the pack for shell scripts
/// was loaded too.
pub(crate) fn serve(shell: bool) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = scope.clone();
    let mut desk = Desk::new(shell.then(pack::linter));
    let ready = answer::ready(desk.shell);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let answer = answer(&mut desk, &port, &event.data());
        tell(&port, &answer);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closure lives as long as the worker.
    on_message.forget();
    tell(&scope, &ready);
}

/// Leaves by an exception, which reaches the page as the worker's end. Only the place in the code
/// goes with it: a panic's message may quote the input.
pub(crate) fn report_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|it| format!("{}:{}", it.file(), it.line()));
    throw_str(&place.unwrap_or_default());
}

fn tell(port: &DedicatedWorkerGlobalScope, tell: &Tell) {
    let text = tell.to_text().unwrap_or_else(|_| throw_str("a report that cannot be written"));
    port.post_message(&JsValue::from_str(&text)).unwrap_throw();
}

/// A page that is told more often has no time for anything else, in milliseconds.
const PROGRESS: f64 = 100.0;

fn answer(desk: &mut Desk, port: &DedicatedWorkerGlobalScope, message: &JsValue) -> Tell {
    let parts = Array::from(message);
    let text = parts.get(0).as_string().unwrap_or_default();
    match Ask::from_text(&text) {
        Ok(Ask::Check { job, revision, today, documents, choices, want, cancelled }) => {
            let contents: Vec<Read> = documents.iter().map(|it| content(it, &parts)).collect();
            let job = Job { number: job, revision, today, documents, choices, want, cancelled };
            let mut told_at = js_sys::Date::now();
            desk.answer(&job, &contents, &mut |it| {
                let now = js_sys::Date::now();
                if now - told_at >= PROGRESS {
                    told_at = now;
                    tell(port, &it);
                }
            })
        }
        Ok(Ask::Compare { job, today, old, new }) => {
            let [old, new] = [old, new].map(|documents| {
                let contents: Vec<Read> = documents.iter().map(|it| content(it, &parts)).collect();
                (documents, contents)
            });
            answer::compare(job, today, old, new, desk.shell)
        }
        Ok(Ask::Browse { browse, first, count }) => desk.browse(&browse, Window { first, count }),
        // The page and its worker are of one build; this is a defect.
        Err(_) => throw_str("a message that is not understood"),
    }
}

fn content(handed: &Handed, parts: &Array) -> Read {
    match &handed.content {
        Content::Text(text) => Read::Bytes(text.as_bytes().to_vec()),
        Content::File(index) => {
            let file = parts.get(index.saturating_add(1));
            file.dyn_ref::<File>().map_or(Read::Failed, file::read)
        }
    }
}
