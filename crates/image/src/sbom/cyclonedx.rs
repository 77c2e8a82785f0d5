//! Bills of materials in the form of CycloneDX 1.6.

use serde_json::{Value, json};

use super::{Bill, Part, VERSION, put};

/// The bill as CycloneDX JSON.
pub fn cyclonedx(bill: &Bill) -> String {
    let mut components: Vec<Value> = bill.parts.iter().map(component).collect();
    if let Some((id, version)) = &bill.distribution {
        components.push(json!({
            "type": "operating-system",
            "bom-ref": format!("os:{id}-{version}"),
            "name": id,
            "version": version,
        }));
    }
    let mut image = json!({ "type": "container", "bom-ref": "image", "name": bill.name });
    if let Some(digest) = &bill.digest {
        put(&mut image, "version", digest.as_str());
    }
    let completeness = if bill.gaps.is_empty() { "unknown" } else { "incomplete" };
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "tools": {
                "components": [{ "type": "application", "name": "plimsoll", "version": VERSION }],
            },
            "component": image,
        },
        "components": components,
        "compositions": [{ "aggregate": completeness, "assemblies": ["image"] }],
    });
    format!("{document:#}\n")
}

fn component((purl, part): (&String, &Part)) -> Value {
    let package = &part.package;
    let occurrences: Vec<Value> =
        part.places.iter().map(|(_, path)| json!({ "location": path })).collect();
    let layers: Vec<Value> = part
        .places
        .iter()
        .map(|(layer, _)| json!({ "name": "plimsoll:layer", "value": layer.to_string() }))
        .collect();
    let mut out = json!({
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "evidence": { "occurrences": occurrences },
        "properties": layers,
    });
    if let Some(license) = package.license.as_deref().filter(|it| !it.is_empty()) {
        put(&mut out, "licenses", json!([{ "license": { "name": license } }]));
    }
    out
}
