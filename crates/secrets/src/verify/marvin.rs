//! Marvin32, the checksum of Azure's identifiable keys.

use super::codec::base64_decode;

/// A seed written as its eight ASCII characters. Seven-letter names end in a zero.
pub(super) fn seed(name: &str) -> Option<u64> {
    Some(u64::from_be_bytes(name.as_bytes().try_into().ok()?))
}

/// Whether the last four decoded bytes are the Marvin32 sum of the rest, with one of the seeds.
pub(super) fn passes(key: &[u8], seeds: &[u64]) -> bool {
    let Some(decoded) = base64_decode(key) else { return false };
    let Some((rest, sum)) = decoded.split_last_chunk::<4>() else { return false };
    seeds.iter().any(|it| marvin32(*it, rest) == u32::from_le_bytes(*sum))
}

/// The Marvin32 hash: two words mixed with each 32-bit piece of the data.
fn marvin32(seed: u64, data: &[u8]) -> u32 {
    let word = |it: u64| u32::try_from(it & 0xFFFF_FFFF).unwrap_or_default();
    let (mut low, mut high) = (word(seed), word(seed >> 32));
    let mut mix = |piece: u32| {
        low = low.wrapping_add(piece);
        high ^= low;
        low = low.rotate_left(20).wrapping_add(high);
        high = high.rotate_left(9) ^ low;
        low = low.rotate_left(27).wrapping_add(high);
        high = high.rotate_left(19);
        low ^ high
    };
    let (pieces, tail) = data.as_chunks::<4>();
    for piece in pieces {
        mix(u32::from_le_bytes(*piece));
    }
    let mut last = [0u8; 4];
    for (to, from) in last.iter_mut().zip(tail.iter().chain([&0x80])) {
        *to = *from;
    }
    mix(u32::from_le_bytes(last));
    mix(0)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::verify::base64_encode;

    /// Writes the right sum over the end of a key in base64.
    pub(crate) fn complete(key: &mut Vec<u8>, seed: u64, url: bool) {
        let padding = key.iter().rev().take_while(|it| **it == b'=').count();
        let mut raw = base64_decode(key).unwrap();
        let n = raw.len();
        let sum = marvin32(seed, &raw[..n - 4]);
        raw[n - 4..].copy_from_slice(&sum.to_le_bytes());
        *key = base64_encode(&raw, url).into_bytes();
        key.extend(vec![b'='; padding]);
    }

    #[test]
    fn marvin32_gives_the_published_sums() {
        // The sums as published are 64 bits wide; the 32-bit form folds their halves.
        let seed = 0x004F_B61A_001B_DBCC;
        let sums: [(&[u8], u64); 5] = [
            (&[], 0x30ED_35C1_00CD_3C7D),
            (&[0xAF], 0x48E7_3FC7_7D75_DDC1),
            (&[0xE7, 0x0F], 0xB5F6_E1FC_485D_BFF8),
            (&[0x37, 0xF4, 0x95], 0xF0B0_7C78_9B8C_F7E8),
            (&[0x86, 0x42, 0xDC, 0x59], 0x7008_F2E8_7E9C_F556),
        ];
        for (data, sum) in sums {
            let folded = u32::try_from((sum >> 32) ^ (sum & 0xFFFF_FFFF)).unwrap();
            assert_eq!(marvin32(seed, data), folded, "{data:x?}");
        }
    }

    #[test]
    fn a_key_with_its_sum_passes_and_an_altered_one_fails() {
        let seed = seed("Default0").unwrap();
        let mut raw: Vec<u8> = (0..60u8).map(|it| it.wrapping_mul(37)).collect();
        raw.extend(marvin32(seed, &raw).to_le_bytes());
        assert!(passes(base64_encode(&raw, false).as_bytes(), &[1, seed]));
        raw[3] ^= 1;
        assert!(!passes(base64_encode(&raw, false).as_bytes(), &[1, seed]));
    }
}
