//! Libraries are installed without a version.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::commands::{Library, LibraryCall, Options, RunCommand, Spec, Verb};
use crate::facts::{Copied, Reach, RunStep, Seen};
use crate::layers::copies_before;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unpinned-libraries",
    title: "Libraries are installed in whatever version is newest",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[
        "pip-pin-version",
        "npm-pin-version",
        "gem-pin-version",
        "go-pin-version",
        "DL3013",
        "DL3016",
        "DL3028",
        "DL3062",
        "02d9c71f",
        "e36d8880",
        "22cd11f7",
        "DF051",
        "DF053",
        "DF054",
    ],
    doc: page!("unpinned_libraries.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut clear = false;
        for command in &step.commands {
            let Some(call) = command.libraries() else { continue };
            let Some(open) = without_version(case, seen, step, command, call) else { continue };
            let Some((name, span)) = open.first() else {
                clear = true;
                continue;
            };
            out.fail(&Locus::Text { source: *source, span: *span }, message(name, open.len()));
        }
        if clear {
            out.clear(&seen.at, "what is installed has a version, or a file that names it");
        }
    }
}

fn message(name: &str, n: usize) -> String {
    let name = quote(name);
    match n {
        1 => format!("{name} is installed in whatever version is newest when somebody builds"),
        _ => format!(
            "{name} and {} more are installed in whatever version is newest when somebody builds",
            n - 1
        ),
    }
}

type Named = (String, Span);

/// The packages a call names without a version; nothing if it is no call that names packages.
fn without_version(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    command: &RunCommand,
    call: &LibraryCall,
) -> Option<Vec<Named>> {
    let options = command.options(call.library.valued());
    let named = call.packages.iter().filter(|it| it.spec == Spec::Name);
    let bare = || named.clone().filter(|it| it.version.is_none());
    match call.library {
        Library::Pip | Library::Uv | Library::Pipx if call.word == "install" => {
            if decided_elsewhere(step, &options) {
                return Some(Vec::new());
            }
            // Whoever upgrades the installer itself wants the newest.
            let upgrades = options.has(&["-U", "--upgrade"]);
            let installer = |name: &str| matches!(name, "pip" | "setuptools" | "wheel");
            let open = bare().filter(|it| !(upgrades && installer(&it.name)));
            Some(open.map(|it| (it.name.clone(), it.span)).collect())
        }
        Library::Npm if call.verb == Verb::Install => (!call.packages.is_empty())
            .then(|| bare().map(|it| (it.name.clone(), it.span)).collect()),
        Library::Gem if call.verb == Verb::Install => {
            if options.has(&["-g", "--file"]) {
                return Some(Vec::new());
            }
            Some(bare().map(|it| (it.name.clone(), it.span)).collect())
        }
        Library::Go => go(case, seen, step, call, &options),
        _ => None,
    }
}

/// Whether a file says which versions pip takes, or where it may take them from.
fn decided_elsewhere(step: &RunStep, options: &Options<'_>) -> bool {
    options.has(&[
        "-r",
        "--requirement",
        "--requirements",
        "-c",
        "--constraint",
        "--constraints",
        "--require-hashes",
        "--no-index",
    ]) || step.scope.declares("PIP_CONSTRAINT")
}

/// `go install`, `go get` and `go run` of a remote package. In a module its `go.mod` decides, unless
/// the call itself does.
fn go(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    call: &LibraryCall,
    options: &Options<'_>,
) -> Option<Vec<Named>> {
    let operands: &[&ShellWord] = options.operands.get(1..)?;
    // What follows the program of `go run` are that program's arguments.
    let packages = match &*call.word {
        "install" | "get" => operands,
        "run" => operands.get(..1)?,
        _ => return None,
    };
    let remote = |it: &&&ShellWord| {
        let text = it.text();
        // The paths of the standard library have no dot in their first part.
        let first = text.split('/').next().unwrap_or_default();
        text.contains('/')
            && first.contains('.')
            && !first.starts_with('.')
            && !text.ends_with(".go")
    };
    let packages: Vec<&&ShellWord> = packages.iter().filter(remote).collect();
    if packages.is_empty() {
        return None;
    }
    let module = in_module(case, seen, step);
    let open = |it: &&&&ShellWord| match it.text().split_once('@') {
        Some((_, version)) => version == "latest",
        None => !module && !it.text().contains('$'),
    };
    let name = |it: &ShellWord| it.text().split('@').next().unwrap_or_default().to_owned();
    Some(packages.iter().filter(open).map(|it| (name(it), it.span)).collect())
}

