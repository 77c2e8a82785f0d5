//! Samples of the kinds that structure readers and file profiles find, each with a near miss.

use super::{ALNUM, HEX, Random};
use crate::verify::base64_encode;

/// A text in which a kind is found, and a similar one in which it is not.
pub(super) struct Sample {
    pub(super) kind: &'static str,
    pub(super) path: Option<&'static str>,
    pub(super) text: Vec<u8>,
    pub(super) miss: Vec<u8>,
}

fn sample(kind: &'static str, text: impl Into<Vec<u8>>, miss: impl Into<Vec<u8>>) -> Sample {
    Sample { kind, path: None, text: text.into(), miss: miss.into() }
}

fn file(
    kind: &'static str,
    path: &'static str,
    text: impl Into<Vec<u8>>,
    miss: impl Into<Vec<u8>>,
) -> Sample {
    Sample { path: Some(path), ..sample(kind, text, miss) }
}

pub(super) fn all() -> Vec<Sample> {
    let mut out = keys();
    out.extend(urls());
    out.extend(cloud());
    out.extend(containers());
    out.extend(packages());
    out.extend(files());
    out.extend(guesses());
    out
}

fn pick(seed: u64, n: usize) -> String {
    Random::new(seed).text(ALNUM, n)
}

/// A PEM block around raw bytes.
pub(super) fn pem(label: &str, raw: &[u8]) -> String {
    let encoded = base64_encode(raw, false);
    let padding = "=".repeat((4 - encoded.len() % 4) % 4);
    let rows: Vec<String> = format!("{encoded}{padding}")
        .as_bytes()
        .chunks(64)
        .map(|it| String::from_utf8_lossy(it).into_owned())
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", rows.join("\n"))
}

/// An ASN.1 sequence that starts like a private key.
pub(super) fn der(seed: u64, size: usize) -> Vec<u8> {
    let mut body = vec![2, 1, 0];
    body.extend(Random::new(seed).bytes(size));
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    [&[0x30, 0x82][..], &length, &body].concat()
}

fn keys() -> Vec<Sample> {
    let block = |label: &str, seed| pem(label, &der(seed, 600));
    let public = |seed| pem("PUBLIC KEY", &der(seed, 300));
    let openssh = crate::structure::openssh_sample("none");
    let pgp = {
        let mut raw = vec![0xC5];
        raw.extend(Random::new(9).bytes(300));
        let sum = crate::verify::crc24(&raw).to_be_bytes();
        let block = pem("PGP PRIVATE KEY BLOCK", &raw);
        block.replace("\n-----END", &format!("\n={}\n-----END", base64_encode(&sum[1..], false)))
    };
    let putty = format!(
        "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 2\n{}\n{}\nPrivate-MAC: 00\n",
        pick(1, 64),
        pick(2, 64)
    );
    let minisign = [b"Ed".to_vec(), Random::new(4).bytes(150)].concat();
    let minisign = format!(
        "untrusted comment: minisign encrypted secret key\n{}\n",
        base64_encode(&minisign, false)
    );
    let openvpn: String =
        (0..16u64).map(|it| format!("{}\n", Random::new(it + 1).text(HEX, 32))).collect();
    let mut tor = b"== ed25519v1-secret: type0 ==\0\0\0".to_vec();
    tor.extend(Random::new(5).bytes(64));
    let words = [
        "acid", "bone", "cave", "dawn", "easy", "fish", "goat", "hawk", "iron", "jump", "kite",
        "lamp",
    ];
    vec![
        sample("pem-rsa", block("RSA PRIVATE KEY", 1), public(1)),
        sample("pem-ec", block("EC PRIVATE KEY", 2), public(2)),
        sample("pem-dsa", block("DSA PRIVATE KEY", 3), public(3)),
        sample(
            "pem-pkcs8",
            block("PRIVATE KEY", 4),
            "-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----",
        ),
        sample("pem-pkcs8", block("PRIVATE KEY", 14).replace('\n', "\\n"), public(5)),
        sample("pem-pkcs8-enc", block("ENCRYPTED PRIVATE KEY", 5), public(6)),
        sample("cosign-key", block("ENCRYPTED SIGSTORE PRIVATE KEY", 6), public(7)),
        sample(
            "pem-openssh",
            pem("OPENSSH PRIVATE KEY", &openssh),
            "-----BEGIN OPENSSH PRIVATE KEY----------END OPENSSH PRIVATE KEY-----",
        ),
        sample("pgp-private", pgp, pem("PGP PUBLIC KEY BLOCK", &der(8, 200))),
        sample(
            "ssh2-enc",
            format!(
                "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
                pick(3, 64)
            ),
            "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----",
        ),
        sample("putty-ppk", putty.clone(), putty.replace("Private-Lines", "Other-Lines")),
        sample("minisign-key", minisign.clone(), minisign.replace("secret key\n", "secret key\nx")),
        sample(
            "openvpn-static",
            format!("-----BEGIN OpenVPN Static key V1-----\n{openvpn}-----END"),
            "-----BEGIN OpenVPN Static key V1-----\nabc\n-----END",
        ),
        sample("tor-onion-key", tor.clone(), &tor[..50]),
        sample(
            "bip39-mnemonic",
            format!("mnemonic: \"{}\"", words.join(" ")),
            format!("mnemonic: \"{}\"", words[..11].join(" ")),
        ),
        sample(
            "bitcoin-wif",
            ["bitcoin_private_key = 5HpHagT65TZzG1PH3CSu63k8DbpvD", "8s5ip4nEB3kEsreAnchuDf"]
                .concat(),
            ["bitcoin_private_key = 5HpHagT65TZzG1PH3CSu63k8DbpvD", "8s5ip4nEB3kEsreAnchuDg"]
                .concat(),
        ),
    ]
}

