//! Image archives and layouts as the tools write them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use std::cell::Cell;
use std::slice::from_ref;
use std::task::Poll;

use image::{
    Archive, Beside, Digests, Hasher, Layout, Limits, Options, Platform, Provenance, Source,
    Trouble,
};
use support::{Oci, Tar, docker, gzip, sha256, zstd};

const TAR: &str = "application/vnd.oci.image.layer.v1.tar";

fn open(bytes: Vec<u8>) -> Archive<'static> {
    Archive::open(Box::new(bytes), &Limits::native())
}

fn layer() -> Vec<u8> {
    Tar::new().file("etc/passwd", b"root:x:0:0::/root:/bin/sh\n").end()
}

/// Names of the gaps of the archive and of its image.
fn gaps(archive: &Archive<'_>, image: usize) -> Vec<&'static str> {
    let contents = archive.read(image, &Options::default(), &mut ());
    let read = contents.iter().flat_map(|it| &it.gaps);
    archive.gaps().iter().chain(read).map(|it| it.what.name()).collect()
}

#[test]
fn docker_save() {
    let archive = open(docker(&[layer(), Tar::new().end()]));
    assert_eq!(archive.layout, Layout::Docker);
    let image = &archive.images[0];
    assert_eq!(image.names, [Box::from("test:latest")]);
    assert_eq!(&*image.platform.clone().unwrap().architecture, "amd64");
    assert_eq!((image.layers[0].history, image.layers[1].history), (Some(0), Some(1)));
    assert_eq!(gaps(&archive, 0), [""; 0]);
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    assert_eq!(contents.layers[0].diff_id, image.layers[0].diff_id);
    assert!(contents.layers[0].digest.is_some());
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut oci = Oci::new();
    let manifest = oci.image(&[(TAR, &layer(), &gzip(&layer()))], "");
    let oci = oci.end(&[manifest]);
    // Where a blob lies is the only thing that may differ.
    let describe = |files: &Oci| {
        let archive = open(files.tar());
        let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
        let entries: Vec<_> = contents.table.iter().map(|it| *it.1).collect();
        let layers = archive.images[0].layers.iter();
        let layers: Vec<_> = layers.map(|it| (it.name.clone(), it.diff_id.clone())).collect();
        (archive.images[0].manifest.clone(), layers, entries, gaps(&archive, 0))
    };
    let expected = describe(&oci);
    for turn in 0..oci.files.len() {
        let mut turned = oci.clone();
        turned.files.rotate_left(turn);
        assert_eq!(describe(&turned), expected);
        turned.files.reverse();
        assert_eq!(describe(&turned), expected);
    }
}

#[test]
fn docker_25_with_an_index_that_is_null() {
    let content = layer();
    let digest = sha256(&content);
    let config = format!("{{\"os\":\"linux\",\"rootfs\":{{\"diff_ids\":[\"sha256:{digest}\"]}}}}");
    let config_digest = sha256(config.as_bytes());
    let manifest = format!(
        "[{{\"Config\":\"blobs/sha256/{config_digest}\",\"RepoTags\":null,\
         \"Layers\":[\"blobs/sha256/{digest}\"],\"LayerSources\":{{\"sha256:{digest}\":\
         {{\"mediaType\":\"{TAR}\",\"size\":1}}}}}}]"
    );
    let archive = Tar::new()
        .file(&format!("blobs/sha256/{digest}"), &content)
        .file(&format!("blobs/sha256/{config_digest}"), config.as_bytes())
        .file("index.json", b"{\"schemaVersion\":2,\"manifests\":null}")
        .file("manifest.json", manifest.as_bytes())
        .file("oci-layout", b"{}")
        .end();
    let archive = open(archive);
    assert_eq!((archive.layout, archive.images.len()), (Layout::DockerAndOci, 1));
    assert_eq!(archive.images[0].layers[0].media_type.as_deref(), Some(TAR));
    assert_eq!(gaps(&archive, 0), [""; 0]);
}

#[test]
fn the_containerd_store_nests_its_index_and_leaves_platforms_out() {
    let mut oci = Oci::new();
    let zipped = gzip(&layer());
    let here = oci.image(
        &[(TAR, &layer(), &zipped)],
        ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}",
    );
    let absent = format!(
        "{{\"digest\":\"sha256:{}\",\"platform\":{{\"os\":\"linux\",\"architecture\":\"arm64\"}}}}",
        "0".repeat(64)
    );
    let name = ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/x:1\",\
        \"org.opencontainers.image.ref.name\":\"1\"}";
    let index = oci.index(&[here, absent], name);
    let config = oci.files.iter().find(|it| it.1.starts_with(b"{\"os\"")).unwrap().0.clone();
    let blob = format!("blobs/sha256/{}", sha256(&zipped));
    let manifest =
        format!("[{{\"Config\":\"{config}\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"{blob}\"]}}]");
    oci.files.push(("manifest.json".into(), manifest.into_bytes()));
    let archive = open(oci.end(&[index]).tar());
    assert_eq!((archive.layout, archive.images.len()), (Layout::DockerAndOci, 1));
    let image = &archive.images[0];
    assert_eq!(image.names, [Box::from("x:1")]);
    assert!(image.manifest.is_some());
    let arm = Platform { os: "linux".into(), architecture: "arm64".into(), variant: "".into() };
    assert_eq!(archive.absent[0].platform, Some(arm));
    assert_eq!(gaps(&archive, 0), [""; 0]);
}

