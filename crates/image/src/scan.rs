//! What vulnerability scanners found, out of their reports: Trivy's and Grype's own JSON, and SARIF as
//! Trivy, Grype and Docker Scout write it. Field names are those of Trivy 0.58, Grype 0.85 and Scout
//! 1.15.

use text::Span;

use crate::json::Json;

/// A report has this many findings at most; the rest is counted.
const MOST: usize = 20_000;

/// The findings of a report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scan {
    /// Who scanned, as in `Trivy`.
    pub tool: String,
    /// The day of the scan as the report has it, `YYYY-MM-DD`; empty if it does not say.
    pub day: String,
    /// What was found.
    pub found: Vec<Vulnerability>,
    /// How many more findings there are.
    pub more: u64,
}

/// A vulnerability in a package.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vulnerability {
    /// Its names, as in `CVE-2024-3094`, the report's own first.
    pub ids: Vec<String>,
    /// The package.
    pub package: String,
    /// The version of the package.
    pub version: String,
    /// Where the report names it.
    pub span: Span,
}

/// Reads a report; nothing if it is none that tells of vulnerabilities.
pub fn scan(report: Json<'_>) -> Option<Scan> {
    trivy(report).or_else(|| grype(report)).or_else(|| sarif(report))
}

impl Scan {
    fn push(&mut self, it: Option<Vulnerability>) {
        let Some(it) = it else { return };
        if self.found.len() < MOST { self.found.push(it) } else { self.more += 1 }
    }
}

fn string(it: Json<'_>, name: &str) -> Option<String> {
    Some(it.get(name)?.string()?.as_str().to_owned())
}

fn day(it: Option<String>) -> String {
    it.and_then(|it| it.get(..10).map(str::to_owned)).unwrap_or_default()
}

fn trivy(report: Json<'_>) -> Option<Scan> {
    report.get("SchemaVersion")?;
    let mut scan =
        Scan { tool: "Trivy".to_owned(), day: day(string(report, "CreatedAt")), ..Scan::default() };
    let results = report.get("Results");
    for result in results.iter().flat_map(|it| it.items()) {
        let all = result.get("Vulnerabilities");
        for it in all.iter().flat_map(|it| it.items()) {
            scan.push((|| {
                let id = it.get("VulnerabilityID")?;
                Some(Vulnerability {
                    ids: vec![id.string()?.as_str().to_owned()],
                    package: string(it, "PkgName")?,
                    version: string(it, "InstalledVersion").unwrap_or_default(),
                    span: id.span(),
                })
            })());
        }
    }
    Some(scan)
}

fn grype(report: Json<'_>) -> Option<Scan> {
    let matches = report.get("matches")?;
    let day = day(report.get("descriptor").and_then(|it| string(it, "timestamp")));
    let mut scan = Scan { tool: "Grype".to_owned(), day, ..Scan::default() };
    for it in matches.items() {
        scan.push((|| {
            let id = it.get("vulnerability")?.get("id")?;
            let artifact = it.get("artifact")?;
            let mut ids = vec![id.string()?.as_str().to_owned()];
            // GitHub's names have CVE's beside them.
            let related = it.get("relatedVulnerabilities");
            ids.extend(related.iter().flat_map(|it| it.items()).filter_map(|it| string(it, "id")));
            Some(Vulnerability {
                ids,
                package: string(artifact, "name")?,
                version: string(artifact, "version").unwrap_or_default(),
                span: id.span(),
            })
        })());
    }
    Some(scan)
}

fn sarif(report: Json<'_>) -> Option<Scan> {
    let mut scan = Scan::default();
    for run in report.get("runs")?.items() {
        let driver = run.get("tool").and_then(|it| it.get("driver"));
        scan.tool = driver.and_then(|it| string(it, "name")).unwrap_or_default();
        let ended = run.get("invocations").and_then(|it| it.items().next());
        scan.day = day(ended.and_then(|it| string(it, "endTimeUtc")));
        let rules = driver.and_then(|it| it.get("rules"));
        let results = run.get("results");
        for it in results.iter().flat_map(|it| it.items()) {
            scan.push(result(it, rules));
        }
    }
    (!scan.found.is_empty()).then_some(scan)
}

/// A result, if it is about a vulnerability. The package stands in the message, and in Scout's
/// reports in the rule.
fn result(it: Json<'_>, rules: Option<Json<'_>>) -> Option<Vulnerability> {
    let id = it.get("ruleId")?;
    let rule = id.string()?.as_str().to_owned();
    let ids = vec![name(&rule)?.to_owned()];
    let message = it.get("message").and_then(|it| string(it, "text")).unwrap_or_default();
    let (package, version) = in_message(&message).or_else(|| {
        let rule = rules?.items().find(|it| it.get("id").is_some_and(|it| it.is_text(&rule)))?;
        let purls = rule.get("properties")?.get("purls")?;
        in_purl(purls.items().next()?.string()?.as_str())
    })?;
    Some(Vulnerability { ids, package, version, span: id.span() })
}

