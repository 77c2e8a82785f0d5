//! A build argument that holds a secret is used by a step.

use dockerfile::{Instruction, Kind};
use report::{Applies, Fix, Input, Locus, Outcome, Question, Safety, Severity, quote};
use text::{Edit, Span};

use super::hardcoded_secret_value::overlap;
use super::variable_in_url_userinfo::userinfo;
use crate::case::Build;
use crate::commands::RunCommand;
use crate::facts::{Origin, Reach, RunStep};
use crate::secret_flow::{MountedSecrets, SecretVariable, refers, secret_variables, uses};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "secret-arg-flow",
    title: "A secret build argument is used by a step",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["ruby/prefer-secret-mounts-for-build-credentials"],
    doc: page!("secret_arg_flow.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        let arguments = secret_variables(case, build).into_iter();
        for it in arguments.filter(|it| it.variable.origin == Origin::Arg) {
            judge(case, build, it, out);
        }
    }
    if let (true, Some(seen)) = (out.findings.is_empty(), case.facts.runs.first()) {
        out.clear(&seen.at, "no step of the image uses a secret build argument");
    }
}

fn judge(case: &Case, build: &Build, it: SecretVariable<'_>, out: &mut Outcome) {
    let name = &it.variable.name;
    let mut steps: Vec<&RunStep> = Vec::new();
    let mut places: Vec<Locus> = Vec::new();
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        let ours = matches!(seen.at, Locus::Text { source, .. } if source == build.source);
        if !ours || seen.reach != Reach::Image || !it.is_seen_by(build, step) {
            continue;
        }
        if MountedSecrets::of(step).names.contains(name) {
            continue;
        }
        let found = step.commands.iter().flat_map(|command| open_uses(case, build, command, name));
        let found: Vec<Span> = found.collect();
        if !found.is_empty() {
            steps.push(step);
            places.extend(found.into_iter().map(|span| build.at(span)));
        }
    }
    let Some((first, rest)) = places.split_first() else { return };
    let message = format!(
        "build argument {} is used here; its value stays in the history of the image",
        quote(name)
    );
    let mount = mount(name);
    let fix = to_mount(case, build, it, &steps, &mount);
    let finding = out.fail(first, message).fix(fix);
    for other in rest.iter().take(3) {
        finding.related(other, "and here");
    }
    finding.related(&it.seen.at, "it is declared here");
    finding.related(first, format!("the right way: RUN {mount} …"));
}

fn mount(name: &str) -> String {
    let id = name.to_ascii_lowercase().replace('_', "-");
    format!("--mount=type=secret,id={id},env={name}")
}

/// The uses that no other rule judges: as the login of an address, or where a program keeps it.
fn open_uses(case: &Case, build: &Build, command: &RunCommand, name: &str) -> Vec<Span> {
    let mut found = uses(command, name);
    let values = command.simple.assignments.iter().map(|it| &it.value);
    let logins: Vec<Span> = values
        .chain(&command.simple.words)
        .flat_map(userinfo)
        .filter_map(|it| match it {
            dockerfile::shell::Part::Variable { raw, .. } => Some(raw.whole()),
            _ => None,
        })
        .collect();
    found.retain(|it| !logins.contains(it));
    let kept = case
        .facts
        .credentials
        .iter()
        .filter(|it| it.value.as_ref().is_ok_and(|it| it.kept.is_some()));
    let kept: Vec<&Locus> = kept.map(|it| &it.at).collect();
    found.retain(|it| !kept.iter().any(|at| overlap(at, &build.at(*it))));
    found
}

/// Takes the argument away and mounts a secret in the steps that use it. Only where nothing else
/// does, and where no default has to go somewhere.
fn to_mount(
    case: &Case,
    build: &Build,
    it: SecretVariable<'_>,
    steps: &[&RunStep],
    mount: &str,
) -> Option<Fix> {
    let name = &it.variable.name;
    let at = crate::secret_flow::span_in(build, &it.seen.at)?;
    let text = case.text(build.source);
    let declares = |one: &&Instruction| one.span.contains(Span::at(at.start()));
    let declaration = build.dockerfile.instructions().find(declares)?;
    let Kind::Arg(list) = &declaration.kind else { return None };
    if list.len() != 1 || list.iter().any(|it| it.default.is_some()) {
        return None;
    }
    let used_elsewhere = build.dockerfile.instructions().any(|it| {
        let text = text.get(it.span.range()).unwrap_or_default();
        refers(text, name)
            && !steps.iter().any(|step| it.span.contains(Span::at(step.code.start())))
    });
    let again = case
        .facts
        .env
        .iter()
        .filter(|other| other.value.as_ref().is_ok_and(|other| other.name == *name));
    if used_elsewhere || again.count() != 1 {
        return None;
    }
    let mut edits = vec![Edit { span: line_of(text, declaration.span), with: String::new() }];
    for step in steps {
        let start = step.code.start();
        let word = text.get(start as usize..start as usize + 3)?;
        if !word.eq_ignore_ascii_case("run") {
            return None;
        }
        edits.push(Edit { span: Span::at(start + 3), with: format!(" {mount}") });
    }
    let title = format!("Hand {} to the step as a secret mount", quote(name));
    fix::edits(title, &build.at(at), |_| edits, Safety::Review)
}

/// An instruction with the end of its line.
fn line_of(text: &str, span: Span) -> Span {
    let rest = text.get(span.end() as usize..).unwrap_or_default();
    let ends = ["\r\n", "\n"].iter().find(|it| rest.starts_with(**it)).map_or(0, |it| it.len());
    let inside = text.get(span.range()).is_some_and(|it| it.ends_with('\n'));
    let end = span.end() as usize + if inside { 0 } else { ends };
    Span::of(span.start() as usize..end)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_first_use_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG DEPLOY_TOKEN
RUN ./fetch --with "$DEPLOY_TOKEN" && echo "${DEPLOY_TOKEN}" > /dev/null
#                   ^^^^^^^^^^^^^ build argument `DEPLOY_TOKEN` is used here; its value stays in the history of the image
"#,
        );
    }

    #[test]
    fn arguments_of_other_stages_and_of_later_lines_are_not_seen() {
        check_dockerfile(
            &RULE,
            "\nFROM debian:13 AS a\nARG API_TOKEN\nFROM a\nRUN echo $API_TOKEN\nARG API_TOKEN\n",
        );
    }
}
