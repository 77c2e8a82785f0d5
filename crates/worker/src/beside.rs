//! Digests on another thread: a second worker of the same module that does nothing else. Bytes are copied
//! out of this memory, handed over and counted until that worker says that it has them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::Poll;

use image::{Beside, Hasher};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use web_sys::{MessageEvent, MessagePort};

/// Bytes that are handed over at once: a message costs as much as some ten kilobytes.
const PIECE: usize = 1 << 20;
/// Bytes that may wait for the other worker. They are memory of neither.
const MOST_WAITING: u64 = 16 << 20;

/// What the other worker has said.
#[derive(Default)]
struct Heard {
    /// Bytes that it was given and has not taken yet.
    waiting: Cell<u64>,
    /// Whether a digest was asked for that was not there.
    is_awaited: Cell<bool>,
    /// Whether it has come to an end.
    is_gone: Cell<bool>,
    /// The streams that are through. Few are open at a time, so that a list will do.
    digests: RefCell<Vec<(u32, [u8; 32])>>,
}

/// The other worker, as this one knows it.
#[derive(Clone)]
pub(crate) struct Helper {
    port: MessagePort,
    heard: Rc<Heard>,
    n_streams: Rc<Cell<u32>>,
}

impl Helper {
    /// Talks to it through a port. `wake` is called whenever it has said something.
    pub(crate) fn new(port: MessagePort, wake: impl Fn() + 'static) -> Self {
        let heard = Rc::new(Heard::default());
        let hears = Rc::clone(&heard);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let (stream, what) = parts(&event.data());
            match what.dyn_ref::<Uint8Array>() {
                Some(bytes) => {
                    let mut digest = [0; 32];
                    bytes.copy_to(&mut digest);
                    hears.digests.borrow_mut().push((stream, digest));
                }
                None => {
                    let taken = what.as_f64().unwrap_or_default() as u64;
                    hears.waiting.set(hears.waiting.get().saturating_sub(taken));
                }
            }
            hears.is_awaited.set(false);
            wake();
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // It lives as long as the worker.
        on_message.forget();
        Self { port, heard, n_streams: Rc::default() }
    }

    /// Whether reading should pause until it has caught up.
    pub(crate) fn is_behind(&self) -> bool {
        let heard = &self.heard;
        !heard.is_gone.get() && (heard.waiting.get() > MOST_WAITING || heard.is_awaited.get())
    }

    /// It has come to an end: what it was asked for will never come.
    pub(crate) fn end(&self) {
        self.heard.is_gone.set(true);
    }

    /// A digest of its own, as long as it lives.
    pub(crate) fn stream(&self) -> Option<Box<dyn Beside>> {
        if self.heard.is_gone.get() {
            return None;
        }
        let number = self.n_streams.get();
        self.n_streams.set(number.wrapping_add(1));
        let helper = self.clone();
        Some(Box::new(Stream { helper, number, held: Vec::new(), has_ended: false }))
    }
}

struct Stream {
    helper: Helper,
    number: u32,
    /// What is not handed over yet.
    held: Vec<u8>,
    has_ended: bool,
}

impl Stream {
    fn hand_over(&self, piece: &[u8]) {
        let bytes = Uint8Array::from(piece);
        let waiting = &self.helper.heard.waiting;
        waiting.set(waiting.get() + piece.len() as u64);
        let message = Array::of2(&self.number.into(), &bytes);
        let moved = Array::of1(&bytes.buffer());
        self.helper.port.post_message_with_transferable(&message, &moved).unwrap_throw();
    }
}

impl Beside for Stream {
    fn update(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            if self.held.len() + piece.len() > PIECE {
                self.hand_over(&self.held);
                self.held.clear();
            }
            if piece.len() == PIECE {
                self.hand_over(piece);
            } else {
                self.held.extend_from_slice(piece);
            }
        }
    }

    fn end(&mut self) {
        if self.has_ended {
            return;
        }
        // The digest may be waited for until all layers are read.
        let held = std::mem::take(&mut self.held);
        self.hand_over(&held);
        self.has_ended = true;
        let message = Array::of2(&self.number.into(), &JsValue::NULL);
        self.helper.port.post_message(&message).unwrap_throw();
    }

    fn digest(&mut self) -> Poll<Option<[u8; 32]>> {
        let heard = &self.helper.heard;
        let mut all = heard.digests.borrow_mut();
        match all.iter().position(|it| it.0 == self.number) {
            Some(at) => Poll::Ready(Some(all.swap_remove(at).1)),
            None if heard.is_gone.get() => Poll::Ready(None),
            None => {
                heard.is_awaited.set(true);
                Poll::Pending
            }
        }
    }
}

impl Drop for Stream {
    /// The other worker forgets it, too.
    fn drop(&mut self) {
        self.end();
    }
}

/// Computes digests for another worker, and nothing else.
pub(crate) fn help(port: MessagePort) {
    let mut open: Vec<(u32, Hasher)> = Vec::new();
    let mut piece = Vec::new();
    let answers = port.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let (stream, what) = parts(&event.data());
        let at = open.iter().position(|it| it.0 == stream);
        let mut hasher = at.map(|at| open.swap_remove(at).1).unwrap_or_default();
        let answer: JsValue = match what.dyn_ref::<Uint8Array>() {
            Some(bytes) => {
                piece.resize(bytes.length() as usize, 0);
                bytes.copy_to(&mut piece);
                hasher.update(&piece);
                open.push((stream, hasher));
                bytes.length().into()
            }
            None => Uint8Array::from(&hasher.digest()[..]).into(),
        };
        answers.post_message(&Array::of2(&stream.into(), &answer)).unwrap_throw();
    });
    port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
}

/// The number of a stream, and bytes of it, or what is said of it.
fn parts(message: &JsValue) -> (u32, JsValue) {
    let message = Array::from(message);
    (message.get(0).as_f64().unwrap_or_default() as u32, message.get(1))
}
