//! What is needed later was made inside a cache mount.

use dockerfile::{MountKind, StageId};
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::commands::is_below;
use crate::facts::{Copied, Copy, Reach, RunStep, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "artifact-in-cache-mount",
    title: "What is copied lies in a cache mount",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("artifact_in_cache_mount.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.copies.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some(stage) = from_stage(case, copy) else { continue };
        let mut clear = true;
        for (it, span) in &copy.sources {
            let Copied::Path(path) = it else { continue };
            let absolute = format!("/{}", path.trim_start_matches('/'));
            let Some((at, mount, target)) = mounted(case, stage, &absolute) else { continue };
            clear = false;
            let place = Locus::Text { source: *source, span: *span };
            let message = format!(
                "{} was made inside a mount at {}, which is not part of the stage",
                quote(path),
                quote(target)
            );
            let at = match at {
                Locus::Text { source, .. } => Locus::Text { source: *source, span: mount },
                Locus::Layer { .. } => at.clone(),
            };
            out.fail(&place, message).related(&at, "the mount");
        }
        if clear {
            out.clear(&seen.at, "what is copied is part of the stage");
        }
    }
}

fn from_stage(case: &Case, copy: &Copy) -> Option<StageId> {
    let build = case.builds.first()?;
    build.stages.target(Some(copy.from.as_deref()?))
}

/// The last step of a stage that has a cache or memory mounted over a path, unless a later one works
/// without.
fn mounted<'a>(case: &'a Case, stage: StageId, path: &str) -> Option<(&'a Locus, Span, &'a str)> {
    let chain = case.builds.first()?.stages.lineage(stage);
    let steps = case.facts.runs.iter().filter_map(|it| Some((it, it.value.as_ref().ok()?)));
    let steps: Vec<(&Seen<RunStep>, &RunStep)> =
        steps.filter(|(_, it)| !it.trigger && chain.contains(&it.stage)).collect();
    let found = steps.iter().enumerate().rev().find_map(|(index, (seen, step))| {
        let mount = step.mounts.iter().find(|it| {
            let target = it.target.as_deref().unwrap_or_default().trim_end_matches('/');
            let inside = !target.is_empty() && (is_below(target, path) || target == path);
            matches!(it.kind, MountKind::Cache | MountKind::Tmpfs) && inside
        })?;
        Some((index, &seen.at, mount.mount.span, mount.target.as_deref()?))
    });
    let (index, at, span, target) = found?;
    // A copy brings it, or a step that has no such mount makes it again.
    let copies = case.facts.copies.iter().filter_map(|it| it.value.as_ref().ok());
    let copied = copies.filter(|it| chain.contains(&it.stage)).any(|it| {
        let to = it.destination.trim_end_matches('/');
        is_below(to, path) && is_below(target, to) || to == path
    });
    let later = steps.get(index + 1..).unwrap_or_default();
    let remade = later.iter().any(|(_, step)| {
        let makes = step.changes.iter().any(|it| it.path == path || is_below(&it.path, path));
        makes || step.commands.iter().any(|it| it.is_opaque() || it.libraries().is_some())
    });
    (!copied && !remade).then_some((at, span, target))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_lies_in_a_mount_cannot_be_copied() {
        check_dockerfile(
            &RULE,
            r#"
FROM rust:1.90 AS build
WORKDIR /app
RUN --mount=type=cache,target=/app/target --mount=type=cache,target=/usr/local/cargo/registry cargo build --release
FROM debian:13
COPY --from=build /app/target/release/app /app
#                 ^^^^^^^^^^^^^^^^^^^^^^^ `/app/target/release/app` was made inside a mount at `/app/target`, which is not part of the stage
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM node:22 AS build
WORKDIR /app
RUN --mount=type=cache,target=node_modules npm ci
FROM node:22
COPY --from=build /app/node_modules ./node_modules
#                 ^^^^^^^^^^^^^^^^^ `/app/node_modules` was made inside a mount at `/app/node_modules`, which is not part of the stage
COPY --from=build app/package.json .
"#,
        );
    }

    #[test]
    fn what_is_taken_out_in_time_can() {
        for (step, path) in [
            (
                "--mount=type=cache,target=/app/target cargo build && cp target/release/app /usr/bin/app",
                "/usr/bin/app",
            ),
            ("--mount=type=bind,source=target,target=/app/target make", "/app/target/x"),
            ("--mount=type=cache,target=/root/.npm npm ci", "/app/node_modules"),
        ] {
            check_dockerfile(
                &RULE,
                &format!(
                    "\nFROM x AS build\nWORKDIR /app\nRUN {step}\nFROM x\nCOPY --from=build {path} /\n"
                ),
            );
        }
        check_dockerfile(
            &RULE,
            "
FROM x AS build
RUN --mount=type=cache,target=/app/target cargo build
RUN cargo build
FROM x
COPY --from=build /app/target/a /
",
        );
    }
}
