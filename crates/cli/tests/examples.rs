//! The examples of the page: each shows what it is for, and the saved image among them is made here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::tar::{Entry, file, tar};
use support::{Folder, run};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/examples").join(name)
}

/// The verdicts of the four questions: write, root, secrets, tools.
fn answers(names: &[&str]) -> Vec<String> {
    let folder = Folder::new(&format!("examples-{}", names[0]));
    let files: Vec<PathBuf> = names.iter().map(|it| example(it)).collect();
    let mut arguments = vec!["check", "--no-config", "--format=json"];
    arguments.extend(files.iter().map(|it| it.to_str().unwrap()));
    let said = run(&folder, &arguments, "");
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let answers = report["answers"].as_array().unwrap();
    answers.iter().map(|it| it["verdict"].as_str().unwrap().to_owned()).collect()
}

/// Which of write, root, secrets and tools an example is about.
#[test]
fn what_is_bad_fails_and_what_is_mended_does_not() {
    for (question, bad, mended) in [
        (
            0,
            &["writable.dockerfile"][..],
            &["writable-mended.dockerfile", "writable-mended.run.txt"][..],
        ),
        (1, &["root.dockerfile"], &["root-mended.dockerfile"]),
        (2, &["secrets.dockerfile"], &["secrets-mended.dockerfile"]),
        (3, &["multi-stage.dockerfile"], &["tools-mended.dockerfile"]),
    ] {
        let (bad, good) = (answers(bad)[question].clone(), answers(mended));
        assert!(bad.starts_with("fails"), "{bad} in {mended:?}");
        assert!(good.iter().all(|it| !it.starts_with("fails")), "{mended:?}: {good:?}");
    }
    // What only the run can promise is known where the run is.
    assert_eq!(answers(&["writable-mended.dockerfile", "writable-mended.run.txt"])[0], "passes");
    let history = answers(&["history.txt"]);
    assert!(history[1..].iter().all(|it| it.starts_with("fails")), "{history:?}");
}

/// A small image with what only layers show: a credential that was deleted later, a program that runs as
/// its owner, a folder for everybody, and packages.
fn sample() -> Vec<u8> {
    let folder = |name, mode| Entry { kind: b'5', ..file(name, mode, b"") };
    let status = "Package: curl\nStatus: install ok installed\nVersion: 8.14.1-2\nArchitecture: amd64\n\n\
                  Package: netcat-openbsd\nStatus: install ok installed\nVersion: 1.229-1\nArchitecture: amd64\n";
    let system = [
        folder("etc/", 0o755),
        file(
            "etc/os-release",
            0o644,
            b"ID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n",
        ),
        file(
            "etc/passwd",
            0o644,
            b"root:x:0:0:root:/root:/bin/sh\nshop:x:1000:1000::/srv/shop:/usr/sbin/nologin\n",
        ),
        folder("usr/bin/", 0o755),
        file("usr/bin/su", 0o4755, b"\x7fELF su"),
        file("usr/bin/curl", 0o755, b"\x7fELF curl"),
        file("var/lib/dpkg/status", 0o644, status.as_bytes()),
    ];
    let application = [
        folder("srv/shop/", 0o777),
        file("srv/shop/.npmrc", 0o644, b"//registry.example.com/:_password=\"Y2hhbmdlbWU=\"\n"),
        file("srv/shop/server.js", 0o666, b"require('http').createServer().listen(3000);\n"),
    ];
    let cleaned = [file("srv/shop/.wh..npmrc", 0o644, b"")];
    let config = r#"{"architecture":"amd64","os":"linux","config":{"User":"shop","Cmd":["node","/srv/shop/server.js"],
"Env":["PATH=/usr/bin:/bin"]},"history":[{"created_by":"debian.sh --arch 'amd64' out/ 'trixie'","comment":"debuerreotype 0.16"},
{"created_by":"COPY . /srv/shop # buildkit"},{"created_by":"RUN /bin/sh -c rm /srv/shop/.npmrc # buildkit"},
{"created_by":"USER shop","empty_layer":true},{"created_by":"CMD [\"node\" \"/srv/shop/server.js\"]","empty_layer":true}]}"#;
    let layers = [tar(&system), tar(&application), tar(&cleaned)];
    let manifest = r#"[{"Config":"config.json","RepoTags":["shop:example"],"Layers":["0/layer.tar","1/layer.tar","2/layer.tar"]}]"#;
    tar(&[
        file("manifest.json", 0o644, manifest.as_bytes()),
        file("config.json", 0o644, config.as_bytes()),
        file("0/layer.tar", 0o644, &layers[0]),
        file("1/layer.tar", 0o644, &layers[1]),
        file("2/layer.tar", 0o644, &layers[2]),
    ])
}

#[test]
fn the_saved_image_is_made_here_and_shows_what_only_layers_do() {
    let path = example("image.tar");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, sample()).unwrap();
    }
    assert!(std::fs::read(&path).unwrap() == sample(), "`UPDATE=1` writes it anew");
    let folder = Folder::new("examples-image");
    let said = run(&folder, &["check", "--no-config", path.to_str().unwrap()], "");
    for rule in ["secret-deleted-later", "setuid-files-left", "system-file-writable"] {
        assert!(said.out.contains(rule), "{rule} is not in {}", said.out);
    }
    assert!(said.out.contains("/srv/shop/.npmrc"), "{}", said.out);
}
