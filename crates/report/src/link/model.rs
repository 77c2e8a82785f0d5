//! Guesses the next bit of a text: several views of what stands before say how likely a one is, and weights
//! that are learned say how far to believe each. The method is known as context mixing.

use std::array;

/// How many bytes before the next one a view looks at, one view each.
const ORDERS: [u32; 4] = [1, 2, 3, 5];
/// The views, and the one that looks for a longer stretch that stood before.
const VIEWS: usize = ORDERS.len() + 1;
/// Slots of a view.
const SLOTS: usize = 1 << 16;
/// Places where a stretch may have stood before, by its last bytes.
const PLACES: usize = 1 << 14;
/// How many bytes have to be the same for a stretch.
const STRETCH: u32 = 5;
/// Beyond this a stretch is as good as it gets.
const LONG: usize = 31;
/// By how much of 65,536 a slot moves towards what it sees, the first time and later.
const RATES: [i32; 8] = [30_000, 22_000, 14_000, 10_000, 7_000, 5_500, 4_500, 3_600];
/// How fast weights are learned.
const LEARN: i32 = 10;
/// A logistic curve from -8 to 8 in steps of a half, of 4,096.
const CURVE: [i32; 33] = [
    1, 2, 4, 6, 10, 17, 27, 45, 74, 120, 194, 311, 488, 747, 1102, 1546, 2048, 2550, 2994, 3349,
    3608, 3785, 3902, 3976, 4022, 4051, 4069, 4079, 4086, 4090, 4092, 4094, 4095,
];

/// How likely a one is of 65,536, and how often that was seen.
#[derive(Clone, Copy, Debug)]
struct Slot {
    odds: u16,
    seen: u8,
}

impl Slot {
    fn learn(&mut self, bit: bool) {
        let last = RATES.len() - 1;
        let rate = RATES.get(usize::from(self.seen)).or(RATES.last()).copied().unwrap_or_default();
        let odds = i32::from(self.odds);
        let goal = if bit { 65_535 } else { 0 };
        self.odds = (odds + (((goal - odds) * (rate >> 1)) >> 15)) as u16;
        self.seen += u8::from(usize::from(self.seen) < last);
    }
}

/// What is known of the text so far.
#[derive(Debug)]
pub(super) struct Model {
    text: Vec<u8>,
    /// The bits of the next byte so far, behind a one.
    bits: u32,
    /// What stands before the next byte, for each of [`ORDERS`].
    before: [u32; ORDERS.len()],
    slots: Vec<Slot>,
    /// Where in `slots` each view finds its guess; the last one may have none.
    at: [Option<usize>; VIEWS],
    /// The guesses, stretched such that they can be added.
    guesses: [i32; VIEWS],
    weights: Vec<[i32; VIEWS]>,
    /// Where the last bytes stood before: behind them, by their hash.
    places: Vec<usize>,
    /// Where the stretch goes on, and how long it is; nought without one.
    stretch: (usize, usize),
    /// The inverse of the curve, for each of 4,096.
    stretched: Vec<i32>,
    odds: u32,
}

impl Default for Model {
    fn default() -> Self {
        let mut stretched = Vec::with_capacity(4_096);
        for it in -2_047..=2_047 {
            while (stretched.len() as i32) <= curve(it) {
                stretched.push(it);
            }
        }
        stretched.resize(4_096, 2_047);
        let slots = ORDERS.len() * SLOTS + 2 * (LONG + 1);
        let mut model = Self {
            text: Vec::new(),
            bits: 1,
            before: [0; ORDERS.len()],
            slots: vec![Slot { odds: 1 << 15, seen: 0 }; slots],
            at: [None; VIEWS],
            guesses: [0; VIEWS],
            weights: vec![[(1 << 16) / 3; VIEWS]; 2 * 16],
            places: vec![0; PLACES],
            stretch: (0, 0),
            stretched,
            odds: 0,
        };
        model.look_back();
        model.guess();
        model
    }
}

impl Model {
    /// How likely a one is, from 1 to 4,095 of 4,096.
    pub(super) fn odds(&self) -> u32 {
        self.odds
    }

