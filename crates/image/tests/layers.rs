//! Layers on top of one another: whiteouts, ghosts, links, and the figures for waste.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use image::{
    Archive, Capabilities, Change, Contents, Efficiency, EntryId, Fate, Kind, Limits, Lost, Node,
    Options, Squashed, duplicates,
};
use support::{Entry, Tar, docker};

fn read(layers: &[Vec<u8>]) -> Contents {
    let archive = Archive::open(Box::new(docker(layers)), &Limits::native());
    assert_eq!(archive.gaps(), []);
    archive.read(0, &Options::default(), &mut ()).unwrap()
}

/// What a running container has, as a list of paths.
fn alive(contents: &Contents) -> Vec<String> {
    let squashed = Squashed::new(&contents.table);
    let mut paths: Vec<String> =
        squashed.entries().map(|it| path(contents, it)).filter(|it| it != "/").collect();
    paths.sort();
    paths
}

fn path(contents: &Contents, id: EntryId) -> String {
    contents.table.paths.visible(contents.table.get(id).unwrap().path)
}

fn fate(contents: &Contents, layer: u16, name: &str) -> Fate {
    let squashed = Squashed::new(&contents.table);
    let found = contents.table.layer(layer).find(|(id, _)| path(contents, *id) == name);
    squashed.fate(found.unwrap().0)
}

#[test]
fn a_whiteout_removes_what_is_below() {
    let contents = read(&[
        Tar::new().directory("etc").file("etc/a", b"1").file("etc/b", b"2").end(),
        Tar::new().file("etc/.wh.a", b"").end(),
        Tar::new().file("etc/c", b"3").end(),
    ]);
    assert_eq!(alive(&contents), ["/etc", "/etc/b", "/etc/c"]);
    assert_eq!(fate(&contents, 0, "/etc/a"), Fate::Removed(1));
    assert_eq!(fate(&contents, 1, "/etc/a"), Fate::Unseen);
    assert_eq!(fate(&contents, 0, "/etc/b"), Fate::Alive);
}

#[test]
fn a_removed_directory_takes_its_content_along() {
    let contents = read(&[
        Tar::new().directory("a").directory("a/b").file("a/b/c", b"1").end(),
        Tar::new().file(".wh.a", b"").end(),
        Tar::new().file("a/b/d", b"2").end(),
    ]);
    assert_eq!(alive(&contents), ["/a/b/d"]);
    assert_eq!(fate(&contents, 0, "/a/b/c"), Fate::Removed(1));
    let squashed = Squashed::new(&contents.table);
    let (a, node) = squashed.resolve(&contents.table, b"/a").unwrap();
    assert_eq!(node, Node::Directory);
    let children = squashed.children(&contents.table, a);
    assert_eq!(contents.table.paths.name(children[0]), b"b");
}

#[test]
fn whiteouts_do_not_touch_their_own_layer() {
    // Wherever they stand in it.
    let contents = read(&[
        Tar::new().directory("d").file("d/old", b"1").file("f", b"1").end(),
        Tar::new()
            .file("d/new", b"2")
            .file("d/.wh..wh..opq", b"")
            .file("d/newer", b"3")
            .file("f", b"4")
            .file(".wh.f", b"")
            .end(),
    ]);
    assert_eq!(alive(&contents), ["/d", "/d/new", "/d/newer", "/f"]);
    assert_eq!(fate(&contents, 0, "/d/old"), Fate::Removed(1));
    // Removed and made anew: what counts is that another file is there now.
    assert_eq!(fate(&contents, 0, "/f"), Fate::Replaced(1));
    assert_eq!(fate(&contents, 0, "/d"), Fate::Alive);
}

