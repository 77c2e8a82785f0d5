//! A change to what is a volume already.

use dockerfile::StageId;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{FileAct, is_below};
use crate::facts::Seen;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "write-after-volume",
    title: "A path is changed after it was declared a volume",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("write_after_volume.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for volume in &case.facts.volumes {
        let Ok(path) = &volume.value else { continue };
        let path = path.trim_end_matches('/');
        if path.is_empty() || !path.starts_with('/') {
            continue;
        }
        let inside = |it: &str| it.trim_end_matches('/') == path || is_below(path, it);
        let mut sound = true;
        for (at, what) in after(case, volume) {
            if inside(&what) {
                sound = false;
                let message =
                    format!("{} is a volume already: some builders drop this", quote(path));
                out.fail(&at, message).related(&volume.at, "the volume");
                break;
            }
        }
        if sound {
            out.clear(&volume.at, "nothing changes it later");
        }
    }
}

/// The paths that later instructions of the same stages change, each with its place.
fn after(case: &Case, volume: &Seen<String>) -> Vec<(Locus, String)> {
    let Some(build) = case.builds.first() else { return Vec::new() };
    let Locus::Text { source, span } = volume.at else { return Vec::new() };
    let mut stages = build.stages();
    let own = stages
        .find_map(|(stage, body)| { body }.any(|it| it.span.contains(span)).then_some(stage.id));
    let Some(own) = own.filter(|_| build.source == source) else { return Vec::new() };
    let same = |stage: StageId| build.stages.lineage(stage).contains(&own);
    let mut found = Vec::new();
    for seen in case.facts.runs.iter().filter(|it| it.at > volume.at) {
        let Ok(step) = &seen.value else { continue };
        if step.trigger || !same(step.stage) {
            continue;
        }
        let changes = step.changes.iter().filter(|it| it.act != FileAct::Remove && it.known);
        found.extend(changes.map(|it| (Locus::Text { source, span: it.span }, it.path.clone())));
    }
    for seen in case.facts.copies.iter().filter(|it| it.at > volume.at) {
        let Ok(copy) = &seen.value else { continue };
        if same(copy.stage) {
            found.push((seen.at.clone(), copy.destination.clone()));
        }
    }
    text::order::sort(&mut found);
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn only_later_changes_of_the_same_path_count() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN mkdir -p /data
VOLUME /data /other
COPY a /data/a
#^^^^^^^^^^^^^ `/data` is a volume already: some builders drop this
RUN chown -R app /other
#                ^^^^^^ `/other` is a volume already: some builders drop this
RUN chown app /database && rm -rf /data/tmp
FROM debian:13
RUN mkdir /data
"#,
        );
    }
}
