//! Digests of streams: SHA-256 for blobs and layers, a fast sum to tell equal files.

use std::task::Poll;

use sha2::{Digest as _, Sha256};

use crate::bytes::hex;
use crate::turns;

/// Computes SHA-256 as bytes come.
#[derive(Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all of them.
    pub fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Somebody who computes SHA-256 beside the reading: in a browser that takes longer than anything else,
/// and another worker can do it meanwhile.
pub trait Beside {
    /// Takes the next bytes.
    fn update(&mut self, bytes: &[u8]);

    /// No more bytes come. It is dropped before that where nobody wants to know any more.
    fn end(&mut self);

    /// The digest of all bytes, once it is there; nothing when it will never be. Asked again after a
    /// pause.
    fn digest(&mut self) -> Poll<Option<[u8; 32]>>;
}

/// Makes somebody for each stream, as long as there is somebody.
pub(crate) type MakeBeside = dyn Fn() -> Option<Box<dyn Beside>>;

/// Computes a digest as the bytes pass by.
pub(crate) enum Digester {
    /// Here.
    Here(Box<Hasher>),
    /// Elsewhere.
    Beside(Box<dyn Beside>),
}

impl Digester {
    pub(crate) fn new(beside: Option<&MakeBeside>) -> Self {
        let beside = beside.and_then(|make| make());
        beside.map_or_else(|| Self::Here(Box::default()), Self::Beside)
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Here(it) => it.update(bytes),
            Self::Beside(it) => it.update(bytes),
        }
    }

    /// No more bytes come.
    pub(crate) fn end(&mut self) {
        if let Self::Beside(it) = self {
            it.end();
        }
    }

    /// The digest in the form of the OCI image specification, "Digests": `sha256:` and hex digits.
    /// Nothing if whoever computed it elsewhere is gone.
    pub(crate) async fn finish(self) -> Option<Box<str>> {
        let digest = match self {
            Self::Here(it) => Some(it.digest()),
            Self::Beside(mut it) => loop {
                match it.digest() {
                    Poll::Ready(digest) => break digest,
                    Poll::Pending => turns::pause().await,
                }
            },
        };
        digest.map(|it| written(&it))
    }
}

fn written(digest: &[u8]) -> Box<str> {
    format!("sha256:{}", hex(digest)).into()
}

/// The digest of a short text.
pub(crate) fn digest_of(bytes: &[u8]) -> Box<str> {
    written(&Sha256::digest(bytes))
}

/// XXH64 with seed 0, after the xxHash specification 0.1.1: tells equal contents from others,
/// proves nothing against someone who wants two files to look equal.
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    lanes: [u64; 4],
    held: [u8; 32],
    n_held: usize,
    total: u64,
}

const P1: u64 = 0x9e37_79b1_85eb_ca87;
const P2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const P3: u64 = 0x1656_67b1_9e37_79f9;
const P4: u64 = 0x85eb_ca77_c2b2_ae63;
const P5: u64 = 0x27d4_eb2f_1656_67c5;

impl Sum {
    pub(crate) fn new() -> Self {
        let lanes = [P1.wrapping_add(P2), P2, 0, 0_u64.wrapping_sub(P1)];
        Self { lanes, held: [0; 32], n_held: 0, total: 0 }
    }

    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        self.total = self.total.wrapping_add(bytes.len() as u64);
        if self.n_held > 0 {
            let taken = bytes.len().min(32 - self.n_held);
            let (head, rest) = bytes.split_at(taken);
            if let Some(room) = self.held.get_mut(self.n_held..self.n_held + taken) {
                room.copy_from_slice(head);
            }
            self.n_held += taken;
            bytes = rest;
            if self.n_held < 32 {
                return;
            }
            let held = self.held;
            self.stripe(&held);
            self.n_held = 0;
        }
        let (stripes, rest) = bytes.as_chunks::<32>();
        for it in stripes {
            self.stripe(it);
        }
        if let Some(room) = self.held.get_mut(..rest.len()) {
            room.copy_from_slice(rest);
        }
        self.n_held = rest.len();
    }

    fn stripe(&mut self, stripe: &[u8; 32]) {
        let (words, _) = stripe.as_chunks::<8>();
        for (lane, word) in self.lanes.iter_mut().zip(words) {
            *lane = round(*lane, u64::from_le_bytes(*word));
        }
    }

    pub(crate) fn finish(&self) -> u64 {
        let mut sum = if self.total >= 32 {
            let [a, b, c, d] = self.lanes;
            let mixed = a
                .rotate_left(1)
                .wrapping_add(b.rotate_left(7))
                .wrapping_add(c.rotate_left(12))
                .wrapping_add(d.rotate_left(18));
            self.lanes
                .iter()
                .fold(mixed, |it, lane| (it ^ round(0, *lane)).wrapping_mul(P1).wrapping_add(P4))
        } else {
            P5
        };
        sum = sum.wrapping_add(self.total);
        let held = self.held.get(..self.n_held).unwrap_or_default();
        let (words, rest) = held.as_chunks::<8>();
        for word in words {
            sum ^= round(0, u64::from_le_bytes(*word));
            sum = sum.rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
        }
        let (halves, rest) = rest.as_chunks::<4>();
        for half in halves {
            sum ^= u64::from(u32::from_le_bytes(*half)).wrapping_mul(P1);
            sum = sum.rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
        }
        for byte in rest {
            sum ^= u64::from(*byte).wrapping_mul(P5);
            sum = sum.rotate_left(11).wrapping_mul(P1);
        }
        sum = (sum ^ (sum >> 33)).wrapping_mul(P2);
        sum = (sum ^ (sum >> 29)).wrapping_mul(P3);
        sum ^ (sum >> 32)
    }
}

fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(bytes: &[u8]) -> u64 {
        let mut it = Sum::new();
        it.update(bytes);
        it.finish()
    }

    #[test]
    fn known_sums() {
        assert_eq!(sum(b""), 0xef46_db37_51d8_e999);
        assert_eq!(sum(b"a"), 0xd24e_c4f1_a98c_6e5b);
        assert_eq!(sum(b"abc"), 0x44bc_2cf5_ad77_0999);
        let long = b"Nobody inspects the spammish repetition";
        assert_eq!(sum(long), 0xfbce_a83c_8a37_8bf1);
    }

    #[test]
    fn pieces_make_no_difference() {
        let bytes: Vec<u8> = (0..=255).cycle().take(1000).collect();
        for size in [1, 7, 31, 32, 33, 999] {
            let mut it = Sum::new();
            bytes.chunks(size).for_each(|piece| it.update(piece));
            assert_eq!(it.finish(), sum(&bytes), "{size}");
        }
    }

    #[test]
    fn the_digest_of_nothing() {
        let nothing = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(&*digest_of(b""), nothing);
    }
}