#[test]
fn several_platforms_and_several_names() {
    let mut oci = Oci::new();
    let platform =
        |it: &str| format!(",\"platform\":{{\"os\":\"linux\",\"architecture\":\"{it}\"}}");
    let other = Tar::new().file("other", b"1").end();
    let arm = oci.image(&[(TAR, &other, &other)], &platform("arm64"));
    let amd = oci.image(&[(TAR, &layer(), &zstd(&layer()))], &platform("amd64"));
    let named =
        |it: &str| format!(",\"annotations\":{{\"org.opencontainers.image.ref.name\":\"{it}\"}}");
    let one = oci.index(&[arm.clone(), amd.clone()], &named("one"));
    let two = one.replace("\"one\"", "\"two\"");
    let archive = open(oci.end(&[one, two]).tar());
    assert_eq!(archive.layout, Layout::Oci);
    assert_eq!(archive.images.len(), 2);
    assert_eq!(archive.images[0].names, [Box::from("one"), Box::from("two")]);
    // Both say amd64 in their configuration, which is what counts.
    assert_eq!(archive.preferred(), Some(0));
    assert_eq!(gaps(&archive, 1), [""; 0]);
}

#[test]
fn indexes_that_lead_back_or_too_deep() {
    let mut oci = Oci::new();
    let digest = format!("sha256:{}", "1".repeat(64));
    let own = format!("{{\"manifests\":[{{\"digest\":\"{digest}\"}}]}}");
    oci.files.push((format!("blobs/sha256/{}", "1".repeat(64)), own.into_bytes()));
    let archive = open(oci.clone().end(&[format!("{{\"digest\":\"{digest}\"}}")]).tar());
    let found: Vec<_> = archive.gaps().iter().map(|it| it.what.name()).collect();
    assert_eq!(found, ["digest-differs", "index-cycle", "no-image"]);
    let mut nested = oci.image(&[(TAR, &layer(), &layer())], "");
    for _ in 0..6 {
        nested = oci.index(&[nested], "");
    }
    let archive = open(oci.end(&[nested]).tar());
    assert_eq!(gaps(&archive, 0), ["index-too-deep", "no-image"]);
    assert!(archive.images.is_empty());
}

#[test]
fn more_manifests_than_are_visited() {
    let mut oci = Oci::new();
    let manifest = oci.image(&[(TAR, &layer(), &layer())], "");
    let limits = Limits { manifests: 20, ..Limits::native() };
    let archive = Archive::open(Box::new(oci.end(&vec![manifest; 50]).tar()), &limits);
    assert_eq!(archive.images.len(), 1);
    assert_eq!(archive.gaps()[0].what, Trouble::TooManyManifests(20));
}

