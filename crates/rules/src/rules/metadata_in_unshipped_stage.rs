//! Settings of a stage that is not shipped.

use dockerfile::Keyword;
use report::{Applies, Input, Outcome, Severity};

use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "metadata-in-unshipped-stage",
    title: "A setting stands in a stage that nothing ships",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("metadata_in_unshipped_stage.md"),
    check,
};

const SETTINGS: [Keyword; 5] =
    [Keyword::Cmd, Keyword::Entrypoint, Keyword::Expose, Keyword::Healthcheck, Keyword::Stopsignal];

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        for (stage, body) in build.stages() {
            if build.reach(stage.id) != Reach::Build {
                continue;
            }
            let mut sound = true;
            for it in body {
                let Some(keyword) = it.keyword.filter(|it| SETTINGS.contains(it)) else { continue };
                if sound {
                    let message = format!(
                        "files are copied from this stage, but its `{}` goes nowhere",
                        keyword.name()
                    );
                    out.fail(&build.at(it.word.span), message);
                }
                sound = false;
            }
            if sound {
                out.clear(&build.at(stage.place), "nothing but files");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_first_setting_of_a_builder_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS base
EXPOSE 80
FROM base AS build
CMD ["make"]
#^^ files are copied from this stage, but its `CMD` goes nowhere
EXPOSE 81
FROM debian:13 AS other
CMD ["test"]
FROM base
COPY --from=build /a /a
CMD ["app"]
"#,
        );
    }
}
