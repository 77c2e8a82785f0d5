//! Credentials on command lines: which program takes one where, and what it does with it.
//!
//! The sources are the programs' own manuals. A program is known by a row; what is not in the rows
//! is still found by its form when it is a token of a known kind.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use dockerfile::shell::{Part, ShellWord};
use text::Span;

use super::RunCommand;

/// A credential that a command is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Credential {
    /// What it is, with an article.
    pub what: &'static str,
    /// Where the credential stands.
    pub span: Span,
    /// How it is given.
    pub given: Handed,
    /// Whether a file is named that holds it.
    pub file: bool,
    /// The file in which the program keeps it, if it keeps it.
    pub kept: Option<&'static str>,
    /// The right way for this program.
    pub remedy: &'static str,
}

/// How a value is given to a command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Handed {
    /// Written out.
    Literal(String),
    /// By variables of these names.
    Variables(Vec<String>),
    /// By the output of commands.
    Commands,
}

/// Where in a command line a row finds its credential.
#[derive(Clone, Copy)]
enum At {
    /// The value of one of these options.
    Option(&'static [&'static str]),
    /// The same, behind the first colon: `user:password`.
    Login(&'static [&'static str]),
    /// The value of one of these options, when it is a header that carries a credential.
    Header(&'static [&'static str]),
    /// The value of one of these options, behind `pass:`.
    Pass(&'static [&'static str]),
    /// Glued to this short option, never behind a blank: `mysql -psecret`.
    Glued(&'static str),
    /// The operand of this number, those of the subcommand not counted.
    Operand(usize),
    /// The operand behind one whose name ends in one of these words: `set …:_authToken VALUE`.
    Behind(&'static [&'static str]),
    /// A file that holds the credential: the value of one of these options.
    File(&'static [&'static str]),
}

struct Row {
    programs: &'static [&'static str],
    /// Words that must come first among the operands.
    verb: &'static [&'static str],
    at: At,
    what: &'static str,
    kept: Option<&'static str>,
    remedy: &'static str,
}

const PASSWORD: &str = "a password";
const TOKEN: &str = "a token";
const NETRC: &str = "mount a .netrc as a secret and let the program read it";
const MOUNT_ENV: &str = "hand it over with RUN --mount=type=secret,id=…,env=…";
const RUN_TIME: &str = "do this when the container runs, with a secret from its platform";
const NO_LOGIN: &str = "log in where the build runs, not inside it";
const NPMRC: &str = "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci";
const REGISTRIES: &[&str] =
    &["docker", "podman", "skopeo", "buildah", "nerdctl", "crane", "oras", "helm", "regctl"];

const fn row(
    programs: &'static [&'static str],
    verb: &'static [&'static str],
    at: At,
    what: &'static str,
    kept: Option<&'static str>,
    remedy: &'static str,
) -> Row {
    Row { programs, verb, at, what, kept, remedy }
}

const CURL: &[&str] = &["curl"];
const WGET: &[&str] = &["wget"];
const NPM: &[&str] = &["npm", "pnpm", "yarn"];
const MYSQL: &[&str] = &[
    "mysql",
    "mysqladmin",
    "mysqldump",
    "mysqlimport",
    "mariadb",
    "mariadb-admin",
    "mariadb-dump",
];
const MONGO: &[&str] = &["mongo", "mongosh", "mongodump", "mongorestore", "mongoimport"];
const LDAP: &[&str] = &["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd"];
const PIP_KEPT: Option<&str> = Some("pip.conf");

