//! A repository is taken as it is on the day of the build.

use dockerfile::{Base, GitRef};
use report::{Applies, Input, Locus, Outcome, Severity, Why, quote};

use crate::commands::{
    Library, RunCommand, Spec, Verb, git_checkout, git_clone, is_moving, resolved,
};
use crate::downloads::added;
use crate::facts::{RunStep, Step};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "git-ref-not-pinned",
    title: "A git repository is taken as it is on the day of the build",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    // The two of hadolint are about libraries; of those from git it asks for a ref.
    aka: &["DL3013", "DL3016"],
    doc: page!("git_ref_not_pinned.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let steps: Vec<Step<'_>> = case.facts.steps().filter(|it| !wants_newest(case, it)).collect();
    for (index, step) in steps.iter().enumerate() {
        let later = steps.get(index + 1..).unwrap_or_default();
        let later =
            later.iter().filter(|it| it.source == step.source && it.run.stage == step.run.stage);
        let later: Vec<&RunStep> = later.map(|it| it.run).collect();
        for (number, command) in step.run.commands.iter().enumerate() {
            clone(step, number, command, &later, out);
            library(step, number, command, out);
        }
    }
    for it in added(case) {
        let Some(git) = GitRef::parse(it.url) else { continue };
        let name = repository(&git.remote);
        match git.reference.as_deref() {
            _ if git.is_fixed() => out.clear(&it.at(), "one commit is named"),
            None => default_branch(&it.at(), &name, out),
            Some(branch) => judge(&it.at(), branch, &name, out),
        }
    }
}

/// Whether a stage is there to test what is newest, as images for fuzzing are.
fn wants_newest(case: &Case, step: &Step<'_>) -> bool {
    let build = case.builds.iter().find(|it| it.source == step.source);
    let base = build.and_then(|it| it.stages.root_base(step.run.stage));
    match base.map(|it| &it.base) {
        Some(Base::Image(image)) => image.familiar().starts_with("gcr.io/oss-fuzz-base/"),
        Some(Base::Scratch | Base::Stage(_) | Base::Unknown { .. }) | None => false,
    }
}

fn default_branch(at: &Locus, name: &str, out: &mut Outcome) {
    out.fail(at, format!("the newest of {} is taken, whatever that is then", quote(name)));
}

fn judge(at: &Locus, reference: &str, name: &str, out: &mut Outcome) {
    if is_moving(reference) {
        let (reference, name) = (quote(reference), quote(name));
        out.fail(at, format!("{reference} of {name} is something else from day to day"));
    } else {
        out.clear(at, "a version is named");
    }
}

/// The name of a repository in its address.
fn repository(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let name = url.rsplit(['/', ':']).next().unwrap_or(url);
    name.strip_suffix(".git").unwrap_or(name).to_owned()
}

/// `git clone`, unless something behind it checks a version out.
fn clone(
    step: &Step<'_>,
    number: usize,
    command: &RunCommand,
    later: &[&RunStep],
    out: &mut Outcome,
) {
    let Some(clone) = git_clone(command) else { return };
    let url = resolved(step.run, number, clone.url);
    let is_remote = url.text.contains("://") || url.text.contains('@') || url.text.starts_with('$');
    if !is_remote {
        return;
    }
    let at = step.at(clone.url.span);
    let name = repository(&url.text);
    if clone.fixed || checked_out(step.run, number, later) {
        out.clear(&at, "a version is checked out");
        return;
    }
    match clone.branch {
        None => default_branch(&at, &name, out),
        Some(branch) => {
            let branch = branch_value(step.run, number, command, &branch);
            match branch.strip_prefix('$') {
                Some(variable) if step.run.asks_for(variable) => {
                    out.gap(&at, Why::BuildArg(variable.into()));
                }
                Some(_) | None => judge(&at, &branch, &name, out),
            }
        }
    }
}

/// What the word behind `--branch` comes to.
fn branch_value(step: &RunStep, number: usize, command: &RunCommand, written: &str) -> String {
    let word = command.arguments().iter().find(|it| it.text().ends_with(written));
    let value = word.map(|it| resolved(step, number, it).text).unwrap_or_default();
    let value = value.rsplit('=').next().unwrap_or(&value);
    value.strip_prefix("-b").unwrap_or(value).to_owned()
}

/// Whether a later command checks something out that is no branch of the day: in this step up to
/// the next clone, else in one behind it.
fn checked_out(step: &RunStep, number: usize, later: &[&RunStep]) -> bool {
    let here = step.commands.get(number + 1..).unwrap_or_default();
    let all = here.iter().chain(later.iter().flat_map(|it| &it.commands));
    let mut chosen = all
        .take_while(|it| git_clone(it).is_none())
        .filter_map(git_checkout)
        .filter(|it| !is_moving(&it.text()));
    chosen.next().is_some()
}

