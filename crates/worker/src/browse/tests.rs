//! The tree of files, asked as the page asks it, over small images made here.

use std::rc::Rc;

use image::Next;
use report::wire::{Choices, Content, Handed, Only, Tell, Want};

use super::*;

use crate::answer::{Desk, Job, Read};

/// A header and its content: name, mode, kind, target of a link, content.
type Entry<'a> = (&'a [u8], u32, u8, &'a [u8], &'a [u8]);

fn entry((name, mode, kind, target, content): Entry<'_>) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name);
    put(100, format!("{mode:07o}").as_bytes());
    put(108, b"0000000\x000000000\0");
    put(124, format!("{:011o}", content.len()).as_bytes());
    put(136, b"00000000000\0        ");
    put(156, &[kind]);
    put(157, target);
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|it| u32::from(*it)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.extend(content);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

fn file<'a>(name: &'a str, content: &'a [u8]) -> Entry<'a> {
    (name.as_bytes(), 0o644, b'0', b"", content)
}

fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out: Vec<u8> = entries.iter().flat_map(|it| entry(*it)).collect();
    out.resize(out.len() + 1024, 0);
    out
}

/// An image of these layers, each made by a step.
fn image(layers: &[Vec<u8>]) -> Vec<u8> {
    let steps: Vec<String> =
        (0..layers.len()).map(|it| format!("{{\"created_by\":\"COPY {it} /\"}}")).collect();
    let config = format!("{{\"config\":{{}},\"history\":[{}]}}", steps.join(","));
    let names: Vec<String> = (0..layers.len()).map(|it| format!("{it}/layer.tar")).collect();
    let manifest =
        format!("[{{\"Config\":\"c.json\",\"RepoTags\":[\"a:1\"],\"Layers\":{names:?}}}]");
    let mut entries: Vec<Entry<'_>> =
        names.iter().zip(layers).map(|(name, it)| file(name, it)).collect();
    entries.push(file("c.json", config.as_bytes()));
    entries.push(file("manifest.json", manifest.as_bytes()));
    tar(&entries)
}

struct Looking {
    desk: Desk,
    count: u32,
    first: u32,
}

/// To check one saved image.
fn job() -> Job {
    let handed =
        Handed { name: "image.tar".to_owned(), taken_for: None, content: Content::File(0) };
    Job {
        number: 1,
        revision: 1,
        today: "2026-11-24".parse().unwrap(),
        documents: vec![handed],
        choices: Choices::default(),
        want: Want::Report,
        cancelled: None,
    }
}

impl Looking {
    fn at(archive: Vec<u8>) -> Self {
        let job = job();
        let mut desk = Desk::default();
        let told =
            image::finish(desk.answer(&job, &[Read::Saved(Rc::new(archive))], &mut |_| Next::On));
        assert!(matches!(told, Tell::Done { .. }));
        Self { desk, count: 50, first: 0 }
    }

    fn see(&mut self, browse: Browse) -> Listing {
        let window = Window { first: self.first, count: self.count };
        let told = image::finish(self.desk.browse(&browse, window, &mut |_| Next::On));
        let Tell::Files(Some(it)) = told else { panic!("{browse:?}") };
        self.first = it.first;
        *it
    }

    fn key(&mut self, key: &str) -> Listing {
        self.see(Browse::Key(key.to_owned()))
    }

    fn find(&mut self, text: &str, only: Only) -> Vec<String> {
        names(&self.see(Browse::Find { text: text.to_owned(), only }))
    }

    /// Chooses the row with this name.
    fn choose(&mut self, name: &str) -> Listing {
        let listing = self.see(Browse::Scroll);
        let row = listing.rows.iter().find(|it| it.cells[0] == name);
        self.see(Browse::Choose(row.unwrap_or_else(|| panic!("{:?}", names(&listing))).id))
    }
}

/// The names of the rows, each with a blank for every level below the first, the row with the
/// keyboard's place marked.
fn names(it: &Listing) -> Vec<String> {
    let name = |(at, row): (u32, &Row)| {
        let mark = if it.first + at == it.cursor { "*" } else { "" };
        format!("{}{}{mark}", " ".repeat(row.level as usize - 1), row.cells[0])
    };
    (0..).zip(&it.rows).map(name).collect()
}

