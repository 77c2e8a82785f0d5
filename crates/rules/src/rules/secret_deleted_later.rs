//! A secret file is deleted in a later layer than the one that brought it.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use super::copy_secret_file::{lands_at, sensitive};
use crate::facts::{Copied, Reach, RunStep};
use crate::in_layers::checks;
use crate::knowledge::Risk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-deleted-later",
    title: "A secret file is deleted too late",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &[],
    doc: page!("secret_deleted_later.md"),
    check,
};

/// A file that an earlier instruction brought.
struct Brought {
    path: String,
    at: Locus,
    how: &'static str,
}

fn check(case: &Case, out: &mut Outcome) {
    let brought = brought(case);
    let mut told: Vec<&Locus> = Vec::new();
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for (span, path) in removed(step) {
            let earlier = brought.iter().find(|it| it.at < seen.at && is_same(&it.path, &path));
            let Some(earlier) = earlier.filter(|it| !told.contains(&&it.at)) else { continue };
            told.push(&earlier.at);
            let at = Locus::Text { source: *source, span };
            let message = format!(
                "{} is deleted here and stays in the layer that brought it",
                quote(&earlier.path)
            );
            out.fail(&at, message).related(&earlier.at, earlier.how);
        }
    }
    let first = brought.first().map(|it| &it.at);
    let first = first.or_else(|| case.facts.runs.first().map(|it| &it.at));
    if let (true, Some(at)) = (out.findings.is_empty(), first) {
        out.clear(at, "no step deletes a secret file that an earlier one brought");
    }
    if let Some(files) = &case.files {
        checks::deleted_secrets(case, files, out);
    }
}

/// Files with the names of secrets that the shipped stages copy or write.
fn brought(case: &Case) -> Vec<Brought> {
    let mut out = Vec::new();
    let is_secret = |path: &str| sensitive(path).is_some_and(|it| it.risk >= Risk::Medium);
    for seen in case.facts.copies.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(copy) = &seen.value else { continue };
        for (source, _) in &copy.sources {
            let Copied::Path(path) = source else { continue };
            // Which files a pattern brings is not known.
            if path.contains(['*', '?']) {
                continue;
            }
            let lands = lands_at(path, copy);
            if is_secret(path) || lands != *path && is_secret(&lands) {
                out.push(Brought { path: lands, at: seen.at.clone(), how: "it is copied here" });
            }
        }
    }
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(step) = &seen.value else { continue };
        let removed: Vec<String> = removed(step).into_iter().map(|it| it.1).collect();
        for change in step.changes.iter().filter(|it| it.known && it.writes()) {
            let stays = || !removed.iter().any(|it| is_same(&change.path, it));
            let mounted =
                || step.mounts.iter().any(|it| it.target.as_deref() == Some(&*change.path));
            if is_secret(&change.path) && stays() && !mounted() {
                let path = change.path.clone();
                out.push(Brought { path, at: seen.at.clone(), how: "it is written here" });
            }
        }
    }
    out
}

/// What a step removes, each with its place.
fn removed(step: &RunStep) -> Vec<(Span, String)> {
    let gone = step.changes.iter().filter(|it| it.removes(&it.path));
    gone.map(|it| (it.span, it.path.clone())).collect()
}

/// Whether removing a path takes a file away: the same, a folder around it, or the same name where
/// a folder is not known.
fn is_same(file: &str, removed: &str) -> bool {
    let removed = removed.trim_end_matches('*').trim_end_matches('/');
    if removed.len() < 2 {
        return false;
    }
    let file = file.trim_end_matches('/');
    file == removed
        || file.strip_prefix(removed).is_some_and(|it| it.starts_with('/'))
        || (!file.starts_with('/') || !removed.starts_with('/'))
            && file.rsplit('/').next() == removed.rsplit('/').next()
}