#[test]
fn a_layer_adds_changes_and_removes() {
    let private = Entry { name: "d", kind: b'5', mode: 0o700, ..Entry::default() };
    let contents = read(&[
        Tar::new().directory("d").directory("e").file("d/a", b"1").file("e/b", b"1").end(),
        Tar::new().directory("d").file("d/a", b"2").file("d/c", b"3").file(".wh.e", b"").end(),
        // What was removed is no longer there to be changed.
        Tar::new().add(&private).file("e/b", b"2").file("e/.wh..wh..opq", b"").end(),
        Tar::new().file("d/.wh.a", b"").file("d/a", b"4").end(),
    ]);
    let squashed = Squashed::new(&contents.table);
    let changes = |layer: u16| -> Vec<(String, Change)> {
        let change = |id| squashed.change(&contents.table, id).unwrap();
        contents.table.layer(layer).map(|(id, _)| (path(&contents, id), change(id))).collect()
    };
    let named = |all: &[(&str, Change)]| -> Vec<(String, Change)> {
        all.iter().map(|it| (it.0.to_owned(), it.1)).collect()
    };
    use Change::{Added, Changed, Removed, Same};
    let expected = [("/d", Same), ("/d/a", Changed), ("/d/c", Added), ("/e", Removed)];
    assert_eq!(changes(1), named(&expected));
    assert_eq!(changes(2), named(&[("/d", Changed), ("/e/b", Added), ("/e", Removed)]));
    assert_eq!(changes(3), named(&[("/d/a", Removed), ("/d/a", Changed)]));
    assert_eq!(contents.table.paths.find(b"/d/a"), contents.table.paths.find(b"d/a"));
    assert_eq!(contents.table.paths.find(b"/d/x"), None);
}

#[test]
fn chains_of_whiteouts() {
    let mut layers = Vec::new();
    for round in 0..30 {
        layers.push(Tar::new().file("x/y/z", format!("{round}").as_bytes()).end());
        layers.push(Tar::new().file([".wh.x", "x/.wh.y", "x/y/.wh.z"][round % 3], b"").end());
    }
    let contents = read(&layers);
    assert_eq!(alive(&contents), [""; 0]);
    for layer in (0..60).step_by(2) {
        assert_eq!(fate(&contents, layer, "/x/y/z"), Fate::Removed(layer + 1));
    }
}

#[test]
fn files_and_directories_take_each_others_place() {
    let contents = read(&[
        Tar::new().directory("d").file("d/in", b"1").file("f", b"2").symlink("l", "d").end(),
        Tar::new().file("d", b"now a file").directory("f").file("l/x", b"3").end(),
        Tar::new().file("f", b"a file again").end(),
    ]);
    assert_eq!(alive(&contents), ["/d", "/f", "/l/x"]);
    assert_eq!(fate(&contents, 0, "/d/in"), Fate::Replaced(1));
    assert_eq!(fate(&contents, 0, "/f"), Fate::Replaced(1));
    assert_eq!(fate(&contents, 1, "/f"), Fate::Replaced(2));
    assert_eq!(fate(&contents, 0, "/l"), Fate::Replaced(1));
}

#[test]
fn a_directory_told_of_again_keeps_its_content() {
    let private = Entry { name: "d", kind: b'5', mode: 0o700, ..Entry::default() };
    let contents =
        read(&[Tar::new().directory("d").file("d/in", b"1").end(), Tar::new().add(&private).end()]);
    assert_eq!(alive(&contents), ["/d", "/d/in"]);
    assert_eq!(fate(&contents, 0, "/d"), Fate::Restated(1));
    let squashed = Squashed::new(&contents.table);
    let id = squashed.find(&contents.table, b"d/in").unwrap();
    assert_eq!(contents.table.get(id).unwrap().layer, 0);
    let Ok((_, Node::Entry(it))) = squashed.resolve(&contents.table, b"d") else { panic!() };
    assert_eq!(contents.table.get(it).unwrap().mode, 0o700);
}

#[test]
fn marks_of_overlayfs_itself() {
    let device = Entry { name: "gone", kind: b'3', ..Entry::default() };
    let opaque: &[(&str, &[u8])] = &[("SCHILY.xattr.trusted.overlay.opaque", b"y")];
    let directory = Entry { name: "d", kind: b'5', mode: 0o755, pax: opaque, ..Entry::default() };
    let real = Entry { name: "tty", kind: b'3', device: (4, 1), ..Entry::default() };
    let contents = read(&[
        Tar::new().file("gone", b"1").file("d/in", b"2").end(),
        Tar::new().add(&device).add(&directory).add(&real).end(),
    ]);
    assert_eq!(alive(&contents), ["/d", "/tty"]);
    let tty = contents.table.layer(1).last().unwrap().1;
    assert_eq!(contents.table.extra(tty).device, Some((4, 1)));
}