/// Packages that come straight from a repository.
fn library(step: &Step<'_>, number: usize, command: &RunCommand, out: &mut Outcome) {
    let Some(call) = command.libraries().filter(|it| it.verb == Verb::Install) else { return };
    if call.library == Library::Cargo {
        return cargo(step, command, out);
    }
    for it in &call.packages {
        let at = step.at(it.span);
        let word = command.simple.words.iter().find(|word| word.span == it.span);
        let text =
            word.map_or_else(|| it.name.clone(), |word| resolved(step.run, number, word).text);
        match call.library {
            Library::Pip | Library::Uv | Library::Pipx if text.contains("git+") => {
                let url = text.split("git+").nth(1).unwrap_or(&text);
                let (url, reference) = python_reference(url);
                named(&at, &repository(url), reference, out);
            }
            Library::Npm | Library::Yarn | Library::Pnpm
                if it.spec == Spec::File && is_git(&text) =>
            {
                let (url, reference) = match text.split_once('#') {
                    Some((url, reference)) => (url, Some(reference)),
                    None => (&*text, None),
                };
                named(
                    &at,
                    &repository(url),
                    reference.map(|it| it.trim_start_matches("semver:")),
                    out,
                );
            }
            Library::Go | Library::Composer => {
                // Without a version at all it is another rule's matter.
                if let Some(version) =
                    it.version.as_deref().filter(|it| *it != "latest" && is_moving(it))
                {
                    judge(&at, version, &it.name, out);
                }
            }
            _ => {}
        }
    }
}

fn named(at: &Locus, name: &str, reference: Option<&str>, out: &mut Outcome) {
    match reference {
        None | Some("") => default_branch(at, name, out),
        Some(reference) => judge(at, reference, name, out),
    }
}

/// `https://host/repository.git@reference#egg=name`
fn python_reference(url: &str) -> (&str, Option<&str>) {
    let url = url.split('#').next().unwrap_or(url);
    let path = url.find("://").map_or(0, |it| it + 3);
    let slash = url.get(path..).and_then(|it| it.find('/')).map_or(url.len(), |it| path + it);
    match url.get(slash..).and_then(|it| it.rfind('@')) {
        Some(at) => {
            let (url, reference) = url.split_at(slash + at);
            (url, reference.strip_prefix('@'))
        }
        None => (url, None),
    }
}

fn is_git(text: &str) -> bool {
    let url = text.split('#').next().unwrap_or(text);
    let short =
        !url.contains("://") && !url.starts_with(['.', '/', '~']) && url.split('/').count() == 2;
    let archive = [".tgz", ".tar.gz"].iter().any(|it| url.ends_with(it));
    !archive
        && (url.starts_with("git") || url.ends_with(".git") || (short && !url.contains(['$', ':'])))
}

/// `cargo install --git URL`
fn cargo(step: &Step<'_>, command: &RunCommand, out: &mut Outcome) {
    let options = command.options(Library::Cargo.valued());
    let Some(flag) = options.flag(&["--git"]) else { return };
    let at = step.at(flag.word.span);
    let name = repository(flag.value.as_deref().unwrap_or_default());
    match options.value(&["--branch"]) {
        _ if options.has(&["--rev", "--tag"]) => out.clear(&at, "a version is named"),
        reference => named(&at, &name, reference, out),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_moves_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG BRANCH=main
RUN git clone --depth 1 https://example.com/a/tool.git /src && make -C /src
#                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the newest of `tool` is taken, whatever that is then
RUN git clone -b $BRANCH https://example.com/a/tool
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^ `main` of `tool` is something else from day to day
RUN git clone git@example.com:a/tool && cd tool && git checkout master
#             ^^^^^^^^^^^^^^^^^^^^^^ the newest of `tool` is taken, whatever that is then
RUN pip install git+https://example.com/a/tool.git x@git+ssh://git@example.com/a/other.git@main#egg=other
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the newest of `tool` is taken, whatever that is then
#                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `main` of `other` is something else from day to day
RUN npm install user/tool
#               ^^^^^^^^^ the newest of `tool` is taken, whatever that is then
RUN go install example.com/a/tool@master && cargo install --git https://example.com/a/tool
#              ^^^^^^^^^^^^^^^^^^^^^^^^^ `master` of `example.com/a/tool` is something else from day to day
#                                                         ^^^^^ the newest of `tool` is taken, whatever that is then
ADD https://example.com/a/tool.git /src
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the newest of `tool` is taken, whatever that is then
"#,
        );
    }

    #[test]
    fn versions_and_local_repositories_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG VERSION
RUN git clone -b v1.2 https://example.com/a && git clone /src /dst
RUN git clone https://example.com/a && cd a && git checkout $COMMIT
RUN git clone https://example.com/b /b
RUN cd /b && git reset --hard 0123456
RUN git clone --branch ${VERSION} https://example.com/c
RUN pip install git+https://example.com/a.git@v1 . && npm install user/tool#v1 @scope/x ./y
RUN cargo install --git https://example.com/a --tag v1 && go install example.com/a@v1
ADD git@example.com:a/b.git#v1.2 /src
"#,
        );
    }
}
