//! What a secret mount brings is written into the image.

use dockerfile::MountKind;
use dockerfile::shell::{Part, ShellWord};
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use super::hardcoded_secret_value::holds;
use super::variable_in_url_userinfo::userinfo;
use crate::commands::RunCommand;
use crate::facts::{Reach, RunStep, Seen};
use crate::secret_flow::{MountedSecrets, is_removed, refers};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "secret-mount-persisted",
    title: "A mounted secret is written into the image",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("secret_mount_persisted.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        let mounted = MountedSecrets::of(step);
        if mounted.is_empty() {
            continue;
        }
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let found = found(case, seen, step, &mounted);
        let Locus::Text { source, .. } = &seen.at else { continue };
        if found.is_empty() {
            out.clear(&seen.at, "what the secret mount brings is not seen to be written anywhere");
        }
        for (span, message) in found {
            out.fail(&Locus::Text { source: *source, span }, message);
        }
    }
}

type Found = (Span, String);

fn found<T>(case: &Case, seen: &Seen<T>, step: &RunStep, mounted: &MountedSecrets) -> Vec<Found> {
    let mut out: Vec<Found> = Vec::new();
    for command in &step.commands {
        out.extend(copied(step, command, mounted).or_else(|| written(step, command, mounted)));
        out.extend(address(step, command, mounted));
        out.extend(edited(command, mounted));
    }
    for it in case.facts.credentials.iter().filter(|it| holds(&seen.at, &it.at)) {
        let (Ok(given), Locus::Text { span, .. }) = (&it.value, &it.at) else { continue };
        let command = step.commands.iter().find(|it| it.simple.span == given.command);
        let word = command.and_then(|it| it.simple.words.iter().find(|it| it.span.contains(*span)));
        let carried =
            word.is_some_and(|it| mounted.is_carried_by(it) || mounted.is_named_in(&it.text()));
        let Some(file) = given.kept.filter(|file| carried && !is_removed(step, file)) else {
            continue;
        };
        if mounts_file(step, file) {
            continue;
        }
        let file = if file.contains(' ') { file.to_owned() } else { quote(file) };
        out.push((
            *span,
            format!(
                "{} keeps the mounted secret in {file}, and so in the image",
                quote(&given.program)
            ),
        ));
    }
    out
}

/// Whether a file of this name is itself a mount, so that nothing stays.
fn mounts_file(step: &RunStep, file: &str) -> bool {
    step.mounts.iter().any(|it| it.target.as_deref().is_some_and(|it| it.ends_with(file)))
}

/// Whether what is written at a path stays in the image.
fn stays(step: &RunStep, path: &str) -> bool {
    let passing = [MountKind::Tmpfs, MountKind::Secret, MountKind::Cache, MountKind::Bind];
    let dropped = ["/dev/", "/proc/", "/run/secrets"].iter().any(|it| path.starts_with(it));
    !dropped && !step.mounts_over(&passing, path) && !is_removed(step, path)
}

/// `cp /run/secrets/x /root/.npmrc`.
fn copied(step: &RunStep, command: &RunCommand, mounted: &MountedSecrets) -> Option<Found> {
    if !command.runs(&["cp", "install", "mv", "rsync"]) {
        return None;
    }
    let operands: Vec<&ShellWord> =
        command.arguments().iter().filter(|it| !it.text().starts_with('-')).collect();
    let (target, sources) = operands.split_last()?;
    let source = sources.iter().find(|it| mounted.is_named_in(&it.text()))?;
    let path = target.text();
    // A copy in a folder goes by the name of what is copied.
    let name = source.text().rsplit('/').next().unwrap_or_default().to_owned();
    let inside = format!("{}/{name}", path.trim_end_matches('/'));
    (stays(step, &path) && stays(step, &inside)).then(|| {
        (
            source.span,
            format!("the mounted secret is copied to {}, and so into the image", quote(&path)),
        )
    })
}

/// `cat /run/secrets/x > file`, `echo "token=$(cat /run/secrets/x)" > file`, a here-document with
/// the value in it, and the same through `tee`.
fn written(step: &RunStep, command: &RunCommand, mounted: &MountedSecrets) -> Option<Found> {
    let reads = command
        .runs(&["cat", "base64", "tr", "sed", "awk", "head", "tail", "envsubst", "jq", "cut"]);
    let prints = command.runs(&["echo", "printf"]);
    let named = |it: &&ShellWord| {
        (reads && mounted.is_named_in(&it.text())) || (prints && mounted.is_carried_by(it))
    };
    let word = command.arguments().iter().find(named).map(|it| it.span);
    let body = command.simple.redirects.iter().filter_map(|it| it.body.as_ref()).find(|body| {
        let text = body.as_str();
        mounted.is_named_in(text) && text.contains("$(")
            || mounted.names.iter().any(|it| refers(text, it))
    });
    let span = word.or_else(|| body.map(|it| it.whole()))?;
    if command.place.substituted {
        return None;
    }
    // What a command prints goes on to the end of its pipeline.
    let rest = step.pipeline(command).filter(|it| it.place.index >= command.place.index);
    let path = rest.filter_map(goes_to).last()?;
    stays(step, &path).then(|| {
        (span, format!("the mounted secret is written to {}, and so into the image", quote(&path)))
    })
}

