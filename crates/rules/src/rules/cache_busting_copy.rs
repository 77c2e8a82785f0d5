//! The source is copied before what it depends on is installed.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::commands::{Library, LibraryCall, RunCommand, Verb};
use crate::facts::{Copied, Copy, Reach, RunStep, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "cache-busting-copy",
    title: "Every change of the source installs everything again",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DF070"],
    doc: page!("cache_busting_copy.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if step.trigger {
            continue;
        }
        let Some((command, library)) =
            step.commands.iter().find_map(|it| Some((it, installs(it)?)))
        else {
            continue;
        };
        let broad = broad_copy(case, seen, step);
        // What is mounted is there again at once; what was installed before is there already.
        let cached = step.mounts.iter().any(|it| it.kind == MountKind::Cache);
        match broad {
            Some((place, span)) if !cached && !was_installed(case, step, library, place) => {
                let Locus::Text { source: of, .. } = place else { continue };
                let at = Locus::Text { source: *of, span };
                let shown = shown(command);
                let message =
                    format!("with every change of the source {} runs again", quote(&shown));
                let install = Locus::Text { source: *source, span: command.program_span() };
                out.fail(&at, message).related(&install, "what it reads could be copied first");
            }
            _ => out.clear(&seen.at, "a change of the source does not install everything again"),
        }
    }
}

fn shown(command: &RunCommand) -> String {
    let word = command.libraries().map(|it| it.word.clone()).unwrap_or_default();
    let more = if word == "mod" { " download" } else { "" };
    format!("{} {word}{more}", command.program).trim_end().to_owned()
}

/// The library whose packages a command installs as a file of the project names them, without
/// reading the project itself.
fn installs(command: &RunCommand) -> Option<Library> {
    let call = command.libraries()?;
    let options = command.options(call.library.valued());
    let named = !call.packages.is_empty();
    let whole = options.has(&["--filter", "-F", "-w", "--workspace", "--workspaces", "-r"]);
    let it = match call.library {
        // `pip install .` needs the project.
        Library::Pip => options.has(&["-r", "--requirement"]) && !named,
        Library::Npm => call.verb == Verb::Install && !named && !whole,
        Library::Yarn => call.verb == Verb::Install && !named && call.word != "add",
        Library::Pnpm => call.verb == Verb::Install && !named && !whole,
        Library::Bundler | Library::Composer => call.verb == Verb::Install && !named,
        Library::Go => is_download(call, command),
        _ => false,
    };
    it.then_some(call.library)
}

fn is_download(call: &LibraryCall, command: &RunCommand) -> bool {
    call.word == "mod" && command.arguments().iter().any(|it| it.is("download"))
}

/// The last copy of all the source before a step, within its stage, unless that is how the project
/// has to be.
fn broad_copy<'a>(
    case: &'a Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
) -> Option<(&'a Locus, Span)> {
    let before = case.facts.copies.iter().filter(|it| it.at < seen.at);
    let own = before.filter_map(|it| Some((&it.at, it.value.as_ref().ok()?)));
    own.filter(|(_, it)| it.stage == step.stage).find_map(|(at, it)| Some((at, whole_context(it)?)))
}

fn whole_context(it: &Copy) -> Option<Span> {
    if it.from.is_some() {
        return None;
    }
    let whole = |it: &&(Copied, Span)| match &it.0 {
        Copied::Path(path) => matches!(&**path, "." | "./" | "/" | "*" | "./*"),
        Copied::Url(_) | Copied::Inline | Copied::Unknown(_) => false,
    };
    it.sources.iter().find(whole).map(|it| it.1)
}

/// Whether a step before a place installed the same already, from files that were copied apart.
fn was_installed(case: &Case, step: &RunStep, library: Library, before: &Locus) -> bool {
    let steps = case.facts.runs.iter().filter(|it| it.at < *before);
    let steps = steps.filter_map(|it| it.value.as_ref().ok());
    let chain = case.builds.first().map(|it| it.stages.lineage(step.stage)).unwrap_or_default();
    steps
        .filter(|it| chain.contains(&it.stage))
        .flat_map(|it| &it.commands)
        .any(|it| installs(it) == Some(library))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_source_comes_first() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:22
COPY . .
#    ^ with every change of the source `npm ci` runs again
RUN npm ci && npm run build
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
ADD ./ /app
#   ^^ with every change of the source `pip3 install` runs again
RUN pip3 install -r requirements.txt
"#,
        );
    }

    #[test]
    fn what_needs_the_source_or_is_kept_anyway() {
        for text in [
            "COPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm run build",
            "COPY package*.json ./\nRUN npm install\nCOPY . .\nRUN npm install && npm test",
            "COPY . .\nRUN pip install .",
            "COPY . .\nRUN pip install -e . -r requirements.txt",
            "COPY . .\nRUN npm install -g x@1",
            "COPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci",
            "COPY . .\nRUN pnpm install --filter app",
            "COPY src /app\nRUN npm ci",
            "COPY --from=x . .\nRUN npm ci",
            "COPY . .\nRUN go build ./...",
        ] {
            check_dockerfile(&RULE, &format!("\nFROM node:22\n{text}\n"));
        }
    }
}
