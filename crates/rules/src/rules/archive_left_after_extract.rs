//! An archive stays in the image after it is unpacked.

use dockerfile::MountKind;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};

use crate::commands::{FileAct, FileChange, covers};
use crate::facts::{Reach, RunStep, Seen};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "archive-left-after-extract",
    title: "An archive stays in the image after it is unpacked",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["tarSomethingRmTheSomething"],
    doc: page!("archive_left_after_extract.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut clear = false;
        for (index, it) in step.changes.iter().enumerate() {
            // What a command finds cannot be followed.
            let found = it.path.contains("$(") || it.path.contains('`');
            if !matches!(it.act, FileAct::Unpack(_)) || found {
                continue;
            }
            if is_gone(step, index, it) {
                clear = true;
                continue;
            }
            let at = Locus::Text { source: *source, span: it.span };
            let shown = case.under(&at).trim_matches(['"', '\'']);
            let message = format!("{} stays in the image after it is unpacked", quote(shown));
            out.fail(&at, message).fix(remove(case, seen, step, it, &at));
        }
        if clear {
            out.clear(&seen.at, "the archive is removed");
        }
    }
}

/// Whether the archive is removed, moved, or never part of the layer.
fn is_gone(step: &RunStep, index: usize, archive: &FileChange) -> bool {
    let path = &archive.path;
    let kinds = [MountKind::Bind, MountKind::Cache, MountKind::Tmpfs, MountKind::Secret];
    if step.mounts_over(&kinds, path) || path.starts_with("/dev/") || path.starts_with("/proc/") {
        return true;
    }
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let own = name(path);
    step.changes.iter().skip(index + 1).any(|it| {
        if it.removes(path) {
            return true;
        }
        // Where folder or name are not known, a removal that may be meant for it will do.
        let open = !(it.known && archive.known) && it.removes(&it.path);
        let other = name(&it.path);
        let pattern = other.contains('*') && !archive.known;
        let somewhere = it.recursive && it.path.contains('$');
        open && (somewhere || pattern || covers(&other, &own)) || (it.removes(&it.path) && pattern)
    })
}

/// Removes the archive right after it is unpacked.
fn remove(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    it: &FileChange,
    at: &Locus,
) -> Option<Fix> {
    let written = case.under(at);
    // `-fFILE` and `--file=FILE` hold more than a path.
    if written.starts_with('-') || written.contains('\n') {
        return None;
    }
    let command = step.commands.get(it.command)?;
    let edit = amend::behind(case, seen, step, command, &format!("rm {written}"))?;
    fix::edits("Remove the archive", at, |_| vec![edit], Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn archives_that_stay() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN curl -fsSLO https://example.com/a.tgz && tar xzf a.tgz && rm -rf b.tgz
#                                                    ^^^^^ `a.tgz` stays in the image after it is unpacked
RUN unzip -q "/tmp/b.zip" -d /opt
#            ^^^^^^^^^^^^ `/tmp/b.zip` stays in the image after it is unpacked
RUN rm /tmp/b.zip
RUN curl -o x.deb https://example.com/x.deb && dpkg -i x.deb
#                                                      ^^^^^ `x.deb` stays in the image after it is unpacked
"#,
        );
    }

    #[test]
    fn archives_that_do_not() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN tar -zxf a.tgz; rm a.tgz
RUN wget https://example.com/$V.tgz && tar xf $V.tgz && rm -f $V.tgz
RUN cd /tmp && tar xf a.tgz && cd / && rm -rf /tmp/*
RUN tar xf "$(find . -name x.tgz)" && rm *.tgz
RUN curl https://example.com/a.tgz | tar xz && tar xf - < /x
RUN --mount=type=bind,source=a.tgz,target=/tmp/a.tgz tar xf /tmp/a.tgz
RUN cd "$TMP" && tar xf a.tgz && cd / && rm -rf "$TMP"
RUN for f in *.tgz; do tar xf "$f"; done && rm /tmp/*.tgz
RUN su x -c "cd $TMP && tar xf a.tgz" && rm -rf "$TMP"
RUN tar xf $DIR/a.tgz && rm -rf /x/a.tgz && dpkg -i a.deb && rm a.deb
"#,
        );
        check_dockerfile(&RULE, "\nFROM x AS b\nRUN tar xf a.tgz\nFROM x\nCOPY --from=b /a /a\n");
        assert_eq!(
            fixed(&RULE, "FROM x\nRUN tar xf a.tgz && make\n"),
            "FROM x\nRUN tar xf a.tgz && rm a.tgz && make\n"
        );
    }
}
