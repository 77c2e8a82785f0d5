//! The history of the source code is copied into the image.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::facts::{Copied, Reach};
use crate::files::LeftoverKind;
use crate::in_layers::report_leftovers;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "vcs-history-copied",
    title: "The history of the source code is copied into the image",
    question: Some(Question::Secrets),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers],
    aka: &["leftover-vcs-or-ide-files", "DKL-LI-0003"],
    doc: page!("vcs_history_copied.md"),
    check,
};

const FOLDERS: [&str; 4] = [".git", ".svn", ".hg", ".bzr"];

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.copies {
        let (Ok(copy), Locus::Text { source: text, .. }) = (&seen.value, &seen.at) else { continue };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let mut any = false;
        for (source, span) in &copy.sources {
            let Copied::Path(path) = source else { continue };
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
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
