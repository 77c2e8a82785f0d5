//! Readers of structures: what has to be parsed, not only matched. Each starts at a literal and
//! looks at a bounded part of the window around it.

mod cloud;
mod containers;
mod crypt;
mod headers;
mod jwt;
mod keys;
mod logins;
mod mnemonic;
mod openssh;
mod packages;
mod pem;
mod url;

use std::ops::Range;

use crate::bytes::{self, Set};
use crate::findings::{Findings, Window};

pub(crate) use url::credentials_line;

#[cfg(test)]
pub(crate) use openssh::tests::made as openssh_sample;

/// A structure reader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Reader {
    Jwt,
    Pem,
    PemBase64,
    Ssh2,
    Putty,
    Minisign,
    OpenVpn,
    TorKey,
    ServiceAccount,
    UserCredentials,
    Url,
    AzureSas,
    SharedAccessKey,
    AppConfig,
    Basic,
    Bearer,
    CurlUser,
    CommandPassword,
    DockerAuth,
    DockerConfigValue,
    KubeKey,
    KubeSecret,
    SealedSecret,
    NpmToken,
    YarnToken,
    NugetPassword,
    ComposerAuth,
    Netrc,
    Crypt,
    DjangoKey,
    WordPress,
    Mnemonic,
    Coinbase,
    CloudInit,
    OciConfig,
    SentryDsn,
    DiscordBot,
    Login,
    MavenMaster,
    FrontendLogin,
}

/// The literals that start a reader, and whether case counts for nothing.
pub(crate) const TRIGGERS: [(&str, bool, Reader); 71] = [
    ("eyJ", false, Reader::Jwt),
    ("-----BEGIN ", false, Reader::Pem),
    ("LS0tLS1CRUdJTi", false, Reader::PemBase64),
    ("---- BEGIN SSH2", false, Reader::Ssh2),
    ("PuTTY-User-Key-File-", false, Reader::Putty),
    ("minisign encrypted secret key", false, Reader::Minisign),
    ("signify secret key", false, Reader::Minisign),
    ("BEGIN OpenVPN Static key", false, Reader::OpenVpn),
    ("== ed25519v1-secret:", false, Reader::TorKey),
    ("service_account\"", false, Reader::ServiceAccount),
    ("refresh_token\"", false, Reader::UserCredentials),
    ("://", false, Reader::Url),
    ("&sig=", false, Reader::AzureSas),
    ("?sig=", false, Reader::AzureSas),
    ("SharedAccessKey=", false, Reader::SharedAccessKey),
    ("AccountKey=", false, Reader::SharedAccessKey),
    (".azconfig.io", false, Reader::AppConfig),
    ("basic ", true, Reader::Basic),
    ("bearer ", true, Reader::Bearer),
    ("SSWS ", false, Reader::Bearer),
    ("curl ", false, Reader::CurlUser),
    (" --user ", false, Reader::CurlUser),
    ("psexec", true, Reader::CommandPassword),
    ("-Password ", true, Reader::CommandPassword),
    ("\"auth\"", false, Reader::DockerAuth),
    ("'auth'", false, Reader::DockerAuth),
    (".dockerconfigjson", false, Reader::DockerConfigValue),
    (".dockercfg", false, Reader::DockerConfigValue),
    ("client-key-data", false, Reader::KubeKey),
    ("kind: Secret", true, Reader::KubeSecret),
    ("\"kind\": \"Secret\"", true, Reader::KubeSecret),
    ("kind: 'Secret'", true, Reader::KubeSecret),
    ("kind: \"Secret\"", true, Reader::KubeSecret),
    ("kind: SealedSecret", false, Reader::SealedSecret),
    ("_authToken", false, Reader::NpmToken),
    ("npmAuthToken", false, Reader::YarnToken),
    ("ClearTextPassword", false, Reader::NugetPassword),
    ("github-oauth", false, Reader::ComposerAuth),
    ("http-basic", false, Reader::ComposerAuth),
    ("machine ", false, Reader::Netrc),
    ("$1$", false, Reader::Crypt),
    ("$5$", false, Reader::Crypt),
    ("$6$", false, Reader::Crypt),
    ("$y$", false, Reader::Crypt),
    ("$7$", false, Reader::Crypt),
    ("$8$", false, Reader::Crypt),
    ("$9$", false, Reader::Crypt),
    ("$2a$", false, Reader::Crypt),
    ("$2b$", false, Reader::Crypt),
    ("$2y$", false, Reader::Crypt),
    ("$apr1$", false, Reader::Crypt),
    ("$argon2", false, Reader::Crypt),
    ("SECRET_KEY", false, Reader::DjangoKey),
    ("AUTH_KEY", false, Reader::WordPress),
    ("AUTH_SALT", false, Reader::WordPress),
    ("LOGGED_IN_", false, Reader::WordPress),
    ("NONCE_", false, Reader::WordPress),
    ("mnemonic", true, Reader::Mnemonic),
    ("seed phrase", true, Reader::Mnemonic),
    ("\"organizations/", false, Reader::Coinbase),
    ("chpasswd:", false, Reader::CloudInit),
    ("key_file=", false, Reader::OciConfig),
    (".ingest.sentry.io", false, Reader::SentryDsn),
    ("discord", true, Reader::DiscordBot),
    ("NetworkCredential(", false, Reader::Login),
    ("DirectoryEntry(", false, Reader::Login),
    (".login(", true, Reader::Login),
    ("<master>", false, Reader::MavenMaster),
    ("REACT_APP_", false, Reader::FrontendLogin),
    ("VITE_", false, Reader::FrontendLogin),
    ("NEXT_PUBLIC_", false, Reader::FrontendLogin),
];

