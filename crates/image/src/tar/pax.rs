//! PAX records: `length keyword=value` lines whose values may hold any byte.

use crate::bytes::{base64, until_nul};
use crate::gap::Trouble;

use super::Header;

/// What the records before an entry say of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Pax {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    /// Bytes that are in the archive.
    pub(super) size: Option<u64>,
    uid: Option<u32>,
    gid: Option<u32>,
    mtime: Option<i64>,
    capability: Option<Vec<u8>>,
    opaque: bool,
    /// Records of the GNU sparse formats.
    pub(super) sparse: Sparse,
}

/// Records of the sparse formats 0.0, 0.1 and 1.0 (GNU tar manual, "Storing Sparse Files").
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sparse {
    /// Format 1.0 keeps the map at the start of the content.
    pub(super) major: Option<u64>,
    /// Bytes of the file with its holes.
    pub(super) real_size: Option<u64>,
    pub(super) name: Option<Vec<u8>>,
    /// Bytes that the map of format 0.0 or 0.1 lists.
    pub(super) listed: Option<u64>,
}

impl Pax {
    /// Reads records; what is broken or not valid is told of and left out.
    pub(super) fn read(&mut self, mut records: &[u8], mut trouble: impl FnMut(Trouble)) {
        while !records.is_empty() {
            let Some((key, value, rest)) = record(records) else {
                // Padding behind the last record is common with old writers.
                if records.iter().any(|it| *it != 0) {
                    trouble(Trouble::BadPax);
                }
                return;
            };
            if let Err(it) = self.set(key, value) {
                trouble(it);
            }
            records = rest;
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> Result<(), Trouble> {
        match key {
            b"path" => self.path = name("path", value)?,
            b"linkpath" => self.link = name("linkpath", value)?,
            b"size" => self.size = number("size", value)?,
            b"uid" => self.uid = number("uid", value)?.map(|it| id("uid", it)).transpose()?,
            b"gid" => self.gid = number("gid", value)?.map(|it| id("gid", it)).transpose()?,
            b"mtime" => self.mtime = seconds(value)?,
            b"SCHILY.xattr.security.capability" => self.capability = Some(value.to_vec()),
            b"LIBARCHIVE.xattr.security.capability" => self.capability = Some(base64(value)),
            b"SCHILY.xattr.trusted.overlay.opaque" => self.opaque = value == b"y",
            b"GNU.sparse.major" => self.sparse.major = number("GNU.sparse.major", value)?,
            b"GNU.sparse.size" | b"GNU.sparse.realsize" => {
                self.sparse.real_size = number("GNU.sparse.size", value)?;
            }
            b"GNU.sparse.name" => self.sparse.name = name("GNU.sparse.name", value)?,
            b"GNU.sparse.numbytes" => {
                let bytes = number("GNU.sparse.numbytes", value)?.unwrap_or_default();
                self.list(bytes);
            }
            b"GNU.sparse.map" => self.map(value)?,
            _ => {}
        }
        Ok(())
    }

    /// `offset,length,offset,length,…`
    fn map(&mut self, map: &[u8]) -> Result<(), Trouble> {
        let mut numbers = map.split(|it| *it == b',');
        while numbers.next().is_some() {
            let length = numbers.next().and_then(decimal).ok_or(Trouble::BadSparse)?;
            self.list(length);
        }
        Ok(())
    }

    fn list(&mut self, bytes: u64) {
        let listed = self.sparse.listed.unwrap_or_default();
        self.sparse.listed = Some(listed.saturating_add(bytes));
    }

    /// Puts what the records say over what the header says.
    pub(super) fn apply(self, header: &mut Header) {
        if let Some(it) = self.path {
            header.name = it;
        }
        if let Some(it) = self.link {
            header.link = it;
        }
        header.uid = self.uid.unwrap_or(header.uid);
        header.gid = self.gid.unwrap_or(header.gid);
        header.mtime = self.mtime.unwrap_or(header.mtime);
        header.capability = self.capability;
        header.opaque = self.opaque;
    }
}

/// Whether records hold nothing but comments, as `git archive` writes them.
pub(super) fn are_comments(mut records: &[u8]) -> bool {
    while let Some((key, _, rest)) = record(records) {
        if key != b"comment" {
            return false;
        }
        records = rest;
    }
    records.iter().all(|it| *it == 0)
}

/// One record: keyword, value, and what follows. The length counts the whole record, its own
/// digits and the line end too.
fn record(records: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let blank = records.iter().take(21).position(|it| *it == b' ')?;
    let length = usize::try_from(decimal(records.get(..blank)?)?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    let body = record.get(blank + 1..)?.strip_suffix(b"\n")?;
    let equals = memchr::memchr(b'=', body)?;
    let (key, value) = body.split_at_checked(equals)?;
    (!key.is_empty()).then_some((key, value.get(1..)?, rest))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| plain)?.parse().ok()
}

/// An empty value takes the record back (POSIX.1-2017, pax, "pax Extended Header").
fn name(key: &'static str, value: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
    if until_nul(value).len() < value.len() {
        return Err(Trouble::BadPaxValue(key));
    }
    Ok((!value.is_empty()).then(|| value.to_vec()))
}

fn number(key: &'static str, value: &[u8]) -> Result<Option<u64>, Trouble> {
    if value.is_empty() {
        return Ok(None);
    }
    if value.starts_with(b"-") {
        return Err(Trouble::NegativeNumber(key));
    }
    decimal(value).map(Some).ok_or(Trouble::BadPaxValue(key))
}

fn id(key: &'static str, value: u64) -> Result<u32, Trouble> {
    u32::try_from(value).map_err(|_| Trouble::BadPaxValue(key))
}

/// Seconds with an optional fraction, which is left out.
fn seconds(value: &[u8]) -> Result<Option<i64>, Trouble> {
    const BAD: Trouble = Trouble::BadPaxValue("mtime");
    if value.is_empty() {
        return Ok(None);
    }
    let (sign, digits) = match value {
        [b'-', digits @ ..] => (-1, digits),
        digits => (1, digits),
    };
    let mut parts = digits.splitn(2, |it| *it == b'.');
    let whole = parts.next().and_then(decimal).ok_or(BAD)?;
    if !parts.next().unwrap_or_default().iter().all(u8::is_ascii_digit) {
        return Err(BAD);
    }
    i64::try_from(whole).map(|it| Some(sign * it)).map_err(|_| BAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(records: &[u8]) -> (Pax, Vec<Trouble>) {
        let (mut pax, mut troubles) = (Pax::default(), Vec::new());
        pax.read(records, |it| troubles.push(it));
        (pax, troubles)
    }

    /// A record with its right length in front.
    fn record(key_and_value: &str) -> Vec<u8> {
        let rest = format!(" {key_and_value}\n");
        let digits = (1..).find(|it| (rest.len() + it).to_string().len() == *it).unwrap();
        format!("{}{rest}", rest.len() + digits).into_bytes()
    }

    #[test]
    fn values_may_hold_line_ends() {
        let capability = record("SCHILY.xattr.security.capability=a\n=b");
        let (pax, troubles) = read(&[capability, record("path=caf")].concat());
        assert_eq!(pax.capability.as_deref(), Some(&b"a\n=b"[..]));
        assert_eq!(pax.path.as_deref(), Some(&b"caf"[..]));
        assert!(troubles.is_empty());
    }

    #[test]
    fn broken_records_end_the_reading() {
        for broken in [
            &b"99 path=x\n"[..],
            b"9 path=xx\n",
            b"path=x\n",
            b"0 path=x\n",
            b"-9 path=x\n",
            b"99999999999999999999999 path=x\n",
            b"7 path\n",
            b"5 =x\n",
        ] {
            let (pax, troubles) = read(broken);
            assert_eq!((pax, troubles), (Pax::default(), vec![Trouble::BadPax]), "{broken:?}");
        }
        assert_eq!(read(b"9 path=x\n\0\0").1, []);
        assert_eq!(read(b"9 path=x\n\0x").1, [Trouble::BadPax]);
    }

    #[test]
    fn values_that_are_not_valid() {
        for (text, trouble) in [
            ("path=x\0y", Trouble::BadPaxValue("path")),
            ("size=-10", Trouble::NegativeNumber("size")),
            ("size=1x", Trouble::BadPaxValue("size")),
            ("uid=4294967296", Trouble::BadPaxValue("uid")),
            ("mtime=1.5.2", Trouble::BadPaxValue("mtime")),
            ("GNU.sparse.map=1,2,3", Trouble::BadSparse),
        ] {
            assert_eq!(read(&record(text)).1, [trouble], "{text}");
        }
        let (pax, troubles) = read(&[record("mtime=-1.5"), record("uid=4294967294")].concat());
        assert_eq!((pax.mtime, pax.uid, troubles), (Some(-1), Some(4_294_967_294), vec![]));
    }

    #[test]
    fn an_empty_value_takes_a_record_back() {
        let (pax, _) = read(&[record("path=x"), record("path="), record("size=")].concat());
        assert_eq!(pax, Pax::default());
    }
}
