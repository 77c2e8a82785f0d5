//! Files whose names say that they hold secrets, and places where such names mean little.
//!
//! A name alone is evidence of a kind of file, rarely of a secret in it: most rows ask for a look
//! at the content. Names and places are from the tools' documentation and from lists under MIT and
//! Apache-2.0; `data/NOTICE.md` names them. What a file holds is the secrets crate's business.

use std::sync::LazyLock;

use super::Risk;
use super::glob;
use super::patterns::Patterns;
use super::table::{Table, columns, first_column};

pub(super) static FILES: Table = Table::new(include_str!("../../data/sensitive_files.tsv"));
pub(super) static ENDINGS: Table = Table::new(include_str!("../../data/sensitive_endings.tsv"));
pub(super) static PATTERNS: Table = Table::new(include_str!("../../data/sensitive_patterns.tsv"));
pub(super) static FIXTURES: Table = Table::new(include_str!("../../data/fixture_paths.tsv"));

/// What a path says about the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SensitivePath {
    /// What kind of thing it is, such as `an SSH private key`: ready for "it is".
    pub kind: &'static str,
    /// How much it helps an intruder, if it is what its name says.
    pub risk: Risk,
    /// Whether the content decides: the name alone is not enough.
    pub needs_content: bool,
}

/// What the path of a file says about it. `None` if nothing.
///
/// The path is one in an image or below a build context, with or without a leading slash.
pub fn sensitive_path(path: &str) -> Option<SensitivePath> {
    let path = relative(path);
    let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
    let here = |row: &&'static str| in_directory(row, directory);
    if let Some(exact) = worst(FILES.named(name).filter(here)) {
        return Some(exact);
    }
    let named = endings(name).flat_map(|it| ENDINGS.named(it));
    static SHAPES: LazyLock<Patterns<&str>> =
        LazyLock::new(|| Patterns::new(PATTERNS.rows().collect(), |row| first_column(row)));
    worst(named.chain(SHAPES.fitting(name).copied()).filter(here))
}

/// The longest ending in the table, and so as much of a name as has to be looked at.
const LONGEST_ENDING: usize = ".publishsettings".len();

/// The ends of a name from each of its last dots on: `.tfstate.backup` and `.backup`.
fn endings(name: &str) -> impl Iterator<Item = &str> {
    let dots = name.bytes().enumerate().rev().take(LONGEST_ENDING);
    dots.filter(|(_, it)| *it == b'.').filter_map(|(at, _)| name.get(at..))
}

/// The first of the most helpful to an intruder.
fn worst(rows: impl Iterator<Item = &'static str>) -> Option<SensitivePath> {
    rows.filter_map(parse).reduce(|worst, it| if it.risk > worst.risk { it } else { worst })
}

/// What may lie in a directory of that path, judged by its name: the worst that belongs into a
/// directory such as `.ssh` or `.aws`. For `COPY .ssh /root/.ssh`, where no file is named.
pub fn sensitive_directory(path: &str) -> Option<SensitivePath> {
    let path = relative(path);
    let name = path.rsplit('/').next().filter(|it| it.starts_with('.') && it.len() > 1)?;
    // Private keys may lie anywhere, so their rows name no directory; this is where they belong.
    if name == ".ssh" {
        return sensitive_path("id_rsa");
    }
    let rows = FILES.rows().chain(ENDINGS.rows()).chain(PATTERNS.rows()).filter(|row| {
        let [_, directory] = columns(row);
        // `**/.aws` and everything below it, such as `**/.aws/sso/cache`.
        let below = directory.strip_prefix("**/").and_then(|it| it.strip_prefix(name));
        below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    });
    Some(SensitivePath { needs_content: true, ..worst(rows)? })
}

/// Why a secret at that path is probably a sample, or meant to be public. A hit there counts
/// less; it is not to be dropped.
pub fn fixture(path: &str) -> Option<&'static str> {
    let path = relative(path);
    FIXTURES.rows().find_map(|row| {
        let [patterns, why] = columns(row);
        patterns.split(',').any(|it| glob::path(it, path)).then_some(why)
    })
}