#[rustfmt::skip]
static ROWS: &[Row] = &[
    row(CURL, &[], At::Login(&["-u", "--user", "-U", "--proxy-user"]), PASSWORD, None, NETRC),
    row(CURL, &[], At::Option(&["--oauth2-bearer", "--pass", "--proxy-pass", "--key-passwd"]), TOKEN, None, "curl -H @/run/secrets/header"),
    row(CURL, &[], At::Header(&["-H", "--header", "--proxy-header"]), TOKEN, None, "curl -H @/run/secrets/header"),
    row(WGET, &[], At::Option(&["--password", "--http-password", "--http-passwd", "--ftp-password", "--proxy-password"]), PASSWORD, None, NETRC),
    row(WGET, &[], At::Header(&["--header"]), TOKEN, None, NETRC),
    row(&["http", "https", "xh"], &[], At::Login(&["-a", "--auth"]), PASSWORD, None, NETRC),
    row(&["git"], &["config"], At::Behind(&["extraheader"]), TOKEN, Some(".gitconfig"), "set GIT_CONFIG_COUNT and its pair from a secret in the same step"),
    row(NPM, &["config", "set"], At::Behind(&["_authtoken", "_auth", "_password", "npmauthtoken"]), TOKEN, Some(".npmrc"), NPMRC),
    row(NPM, &["set"], At::Behind(&["_authtoken", "_auth", "_password"]), TOKEN, Some(".npmrc"), NPMRC),
    row(&["poetry"], &["config"], At::Behind(&["pypi-token.*"]), TOKEN, Some("auth.toml"), MOUNT_ENV),
    row(&["poetry"], &["config"], At::Operand(2), PASSWORD, Some("auth.toml"), MOUNT_ENV),
    row(&["twine"], &["upload"], At::Option(&["-p", "--password"]), TOKEN, None, "publish outside the image build"),
    row(&["uv", "flit", "hatch", "poetry"], &["publish"], At::Option(&["-t", "--token", "-p", "--password"]), TOKEN, None, "publish outside the image build"),
    row(&["composer"], &["config"], At::Behind(&["github-oauth.*", "gitlab-token.*", "gitlab-oauth.*", "bearer.*"]), TOKEN, Some("auth.json"), "RUN --mount=type=secret,id=composer,env=COMPOSER_AUTH composer install"),
    row(&["bundle", "bundler"], &["config"], At::Login(&[]), PASSWORD, Some(".bundle/config"), MOUNT_ENV),
    row(&["dotnet"], &["nuget", "add", "source"], At::Option(&["-p", "--password"]), PASSWORD, Some("NuGet.Config"), "mount NuGet.Config as a secret"),
    row(&["dotnet"], &["nuget", "push"], At::Option(&["-k", "--api-key"]), TOKEN, None, "publish outside the image build"),
    row(&["nuget"], &["sources"], At::Option(&["-Password", "-password"]), PASSWORD, Some("NuGet.Config"), "mount NuGet.Config as a secret"),
    row(&["cargo"], &["login"], At::Operand(0), TOKEN, Some("credentials.toml"), "RUN --mount=type=secret,id=cargo,env=CARGO_REGISTRY_TOKEN"),
    row(&["cargo"], &["publish"], At::Option(&["--token"]), TOKEN, None, "publish outside the image build"),
    row(REGISTRIES, &["login"], At::Option(&["-p", "--password"]), PASSWORD, Some("config.json"), NO_LOGIN),
    row(REGISTRIES, &["registry", "login"], At::Option(&["-p", "--password"]), PASSWORD, Some("config.json"), NO_LOGIN),
    row(&["aws"], &["configure", "set"], At::Behind(&["aws_secret_access_key", "aws_session_token", "aws_access_key_id"]), "an access key", Some(".aws/credentials"), "RUN --mount=type=secret,id=aws,target=/root/.aws/credentials"),
    row(&["gcloud"], &["auth", "activate-service-account"], At::File(&["--key-file"]), "a service account's key", Some("credentials.db"), "mount the key as a secret and name it in GOOGLE_APPLICATION_CREDENTIALS"),
    row(&["az"], &["login"], At::Option(&["-p", "--password", "--federated-token"]), PASSWORD, Some(".azure"), NO_LOGIN),
    row(&["doctl"], &["auth", "init"], At::Option(&["-t", "--access-token"]), TOKEN, Some("config.yaml"), MOUNT_ENV),
    row(&["vault"], &["login"], At::Operand(0), TOKEN, Some(".vault-token"), RUN_TIME),
    row(&["kubectl"], &["config", "set-credentials"], At::Option(&["--token", "--password"]), TOKEN, Some(".kube/config"), RUN_TIME),
    row(&["oc"], &["login"], At::Option(&["--token", "-p", "--password"]), TOKEN, Some(".kube/config"), RUN_TIME),
    row(&["helm"], &["repo", "add"], At::Option(&["--password"]), PASSWORD, Some("repositories.yaml"), MOUNT_ENV),
    row(&["sshpass"], &[], At::Option(&["-p"]), PASSWORD, None, "RUN --mount=type=ssh"),
    row(&["gpg", "gpg2"], &[], At::Option(&["--passphrase"]), "a passphrase", None, "gpg --passphrase-file /run/secrets/…"),
    row(&["htpasswd"], &[], At::Option(&["-b", "-nb", "-bn", "-cb", "-bc", "-Bb", "-bB", "-cbB", "-Bbn", "-nbB"]), PASSWORD, Some("the password file"), "mount the password file when the container runs"),
    row(MYSQL, &[], At::Glued("-p"), PASSWORD, None, RUN_TIME),
    row(MYSQL, &[], At::Option(&["--password="]), PASSWORD, None, RUN_TIME),
    row(&["redis-cli"], &[], At::Option(&["-a", "--pass"]), PASSWORD, None, "REDISCLI_AUTH from a secret"),
    row(MONGO, &[], At::Option(&["-p", "--password"]), PASSWORD, None, RUN_TIME),
    row(LDAP, &[], At::Option(&["-w"]), PASSWORD, None, "ldapsearch -y /run/secrets/…"),
    row(&["sqlcmd", "bcp"], &[], At::Option(&["-P"]), PASSWORD, None, "SQLCMDPASSWORD from a secret"),
    row(&["cmdkey"], &[], At::Glued("/pass:"), PASSWORD, Some("the credential store"), RUN_TIME),
    row(&["psexec"], &[], At::Option(&["-p"]), PASSWORD, None, RUN_TIME),
    row(&["openssl"], &[], At::Pass(&["-passin", "-passout", "-pass"]), "a passphrase", None, "openssl … file:/run/secrets/…"),
    row(&["keytool"], &[], At::Option(&["-storepass", "-keypass", "-deststorepass", "-srcstorepass"]), PASSWORD, None, "keytool -storepass:file /run/secrets/…"),
    row(&["mc"], &["alias", "set"], At::Operand(3), "a secret key", Some(".mc/config.json"), MOUNT_ENV),
    row(&["mc"], &["config", "host", "add"], At::Operand(3), "a secret key", Some(".mc/config.json"), MOUNT_ENV),
    row(&["s3cmd"], &[], At::Option(&["--secret_key"]), "a secret key", None, MOUNT_ENV),
    row(&["subscription-manager"], &["register"], At::Option(&["--password"]), PASSWORD, Some("the entitlement"), "mount the entitlement as a secret"),
    row(&["pro", "ua"], &["attach"], At::Operand(0), TOKEN, Some("/var/lib/ubuntu-advantage"), "pro attach --attach-config from a secret mount, and pro detach in the same step"),
    row(&["snyk"], &["auth"], At::Operand(0), TOKEN, Some("snyk.json"), "RUN --mount=type=secret,id=snyk,env=SNYK_TOKEN"),
    row(&["sentry-cli"], &[], At::Option(&["--auth-token"]), TOKEN, None, "RUN --mount=type=secret,id=sentry,env=SENTRY_AUTH_TOKEN"),
    row(&["vercel", "netlify", "firebase", "railway", "flyctl", "fly"], &[], At::Option(&["--token", "--auth", "-t", "--access-token"]), TOKEN, None, "deploy outside the image build"),
    row(&["pip", "pip3"], &["config", "set"], At::Behind(&["password"]), PASSWORD, PIP_KEPT, "RUN --mount=type=secret,id=pip,target=/etc/pip.conf"),
];

