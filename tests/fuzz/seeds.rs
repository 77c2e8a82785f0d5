//! What the altering starts from: the project's own small inputs, and texts made here at run time,
//! so that no file holds anything that looks like a secret.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::alter::Random;

/// Own Dockerfiles in pieces of some instructions.
pub(crate) fn dockerfiles() -> Result<Vec<Vec<u8>>> {
    let mut out = vec![Vec::new()];
    for text in files("corpus", "Dockerfile")? {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        out.extend(lines.chunks(8).map(|it| it.concat().into_bytes()));
    }
    Ok(out)
}

/// The inputs of own cases, of every kind: Dockerfiles, JSON, YAML, histories.
pub(crate) fn cases() -> Result<Vec<Vec<u8>>> {
    let mut out = dockerfiles()?;
    for text in files("cases", "md")? {
        // Every second part stands between fences; its first line names what it is.
        let fenced = text.split("```").skip(1).step_by(2);
        let inputs = fenced.filter_map(|it| it.split_once('\n')).filter(|it| it.0 != "report");
        out.extend(inputs.map(|it| it.1.as_bytes().to_vec()).filter(|it| it.len() < 4_000));
    }
    Ok(out)
}

/// A line for each literal of the search for secrets, and half-finished structures.
pub(crate) fn secrets() -> Result<Vec<Vec<u8>>> {
    let mut random = Random::new(77);
    let alphabets: [&[u8]; 3] = [
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        b"0123456789abcdef",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    ];
    let mut out: Vec<Vec<u8>> = STRUCTURES.iter().map(|it| it.as_bytes().to_vec()).collect();
    for literal in secrets::literals() {
        for alphabet in alphabets {
            let length = [16, 20, 32, 36, 40, 64].get(random.below(6)).copied().unwrap_or(32);
            let letter = |_| alphabet.get(random.below(alphabet.len())).copied().unwrap_or(b'x');
            let body: Vec<u8> = (0..length).map(letter).collect();
            out.push([b"api_key = \"", literal.as_bytes(), &body, b"\"\n"].concat());
        }
    }
    Ok(out)
}

/// Beginnings of what readers of structures look at.
pub(crate) const STRUCTURES: &[&str] = &[
    "password = \"hunter2hunter2\"\n",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\n",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU\n",
    "{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n\"}",
    "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"bWU6d29yZA==\"}}}",
    "kind: Secret\ndata:\n  password: c2VjcmV0d29yZA==\n",
    "machine x login y password z\n",
    "postgres://app:word@db/app?sslmode=disable",
    "jdbc:mysql://db/x?user=a&password=b",
    "Server=db;User Id=a;Password=b;",
    "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
    "Authorization: Basic bWU6d29yZA==\n",
    "curl -u me:word https://a.example\n",
    "[default]\naws_access_key_id = AKIA\naws_secret_access_key = x\n",
    "//registry.example/:_authToken=x\n",
    "$6$salt$hash:19000:0:99999:7:::\n",
    "clusters:\n- name: a\nusers:\n- user:\n    client-key-data: LS0tLS1CRUdJTg==\n",
    "<password>word</password>",
    "define('DB_PASSWORD', 'word');",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b==;",
    "aws_secret_access_key%3D%41%42%43",
    "stripe_key: 0123456789abcdef0123456789abcdef\n",
    "mnemonic: abandon ability able about above absent absorb abstract absurd abuse access accident",
];

fn files(folder: &str, ending: &str) -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths = Vec::new();
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == ending) {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|it| Ok(fs::read_to_string(it)?)).collect()
}
