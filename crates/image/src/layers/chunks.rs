//! A growing list that never moves what it holds once it is large.
//!
//! A vector that doubles needs three times its size for a moment, and memory of WebAssembly never
//! shrinks. A million entries are kept in pieces instead.

/// Items of the list are kept in pieces of this many.
const PIECE: usize = 1 << 14;

/// A list in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Chunks<T> {
    pieces: Vec<Vec<T>>,
    length: u32,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), length: 0 }
    }
}

impl<T> Chunks<T> {
    pub(crate) fn len(&self) -> u32 {
        self.length
    }

    /// Adds an item and gives its number. The first piece grows as it must, later ones are made
    /// in one go.
    pub(crate) fn push(&mut self, item: T) -> u32 {
        if self.pieces.last().is_none_or(|it| it.len() == PIECE) {
            let room = if self.pieces.is_empty() { 0 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(item);
        }
        self.length += 1;
        self.length - 1
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.pieces.get(number as usize / PIECE)?.get(number as usize % PIECE)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.pieces.get_mut(number as usize / PIECE)?.get_mut(number as usize % PIECE)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.pieces.iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_positions() {
        let mut list = Chunks::default();
        for it in 0..100_000_u32 {
            assert_eq!(list.push(it), it);
        }
        assert_eq!(list.len(), 100_000);
        assert_eq!(list.get(99_999), Some(&99_999));
        assert_eq!(list.get(100_000), None);
        *list.get_mut(50_000).unwrap() = 7;
        assert!(list.iter().copied().eq((0..100_000).map(|it| if it == 50_000 { 7 } else { it })));
    }
}
