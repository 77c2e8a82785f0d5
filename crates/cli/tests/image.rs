//! `plimsoll check image.tar`: hostile archives, and what a scanner says of an image.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::io::Write as _;

use serde_json::Value;
use support::tar::{Entry, file, image, link, program, tar};
use support::{Folder, run};

/// The report of an image, and whatever else is named.
fn report(name: &str, bytes: &[u8], others: &[(&str, &str)]) -> Value {
    let folder = Folder::new(name);
    folder.write_bytes("image.tar", bytes);
    let mut arguments = vec!["check", "--format=json", "image.tar"];
    for (name, text) in others {
        folder.write(name, text);
        arguments.push(name);
    }
    let said = run(&folder, &arguments, "");
    assert_eq!((said.code < 2, &*said.errors), (true, ""), "{}", said.code);
    serde_json::from_str(&said.out).unwrap()
}

/// The findings of a rule.
fn findings<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    let rules = report["rules"].as_array().unwrap();
    let of_rule = rules.iter().filter(|it| it["id"] == rule);
    of_rule.flat_map(|it| it["findings"].as_array().unwrap()).collect()
}

fn messages(report: &Value, rule: &str) -> Vec<String> {
    let text = |it: &&Value| it["message"].as_str().unwrap().to_owned();
    findings(report, rule).iter().map(text).collect()
}

