//! CRC-32 checksums that tokens carry, and the CRC-24 of OpenPGP armor.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How a token carries the CRC-32 of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Crc {
    /// Last six: base 62 of the sum over the body before them (GitHub, npm, Vercel).
    Base62Body,
    /// Last six: base 62 of the sum over prefix and body (Deno).
    Base62Whole,
    /// Last seven: base 36 of the sum over all before them (GitLab).
    Base36,
    /// Last eight: upper hexadecimal of the sum over all before them (Atlassian).
    HexWhole,
    /// Last eight: hexadecimal of the sum over the body of so many bytes (Cloudflare, Zuplo).
    HexBody(usize),
    /// Last eight: hexadecimal, low byte first, of the sum over prefix and 32 bytes (Grafana).
    HexLittle,
}

impl Crc {
    /// Whether the checksum passes; `None` when a token of this form carries none.
    pub(crate) fn passes(self, whole: &[u8], body: &[u8]) -> Option<bool> {
        match self {
            // Installation tokens may be longer than the classic form and then carry none.
            Self::Base62Body if whole.starts_with(b"ghs_") && whole.len() > 40 => None,
            // Refresh tokens of 40 bytes predate the scheme.
            Self::Base62Body if whole.starts_with(b"ghr_") && whole.len() == 40 => None,
            Self::Base62Body => {
                let (head, tail) = split_tail(body, 6)?;
                Some(tail == in_base::<6>(crc32(head), 62))
            }
            Self::Base62Whole => {
                let (head, tail) = split_tail(whole, 6)?;
                Some(tail == in_base::<6>(crc32(head), 62))
            }
            Self::Base36 => {
                let (head, tail) = split_tail(whole, 7)?;
                if !head.contains(&b'.') {
                    return None;
                }
                Some(tail == in_base::<7>(crc32(head), 36).to_ascii_lowercase())
            }
            Self::HexWhole => {
                let (head, tail) = split_tail(whole, 8)?;
                Some(tail == format!("{:08X}", crc32(head)).as_bytes())
            }
            Self::HexBody(size) => {
                let (_, tail) = split_tail(body, 8)?;
                Some(tail == format!("{:08x}", crc32(body.get(..size)?)).as_bytes())
            }
            Self::HexLittle => {
                let (head, tail) = split_tail(whole, 8)?;
                let sum = crc32(head.strip_suffix(b"_").unwrap_or(head)).swap_bytes();
                Some(tail.to_ascii_lowercase() == format!("{sum:08x}").as_bytes())
            }
        }
    }
}

fn split_tail(bytes: &[u8], n: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(bytes.len().checked_sub(n)?)
}

/// CRC-32/ISO-HDLC, bit by bit: tokens are short.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

/// CRC-24 of OpenPGP (RFC 9580, 6.1).
pub(crate) fn crc24(bytes: &[u8]) -> u32 {
    let mut sum: u32 = 0xB7_04CE;
    for byte in bytes {
        sum ^= u32::from(*byte) << 16;
        for _ in 0..8 {
            sum <<= 1;
            if sum & 0x100_0000 != 0 {
                sum ^= 0x186_4CFB;
            }
        }
    }
    sum & 0xFF_FFFF
}

/// The number in `N` digits of that base, padded with zeros.
fn in_base<const N: usize>(mut number: u32, base: u32) -> [u8; N] {
    let mut out = [b'0'; N];
    for place in out.iter_mut().rev() {
        let digit = usize::try_from(number % base).unwrap_or_default();
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        number /= base;
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Writes the right checksum over the end of a token of that form.
    pub(crate) fn complete(crc: Crc, whole: &mut Vec<u8>, prefix: usize) {
        let n = whole.len();
        let sum: Vec<u8> = match crc {
            Crc::Base62Body => in_base::<6>(crc32(&whole[prefix..n - 6]), 62).to_vec(),
            Crc::Base62Whole => in_base::<6>(crc32(&whole[..n - 6]), 62).to_vec(),
            Crc::Base36 => in_base::<7>(crc32(&whole[..n - 7]), 36).to_ascii_lowercase(),
            Crc::HexWhole => format!("{:08X}", crc32(&whole[..n - 8])).into_bytes(),
            Crc::HexBody(size) => {
                format!("{:08x}", crc32(&whole[prefix..prefix + size])).into_bytes()
            }
            Crc::HexLittle => {
                format!("{:08x}", crc32(&whole[..prefix + 32]).swap_bytes()).into_bytes()
            }
        };
        whole.truncate(n - sum.len());
        whole.extend(sum);
    }

    /// Invented tokens in three parts, so that nothing here looks like a live one.
    const VECTORS: &str = include_str!("../../data/checksum-vectors.tsv");

    #[test]
    fn published_schemes_decide_on_every_vector() {
        let mut n = 0;
        for line in VECTORS.lines().filter(|it| !it.starts_with('#')) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [scheme, prefix, body, sum, expected] = columns[..] else { panic!("{line}") };
            let crc = match scheme {
                "crc32-b62-body" => Crc::Base62Body,
                "crc32-b62-full" => Crc::Base62Whole,
                "crc32-b36" => Crc::Base36,
                "crc32-hex" => Crc::HexWhole,
                "crc32-hex-body" => Crc::HexBody(32),
                "crc32-le-hex" => Crc::HexLittle,
                _ => panic!("{line}"),
            };
            let (whole, rest) = (format!("{prefix}{body}{sum}"), format!("{body}{sum}"));
            let passes = crc.passes(whole.as_bytes(), rest.as_bytes());
            assert_eq!(passes, Some(expected == "valid"), "{line}");
            n += 1;
        }
        assert_eq!(n, 42);
    }

    #[test]
    fn sums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc24(b"123456789"), 0x21_CF02);
    }
}
