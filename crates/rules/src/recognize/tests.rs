//! Documents of all kinds and the noise around them.

use super::*;

fn recognized(text: &str) -> Recognized<'_> {
    recognize(&Document { name: "x", bytes: text.as_bytes(), taken_for: None }, SourceId(0))
}

fn kind(text: &str) -> Kind {
    recognized(text).kind
}

#[test]
fn documents_are_known_by_their_content() {
    assert_eq!(kind("# syntax=docker/dockerfile:1\nfrom debian\n"), Kind::Dockerfile);
    assert_eq!(kind("FORM debian\nRUN x\nCMD y\n"), Kind::Dockerfile);
    assert_eq!(kind("RUN x\n"), Kind::Dockerfile);
    assert_eq!(kind("\u{feff}FROM debian\nhello\n"), Kind::Dockerfile);
    assert_eq!(kind("[{\"Id\": \"sha256:1\", \"Config\": {}}]"), Kind::ImageInspect);
    assert_eq!(
        kind("{\"Id\": \"1\", \"State\": {}, \"HostConfig\": {}, \"Config\": {}}"),
        Kind::ContainerInspect
    );
    assert_eq!(kind("{\"architecture\": \"amd64\", \"config\": {}}"), Kind::ImageConfig);
    assert_eq!(kind("IMAGE CREATED CREATED BY SIZE COMMENT\n"), Kind::History);
    assert_eq!(
        kind("{\"ID\": \"1\", \"CreatedBy\": \"x\"}\n{\"ID\": \"2\", \"CreatedBy\": \"y\"}"),
        Kind::History
    );
    assert_eq!(kind("$ sudo docker --context x run -d nginx"), Kind::RunLine);
    assert_eq!(kind("#!/bin/sh\nset -e\npodman run \\\n -d a"), Kind::RunLine);
    assert_eq!(kind("version: '3'\nservices:\n  web:\n    image: a\n"), Kind::Compose);
    assert_eq!(kind("apiVersion: v1\nkind: Pod\n"), Kind::Kubernetes);
    assert_eq!(kind("SPDXVersion: SPDX-2.3\n"), Kind::Sbom);
    assert_eq!(kind("hello world\n"), Kind::Unrecognized);
    assert_eq!(kind("[1, 2]"), Kind::Unrecognized);
}

#[test]
fn what_cannot_be_read_is_said_with_its_remedy() {
    let check = |bytes: &[u8]| {
        let document = Document { name: "x", bytes, taken_for: None };
        recognize(&document, SourceId(0)).problems.remove(0).message
    };
    assert!(check(b"\x1f\x8b\x08\x00").contains("no part of UTF-8 text"));
    assert!(check(b"FROM x\xff").contains("byte 6"));
    assert!(check(b"[{\"Id\": 1, \"Config\": {").contains("breaks here"));
    assert!(check(b" ").contains("empty"));
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("FROM x".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let document = Document { name: "x", bytes: &utf16, taken_for: None };
    assert_eq!(recognize(&document, SourceId(0)).kind, Kind::Dockerfile);
}

#[test]
fn an_output_of_mixed_kinds_is_told_apart_element_by_element() {
    let text = r#"[
        {"Id": "1", "Name": "/web", "Image": "sha256:2", "State": {}, "HostConfig": {}, "Config": {}},
        {"Id": "sha256:2", "RepoTags": ["shop/web:5"], "Config": {}}
    ]"#;
    let parts = recognized(text).parts;
    let got: Vec<_> =
        parts.iter().map(|it| (it.kind, it.names.first().map(String::as_str))).collect();
    assert_eq!(
        got,
        [(Kind::ContainerInspect, Some("web")), (Kind::ImageInspect, Some("shop/web:5"))]
    );
    assert!(parts.iter().all(|it| text[it.span.range()].starts_with("{\"Id\"")));
}

#[test]
fn entries_that_follow_each_other_are_one_history() {
    let entry = "{\"ID\": \"1\", \"CreatedBy\": \"x\"}";
    let count = |text: &str| recognized(text).parts.len();
    assert_eq!(count(&format!("{entry}\n{entry}\n")), 1);
    assert_eq!(count(&format!("[{entry}, {entry}]")), 1);
    assert_eq!(count(&format!("[{entry}]\n[{entry}]")), 2);
}

#[test]
fn several_documents_in_one_paste() {
    let text = "Our image:\n```dockerfile\nFROM a\n```\nand\n```json\n[{\"Id\": \"1\", \"Config\": {}}]\n```\n";
    let kinds: Vec<Kind> = recognized(text).parts.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Kind::Dockerfile, Kind::ImageInspect]);
}

#[test]
fn what_does_not_tell_how_an_image_runs_names_what_would() {
    for (text, command) in [
        ("{\"schemaVersion\": 2, \"config\": {\"digest\": \"x\"}, \"layers\": []}", "crane config"),
        ("{\"schemaVersion\": 2, \"manifests\": []}", "crane config"),
        ("{\"bomFormat\": \"CycloneDX\"}", "docker image inspect"),
        ("{\"version\": \"2.1.0\", \"runs\": []}", "docker image inspect"),
        ("[{\"Names\": [\"/a\"], \"Image\": \"b\", \"Command\": \"c\"}]", "docker inspect"),
        ("4f2a9c1d7e55\n<missing>\n", "docker history --no-trunc"),
    ] {
        let found = recognized(text);
        assert!(found.problems[0].remedy.contains(command), "{text}: {:?}", found.problems);
        assert_ne!(found.kind, Kind::Unrecognized, "{text}");
    }
}

