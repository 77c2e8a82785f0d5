//! Texts in links: a session, packed into as few bytes as can be.
//!
//! A Dockerfile is short, and what general packers know of it is nothing. So a model that has read a text like
//! it ([`PRIMER`]) guesses each bit from what stands before, and an arithmetic coder writes down only by how
//! much it was wrong. There are whole numbers only, and nothing is left to the machine: what one browser has
//! packed every other one unpacks. The primer and every number here are therefore part of the format.

mod model;

use model::Model;

/// The longest text that is packed or unpacked, in bytes. What was made to burst ends here.
pub const LONGEST: usize = 1 << 17;

/// What the model reads first: phrases of Dockerfiles, as a session writes them.
const PRIMER: &str = include_str!("link/primer.txt");

/// No session has this byte, since JSON escapes it.
const END: u8 = 0;

/// Packs a text without NUL; nothing if it has one, or is longer than [`LONGEST`].
pub fn pack(text: &str) -> Option<Vec<u8>> {
    if text.len() > LONGEST || text.bytes().any(|it| it == END) {
        return None;
    }
    let mut model = primed();
    let mut range = Range::default();
    let mut out = Vec::new();
    for byte in text.bytes().chain([END]) {
        for at in (0..8).rev() {
            let bit = byte >> at & 1 == 1;
            range.narrow(model.odds(), bit);
            model.learn(bit);
            while let Some(it) = range.settled() {
                out.push(it);
            }
        }
    }
    // One byte more tells the rest from everything else in the range; what is missing is read as zeros.
    out.push((range.low >> 24) as u8 + u8::from(range.low << 8 != 0));
    while out.last() == Some(&0) {
        out.pop();
    }
    Some(out)
}

/// Unpacks what [`pack`] made; nothing if it comes to no end, or is not text. Anything else unpacks to some
/// text, which whoever reads it has to look at.
pub fn unpack(packed: &[u8]) -> Option<String> {
    unpack_within(packed, LONGEST)
}

fn unpack_within(packed: &[u8], longest: usize) -> Option<String> {
    let mut model = primed();
    let mut range = Range::default();
    let mut rest = packed.iter().copied();
    let mut more = || u32::from(rest.next().unwrap_or_default());
    let mut code = (0..4).fold(0, |code, _| code << 8 | more());
    let mut out = Vec::new();
    loop {
        let mut byte = 0;
        for _ in 0..8 {
            let bit = code <= range.middle(model.odds());
            range.narrow(model.odds(), bit);
            model.learn(bit);
            while range.settled().is_some() {
                code = code << 8 | more();
            }
            byte = byte << 1 | u8::from(bit);
        }
        if byte == END {
            return String::from_utf8(out).ok();
        }
        if out.len() == longest {
            return None;
        }
        out.push(byte);
    }
}

fn primed() -> Model {
    let mut model = Model::default();
    for byte in PRIMER.bytes() {
        (0..8).rev().for_each(|at| model.learn(byte >> at & 1 == 1));
    }
    model
}

/// The numbers that all begin with what was written so far.
#[derive(Debug)]
struct Range {
    low: u32,
    high: u32,
}

impl Default for Range {
    fn default() -> Self {
        Self { low: 0, high: u32::MAX }
    }
}

impl Range {
    /// The last number of the part for a one, which is as large as a one is likely. `odds`: of 4,096.
    fn middle(&self, odds: u32) -> u32 {
        let width = u64::from(self.high - self.low);
        self.low + ((width * u64::from(odds)) >> 12) as u32
    }

    fn narrow(&mut self, odds: u32, bit: bool) {
        let middle = self.middle(odds);
        if bit { self.high = middle } else { self.low = middle + 1 }
    }

    /// The first byte, once it is the same for all of them.
    fn settled(&mut self) -> Option<u8> {
        let same = self.low >> 24 == self.high >> 24;
        same.then(|| {
            let byte = (self.low >> 24) as u8;
            self.low <<= 8;
            self.high = self.high << 8 | 0xff;
            byte
        })
    }
}

#[cfg(test)]
mod tests;
