//! A file as bytes: whole, or piece by piece if it is a saved image. Reading is synchronous, which
//! only a worker may do.

use std::io;
use std::rc::Rc;

use image::Source;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{File, FileReaderSync};

use crate::ahead::{PIECE, Reader};
use crate::answer::{LONGEST, Read};

/// Who reads so many bytes at once goes on after them.
const MUCH: usize = 1 << 20;

/// Reads a file, unless it is too long. A saved image may have any length, since it is only opened.
/// `ahead`: who reads ahead, if there is somebody.
pub(crate) fn read(file: &File, ahead: Option<&Reader>) -> Read {
    let Ok(reader) = FileReaderSync::new() else { return Read::Failed };
    let pieces = Pieces { file: file.clone(), reader, ahead: ahead.cloned() };
    let mut head = vec![0; image::HEAD];
    let Ok(filled) = pieces.read_at(0, &mut head) else { return Read::Failed };
    head.truncate(filled);
    if image::is_archive(&head) {
        return Read::Saved(Rc::new(pieces));
    }
    let length = pieces.size();
    if length > LONGEST {
        return Read::TooLong(length);
    }
    pieces.whole().map_or(Read::Failed, Read::Bytes)
}

/// The bytes of a file, of which pieces are read.
struct Pieces {
    file: File,
    reader: FileReaderSync,
    ahead: Option<Reader>,
}

impl Pieces {
    fn piece(&self, start: u64, length: usize) -> io::Result<Uint8Array> {
        // The platform counts bytes of files as floating point numbers, which are exact here.
        let (from, to) = (start as f64, (start + length as u64) as f64);
        let slice = self.file.slice_with_f64_and_f64(from, to).map_err(gone)?;
        self.reader.read_as_array_buffer(&slice).map(|it| Uint8Array::new(&it)).map_err(gone)
    }

    fn whole(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.size() as usize);
        while (bytes.len() as u64) < self.size() {
            let piece = self.piece(bytes.len() as u64, PIECE)?;
            if piece.length() == 0 {
                return Err(gone(JsValue::UNDEFINED));
            }
            bytes.extend(piece.to_vec());
        }
        Ok(bytes)
    }
}

impl Source for Pieces {
    fn size(&self) -> u64 {
        self.file.size() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(PIECE);
        let ahead = self.ahead.as_ref();
        let piece = match ahead.and_then(|it| it.take(&self.file, offset, length)) {
            Some(it) => it,
            None => {
                let piece = self.piece(offset, length)?;
                if let Some(it) = ahead.filter(|_| length >= MUCH) {
                    it.ask(&self.file, offset + u64::from(piece.length()));
                }
                piece
            }
        };
        let read = piece.length() as usize;
        match buffer.get_mut(..read) {
            Some(room) => piece.copy_to(room),
            None => return Err(gone(JsValue::UNDEFINED)),
        }
        Ok(read)
    }

    fn stride(&self) -> usize {
        PIECE
    }
}

/// What the browser says names the file, and changes with the browser.
fn gone(_: JsValue) -> io::Error {
    io::Error::other("the browser could not read it; it may have changed since it was handed in")
}