fn relative(path: &str) -> &str {
    let mut path = path.trim_end_matches('/');
    while let Some(rest) = path.strip_prefix('/').or_else(|| path.strip_prefix("./")) {
        path = rest;
    }
    path
}

fn in_directory(row: &'static str, directory: &str) -> bool {
    let [_, pattern] = columns(row);
    match pattern {
        "" => true,
        "." => directory.is_empty(),
        _ => glob::path(pattern, directory),
    }
}

fn parse(row: &'static str) -> Option<SensitivePath> {
    let [_, _, kind, risk] = columns(row);
    let needs_content = risk.ends_with('?');
    Some(SensitivePath { kind, risk: Risk::parse(risk.trim_end_matches('?'))?, needs_content })
}

#[cfg(test)]
mod tests {
    use super::super::table::check;
    use super::*;

    fn of(path: &str) -> String {
        sensitive_path(path).map_or_else(String::new, |it| {
            let mark = if it.needs_content { "?" } else { "" };
            format!("{} {}{mark}", it.kind, it.risk)
        })
    }

    #[test]
    fn files_by_name_and_place() {
        for (path, expected) in [
            ("root/.ssh/id_rsa", "an SSH private key critical?"),
            ("/root/.ssh/id_rsa", "an SSH private key critical?"),
            ("./id_ed25519", "an SSH private key critical?"),
            ("app/deploy_rsa", "an SSH private key high?"),
            ("root/.ssh/id_rsa.pub", ""),
            ("root/.ssh/authorized_keys", "a list of SSH logins medium"),
            ("srv/authorized_keys", ""),
            ("etc/ssh/ssh_host_ed25519_key", "an SSH host key high?"),
            ("app/ssh_host_ed25519_key", ""),
            ("app/server.pem", "a private key medium?"),
            ("app/server.pem/", "a private key medium?"),
            ("*.pem", "a private key medium?"),
            ("root/.oci/api.pem", "cloud credentials critical?"),
            ("root/.aws/credentials", "cloud credentials critical?"),
            ("app/credentials", ""),
            ("root/.aws/sso/cache/0a1b.json", "cloud credentials high?"),
            ("app/credentials.json", "cloud credentials high?"),
            ("app/my-service-account-1.json", "cloud credentials high?"),
            ("root/.kube/config", "Kubernetes credentials critical?"),
            ("root/.docker/config.json", "a registry login critical?"),
            ("root/.config/helm/registry/config.json", "a registry login critical?"),
            ("app/config.json", ""),
            ("etc/kubernetes/pki/ca.crt", "Kubernetes credentials critical?"),
            ("app/.npmrc", "a package registry token critical?"),
            ("app/NuGet.Config", "a package registry token high?"),
            ("root/.cargo/credentials.toml", "a package registry token critical?"),
            (".env", "an environment file high?"),
            ("app/.env.production", "an environment file high?"),
            ("app/.env.example", "an environment file info?"),
            ("app/prod.env", "an environment file medium?"),
            (".git/config", "Git credentials high?"),
            ("app/.git/HEAD", "version control data medium"),
            ("app/.git/objects/aa/bbcc", "version control data info"),
            ("root/.git-credentials", "Git credentials critical?"),
            ("app/config/master.key", "application secrets critical?"),
            ("app/key.key", "a private key medium?"),
            ("root/.gnupg/private-keys-v1.d/0A.key", "a PGP key critical?"),
            ("terraform.tfstate", "HashiCorp credentials high?"),
            ("home/app/.bash_history", "a command history medium?"),
            ("etc/shadow", "account passwords high?"),
            ("app/etc/shadow", ""),
            ("etc/sudoers.d/app", "privilege rules medium?"),
            ("etc/openvpn/server/a.key", "a VPN key high?"),
            ("etc/openvpn/a.key", "a VPN key high?"),
            ("etc/wireguard/wg0.conf", "a VPN key critical?"),
            ("core", "a memory dump medium?"),
            ("core.1234", "a memory dump medium?"),
            ("core.js", ""),
            ("run/secrets/db", "a build secret high"),
            ("run/secrets/a/b", "a build secret high"),
            ("run/secrets.txt", ""),
            ("var/run/docker.sock", "a container engine's socket critical"),
            ("", ""),
            ("/", ""),
            ("app/main.rs", ""),
        ] {
            assert_eq!(of(path), expected, "{path}");
        }
    }

