//! The engine in a browser worker: the port, and files as bytes. No document, no network, no
//! parser and no rule of its own.

mod ahead;
mod answer;
mod beside;
mod browse;
mod chosen;
mod compare;
mod file;
mod pack;
mod port;

use wasm_bindgen::prelude::wasm_bindgen;

/// Starts serving. The page calls this once, after it has handed over the compiled module. `shell`:
/// whether it has handed over the one for shell scripts too.
#[wasm_bindgen]
pub fn run(shell: bool) {
    std::panic::set_hook(Box::new(port::report_panic));
    port::serve(shell);
}

/// Starts computing digests for another worker, to which the port leads.
#[wasm_bindgen]
pub fn help(port: web_sys::MessagePort) {
    std::panic::set_hook(Box::new(port::report_panic));
    beside::help(port);
}
