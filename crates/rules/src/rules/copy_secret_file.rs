//! A file that holds secrets is copied into the image.

use report::{Applies, Input, Outcome, Question, Severity, Why, quote};

use crate::facts::{Copied, Reach};
use crate::{Case, Rule, known};

pub(super) static RULE: Rule = Rule {
    id: "copy-secret-file",
    title: "A file that holds secrets is copied into the image",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["secret-file-in-image", "copy-whole-context", "S6470", "DF007", "DF026"],
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
                report::Locus::Text { source, .. } => {
                    report::Locus::Text { source: *source, span: *span }
                }
                report::Locus::Layer { .. } => seen.at.clone(),
            };
            match source {
                Copied::Path(path) if is_whole(path) => {
                    out.gap(&at, Why::NotProvided(Input::Context));
                }
                Copied::Path(path) => match known::sensitive_file(path) {
                    Some(what) => {
                        let message = format!("{} is copied into the image; by its name it is {what}", quote(path));
                        out.fail(&at, message);
                    }
                    None => out.clear(&at, format!("{} is not known to hold secrets", quote(path))),
                },
                Copied::Unknown(path) => {
                    let why = format!("what {} copies is decided by a variable", quote(path));
                    out.gap(&at, Why::Unreadable(why.into()));
                }
                Copied::Url(_) | Copied::Inline => {}
            }
        }
    }
}

/// Whether a source is the whole context, or everything of some level of it.
fn is_whole(path: &str) -> bool {
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
    fn builder_stages_do_not_ship_what_they_copy() {
        check_dockerfile(&RULE, "\nFROM scratch AS build\nCOPY .env /\nFROM scratch\nCOPY --from=build /app /\n");
    }
}