#[test]
fn layers_that_are_not_there_or_not_to_be_read() {
    let mut oci = Oci::new();
    let manifest = format!(
        "{{\"config\":{{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:0\"}},\
         \"layers\":[{{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"digest\":\"sha256:1\"}},\
         {{\"mediaType\":\"{TAR}+gzip+encrypted\",\"digest\":\"sha256:2\"}},\
         {{\"mediaType\":\"{TAR}\",\"digest\":\"sha256:3\"}},\
         {{\"mediaType\":\"{TAR}\",\"digest\":\"sha256:../../etc/passwd\"}}]}}"
    );
    let manifest = oci.blob("application/vnd.oci.image.manifest.v1+json", manifest.as_bytes(), "");
    let archive = open(oci.end(&[manifest]).tar());
    assert_eq!(archive.images[0].layers.len(), 4);
    assert_eq!(
        gaps(&archive, 0),
        ["absent", "foreign-layer", "encrypted-layer", "absent", "absent"]
    );
}

#[test]
fn digests_that_differ_are_told() {
    let (honest, forged) = (layer(), Tar::new().file("etc/passwd", b"evil").end());
    let archive = open(support::docker_with(from_ref(&honest), from_ref(&forged)));
    assert_eq!(gaps(&archive, 0), ["diff-id-differs"]);
    let mut oci = Oci::new();
    let manifest = oci.image(&[(TAR, &honest, &honest)], "");
    let blob = format!("blobs/sha256/{}", sha256(&honest));
    for (name, content) in &mut oci.files {
        if *name == blob {
            *content = forged.clone();
        }
    }
    let archive = open(oci.end(&[manifest]).tar());
    assert_eq!(gaps(&archive, 0), ["digest-differs", "diff-id-differs"]);
    // What is packed has two digests; one of them is enough to see that something differs.
    let mut packed = Oci::new();
    let manifest =
        packed.image(&[(TAR, &honest, &gzip(&honest)), (TAR, &honest, &gzip(&forged))], "");
    let packed = open(packed.end(&[manifest]).tar());
    let one = Options { digests: Digests::One, ..Options::default() };
    let contents = packed.read(0, &one, &mut ()).unwrap();
    assert!(contents.layers.iter().all(|it| it.digest.is_some() && it.diff_id.is_none()));
    let docker = open(support::docker_with(from_ref(&honest), &[gzip(&forged)]));
    let contents = docker.read(0, &one, &mut ()).unwrap();
    assert_eq!(contents.gaps[0].what.name(), "diff-id-differs");
    let unasked = Options { digests: Digests::None, ..Options::default() };
    assert_eq!(archive.read(0, &unasked, &mut ()).unwrap().gaps, []);
}

#[test]
fn podman_and_ggcr_names() {
    let content = layer();
    let config = format!(
        "{{\"rootfs\":{{\"diff_ids\":[\"sha256:{0}\",\"sha256:{0}\"]}}}}",
        sha256(&content)
    );
    let zipped = gzip(&content);
    let packed = format!("{}.tar.gz", sha256(&zipped));
    let manifest = format!(
        "[{{\"Config\":\"sha256:{}\",\"Layers\":[\"one/layer.tar\",\"{packed}\"]}}]",
        sha256(config.as_bytes())
    );
    let archive = Tar::new()
        .file("flat.tar", &content)
        .symlink("one/layer.tar", "../flat.tar")
        .file(&packed, &zipped)
        .file(&format!("sha256:{}", sha256(config.as_bytes())), config.as_bytes())
        .file("./manifest.json", manifest.as_bytes())
        .end();
    let archive = open(archive);
    assert_eq!(gaps(&archive, 0), [""; 0]);
    assert_eq!(archive.read(0, &Options::default(), &mut ()).unwrap().table.len(), 2);
}

#[test]
fn links_of_the_archive_that_lead_nowhere() {
    let manifest = br#"[{"Config":"c","Layers":["a","out","gone"]}]"#;
    let archive = Tar::new()
        .symlink("a", "b")
        .symlink("b", "a")
        .symlink("out", "../../../etc/passwd")
        .symlink("gone", "nothing")
        .file("c", b"{}")
        .file("manifest.json", manifest)
        .end();
    assert_eq!(gaps(&open(archive), 0), ["bad-link", "bad-link", "bad-link"]);
}

