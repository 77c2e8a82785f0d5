//! Histories, inspect output and reports of real images: are they recognized, read alike in every
//! form, and do they agree with each other? Then other tools' cases about containers, secrets in
//! every place that can hold one, and input that means harm.

mod hostile;
mod planted;
mod run_peers;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use image::history::{self, Entry};
use report::{Kind, Report};
use rules::{Case, Document};
use text::Date;

use crate::Figure;

pub(crate) fn measure(shared: &Path) -> Result<Vec<Figure>> {
    let samples = shared.join("samples");
    let mut figures = twins(&samples)?;
    figures.extend(pairs(&samples)?);
    figures.extend(recognition(&samples)?);
    figures.extend(run_peers::measure(shared)?);
    figures.extend(planted::measure());
    figures.extend(hostile::measure());
    Ok(figures)
}

pub(super) fn today() -> Date {
    Date::new(2026, 11, 24).unwrap_or_else(|| unreachable!("the day exists"))
}

pub(super) fn check(documents: &[(&str, &[u8])]) -> Report {
    let documents: Vec<Document<'_>> =
        documents.iter().map(|(name, bytes)| Document { name, bytes, taken_for: None }).collect();
    rules::check(&Case::new(&documents, today()))
}

pub(super) fn figure(name: &str, right: usize, all: usize, least: f64) -> Figure {
    let percent = if all == 0 { 0.0 } else { 100.0 * right as f64 / all as f64 };
    Figure {
        name: format!("samples: {name}"),
        value: format!("{percent:.1} % ({right} of {all}), goal {least} %"),
        reached: percent >= least,
        binding: true,
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir().with_context(|| format!("no {}", folder.display()))?;
    let mut paths = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Tables as they were printed, and with every run of blanks made one: both give the same rows.
fn twins(samples: &Path) -> Result<Vec<Figure>> {
    let (mut tables, mut same_rows) = (0, 0);
    let (mut rows, mut same) = (0, 0);
    for path in files(&samples.join("history-text/real-aligned"))? {
        let name = path.file_name().unwrap_or_default();
        let twin = samples.join("history-text/real-collapsed").join(name);
        let Ok(collapsed) = std::fs::read_to_string(&twin) else { continue };
        let aligned = std::fs::read_to_string(&path)?;
        let (a, b) = (table(&aligned), table(&collapsed));
        tables += 1;
        // A line of the table is a row, its head left out.
        let lines = aligned.lines().filter(|it| !it.trim().is_empty()).count() - 1;
        same_rows += usize::from(a.len() == b.len() && a.len() == lines);
        for (one, other) in a.iter().zip(&b) {
            rows += 1;
            let is_same = words(one) == words(other)
                && (one.is_cut, one.size, &one.comment)
                    == (other.is_cut, other.size, &other.comment);
            same += usize::from(is_same);
            if !is_same {
                println!(
                    "   {}: {:?} is {:?} in the collapsed table",
                    name.display(),
                    words(one),
                    words(other)
                );
            }
        }
    }
    Ok(vec![
        figure("tables with all rows, aligned and collapsed", same_rows, tables, 100.0),
        figure("rows that are the same in both", same, rows, 99.0),
    ])
}

fn table(text: &str) -> Vec<Entry> {
    history::table(text, 0..text.len()).map(|it| it.entries).unwrap_or_default()
}

fn words(it: &Entry) -> String {
    it.created_by.as_str().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Histories with the inspect output of the same image: nothing may disagree.
fn pairs(samples: &Path) -> Result<Vec<Figure>> {
    let (mut all, mut agree) = (0, 0);
    for path in files(&samples.join("history-text/real-aligned"))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let inspect = samples.join(format!("inspect/real-image/{name}.json"));
        let Ok(inspect) = std::fs::read(inspect) else { continue };
        let report = check(&[("history", &std::fs::read(&path)?), ("inspect", &inspect)]);
        all += 1;
        agree += usize::from(report.disagreements.is_empty());
        for it in &report.disagreements {
            println!("   {name}: {}", it.message);
        }
    }
    Ok(vec![figure("histories that agree with their image's config", agree, all, 98.0)])
}

/// What each file is by its manifest, and what it is taken for.
fn recognition(samples: &Path) -> Result<Vec<Figure>> {
    let manifest = std::fs::read_to_string(samples.join("MANIFEST.tsv"))?;
    let folders = ["inspect/", "config/", "reports/", "cmdline/", "history-text/"];
    let (mut all, mut right, mut silent) = (0, 0, 0);
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in manifest.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(file), Some(kind)) = (columns.next(), columns.nth(2)) else { continue };
        if !folders.iter().any(|it| file.starts_with(it)) {
            continue;
        }
        let Ok(bytes) = std::fs::read(samples.join(file)) else { continue };
        let document = Document { name: file, bytes: &bytes, taken_for: None };
        let got = rules::recognize(&document, Default::default());
        all += 1;
        let expected = expected(file, kind);
        let is_right = expected.contains(&got.kind);
        right += usize::from(is_right);
        if !is_right {
            wrong.entry(format!("{kind} as {:?}", got.kind)).or_default().push(file.to_owned());
        }
        let report = check(&[(file, &bytes)]);
        // What cannot be read is said: nothing is passed over in silence.
        let is_read = !report.read.is_empty() || !report.problems.is_empty();
        silent += usize::from(!is_read);
        if !is_read {
            println!("   {file} says nothing");
        }
    }
    for (what, files) in wrong {
        println!("   {what}: {}", files.join(" "));
    }
    Ok(vec![
        figure("files recognized as what they are", right, all, 99.0),
        figure("files of which something is said", all - silent, all, 100.0),
    ])
}

/// What a file may be taken for.
fn expected(file: &str, kind: &str) -> &'static [Kind] {
    let has = |it: &str| file.contains(it);
    match kind {
        // These are no documents: an empty list, an error, an id and no more, limits alone, a tag,
        // archives, and what templates of their own make of a report.
        _ if [
            "rekcod/inspect-invalid",
            "rekcod/inspect-empty",
            "insights-3",
            "update-docs",
            "success.quiet",
            "stereoscope-fixture-image-simple",
            "template__",
        ]
        .into_iter()
        .any(has) =>
        {
            &[Kind::Unrecognized]
        }
        "golden" if has("inspect-command") => {
            &[Kind::ImageInspect, Kind::Unrecognized, Kind::ContainerInspect]
        }
        "docker history text" | "golden" => &[Kind::History],
        _ if has("history-history") => &[Kind::History],
        "docker image inspect" | "images" | "engine-inspect" => {
            &[Kind::ImageInspect, Kind::ImageConfig]
        }
        "trivy-report" | "sarif" => &[Kind::ScanReport],
        "grype-report" => &[Kind::ScanReport, Kind::Sbom],
        "sbom" => &[Kind::Sbom],
        "image-config" | "manifest" | "manifest/config" => &[Kind::ImageConfig, Kind::Manifest],
        "docker run" => &[Kind::RunLine],
        "inspect" if has("imageInfo") => &[Kind::ImageInspect],
        "inspect" if has("containerConfig") => &[Kind::ContainerInspect, Kind::ImageConfig],
        "container+image inspect" if has("/image_") => &[Kind::ImageInspect],
        "containers"
        | "inspect"
        | "container inspect"
        | "podman container inspect"
        | "container+image inspect" => &[Kind::ContainerInspect],
        _ => &[],
    }
}