/// Headers that carry a credential, in lower case.
const HEADERS: &[&str] = &[
    "authorization",
    "private-token",
    "job-token",
    "deploy-token",
    "x-api-key",
    "api-key",
    "apikey",
    "dd-api-key",
    "dd-application-key",
    "x-auth-token",
    "x-vault-token",
    "x-jfrog-art-api",
    "circle-token",
    "x-github-token",
    "proxy-authorization",
    "cookie",
];

/// The credentials that a command is given.
pub fn credentials(command: &RunCommand) -> Vec<Credential> {
    static BY_PROGRAM: LazyLock<BTreeMap<&str, Vec<&Row>>> = LazyLock::new(|| {
        let mut rows: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
        for row in ROWS {
            for program in row.programs {
                rows.entry(program).or_default().push(row);
            }
        }
        rows
    });
    let rows = BY_PROGRAM.get(&*command.program).into_iter().flatten();
    rows.flat_map(|row| found(command, row)).collect()
}

fn found(command: &RunCommand, row: &Row) -> Vec<Credential> {
    let words = command.arguments();
    if !row.verb.is_empty() && !starts_with(words, row.verb) {
        return Vec::new();
    }
    let values: Vec<(&ShellWord, usize)> = match row.at {
        At::Option(names) if row.programs.contains(&"htpasswd") => {
            let last = words.last().filter(|_| words.iter().any(|it| names.contains(&&*it.text())));
            last.map(|it| (it, 0)).into_iter().collect()
        }
        At::Option(names) | At::File(names) => options(words, names),
        At::Login([]) => operands(words, row.verb.len()).skip(1).filter_map(behind_colon).collect(),
        At::Login(names) => {
            let all = options(words, names).into_iter();
            all.filter_map(|(word, from)| Some((word, colon(word, from)?))).collect()
        }
        At::Header(names) => {
            let all = options(words, names).into_iter();
            all.filter_map(|(word, from)| Some((word, header(word, from)?))).collect()
        }
        At::Pass(names) => {
            let all = options(words, names).into_iter();
            let behind = |(word, from): (&'_ ShellWord, usize)| {
                word.text().get(from..)?.strip_prefix("pass:").map(|_| from + 5)
            };
            all.filter_map(|it| Some((it.0, behind(it)?))).collect()
        }
        At::Glued(name) => {
            let glued = |it: &&ShellWord| {
                let text = it.text();
                text.len() > name.len() && text.starts_with(name)
            };
            words.iter().filter(glued).map(|it| (it, name.len())).collect()
        }
        At::Operand(number) => {
            operands(words, row.verb.len()).nth(number).map(|it| (it, 0)).into_iter().collect()
        }
        At::Behind(names) => behind(words, row.verb.len(), names),
    };
    values.into_iter().filter_map(|(word, from)| credential(row, word, from)).collect()
}

