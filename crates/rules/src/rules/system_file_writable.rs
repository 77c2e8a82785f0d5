//! The main process may change important files.

use report::{Applies, Input, Outcome, Question, Severity, Why, quote};

use crate::files::{By, Identity, Writable, path};
use crate::in_layers::checks::name;
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "system-file-writable",
    title: "The main process may change important files",
    question: Some(Question::Write),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Config, Input::Layers],
    aka: &[],
    doc: page!("system_file_writable.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    let Some(seen) = case.facts.user.best() else { return };
    let Some(user) = &files.access.user else {
        let why = match &seen.value {
            Err(why) => why.clone(),
            Ok(user) => Why::Unreadable(
                format!(
                    "the image has no user {}, so what it may write is not known",
                    quote(&user.to_string())
                )
                .into(),
            ),
        };
        out.gap(&seen.at, why);
        return;
    };
    if user.uid == 0 {
        let all = match files.n_files {
            0 | 1 => "all of the image".to_owned(),
            n => format!("all {n} files of the image, programs and accounts too"),
        };
        let message = format!("the main process runs as `root` and may change {all}");
        out.fail(&seen.at, message);
        return;
    }
    for it in &files.access.important {
        let finding = out.fail(&it.first, message(it, user));
        with_origin(files, &it.first, finding)
            .related(&seen.at, "the user that the main process runs as");
    }
    if files.access.important.is_empty() {
        let note = format!(
            "{} may change no program, library, account or setting of the system",
            name(user)
        );
        clear(files, out, note);
    }
}

fn message(it: &Writable, user: &Identity) -> String {
    let by = match it.by {
        By::Owner => format!("{} owns it", name(user)),
        By::Group => format!("a group of {} may", name(user)),
        By::Others => "everybody may".to_owned(),
    };
    let what = if it.is_directory { "files can be put into " } else { "" };
    let verb = if it.is_directory { "" } else { " can be changed" };
    let more = match it.count {
        1 => String::new(),
        n => format!(", and {} more like it", n - 1),
    };
    format!("{what}{}{verb}: {by}{more} ({})", quote(path(&it.first)), it.what.name())
}
