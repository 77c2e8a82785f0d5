//! The port to the page. A message is a list: the question as JSON text, then the files it speaks
//! of by their index.
//!
//! Work that takes long is done in turns, between which messages are heard: so reading can be
//! stopped, and what was read is still there. Questions are answered one after the other.
//!
//! A defect ends the worker, and the page starts another one: after a panic nothing in this memory
//! can be trusted.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::panic::PanicHookInfo;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use image::Next;
use js_sys::WebAssembly::Memory;
use js_sys::{Array, ArrayBuffer, Date};
use report::wire::{Ask, Content, Handed, Tell};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt, throw_str};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageChannel, MessageEvent, MessagePort};

use crate::ahead::Reader;
use crate::answer::{self, Desk, Job, Read};
use crate::beside::Helper;
use crate::browse::Window;
use crate::{compare, file, pack};

/// Says hello, and answers every message from then on. `shell`: whether the pack for shell scripts
/// was loaded too.
pub(crate) fn serve(shell: bool) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let desk = Desk::new(shell.then(pack::linter));
    let ready = answer::ready(desk.shell);
    let channel = MessageChannel::new().unwrap_throw();
    let office = Rc::new(Office {
        page: scope.clone(),
        bell: channel.port2(),
        doing: RefCell::new(Doing::Nothing(Box::new(desk))),
        asked: RefCell::default(),
        stop: Rc::default(),
        helpers: RefCell::default(),
        is_asleep: Cell::default(),
    });
    let next = Rc::clone(&office);
    let on_bell = Closure::<dyn FnMut()>::new(move || next.turn());
    channel.port1().set_onmessage(Some(on_bell.as_ref().unchecked_ref()));
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        office.hear(&event.data());
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The closures live as long as the worker.
    on_bell.forget();
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
/// How long a turn takes, in milliseconds: a page that wants it to stop waits no longer, and ringing
/// costs nothing beside it.
const TURN: f64 = 40.0;

/// A question with the files that belong to it.
struct Question {
    ask: Ask,
    parts: Array,
}

enum Doing {
    Nothing(Box<Desk>),
    Answering(Pin<Box<dyn Future<Output = Box<Desk>>>>),
    /// A turn has it.
    Taken,
}

/// Answers one question after the other, in turns.
struct Office {
    page: DedicatedWorkerGlobalScope,
    /// Rings for the next turn, behind all messages that have come meanwhile.
    bell: MessagePort,
    doing: RefCell<Doing>,
    asked: RefCell<VecDeque<Question>>,
    /// Whether what is being done is to stop.
    stop: Rc<Cell<bool>>,
    helpers: RefCell<Helpers>,
    /// Whether the next turn is for another worker to call.
    is_asleep: Cell<bool>,
}

/// Other workers, which are there once there are files to read.
#[derive(Clone, Default)]
struct Helpers {
    digests: Option<Helper>,
    reader: Option<Reader>,
}

impl Helpers {
    /// Whether this worker has to wait for another one.
    fn are_behind(&self) -> bool {
        self.digests.as_ref().is_some_and(Helper::is_behind)
            || self.reader.as_ref().is_some_and(Reader::is_behind)
    }

    /// One of them has come to an end, by its number in the order in which they came.
    fn end(&self, number: Option<f64>) {
        let Some((digests, reader)) = self.digests.as_ref().zip(self.reader.as_ref()) else {
            return;
        };
        if number == Some(0.0) { digests.end() } else { reader.end() }
    }
}

impl Office {
    fn hear(self: &Rc<Self>, message: &JsValue) {
        let parts = Array::from(message);
        let wake = || {
            let office = Rc::clone(self);
            move || office.wake()
        };
        if let (Ok(digests), Ok(reader)) = (parts.get(0).dyn_into(), parts.get(1).dyn_into()) {
            let digests = Some(Helper::new(digests, wake()));
            let reader = Some(Reader::new(reader, wake()));
            self.helpers.replace(Helpers { digests, reader });
            return;
        }
        if parts.get(0).is_null() {
            self.helpers.borrow().end(parts.get(1).as_f64());
            return self.wake();
        }
        match Ask::from_text(&parts.get(0).as_string().unwrap_or_default()) {
            Ok(Ask::Stop) => {
                self.stop.set(true);
                self.wake();
            }
            Ok(ask) => {
                self.asked.borrow_mut().push_back(Question { ask, parts });
                if matches!(*self.doing.borrow(), Doing::Nothing(_)) {
                    self.turn();
                }
            }
            // The page and its worker are of one build; this is a defect.
            Err(_) => throw_str("a message that is not understood"),
        }
    }

