//! Saved images on the page: how far reading one is, and looking around in its layers.

pub(crate) mod progress;
