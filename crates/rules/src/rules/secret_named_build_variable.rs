//! A variable of a stage that is not shipped is named like a secret.

use report::{Applies, Input, Outcome, Severity};

use super::secret_in_env_or_arg_name::report_all;
use crate::facts::{Origin, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-named-build-variable",
    title: "A variable of a builder stage is named like a secret",
    // Its value stays with who builds: the container does not have it.
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "secret-in-arg-env-name",
        "DL3064",
        "SecretsUsedInArgOrEnv",
        "DS-0031",
        "secret-in-build-arg",
        "S6472",
        "CIS-DI-0010",
        "DF014",
        "ruby/secrets-in-arg-or-env",
        "ruby/prefer-secret-mounts-for-build-credentials",
    ],
    doc: page!("secret_named_build_variable.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let builders = case.facts.env.iter().filter(|it| it.reach != Reach::Image);
    let other = report_all(case, builders, out, |it, _| match it.origin {
        Origin::Env => "its value stays in the build cache",
        Origin::Arg => "build arguments stay in the build cache and its records",
    });
    if let (true, Some(seen)) = (out.findings.is_empty(), other) {
        out.clear(&seen.at, "no variable of a builder stage is named like a secret");
    }
}