#[test]
fn hard_links_share_their_content() {
    let contents = read(&[
        Tar::new().file("bin/busybox", b"12345").hard_link("bin/sh", "bin/busybox").end(),
        Tar::new().file("bin/.wh.busybox", b"").hard_link("bin/ash", "bin/sh").end(),
        Tar::new().hard_link("lost", "nowhere").hard_link("early", "late").file("late", b"1").end(),
    ]);
    let table = &contents.table;
    let squashed = Squashed::new(table);
    let original = table.layer(0).next().unwrap().0;
    assert_eq!(squashed.find(table, b"bin/sh"), Some(original));
    assert_eq!(squashed.find(table, b"bin/ash"), Some(original));
    assert_eq!(squashed.find(table, b"bin/busybox"), None);
    assert_eq!(squashed.find(table, b"lost"), None);
    assert_eq!(squashed.find(table, b"early"), squashed.find(table, b"late"));
    // Its name is gone, its bytes are not; and they count once.
    assert_eq!(squashed.size(table), 5 + 1);
    let gaps: Vec<_> = contents.gaps.iter().map(|it| it.what.name()).collect();
    assert_eq!(gaps, ["dangling-hard-link"]);
}

#[test]
fn links_never_lead_out_and_end() {
    let contents = read(&[Tar::new()
        .directory("usr/bin")
        .file("usr/bin/sh", b"1")
        .symlink("bin", "usr/bin")
        .symlink("attack", "../../../../usr")
        .symlink("absolute", "/usr/bin/sh")
        .symlink("a", "b")
        .symlink("b", "a")
        .symlink("self", "self/self")
        .symlink("dangling", "not/there")
        .file("plain", b"1")
        .end()]);
    let table = &contents.table;
    let squashed = Squashed::new(table);
    let shell = squashed.find(table, b"usr/bin/sh");
    for name in ["bin/sh", "attack/bin/sh", "absolute", "/bin/../bin/./sh", "../../bin/sh"] {
        assert_eq!(squashed.find(table, name.as_bytes()), shell, "{name}");
    }
    for (name, lost) in [
        ("a", Lost::TooManyLinks),
        ("self", Lost::TooManyLinks),
        ("dangling", Lost::Missing),
        ("plain/x", Lost::NotADirectory),
        ("usr/nothing", Lost::Missing),
    ] {
        assert_eq!(squashed.resolve(table, name.as_bytes()), Err(lost), "{name}");
    }
}

#[test]
fn forty_links_are_followed_and_no_more() {
    let chain = |length: usize| {
        let links = (0..length).map(|it| (format!("l{it}"), format!("l{}", it + 1)));
        let tar = links.fold(Tar::new(), |tar, (name, target)| tar.symlink(&name, &target));
        read(&[tar.file(&format!("l{length}"), b"1").end()])
    };
    for (length, found) in [(40, true), (41, false)] {
        let contents = chain(length);
        let squashed = Squashed::new(&contents.table);
        assert_eq!(squashed.resolve(&contents.table, b"l0").is_ok(), found, "{length}");
    }
}

#[test]
fn paths_that_escape_are_kept_inside_and_told_of() {
    let contents = read(&[Tar::new()
        .file("../../etc/passwd", b"root")
        .file("/absolute", b"1")
        .symlink("out", "../../../tmp")
        .file("out/planted", b"2")
        .file("nul\u{0}hidden", b"3")
        .end()]);
    assert_eq!(alive(&contents), ["/absolute", "/etc/passwd", "/nul", "/out", "/tmp/planted"]);
    let gaps: Vec<_> = contents.gaps.iter().map(|it| it.what.name()).collect();
    assert_eq!(gaps, ["path-escapes"]);
}

#[test]
fn set_user_id_capabilities_and_owners() {
    let value = b"\x01\0\0\x02\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let pax: &[(&str, &[u8])] =
        &[("SCHILY.xattr.security.capability", value), ("uid", b"4000000000"), ("gid", b"70000")];
    let ping = Entry { name: "bin/ping", mode: 0o755, content: b"x", pax, ..Entry::default() };
    let su = Entry { name: "bin/su", mode: 0o4755, content: b"y", ..Entry::default() };
    let contents = read(&[Tar::new().add(&ping).add(&su).end()]);
    let entries: Vec<_> = contents.table.layer(0).map(|it| it.1).collect();
    let capabilities = contents.table.extra(entries[0]).capabilities.unwrap();
    assert_eq!(capabilities.names(), ["cap_net_raw"]);
    assert_eq!((entries[0].uid, entries[0].gid), (4_000_000_000, 70_000));
    assert_eq!((entries[1].mode, entries[1].kind), (0o4755, Kind::File));
}