fn credential(row: &Row, word: &ShellWord, from: usize) -> Option<Credential> {
    let given = given(word, from);
    if given == Handed::Literal(String::new()) {
        return None;
    }
    let text = word.cooked();
    let end = text.as_str().len();
    let span = if from == 0 { word.span } else { text.span(from..end) };
    let file = matches!(row.at, At::File(_));
    Some(Credential { what: row.what, span, given, file, kept: row.kept, remedy: row.remedy })
}

/// How the part of a word is given that starts at `from`.
pub fn given(word: &ShellWord, from: usize) -> Handed {
    let (mut at, mut literal) = (0, String::new());
    let (mut names, mut commands) = (Vec::new(), false);
    for part in &word.parts {
        let text = part.text();
        let end = at + text.len();
        if end > from {
            match part {
                Part::Literal { .. } => {
                    literal.push_str(text.get(from.saturating_sub(at)..).unwrap_or_default());
                }
                Part::Variable { name, .. } => names.push(name.clone()),
                Part::Commands { .. } | Part::Process { .. } => commands = true,
                Part::Arithmetic { .. } => {}
            }
        }
        at = end;
    }
    match (names.is_empty(), commands) {
        (false, _) => Handed::Variables(names),
        (true, true) => Handed::Commands,
        (true, false) => Handed::Literal(literal),
    }
}

fn starts_with(words: &[ShellWord], verb: &[&str]) -> bool {
    let mut operands = operands(words, 0);
    verb.iter().all(|it| operands.next().is_some_and(|word| word.is(it)))
}

/// The words that are no options, the first few left out. An option's value counts as one, which
/// is why rows with a verb expect it first.
fn operands(words: &[ShellWord], skip: usize) -> impl Iterator<Item = &ShellWord> {
    words.iter().filter(|it| !it.text().starts_with('-')).skip(skip)
}

/// The values of options: each word with where the value starts in it. A name that ends in `=`
/// takes its value there only.
fn options<'a>(words: &'a [ShellWord], names: &[&str]) -> Vec<(&'a ShellWord, usize)> {
    let mut out = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let text = word.text();
        if !text.starts_with('-') {
            continue;
        }
        // `-sSu` is `-s`, `-S` and `-u`, which then takes the next word.
        let letters = text.get(1..).unwrap_or_default();
        let cluster =
            (2..=5).contains(&letters.len()) && letters.bytes().all(|it| it.is_ascii_alphabetic());
        let last = cluster.then(|| letters.get(letters.len() - 1..)).flatten();
        for name in names {
            if last.is_some() && name.len() == 2 && name.get(1..) == last {
                out.extend(words.get(index + 1).map(|it| (it, 0)));
                continue;
            }
            let Some(rest) = text.strip_prefix(name) else { continue };
            let short = name.len() == 2;
            if name.ends_with('=') {
                out.push((word, name.len()));
            } else if rest.is_empty() {
                out.extend(words.get(index + 1).map(|it| (it, 0)));
            } else if rest.starts_with('=') {
                out.push((word, name.len() + 1));
            } else if short && !text.starts_with("--") {
                out.push((word, name.len()));
            }
        }
    }
    out
}

fn colon(word: &ShellWord, from: usize) -> Option<usize> {
    let text = word.text();
    let at = text.get(from..)?.find(':')?;
    Some(from + at + 1)
}