/// Whether a `go.mod` was copied before.
fn in_module(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> bool {
    let holds_module = |it: &Copied| match it {
        Copied::Path(path) => {
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            name == "go.mod"
                || !name.contains('.')
                || name.contains('*')
                || matches!(name, "." | "..")
        }
        Copied::Unknown(_) => true,
        Copied::Url(_) | Copied::Inline => false,
    };
    let copied = copies_before(case, step.stage, &seen.at)
        .any(|it| it.sources.iter().any(|(source, _)| holds_module(source)));
    let mounted = step.mounts.iter().any(|it| it.kind == dockerfile::MountKind::Bind);
    copied
        || mounted
        || step.commands.iter().any(|it| {
            let starts = |call: &LibraryCall| call.library == Library::Go && call.word == "mod";
            it.libraries().is_some_and(starts) || it.runs(&["git"])
        })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn pip() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
RUN pip install flask 'requests[socks]' gunicorn==23
#               ^^^^^ `flask` and 1 more are installed in whatever version is newest when somebody builds
RUN python3 -m pip install --index-url https://example.com/simple flask
#                                                                 ^^^^^ `flask` is installed in whatever version is newest when somebody builds
RUN ["pip3", "install", "flask"]
#                       ^^^^^^^ `flask` is installed in whatever version is newest when somebody builds
RUN uv pip install --system flask && pipx install black
#                           ^^^^^ `flask` is installed in whatever version is newest when somebody builds
#                                                 ^^^^^ `black` is installed in whatever version is newest when somebody builds
RUN pip install --upgrade pip && pip install pip
#                                            ^^^ `pip` is installed in whatever version is newest when somebody builds
RUN pip install -r requirements.txt && pip install -e . ./a ./b.whl https://example.com/c.tar.gz
RUN pip install 'flask>=2' "django~=5.0" a==$VERSION $MORE git+https://example.com/x@v1
RUN pip install flask -c constraints.txt && pip install --no-index --find-links=/wheels flask
RUN pip uninstall flask && pip download flask && pip install && echo pip install flask
"#,
        );
        check_dockerfile(
            &RULE,
            "\nFROM python:3.13\nENV PIP_CONSTRAINT=/c.txt\nRUN pip install a\n",
        );
    }

    #[test]
    fn npm_and_gem() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:22
RUN npm install -g typescript && npm i @angular/cli
#                  ^^^^^^^^^^ `typescript` is installed in whatever version is newest when somebody builds
#                                      ^^^^^^^^^^^^ `@angular/cli` is installed in whatever version is newest when somebody builds
RUN ["npm","add","sax"]
#                ^^^^^ `sax` is installed in whatever version is newest when somebody builds
RUN npm install && npm ci && npm install sax@1 @angular/cli@17 sax@latest ./folder user/repo
RUN npm install git+ssh://git@example.com/x.git file.tgz --registry https://example.com && npm run build
RUN gem install bundler
#               ^^^^^^^ `bundler` is installed in whatever version is newest when somebody builds
RUN gem install bundler:2.5 && gem install rails -v 7.1 && gem install rails --version="$V" -- --with-x
RUN bundle install && gem update --system
"#,
        );
    }

    #[test]
    fn go_asks_the_module_first() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25
RUN go install github.com/a/b github.com/c/d@v1 && go get golang.org/x/net/html
#              ^^^^^^^^^^^^^^ `github.com/a/b` is installed in whatever version is newest when somebody builds
#                                                         ^^^^^^^^^^^^^^^^^^^^^ `golang.org/x/net/html` is installed in whatever version is newest when somebody builds
RUN go run github.com/a/b@latest github.com/c/d
#          ^^^^^^^^^^^^^^^^^^^^^ `github.com/a/b` is installed in whatever version is newest when somebody builds
RUN go run github.com/a/b@v1 github.com/c/d && go install ./cmd/x net/http && go get -d ./... && go build example.com/x
COPY go.mod go.sum ./
RUN go install github.com/a/b && go get golang.org/x/net && go install github.com/e/f@latest
#                                                                      ^^^^^^^^^^^^^^^^^^^^^ `github.com/e/f` is installed in whatever version is newest when somebody builds
"#,
        );
    }
}
