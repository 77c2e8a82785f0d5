//! A variable that nothing sets.

use std::collections::BTreeSet;

use dockerfile::{Base, Expansion, Instruction, Kind, Reason, Scope, StageId, Word};
use report::{Applies, Input, Outcome, Safety, Severity, Why, quote};

use crate::walk::walk;
use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "undefined-variable",
    title: "A variable is used that nothing sets",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["UndefinedVar", "S6579", "DF087"],
    doc: page!("undefined_variable.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut told: BTreeSet<(StageId, String)> = BTreeSet::new();
    walk(case, |build, stage, it, state| {
        let mut sound = None;
        for word in words(it).into_iter().filter(|it| it.as_str().contains('$')) {
            let value = state.scope.expand(word.as_str(), build.dockerfile.escape);
            sound = sound.or(Some(true));
            for name in open_names(&value) {
                let Some(place) = word.places_of(name).first().copied() else { continue };
                let twice = told.contains(&(stage, name.to_owned()));
                if twice || has_fallback(word, name) || adds_to(it, name) {
                    continue;
                }
                let at = build.at(place);
                match judged(build, stage, &state.scope, name) {
                    Judged::Unset(message, near) => {
                        sound = Some(false);
                        told.insert((stage, name.to_owned()));
                        let fix = near.and_then(|it| {
                            fix::replace(format!("Write {}", quote(&it)), &at, &it, Safety::Review)
                        });
                        out.fail(&at, message).fix(fix);
                    }
                    Judged::Open(why) => {
                        sound = Some(false);
                        told.insert((stage, name.to_owned()));
                        out.gap(&at, why);
                    }
                    Judged::Fine => {}
                }
            }
        }
        if sound == Some(true) {
            out.clear(&build.at(it.word.span), "every variable is set");
        }
    });
}

/// The words of an instruction in which the builder resolves variables.
fn words(it: &Instruction) -> Vec<&Word> {
    let mut words: Vec<&Word> = match &it.kind {
        Kind::Add(paths) | Kind::Copy(paths) => {
            let sources = paths.sources.iter().filter(|it| !it.as_str().starts_with("<<"));
            sources.chain(&paths.destination).collect()
        }
        Kind::Arg(declared) => declared.iter().filter_map(|it| it.default.as_ref()).collect(),
        Kind::Env(pairs) | Kind::Label(pairs) => pairs.iter().map(|it| &it.value).collect(),
        Kind::Expose(all) | Kind::Volume(all) => all.iter().collect(),
        Kind::Stopsignal(word) | Kind::User(word) | Kind::Workdir(word) => vec![word],
        Kind::Cmd(_)
        | Kind::Entrypoint(_)
        | Kind::From(_)
        | Kind::Healthcheck(_)
        | Kind::Maintainer(_)
        | Kind::Onbuild(_)
        | Kind::Run(_)
        | Kind::Shell(_)
        | Kind::Unknown => return Vec::new(),
    };
    let flags = it.flags.iter().filter(|it| it.name == "chown" || it.name == "chmod");
    words.extend(flags.filter_map(|it| it.value.as_ref()));
    words
}

