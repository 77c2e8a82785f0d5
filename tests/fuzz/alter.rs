//! Random changes to inputs.

/// Numbers that are the same in every run with the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap_or_default() % end.max(1)
    }

    fn byte(&mut self) -> u8 {
        (self.next() & 255) as u8
    }
}

/// What is put into inputs as a whole, because bytes alone would hardly ever make it.
pub(crate) struct Words(Vec<Vec<u8>>);

impl Words {
    pub(crate) fn new(words: Vec<Vec<u8>>) -> Self {
        Self(words)
    }
}

/// Bytes that mean something to one reader or another.
const SIGNS: &[u8] = b"\0\t\n\r \"'\\=:,;.-_/$#@{}[]()<>|&%~`+*!?^\x7f\x80\xc3\xff";

/// Makes an input of one or two of the pool, at most `longest` bytes.
pub(crate) fn alter(
    pool: &[Vec<u8>],
    words: &Words,
    longest: usize,
    random: &mut Random,
    out: &mut Vec<u8>,
) {
    let pick = |random: &mut Random| pool.get(random.below(pool.len())).map_or(&[][..], |it| it);
    out.clear();
    out.extend_from_slice(pick(random));
    let count = 1 << random.below(5);
    for _ in 0..count {
        let at = random.below(out.len() + 1);
        let scale = random.below(8);
        let span = at..(at + random.below(1 << scale)).min(out.len());
        match random.below(9) {
            0 | 1 => {
                let word = words.0.get(random.below(words.0.len()));
                out.splice(at..at, word.into_iter().flatten().copied());
            }
            2 => {
                if let Some(it) = out.get_mut(at) {
                    *it = random.byte();
                }
            }
            3 => out
                .splice(at..at, [SIGNS.get(random.below(SIGNS.len())).copied().unwrap_or(0)])
                .for_each(drop),
            4 => out.drain(span).for_each(drop),
            5 => {
                let piece: Vec<u8> = out.get(span).unwrap_or_default().to_vec();
                let times = 1 + random.below(4);
                out.splice(at..at, piece.iter().copied().cycle().take(piece.len() * times));
            }
            6 => {
                let other = pick(random);
                let from = random.below(other.len());
                let piece = other.get(from..).unwrap_or_default();
                let piece = piece.get(..random.below(piece.len() + 1)).unwrap_or_default();
                out.splice(at..at, piece.iter().copied());
            }
            7 => {
                if let Some(it) = out.get_mut(at) {
                    *it ^= 1 << random.below(8);
                }
            }
            _ => out.truncate(at),
        }
        out.truncate(longest);
    }
}