/// Runs a reader at its literal.
pub(crate) fn read(reader: Reader, window: &Window<'_>, at: usize, out: &mut Findings) {
    if !out.may_read(window, reader, at) {
        return;
    }
    match reader {
        Reader::Jwt => jwt::read(window, at, out),
        Reader::Pem => pem::read(window, at, out),
        Reader::PemBase64 => pem::read_encoded(window, at, out),
        Reader::Ssh2 => keys::ssh2(window, at, out),
        Reader::Putty => keys::putty(window, at, out),
        Reader::Minisign => keys::minisign(window, at, out),
        Reader::OpenVpn => keys::openvpn(window, at, out),
        Reader::TorKey => keys::tor(window, at, out),
        Reader::ServiceAccount => cloud::service_account(window, at, out),
        Reader::UserCredentials => cloud::user_credentials(window, at, out),
        Reader::Url => url::read(window, at, out),
        Reader::AzureSas => cloud::shared_access_signature(window, at, out),
        Reader::SharedAccessKey => cloud::shared_access_key(window, at, out),
        Reader::AppConfig => cloud::app_config(window, at, out),
        Reader::Basic => headers::basic(window, at, out),
        Reader::Bearer => headers::bearer(window, at, out),
        Reader::CurlUser => headers::curl_user(window, at, out),
        Reader::CommandPassword => headers::command_password(window, at, out),
        Reader::DockerAuth => containers::docker_auth(window, at, out),
        Reader::DockerConfigValue => containers::docker_config_value(window, at, out),
        Reader::KubeKey => containers::kube_key(window, at, out),
        Reader::KubeSecret => containers::kube_secret(window, at, out),
        Reader::SealedSecret => containers::sealed_secret(window, at, out),
        Reader::NpmToken => packages::npm_token(window, at, out),
        Reader::YarnToken => packages::yarn_token(window, at, out),
        Reader::NugetPassword => packages::nuget_password(window, at, out),
        Reader::ComposerAuth => packages::composer_auth(window, at, out),
        Reader::Netrc => packages::netrc(window, at, out),
        Reader::Crypt => crypt::read(window, at, out),
        Reader::DjangoKey => packages::django_key(window, at, out),
        Reader::WordPress => packages::wordpress(window, at, out),
        Reader::Mnemonic => mnemonic::read(window, at, out),
        Reader::Coinbase => cloud::coinbase(window, at, out),
        Reader::CloudInit => cloud::cloud_init(window, at, out),
        Reader::OciConfig => cloud::oci_config(window, at, out),
        Reader::SentryDsn => cloud::sentry_dsn(window, at, out),
        Reader::DiscordBot => headers::discord_bot(window, at, out),
        Reader::Login => logins::call(window, at, out),
        Reader::MavenMaster => logins::maven_master(window, at, out),
        Reader::FrontendLogin => logins::frontend(window, at, out),
    }
}

