//! A `cd` where `WORKDIR` would do.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::{FileAct, RunCommand};
use crate::facts::RunStep;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "workdir-instead-of-cd",
    title: "A step changes folders where `WORKDIR` would do",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3003", "DS-0013", "f4a6bcd3", "use-workdir", "S6597", "DF008"],
    doc: page!("workdir_instead_of_cd.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let place = |it: &RunCommand| Locus::Text { source: *source, span: it.simple.span };
        let commands: Vec<&RunCommand> = step
            .commands
            .iter()
            .filter(|it| !it.runs(&["set", "export"]) && !it.program.is_empty())
            .collect();
        let moves = |it: &&RunCommand| it.runs(&["cd"]);
        let (Some(first), Some(last)) = (commands.first(), commands.last()) else { continue };
        if moves(last) && last.place.depth == 0 && !last.place.inner {
            out.fail(
                &place(last),
                "the next step does not start in this folder; `WORKDIR` sets it for all",
            );
        } else if moves(first) && is_for_all(step, first, &commands) {
            out.fail(&place(first), "all of the step runs in this folder; `WORKDIR` says so once");
        } else if let Some(it) = commands.iter().find(|it| moves(it)) {
            out.clear(&place(it), "only a part of the step runs there");
        }
    }
}

/// Whether everything behind a `cd` runs in its folder, which stays.
fn is_for_all(step: &RunStep, first: &RunCommand, all: &[&RunCommand]) -> bool {
    let place = first.place;
    let alone = place.depth == 0 && place.length == 1 && !place.condition && !place.inner;
    let once = all.iter().filter(|it| it.runs(&["cd", "pushd", "popd"])).count() == 1;
    let target = first.arguments().last().and_then(|it| it.literal());
    let Some(target) = target.filter(|it| it.len() > 1 && !it.starts_with('-')) else {
        return false;
    };
    let temporary =
        ["/tmp", "/var/tmp", "/usr/src", "/dev/shm"].iter().any(|it| target.starts_with(it));
    let name = target.trim_end_matches('/');
    let gone = step
        .changes
        .iter()
        .any(|it| it.act == FileAct::Remove && (it.path == name || it.path.ends_with(name)));
    alone && once && !temporary && !gone
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn folders_for_all_of_a_step() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN cd /app && make
#   ^^^^^^^ all of the step runs in this folder; `WORKDIR` says so once
RUN set -ex; cd /app; make && make install
#            ^^^^^^^ all of the step runs in this folder; `WORKDIR` says so once
RUN make && cd /app
#           ^^^^^^^ the next step does not start in this folder; `WORKDIR` sets it for all
RUN cd /tmp && make && rm -rf /tmp/x
RUN cd /src && make && cd / && rm -rf /src
RUN (cd /app && make) && make check
RUN make && cd /app && make
RUN cd /build && make && rm -rf /build
RUN cd "$(mktemp -d)" && make
CMD cd /app && make
"#,
        );
    }
}
