//! A package manager asks whether to go on.

use report::{Applies, Input, Locus, Outcome, Safety, Severity, Why, quote};

use crate::commands::{Options, PackageCall, RunCommand, Verb};
use crate::facts::{RunStep, Seen};
use crate::knowledge::base_image::PackageManager;
use crate::layers::{Setting, setting};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "missing-assume-yes",
    title: "A package manager asks whether to go on",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "apt-assume-yes",
        "yum-assume-yes",
        "dnf-assume-yes",
        "zypper-non-interactive",
        "DL3014",
        "DL3030",
        "DL3034",
        "DL3038",
        "DS-0021",
        "77783205",
        "6e19193a",
        "7ebd323c",
        "45e1fca5",
        "missing-assume-yes-switch",
        "missing-yum-assume-yes-switch",
        "missing-dnf-assume-yes-switch",
        "missing-zypper-no-confirm-switch",
        "S6584",
        "DF015",
        "DF027",
        "DF043",
        "apt-get_missing_param",
        "aptGetInstallUseY",
        "yumInstallForceYes",
    ],
    doc: page!("missing_assume_yes.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        let before = (out.findings.len(), out.gaps.len());
        let mut calls = 0;
        for command in &step.commands {
            let Some(call) = command.packages().filter(|it| may_ask(it)) else { continue };
            calls += 1;
            let options = command.options(call.manager.valued);
            if is_answered(case, step, command, call, &options) {
                continue;
            }
            judge(case, seen, step, command, call, out);
        }
        if calls > 0 && before == (out.findings.len(), out.gaps.len()) {
            out.clear(&seen.at, "the package manager is told not to ask");
        }
    }
}

fn judge(
    case: &Case,
    seen: &Seen<RunStep>,
    step: &RunStep,
    command: &RunCommand,
    call: &PackageCall,
    out: &mut Outcome,
) {
    let Locus::Text { source, .. } = seen.at else { return };
    let at = Locus::Text { source, span: call.verb_span };
    match configured(case, seen, step, call) {
        Setting::Set => {}
        Setting::Open => {
            out.gap(&at, Why::Unreadable("a configuration file that is copied decides".into()))
        }
        Setting::Unset => {
            let shown = format!("{} {}", call.manager.name, case.under(&at).trim_matches('"'));
            let message = format!(
                "{} asks whether to go on, and nobody answers during a build",
                quote(&shown)
            );
            let flag = if call.manager.system == "pacman" { "--noconfirm" } else { "-y" };
            let edit = amend::words_behind(step, command, call.after_verb, &[flag]);
            let change = fix::edits(format!("Add `{flag}`"), &at, |_| vec![edit], Safety::Safe);
            out.fail(&at, message).fix(change);
        }
    }
}

/// Whether a call changes what is installed, so that the manager asks.
fn may_ask(call: &PackageCall) -> bool {
    let changes =
        matches!(call.verb, Verb::Install | Verb::Upgrade | Verb::DistUpgrade | Verb::Remove);
    // Without anything to remove there is nothing to ask.
    let empty = call.verb == Verb::Remove && call.packages.is_empty();
    // apk never asks.
    changes && !empty && call.manager.system != "apk"
}

fn is_answered(
    case: &Case,
    step: &RunStep,
    command: &RunCommand,
    call: &PackageCall,
    options: &Options<'_>,
) -> bool {
    const SHOWS: &[&str] = &[
        "-s",
        "--simulate",
        "--just-print",
        "--dry-run",
        "--recon",
        "--no-act",
        "--print-uris",
        "-d",
        "--download-only",
        "--downloadonly",
        "--assumeno",
        "--assume-no",
        "-h",
        "--help",
        "-p",
        "-w",
    ];
    if call.assumes_yes(options) || options.has(SHOWS) {
        return true;
    }
    // `yes | apt-get …`, but what xargs runs gets no input.
    let through_xargs = command.wrappers().iter().any(|it| it.is("xargs"));
    let fed = command.place.index > 0 && !through_xargs;
    let input = command.simple.redirects.iter().any(|it| it.operator.starts_with('<'));
    fed || input || (call.manager.name == "microdnf" && never_asks(case, step))
}

/// Whether the microdnf of the image below is the old one, which takes yes for granted: that of
/// RHEL 9 and before, and of what is made from it.
fn never_asks(case: &Case, step: &RunStep) -> bool {
    let base = case.builds.first().and_then(|it| it.known_base(step.stage));
    let own =
        base.and_then(|it| it.system).is_some_and(|it| it.packages == PackageManager::Microdnf);
    let named = case.builds.first().and_then(|it| it.stages.root_base(step.stage));
    let fedora = named.is_some_and(|it| match &it.base {
        dockerfile::Base::Image(image) => image.repository.contains("fedora"),
        dockerfile::Base::Scratch
        | dockerfile::Base::Stage(_)
        | dockerfile::Base::Unknown { .. } => false,
    });
    own && !fedora
}

