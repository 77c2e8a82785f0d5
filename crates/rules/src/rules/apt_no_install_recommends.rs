//! apt installs what packages merely recommend.

use report::{Applies, Input, Locus, Outcome, Safety, Severity, Why, quote};

use crate::commands::{Options, PackageCall, Verb};
use crate::facts::Reach;
use crate::layers::{Setting, setting};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "apt-no-install-recommends",
    title: "Packages are installed that others merely recommend",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[
        "DL3015",
        "DS-0029",
        "7384dfb2",
        "missing-no-install-recommends",
        "S6500",
        "DF016",
        "apt-get_recommends",
        "aptGetInstallUseNoRec",
    ],
    doc: page!("apt_no_install_recommends.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut clear = false;
        for command in &step.commands {
            let Some(call) = command.packages().filter(|it| takes_recommends(it)) else { continue };
            let options = command.options(call.manager.valued);
            if is_decided(&options) {
                clear = true;
                continue;
            }
            let at = Locus::Text { source: *source, span: call.verb_span };
            match setting(case, seen, step, &["/etc/apt/apt.conf"], switches_off) {
                Setting::Set => clear = true,
                Setting::Open => {
                    out.gap(
                        &at,
                        Why::Unreadable(
                            "a configuration file of apt that is copied decides".into(),
                        ),
                    );
                }
                Setting::Unset => {
                    let name = quote(call.manager.name);
                    let flag = match call.manager.name {
                        "aptitude" => "--without-recommends",
                        _ => "--no-install-recommends",
                    };
                    let edit = amend::words_behind(step, command, call.after_verb, &[flag]);
                    let change =
                        fix::edits(format!("Add `{flag}`"), &at, |_| vec![edit], Safety::Review);
                    let message =
                        format!("{name} also installs what these packages merely recommend");
                    out.fail(&at, message).fix(change);
                }
            }
        }
        if clear {
            out.clear(&seen.at, "only what is needed is installed");
        }
    }
}

/// Whether a call installs packages that may recommend others.
fn takes_recommends(call: &PackageCall) -> bool {
    call.manager.system == "apt"
        && call.verb == Verb::Install
        && call.word == "install"
        && !call.packages.is_empty()
}

/// Whether the call itself says what to do about recommended packages, or only looks.
fn is_decided(options: &Options<'_>) -> bool {
    let by_option = options.flags.iter().filter_map(|it| it.value.as_deref()).any(switches_off);
    by_option
        || options.has(&[
            "--no-install-recommends",
            "--install-recommends",
            "--without-recommends",
            "--with-recommends",
            "-R",
            "-s",
            "--simulate",
            "--dry-run",
            "-d",
            "--download-only",
            "--print-uris",
        ])
}

/// Whether a setting says no, as in `APT::Install-Recommends "false";`.
fn switches_off(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.match_indices("install-recommends").any(|(at, name)| {
        let behind = text.get(at + name.len()..).unwrap_or_default();
        let value = behind.trim_start_matches([' ', '=', '"', '\\', '\'', '\t']);
        ["0", "false", "no", "off"].iter().any(|it| value.starts_with(it))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, check_dockerfile, fixed, verdict};

    #[test]
    fn every_install_is_judged() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y curl && apt install git -y
#                             ^^^^^^^ `apt-get` also installs what these packages merely recommend
#                                                    ^^^^^^^ `apt` also installs what these packages merely recommend
RUN ["apt-get", "install", "-y", "curl"]
#               ^^^^^^^^^ `apt-get` also installs what these packages merely recommend
"#,
        );
    }

    #[test]
    fn settings_and_options_say_no() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y a --no-install-recommends && apt-get -o APT::Install-Recommends=0 install -y a
RUN apt-get -y -oAPT::Install-Recommends=false install a && apt-get --install-recommends install -y a
RUN apt-get build-dep -y a && apt-get update && apt-get install -f -y
RUN echo 'APT::Install-Recommends "0" ; APT::Install-Suggests "0" ;' >> /etc/apt/apt.conf
RUN apt-get install -y a
"#,
        );
        let builder = "\nFROM debian:13 AS b\nRUN apt-get install -y gcc\nFROM debian:13\nCOPY --from=b /a /a\n";
        check_dockerfile(&RULE, builder);
        let open = "FROM debian:13\nCOPY rootfs /\nRUN apt-get install -y a\n";
        assert_eq!(verdict(&RULE, &case(&[("dockerfile", open)])), report::Verdict::Unknown);
    }

    #[test]
    fn the_flag_is_added() {
        let after = "FROM x\nRUN apt-get -y install --no-install-recommends \\\n  a\n";
        assert_eq!(fixed(&RULE, "FROM x\nRUN apt-get -y install \\\n  a\n"), after);
    }
}
