//! A secret is mounted and nothing reads it.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Severity, Why, quote};

use crate::commands::RunCommand;
use crate::facts::{Reach, RunStep, StepMount};
use crate::secret_flow::refers;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-mount-unused",
    title: "A mounted secret is not read",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("secret_mount_unused.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for it in step.mounts.iter().filter(|it| it.kind == MountKind::Secret) {
            let at = Locus::Text { source: *source, span: it.mount.span };
            // With a target of its own the program finds it by itself, and so it does a variable.
            let by_itself = it.target.is_some() || it.mount.field(&["env"]).is_some();
            if by_itself || is_read(step, it) {
                out.clear(&at, "the step reads this secret, or its program does by itself");
            } else if !step.dialect.is_read() || step.commands.iter().any(may_read_anything) {
                let why = format!("whether a program reads {} is not known", quote(&place(it)));
                out.gap(&at, Why::Unreadable(why.into()));
            } else {
                let message = format!(
                    "nothing in this step reads {}, where this secret is",
                    quote(&place(it))
                );
                out.fail(&at, message);
            }
        }
    }
}

fn id(it: &StepMount) -> &str {
    let source = || it.mount.source().map(|it| it.as_str().rsplit('/').next().unwrap_or_default());
    it.id.as_deref().or_else(source).unwrap_or_default()
}

fn place(it: &StepMount) -> String {
    format!("/run/secrets/{}", id(it))
}

fn is_read(step: &RunStep, it: &StepMount) -> bool {
    let text = step.text.as_str();
    // By a variable in the path, or all of the folder, too.
    text.contains(&place(it))
        || text.contains("/run/secrets/$")
        || text.contains("/run/secrets/*")
        || text.contains("/run/secrets ")
        || id(it).starts_with('$')
        || refers(text, id(it))
}

/// Programs that read what they like: scripts, build tools, and what is not known at all.
fn may_read_anything(command: &RunCommand) -> bool {
    const KNOWN: &[&str] = &[
        "apt-get",
        "apt",
        "apk",
        "dnf",
        "yum",
        "rm",
        "mkdir",
        "chmod",
        "chown",
        "echo",
        "printf",
        "cd",
        "cp",
        "mv",
        "ln",
        "cat",
        "tar",
        "unzip",
        "curl",
        "wget",
        "git",
        "npm",
        "pip",
        "pip3",
        "yarn",
        "pnpm",
        "set",
        "export",
        "test",
        "[",
        "true",
        "touch",
        "ls",
        "pip-compile",
        "poetry",
        "uv",
        "composer",
        "bundle",
        "gem",
        "go",
        "cargo",
    ];
    !KNOWN.contains(&&*command.program)
}
