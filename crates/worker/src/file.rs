//! A file as bytes. Reading is synchronous, which only a worker may do.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{File, FileReaderSync};

use crate::answer::{LONGEST, Read};

/// Larger slices do not read faster, smaller ones cost a call into the browser each.
const SLICE: f64 = (16 << 20) as f64;

/// Reads a file, unless it is too long.
pub(crate) fn read(file: &File) -> Read {
    let length = file.size();
    if length > LONGEST as f64 {
        return Read::TooLong(length as u64);
    }
    try_read(file, length).map_or(Read::Failed, Read::Bytes)
}

fn try_read(file: &File, length: f64) -> Result<Vec<u8>, JsValue> {
    let reader = FileReaderSync::new()?;
    let mut bytes = Vec::with_capacity(length as usize);
    let mut start = 0.0;
    while start < length {
        let end = (start + SLICE).min(length);
        let slice = file.slice_with_f64_and_f64(start, end)?;
        let buffer = reader.read_as_array_buffer(&slice)?;
        bytes.extend(Uint8Array::new(&buffer).to_vec());
        start = end;
    }
    Ok(bytes)
}