    /// Goes on, if it waited for another worker.
    fn wake(&self) {
        if self.is_asleep.replace(false) {
            self.turn();
        }
    }

    fn turn(&self) {
        loop {
            let doing = self.doing.replace(Doing::Taken);
            let mut work = match doing {
                Doing::Answering(it) => it,
                Doing::Nothing(desk) => {
                    let Some(question) = self.asked.borrow_mut().pop_front() else {
                        self.doing.replace(Doing::Nothing(desk));
                        return;
                    };
                    self.stop.set(false);
                    let (page, stop) = (self.page.clone(), Rc::clone(&self.stop));
                    let helpers = self.helpers.borrow().clone();
                    Box::pin(answered(desk, question, page, stop, helpers))
                }
                Doing::Taken => return,
            };
            match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(desk) => drop(self.doing.replace(Doing::Nothing(desk))),
                Poll::Pending => {
                    self.doing.replace(Doing::Answering(work));
                    // Who is behind says something before long.
                    if self.helpers.borrow().are_behind() && !self.stop.get() {
                        return self.is_asleep.set(true);
                    }
                    return self.bell.post_message(&JsValue::NULL).unwrap_throw();
                }
            }
        }
    }
}

async fn answered(
    mut desk: Box<Desk>,
    Question { ask, parts }: Question,
    page: DedicatedWorkerGlobalScope,
    stop: Rc<Cell<bool>>,
    helpers: Helpers,
) -> Box<Desk> {
    desk.beside = helpers.digests.clone().map(|it| Rc::new(move || it.stream()) as Rc<_>);
    let (mut told_at, mut turned_at) = (Date::now(), Date::now());
    let mut watch = |it: Option<Tell>| {
        if stop.get() {
            return Next::Stop;
        }
        let now = Date::now();
        if let Some(it) = it.filter(|_| now - told_at >= PROGRESS) {
            told_at = now;
            tell(&page, &it);
        }
        if now - turned_at < TURN && !helpers.are_behind() {
            return Next::On;
        }
        turned_at = now;
        Next::Pause
    };
    let contents = |documents: &[Handed]| -> Vec<Read> {
        documents.iter().map(|it| content(it, &parts, helpers.reader.as_ref())).collect()
    };
    let answer = match ask {
        Ask::Check { job, revision, today, documents, choices, want, cancelled } => {
            let contents = contents(&documents);
            let job = Job { number: job, revision, today, documents, choices, want, cancelled };
            let answer = desk.answer(&job, &contents, &mut watch).await;
            tell(&page, &Tell::Memory(memory()));
            answer
        }
        Ask::Compare { job, today, old, new } => {
            let [old, new] = [old, new].map(|documents| {
                let contents = contents(&documents);
                (documents, contents)
            });
            compare::compare(job, today, old, new, desk.shell, &mut watch).await
        }
        Ask::Browse { browse, first, count } => {
            desk.browse(&browse, Window { first, count }, &mut watch).await
        }
        Ask::Stop => return desk,
    };
    tell(&page, &answer);
    if let Some(it) = &helpers.reader {
        it.forget();
    }
    desk
}

/// Bytes of this memory.
fn memory() -> u64 {
    let memory: Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: ArrayBuffer = memory.buffer().unchecked_into();
    u64::from(buffer.byte_length())
}

fn content(handed: &Handed, parts: &Array, ahead: Option<&Reader>) -> Read {
    match &handed.content {
        Content::Text(text) => Read::Bytes(text.as_bytes().to_vec()),
        Content::File(index) => {
            let file = parts.get(index.saturating_add(1));
            let read = |it| file::read(it, ahead);
            file.dyn_ref::<File>().map_or(Read::Failed, read)
        }
    }
}
