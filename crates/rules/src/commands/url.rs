//! Addresses, as far as rules ask about them. Variables in them stay as written.

/// An address taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Url<'a> {
    /// `https`, `ftp`, … as written; empty when there is none.
    pub scheme: &'a str,
    /// The host, without user and port.
    pub host: &'a str,
    /// What follows the host, without query and fragment.
    pub path: &'a str,
    /// What follows the path: query and fragment.
    pub rest: &'a str,
}

impl<'a> Url<'a> {
    /// Takes an address apart. Without `://` all up to the first slash is the host, as curl and
    /// wget read it.
    pub fn parse(text: &'a str) -> Self {
        let (scheme, behind) = match text.split_once("://") {
            Some((scheme, behind)) if is_scheme(scheme) => (scheme, behind),
            _ => ("", text),
        };
        let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
        let (authority, tail) = behind.split_at(end);
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = match host.strip_prefix('[').and_then(|it| it.split_once(']')) {
            Some((six, _)) => six,
            None => host.split_once(':').map_or(host, |(host, _)| host),
        };
        let end = tail.find(['?', '#']).unwrap_or(tail.len());
        let (path, rest) = tail.split_at(end);
        Self { scheme, host, path, rest }
    }

    /// Whether what it names travels where others can read and change it.
    pub fn is_clear_text(&self) -> bool {
        ["http", "ftp", "git"].iter().any(|it| self.scheme.eq_ignore_ascii_case(it))
    }

    /// Whether it is a file, or on the same machine.
    pub fn is_local(&self) -> bool {
        let host = self.host;
        self.scheme.eq_ignore_ascii_case("file")
            || host.eq_ignore_ascii_case("localhost")
            || host.ends_with(".localhost")
            || matches!(host, "::1" | "0.0.0.0" | "host.docker.internal")
            || host.starts_with("127.")
    }

    /// Whether it is on a network of its own: a private address, a reserved ending, or a name
    /// without any dot, as services of one network have.
    pub fn is_private(&self) -> bool {
        const ENDINGS: [&str; 8] =
            [".internal", ".local", ".lan", ".corp", ".intranet", ".home.arpa", ".svc", ".test"];
        let host = self.host.to_ascii_lowercase();
        let plain = !host.contains('$');
        self.is_local()
            || (plain && !host.contains(['.', ':']))
            || ENDINGS.iter().any(|it| host.ends_with(it))
            || is_private_address(&host)
    }

    /// The name of what it points to: the last part of its path.
    pub fn file_name(&self) -> Option<&'a str> {
        let name = self.path.rsplit('/').next()?;
        (!name.is_empty()).then_some(name)
    }

    /// The parts of its path.
    pub fn segments(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.path.split('/').filter(|it| !it.is_empty())
    }
}

fn is_scheme(text: &str) -> bool {
    let fits = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'-' | b'.');
    text.starts_with(|it: char| it.is_ascii_alphabetic()) && text.bytes().all(fits)
}

/// Networks 10/8, 172.16/12, 192.168/16 and 169.254/16.
fn is_private_address(host: &str) -> bool {
    let mut parts = host.split('.');
    let mut number = || parts.next().and_then(|it| it.parse::<u8>().ok());
    match (number(), number(), number(), number()) {
        (Some(10), Some(_), Some(_), Some(_)) => true,
        (Some(172), Some(second), Some(_), Some(_)) => (16..32).contains(&second),
        (Some(192), Some(168), Some(_), Some(_)) | (Some(169), Some(254), Some(_), Some(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_apart() {
        for (text, scheme, host, path, rest) in [
            ("https://a.example/b/c.tgz", "https", "a.example", "/b/c.tgz", ""),
            ("HTTP://u:p@a.example:80/b?c=d#e", "HTTP", "a.example", "/b", "?c=d#e"),
            ("a.example/b", "", "a.example", "/b", ""),
            ("http://[::1]:8080", "http", "::1", "", ""),
            ("$BASE/b", "", "$BASE", "/b", ""),
            ("http://$HOST:80/b", "http", "$HOST", "/b", ""),
        ] {
            let it = Url::parse(text);
            assert_eq!(
                (it.scheme, it.host, it.path, it.rest),
                (scheme, host, path, rest),
                "{text}"
            );
        }
        assert_eq!(Url::parse("https://a.example/b/c.tgz?x").file_name(), Some("c.tgz"));
        assert_eq!(Url::parse("https://a.example/").file_name(), None);
    }

    #[test]
    fn near_and_far_hosts() {
        for text in ["http://localhost:1/x", "http://127.0.0.1", "file:///x", "localhost/x"] {
            assert!(Url::parse(text).is_local(), "{text}");
        }
        for text in
            ["http://app:80/x", "http://10.1.2.3/x", "http://a.b.internal", "http://172.20.0.1"]
        {
            assert!(Url::parse(text).is_private() && !Url::parse(text).is_local(), "{text}");
        }
        for text in ["http://a.example/x", "http://172.32.0.1", "http://$HOST/x", "http://8.8.8.8"]
        {
            assert!(!Url::parse(text).is_private(), "{text}");
        }
    }
}
