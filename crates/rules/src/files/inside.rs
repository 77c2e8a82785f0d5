//! An image that was read and can be looked around in: its table of entries and the two views of it.

use std::sync::Arc;

use image::{Contents, Squashed};

use super::Files;

/// A saved image after it was read.
#[derive(Debug)]
pub struct Inside {
    /// Its number in the archive.
    pub image: usize,
    /// What its layers hold.
    pub contents: Contents,
    /// What containers have of it.
    pub squashed: Squashed,
    /// What rules were told of it.
    pub files: Arc<Files>,
}

impl Inside {
    pub(super) fn new(
        image: usize,
        contents: Contents,
        squashed: Squashed,
        files: Arc<Files>,
    ) -> Self {
        Self { image, contents, squashed, files }
    }
}