#[test]
fn rights_of_programs_whatever_their_bytes_are() {
    // cap_dac_override and cap_fowner: the value holds the byte that ends a line.
    let value = [&[1, 0, 0, 2, 0x0a][..], &[0; 15]].concat();
    let records = [("SCHILY.xattr.security.capability", &value[..])];
    let capable = Entry { records: &records, ..file("usr/bin/capable", 0o755, b"\x7fELF") };
    let base = tar(&[file("etc/passwd", 0o644, b"root:x:0:0::/:/bin/sh\n")]);
    let own = tar(&[capable, file("usr/bin/rooted", 0o4755, b"\x7fELF")]);
    let report = report("rights", &image(&[base, own], r#"{"User":"1000"}"#), &[]);
    let capable = messages(&report, "file-capabilities").concat();
    assert!(
        capable.contains("cap_dac_override") && capable.contains("/usr/bin/capable"),
        "{capable}"
    );
    let rooted = messages(&report, "setuid-files-left").concat();
    assert!(rooted.contains("/usr/bin/rooted"), "{rooted}");
}

#[test]
fn a_secret_below_a_chain_of_whiteouts_is_still_there() {
    let token = ["glpat", "Zx81kqPw93TmLs0VbRfY"].join("-");
    let mut layers =
        vec![tar(&[file("a/b/c/conf", 0o644, format!("token = {token}\n").as_bytes())])];
    for round in 0..40 {
        let whiteout = [".wh.a", "a/.wh.b", "a/b/.wh..wh..opq", "a/b/c/.wh.conf"][round % 4];
        layers.push(tar(&[
            file(whiteout, 0o644, b""),
            file("x", 0o644, format!("{round}").as_bytes()),
        ]));
    }
    let report = report("chain", &image(&layers, "{}"), &[]);
    let deleted = messages(&report, "secret-deleted-later");
    assert_eq!(deleted.len(), 1, "{deleted:?}");
    assert!(deleted[0].contains("is deleted in layer 1,"), "{deleted:?}");
    assert!(!report.to_string().contains(&token[6..]));
}

#[test]
fn paths_that_lead_out_and_links_in_circles_stay_in_the_image() {
    let long = "d/".repeat(45) + "deep";
    let layer = tar(&[
        file("../../etc/shadow", 0o644, b"root::0:0:99999:7:::\n"),
        file("/etc/passwd", 0o644, b"root:x:0:0::/:/bin/sh\n"),
        link("loop", "loop"),
        link("a", "b"),
        link("b", "a"),
        file("a/inside", 0o755, b"#!/bin/sh\n"),
        file(&long, 0o644, b"1"),
        file("\u{202e}\u{1b}[2J", 0o4755, b"\x7fELF"),
    ]);
    let config = r#"{"User":"app","Entrypoint":["/loop"],"Cmd":["/a/inside"]}"#;
    let bytes = image(&[layer], config);
    let report = report("paths", &bytes, &[]);
    let empty = messages(&report, "empty-password-account").concat();
    assert!(empty.contains("root"), "the file is /etc/shadow of the image: {empty}");
    let folder = Folder::new("paths-as-text");
    folder.write_bytes("image.tar", &bytes);
    let said = run(&folder, &["check", "image.tar"], "");
    assert!(said.out.contains("/<U+202E>"), "{}", said.out);
    assert!(!said.out.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn ten_gigabytes_of_holes_are_none() {
    let records: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"var/hole"),
        ("GNU.sparse.realsize", b"10737418240"),
    ];
    let mut content = b"1\n10737417728\n512\n".to_vec();
    content.resize(512, 0);
    content.extend([b'z'; 512]);
    let sparse = Entry { records, ..file("GNUSparseFile.0/hole", 0o644, &content) };
    let layers = [tar(&[sparse]), tar(&[file("var/.wh.hole", 0o644, b"")])];
    let folder = Folder::new("holes");
    folder.write_bytes("image.tar", &image(&layers, "{}"));
    let said = run(&folder, &["check", "image.tar"], "");
    assert!(said.code < 2, "{said:?}");
    assert!(!said.out.contains("10.7 GB") && !said.out.contains("10737418240"), "{}", said.out);
}

/// A layer of so many empty files, packed, with a program that runs as root behind them.
fn many(n_files: u32) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for start in (0..n_files).step_by(1_000) {
        let names: Vec<String> =
            (start..start + 1_000).map(|it| format!("srv/{}/deep/{it}", it / 1_000)).collect();
        let entries: Vec<Entry<'_>> = names.iter().map(|it| file(it, 0o644, b"")).collect();
        let mut part = tar(&entries);
        part.truncate(part.len() - 1_024);
        packer.write_all(&part).unwrap();
    }
    packer.write_all(&tar(&[file("usr/bin/last", 0o4755, b"\x7fELF")])).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_million_files_are_read_to_the_last_one() {
    let top = tar(&[file("srv/.wh.7", 0o644, b"")]);
    let report = report("million", &image(&[many(1_000_000), top], r#"{"User":"1000"}"#), &[]);
    let rooted = messages(&report, "setuid-files-left").concat();
    assert!(rooted.contains("/usr/bin/last"), "{rooted}");
    let said = report.to_string();
    assert!(!said.contains("could not be read"), "{said}");
}

#[test]
fn sizes_that_are_lies_and_archives_that_end_are_gaps() {
    let lies = Entry { size: Some(0o777_7777_7777), ..file("big", 0o644, b"small") };
    let report_of = |name: &str, bytes: &[u8]| report(name, bytes, &[]).to_string();
    let lying = report_of("lies", &image(&[tar(&[lies])], "{}"));
    assert!(lying.contains("could not be read in full"), "{lying}");
    let whole =
        image(&[tar(&[file("a", 0o644, &[b'a'; 4000])]), tar(&[file("b", 0o644, b"b")])], "{}");
    let cut = report_of("cut", &whole[..3000]);
    assert!(cut.contains("in full") || cut.contains("ends before"), "{cut}");
}

const LINKER: &str = "/lib64/ld-linux-x86-64.so.2";

fn debian() -> Vec<u8> {
    let app = program(LINKER, &["libz.so.1", "libc.so.6"]);
    let library = program(LINKER, &["libc.so.6"]);
    let package = |name: &str| {
        format!(
            "Package: {name}\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\n\n"
        )
    };
    let status = ["libc6", "zlib1g", "openssl", "tzdata"].map(package).concat();
    let lists = [
        ("libc6:amd64", "/lib/x86_64-linux-gnu/libc.so.6\n/lib64/ld-linux-x86-64.so.2\n"),
        ("zlib1g:amd64", "/lib/x86_64-linux-gnu/libz.so.1\n"),
        ("openssl", "/usr/bin/openssl\n"),
        ("tzdata", "/usr/share/zoneinfo/UTC\n"),
    ];
    let names = lists.map(|it| format!("var/lib/dpkg/info/{}.list", it.0));
    let mut base = vec![
        link("lib", "usr/lib"),
        link("lib64", "usr/lib64"),
        file("usr/lib64/ld-linux-x86-64.so.2", 0o755, b"\x7fELF"),
        file("usr/lib/x86_64-linux-gnu/libc.so.6", 0o755, b"\x7fELF"),
        file("usr/lib/x86_64-linux-gnu/libz.so.1", 0o644, &library),
        file("usr/bin/openssl", 0o755, &library),
        file("var/lib/dpkg/status", 0o644, status.as_bytes()),
    ];
    for (name, (_, list)) in names.iter().zip(&lists) {
        base.push(file(name, 0o644, list.as_bytes()));
    }
    let own = tar(&[file("app/run", 0o755, &app)]);
    image(&[tar(&base), own], r#"{"User":"1000","Entrypoint":["/app/run","--serve"]}"#)
}

fn scan(packages: &[(&str, &str, &str)]) -> String {
    let found: Vec<String> = packages
        .iter()
        .map(|(id, name, version)| {
            format!(
                "{{\"VulnerabilityID\":\"{id}\",\"PkgName\":\"{name}\",\"InstalledVersion\":\"{version}\"}}"
            )
        })
        .collect();
    format!(
        "{{\"SchemaVersion\":2,\"CreatedAt\":\"2026-11-20T08:00:00Z\",\"ArtifactName\":\"a\",\
         \"Results\":[{{\"Vulnerabilities\":[{}]}}]}}",
        found.join(",")
    )
}

#[test]
fn of_each_vulnerability_it_is_said_whether_the_main_process_needs_the_package() {
    let trivy = scan(&[
        ("CVE-2099-0001", "openssl", "1.0-1"),
        ("CVE-2099-0002", "zlib1g", "1.0-1"),
        ("CVE-2099-0003", "tzdata", "1.0-1"),
        ("CVE-2099-0004", "nowhere", "9"),
    ]);
    let report = report("scan", &debian(), &[("trivy.json", &trivy)]);
    let [finding] = &findings(&report, "reported-vulnerabilities")[..] else { panic!() };
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.ends_with(
            "of those that containers have, 1 are in packages that the main process needs to \
             start, 1 in others, and of 1 that is not known"
        ),
        "{message}"
    );
    let notes: Vec<&str> = finding["related"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["note"].as_str().unwrap())
        .collect();
    assert!(notes[0].starts_with("`CVE-2099-0002` in `zlib1g`"), "{notes:?}");
    assert!(notes[0].ends_with("the main process needs it to start"), "{notes:?}");
    assert!(notes[1].ends_with("the main process does not need it to start"), "{notes:?}");
    assert!(notes[2].ends_with("whether the main process needs it is not known"), "{notes:?}");
    assert_eq!(notes.len(), 3);
}

#[test]
fn an_image_may_come_through_a_pipe() {
    let layer = tar(&[file("app/.env", 0o644, b"A=1\n"), file("usr/bin/su", 0o4755, b"\x7fELF")]);
    let bytes = image(&[layer], r#"{"User":"1000"}"#);
    let folder = Folder::new("pipe");
    folder.write_bytes("image.tar", &bytes);
    folder.write("Dockerfile", "FROM scratch\nUSER 1000\n");
    let ask = |name: &str, input: &[u8]| {
        run(&folder, &["check", "--format=json", "Dockerfile", name], input)
    };
    let (piped, named) = (ask("-", &bytes), ask("image.tar", b""));
    assert_eq!((&*piped.errors, piped.code), ("", named.code));
    assert!(piped.out.contains("setuid-files-left") && piped.out.contains("\"standard input\""));
    assert_eq!(piped.out.replace("standard input", "image.tar"), named.out);

    let both = run(&folder, &["check", "image.tar", "-"], &bytes);
    let message = "image.tar and standard input are both saved images; check one at a time";
    assert!(both.errors.contains(message), "{}", both.errors);

    let bill = run(&folder, &["sbom", "-"], &bytes);
    assert_eq!((&*bill.errors, bill.code), ("", 0));
    assert!(bill.out.contains("CycloneDX"), "{}", bill.out);
}