/// The value behind a key that ends at `from`: closing quotes and blanks, one of `:` and `=`,
/// blanks, an opening quote, and the text up to its end.
#[inline(never)]
pub(crate) fn value_after(hay: &[u8], from: usize, most: usize) -> Option<Range<usize>> {
    let quotes = Set::EMPTY.with(b"\"'\\");
    let after_key = bytes::run_end(hay, from, quotes, 4);
    let before_sign = bytes::run_end(hay, after_key, Set::BLANK, 16);
    let sign = bytes::run_end(hay, before_sign, Set::EMPTY.with(b":=>"), 3);
    if sign == before_sign {
        return None;
    }
    let start = bytes::run_end(hay, sign, Set::BLANK, 32);
    Some(quoted_or_bare(hay, start, most))
}

/// The text inside quotes if one opens at `at`, else the run up to a blank or a separator.
#[inline(never)]
pub(crate) fn quoted_or_bare(hay: &[u8], at: usize, most: usize) -> Range<usize> {
    let escaped = bytes::at(hay, at) == Some(b'\\');
    let open = at + usize::from(escaped);
    match bytes::at(hay, open) {
        Some(quote @ (b'"' | b'\'')) => {
            let start = open + 1;
            start..close(hay, start, quote, most, escaped)
        }
        _ => at..bytes::run_end(hay, at, BARE, most),
    }
}

const BARE: Set = Set::SPACE.with(b"\"',;<>`\0").not();

/// Where a quoted text ends. In JSON inside a string both its quotes have a backslash, and the
/// text ends at the second one's.
#[inline(never)]
pub(crate) fn close(hay: &[u8], start: usize, quote: u8, most: usize, escaped: bool) -> usize {
    if !escaped {
        return quote_end(hay, start, quote, most);
    }
    let rest = bytes::slice(hay, start, start.saturating_add(most));
    let end = rest.windows(2).position(|it| it == [b'\\', quote] || it.starts_with(b"\n"));
    end.map_or(start + rest.len(), |it| start + it)
}

/// Where the quote that opened before `start` closes; the end of the line if it does not.
#[inline(never)]
pub(crate) fn quote_end(hay: &[u8], start: usize, quote: u8, most: usize) -> usize {
    let mut escaped = false;
    for (place, byte) in bytes::slice(hay, start, start.saturating_add(most)).iter().enumerate() {
        match *byte {
            b'\n' | b'\0' => return start + place,
            it if it == quote && !escaped => return start + place,
            it => escaped = it == b'\\' && !escaped,
        }
    }
    hay.len().min(start.saturating_add(most))
}

/// The text of a JSON member that lies in `area`, as it is written.
#[inline(never)]
pub(crate) fn member(hay: &[u8], area: &Range<usize>, key: &str) -> Option<Range<usize>> {
    let part = bytes::slice(hay, area.start, area.end);
    let quoted = format!("\"{key}\"");
    let at = bytes::find(part, quoted.as_bytes())? + area.start + quoted.len();
    let value = value_after(hay, at, 8_192)?;
    (value.end <= area.end && !value.is_empty()).then_some(value)
}

/// The braces around `at`, at most `most` bytes to either side; nesting is not counted.
#[inline(never)]
pub(crate) fn around(hay: &[u8], at: usize, back: usize, ahead: usize) -> Range<usize> {
    let start = at.saturating_sub(back);
    let left = bytes::slice(hay, start, at).iter().rposition(|it| *it == b'{');
    let right = bytes::slice(hay, at, at.saturating_add(ahead)).iter().position(|it| *it == b'}');
    let end = right.map_or(hay.len().min(at.saturating_add(ahead)), |it| at + it);
    left.map_or(start, |it| start + it)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_behind_keys_are_found() {
        for (text, key, expected) in [
            (r#""auth": "abc","#, "auth", "abc"),
            (r#"{\"auth\": \"abc\"}"#, "auth", "abc"),
            ("auth=abc def", "auth", "abc"),
            ("auth: 'a b'", "auth", "a b"),
            (r#"auth = "a\"b""#, "auth", r#"a\"b"#),
        ] {
            let at = text.find(key).unwrap() + key.len();
            let value = value_after(text.as_bytes(), at, 100).unwrap();
            assert_eq!(&text[value], expected, "{text}");
        }
        assert_eq!(value_after(b"auth abc", 4, 100), None);
    }
}
