//! A secret is mounted so that others may read it.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Safety, Severity, quote};

use crate::facts::Reach;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "loose-secret-mount-mode",
    title: "Every user of the build may read a mounted secret",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["S6469"],
    doc: page!("loose_secret_mount_mode.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let secret = [MountKind::Secret, MountKind::Ssh];
        for it in step.mounts.iter().filter(|it| secret.contains(&it.kind)) {
            let mode = it.mount.field(&["mode"]);
            let Some((mode, bits)) =
                mode.and_then(|it| Some((it, u32::from_str_radix(it.as_str(), 8).ok()?)))
            else {
                let at = Locus::Text { source: *source, span: it.mount.span };
                out.clear(&at, "only its owner may read this mount");
                continue;
            };
            let at = Locus::Text { source: *source, span: mode.span };
            if bits & 0o007 == 0 {
                out.clear(&at, "others may not read this mount");
                continue;
            }
            let message = format!(
                "mode {} lets every user of the build read this secret",
                quote(mode.as_str())
            );
            let fix = fix::replace("Let only the owner read it", &at, "0400", Safety::Review);
            out.fail(&at, message).fix(fix);
        }
    }
}
