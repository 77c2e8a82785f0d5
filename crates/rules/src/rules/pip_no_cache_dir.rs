//! pip keeps a copy of what it installs.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Safety, Severity, Why};

use crate::commands::{Library, RunCommand};
use crate::facts::{Reach, RunStep, Seen};
use crate::layers::{Setting, setting};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "pip-no-cache-dir",
    title: "Pip keeps a copy of everything it installs",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3042", "f2f903fb", "missing-pip-no-cache-dir", "DF030", "pipUseNoCacheDir"],
    doc: page!("pip_no_cache_dir.md"),
    check,
};

const VARIABLE: &str = "PIP_NO_CACHE_DIR";
/// Files in which pip looks for its settings.
const FILES: &[&str] = &[
    "/etc/pip.conf",
    "/etc/xdg/pip/pip.conf",
    "/root/.pip/pip.conf",
    "/root/.config/pip/pip.conf",
];

/// One finding for a step, at its first call.
fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut installs = step.commands.iter().filter(|it| installs(it)).peekable();
        if installs.peek().is_none() {
            continue;
        }
        let left: Vec<&RunCommand> = installs.filter(|it| keeps(step, it)).collect();
        let Some(first) = left.first() else {
            out.clear(&seen.at, "pip keeps nothing in the layer");
            continue;
        };
        let Some(call) = first.libraries() else { continue };
        let at = Locus::Text { source: *source, span: call.verb_span };
        match decided(case, seen, step) {
            Setting::Set => out.clear(&seen.at, "a setting tells pip to keep nothing"),
            Setting::Open => {
                out.gap(
                    &at,
                    Why::Unreadable("a configuration file of pip that is copied decides".into()),
                );
            }
            Setting::Unset => {
                let edit = |it: &&RunCommand| {
                    let verb = it.libraries()?.verb_span;
                    Some(amend::words_behind(step, it, verb, &["--no-cache-dir"]))
                };
                let edits = left.iter().filter_map(edit).collect();
                let change = fix::edits("Add `--no-cache-dir`", &at, |_| edits, Safety::Safe);
                out.fail(&at, "pip keeps a copy of what it installs in the layer").fix(change);
            }
        }
    }
}

fn installs(command: &RunCommand) -> bool {
    command.libraries().is_some_and(|it| it.library == Library::Pip && it.word == "install")
}

/// Whether a call leaves its cache in the layer, as far as its step says.
fn keeps(step: &RunStep, command: &RunCommand) -> bool {
    let options = command.options(Library::Pip.valued());
    if options.has(&["--no-cache-dir", "--no-index", "--dry-run", "-h", "--help"]) {
        return false;
    }
    let own = command.simple.assignments.iter().any(|it| it.name == VARIABLE);
    let handed = command.wrappers().iter().any(|it| it.text().starts_with("PIP_NO_CACHE_DIR="));
    if own || handed {
        return false;
    }
    let folders = ["/root/.cache/pip", step.variable("PIP_CACHE_DIR").unwrap_or_default()];
    let kinds = [MountKind::Cache, MountKind::Tmpfs];
    let mounted = folders.iter().any(|it| !it.is_empty() && step.mounts_over(&kinds, it));
    let of_user = step.mounts.iter().any(|it| {
        let target = it.target.as_deref().unwrap_or_default().trim_end_matches('/');
        kinds.contains(&it.kind)
            && [".cache", "/pip", "pip-cache"].iter().any(|end| target.ends_with(end))
    });
    !mounted && !of_user && !is_cleaned(step, command)
}

/// Whether the step removes the cache behind a call.
fn is_cleaned(step: &RunStep, command: &RunCommand) -> bool {
    let index = step.commands.iter().position(|it| std::ptr::eq(it, command)).unwrap_or_default();
    let purges = |it: &RunCommand| {
        let purge = it.arguments().iter().any(|it| it.is("purge"));
        purge && it.libraries().is_some_and(|it| it.library == Library::Pip && it.word == "cache")
    };
    let removed = step.changes.iter().any(|it| {
        let path = it.path.trim_end_matches(['/', '*']).trim_end_matches('/');
        let by_name =
            it.removes(&it.path) && (path.ends_with("/.cache") || path.ends_with("/.cache/pip"));
        it.command > index && (by_name || it.removes("/root/.cache/pip"))
    });
    removed || step.commands.iter().skip(index).any(purges)
}