fn jwt(header: &str, payload: &str, signature: usize) -> String {
    let part = |it: &str| base64_encode(it.as_bytes(), true);
    let signature = base64_encode(&Random::new(77).bytes(signature), true);
    format!("{}.{}.{signature}", part(header), part(payload))
}

fn urls() -> Vec<Sample> {
    let header = r#"{"alg":"HS256","typ":"JWT"}"#;
    let word = pick(21, 14);
    let login = base64_encode(format!("deploy:{word}").as_bytes(), false);
    let robot = [base64_encode(b"123456789012345678", true), pick(3, 6), pick(4, 30)].join(".");
    vec![
        sample(
            "jwt",
            jwt(header, r#"{"iss":"me","exp":4000000000}"#, 32),
            jwt("nonsense", "{}", 32),
        ),
        sample(
            "k8s-sa-token",
            jwt(
                header,
                r#"{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:a:b"}"#,
                256,
            ),
            jwt(header, r#"{"iss":"somebody","sub":"else"}"#, 32),
        ),
        sample(
            "jfrog-identity",
            jwt(
                r#"{"ver":"2","typ":"JWT","alg":"RS256"}"#,
                r#"{"sub":"jfrt@01/users/x","iss":"jfrt@01"}"#,
                256,
            ),
            jwt(header, r#"{"sub":"somebody"}"#, 32),
        ),
        sample(
            "url-basic-auth",
            format!("git clone https://me:{word}@git.acme.io/x"),
            "git clone https://me:${PASS}@git.acme.io/x",
        ),
        sample(
            "connstr-db-url",
            format!("postgres://app:{word}@db.acme.io:5432/x"),
            "postgres://app:secret@db.acme.io:5432/x",
        ),
        sample(
            "upstash-redis",
            format!("rediss://default:{word}@cache.acme.io:6379"),
            "rediss://cache.acme.io:6379",
        ),
        sample(
            "http-basic-header",
            format!("Authorization: Basic {login}"),
            "Authorization: Basic realm=\"something\"",
        ),
        sample(
            "http-bearer-header",
            format!("Authorization: Bearer {}", pick(5, 40)),
            "Authorization: Bearer realm",
        ),
        sample(
            "curl-user",
            format!("curl -u deploy:{word} https://acme.io"),
            "curl -u deploy:$PASS https://acme.io",
        ),
        sample(
            "command-password",
            format!("Connect-VIServer -Server vc1 -User app -Password {word}"),
            "Connect-VIServer -Server vc1 -User app -Password $word",
        ),
        sample(
            "connstr-adonet",
            format!("Server=db1;Database=x;User Id=app;Password={word};"),
            "Server=db1;Database=x;User Id=app;Password={0};",
        ),
        sample(
            "connstr-jdbc",
            format!("jdbc:mysql://db1/x?user=app&password={word}"),
            "jdbc:mysql://db1/x?user=app&password=${PW}",
        ),
        sample(
            "sentry-dsn",
            format!(
                "https://{0}:{1}@o1.ingest.sentry.io/2",
                Random::new(6).text(HEX, 32),
                Random::new(7).text(HEX, 32)
            ),
            format!("https://{}@o1.ingest.sentry.io/2", Random::new(6).text(HEX, 32)),
        ),
        sample("discord-bot", format!("discord_token = {robot}"), "discord_token = abc.def.ghi"),
    ]
}

fn cloud() -> Vec<Sample> {
    let key = pem("PRIVATE KEY", &der(31, 600)).replace('\n', "\\n");
    let account = format!(
        "{{\"type\": \"service_account\", \"project_id\": \"p1\", \"private_key\": \"{key}\", \"client_email\": \"a@p1.iam\"}}"
    );
    let user = format!(
        "{{\"client_id\": \"1.apps.googleusercontent.com\", \"client_secret\": \"{}\", \"refresh_token\": \"{}\", \"type\": \"authorized_user\"}}",
        pick(1, 24),
        pick(2, 60)
    );
    let signature =
        base64_encode(&Random::new(8).bytes(32), false).replace('+', "%2B").replace('/', "%2F");
    let hidden = base64_encode(&Random::new(9).bytes(32), false);
    vec![
        sample(
            "gcp-service-account",
            account.clone(),
            account.replace("BEGIN PRIVATE", "BEGIN PUBLIC").replace("END PRIVATE", "END PUBLIC"),
        ),
        sample("gcp-adc", user.clone(), user.replace("googleusercontent", "nobody")),
        sample(
            "azure-sas-token",
            format!("https://x/y?sv=2025-01-01&sp=r&se=2030-01-01T00:00:00Z&sig={signature}%3D"),
            format!("https://x/y?a=1&sig={signature}%3D"),
        ),
        sample(
            "azure-servicebus-connstr",
            format!(
                "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={hidden}="
            ),
            "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=<key>",
        ),
        sample(
            "azure-appconfig-connstr",
            format!("Endpoint=https://x.azconfig.io;Id=a-b;Secret={hidden}="),
            "Endpoint=https://x.azconfig.io;Id=a-b;Secret=no",
        ),
        sample(
            "coinbase-cdp",
            format!("{{\"name\": \"organizations/1/apiKeys/2\", \"privateKey\": \"{key}\"}}"),
            "{\"name\": \"organizations/1/apiKeys/2\"}",
        ),
        sample(
            "cloud-init",
            format!("#cloud-config\nchpasswd:\n  list: |\n    root:{}\n", pick(3, 12)),
            "#cloud-config\nchpasswd:\n  list: |\n    root:RANDOM\n",
        ),
        sample(
            "oracle-oci-key",
            "[DEFAULT]\nuser=ocid1.user.oc1..x\nfingerprint=aa:bb\nkey_file=/root/.oci/key.pem\n",
            "key_file=/root/x.pem\n",
        ),
        sample(
            "cloudflare-tunnel",
            format!(
                "tunnel {}",
                base64_encode(
                    format!(
                        "{{\"a\":\"{}\",\"t\":\"{}\",\"s\":\"{}\"}}",
                        pick(1, 32),
                        pick(2, 36),
                        pick(3, 40)
                    )
                    .as_bytes(),
                    false
                )
            ),
            "tunnel eyJhIjoi",
        ),
        sample(
            "pypi-token",
            format!("token {}", {
                let raw = [&[2, 1, 8][..], b"pypi.org", &[2], &Random::new(6).bytes(90)].concat();
                ["pypi-", &base64_encode(&raw, true)].concat()
            }),
            ["token pypi-", "AgEIcHlwaS5vcmc"].concat(),
        ),
        sample(
            "openai-project",
            format!("key {}", ["sk-proj-", &pick(1, 58), "T3Blbk", "FJ", &pick(2, 58)].concat()),
            format!("key {}", ["sk-proj-", &pick(1, 30), "T3Blbk", "FJ", &pick(2, 31)].concat()),
        ),
        sample(
            "twitter-bearer",
            format!("Bearer {}{}", "A".repeat(22), pick(3, 90)),
            format!("x = {}{}", "A".repeat(22), pick(3, 60)),
        ),
        sample("id-frontend-login", "REACT_APP_ADMIN_USER=bowie\n", "REACT_APP_ADMIN_USER=$USER\n"),
    ]
}

fn containers() -> Vec<Sample> {
    let login = base64_encode(format!("robot:{}", pick(41, 16)).as_bytes(), false);
    let config = format!("{{\"auths\": {{\"registry.acme.io\": {{\"auth\": \"{login}\"}}}}}}");
    let key = base64_encode(pem("RSA PRIVATE KEY", &der(42, 600)).as_bytes(), false);
    let secret = base64_encode(pick(43, 20).as_bytes(), false);
    let manifest = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: {secret}\n"
    );
    vec![
        sample(
            "docker-config-auth",
            config.clone(),
            "{\"auths\": {\"registry.acme.io\": {}}, \"credsStore\": \"x\"}",
        ),
        sample(
            "docker-cfg-legacy",
            format!("data:\n  .dockerconfigjson: {}\n", base64_encode(config.as_bytes(), false)),
            "data:\n  .dockerconfigjson: x\n",
        ),
        sample(
            "kubeconfig",
            format!("users:\n- user:\n    client-key-data: {key}\n"),
            "users:\n- user:\n    client-key-data: REDACTED\n",
        ),
        sample(
            "k8s-secret-manifest",
            manifest.clone(),
            manifest.replace("kind: Secret", "kind: SecretStore"),
        ),
        sample("sealed-secret", "kind: SealedSecret\nmetadata:\n", "kind: Sealed\n"),
    ]
}

fn packages() -> Vec<Sample> {
    let uuid = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let word = pick(51, 24);
    vec![
        sample(
            "npm-legacy-uuid",
            format!("//registry.npmjs.org/:_authToken={uuid}"),
            "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
        ),
        sample("yarn-token", format!("npmAuthToken: {word}"), "npmAuthToken: \"${T}\""),
        sample(
            "nuget-config",
            format!("<add key=\"ClearTextPassword\" value=\"{word}\" />"),
            "<add key=\"ClearTextPassword\" value=\"%PASS%\" />",
        ),
        sample(
            "composer-auth",
            format!(
                "{{\"http-basic\": {{\"repo.acme.io\": {{\"username\": \"a\", \"password\": \"{word}\"}}}}}}"
            ),
            "{\"http-basic\": {}}",
        ),
        sample(
            "netrc",
            format!("machine git.acme.io login me password {word}\n"),
            "machine git.acme.io login me\n",
        ),
        sample(
            "maven-settings",
            format!("<settingsSecurity>\n<master>{word}</master>\n</settingsSecurity>"),
            "<master>branch</master>",
        ),
        sample(
            "django-secret-key",
            format!(
                "SECRET_KEY = '{}'",
                Random::new(52).text("abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", 50)
            ),
            "SECRET_KEY = os.environ['SECRET_KEY']",
        ),
        sample(
            "wordpress-salts",
            format!(
                "define( 'AUTH_KEY', '{}' );",
                Random::new(53).text(
                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789!@#$%^*()-_ []{}<>~`+=,.;:/?|",
                    64
                )
            ),
            "define( 'AUTH_KEY', 'put your unique phrase here' );",
        ),
        sample(
            "crypt-hash",
            format!("$6${}${}", pick(54, 16), pick(55, 86)),
            format!("$6${}${}", pick(54, 16), pick(55, 80)),
        ),
        sample(
            "crypt-hash",
            format!("$2b$12${}", pick(56, 53)),
            format!("$2b$12${}", pick(56, 52)),
        ),
    ]
}

fn files() -> Vec<Sample> {
    let word = pick(61, 20);
    let hash = format!("$6${}${}", pick(62, 16), pick(63, 86));
    let ini = |name: &str| format!("[x]\n{name} = {word}\n");
    vec![
        file("npm-basic", "root/.npmrc", format!("_auth={word}\n"), "_auth=${X}\n"),
        file(
            "gradle-props",
            "home/gradle.properties",
            format!("signing.password={word}\n"),
            "signing.color=red\n",
        ),
        file(
            "helm-repo-pass",
            "helm/repositories.yaml",
            format!("repositories:\n- password: {word}\n"),
            "repositories:\n- url: x\n",
        ),
        file(
            "etcd-kubelet-cert",
            "etc/kubernetes/pki/ca.key",
            pem("RSA PRIVATE KEY", &der(64, 600)),
            pem("CERTIFICATE", &der(65, 600)),
        ),
        file(
            "terraform-state",
            "x/terraform.tfstate",
            format!("{{\"terraform_version\": \"1\", \"password\": \"{word}\"}}"),
            "{\"password\": null}",
        ),
        file(
            "terraform-tfvars",
            "x/prod.tfvars",
            format!("db.password = \"{word}\"\n"),
            "db.host = \"x\"\n",
        ),
        file(
            "pkcs12",
            "x/cert.p12",
            [&[0x30, 0x82][..], &Random::new(66).bytes(80)].concat(),
            "text",
        ),
        file(
            "jks",
            "x/app.jks",
            [&[0xfe, 0xed, 0xfe, 0xed][..], &Random::new(67).bytes(80)].concat(),
            "text",
        ),
        file(
            "keepass",
            "x/me.kdbx",
            [&[0x03, 0xd9, 0xa2, 0x9a][..], &Random::new(68).bytes(80)].concat(),
            "text",
        ),
        file(
            "kerberos-keytab",
            "etc/krb5.keytab",
            [&[5, 2][..], &Random::new(69).bytes(80)].concat(),
            "text",
        ),
        file("rails-master-key", "config/master.key", Random::new(70).text(HEX, 32), "short"),
        file(
            "unix-shadow-root",
            "etc/shadow",
            format!("root:{hash}:19000:0:99999:7:::\n"),
            "root:*:19000:0:99999:7:::\n",
        ),
        file(
            "unix-shadow-root",
            "etc/shadow",
            "root::19000:0:99999:7:::\n",
            "root:!:19000:0:99999:7:::\n",
        ),
        file("htpasswd", "etc/nginx/.htpasswd", format!("me:{{SHA}}{word}=\n"), "# me:nothing\n"),
        file("pgpass", "root/.pgpass", format!("db:5432:*:app:{word}\n"), "# db:5432:*:app:x\n"),
        file("mysql-cnf", "root/.my.cnf", ini("password"), ini("color")),
        file("pypirc", "root/.pypirc", ini("password"), ini("username")),
        file(
            "pip-conf",
            "etc/pip.conf",
            format!("index-url = https://me:{word}@pypi.acme.io/simple\n"),
            "index-url = https://pypi.acme.io/simple\n",
        ),
        file(
            "cargo-credentials",
            "root/.cargo/credentials.toml",
            format!("[registry]\ntoken = \"{word}\"\n"),
            "[registry]\n",
        ),
        file(
            "git-credentials",
            "root/.git-credentials",
            format!("https://me@acme.io:p#{word}@git.acme.io\n"),
            "https://git.acme.io\n",
        ),
        file(
            "git-config-url",
            "src/.git/config",
            format!("url = https://me:{word}@git.acme.io/x\n"),
            "url = https://git.acme.io/x\n",
        ),
        file(
            "gh-hosts",
            "root/.config/gh/hosts.yml",
            format!("github.com:\n  oauth_token: {word}\n"),
            "github.com:\n  user: me\n",
        ),
        file(
            "aws-credentials-file",
            "root/.aws/credentials",
            ini("aws_secret_access_key"),
            ini("region"),
        ),
        file("rclone-conf", "root/.config/rclone/rclone.conf", ini("pass"), ini("type")),
        file("s3cfg", "root/.s3cfg", ini("secret_key"), ini("host_base")),
        file("vault-token-file", "root/.vault-token", word.clone(), "x"),
        file("shell-history", "root/.bash_history", format!("mysql --password={word} x\n"), "ls\n"),
        file(
            "file-password",
            "x/sftp-config.json",
            format!("{{\"password\": \"{word}\"}}"),
            "{\"user\": \"me\"}",
        ),
        file(
            "firefox-logins",
            "p/logins.json",
            format!("{{\"encryptedPassword\": \"{word}\"}}"),
            "{\"hostname\": \"x\"}",
        ),
    ]
}

fn guesses() -> Vec<Sample> {
    vec![
        sample(
            "generic-high-entropy",
            format!("SERVICE_TOKEN={}", pick(71, 32)),
            "SERVICE_TOKEN=$OTHER",
        ),
        sample("generic-password", "db_password = 'Sommer2026!'", "db_password = get_password()"),
        sample("generic-env-secret", "client_secret: \"hush-hush1\"", "client_secret: \"{{ x }}\""),
        sample("vendor-key", format!("stripo KEY {}", pick(72, 30)), "stripo is a service"),
    ]
}
