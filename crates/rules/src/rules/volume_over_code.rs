//! The application's own folder is a volume.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::commands::is_below;
use crate::course::Course;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "volume-over-code",
    title: "The application's code is in a volume",
    question: Some(Question::Write),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[],
    doc: page!("volume_over_code.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let folders = course.folders();
        let last = folders.last().map(|it| it.1).filter(|it| it.known);
        for (_, path, at) in course.volumes() {
            let path = path.trim_end_matches('/');
            let holds = |it: &str| {
                let it = it.trim_end_matches('/');
                it == path || is_below(path, it)
            };
            // Where the container works, and where files were copied to: that is its code.
            let works = last.is_some_and(|it| holds(&it.path));
            let copied = course
                .copies()
                .into_iter()
                .find(|(_, it, _)| holds(&it.destination) && is_code(it));
            match copied.filter(|_| works) {
                Some((_, _, from)) => {
                    let message = format!(
                        "a volume at {} keeps the code of the first image it was used with",
                        quote(path)
                    );
                    out.fail(at, message).related(from, "code is copied there");
                }
                None => out.clear(at, format!("no code is known to be in {}", quote(path))),
            }
        }
    }
}

/// Whether a copy brings more than a settings file.
fn is_code(copy: &crate::facts::Copy) -> bool {
    use crate::facts::Copied;
    const DATA: [&str; 12] = [
        ".cfg", ".conf", ".crt", ".env", ".html", ".ini", ".md", ".pem", ".txt", ".xml", ".yaml",
        ".yml",
    ];
    copy.sources.iter().any(|(it, _)| match it {
        Copied::Path(path) | Copied::Unknown(path) | Copied::Url(path) => {
            !DATA.iter().any(|end| path.ends_with(end))
        }
        Copied::Inline => false,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn code_in_volumes_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24
WORKDIR /srv/app
COPY . .
VOLUME /srv/app /srv/data
#      ^^^^^^^^ a volume at `/srv/app` keeps the code of the first image it was used with
"#,
        );
        for text in [
            "WORKDIR /srv/app\nCOPY . .\nVOLUME /srv/app/data\n",
            "WORKDIR /data\nVOLUME /data\n",
            "COPY . /srv/app\nVOLUME /srv/app\n",
            "WORKDIR /srv/app\nCOPY app.conf .\nVOLUME /srv/app\n",
        ] {
            check_dockerfile(&RULE, &format!("FROM node:24\n{text}"));
        }
    }
}
