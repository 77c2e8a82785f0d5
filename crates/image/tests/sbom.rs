//! Bills of materials against what the two specifications demand of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is test code")]

mod support;

use std::collections::BTreeSet;

use image::sbom::{Bill, cyclonedx, spdx};
use image::{Archive, Limits, Options, Squashed};
use serde_json::Value;
use support::{Tar, docker};

const STATUS: &str = "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u8\n\
    Architecture: amd64\nSource: glibc\n\nPackage: gone\nStatus: deinstall ok config-files\n\
    Version: 1\nArchitecture: all\n\nPackage: bash\nStatus: install ok installed\nVersion: 5.2-1\n\
    Architecture: amd64\n\n";

fn bill() -> Bill {
    let metadata = b"Metadata-Version: 2.1\nName: My_Package\nVersion: 1.0\nLicense: MIT\n\n";
    let below = Tar::new()
        .file("etc/os-release", b"ID=debian\nVERSION_ID=12\n")
        .file("var/lib/dpkg/status", STATUS.as_bytes())
        .file(
            "usr/lib/python3/site-packages/old-1.dist-info/METADATA",
            b"Name: old\nVersion: 1\n\n",
        )
        .end();
    let above = Tar::new()
        .file("usr/lib/python3/site-packages/.wh.old-1.dist-info", b"")
        .file("opt/a/my-1.dist-info/METADATA", metadata)
        .file("opt/b/my-1.dist-info/METADATA", metadata)
        .end();
    let bytes = docker(&[below, above]);
    let archive = Archive::open(Box::new(bytes), &Limits::native());
    let contents = archive.read(0, &Options::default(), &mut ()).unwrap();
    Bill::new(&archive.images[0], &contents, &Squashed::new(&contents.table), "image.tar")
}

#[test]
fn only_what_containers_have_is_listed_once() {
    let bill = bill();
    let parts: Vec<&str> = bill.parts.keys().map(String::as_str).collect();
    assert_eq!(
        parts,
        [
            "pkg:deb/debian/bash@5.2-1?arch=amd64&distro=debian-12",
            "pkg:deb/debian/libc6@2.36-9%2Bdeb12u8?arch=amd64&distro=debian-12",
            "pkg:pypi/my-package@1.0",
        ]
    );
    let python = &bill.parts["pkg:pypi/my-package@1.0"].places;
    let expected = ["/opt/a/my-1.dist-info/METADATA", "/opt/b/my-1.dist-info/METADATA"];
    assert_eq!(*python, expected.map(|it| (1, it.to_owned())));
}

#[test]
fn cyclonedx_has_what_its_schema_demands() {
    let text = cyclonedx(&bill());
    assert_eq!(text, cyclonedx(&bill()));
    let root: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&root["bomFormat"], &root["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    assert_eq!(root["metadata"]["component"]["name"], "test:latest");
    let components = root["components"].as_array().unwrap();
    assert_eq!(components.len(), 4);
    let kinds = ["library", "operating-system"];
    let mut refs = BTreeSet::from(["image"]);
    for it in components {
        assert!(kinds.contains(&it["type"].as_str().unwrap()), "{it}");
        assert!(!it["name"].as_str().unwrap().is_empty());
        assert!(refs.insert(it["bom-ref"].as_str().unwrap()), "{it} is there twice");
        if it["type"] == "library" {
            assert_eq!(it["purl"], it["bom-ref"]);
        }
    }
    let python = components.iter().find(|it| it["name"] == "My_Package").unwrap();
    assert_eq!(python["licenses"][0]["license"]["name"], "MIT");
    assert_eq!(python["evidence"]["occurrences"].as_array().unwrap().len(), 2);
}

#[test]
fn spdx_has_what_its_schema_demands() {
    let text = spdx(&bill());
    assert_eq!(text, spdx(&bill()));
    let root: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(root["spdxVersion"], "SPDX-2.3");
    assert_eq!(
        (&root["dataLicense"], &root["SPDXID"]),
        (&"CC0-1.0".into(), &"SPDXRef-DOCUMENT".into())
    );
    assert!(root["documentNamespace"].as_str().unwrap().starts_with("urn:"));
    assert!(root["creationInfo"]["created"].as_str().unwrap().ends_with('Z'));
    let packages = root["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 4);
    let mut ids = BTreeSet::from(["SPDXRef-DOCUMENT"]);
    for it in packages {
        let id = it["SPDXID"].as_str().unwrap();
        let letters = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '.';
        assert!(id.strip_prefix("SPDXRef-").unwrap().chars().all(letters));
        assert!(ids.insert(id), "{id} is there twice");
        assert!(it["downloadLocation"].is_string() && it["name"].is_string());
    }
    let relationships = root["relationships"].as_array().unwrap();
    assert_eq!(relationships.len(), packages.len());
    for it in relationships {
        assert!(ids.contains(it["spdxElementId"].as_str().unwrap()));
        assert!(ids.contains(it["relatedSpdxElement"].as_str().unwrap()));
    }
}

/// What of a document another one lacks, as a path; an independent reader drops what it does not
/// know.
fn lost(ours: &Value, theirs: &Value, at: &str) -> Vec<String> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let inside = |(key, it): (&String, &Value)| {
                let at = format!("{at}/{key}");
                theirs.get(key).map_or(vec![at.clone()], |theirs| lost(it, theirs, &at))
            };
            ours.iter().flat_map(inside).collect()
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let pairs = ours.iter().zip(theirs).enumerate();
            pairs.flat_map(|(n, (a, b))| lost(a, b, &format!("{at}/{n}"))).collect()
        }
        _ if ours == theirs => Vec::new(),
        _ => vec![format!("{at}: {ours} became {theirs}")],
    }
}

#[test]
fn an_independent_reader_of_cyclonedx_knows_all_of_it() {
    use serde_cyclonedx::cyclonedx::v_1_6::CycloneDx;
    let text = cyclonedx(&bill());
    let read: CycloneDx = serde_json::from_str(&text).unwrap();
    let again = serde_json::to_value(&read).unwrap();
    let ours = serde_json::from_str(&text).unwrap();
    assert_eq!(lost(&ours, &again, ""), Vec::<String>::new());
    // The same reader does not take everything.
    let broken = text.replace("\"components\": [", "\"components\": 7, \"others\": [");
    assert!(serde_json::from_str::<CycloneDx>(&broken).is_err());
}

#[test]
fn an_independent_reader_of_spdx_finds_all_packages() {
    use spdx_rs::models::SPDX;
    let text = spdx(&bill());
    let read: SPDX = serde_json::from_str(&text).unwrap();
    let about = &read.document_creation_information;
    assert_eq!(about.spdx_version, "SPDX-2.3");
    assert_eq!(about.creation_info.creators.len(), 1);
    let names: Vec<&str> =
        read.package_information.iter().map(|it| it.package_name.as_str()).collect();
    assert_eq!(names, ["test:latest", "bash", "libc6", "My_Package"]);
    for it in &read.package_information[1..] {
        let [purl] = &it.external_reference[..] else { panic!("{it:?}") };
        assert!(purl.reference_locator.starts_with("pkg:"), "{purl:?}");
    }
    assert_eq!(read.relationships.len(), 4);
    assert!(serde_json::from_str::<SPDX>(&text.replace("\"SPDXID\"", "\"id\"")).is_err());
}