    /// Takes in the next bit.
    pub(super) fn learn(&mut self, bit: bool) {
        let error = (i32::from(bit) << 12) - self.odds as i32;
        let set = self.set();
        if let Some(weights) = self.weights.get_mut(set) {
            for (weight, guess) in weights.iter_mut().zip(self.guesses) {
                // Far beyond what any text leads to, but a hostile one must not overflow it.
                let step = (guess * error * LEARN + 0x2000) >> 14;
                *weight = (*weight + step).clamp(-(1 << 22), 1 << 22);
            }
        }
        for at in self.at.into_iter().flatten() {
            if let Some(it) = self.slots.get_mut(at) {
                it.learn(bit);
            }
        }
        self.bits = self.bits << 1 | u32::from(bit);
        if self.bits >= 256 {
            self.text.push(self.bits as u8);
            self.bits = 1;
            self.look_back();
        }
        self.guess();
    }

    /// What stands before the next byte.
    fn look_back(&mut self) {
        self.before = array::from_fn(|view| {
            let order = ORDERS.get(view).copied().unwrap_or_default();
            hash(order, self.last(order))
        });
        if self.stretch.1 > 0 {
            self.stretch = (self.stretch.0 + 1, self.stretch.1 + 1);
        }
        if self.text.len() < STRETCH as usize {
            return;
        }
        let place = hash(STRETCH, self.last(STRETCH)) as usize >> 18;
        let Some(known) = self.places.get_mut(place) else { return };
        let earlier = std::mem::replace(known, self.text.len());
        if self.stretch.1 == 0 && earlier > 0 {
            let (then, now) = (self.text.iter().take(earlier).rev(), self.text.iter().rev());
            let same = then.zip(now).take(LONG + 1).take_while(|(a, b)| a == b).count();
            if same >= STRETCH as usize {
                self.stretch = (earlier, same);
            }
        }
    }

    /// The last bytes, the newest first.
    fn last(&self, count: u32) -> impl Iterator<Item = u8> {
        self.text.iter().rev().take(count as usize).copied()
    }

    fn guess(&mut self) {
        for (view, before) in self.before.into_iter().enumerate() {
            let slot = mixed(before, self.bits) as usize >> 16;
            self.set_guess(view, Some(view * SLOTS + slot));
        }
        let slot = self.expected().map(|bit| {
            let length = self.stretch.1.min(LONG);
            ORDERS.len() * SLOTS + 2 * length + usize::from(bit)
        });
        if slot.is_none() {
            self.stretch = (0, 0);
        }
        self.set_guess(ORDERS.len(), slot);
        let weights = self.weights.get(self.set()).copied().unwrap_or_default();
        let sum: i64 =
            weights.iter().zip(self.guesses).map(|(a, b)| i64::from(*a) * i64::from(b)).sum();
        let sum = (sum >> 16).clamp(-2_047, 2_047) as i32;
        self.odds = curve(sum).clamp(1, 4_095) as u32;
    }

    fn set_guess(&mut self, view: usize, at: Option<usize>) {
        let slot = at.and_then(|it| self.slots.get(it));
        let guess = slot.and_then(|it| self.stretched.get(usize::from(it.odds >> 4)));
        let guess = guess.copied().unwrap_or_default();
        if let (Some(a), Some(b)) = (self.at.get_mut(view), self.guesses.get_mut(view)) {
            (*a, *b) = (at, guess);
        }
    }

    /// The next bit if the stretch goes on; nothing if it is over, or if there is none.
    fn expected(&self) -> Option<bool> {
        let (at, length) = self.stretch;
        let byte = u32::from(*self.text.get(at).filter(|_| length > 0)?) | 256;
        // So many bits of the byte are known.
        let known = 31 - self.bits.leading_zeros();
        (byte >> (8 - known) == self.bits).then_some(byte >> (7 - known) & 1 == 1)
    }

    /// The weights in use: those of a stretch of this length, or without one.
    fn set(&self) -> usize {
        match self.at.last() {
            Some(Some(_)) => 16 + self.stretch.1.min(15),
            _ => 0,
        }
    }
}

fn hash(order: u32, last: impl Iterator<Item = u8>) -> u32 {
    last.fold(order, |hash, it| mixed(hash, u32::from(it) + 1))
}

/// Multiplies by an odd number and brings the best bits down.
fn mixed(a: u32, b: u32) -> u32 {
    (a ^ b.wrapping_mul(0x2545_f491))
        .wrapping_mul(0x9e37_79b1)
        .rotate_left(11)
        .wrapping_mul(0x85eb_ca6b)
}

/// The logistic curve, from -2,047 to 2,047 in 256ths.
fn curve(it: i32) -> i32 {
    let (step, part) = ((it + 2_048) >> 7, it & 127);
    let value = |step: i32| CURVE.get(step as usize).copied().unwrap_or(4_095);
    (value(step) * (128 - part) + value(step + 1) * part + 64) >> 7
}
