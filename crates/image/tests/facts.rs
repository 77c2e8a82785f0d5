//! What is read in contents: packages of every system, the distribution, accounts, programs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use image::{
    Archive, Contents, Digests, Elf, Limits, Options, OsRelease, Program, Script, Squashed, System,
};
use support::records::{
    ElfFile, bdb, go_information, ndb, rpm_header, rpm_header_with_files, sqlite,
};
use support::{Entry, Tar, docker};

fn read(layers: &[Vec<u8>], limits: &Limits) -> Contents {
    Archive::open(Box::new(docker(layers)), limits).read(0, &Options::default(), &mut ()).unwrap()
}

fn packages(contents: &Contents) -> Vec<(System, String)> {
    let records = contents.records.iter();
    let all = records.flat_map(|it| it.packages.iter().map(|package| (it.system, package)));
    all.map(|(system, it)| (system, format!("{} {}", it.name, it.version))).collect()
}

fn of_file(path: &str, content: &[u8]) -> (Vec<(System, String)>, Vec<&'static str>) {
    let program = Entry { name: path, mode: 0o755, content, ..Entry::default() };
    let contents = read(&[Tar::new().add(&program).end()], &Limits::native());
    let gaps = contents.gaps.iter().map(|it| it.what.name()).collect();
    (packages(&contents), gaps)
}

#[test]
fn records_are_found_by_their_place() {
    let status = b"Package: bash\nStatus: install ok installed\nVersion: 5.2\n";
    let one = b"Package: base-files\nVersion: 12\n";
    let apk = b"P:musl\nV:1.2\n\n";
    let python = b"Metadata-Version: 2.1\nName: pip\nVersion: 24\n";
    let npm = br#"{"name":"express","version":"4.0.0"}"#;
    let gem = b"s.name = \"rake\"\ns.version = \"13\"\n";
    use System::{Apk, Dpkg, Gem, Npm, Opkg, Python};
    for (path, content, expected) in [
        ("var/lib/dpkg/status", &status[..], Some((Dpkg, "bash 5.2"))),
        ("usr/lib/dpkg/status", status, Some((Dpkg, "bash 5.2"))),
        ("var/lib/dpkg/status-old", status, None),
        ("usr/lib/opkg/status", status, Some((Opkg, "bash 5.2"))),
        ("var/lib/dpkg/status.d/base-files", one, Some((Dpkg, "base-files 12"))),
        ("var/lib/dpkg/status.d/libssl1.1", one, Some((Dpkg, "base-files 12"))),
        ("var/lib/dpkg/status.d/base-files.md5sums", one, None),
        ("lib/apk/db/installed", apk, Some((Apk, "musl 1.2"))),
        ("usr/lib/apk/db/installed", apk, Some((Apk, "musl 1.2"))),
        (
            "usr/lib/python3/site-packages/pip-24.dist-info/METADATA",
            python,
            Some((Python, "pip 24")),
        ),
        ("opt/x.egg-info/PKG-INFO", python, Some((Python, "pip 24"))),
        ("opt/x-1.egg-info", python, Some((Python, "pip 24"))),
        ("opt/METADATA", python, None),
        ("app/node_modules/express/package.json", npm, Some((Npm, "express 4.0.0"))),
        ("app/node_modules/@a/express/package.json", npm, Some((Npm, "express 4.0.0"))),
        ("app/node_modules/express/lib/esm/package.json", npm, None),
        ("app/package.json", npm, None),
        ("usr/lib/ruby/gems/3/specifications/rake-13.gemspec", gem, Some((Gem, "rake 13"))),
        ("usr/lib/ruby/gems/3/specifications/default/rake-13.gemspec", gem, Some((Gem, "rake 13"))),
        ("app/rake.gemspec", gem, None),
    ] {
        let expected: Vec<_> =
            expected.map(|(system, it)| (system, it.to_owned())).into_iter().collect();
        assert_eq!(of_file(path, content).0, expected, "{path}");
    }
}

#[test]
fn rpm_databases_of_all_kinds() {
    let mut long = rpm_header("kernel", "6.1", "1.el9", None);
    long.extend(vec![b'x'; 20_000]);
    let headers = [
        rpm_header("bash", "5.1", "2.el9", Some(0)),
        long,
        rpm_header("gpg-pubkey", "8483c65d", "5ccc5b19", None),
        rpm_header("zlib", "1.2.11", "40.el9", Some(3)),
    ];
    let expected = [
        (System::Rpm, "bash 0:5.1-2.el9".to_owned()),
        (System::Rpm, "kernel 6.1-1.el9".to_owned()),
        (System::Rpm, "zlib 3:1.2.11-40.el9".to_owned()),
    ];
    for (path, database) in [
        ("var/lib/rpm/Packages", bdb(&headers, 4096)),
        ("var/lib/rpm/Packages", bdb(&headers, 512)),
        ("usr/lib/sysimage/rpm/Packages.db", ndb(&headers)),
        ("var/lib/rpm/rpmdb.sqlite", sqlite(&headers, 4096)),
        ("usr/lib/sysimage/rpm/rpmdb.sqlite", sqlite(&headers, 1024)),
    ] {
        let (found, gaps) = of_file(path, &database);
        assert_eq!((&found[..], gaps), (&expected[..], vec![]), "{path}");
        // Cut off or mangled, it is at least said that something is missing.
        for cut in (0..database.len()).step_by(173) {
            let (found, gaps) = of_file(path, &database[..cut]);
            assert!(found.len() <= 3);
            assert!(
                found.len() == 3 || cut == 0 || gaps == ["bad-record"],
                "{path} {cut} {gaps:?}"
            );
        }
    }
    assert_eq!(of_file("var/lib/rpm/Packages", b"what?").1, ["bad-record"]);
}

