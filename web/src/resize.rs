//! Listening to changes of an element's size.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, ResizeObserver};

/// Listens until it is dropped.
pub(crate) struct Resize {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl Drop for Resize {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Resize {
    /// Calls `resized` whenever the element has another size.
    pub(crate) fn listen(element: &Element, resized: impl FnMut() + 'static) -> Self {
        let closure = Closure::<dyn FnMut()>::new(resized);
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref())
            .expect_throw("every browser with WebAssembly has resize observers");
        observer.observe(element);
        Self { observer, _closure: closure }
    }
}