/// Whether a configuration file says yes to everything.
fn configured(case: &Case, seen: &Seen<RunStep>, step: &RunStep, call: &PackageCall) -> Setting {
    let yes = |text: &str, name: &str| {
        let text = text.to_ascii_lowercase();
        let behind = text.split_once(name).map(|it| it.1).unwrap_or_default();
        let value = behind.trim_start_matches([' ', '"', '=', '\t', '\\', '\'']);
        ["true", "1", "yes", "on"].iter().any(|it| value.starts_with(it))
    };
    match call.manager.system {
        "apt" => setting(case, seen, step, &["/etc/apt/apt.conf"], |it| {
            yes(it, "apt::get::assume-yes") || yes(it, "assume-yes")
        }),
        "rpm" if call.manager.name != "zypper" => {
            setting(case, seen, step, &["/etc/yum.conf", "/etc/dnf/dnf.conf"], |it| {
                yes(it, "assumeyes")
            })
        }
        _ => Setting::Unset,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, fixed, verdict};

    #[test]
    fn every_manager_that_asks() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install curl
#                             ^^^^^^^ `apt-get install` asks whether to go on, and nobody answers during a build
RUN ["apt-get", "install", "curl"]
#               ^^^^^^^^^ `apt-get install` asks whether to go on, and nobody answers during a build
RUN apt-get -q install curl && yum install a; dnf -v in b || microdnf update
#              ^^^^^^^ `apt-get install` asks whether to go on, and nobody answers during a build
#                                  ^^^^^^^ `yum install` asks whether to go on, and nobody answers during a build
#                                                    ^^ `dnf in` asks whether to go on, and nobody answers during a build
#                                                                     ^^^^^^ `microdnf update` asks whether to go on, and nobody answers during a build
RUN sudo -E zypper remove a && cat list | xargs apt-get purge a
#                  ^^^^^^ `zypper remove` asks whether to go on, and nobody answers during a build
#                                                       ^^^^^ `apt-get purge` asks whether to go on, and nobody answers during a build
RUN pacman -Syu
#          ^^^^ `pacman -Syu` asks whether to go on, and nobody answers during a build
ONBUILD RUN apt-get install curl
#                   ^^^^^^^ `apt-get install` asks whether to go on, and nobody answers during a build
"#,
        );
    }

    #[test]
    fn there_are_many_ways_to_answer() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y a && apt-get -qq install a && apt-get -q=2 install a && apt-get --assume-yes install a
RUN yes | apt-get install a; apt-get install a < answers; apt-get -s install a; apt-get install -d a
RUN apt-get -o APT::Get::Assume-Yes=true install a && aptitude install -y a
RUN yum install -qy a && dnf --assumeyes in a && zypper -n in a && zypper in -y a
RUN yum --setopt=assumeyes=1 install a && pacman -S --noconfirm a && apk add a
RUN echo "apt-get install a" && apt-get update && apt-get clean && yum makecache && apt-get purge
"#,
        );
        check_dockerfile(
            &RULE,
            "\nFROM registry.access.redhat.com/ubi9-minimal\nRUN microdnf install a\n",
        );
    }

    #[test]
    fn settings_in_files_count() {
        check_dockerfile(
            &RULE,
            "
FROM debian:13 AS base
RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes
FROM base
RUN apt-get install a
",
        );
        let open = "FROM debian:13\nCOPY 90yes /etc/apt/apt.conf.d/\nRUN apt-get install a\n";
        assert_eq!(verdict(&RULE, &case(&[("dockerfile", open)])), report::Verdict::Unknown);
        let other = "FROM debian:13\nCOPY a.list /etc/apt/sources.list.d/\nRUN apt-get install a\n";
        assert_eq!(verdict(&RULE, &case(&[("dockerfile", other)])), report::Verdict::Fails);
    }

    #[test]
    fn the_flag_goes_where_the_verb_is() {
        for (before, after) in [
            ("RUN apt-get install \\\n    curl", "RUN apt-get install -y \\\n    curl"),
            (
                "RUN [\"apt-get\", \"install\", \"a\"]",
                "RUN [\"apt-get\", \"install\", \"-y\", \"a\"]",
            ),
            ("RUN bash -c 'yum install a'", "RUN bash -c 'yum install -y a'"),
            (
                "RUN <<EOF\ndnf install a\ndnf clean all\nEOF",
                "RUN <<EOF\ndnf install -y a\ndnf clean all\nEOF",
            ),
            ("RUN pacman -S a", "RUN pacman -S --noconfirm a"),
            ("RUN yum group install a", "RUN yum group install -y a"),
        ] {
            assert_eq!(fixed(&RULE, &format!("FROM x\n{before}\n")), format!("FROM x\n{after}\n"));
        }
    }
}
