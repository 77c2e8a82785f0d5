//! An archive that `ADD` unpacks.

use dockerfile::{Flag, Kind};
use report::{Applies, Input, Outcome, Severity, quote};

use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "add-unpacks-surprise",
    title: "An archive is unpacked into a folder that is named like it",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("add_unpacks_surprise.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for it in build.dockerfile.instructions() {
            let Kind::Add(paths) = &it.kind else { continue };
            let (Some(to), [source]) = (&paths.destination, &paths.sources[..]) else { continue };
            let at = build.at(to.span);
            let keeps =
                it.flag("unpack").is_some_and(|it| it.value_str().eq_ignore_ascii_case("false"));
            let remote =
                source.as_str().contains("://") && !it.flag("unpack").is_some_and(Flag::is_on);
            if is_archive(source.as_str()) && is_archive(to.as_str()) && !keeps && !remote {
                let message = format!(
                    "`ADD` unpacks the archive, so {} becomes a folder",
                    quote(to.as_str())
                );
                out.fail(&at, message);
            } else {
                out.clear(&at, "it becomes what its name says");
            }
        }
    }
}

/// Archives that `ADD` unpacks.
fn is_archive(path: &str) -> bool {
    const ENDS: [&str; 8] =
        [".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst"];
    let path = path.trim_matches('"').to_ascii_lowercase();
    ENDS.iter().any(|it| path.ends_with(it))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn archives_to_archives() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ADD app.tar.gz /tmp/app.tar.gz
#              ^^^^^^^^^^^^^^^ `ADD` unpacks the archive, so `/tmp/app.tar.gz` becomes a folder
ADD app.tar.gz /opt/
ADD --unpack=false app.tgz /tmp/app.tgz
ADD https://example.com/a.tar.gz /tmp/a.tar.gz
ADD app.zip /tmp/app.zip
COPY app.tgz /tmp/app.tgz
"#,
        );
    }
}