#[test]
fn archives_from_before_docker_1_10() {
    let json = |parent: &str| format!("{{\"id\":\"x\",\"os\":\"linux\"{parent},\"config\":{{}}}}");
    let archive = Tar::new()
        .file("top/json", json(",\"parent\":\"bottom\"").as_bytes())
        .file("top/layer.tar", &Tar::new().file("b", b"2").end())
        .file("bottom/json", json("").as_bytes())
        .file("bottom/layer.tar", b"")
        .file("repositories", br#"{"app":{"1.0":"top"}}"#)
        .end();
    let archive = open(archive);
    assert_eq!(archive.layout, Layout::Legacy);
    assert_eq!(archive.images[0].names, [Box::from("app:1.0")]);
    assert_eq!(gaps(&archive, 0), ["empty-layer"]);
    let ring = Tar::new()
        .file("a/json", br#"{"parent":"a"}"#)
        .file("a/layer.tar", &layer())
        .file("repositories", br#"{"x":{"y":"a"}}"#);
    assert_eq!(gaps(&open(ring.end()), 0), ["index-cycle"]);
}

#[test]
fn folders() {
    let mut oci = Oci::new();
    let manifest = oci.image(&[(TAR, &layer(), &layer())], "");
    let files = oci.end(&[manifest]).files.into_iter().map(|(name, content)| {
        let source: Box<dyn Source> = Box::new(content);
        (name, source)
    });
    let archive = Archive::open_files(files.collect(), &Limits::native());
    assert_eq!((archive.layout, archive.images.len()), (Layout::Oci, 1));
    assert_eq!(gaps(&archive, 0), [""; 0]);
    let content = layer();
    let config = "{\"os\":\"linux\"}";
    let manifest = format!(
        "{{\"schemaVersion\":2,\"config\":{{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\
         \"digest\":\"sha256:{}\"}},\"layers\":[{{\"digest\":\"sha256:{}\"}}]}}",
        sha256(config.as_bytes()),
        sha256(&content)
    );
    let files: Vec<(String, Box<dyn Source>)> = vec![
        ("manifest.json".into(), Box::new(manifest.into_bytes())),
        (sha256(&content), Box::new(content)),
        (sha256(config.as_bytes()), Box::new(config.as_bytes().to_vec())),
        ("version".into(), Box::new(b"Directory Transport Version: 1.1".to_vec())),
    ];
    let archive = Archive::open_files(files, &Limits::native());
    assert_eq!((archive.layout, archive.images.len()), (Layout::Directory, 1));
    assert_eq!(gaps(&archive, 0), [""; 0]);
}

#[test]
fn root_file_systems_and_single_layers() {
    let many = (0..3000).fold(Tar::new(), |tar, it| tar.file(&format!("usr/f{it}"), b""));
    for bytes in [layer(), gzip(&layer()), zstd(&layer())] {
        let archive = open(bytes);
        assert_eq!((archive.layout, archive.images.len()), (Layout::Files, 1));
        assert_eq!(gaps(&archive, 0), [""; 0]);
    }
    let archive = open(many.end());
    assert_eq!(archive.read(0, &Options::default(), &mut ()).unwrap().table.len(), 3000);
}

#[test]
fn archives_that_are_packed_as_a_whole() {
    let layers = [layer(), Tar::new().file("b", &vec![1; 300_000]).end(), Tar::new().end()];
    let stored = [gzip(&layers[0]), layers[1].clone(), zstd(&layers[2])];
    let plain = support::docker_with(&layers, &stored);
    let expected = open(plain.clone()).read(0, &Options::default(), &mut ()).unwrap();
    for packed in [gzip(&plain), zstd(&plain)] {
        let archive = open(packed);
        assert_eq!(archive.layout, Layout::Docker);
        let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
        assert_eq!(contents.gaps, []);
        assert_eq!(contents.layers, expected.layers);
        let entries = |it: &image::Contents| it.table.iter().map(|it| *it.1).collect::<Vec<_>>();
        assert_eq!(entries(&contents), entries(&expected));
    }
}

#[test]
fn names_of_the_archive_cannot_move_the_cursor() {
    let manifest = "[{\"Config\":\"\\u001b[2J\",\"Layers\":[\"a\\u202eb\"]}]";
    let archive = open(Tar::new().file("manifest.json", manifest.as_bytes()).end());
    let gap = &archive.gaps()[0];
    assert_eq!(&*gap.at.member, "\\u{1b}[2J");
    assert_eq!(gap.what, Trouble::Absent("\\u{1b}[2J".into()));
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    assert_eq!(contents.gaps[0].what, Trouble::Absent("a\\u{202e}b".into()));
}

#[test]
fn what_is_no_image() {
    for (bytes, gap) in [
        (b"".to_vec(), "not-tar"),
        (b"hello".to_vec(), "cut"),
        (vec![b'x'; 2000], "not-tar"),
        (Tar::new().file("manifest.json", b"null").end(), "empty-manifest"),
        (Tar::new().file("manifest.json", b"[{\"Config\":").end(), "bad-json"),
        (Tar::new().file("index.json", b"[]").end(), "empty-manifest"),
    ] {
        let archive = open(bytes);
        assert!(
            archive.gaps().iter().any(|it| it.what.name() == gap),
            "{gap}: {:?}",
            archive.gaps()
        );
    }
}

#[test]
fn artifacts_are_no_images() {
    let mut oci = Oci::new();
    let chart = oci.blob("application/vnd.cncf.helm.config.v1+json", b"{}", "");
    let manifest = format!("{{\"schemaVersion\":2,\"config\":{chart},\"layers\":[]}}");
    let manifest = oci.blob("application/vnd.oci.image.manifest.v1+json", manifest.as_bytes(), "");
    let archive = open(oci.end(&[manifest]).tar());
    assert_eq!(&*archive.artifacts[0].kind, "application/vnd.cncf.helm.config.v1+json");
    assert!(archive.images.is_empty());
    assert_eq!(gaps(&archive, 0), ["artifact"]);
}

const PROVENANCE: &str = r#"{"_type":"https://in-toto.io/Statement/v1","predicate":{
  "buildDefinition":{"externalParameters":{"request":{"frontend":"dockerfile.v0",
    "args":{"build-arg:TOKEN":"hunter2","label:team":"a","target":"app","filename":"Dockerfile"},
    "secrets":[{"id":"npm","optional":true}]}},
    "resolvedDependencies":[{"uri":"pkg:docker/alpine@3.20","digest":{"sha256":"ab"}}]},
  "runDetails":{"metadata":{"buildkit_metadata":{"source":{"infos":[
    {"filename":"Dockerfile","language":"Dockerfile","data":"RlJPTSBhbHBpbmU6My4yMAo="}]}}}}}}"#;

#[test]
fn attestations_are_found_and_read() {
    let mut oci = Oci::new();
    let image = oci.image(&[(TAR, &layer(), &layer())], "");
    let digest = image.split("sha256:").nth(1).unwrap()[..64].to_owned();
    let kind = "application/vnd.in-toto+json";
    let of = |it: &str| format!(",\"annotations\":{{\"in-toto.io/predicate-type\":\"{it}\"}}");
    let provenance = oci.blob(kind, PROVENANCE.as_bytes(), &of("https://slsa.dev/provenance/v1"));
    let sbom = oci.blob(kind, b"{\"predicate\":{}}", &of("https://spdx.dev/Document"));
    let config = oci.blob("application/vnd.oci.empty.v1+json", b"{}", "");
    let manifest = format!("{{\"config\":{config},\"layers\":[{provenance},{sbom}]}}");
    let about = format!(
        ",\"platform\":{{\"os\":\"unknown\",\"architecture\":\"unknown\"}},\"annotations\":\
         {{\"vnd.docker.reference.type\":\"attestation-manifest\",\"vnd.docker.reference.digest\":\"sha256:{digest}\"}}"
    );
    let manifest =
        oci.blob("application/vnd.oci.image.manifest.v1+json", manifest.as_bytes(), &about);
    let bytes = oci.end(&[image, manifest]).tar();
    let archive = open(bytes.clone());
    assert_eq!((archive.images.len(), archive.attestations.len()), (1, 2));
    let [provenance, sbom] = &archive.attestations[..] else { panic!() };
    assert!(provenance.is_provenance() && sbom.is_sbom());
    assert_eq!(provenance.about.as_deref(), archive.images[0].manifest.as_deref());
    let start = usize::try_from(provenance.start).unwrap();
    assert_eq!(&bytes[start..start + PROVENANCE.len()], PROVENANCE.as_bytes());
    let text = archive.attestation(provenance).unwrap();
    let it = Provenance::read(&text).unwrap();
    assert_eq!(it.build_args, [("TOKEN".into(), "hunter2".into())]);
    assert_eq!(it.labels, [("team".into(), "a".into())]);
    assert_eq!((it.target.as_deref(), it.secrets.len()), (Some("app"), 1));
    assert_eq!(it.materials, [("pkg:docker/alpine@3.20".into(), Some("sha256:ab".into()))]);
    assert_eq!(it.dockerfiles, [("Dockerfile".into(), "FROM alpine:3.20\n".into())]);
}

#[test]
fn provenance_of_the_older_form() {
    let text = r#"{"predicate":{"invocation":{"parameters":{"frontend":"dockerfile.v0","args":
        {"build-arg:A":"1"}}},"materials":[{"uri":"x"}],"metadata":
        {"https://mobyproject.org/buildkit@v1#metadata":{"source":{"infos":[{"data":"RlJPTSB4"}]}}}}}"#;
    let it = Provenance::read(text).unwrap();
    assert_eq!(it.build_args, [("A".into(), "1".into())]);
    assert_eq!(it.materials, [("x".into(), None)]);
    assert_eq!(it.dockerfiles, [("".into(), "FROM x".into())]);
    assert_eq!(Provenance::read("{}"), None);
}