fn open_names(value: &Expansion) -> impl Iterator<Item = &str> {
    let open = value.unknown.iter().filter(|it| match it.reason {
        Reason::Undeclared | Reason::Unset => true,
        Reason::BuildArg | Reason::TooLong => false,
    });
    // `$1` and `$@` are meant for something else.
    open.map(|it| it.name.as_str())
        .filter(|it| it.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

/// Whether the word says what to do without the variable, as in `${name:-x}` and `${name+:$name}`.
fn has_fallback(word: &Word, name: &str) -> bool {
    let text = word.as_str();
    text.contains(&format!("${{{name}:"))
        || text.contains(&format!("${{{name}+"))
        || text.contains(&format!("${{{name}-"))
}

/// Whether an `ENV` adds something to what the variable may hold already.
fn adds_to(it: &Instruction, name: &str) -> bool {
    let Kind::Env(pairs) = &it.kind else { return false };
    pairs.iter().any(|it| it.name.as_str() == name && it.value.as_str().contains(':'))
}

enum Judged {
    Unset(String, Option<String>),
    Open(Why),
    Fine,
}

fn judged(build: &Build, stage: StageId, scope: &Scope, name: &str) -> Judged {
    // What is set to something unknown is set.
    if ALWAYS.contains(&name) || scope.declares(name) {
        return Judged::Fine;
    }
    if build.stages.globals.declares(name) {
        let message = format!(
            "{} is an argument of `FROM` only: this stage does not declare it",
            quote(name)
        );
        return Judged::Unset(message, None);
    }
    let usual = ALWAYS.into_iter().filter(|it| it.len() == name.len());
    let near = text::nearest(name, scope.names().chain(usual));
    if let Some(near) = near.filter(|it| it.len() > 3 && name.len() > 3) {
        let message = format!("nothing sets {}; did you mean {}?", quote(name), quote(near));
        return Judged::Unset(message, Some(near.to_owned()));
    }
    match build.stages.root_base(stage).map(|it| &it.base) {
        Some(Base::Image(image)) if image.repository.is_empty() => Judged::Fine,
        Some(Base::Image(image)) if !is_plain(image) => {
            Judged::Open(Why::BaseImage(image.to_string().into()))
        }
        Some(Base::Unknown { variable, .. }) => {
            Judged::Open(Why::BuildArg(variable.as_str().into()))
        }
        _ => Judged::Unset(format!("nothing sets {}, so it is empty here", quote(name)), None),
    }
}

/// Set in nearly every image, or by the builder itself.
const ALWAYS: [&str; 14] = [
    "PATH",
    "HOME",
    "HOSTNAME",
    "TERM",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PYTHONPATH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
];

/// Images of distributions: they set `PATH` and hardly anything else.
fn is_plain(image: &dockerfile::ImageRef) -> bool {
    const PLAIN: [&str; 16] = [
        "alpine",
        "debian",
        "ubuntu",
        "busybox",
        "fedora",
        "centos",
        "rockylinux",
        "almalinux",
        "oraclelinux",
        "amazonlinux",
        "archlinux",
        "photon",
        "opensuse/leap",
        "opensuse/tumbleweed",
        "quay.io/centos/centos",
        "cgr.dev/chainguard/wolfi-base",
    ];
    PLAIN.contains(&&*image.familiar())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn variables_that_nothing_sets() {
        check_dockerfile(
            &RULE,
            r#"
ARG VERSION=1
FROM debian:13 AS a
ARG DIR_BINARIES=binaries/
ENV PATH=$PAHT:/opt/bin:$PATH
#         ^^^^ nothing sets `PAHT`; did you mean `PATH`?
COPY $DIR_BINARIE .
#     ^^^^^^^^^^^ nothing sets `DIR_BINARIE`; did you mean `DIR_BINARIES`?
COPY --chown=$USER x /opt/$VERSION/
#                          ^^^^^^^ `VERSION` is an argument of `FROM` only: this stage does not declare it
#             ^^^^ nothing sets `USER`, so it is empty here
LABEL v=$VERSION
ENV A=1
RUN echo $NOWHERE
CMD echo $NOWHERE
FROM a
ENV B=$A PKG_CONFIG_PATH=/x:$PKG_CONFIG_PATH C=${NONE:-1} D=${NONE:+x} E='$NONE' F=\$NONE
FROM example.com/a:1
ENV B=$JAVA_HOME/bin
"#,
        );
    }

    #[test]
    fn what_was_meant_is_written() {
        assert_eq!(
            fixed(&RULE, "FROM debian:13\nARG RELEASE=1\nLABEL v=\"${RELAESE}\"\n"),
            "FROM debian:13\nARG RELEASE=1\nLABEL v=\"${RELEASE}\"\n"
        );
    }
}
