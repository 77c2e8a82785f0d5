//! What programs need to start, found in the files that containers have.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use image::{Archive, Contents, Limits, Options, PathId, Squashed};
use support::records::ElfFile;
use support::{Entry, Tar, docker};

const LINKER: &str = "/lib/ld-musl-x86_64.so.1";

fn elf(libraries: &[&str]) -> Vec<u8> {
    ElfFile { interpreter: Some(LINKER), libraries, ..ElfFile::default() }.bytes()
}

fn add(tar: Tar, name: &str, content: &[u8]) -> Tar {
    tar.add(&Entry { name, mode: 0o755, content, ..Entry::default() })
}

/// What some programs need, by path, and what is missing.
fn needs(layers: &[Vec<u8>], programs: &[&str]) -> (Vec<String>, Vec<String>) {
    let archive = Archive::open(Box::new(docker(layers)), &Limits::native());
    let contents: Contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    let table = &contents.table;
    let squashed = Squashed::new(table);
    let at = |it: &&str| squashed.resolve(table, it.as_bytes()).unwrap().0;
    let programs: Vec<PathId> = programs.iter().map(at).collect();
    let found = contents.closure(&squashed, &programs, "/usr/bin:/bin");
    let mut files: Vec<String> = found.files.iter().map(|it| table.paths.visible(*it)).collect();
    files.sort();
    (files, found.missing.iter().map(|it| it.to_string()).collect())
}

#[test]
fn libraries_of_libraries_in_the_places_of_distributions() {
    let mut tar = Tar::new().symlink("lib", "usr/lib");
    tar = add(tar, "usr/lib/ld-musl-x86_64.so.1", &ElfFile::default().bytes());
    tar = add(tar, "app", &elf(&["liba.so.1", "libgone.so"]));
    tar = add(tar, "usr/lib/x86_64-linux-gnu/liba.so.1.2", &elf(&["libb.so", "liba.so.1"]));
    tar = tar.symlink("usr/lib/x86_64-linux-gnu/liba.so.1", "liba.so.1.2");
    tar = add(tar, "usr/local/lib/libb.so", &elf(&["liba.so.1"]));
    tar = add(tar, "usr/lib/libunused.so", &elf(&[]));
    let (files, missing) = needs(&[tar.end()], &["/app"]);
    assert_eq!(
        files,
        [
            "/app",
            "/usr/lib/ld-musl-x86_64.so.1",
            "/usr/lib/x86_64-linux-gnu/liba.so.1.2",
            "/usr/local/lib/libb.so",
        ]
    );
    assert_eq!(missing, ["libgone.so"]);
}

#[test]
fn scripts_need_what_runs_them_and_what_was_removed_is_not_there() {
    let mut tar = add(Tar::new(), "usr/bin/python3", &elf(&[]));
    tar = add(tar, "usr/bin/env", &elf(&[]));
    tar = add(tar, "lib/ld-musl-x86_64.so.1", b"\x7fELF");
    tar = add(tar, "run.py", b"#!/usr/bin/env -S LANG=C python3 -u\n");
    let script = ["/lib/ld-musl-x86_64.so.1", "/run.py", "/usr/bin/env", "/usr/bin/python3"];
    let below = tar.end();
    let (files, missing) = needs(std::slice::from_ref(&below), &["/run.py"]);
    assert_eq!((files, missing.len()), (script.map(str::to_owned).to_vec(), 0));
    let above = Tar::new().file("usr/bin/.wh.python3", b"").end();
    let (files, missing) = needs(&[below, above], &["/run.py"]);
    assert_eq!((files.len(), missing), (3, vec!["python3".to_owned()]));
}

#[test]
fn circles_and_directories_end() {
    let mut tar = Tar::new().symlink("lib/liba.so", "liba.so").directory("usr/lib/libd.so");
    tar = add(tar, "lib/ld-musl-x86_64.so.1", &elf(&["libself.so"]));
    tar = add(tar, "lib/libself.so", &elf(&["libself.so", "liba.so", "libd.so", "../etc/x"]));
    let (files, missing) = needs(&[tar.end()], &["/lib/libself.so"]);
    assert_eq!(files, ["/lib/ld-musl-x86_64.so.1", "/lib/libself.so"]);
    assert_eq!(missing, ["../etc/x", "liba.so", "libd.so"]);
}

#[test]
fn libraries_are_found_where_the_settings_of_the_linkers_say() {
    let app = elf(&["liba.so", "libb.so", "libc.so", "libd.so", "libe.so"]);
    let mut base = add(Tar::new(), "lib/ld-musl-x86_64.so.1", &ElfFile::default().bytes());
    base = add(base, "app", &app);
    for place in
        ["opt/a/liba.so", "opt/b/libb.so", "opt/c/libc.so", "opt/d/libd.so", "opt/e/libe.so"]
    {
        base = add(base, place, &ElfFile::default().bytes());
    }
    base = base
        .file("etc/ld.so.conf", b"# /opt/e\ninclude ld.so.conf.d/*.conf\n/opt/a , /opt/x=libc6\n")
        .file("etc/ld.so.conf.d/b.conf", b"\t/opt/b\ninclude /etc/ld.so.conf.d/more\n")
        .file("etc/ld.so.conf.d/gone.conf", b"/opt/e\n")
        .file("etc/ld.so.conf.d/other.txt", b"/opt/e\n")
        .file("etc/ld-musl-x86_64.path", b"/lib:/opt/c\n/opt/d\n");
    let top = Tar::new().file("etc/ld.so.conf.d/.wh.gone.conf", b"");
    let (files, missing) = needs(&[base.end(), top.end()], &["/app"]);
    let found: Vec<&str> = files.iter().filter_map(|it| it.strip_prefix("/opt/")).collect();
    assert_eq!(found, ["a/liba.so", "b/libb.so", "c/libc.so", "d/libd.so"]);
    assert_eq!(missing, ["libe.so"], "what a later layer took away names nothing");
}