fn two_layers() -> Vec<u8> {
    let base = tar(&[
        (b"etc/", 0o755, b'5', b"", b""),
        file("etc/a", b"one\n"),
        file("etc/b", b"two\n"),
        file("usr/bin/tool", b"\x7fELF\0\0\0\0"),
    ]);
    let top = tar(&[
        (b"etc/", 0o755, b'5', b"", b""),
        file("etc/.wh.a", b""),
        file("etc/b", b"three\n"),
        (b"app/run", 0o4755, b'0', b"", b"#!/bin/sh\n"),
        (b"app/link", 0o777, b'2', b"/etc/b", b""),
    ]);
    image(&[base, top])
}

#[test]
fn directories_open_and_close_and_keys_lead_through_them() {
    let mut it = Looking::at(two_layers());
    assert_eq!(names(&it.see(Browse::Open)), ["app/*", "etc/", "usr/"]);
    assert_eq!(names(&it.key("ArrowDown")), ["app/", "etc/*", "usr/"]);
    assert_eq!(names(&it.key("ArrowRight")), ["app/", "etc/*", " b", "usr/"]);
    assert_eq!(names(&it.key("ArrowRight")), ["app/", "etc/", " b*", "usr/"]);
    assert_eq!(names(&it.key("ArrowLeft")), ["app/", "etc/*", " b", "usr/"]);
    assert_eq!(names(&it.key("u")), ["app/", "etc/", " b", "usr/*"]);
    assert_eq!(names(&it.key("Home")), ["app/*", "etc/", " b", "usr/"]);
    assert_eq!(names(&it.key("Enter")), ["app/*", " link", " run", "etc/", " b", "usr/"]);
    assert_eq!(names(&it.key("End")), ["app/", " link", " run", "etc/", " b", "usr/*"]);
    let closed = it.choose("etc/");
    assert_eq!(names(&closed), ["app/", " link", " run", "etc/*", "usr/"]);
    assert_eq!(closed.rows[3].open, Some(false));
}

#[test]
fn a_layer_says_what_it_adds_changes_and_removes() {
    let mut it = Looking::at(two_layers());
    let layers = it.see(Browse::Open).layers;
    assert_eq!(layers.len(), 3);
    assert!(layers[0][1].starts_with("What containers have: 3 files"), "{:?}", layers[0]);
    assert_eq!(layers[1][1], "COPY 0 /");
    assert_eq!(layers[1][4..9], ["16 B", "3", "0", "0", "8 B"]);
    assert_eq!(layers[2][4..9], ["16 B", "2", "1", "1", ""]);
    let changes = |listing: &Listing| -> Vec<[String; 3]> {
        let cells = |it: &Row| [0, 1, 6].map(|at| it.cells[at].clone());
        listing.rows.iter().map(cells).collect()
    };
    it.see(Browse::Scope(Some(1)));
    it.choose("etc/");
    let top = it.choose("app/");
    assert_eq!(
        changes(&top),
        [
            ["app/", "", ""],
            ["link", "added", "\u{2192} /etc/b"],
            ["run", "added", ""],
            ["etc/", "", ""],
            ["a", "removed", ""],
            ["b", "changed", ""],
        ]
    );
    assert_eq!(top.rows[2].cells[4..6], ["-rwsr-xr-x", "0:0"]);
    it.see(Browse::Scope(Some(0)));
    let base = it.find("", Only::Ghosts);
    assert_eq!(base, ["etc/*", " a", " b"]);
    let ghosts = it.see(Browse::Scroll);
    let remarks: Vec<&str> = ghosts.rows.iter().map(|it| &*it.cells[6]).collect();
    assert_eq!(remarks, ["", "removed in layer 1", "replaced in layer 1"]);
}

#[test]
fn filters_keep_the_way_to_what_they_find() {
    let mut it = Looking::at(two_layers());
    assert_eq!(it.find("BIN tool", Only::All), ["usr/*", " bin/", "  tool"]);
    assert_eq!(it.find("nothing", Only::All), [""; 0]);
    assert_eq!(it.find("", Only::Privileged), ["app/*", " run"]);
    assert_eq!(it.find("", Only::Findings), ["app/*", " run"]);
    assert_eq!(it.find("", Only::Changed), ["app/*", " link", " run", "etc/", " b"]);
    // Closing while only some are listed, and all again without.
    it.key("ArrowLeft");
    assert_eq!(names(&it.see(Browse::Scroll)), ["app/*", "etc/", " b"]);
    assert_eq!(it.find("", Only::All), ["app/*", "etc/", "usr/"]);
    let shown = it.see(Browse::Show { layer: 0, path: "/etc/a".to_owned() });
    assert_eq!(names(&shown), ["etc/", " a*", " b", "usr/"]);
}

