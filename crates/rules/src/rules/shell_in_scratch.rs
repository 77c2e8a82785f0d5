//! A shell form where there is no shell.

use dockerfile::{Base, Form, Healthcheck, Instruction, Keyword, Kind, StageId};
use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::Copied;
use crate::knowledge::base_image::Shell;
use crate::walk::walk;
use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "shell-in-scratch",
    title: "A shell is asked for in an image that has none",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["shell-run-in-scratch"],
    doc: page!("shell_in_scratch.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, stage, it, state| {
        let Some(keyword) = shell_form(it) else { return };
        let at = build.at(it.word.span);
        let Some(base) = without_shell(build, stage) else { return };
        if state.shell.is_some() || brings_one(case, build, stage) || it.flag("mount").is_some() {
            out.clear(&at, "a shell may have been copied in");
            return;
        }
        let message =
            format!("{base} has no shell, and this form of `{}` needs one", keyword.name());
        out.fail(&at, message);
    });
}

/// The keyword of an instruction whose command a shell runs.
fn shell_form(it: &Instruction) -> Option<Keyword> {
    let shell = match &it.kind {
        Kind::Run(run) => matches!(run.form, Form::Shell(_)),
        Kind::Cmd(form) | Kind::Entrypoint(form) | Kind::Healthcheck(Healthcheck::Cmd(form)) => {
            matches!(form, Form::Shell(text) if !text.is_empty())
        }
        _ => false,
    };
    it.keyword.filter(|_| shell)
}

/// What a stage is built on, when that is known to hold no shell.
fn without_shell(build: &Build, stage: StageId) -> Option<String> {
    match &build.stages.root_base(stage)?.base {
        Base::Scratch => Some("`scratch`".to_owned()),
        Base::Image(image) => {
            let system = build.known_base(stage)?.system?;
            (system.sh == Shell::None).then(|| quote(&image.to_string()))
        }
        Base::Stage(_) | Base::Unknown { .. } => None,
    }
}

/// Whether a copy of its chain may bring a shell: one into the folders of programs, a whole tree, or
/// an archive that is unpacked.
fn brings_one(case: &Case, build: &Build, stage: StageId) -> bool {
    let chain = build.stages.lineage(stage);
    let copies = case.facts.copies.iter().filter_map(|it| it.value.as_ref().ok());
    let mut copies = copies.filter(|it| chain.contains(&it.stage));
    copies.any(|it| {
        let to = it.destination.trim_end_matches('/');
        let shell = |source: &Copied| match source {
            Copied::Path(path) | Copied::Url(path) | Copied::Unknown(path) => {
                let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                path.starts_with('$')
                    || matches!(name, "" | "." | "*")
                    || name.contains("busybox")
                    || name.ends_with("sh")
            }
            Copied::Inline => false,
        };
        let tree = to.is_empty() || to == "." || it.destination.starts_with('$');
        it.add
            || is_folder_of_programs(to)
            || (tree
                && (it.from.is_some() || it.sources.iter().any(|(it, _)| shell(it) || is_tree(it))))
    })
}

fn is_folder_of_programs(path: &str) -> bool {
    const FOLDERS: [&str; 7] =
        ["/bin", "/sbin", "/usr/bin", "/usr", "/usr/local/bin", "/busybox", "/bin/sh"];
    FOLDERS.contains(&path) || path.starts_with("/bin/") || path.ends_with("/sh")
}

/// Whether a source can be a folder, with whatever in it.
fn is_tree(source: &Copied) -> bool {
    match source {
        Copied::Path(path) => {
            !path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().contains('.')
                && path.ends_with('/')
                || path.contains("root")
                || path.contains("out")
        }
        Copied::Url(_) | Copied::Inline => false,
        Copied::Unknown(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn forms_that_need_a_shell() {
        check_dockerfile(
            &RULE,
            r#"
FROM scratch AS a
COPY app /app
RUN /app --init
#^^ `scratch` has no shell, and this form of `RUN` needs one
RUN ["/app", "--init"]
FROM a
CMD /app
#^^ `scratch` has no shell, and this form of `CMD` needs one
HEALTHCHECK CMD /app --check
#^^^^^^^^^^ `scratch` has no shell, and this form of `HEALTHCHECK` needs one
FROM gcr.io/distroless/static:nonroot
ENTRYPOINT /app
#^^^^^^^^^ `gcr.io/distroless/static:nonroot` has no shell, and this form of `ENTRYPOINT` needs one
FROM gcr.io/distroless/static:debug
ENTRYPOINT /app
FROM debian:13
CMD /app
"#,
        );
    }

    #[test]
    fn a_shell_may_come_from_elsewhere() {
        for text in [
            "FROM scratch\nADD rootfs.tar.xz /\nCMD bash\n",
            "FROM scratch\nCOPY --from=a / /\nRUN make\n",
            "FROM scratch\nCOPY busybox /bin/\nRUN busybox ls\n",
            "FROM scratch\nCOPY rootfs/ /\nRUN ls\n",
            "FROM scratch\nCOPY a /a\nSHELL [\"/a\", \"-c\"]\nRUN ls\n",
            "FROM scratch\nRUN --mount=from=busybox,dst=/bin ls\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