/// Counts the bytes that are read.
struct Counting(Vec<u8>, std::rc::Rc<std::cell::Cell<u64>>);

impl Source for Counting {
    fn size(&self) -> u64 {
        self.0.size()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read_at(offset, buffer)?;
        self.1.set(self.1.get() + read as u64);
        Ok(read)
    }
}

#[test]
fn layers_are_jumped_over_until_they_are_read() {
    let layers: Vec<Vec<u8>> =
        (0..5_u8).map(|it| Tar::new().file("f", &vec![it; 8 << 20]).end()).collect();
    let count = std::rc::Rc::default();
    let archive = Counting(docker(&layers), std::rc::Rc::clone(&count));
    let archive = Archive::open(Box::new(archive), &Limits::native());
    assert_eq!(archive.images[0].layers.len(), 5);
    assert!(count.get() < 1 << 20, "{}", count.get());
    count.set(0);
    archive.read(0, &Options::default(), &mut ()).unwrap();
    assert!((40 << 20..43 << 20).contains(&count.get()), "{}", count.get());
}

#[test]
fn contents_are_read_once_more() {
    let text = b"hello from the middle".to_vec();
    let sizes = [1000, 300_000];
    let layer = Tar::new()
        .file("before", &vec![1; sizes[1]])
        .file("etc/hello", &text)
        .hard_link("etc/link", "etc/hello")
        .file("after", &vec![2; sizes[0]])
        .end();
    let plain = docker(std::slice::from_ref(&layer));
    for bytes in [
        plain.clone(),
        support::docker_with(std::slice::from_ref(&layer), &[gzip(&layer)]),
        support::docker_with(std::slice::from_ref(&layer), &[zstd(&layer)]),
        gzip(&plain),
        gzip(&support::docker_with(std::slice::from_ref(&layer), &[zstd(&layer)])),
        layer.clone(),
        gzip(&layer),
    ] {
        let archive = open(bytes);
        let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
        for name in ["etc/hello", "etc/link"] {
            let squashed = image::Squashed::new(&contents.table);
            let id = squashed.find(&contents.table, name.as_bytes()).unwrap();
            assert_eq!(archive.content(0, &contents, id, 1000), Ok(text.clone()));
            assert_eq!(archive.content(0, &contents, id, 5), Ok(b"hello".to_vec()));
        }
    }
}

