//! A secret is written into the Dockerfile and does not get into the image.

use report::{Applies, Input, Locus, Outcome, Severity};
use text::Span;

use super::hardcoded_secret_value::{is_named, is_shipped, report_all};
use crate::facts::Home;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-in-build-recipe",
    title: "A secret is written into the Dockerfile beside the image",
    // It gives itself away to those who have the file or the build cache, not to the container.
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["a88baa34", "secrets-in-code"],
    doc: page!("secret_in_build_recipe.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let all = case.facts.secrets.iter();
    report_all(all.filter(|it| !is_shipped(it) && !is_named(case, it)), out, |it| match it.home {
        Home::Nowhere => "is in a comment, for everyone who reads the file",
        Home::Env
        | Home::Arg
        | Home::Run
        | Home::Label
        | Home::Start
        | Home::File
        | Home::History
        | Home::Trigger
        | Home::Config => "stays in the file and the build cache, beside the image",
    });
    if let (true, Some(build)) = (out.findings.is_empty(), case.builds.first()) {
        let at = Locus::Text { source: build.source, span: Span::default() };
        out.clear(&at, "no secret of a known form stands in a comment or a builder stage");
    }
}
