//! Checks of single rules over the layers of a saved image.

use report::{Input, Locus, Outcome, quote};

use super::{clear, with_origin};
use crate::Case;
use crate::facts::{Secret, Seen};
use crate::files::{Files, Ghost, Identity, path};

/// Secrets in files that a later layer deletes or replaces.
pub(crate) fn deleted_secrets(case: &Case, files: &Files, out: &mut Outcome) {
    let mut known: Vec<&Secret> = Vec::new();
    let found = out.findings.len();
    for it in &files.ghosts {
        if let Ok(secret) = &it.what {
            // One that containers still have is a finding of its own.
            if is_alive(case, secret) || known.iter().any(|it| it.fingerprint == secret.fingerprint)
            {
                continue;
            }
            known.push(secret);
        }
        report(files, it, out);
    }
    if out.findings.len() == found {
        clear(files, out, "no secret is in a file that a later layer deletes");
    }
}

fn report(files: &Files, it: &Ghost, out: &mut Outcome) {
    let what = match &it.what {
        Ok(secret) => format!("{} {}", secret.title, quote(&secret.masked)),
        Err(kind) => format!("{}, {kind},", quote(path(&it.at))),
    };
    let how = if it.is_replaced { "replaced" } else { "deleted" };
    let message = format!(
        "{what} is {how} in layer {}, and everyone who has the image still has it",
        it.gone
    );
    let finding = out.fail(&it.at, message);
    with_origin(files, &it.at, finding);
    let gone = Locus::Layer { layer: it.gone, path: path(&it.at).into(), span: None };
    finding.related(&gone, format!("{how} here"));
    if let Some(at) = files.made_by(&gone) {
        finding.related(at, "by this step");
    }
    if let Ok(secret) = &it.what {
        finding.related(&it.at, format!("to rotate it: {}", secret.rotate));
    }
}

fn is_alive(case: &Case, secret: &Secret) -> bool {
    let same = |it: &Seen<Secret>| {
        it.via == Input::Layers
            && it.value.as_ref().is_ok_and(|it| it.fingerprint == secret.fingerprint)
    };
    case.facts.secrets.iter().any(same)
}

/// Program files of the application that the main process may change.
pub(crate) fn own_code(files: &Files, out: &mut Outcome) {
    let Some(user) = files.access.user.as_ref().filter(|it| it.uid != 0) else { return };
    let Some(it) = &files.access.code else {
        let note = format!("{} may change no program file of the application", name(user));
        clear(files, out, note);
        return;
    };
    let more = match it.count {
        1 => String::new(),
        2 => " and one more program file".to_owned(),
        n => format!(" and {} more program files", n - 1),
    };
    let message =
        format!("{} may change {}{more} of the application", name(user), quote(path(&it.first)));
    with_origin(files, &it.first, out.fail(&it.first, message));
}

/// Directories that programs are looked for in and that the main process may change.
pub(crate) fn search_paths(files: &Files, out: &mut Outcome) {
    let Some(user) = files.access.user.as_ref().filter(|it| it.uid != 0) else { return };
    for (variable, at, directory) in &files.access.search_paths {
        let message = format!(
            "{variable} names {}, and {} may put files there",
            quote(directory),
            name(user)
        );
        out.fail(at, message);
    }
    if files.access.search_paths.is_empty() && out.findings.is_empty() {
        clear(files, out, "no directory that programs are looked for in can be written to");
    }
}

/// Start scripts with line endings of DOS.
pub(crate) fn start_scripts(files: &Files, out: &mut Outcome) {
    for at in &files.dos_scripts {
        let message = format!(
            "the first line of {} ends with a carriage return: its interpreter is not found",
            quote(path(at))
        );
        with_origin(files, at, out.fail(at, message));
    }
    if files.dos_scripts.is_empty() {
        clear(files, out, "no script that the container starts with has line endings of DOS");
    }
}

/// A user in a sentence.
pub(crate) fn name(user: &Identity) -> String {
    let number = user.uid.to_string();
    let plain = user.name.split(':').next().unwrap_or_default();
    if plain == number {
        format!("user {}", quote(&number))
    } else {
        format!("user {} ({number})", quote(plain))
    }
}