#[test]
fn a_person_knows_better() {
    let as_kind = |text: &str, kind| {
        let document = Document { name: "x", bytes: text.as_bytes(), taken_for: Some(kind) };
        recognize(&document, SourceId(0)).parts.first().map(|it| it.content)
    };
    assert_eq!(as_kind("hello", Kind::Dockerfile), Some(Content::Dockerfile));
    assert_eq!(as_kind("{\"Config\": {}}", Kind::ImageInspect), Some(Content::Image));
    assert_eq!(as_kind("hello", Kind::History), Some(Content::Table));
    assert_eq!(as_kind("hello", Kind::ImageInspect), None);
}

#[test]
fn what_people_paste_is_read_all_the_same() {
    let table = "IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago USER app 0B\n";
    let rows = table.split_once('\n').unwrap().1;
    assert_eq!(kind(&format!("Hi, what is wrong here?\n\n{table}\nThanks!\n")), Kind::History);
    assert_eq!(kind(rows), Kind::History);
    assert_eq!(kind(&table.replace('\n', " ")), Kind::History);
    assert_eq!(kind(&format!("> {}", table.trim_end().replace('\n', "\n> "))), Kind::History);
    assert_eq!(kind("$ docker history -q x\nc69d1a70d020\n<missing>\n"), Kind::History);
    assert_eq!(kind("USER a\nRUN /bin/sh -c b # buildkit\n"), Kind::History);
    assert_eq!(kind("WARNING: no config\n[{\"Id\": \"1\", \"Config\": {}}]"), Kind::ImageInspect);
    assert_eq!(kind("  web:\n    image: a\n    privileged: true\n"), Kind::Compose);
    assert_eq!(kind("spec:\n  containers:\n  - name: a\n"), Kind::Kubernetes);
    assert_eq!(kind("1  FROM a\n2  RUN b\n"), Kind::Dockerfile);
    // Something that only looks like it.
    assert_eq!(kind("> hello\n> world\n"), Kind::Unrecognized);
}

#[test]
fn words_behind_a_document_are_no_break() {
    let it = recognized("[]\nError: No such object: x\n");
    assert!(it.problems[0].message.contains("the list is empty"), "{:?}", it.problems);
    let it = recognized("[{\"Id\": \"1\", \"Config\": {}}]\nThanks!\n");
    assert!(it.problems.is_empty(), "{:?}", it.problems);
    let it = recognized("[{\"Id\": \"1\", ..., \"Config\": {\"User\": <redacted>}}]");
    assert_eq!((it.kind, it.problems.len()), (Kind::ImageInspect, 1));
    assert!(it.problems[0].message.contains("left out"));
}

/// What people hand in beside documents: lists and things of an engine get a gap with a name.
#[test]
fn lists_and_other_things_of_engines_have_names() {
    for (text, lacks) in [
        ("CONTAINER ID   IMAGE   COMMAND   CREATED\n1   a   b   c\n", Lacks::ContainerSummary),
        ("NAME   IMAGE   COMMAND   SERVICE\na   b   c   d\n", Lacks::ContainerSummary),
        ("REPOSITORY   TAG   IMAGE ID   CREATED\n", Lacks::ImageSummary),
        ("IMAGE   ID   DISK USAGE   CONTENT SIZE\n", Lacks::ImageSummary),
        ("NAME   READY   STATUS   RESTARTS   AGE\n", Lacks::Described),
        ("Name:  web\nNamespace:  default\nContainers:\n  web:\n", Lacks::Described),
        ("Name:  nginx\nMediaType: application/vnd.oci.image.index.v1+json\n", Lacks::Index),
        ("[{\"ID\": \"a\", \"Spec\": {\"Name\": \"w\", \"TaskTemplate\": {}}}]", Lacks::Service),
        ("[{\"Name\": \"b\", \"Driver\": \"bridge\", \"IPAM\": {}}]", Lacks::Network),
        ("[{\"Name\": \"v\", \"Driver\": \"local\", \"Mountpoint\": \"/x\"}]", Lacks::Volume),
        ("[{\"Name\": \"p\", \"InfraContainerID\": \"a\", \"Containers\": []}]", Lacks::Pod),
    ] {
        let it = recognized(text);
        assert_eq!(it.parts.first().map(|it| it.content), Some(Content::Nothing(lacks)), "{text}");
        assert!(!it.problems.is_empty(), "{text}");
    }
}

#[test]
fn units_and_runtimes_that_start_containers_are_read() {
    let unit =
        "[Unit]\nDescription=x\n[Service]\nExecStart=-/usr/bin/docker run -d --privileged a\n";
    assert_eq!(kind(unit), Kind::RunLine);
    assert_eq!(kind("[Unit]\nDescription=x\n[Container]\nImage=a\n"), Kind::RunLine);
    let crictl = "{\"status\": {\"metadata\": {\"name\": \"web\"}, \"image\": {\"image\": \"a\"}},
        \"info\": {\"runtimeSpec\": {\"process\": {}, \"root\": {}}}}";
    let it = recognized(crictl);
    assert_eq!((it.kind, it.parts[0].content), (Kind::ContainerInspect, Content::Runtime));
    assert_eq!(it.parts[0].names, ["web"]);
}