#[test]
fn file_systems_that_have_files_like_those_of_images() {
    for manifest in [&b"[{\"name\":\"web app\"}]"[..], b"{\"name\":\"web app\"}", b"null"] {
        let tar = Tar::new().directory("etc").file("index.json", b"{\"a\":1}");
        let archive = open(tar.file("manifest.json", manifest).end());
        assert_eq!((archive.layout, gaps(&archive, 0)), (Layout::Files, vec![]));
        assert_eq!(archive.images[0].layers.len(), 1);
    }
}

#[test]
fn layers_that_are_no_archives() {
    let mut erofs = vec![0; 4096];
    erofs[1024..1028].copy_from_slice(b"\xe2\xe1\xf5\xe0");
    let mut oci = Oci::new();
    let other = "application/vnd.example.layer";
    let manifest = oci.image(&[(TAR, b"", &erofs), (other, b"", &[b'x'; 600])], "");
    assert_eq!(
        gaps(&open(oci.end(&[manifest]).tar()), 0),
        ["unsupported-format", "not-tar", "unknown-layer-type", "diff-id-differs"]
    );
}

/// Takes its time: the digest is there when it was asked for the third time.
#[derive(Default)]
struct Late {
    hasher: Hasher,
    has_ended: bool,
    asked: u32,
}

