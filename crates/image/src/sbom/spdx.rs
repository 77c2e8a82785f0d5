//! Bills of materials in the form of SPDX 2.3.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Bill, Part, VERSION, put};

/// The day of documents about images that do not say when they were made.
const NO_DAY: &str = "1970-01-01T00:00:00Z";

/// The bill as SPDX JSON.
pub fn spdx(bill: &Bill) -> String {
    let id = |number: usize| format!("SPDXRef-Package-{number}");
    let mut packages = vec![json!({
        "SPDXID": "SPDXRef-Image",
        "name": bill.name,
        "versionInfo": bill.digest.clone().unwrap_or_default(),
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    })];
    let mut relationships =
        vec![relationship("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image".to_owned())];
    for (number, part) in bill.parts.iter().enumerate() {
        packages.push(package(&id(number), part));
        relationships.push(relationship("SPDXRef-Image", "CONTAINS", id(number)));
    }
    let created = bill.created.as_deref().and_then(seconds);
    let mut info = json!({
        "created": created.unwrap_or_else(|| NO_DAY.to_owned()),
        "creators": [format!("Tool: plimsoll-{VERSION}")],
    });
    if !bill.gaps.is_empty() {
        put(
            &mut info,
            "comment",
            format!("Not everything could be read: {}", bill.gaps.join("; ")),
        );
    }
    let content = json!({ "packages": packages, "relationships": relationships }).to_string();
    let sum: String = Sha256::digest(&content).iter().map(|it| format!("{it:02x}")).collect();
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": bill.name,
        "documentNamespace": format!("urn:plimsoll:spdx:{sum}"),
        "creationInfo": info,
        "packages": packages,
        "relationships": relationships,
    });
    format!("{document:#}\n")
}

fn package(id: &str, (purl, part): (&String, &Part)) -> Value {
    let it = &part.package;
    let places: Vec<String> =
        part.places.iter().map(|(layer, path)| format!("{path} of layer {layer}")).collect();
    let mut out = json!({
        "SPDXID": id,
        "name": it.name,
        "versionInfo": it.version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "sourceInfo": format!("listed in {}", places.join(", ")),
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": purl,
        }],
    });
    // Records word licenses freely; what they say need not be an expression of SPDX.
    if let Some(license) = it.license.as_deref().filter(|it| !it.is_empty()) {
        put(&mut out, "licenseComments", format!("The package's own record says: {license}"));
    }
    out
}

fn relationship(from: &str, kind: &str, to: String) -> Value {
    json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to })
}

/// A time as SPDX wants it: to the second, in UTC. Nothing for another zone.
fn seconds(time: &str) -> Option<String> {
    let digits = time.get(..19)?;
    let form = digits.bytes().zip("0000-00-00T00:00:00".bytes());
    let fits = |(it, of): (u8, u8)| if of == b'0' { it.is_ascii_digit() } else { it == of };
    (time.ends_with('Z') && form.into_iter().all(fits)).then(|| format!("{digits}Z"))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_lose_their_fractions() {
        let full = "2026-01-02T03:04:05Z";
        assert_eq!(seconds("2026-01-02T03:04:05.678Z").as_deref(), Some(full));
        assert_eq!(seconds(full).as_deref(), Some(full));
        assert_eq!(seconds("2026-01-02T03:04:05+02:00"), None);
        assert_eq!(seconds("yesterday"), None);
    }
}
