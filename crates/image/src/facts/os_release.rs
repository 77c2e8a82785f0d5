//! The distribution: `etc/os-release`.

use std::collections::BTreeMap;

/// What an os-release file says (os-release(5), systemd 257).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OsRelease {
    /// All its assignments; of several the last counts.
    pub values: BTreeMap<Box<str>, Box<str>>,
}

impl OsRelease {
    /// Reads the file.
    pub fn read(text: &str) -> Self {
        let mut values = BTreeMap::new();
        for line in text.lines() {
            let line = line.trim();
            let Some((name, value)) = line.split_once('=') else { continue };
            let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
            if !name.is_empty() && name.chars().all(is_name) {
                values.insert(name.into(), unquote(value).into());
            }
        }
        Self { values }
    }

    /// A value, if it is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|it| &**it).filter(|it| !it.is_empty())
    }

    /// The distribution's short name, as in `debian`.
    pub fn id(&self) -> Option<&str> {
        self.get("ID")
    }

    /// Its release, as in `12`.
    pub fn version(&self) -> Option<&str> {
        self.get("VERSION_ID")
    }

    /// Its name for people.
    pub fn pretty_name(&self) -> Option<&str> {
        self.get("PRETTY_NAME").or(self.get("NAME"))
    }

    /// Distributions that it is close to, nearest first.
    pub fn like(&self) -> impl Iterator<Item = &str> {
        self.get("ID_LIKE").into_iter().flat_map(str::split_ascii_whitespace)
    }
}

/// Takes the quotes of the shell off. Between double quotes a backslash takes the meaning from
/// `"`, `$`, `` ` `` and itself.
fn unquote(value: &str) -> String {
    let value = value.trim();
    let inside = |quote| value.strip_prefix(quote).and_then(|it: &str| it.strip_suffix(quote));
    if let Some(it) = inside('\'') {
        return it.to_owned();
    }
    let Some(it) = inside('"') else { return value.to_owned() };
    let mut out = String::new();
    let mut letters = it.chars().peekable();
    while let Some(it) = letters.next() {
        let escaped = it == '\\' && letters.peek().is_some_and(|it| "\"$`\\".contains(*it));
        out.extend(if escaped { letters.next() } else { Some(it) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_of_every_kind() {
        let text = "# comment\nID=debian\nVERSION_ID=\"12\"\nNAME='Debian GNU/Linux'\n\
            PRETTY_NAME=\"A \\\"B\\\" \\$C \\d\"\nID_LIKE=\"rhel centos\"\nBUG=\n=x\n ID = y\r\n";
        let it = OsRelease::read(text);
        assert_eq!((it.id(), it.version()), (Some("debian"), Some("12")));
        assert_eq!(it.get("NAME"), Some("Debian GNU/Linux"));
        assert_eq!(it.pretty_name(), Some("A \"B\" $C \\d"));
        assert_eq!(it.like().collect::<Vec<_>>(), ["rhel", "centos"]);
        assert_eq!(it.get("BUG"), None);
    }
}
