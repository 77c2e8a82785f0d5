//! A build argument that holds a secret becomes a variable of every container.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Question, Severity, quote};

use super::variable_in_url_userinfo::variable_before_host;
use crate::facts::{EnvVar, Origin, Reach, Seen};
use crate::secret_flow::{refers, secret_variables, span_in};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "arg-promoted-to-env",
    title: "A secret build argument becomes a variable of every container",
    question: Some(Question::Secrets),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3064", "SecretsUsedInArgOrEnv", "DS-0031", "S6472"],
    doc: page!("arg_promoted_to_env.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let secrets = secret_variables(case, build);
        for (stage, body) in build.stages() {
            if build.reach(stage.id) != Reach::Image {
                continue;
            }
            for it in body {
                let Kind::Env(pairs) = &it.kind else { continue };
                for pair in pairs {
                    let from = secrets.iter().find(|secret| {
                        secret.variable.origin == Origin::Arg
                            && secret.is_before(stage.id, it.span)
                            && refers(pair.value.as_str(), &secret.variable.name)
                    });
                    let at = build.at(pair.value.span);
                    let Some(from) = from else { continue };
                    // As the login of an address it is judged there.
                    if variable_before_host(pair.value.as_str()).is_some() {
                        continue;
                    }
                    let message = format!(
                        "{} takes build argument {} into every container, and into what inspecting shows",
                        quote(pair.name.as_str()),
                        quote(&from.variable.name)
                    );
                    out.fail(&at, message).related(&from.seen.at, "the argument is declared here");
                }
            }
        }
        if let (true, Some(first)) =
            (out.findings.is_empty(), build.dockerfile.instructions().next())
        {
            out.clear(
                &build.at(first.word.span),
                "no secret build argument is put into the environment",
            );
        }
    }
}

/// Whether a variable only hands a secret build argument on, which is judged here.
pub(super) fn is_promoted(case: &Case, seen: &Seen<EnvVar>) -> bool {
    let is_env = seen.value.as_ref().is_ok_and(|it| it.origin == Origin::Env);
    if !is_env || seen.reach != Reach::Image {
        return false;
    }
    case.builds.iter().any(|build| {
        let Some(span) = span_in(build, &seen.at) else { return false };
        let Some(stage) = build.stage_at(span) else { return false };
        let text = case.text(build.source).get(span.range()).unwrap_or_default();
        text.contains('$')
            && secret_variables(case, build).iter().any(|secret| {
                secret.variable.origin == Origin::Arg
                    && secret.is_before(stage, span)
                    && refers(text, &secret.variable.name)
            })
    })
}
