//! How random a value looks: entropy, and a small model of how letters follow one another in
//! names and prose. Integers only, so that every target judges alike.

use std::sync::OnceLock;

use crate::table::data_lines;

/// Shannon entropy per byte, in tenths of a bit.
#[inline(never)]
pub(crate) fn entropy_tenths(bytes: &[u8]) -> u32 {
    let mut counts = [0u32; 256];
    for byte in bytes {
        if let Some(it) = counts.get_mut(usize::from(*byte)) {
            *it += 1;
        }
    }
    let Ok(n) = u32::try_from(bytes.len()) else { return 0 };
    if n == 0 {
        return 0;
    }
    let weighted: u64 =
        counts.iter().filter(|it| **it > 1).map(|it| u64::from(*it) * u64::from(log2(*it))).sum();
    let bits = u64::from(log2(n)).saturating_sub(weighted / u64::from(n));
    u32::try_from((bits * 10 + 512) / 1024).unwrap_or_default()
}

/// Number of different bytes.
#[inline(never)]
pub(crate) fn distinct(bytes: &[u8]) -> usize {
    let (mut low, mut high) = (0u128, 0u128);
    for byte in bytes {
        let half = if *byte < 128 { &mut low } else { &mut high };
        *half |= 1 << (*byte & 127);
    }
    usize::try_from(low.count_ones() + high.count_ones()).unwrap_or(usize::MAX)
}

/// Binary logarithm in 1024ths, by squaring.
fn log2(number: u32) -> u32 {
    let whole = number.checked_ilog2().unwrap_or_default();
    let mut out = whole << 10;
    // A fixed-point number between 1 and 2 with 30 bits behind the point.
    let mut rest = (u64::from(number) << 30) >> whole;
    for bit in (0..10).rev() {
        rest = (rest * rest) >> 30;
        if rest >= 2 << 30 {
            rest >>= 1;
            out |= 1 << bit;
        }
    }
    out
}

/// How much likelier the value is as a name or a text than as a random string, in tenths of a
/// bit for each pair of neighbors. Random strings lie well below zero.
#[inline(never)]
pub(crate) fn wordiness(bytes: &[u8]) -> i32 {
    let (mut sum, mut pairs) = (0, 0);
    for (first, second) in bytes.iter().zip(bytes.iter().skip(1)) {
        let Some(weight) = pair(*first, *second) else { continue };
        sum += weight;
        pairs += 1;
        // A change of case inside a word is rare in names but for humps, and common in tokens.
        if first.is_ascii_uppercase() && second.is_ascii_lowercase() {
            sum += 2;
        } else if first.is_ascii_alphabetic()
            && second.is_ascii_alphabetic()
            && first.is_ascii_uppercase() != second.is_ascii_uppercase()
        {
            sum -= 12;
        }
    }
    if pairs == 0 { 0 } else { sum / pairs }
}

/// How much likelier two letters or digits are to be neighbors in names and prose than in random
/// text, in tenths of a bit.
pub(crate) fn pair(first: u8, second: u8) -> Option<i32> {
    class(first).zip(class(second)).map(|(row, column)| pair_weight(row, column))
}

fn class(byte: u8) -> Option<usize> {
    Some(match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A'),
        b'0'..=b'9' => 26,
        _ => return None,
    })
}

/// Weight of a pair in tenths of a bit.
fn pair_weight(row: usize, column: usize) -> i32 {
    static WEIGHTS: OnceLock<Vec<i8>> = OnceLock::new();
    let weights = WEIGHTS.get_or_init(|| {
        let letters = data_lines(include_str!("../data/bigrams.tsv")).flat_map(str::bytes);
        letters
            .map(|it| i8::try_from(i32::from(it) - i32::from(b'a')).unwrap_or(15) * 4 - 60)
            .collect()
    });
    weights.get(row * 27 + column).copied().map_or(0, i32::from)
}

/// Whether the value looks like something a generator made. `least` is the fewest bytes that
/// can tell.
#[inline(never)]
pub(crate) fn looks_random(value: &[u8], least: usize) -> bool {
    if value.len() < least {
        return false;
    }
    let digits = value.iter().filter(|it| it.is_ascii_digit()).count();
    let letters = value.iter().filter(|it| it.is_ascii_alphabetic()).count();
    if digits + letters < value.len() * 3 / 4 || letters == 0 {
        return false;
    }
    let variety = distinct(value);
    if is_hex(value) {
        return digits > 0 && value.len() >= 16 && variety >= 8 && entropy_tenths(value) >= 28;
    }
    let entropy = entropy_tenths(value);
    if variety < 7 || entropy < 28 {
        return false;
    }
    let words = wordiness(value);
    if digits == 0 {
        return value.len() >= 16 && words < -8;
    }
    // Digits that stand together at one end are a year or a count behind a word.
    let changes = value
        .iter()
        .zip(value.iter().skip(1))
        .filter(|(first, second)| first.is_ascii_digit() != second.is_ascii_digit())
        .count();
    if changes <= 2 && words > -10 {
        return false;
    }
    words < if value.len() >= 24 { 0 } else { -3 }
}

/// Whether the value is hexadecimal digits of one case.
pub(crate) fn is_hex(value: &[u8]) -> bool {
    let lower = value.iter().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(it));
    lower || value.iter().all(|it| it.is_ascii_digit() || (b'A'..=b'F').contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_right_to_a_thousandth() {
        for number in [1u32, 2, 3, 10, 1000, 65_535] {
            let exact = f64::from(number).log2() * 1024.0;
            assert!((f64::from(log2(number)) - exact).abs() <= 1.5, "{number}");
        }
        assert_eq!(entropy_tenths(b"abcdabcd"), 20);
        assert_eq!(entropy_tenths(b""), 0);
    }

    #[test]
    fn names_and_prose_are_told_from_tokens() {
        let words = [
            "getApplicationContextFromRequest",
            "the_quick_brown_fox_jumps",
            "application-secret-name-here",
            "my-service-account-2024",
            "organizations.permissionsets",
            "DefaultListableBeanFactory12",
        ];
        for word in words {
            assert!(!looks_random(word.as_bytes(), 12), "{word} {}", wordiness(word.as_bytes()));
        }
        let tokens = [
            "5us4rjh9ebxtblpi3cnw2hq0d8fqpk7s",
            "7jkWdTjKLnSlGddwPR5gBn65PHcZG6",
            "vzihlaquknriqlhtxw",
            "a3f1c9d2e47b5806a3f19c24",
            "zUl9QWqCIS8FNHwHte9uEPJMbIr3dZ",
        ];
        for token in tokens {
            let it = token.as_bytes();
            assert!(looks_random(it, 12), "{token} {} {}", wordiness(it), entropy_tenths(it));
        }
    }
}