/// The name at the start of a rule's id: Grype puts the package behind it.
fn name(rule: &str) -> Option<&str> {
    let parts = match rule.split('-').next()? {
        "CVE" => 3,
        "GHSA" => 4,
        "ALAS" | "DSA" | "RHSA" | "USN" | "ELSA" | "RUSTSEC" | "GO" => return Some(rule),
        _ => return None,
    };
    let end = rule.match_indices('-').nth(parts - 1).map_or(rule.len(), |it| it.0);
    rule.get(..end)
}

fn in_message(message: &str) -> Option<(String, String)> {
    // Trivy: lines `Package: NAME` and `Installed Version: VERSION`.
    let line = |start: &str| message.lines().find_map(|it| it.strip_prefix(start));
    if let Some(package) = line("Package: ") {
        let version = line("Installed Version: ").unwrap_or_default();
        return Some((package.trim().to_owned(), version.trim().to_owned()));
    }
    // Grype: `… package: NAME, version VERSION was found at: …`.
    let (package, rest) = message.split_once("package: ")?.1.split_once(", version ")?;
    let version = rest.split(' ').next().unwrap_or_default();
    Some((package.to_owned(), version.to_owned()))
}

/// `pkg:deb/debian/openssl@3.0.1?os_name=…`
fn in_purl(purl: &str) -> Option<(String, String)> {
    let path = purl.strip_prefix("pkg:")?.split(['?', '#']).next()?;
    let (path, version) = path.rsplit_once('@').unwrap_or((path, ""));
    Some((path.rsplit('/').next()?.to_owned(), version.replace("%2B", "+").replace("%3A", ":")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, String, String)> {
        let scan = scan(Json::first(text).unwrap()).unwrap();
        let found = scan.found.iter();
        found
            .inspect(|it| assert!(text[it.span.range()].contains(&it.ids[0])))
            .map(|it| (it.ids.join(" "), it.package.clone(), it.version.clone()))
            .collect()
    }

    fn one(id: &str, package: &str, version: &str) -> Vec<(String, String, String)> {
        vec![(id.to_owned(), package.to_owned(), version.to_owned())]
    }

    #[test]
    fn reports_of_four_kinds() {
        let trivy = r#"{"SchemaVersion": 2, "CreatedAt": "2026-01-02T03:04:05Z", "Results": [{
            "Vulnerabilities": [{"VulnerabilityID": "CVE-2020-1", "PkgName": "a",
            "InstalledVersion": "1"}]}]}"#;
        assert_eq!(found(trivy), one("CVE-2020-1", "a", "1"));
        assert_eq!(scan(Json::first(trivy).unwrap()).unwrap().day, "2026-01-02");
        let grype = r#"{"matches": [{"vulnerability": {"id": "GHSA-a-b-c"}, "artifact":
            {"name": "a", "version": "1"}, "relatedVulnerabilities": [{"id": "CVE-2020-1"}]}],
            "descriptor": {"name": "grype"}}"#;
        assert_eq!(found(grype), one("GHSA-a-b-c CVE-2020-1", "a", "1"));
        let sarif = |result: &str, rules: &str| {
            format!(
                "{{\"version\": \"2.1.0\", \"runs\": [{{\"tool\": {{\"driver\": {{\"name\": \"x\",
                \"rules\": [{rules}]}}}}, \"results\": [{result}]}}]}}"
            )
        };
        let of_trivy = r#"{"ruleId": "CVE-2020-1", "message":
            {"text": "Package: a\nInstalled Version: 1\nVulnerability CVE-2020-1"}}"#;
        assert_eq!(found(&sarif(of_trivy, "")), one("CVE-2020-1", "a", "1"));
        let of_grype = r#"{"ruleId": "CVE-2020-1-a-tool", "message":
            {"text": "A low vulnerability in rpm package: a-tool, version 1.1 was found at: /a"}}"#;
        assert_eq!(found(&sarif(of_grype, "")), one("CVE-2020-1", "a-tool", "1.1"));
        let rule =
            r#"{"id": "CVE-2020-1", "properties": {"purls": ["pkg:deb/debian/a@1%2B2?os=x"]}}"#;
        let of_scout = r#"{"ruleId": "CVE-2020-1", "message": {"text": "Vulnerability"}}"#;
        assert_eq!(found(&sarif(of_scout, rule)), one("CVE-2020-1", "a", "1+2"));
        let other = r#"{"ruleId": "DL3008", "message": {"text": "Pin versions"}}"#;
        assert_eq!(scan(Json::first(&sarif(other, "")).unwrap()), None);
    }
}
