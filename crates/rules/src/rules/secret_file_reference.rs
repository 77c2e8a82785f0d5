//! A variable names a credential file, and the file is copied into the image.

use report::{Applies, Input, Outcome, Question, Severity, Why, quote};
use secrets::names::{self, Because, Verdict};

use super::copy_secret_file::{is_whole, lands_at};
use crate::facts::{Copied, Copy, EnvVar, Reach, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-file-reference",
    title: "A credential file that a variable names is copied into the image",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Context],
    aka: &["DS-0031"],
    doc: page!("secret_file_reference.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let copies = || {
        case.facts.copies.iter().filter(|it| it.reach == Reach::Image).filter_map(|seen| {
            let copy = seen.value.as_ref().ok()?;
            copy.from.is_none().then_some((seen, copy))
        })
    };
    for (seen, copy) in copies() {
        let name = copy.destination.strip_prefix("${").and_then(|it| it.split('}').next());
        if let Some(name) = name.filter(|it| is_pointer(it)) {
            out.fail(
                &seen.at,
                format!("a file is copied to where {} says that credentials are", quote(name)),
            );
        }
    }
    for seen in case.facts.env.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(it) = &seen.value else { continue };
        let Some(path) = it.value.as_deref().filter(|path| is_pointer(&it.name) && path.len() > 1)
        else {
            continue;
        };
        let before = (out.findings.len(), out.gaps.len());
        for (place, copy) in copies() {
            judge(case, seen, path, (place, copy), out);
        }
        if before == (out.findings.len(), out.gaps.len()) {
            out.clear(&seen.at, "the file that this variable names is not copied into the image");
        }
    }
}

fn judge(
    case: &Case,
    seen: &Seen<EnvVar>,
    path: &str,
    (place, copy): (&Seen<Copy>, &Copy),
    out: &mut Outcome,
) {
    let Ok(it) = &seen.value else { return };
    for (source, _) in &copy.sources {
        let Copied::Path(source) = source else { continue };
        if is_whole(source) {
            let folder = copy.destination.trim_end_matches('/');
            let inside = path.strip_prefix(folder).is_some_and(|it| it.starts_with('/'));
            if let Some(context) = case.context() {
                let name = path.trim_start_matches("./");
                let lands = |below: &str| below == name || format!("{folder}/{below}") == path;
                if context.copied(source, &copy.excludes).iter().any(|(_, below)| lands(below)) {
                    let message = format!(
                        "{} names {}, which is copied into the image",
                        quote(&it.name),
                        quote(path)
                    );
                    out.fail(&seen.at, message).related(&place.at, "it is copied here");
                }
                continue;
            }
            if inside || !path.starts_with('/') {
                let why = format!("whether the build context holds {} is not known", quote(path));
                out.gap(&seen.at, Why::Unreadable(why.into()));
            }
            continue;
        }
        if lands_at(source, copy) == path {
            let message = format!(
                "{} names {}, which is copied into the image",
                quote(&it.name),
                quote(path)
            );
            out.fail(&seen.at, message).related(&place.at, "it is copied here");
        }
    }
}

/// Whether a variable names a file of credentials, by what the program says that reads it.
fn is_pointer(name: &str) -> bool {
    let it = names::judge(name, None);
    let known = it.verdict == Verdict::Pointer && it.because == Because::KnownName;
    known && !matches!(name, "SSL_CERT_FILE" | "SSH_AUTH_SOCK" | "DOCKER_CONFIG")
}