#[test]
fn rpm_says_whose_programs_and_libraries_are() {
    let headers = [
        rpm_header("bash", "5.1", "2.el9", None),
        rpm_header_with_files(
            "zlib",
            &[(1, "libz.so.1"), (0, "zcat"), (2, "README"), (9, "bin")],
            &["/usr/bin/", "/usr/lib64/", "/usr/share/doc/zlib/"],
        ),
        rpm_header_with_files("glibc", &[(0, "libc.so.6")], &["/lib64/"]),
    ];
    let layer = Tar::new().file("var/lib/rpm/rpmdb.sqlite", &sqlite(&headers, 4096)).end();
    let contents = read(&[layer], &Limits::native());
    let owned: Vec<(&str, &str)> = contents
        .owned
        .values()
        .flatten()
        .map(|it| (&*it.0, std::str::from_utf8(&it.1).unwrap()))
        .collect();
    let expected =
        [("zlib", "usr/lib64/libz.so.1"), ("zlib", "usr/bin/zcat"), ("glibc", "lib64/libc.so.6")];
    assert_eq!(owned, expected);
    assert_eq!(contents.records[0].packages.len(), 3);
}

#[test]
fn rpm_sources() {
    let contents = read(
        &[Tar::new()
            .file("var/lib/rpm/Packages.db", &ndb(&[rpm_header("a", "1", "2", None)]))
            .end()],
        &Limits::native(),
    );
    let package = &contents.records[0].packages[0];
    assert_eq!(
        (package.source.as_deref(), package.source_version.as_deref()),
        (Some("a-src"), None)
    );
    assert_eq!(package.arch.as_deref(), Some("x86_64"));
}

#[test]
fn modules_and_crates_in_programs() {
    let go = go_information("mod\tapp\t(devel)\ndep\tgolang.org/x/net\tv0.17.0\th1:x=\n");
    let list = br#"{"packages":[{"name":"serde","version":"1.0.0"}]}"#;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut packer, list).unwrap();
    let rust = packer.finish().unwrap();
    let sections: &[(&str, &[u8])] = &[(".text", b"x"), (".go.buildinfo", &go), (".dep-v0", &rust)];
    let file = ElfFile { sections, gap: 100, ..ElfFile::default() }.bytes();
    let expected = [
        (System::Go, "stdlib 1.22.3".to_owned()),
        (System::Go, "app (devel)".to_owned()),
        (System::Go, "golang.org/x/net v0.17.0".to_owned()),
        (System::Cargo, "serde 1.0.0".to_owned()),
    ];
    assert_eq!(of_file("app", &file), (expected.to_vec(), vec![]));
    for cut in (0..file.len()).step_by(7) {
        of_file("app", &file[..cut]);
    }
}

#[test]
fn a_program_that_is_too_large_to_be_held() {
    let go = go_information("mod\tapp\tv1\n");
    let expected = [(System::Go, "stdlib 1.22.3".to_owned()), (System::Go, "app v1".to_owned())];
    let limits = Limits { whole_file: 10_000, ..Limits::native() };
    let sections: &[(&str, &[u8])] = &[(".go.buildinfo", &go)];
    // Wherever the information starts: across the end of what is held, and behind it.
    for gap in [9700, 9860, 9870, 9875, 9879, 9880, 9900, 300_000, 1 << 20] {
        let file = ElfFile { sections, gap, ..ElfFile::default() }.bytes();
        let program = Entry { name: "app", mode: 0o755, content: &file, ..Entry::default() };
        let contents = read(&[Tar::new().add(&program).end()], &limits);
        assert_eq!((packages(&contents), contents.gaps), (expected.to_vec(), vec![]), "{gap}");
    }
    let file = ElfFile { gap: 20_000, ..ElfFile::default() }.bytes();
    let program = Entry { name: "app", mode: 0o755, content: &file, ..Entry::default() };
    let contents = read(&[Tar::new().add(&program).end()], &limits);
    assert_eq!(contents.gaps[0].what.name(), "too-large");
}