fn behind_colon(word: &ShellWord) -> Option<(&ShellWord, usize)> {
    // An address is no login.
    let text = word.text();
    (!text.contains("://")).then(|| Some((word, colon(word, 0)?)))?
}

/// Where the credential starts in a header.
fn header(word: &ShellWord, from: usize) -> Option<usize> {
    let text = word.text();
    let (name, value) = text.get(from..)?.split_once(':')?;
    if !HEADERS.contains(&&*name.trim().to_ascii_lowercase()) {
        return None;
    }
    let mut at = from + name.len() + 1 + (value.len() - value.trim_start().len());
    let value = value.trim_start();
    for scheme in ["bearer ", "basic ", "token ", "apikey "] {
        let starts = value.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme));
        if starts {
            at += scheme.len();
        }
    }
    Some(at)
}

/// The values behind operands of these names, given as `name value` or `name=value`.
fn behind<'a>(words: &'a [ShellWord], skip: usize, names: &[&str]) -> Vec<(&'a ShellWord, usize)> {
    let is_named = |text: &str| {
        let lower = text.to_ascii_lowercase();
        names.iter().any(|it| match it.strip_suffix('*') {
            Some(start) => lower.starts_with(start),
            None => lower.ends_with(it),
        })
    };
    let list: Vec<&ShellWord> = operands(words, skip).collect();
    for (index, word) in list.iter().enumerate() {
        let text: Cow<'_, str> = word.text();
        if let Some((name, _)) = text.split_once('=').filter(|(name, _)| is_named(name)) {
            return vec![(word, name.len() + 1)];
        }
        if is_named(&text) {
            return list.get(index + 1).map(|it| (*it, 0)).into_iter().collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    fn literal(text: &str) -> Handed {
        Handed::Literal(text.to_owned())
    }

    #[track_caller]
    fn check(command: &str, expected: &[Handed]) {
        let list = parsed(command);
        let got: Vec<Handed> = list.iter().flat_map(credentials).map(|it| it.given).collect();
        assert_eq!(got, expected, "{command}");
    }

    #[test]
    fn literals_are_found_where_each_program_takes_them() {
        for command in [
            "curl -u me:s3cr3t https://x",
            "curl --user=me:s3cr3t https://x",
            "curl -fsSu me:s3cr3t https://x",
            "curl -sume:s3cr3t -H 'Accept: x' -u me:s3cr3t x",
            "curl -H 'Authorization: Bearer s3cr3t' x",
            "curl --header='PRIVATE-TOKEN: s3cr3t' x",
            "wget --header 'X-Api-Key: s3cr3t' x",
            "wget --password=s3cr3t x",
            "docker login -u me -p s3cr3t registry",
            "podman login --password=s3cr3t registry",
            "npm config set //registry.npmjs.org/:_authToken s3cr3t",
            "npm config set //registry.npmjs.org/:_authToken=s3cr3t",
            "aws configure set aws_secret_access_key s3cr3t",
            "aws configure set default.aws_secret_access_key s3cr3t --profile x",
            "mysql -uroot -ps3cr3t -e 'x'",
            "mysqladmin --password=s3cr3t ping",
            "sshpass -ps3cr3t ssh x",
            "openssl pkcs12 -export -passout pass:s3cr3t",
            "composer config -g github-oauth.github.com s3cr3t",
            "bundle config gems.example.com me:s3cr3t",
            "htpasswd -nb me s3cr3t",
            "poetry config http-basic.x me s3cr3t",
            "cargo login s3cr3t",
            "git config --global http.https://x/.extraheader 's3cr3t'",
        ] {
            check(command, &[literal("s3cr3t")]);
        }
    }

    #[test]
    fn other_ways_are_told_apart() {
        let variable = |it: &str| Handed::Variables(vec![it.to_owned()]);
        check("curl -u \"me:$PASS\" x", &[variable("PASS")]);
        check("docker login -p $(cat /run/secrets/x)", &[Handed::Commands]);
        check("curl -H \"Authorization: token ${T}\" x", &[variable("T")]);
        check("doctl auth init -t $DO", &[variable("DO")]);
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        for command in [
            "curl -u me https://x",
            "curl -H 'Accept: text/plain' x",
            "mysql -p x",
            "mysql -e 'x' --protocol=tcp",
            "docker login registry",
            "docker run -p 80:80 x",
            "npm config set registry https://x",
            "openssl rsa -passin file:/run/secrets/x",
            "bundle config set without test",
            "bundle config mirror.https://rubygems.org https://x",
            "htpasswd -n me",
            "echo docker login -p x",
        ] {
            check(command, &[]);
        }
    }
}