impl Beside for Late {
    fn update(&mut self, bytes: &[u8]) {
        assert!(!self.has_ended);
        self.hasher.update(bytes);
    }

    fn end(&mut self) {
        self.has_ended = true;
    }

    fn digest(&mut self) -> Poll<Option<[u8; 32]>> {
        assert!(self.has_ended);
        self.asked += 1;
        if self.asked > 2 { Poll::Ready(Some(self.hasher.clone().digest())) } else { Poll::Pending }
    }
}

/// Comes to an end on the way.
struct Gone;

impl Beside for Gone {
    fn update(&mut self, _: &[u8]) {}

    fn end(&mut self) {}

    fn digest(&mut self) -> Poll<Option<[u8; 32]>> {
        Poll::Ready(None)
    }
}

#[test]
fn digests_that_are_computed_beside_the_reading_are_the_same() {
    let layers = [layer(), Tar::new().file("a", &vec![b'a'; 3 << 20]).end()];
    let packed = [gzip(&layers[0]), layers[1].clone()];
    let here = open(support::docker_with(&layers, &packed));
    let mut beside = open(support::docker_with(&layers, &packed));
    beside.digest_beside(Box::new(|| Some(Box::new(Late::default()))));
    let [here, beside] = [&here, &beside].map(|archive| {
        let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
        assert_eq!(contents.gaps, []);
        contents.layers
    });
    assert_eq!(here, beside);
    assert_eq!(beside[1].diff_id.as_deref(), Some(&*format!("sha256:{}", sha256(&layers[1]))));
    let mut other = open(support::docker_with(&[layers[0].clone(), layer()], &packed));
    other.digest_beside(Box::new(|| Some(Box::new(Late::default()))));
    assert_eq!(gaps(&other, 0), ["diff-id-differs"]);
}

#[test]
fn a_digest_that_nobody_can_tell_any_more_is_a_gap_and_later_ones_are_computed_here() {
    let layers = [layer(), Tar::new().file("a", b"1").end()];
    let mut archive = open(support::docker_with(&[layer(), layer()], &layers));
    let left = Cell::new(1);
    archive.digest_beside(Box::new(move || {
        left.replace(0).eq(&1).then(|| -> Box<dyn Beside> { Box::new(Gone) })
    }));
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    let gaps: Vec<_> = contents.gaps.iter().map(|it| (it.at.layer, it.what.name())).collect();
    assert_eq!(gaps, [(Some(0), "no-digest"), (Some(1), "diff-id-differs")]);
    assert_eq!(contents.layers[0].diff_id, None);
}
