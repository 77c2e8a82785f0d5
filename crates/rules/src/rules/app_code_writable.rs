//! The main process may change the application's own program files.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use super::system_file_writable::name;
use crate::files::path;
use crate::in_layers::{clear, with_origin};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "app-code-writable",
    title: "The application may change its own program files",
    question: Some(Question::Write),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Config, Input::Layers],
    aka: &["executable-owned-by-non-root"],
    doc: page!("app_code_writable.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(files) = &case.files else { return };
    let Some(user) = files.access.user.as_ref().filter(|it| it.uid != 0) else { return };
    let Some(it) = &files.access.code else {
        let note = format!("{} may change no program file of the application", name(user));
        clear(files, out, &note);
        return;
    };
    let more = match it.count {
        1 => String::new(),
        2 => " and one more program file".to_owned(),
        n => format!(" and {} more program files", n - 1),
    };
    let message = format!("{} may change {}{more} of the application", name(user), quote(path(&it.first)));
    with_origin(files, &it.first, out.fail(&it.first, message));
}