#[test]
fn what_programs_need() {
    let libraries: &[&str] = &["libssl.so.3", "libc.so.6"];
    let interpreter = Some("/lib64/ld-linux-x86-64.so.2");
    let dynamic = ElfFile { interpreter, libraries, ..ElfFile::default() }.bytes();
    let fixed = ElfFile::default().bytes();
    let add = |tar: Tar, name, content: &[u8], mode| {
        tar.add(&Entry { name, mode, content, ..Entry::default() })
    };
    let mut tar = add(Tar::new(), "bin/app", &dynamic, 0o755);
    tar = add(tar, "bin/static", &fixed, 0o755);
    tar = add(tar, "entry.sh", b"#!/bin/sh -e\r\necho\r\n", 0o755);
    tar = add(tar, "data", &dynamic, 0o644);
    tar = add(tar, "lib/libx.so.1", &dynamic, 0o644);
    let contents = read(&[tar.end()], &Limits::native());
    let squashed = Squashed::new(&contents.table);
    let program = |name: &str| {
        contents.programs.get(&squashed.find(&contents.table, name.as_bytes()).unwrap())
    };
    let needs = Program::Elf(Elf {
        interpreter: interpreter.map(Into::into),
        libraries: libraries.iter().map(|it| Box::from(*it)).collect(),
        ..Elf::default()
    });
    assert_eq!(program("bin/app"), Some(&needs));
    assert_eq!(program("lib/libx.so.1"), Some(&needs));
    assert_eq!(
        program("bin/static"),
        Some(&Program::Elf(Elf { is_static: true, ..Elf::default() }))
    );
    let script = Script { interpreter: "/bin/sh -e".into(), has_carriage_return: true };
    assert_eq!(program("entry.sh"), Some(&Program::Script(script)));
    assert_eq!(program("data"), None);
}

#[test]
fn the_distribution_through_its_link() {
    let contents = read(
        &[
            Tar::new()
                .file("usr/lib/os-release", b"ID=debian\nVERSION_ID=\"11\"\n")
                .symlink("etc/os-release", "../usr/lib/os-release")
                .end(),
            Tar::new().file("usr/lib/os-release", b"ID=debian\nVERSION_ID=\"12\"\n").end(),
        ],
        &Limits::native(),
    );
    let squashed = Squashed::new(&contents.table);
    let id = squashed.find(&contents.table, b"etc/os-release").unwrap();
    let text = String::from_utf8_lossy(&contents.texts[&id]).into_owned();
    assert_eq!(OsRelease::read(&text).version(), Some("12"));
}

#[test]
fn packages_are_asked_for() {
    let layer =
        Tar::new().file("lib/apk/db/installed", b"P:a\nV:1\n\n").file("etc/passwd", b"x").end();
    let archive = Archive::open(Box::new(docker(&[layer])), &Limits::native());
    let options = Options { packages: false, programs: false, sums: false, digests: Digests::None };
    let contents = archive.read(0, &options, &mut ()).unwrap();
    assert!(contents.records.is_empty());
    assert_eq!(contents.texts.len(), 1);
    assert_eq!(contents.layers[0].digest, None);
    assert!(contents.table.iter().all(|(_, it)| it.sum == 0));
}

#[test]
fn more_packages_than_are_kept() {
    let many: String = (0..100).map(|it| format!("P:p{it}\nV:1\n\n")).collect();
    let limits = Limits { packages: 30, ..Limits::native() };
    let contents = read(&[Tar::new().file("lib/apk/db/installed", many.as_bytes()).end()], &limits);
    assert_eq!(packages(&contents).len(), 30);
    assert_eq!(contents.gaps[0].what.name(), "too-many-packages");
}

#[test]
fn databases_that_are_too_large() {
    let limits = Limits { whole_file: 100, ..Limits::native() };
    let contents = read(&[Tar::new().file("lib/apk/db/installed", &[b'x'; 101]).end()], &limits);
    assert_eq!(contents.gaps[0].what.name(), "too-large");
    assert_eq!(contents.gaps[0].at.path.as_deref(), Some("/lib/apk/db/installed"));
}

#[test]
fn which_layer_brought_a_package_and_which_record_counts() {
    let installed = |names: &[&str]| {
        let all = names.iter().map(|it| format!("P:{it}\nV:1\n\n")).collect::<String>();
        Tar::new().file("lib/apk/db/installed", all.as_bytes()).end()
    };
    let contents = read(
        &[
            installed(&["musl", "curl"]),
            Tar::new().file("unrelated", b"1").end(),
            installed(&["musl"]),
            installed(&["musl", "curl", "git"]),
        ],
        &Limits::native(),
    );
    let squashed = Squashed::new(&contents.table);
    let shipped: Vec<bool> =
        contents.records.iter().map(|it| contents.is_shipped(&squashed, it)).collect();
    assert_eq!(shipped, [false, false, true]);
    let last = &contents.records[2];
    let since: Vec<_> =
        last.packages.iter().map(|it| (&*it.name, contents.since(last, it))).collect();
    assert_eq!(since, [("musl", Some(0)), ("curl", Some(3)), ("git", Some(3))]);
}