/// The file that a command's output goes to.
fn goes_to(command: &RunCommand) -> Option<String> {
    if command.runs(&["tee"]) {
        let file = command.arguments().iter().find(|it| !it.text().starts_with('-'));
        return file.map(|it| it.text().into_owned());
    }
    let file = command.simple.redirects.iter().rfind(|it| {
        matches!(it.operator, ">" | ">>" | ">|") && matches!(it.descriptor, None | Some(1))
    });
    file.map(|it| it.target.text().into_owned())
}

/// `git clone https://$(cat /run/secrets/x)@…`: git keeps the address.
fn address(step: &RunStep, command: &RunCommand, mounted: &MountedSecrets) -> Option<Found> {
    if !command.runs(&["git"]) {
        return None;
    }
    let verb = |of: &[&str]| command.arguments().iter().any(|it| of.iter().any(|verb| it.is(verb)));
    let file = if verb(&["clone", "remote", "submodule"]) {
        ".git"
    } else if verb(&["config"]) {
        ".gitconfig"
    } else {
        return None;
    };
    let word = command.arguments().iter().find(|it| {
        userinfo(it).into_iter().any(|part| {
            let alone = ShellWord { span: it.span, parts: vec![part.clone()] };
            mounted.is_carried_by(&alone)
        })
    })?;
    let undone = step.commands.iter().filter(|it| it.runs(&["git"])).any(|it| {
        let has = |text: &str| it.arguments().iter().any(|word| word.is(text));
        has("set-url")
            || has("--unset")
            || has("--remove-section")
            || has("remove") && has("remote")
    });
    if undone || is_removed(step, file) || mounts_file(step, file) {
        return None;
    }
    let span = word.parts.iter().find_map(|it| match it {
        Part::Variable { raw, .. } | Part::Commands { raw, .. } => Some(raw.whole()),
        _ => None,
    });
    let shown = if file == ".git" { ".git/config" } else { file };
    Some((
        span.unwrap_or(word.span),
        format!(
            "git keeps the address with the mounted secret in {}, and so in the image",
            quote(shown)
        ),
    ))
}

/// `sed -i "s/TOKEN/$(cat /run/secrets/x)/" file`.
fn edited(command: &RunCommand, mounted: &MountedSecrets) -> Option<Found> {
    let in_place = command.runs(&["sed"])
        && command.arguments().iter().any(|it| it.text().starts_with("-i") || it.is("--in-place"));
    let word = command.arguments().iter().find(|it| in_place && mounted.is_carried_by(it))?;
    Some((word.span, "the mounted secret is put into a file of the image".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn each_way_into_the_image_is_found() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN --mount=type=secret,id=t cp /run/secrets/t /root/.npmrc
#                               ^^^^^^^^^^^^^^ the mounted secret is copied to `/root/.npmrc`, and so into the image
RUN --mount=type=secret,id=t cat /run/secrets/t | base64 -d > /etc/key
#                                ^^^^^^^^^^^^^^ the mounted secret is written to `/etc/key`, and so into the image
RUN --mount=type=secret,id=t T=$(cat /run/secrets/t) && echo "token=$T" >> /etc/x.conf
#                                                            ^^^^^^^^^^ the mounted secret is written to `/etc/x.conf`, and so into the image
RUN --mount=type=secret,id=t,env=T npm config set //r/:_authToken $T
#                                                                 ^^ `npm` keeps the mounted secret in `.npmrc`, and so in the image
RUN --mount=type=secret,id=t git clone https://$(cat /run/secrets/t)@git.example.com/x
#                                              ^^^^^^^^^^^^^^^^^^^^^ git keeps the address with the mounted secret in `.git/config`, and so in the image
RUN --mount=type=secret,id=t sed -i "s/T/$(cat /run/secrets/t)/" /etc/x.conf
#                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the mounted secret is put into a file of the image
"#,
        );
    }

    #[test]
    fn what_does_not_stay_is_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN --mount=type=secret,id=t cp /run/secrets/t /root/.npmrc && npm ci && rm -f /root/.npmrc
RUN --mount=type=secret,id=t --mount=type=tmpfs,target=/work cat /run/secrets/t > /work/key
RUN --mount=type=secret,id=t,target=/root/.npmrc npm ci
RUN --mount=type=secret,id=t curl -H "Authorization: Bearer $(cat /run/secrets/t)" https://x > /srv/a.tgz
RUN --mount=type=secret,id=t ln -s /run/secrets/t /root/.netrc
RUN --mount=type=secret,id=t git clone https://$(cat /run/secrets/t)@x/y /y && rm -rf /y/.git
RUN --mount=type=secret,id=t export T=$(cat /run/secrets/t) && ./build > /dev/null
"#,
        );
    }
}