/// Whether a setting outside of the call says that nothing is kept.
fn decided(case: &Case, seen: &Seen<RunStep>, step: &RunStep) -> Setting {
    // pip takes any value for a yes, even `off`; an empty one counts as none.
    let set = step.scope.declares(VARIABLE) && step.variable(VARIABLE) != Some("");
    let base = case.builds.first().and_then(|it| it.known_base(step.stage));
    let preset = base.is_some_and(|it| it.presets.variables().any(|it| it == VARIABLE));
    let exports = |it: &RunCommand| {
        it.runs(&["export"]) && it.arguments().iter().any(|it| it.text().starts_with(VARIABLE))
    };
    let configures = |it: &RunCommand| {
        let named = it.arguments().iter().any(|it| it.text().ends_with("no-cache-dir"));
        named && it.libraries().is_some_and(|it| it.library == Library::Pip && it.word == "config")
    };
    let before = case.facts.runs.iter().filter(|it| it.at <= seen.at && it.reach == Reach::Image);
    let mut commands = before.filter_map(|it| it.value.as_ref().ok()).flat_map(|it| &it.commands);
    if set || preset || step.commands.iter().any(exports) || commands.any(configures) {
        return Setting::Set;
    }
    setting(case, seen, step, FILES, |it| it.contains("no-cache-dir"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, fixed, verdict};

    #[test]
    fn calls_that_keep_copies() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
RUN pip install --upgrade pip && pip3.13 install -r requirements.txt
#       ^^^^^^^ pip keeps a copy of what it installs in the layer
RUN python3 -m pip install a
#                  ^^^^^^^ pip keeps a copy of what it installs in the layer
RUN ["pip", "install", "a"]
#           ^^^^^^^^^ pip keeps a copy of what it installs in the layer
RUN rm -rf /root/.cache && pip install a
#                              ^^^^^^^ pip keeps a copy of what it installs in the layer
"#,
        );
    }

    #[test]
    fn there_are_many_ways_to_keep_nothing() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.13
RUN pip install --no-cache-dir a && pip --no-cache-dir install b && PIP_NO_CACHE_DIR=1 pip install c
RUN env PIP_NO_CACHE_DIR=1 pip install c && pip install d && rm -rf ~/.cache/pip
RUN pip install a && rm -r /root/.cache && pip install b && pip cache purge
RUN --mount=type=cache,target=/root/.cache/pip pip install a
RUN --mount=type=cache,target=/home/app/.cache pip install a
RUN export PIP_NO_CACHE_DIR=1 && pip install a
RUN pipx install a && pipenv install && pip uninstall a && pip download a && pip install --no-index ./a
"#,
        );
        for setting in [
            "ENV PIP_NO_CACHE_DIR=off",
            "ARG PIP_NO_CACHE_DIR=1",
            "RUN pip config set global.no-cache-dir true",
            "RUN printf '[global]\\nno-cache-dir = true\\n' > /etc/pip.conf",
        ] {
            let text = format!("\nFROM python:3.13\n{setting}\nRUN pip install a\n");
            check_dockerfile(&RULE, &text);
        }
        check_dockerfile(
            &RULE,
            "\nFROM registry.access.redhat.com/ubi9/python-312\nRUN pip install a\n",
        );
        check_dockerfile(
            &RULE,
            "\nFROM python:3 AS b\nRUN pip install a\nFROM python:3\nCOPY --from=b /a /a\n",
        );
        let open = "FROM python:3.13\nCOPY pip.conf /etc/pip.conf\nRUN pip install a\n";
        assert_eq!(verdict(&RULE, &case(&[("dockerfile", open)])), report::Verdict::Unknown);
    }

    #[test]
    fn every_call_gets_the_option() {
        assert_eq!(
            fixed(&RULE, "FROM x\nRUN pip install -U pip && \\\n  pip install a\n"),
            "FROM x\nRUN pip install --no-cache-dir -U pip && \\\n  pip install --no-cache-dir a\n"
        );
    }
}