    #[test]
    fn directories_that_hold_such_files() {
        for (path, expected) in [
            (".ssh", Some("an SSH private key")),
            ("/root/.ssh/", Some("an SSH private key")),
            ("./home/ann/.aws", Some("cloud credentials")),
            (".kube", Some("Kubernetes credentials")),
            (".docker", Some("a registry login")),
            (".gnupg", Some("a PGP key")),
            (".git", Some("Git credentials")),
            (".", None),
            ("..", None),
            ("src", None),
            (".github", None),
            ("containers", None),
            ("", None),
        ] {
            let found = sensitive_directory(path);
            assert_eq!(found.map(|it| it.kind), expected, "{path}");
            assert!(found.is_none_or(|it| it.needs_content), "{path}");
        }
    }

    #[test]
    fn samples_and_public_things() {
        for (path, expected) in [
            ("/usr/share/doc/x/example.pem", Some("documentation")),
            ("app/README.md", Some("documentation")),
            ("etc/ssl/certs/ca-certificates.crt", Some("public certificates")),
            ("usr/lib/python3/site-packages/x/a/tests/b/key.pem", Some("tests of a library")),
            ("app/node_modules/tls/test/key.pem", Some("tests of a library")),
            ("usr/local/lib/python3.12/test/certdata/ssl_key.pem", Some("Python's own test keys")),
            ("usr/local/go/src/crypto/tls/testdata/key.pem", Some("Go's own test keys")),
            ("app/go.sum", Some("checksums in a lock file")),
            ("app/logo.png", Some("media")),
            ("app/test/key.pem", None),
            ("app/key.pem", None),
            ("", None),
        ] {
            assert_eq!(fixture(path), expected, "{path}");
        }
    }

    #[test]
    fn hostile_paths_are_bounded() {
        let deep = format!("{}key", ".aws/sso/".repeat(5_000));
        assert_eq!(sensitive_path(&deep), None);
        let long = "a".repeat(200_000);
        assert_eq!(sensitive_path(&long), None);
        assert_eq!(fixture(&deep), None);
        assert_eq!(fixture(&format!("{}x", "gems/".repeat(5_000))), None);
    }

    #[test]
    fn the_tables_are_read_completely() {
        for table in [&FILES, &ENDINGS, &PATTERNS] {
            check::shape(table, 4, 4);
            assert!(table.rows().all(|it| parse(it).is_some()));
        }
        for table in [&FILES, &ENDINGS] {
            check::sorted(table);
            assert!(table.rows().all(|it| !first_column(it).contains(['*', '?', '[', ','])));
        }
        let lengths = ENDINGS.rows().map(|it| first_column(it).len());
        assert_eq!(lengths.max(), Some(LONGEST_ENDING));
        assert!(ENDINGS.rows().all(|it| first_column(it).starts_with('.')));
        check::shape(&FIXTURES, 2, 2);
        // Every row finds itself, so none is hidden by another's shape.
        for row in FILES.rows().chain(ENDINGS.rows()) {
            let [name, directory] = columns(row);
            let directory = directory.replace("**", "a").replace('*', "b");
            let path =
                if directory == "." { name.to_owned() } else { format!("{directory}/{name}") };
            let found = sensitive_path(&path).unwrap();
            assert!(found.risk >= parse(row).unwrap().risk, "{row}");
        }
    }
}
