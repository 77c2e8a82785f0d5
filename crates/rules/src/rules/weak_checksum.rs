//! What is fetched is compared with a checksum that other files can have too.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{Against, Check, checks};
use crate::downloads::downloads;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "weak-checksum",
    title: "A file is compared with a checksum that can be forged",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["S4790"],
    doc: page!("weak_checksum.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let fetched = downloads(case);
    for step in case.facts.steps() {
        let checks = checks(step.run);
        // A checksum may be computed for another reason than to trust a file.
        let is_fetched = |check: &Check<'_>| {
            let same = fetched.iter().filter(|it| it.step.run.stage == step.run.stage);
            same.flat_map(|it| &it.names).any(|it| check.covers(it))
        };
        let strong = checks.iter().any(|it| it.against != Against::WeakDigest);
        for it in &checks {
            let at = step.at(it.command.program_span());
            match it.against {
                // Beside a better one it does no harm.
                Against::WeakDigest if !strong && (it.compares || is_fetched(it)) => {
                    let program = quote(&it.command.program);
                    out.fail(&at, format!("another file with the same {program} can be made"));
                }
                Against::WeakDigest => {}
                Against::Digest | Against::Signature => {
                    out.clear(&at, "nobody can make another file that passes");
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn checks_are_marked_and_other_uses_are_not() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN echo "ab  x.tgz" | md5sum -c -
#                      ^^^^^^ another file with the same `md5sum` can be made
RUN echo "ab  x.tgz" | shasum -c && wget https://example.com/y && [ "$(sha1sum y | cut -c1-40)" = "$SUM" ]
#                      ^^^^^^ another file with the same `shasum` can be made
#                                                                      ^^^^^^^ another file with the same `sha1sum` can be made
RUN A="$(md5sum /bin/a)"; B="$(md5sum /bin/b)"; [ "$A" = "$B" ] && ln -sf a /bin/b
RUN md5sum /etc/passwd > /sums && echo $(date) | sha256sum
RUN echo "ab  x.tgz" | sha1sum -c && gpg --verify x.tgz.asc x.tgz
RUN echo "ab  x.tgz" | shasum -a 512 -c
"#,
        );
    }
}
