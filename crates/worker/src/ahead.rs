//! Reading ahead on another thread: a worker that does nothing but read pieces of files and hand
//! their bytes over. The engine's own reads would wait for the browser each time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{File, MessageEvent, MessagePort};

/// Bytes of a piece: four megabytes are as fast as sixteen, and leave less behind for the browser to
/// clear away.
pub(crate) const PIECE: usize = 4 << 20;
/// Pieces that are asked for or not used up: what the engine reads in one turn.
const PIECES: usize = 3;

/// A piece of a file.
struct Piece {
    number: f64,
    file: File,
    start: u64,
    end: u64,
    bytes: Bytes,
}

enum Bytes {
    Asked,
    Here(ArrayBuffer),
    /// Whoever reads it here is told why.
    Unreadable,
}

/// The other worker, as this one knows it.
#[derive(Clone)]
pub(crate) struct Reader {
    port: MessagePort,
    /// In the order of their bytes in the file.
    pieces: Rc<RefCell<VecDeque<Piece>>>,
    n_asked: Rc<Cell<f64>>,
    is_gone: Rc<Cell<bool>>,
}

impl Reader {
    /// Talks to it through a port. `wake` is called whenever a piece has come.
    pub(crate) fn new(port: MessagePort, wake: impl Fn() + 'static) -> Self {
        let pieces = Rc::<RefCell<VecDeque<Piece>>>::default();
        let asked = Rc::clone(&pieces);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let message = Array::from(&event.data());
            let number = message.get(0).as_f64();
            // Nobody waits any more for those that are not in the list.
            if let Some(it) = asked.borrow_mut().iter_mut().find(|it| Some(it.number) == number) {
                let bytes = message.get(1).dyn_into();
                it.bytes = bytes.map_or(Bytes::Unreadable, Bytes::Here);
            }
            wake();
        });
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // It lives as long as the worker.
        on_message.forget();
        Self { port, pieces, n_asked: Rc::default(), is_gone: Rc::default() }
    }

    /// Whether reading should pause until the next piece has come.
    pub(crate) fn is_behind(&self) -> bool {
        self.pieces.borrow().front().is_some_and(|it| matches!(it.bytes, Bytes::Asked))
    }

    /// It has come to an end: what it was asked for will never come.
    pub(crate) fn end(&self) {
        self.is_gone.set(true);
        self.forget();
    }

    /// Forgets all pieces.
    pub(crate) fn forget(&self) {
        self.pieces.borrow_mut().clear();
    }

    /// At most so many bytes of a file, if they were read ahead; then the next ones are asked for.
    pub(crate) fn take(&self, file: &File, start: u64, most: usize) -> Option<Uint8Array> {
        let mut pieces = self.pieces.borrow_mut();
        // What was jumped over is not wanted any more.
        while let Some(it) = pieces.front()
            && (it.file != *file || !(it.start..it.end).contains(&start))
        {
            pieces.pop_front();
        }
        let piece = pieces.front()?;
        let Bytes::Here(bytes) = &piece.bytes else { return None };
        let from = u32::try_from(start - piece.start).ok()?;
        let length = bytes.byte_length().checked_sub(from)?.min(u32::try_from(most).ok()?);
        let taken = Uint8Array::new_with_byte_offset_and_length(bytes, from, length);
        let (end, is_used_up) = (piece.end, start + u64::from(length) >= piece.end);
        drop(pieces);
        if is_used_up {
            self.ask(file, end);
            self.pieces.borrow_mut().pop_front();
        }
        (length > 0).then_some(taken)
    }

    /// Asks for pieces of a file, from `start` on or behind those that are asked for already.
    pub(crate) fn ask(&self, file: &File, start: u64) {
        let mut pieces = self.pieces.borrow_mut();
        let size = file.size() as u64;
        let mut start = pieces.back().map_or(start, |it| it.end);
        // One of them may be used up.
        while pieces.len() <= PIECES && start < size && !self.is_gone.get() {
            let end = size.min(start + PIECE as u64);
            let number = self.n_asked.get() + 1.0;
            self.n_asked.set(number);
            let message =
                Array::of4(&number.into(), file, &(start as f64).into(), &(end as f64).into());
            self.port.post_message(&message).unwrap_throw();
            pieces.push_back(Piece { number, file: file.clone(), start, end, bytes: Bytes::Asked });
            start = end;
        }
    }
}
