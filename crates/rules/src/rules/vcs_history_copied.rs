//! The history of the source code is copied into the image.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::facts::{Copied, Reach};
use crate::files::LeftoverKind;
use crate::in_layers::report_leftovers;
use crate::{Case, Context, Rule};

pub(super) static RULE: Rule = Rule {
    id: "vcs-history-copied",
    title: "The history of the source code is copied into the image",
    question: Some(Question::Secrets),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::Context],
    aka: &["leftover-vcs-or-ide-files", "DKL-LI-0003"],
    doc: page!("vcs_history_copied.md"),
    check,
};

const FOLDERS: [&str; 4] = [".git", ".svn", ".hg", ".bzr"];

/// The folder of a history that a source of `COPY` brings.
fn history_in(context: &Context, path: &str, excludes: &[String]) -> Option<String> {
    context.copied(path, excludes).into_iter().find_map(|(file, _)| {
        let mut parts = file.split('/');
        let folder = parts.find(|it| FOLDERS.contains(it))?;
        parts.next().map(|_| quote(folder))
    })
}

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.copies {
        let (Ok(copy), Locus::Text { source: text, .. }) = (&seen.value, &seen.at) else {
            continue;
        };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let mut any = false;
        for (source, span) in &copy.sources {
            let Copied::Path(path) = source else { continue };
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let inside = case.context().filter(|_| copy.from.is_none());
            let brought = inside.and_then(|it| history_in(it, path, &copy.excludes));
            if let Some(folder) = brought.filter(|_| !FOLDERS.contains(&name)) {
                any = true;
                let message = format!(
                    "{} brings {folder}, which holds all that was ever in the repository",
                    quote(path)
                );
                out.fail(&Locus::Text { source: *text, span: *span }, message);
            }
            if FOLDERS.contains(&name) {
                any = true;
                let message = format!(
                    "{} holds all that was ever in the repository, deleted secrets among it",
                    quote(path)
                );
                out.fail(&Locus::Text { source: *text, span: *span }, message);
            }
        }
        if !any {
            out.clear(&seen.at, "no history of source code is named here");
        }
    }
    for build in &case.builds {
        for (_, body) in build.stages().filter(|(it, _)| build.reach(it.id) == Reach::Image) {
            for it in body {
                let flag = it.flag("keep-git-dir").filter(|it| it.value_str() != "false");
                if let Some(flag) = flag {
                    let message = "the history of the repository is kept, all that was ever in it";
                    out.fail(&build.at(flag.span), message);
                }
            }
        }
    }
    report_leftovers(case, out, LeftoverKind::VersionControl, "all that was ever in it is shipped");
}