#[test]
fn files_are_shown_as_text_with_every_secret_masked() {
    let secret = ["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
    let text = format!("\u{202e}first\x1b[2J\ntoken = {secret}\n");
    // One that starts in the part that is shown and ends behind it.
    let mut long = vec![b'.'; (64 << 10) - 12];
    long.extend(format!("\n{secret}\n").bytes());
    long.extend(vec![b'.'; 90_000]);
    let mut binary = b"\x7fELF\0\0".to_vec();
    binary.extend(secret.bytes());
    let layer = tar(&[
        file("conf", text.as_bytes()),
        file("long", &long),
        file("bin", &binary),
        file("none", b""),
        file("etc/ppp/chap-secrets", b"* * Xk29sLq7 *\n"),
    ]);
    let mut it = Looking::at(image(&[layer]));
    it.see(Browse::Find { text: String::new(), only: Only::All });
    let mut shown = |name: &str| {
        let listing = it.choose(name);
        let file = listing.file.unwrap();
        let told = Tell::Files(Some(Box::new(Listing { file: Some(file.clone()), ..listing })));
        let posted = told.to_text().unwrap();
        for piece in secret.as_bytes()[4..].windows(4) {
            assert!(!posted.as_bytes().windows(4).any(|it| it == piece), "{name}: {posted}");
        }
        file
    };
    let conf = shown("conf");
    assert_eq!(conf.text, "<U+202E>first\u{241b}[2J\ntoken = ghp_\u{2026}[masked]\n");
    assert!(conf.about[2].ends_with("one secret is masked"), "{:?}", conf.about);
    assert_eq!(conf.findings.len(), 1);
    let long = shown("long");
    assert!(
        long.about[2].starts_with("text; shown: the first 65.5 kB of 155 kB"),
        "{:?}",
        long.about
    );
    assert!(long.text.len() < 66_000);
    let bin = shown("bin").text;
    assert!(bin.starts_with("000000  7f 45 4c 46 00 00 67 68 70 5f ** **"), "{bin}");
    assert_eq!(shown("none").about[2], "it is empty");
    it.choose("etc/");
    it.choose("ppp/");
    let withheld = it.choose("chap-secrets").file.unwrap();
    assert!(withheld.text.is_empty() && withheld.about[2].contains("nothing of its content"));
}

#[test]
fn names_cannot_act_and_stay_what_they_are() {
    let layer = tar(&[
        file("<img src=x>", b"1"),
        (b"a\tb\nc\x1b[0m\xff", 0o644, b'0', b"", b"2"),
        file("x\u{202e}gpj.exe", b"3"),
        (b"l", 0o777, b'2', b"\xe2\x80\xae\n", b""),
    ]);
    let mut it = Looking::at(image(&[layer]));
    let listing = it.see(Browse::Open);
    assert_eq!(
        names(&listing),
        ["<img src=x>*", "a\\u{9}b\\u{a}c\\u{1b}[0m\\xff", "l", "x\\u{202e}gpj.exe"]
    );
    assert_eq!(listing.rows[2].cells[6], "\u{2192} \\u{202e}\\u{a}; layer 0");
    assert_eq!(Listing::from_text(&listing.to_text()), Some(listing));
}

#[test]
fn only_the_rows_that_show_are_told_and_the_place_stays_in_sight() {
    let names_of: Vec<String> = (0..3_000).map(|it| format!("d/f{it:04}")).collect();
    let entries: Vec<Entry<'_>> = names_of.iter().map(|it| file(it, b"")).collect();
    let mut it = Looking::at(image(&[tar(&entries)]));
    it.count = 20;
    assert_eq!(it.key("Enter").total, 3_001);
    let end = it.key("End");
    assert_eq!((end.first, end.cursor, end.rows.len()), (2_981, 3_000, 20));
    let up = it.key("PageUp");
    assert_eq!((up.first, up.cursor), (2_981, 2_981));
    assert_eq!(it.key("ArrowUp").first, 2_980);
    it.first = 1_000;
    let scrolled = it.see(Browse::Scroll);
    assert_eq!((scrolled.first, scrolled.cursor), (1_000, 2_980));
    assert_eq!(scrolled.rows[0].cells[0], "f0999");
    // The next key leads back to the place.
    assert_eq!(it.key("ArrowDown").first, 2_962);
}

#[test]
fn what_is_not_kept_is_said() {
    let window = Window { first: 0, count: 10 };
    let told = image::finish(Desk::default().browse(&Browse::Open, window, &mut |_| Next::On));
    assert_eq!(told, Tell::Files(None));
}

#[test]
fn what_was_read_before_it_was_stopped_is_answered_and_can_be_looked_at() {
    let tool = (&b"bin/tool"[..], 0o4755, b'0', &b""[..], &b"x"[..]);
    let much = vec![b'.'; 3 << 20];
    let secret = ["token=ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
    let layers = [
        tar(&[tool, file("app/conf", secret.as_bytes())]),
        tar(&[file("much", &much), file("more", b"1")]),
        tar(&[]),
    ];
    let mut job = job();
    let contents = [Read::Saved(Rc::new(image(&layers)))];
    let mut told_of = 0;
    let mut enough = |it: Option<Tell>| {
        let Some(Tell::Progress { progress, .. }) = it else { panic!("{it:?}") };
        if progress.layer.starts_with("layer 1 (3 in all)") {
            assert_eq!(progress.found, 1);
            assert_eq!(
                progress.findings,
                ["GitHub classic personal access token in layer 0 /app/conf"]
            );
            told_of += 1;
        }
        if told_of > 1 { Next::Stop } else { Next::On }
    };
    let mut desk = Desk::default();
    let told = image::finish(desk.answer(&job, &contents, &mut enough));
    let Tell::Done { report, .. } = told else { panic!("{told:?}") };
    assert!(report.findings().any(|it| it.1.message.contains("/bin/tool")), "{report:?}");
    let [problem] = &report.problems[..] else { panic!("{:?}", report.problems) };
    let message = &problem.message;
    assert!(message.contains(" of 4 MB, at layer 1 (3 in all)"), "{message}");
    let gaps = format!("{:?}", report.outcomes);
    assert!(gaps.contains("layer 1 could not be read in full: reading was stopped"), "{gaps}");
    // What else is wanted of it is made of what was read.
    job.want = Want::Export(report::wire::Format::Html);
    let told = image::finish(desk.answer(&job, &contents, &mut |it| panic!("{it:?}")));
    assert!(matches!(told, Tell::Gave { text, .. } if text.contains("cancelled after")));
    let mut it = Looking { desk, count: 50, first: 0 };
    assert_eq!(names(&it.see(Browse::Open)), ["app/*", "bin/", "much"]);
    // Reading on means reading again.
    job.want = Want::Report;
    let told = image::finish(it.desk.answer(&job, &contents, &mut |_| Next::On));
    let Tell::Done { report, .. } = told else { panic!("{told:?}") };
    assert_eq!(report.problems, []);
}

#[test]
fn who_has_enough_after_the_last_layer_does_not_wait_for_a_look_at_every_file() {
    let names_of: Vec<String> = (0..60_000).map(|it| format!("d{}/f{it}", it % 50)).collect();
    let secret = ["token=ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
    let mut entries = vec![file("app/conf", secret.as_bytes())];
    entries.extend(names_of.iter().map(|it| file(it, b"")));
    let contents = [Read::Saved(Rc::new(image(&[tar(&entries)])))];
    let said = |stop: bool| {
        let mut watch = |it: Option<Tell>| match it {
            Some(Tell::Progress { progress, .. }) if stop && progress.done == progress.total => {
                Next::Stop
            }
            _ => Next::On,
        };
        let told = image::finish(Desk::default().answer(&job(), &contents, &mut watch));
        let Tell::Done { report, .. } = told else { panic!("{told:?}") };
        let json = report::json(&report);
        assert!(json.contains("/app/conf"), "{json}");
        json.contains("reading was stopped")
    };
    assert_eq!((said(false), said(true)), (false, true));
}

/// The rectangles of a listing: name, whether others are inside, and area, by the path.
fn drawn(it: &Listing) -> Vec<(String, String, u64)> {
    let tiles = it.tiles.as_deref().unwrap();
    let area = |it: &Tile| u64::from(it.area[2]) * u64::from(it.area[3]);
    tiles.iter().map(|it| (it.title.clone(), it.look.clone(), area(it))).collect()
}

#[test]
fn areas_are_as_large_as_files_and_follow_the_tree() {
    let (large, small) = (vec![b'x'; 300_000], vec![b'y'; 100_000]);
    let secret = ["ghp_", "q8Lr3TzWm0XyKv5NbHc2PjGfDs9AeU3WvpJi"].concat();
    let mut token = format!("token={secret}\n").into_bytes();
    token.resize(100_000, b'\n');
    let base = tar(&[file("a/large", &large), file("b/gone", &small), file("b/tiny", b"1")]);
    let top = tar(&[file("c/token", &token), file("b/.wh.gone", b"")]);
    let mut it = Looking::at(image(&[base, top]));
    let listing = it.see(Browse::Open);
    let tiles = drawn(&listing);
    let titles: Vec<&str> = tiles.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(
        titles,
        ["/a, 300 kB", "/c, 100 kB", "/a/large, 300 kB", "/c/token, 100 kB"],
        "the one byte in /b is too small for any"
    );
    let share = |at: usize| tiles[at].2 * 100 / 40_000_000;
    assert_eq!((share(0), share(1)), (75, 25), "{tiles:?}");
    assert_eq!((tiles[0].1.as_str(), tiles[3].1.as_str()), ("open", "high"));
    assert_eq!(listing.marked, Some(0), "the place is on the first row");
    // Choosing one leads to its row, and moving about marks it.
    let token = listing.tiles.as_deref().unwrap()[3].id;
    let listing = it.see(Browse::Go(token));
    assert_eq!(names(&listing), ["a/", "b/", "c/", " token*"]);
    assert_eq!((listing.marked, listing.tiles), (Some(3), None), "nothing is drawn anew");
    assert_eq!(it.key("ArrowUp").marked, Some(1));
    // What is too small to be drawn is where the rest of its directory is.
    assert_eq!(it.key("ArrowUp").marked, None);
    // One layer has what containers do not.
    let layer = it.see(Browse::Scope(Some(0)));
    let gone = drawn(&layer).into_iter().find(|it| it.0.starts_with("/b/gone")).unwrap();
    assert_eq!(gone.1, "waste");
    // Of some files only those are drawn.
    let found = it.see(Browse::Find { text: "gone".to_owned(), only: Only::All });
    let titles: Vec<String> = drawn(&found).into_iter().map(|it| it.0).collect();
    assert_eq!(titles, ["/b, 100 kB", "/b/gone, 100 kB"]);
    let none = it.see(Browse::Find { text: "nothing".to_owned(), only: Only::All });
    assert_eq!((none.tiles, none.marked), (Some(Vec::new()), None));
}

#[test]
fn no_more_areas_than_a_page_can_draw() {
    let names_of: Vec<String> = (0..40).map(|it| format!("d{it:02}")).collect();
    let inner: Vec<String> =
        names_of.iter().flat_map(|it| (0..100).map(move |n| format!("{it}/f{n:03}"))).collect();
    let entries: Vec<Entry<'_>> = inner.iter().map(|it| file(it, b"12345678")).collect();
    let mut it = Looking::at(image(&[tar(&entries)]));
    let tiles = it.see(Browse::Open).tiles.unwrap();
    assert!((1_000..=1_500).contains(&tiles.len()), "{}", tiles.len());
    assert!(tiles.iter().all(|it| it.area[0] + it.area[2] <= 10_001));
    let opened = tiles.iter().filter(|it| it.look == "open").count();
    assert!((10..40).contains(&opened), "{opened}");
}

#[test]
fn what_is_too_small_is_one_area_that_says_how_much_it_is() {
    let names_of: Vec<String> = (0..3_000).map(|it| format!("d/f{it:04}")).collect();
    let large = vec![b'x'; 9_000_000];
    let content = vec![b'y'; 100];
    let mut entries: Vec<Entry<'_>> = names_of.iter().map(|it| file(it, &content)).collect();
    entries.push(file("d/large", &large));
    let mut it = Looking::at(image(&[tar(&entries)]));
    let tiles = it.see(Browse::Open).tiles.unwrap();
    let more = tiles.iter().find(|it| it.look == "more").unwrap();
    assert_eq!(more.title, "3000 more in /d, 300 kB");
    assert_eq!(tiles[0].title, "/d, 9.30 MB");
    assert_eq!(more.id, tiles[0].id, "choosing it leads to the directory");
}