#[test]
fn every_byte_may_stand_in_a_capability() {
    let mut tar = Tar::new();
    for byte in 0..=255 {
        let value = [1, 0, 0, 2, byte, byte, 0, 0, byte, 0, 0, 0, byte, 0, 0, 0, 0, 0, 0, 0];
        let pax: &[(&str, &[u8])] = &[("SCHILY.xattr.security.capability", &value), ("size", b"3")];
        let name = format!("f{byte}");
        tar = tar.add(&Entry { name: &name, content: b"abc", pax, ..Entry::default() });
    }
    let contents = read(&[tar.end()]);
    assert_eq!(contents.gaps, []);
    assert_eq!(contents.table.len(), 256);
    for (byte, (_, entry)) in (0..=255_u64).zip(contents.table.layer(0)) {
        let expected = Capabilities {
            permitted: byte | byte << 8 | byte << 32,
            inheritable: byte,
            effective: true,
            root: None,
        };
        assert_eq!(contents.table.extra(entry).capabilities, Some(expected), "{byte}");
        assert_eq!(entry.size, 3);
    }
}

#[test]
fn layers_that_are_one_blob_are_read_once() {
    let layer = Tar::new().file("etc/os-release", b"ID=x\n").end();
    let blob = support::sha256(&layer);
    let name = format!("{blob}.tar");
    let manifest = format!("[{{\"Config\":\"c.json\",\"Layers\":[\"{name}\",\"{name}\"]}}]");
    let config = format!("{{\"rootfs\":{{\"diff_ids\":[\"sha256:{blob}\",\"sha256:{blob}\"]}}}}");
    let archive = Tar::new()
        .file(&name, &layer)
        .file("c.json", config.as_bytes())
        .file("manifest.json", manifest.as_bytes())
        .end();
    let archive = Archive::open(Box::new(archive), &Limits::native());
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    assert_eq!(contents.gaps, []);
    assert_eq!(contents.layers[1].same_as, Some(0));
    assert_eq!(contents.table.len(), 2);
    let squashed = Squashed::new(&contents.table);
    let found = squashed.find(&contents.table, b"etc/os-release").unwrap();
    assert_eq!(contents.table.get(found).unwrap().layer, 1);
    assert_eq!(&*contents.texts[&contents.table.origin(found)], b"ID=x\n");
    assert_eq!(fate(&contents, 0, "/etc/os-release"), Fate::Replaced(1));
}

#[test]
fn wasted_bytes_as_dive_counts_them() {
    let contents = read(&[
        Tar::new()
            .directory("d")
            .file("d/a", &[1; 100])
            .file("d/b", &[2; 50])
            .file("c", &[3; 10])
            .end(),
        Tar::new().file("c", &[3; 30]).file("new", &[4; 5]).end(),
        Tar::new().file(".wh.d", b"").end(),
    ]);
    let it = Efficiency::new(&contents.table);
    // Paths: d/a 100, d/b 50, c 10 + 30, new 5, d removed with 150.
    assert_eq!((it.size, it.user_size), (195, 35));
    assert_eq!(it.score, f64::from(100 + 50 + 10 + 5 + 150) / f64::from(100 + 50 + 40 + 5 + 150));
    assert_eq!(it.wasted, 40);
    assert_eq!(contents.table.paths.visible(it.paths(&contents.table)[0].path), "/c");
    let empty = Efficiency::new(&read(&[Tar::new().end()]).table);
    assert_eq!((empty.score, empty.wasted), (1.0, 0));
}

#[test]
fn equal_contents_are_found_wherever_they_are() {
    let contents = read(&[
        Tar::new().file("a", &[7; 1000]).file("b", &[8; 1000]).file("tiny", b"x").end(),
        Tar::new().file("copy", &[7; 1000]).file("a", &[7; 1000]).file("tiny2", b"x").end(),
    ]);
    let found = duplicates(&contents.table, 100);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].size, found[0].wasted()), (1000, 2000));
    let names: Vec<_> = found[0].entries.iter().map(|it| path(&contents, *it)).collect();
    assert_eq!(names, ["/a", "/copy", "/a"]);
}
