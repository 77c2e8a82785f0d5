//! A file that holds secrets is copied into the image.

use report::{Applies, Input, Locus, Outcome, Question, Severity, Why, quote};

use crate::facts::{Copied, Copy, Reach};
use crate::knowledge::Risk;
use crate::knowledge::sensitive_paths::{
    SensitivePath, fixture, sensitive_directory, sensitive_path,
};
use crate::{Case, Context, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-secret-file",
    title: "A file that holds secrets is copied into the image",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Context, Input::History],
    aka: &["secret-file-in-image"],
    doc: page!("copy_secret_file.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.copies {
        // What another stage or image hands over was judged where it came from.
        let Ok(copy) = &seen.value else { continue };
        if copy.from.is_some() {
            continue;
        }
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "what this stage copies is not shipped");
            continue;
        }
        for (source, span) in &copy.sources {
            let at = match &seen.at {
                Locus::Text { source, .. } => Locus::Text { source: *source, span: *span },
                Locus::Layer { .. } => seen.at.clone(),
            };
            match source {
                // The root file system of the base image.
                it if it.checksum().is_some() && copy.destination == "/" => {
                    out.clear(&at, "the root file system of an image");
                }
                Copied::Path(path) if is_whole(path) => match case.context() {
                    Some(context) => inside(context, path, copy, &at, out),
                    None => out.gap(&at, Why::NotProvided(Input::Context)),
                },
                Copied::Path(path) => {
                    let brings = |it: &Context| {
                        it.copied(path, &[]).iter().any(|(it, _)| *it != clean(path))
                    };
                    match case.context() {
                        Some(context) if brings(context) => inside(context, path, copy, &at, out),
                        _ => judge(path, &lands_at(path, copy), &at, out),
                    }
                }
                // A history keeps no names, but a file may still be telling by where it goes.
                it if it.checksum().is_some_and(|it| it.starts_with("file:"))
                    && !copy.is_directory() =>
                {
                    judge(&copy.destination, &copy.destination, &at, out);
                }
                it if it.checksum().is_some() => {
                    let to = quote(&copy.destination);
                    let what = format!("the history does not name what goes to {to}");
                    out.gap(&at, Why::Unreadable(what.into()));
                }
                Copied::Unknown(path) => {
                    let why = format!("what {} copies is decided by a variable", quote(path));
                    out.gap(&at, Why::Unreadable(why.into()));
                }
                Copied::Url(_) | Copied::Inline => {}
            }
        }
    }
}

/// A path without what means nothing in it.
fn clean(path: &str) -> &str {
    path.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/')
}

/// Judges what a folder or a pattern brings, by the files that the context has.
fn inside(context: &Context, path: &str, copy: &Copy, at: &Locus, out: &mut Outcome) {
    let folder = copy.destination.trim_end_matches('/');
    let mut secrets: Vec<(&str, SensitivePath)> = Vec::new();
    let mut doubts: Vec<(&str, SensitivePath)> = Vec::new();
    for (file, below) in context.copied(path, &copy.excludes) {
        let there = sensitive_path(&format!("{folder}/{below}"));
        let Some(it) = there.or_else(|| sensitive_path(file)) else { continue };
        if fixture(file).is_some() {
            continue;
        }
        match it.risk {
            Risk::Critical | Risk::High => secrets.push((file, it)),
            Risk::Medium => doubts.push((file, it)),
            Risk::None | Risk::Info | Risk::Low => {}
        }
    }
    if let Some((file, it)) = secrets.first() {
        let more = match secrets.len() {
            1 => String::new(),
            many => format!(", and {} more", many - 1),
        };
        let name = quote(path);
        out.fail(
            at,
            format!("{name} brings {} into the image, by its name {}{more}", quote(file), it.kind),
        );
    } else if let Some((file, it)) = doubts.first() {
        let why = format!("{} may be {}; only its content tells", quote(file), it.kind);
        out.gap(at, Why::Unreadable(why.into()));
    } else {
        out.clear(at, format!("nothing that {} brings is known to hold secrets", quote(path)));
    }
}

fn judge(path: &str, lands_at: &str, at: &Locus, out: &mut Outcome) {
    // A file may only become telling by where it goes: `COPY aws/credentials /root/.aws/`.
    let there = sensitive_path(lands_at).map(|it| (it, lands_at));
    let own = sensitive(path).map(|it| (it, path));
    match there.into_iter().chain(own).max_by_key(|(it, _)| it.risk) {
        Some((it, name)) if it.risk >= Risk::High => {
            let how = match name == path {
                true => "is copied into the image".to_owned(),
                false => format!("is copied to {}", quote(name)),
            };
            out.fail(at, format!("{} {how}; by its name it is {}", quote(path), it.kind));
        }
        // Certificates and settings are often harmless: only a look inside could tell.
        Some((it, _)) if it.risk == Risk::Medium => {
            let why = format!("{} may be {}; only its content tells", quote(path), it.kind);
            out.gap(at, Why::Unreadable(why.into()));
        }
        _ => out.clear(at, format!("{} is not known to hold secrets", quote(path))),
    }
}

/// Where a file goes: into the destination if that is a directory by how it is written.
pub(super) fn lands_at(path: &str, copy: &Copy) -> String {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    match copy.destination.ends_with('/') || copy.sources.len() > 1 {
        true => format!("{}/{name}", copy.destination.trim_end_matches('/')),
        false => copy.destination.clone(),
    }
}

/// What a path holds by its name, when that is secrets.
pub(super) fn sensitive(path: &str) -> Option<SensitivePath> {
    sensitive_path(path).or_else(|| sensitive_directory(path))
}

/// Whether a source is the whole context, or everything of some level of it.
pub(super) fn is_whole(path: &str) -> bool {
    let bare = path.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
    bare.is_empty() || bare == "." || bare.starts_with('*')
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn each_source_is_judged_where_it_stands() {
        check_dockerfile(
            &RULE,
            r#"
FROM scratch
COPY app .env id_rsa /srv/
#        ^^^^ `.env` is copied into the image; by its name it is an environment file
#             ^^^^^^ `id_rsa` is copied into the image; by its name it is an SSH private key
"#,
        );
    }

    #[test]
    fn where_a_file_goes_can_tell_what_it_is() {
        check_dockerfile(
            &RULE,
            r#"
FROM scratch
COPY aws/credentials deploy/known_hosts /root/.aws/
#    ^^^^^^^^^^^^^^^ `aws/credentials` is copied to `/root/.aws/credentials`; by its name it is cloud credentials
COPY deploy/known_hosts /root/.ssh/
"#,
        );
    }

    #[test]
    fn a_name_that_may_be_harmless_is_a_doubt() {
        for copy in ["server.pem /etc/", "server.pem /etc/tls"] {
            let text = format!("FROM scratch\nCOPY {copy}\n");
            let case = crate::tests::case(&[("dockerfile", &text)]);
            assert_eq!(crate::tests::verdict(&RULE, &case), report::Verdict::Unknown, "{copy}");
        }
    }

    #[test]
    fn builder_stages_do_not_ship_what_they_copy() {
        check_dockerfile(
            &RULE,
            "\nFROM scratch AS build\nCOPY .env /\nFROM scratch\nCOPY --from=build /app /\n",
        );
    }
}
