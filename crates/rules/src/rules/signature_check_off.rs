//! A package manager installs packages that nobody signed.

use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, quote};

use crate::commands::{NO, Off, PackageName, RunCommand, Spec, Values, Verb, YES, lines};
use crate::switched::{How, Switched, switched, undo};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "signature-check-off",
    title: "Packages are installed without a check of their signatures",
    question: None,
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &[
        "signature-check-off-apk",
        "signature-check-off-apt",
        "signature-check-off-yum",
        "signature-check-off-rpm",
        "force-yes-apt",
        "CKV2_DOCKER_7",
        "CKV2_DOCKER_8",
        "CKV2_DOCKER_9",
        "CKV2_DOCKER_10",
        "CKV2_DOCKER_11",
        "4.11",
    ],
    doc: page!("signature_check_off.md"),
    check,
};

const APT: &[&str] = &["apt", "apt-get", "aptitude"];
const DNF: &[&str] =
    &["yum", "dnf", "dnf5", "microdnf", "tdnf", "yum-config-manager", "dnf-config-manager"];

/// Sources: the manuals of the programs, as of 2026.
#[rustfmt::skip]
static TABLE: &[Off] = &[
    Off::Option(&["apk"], "--allow-untrusted", Values::Any),
    Off::Option(APT, "--allow-unauthenticated", Values::Any),
    Off::Option(APT, "--allow-insecure-repositories", Values::Any),
    Off::Option(APT, "--force-yes", Values::Any),
    Off::Option(APT, "-o", Values::With(&[
        "allowunauthenticated=true", "allowunauthenticated=1", "allowunauthenticated=yes",
        "allowinsecurerepositories=true", "allowinsecurerepositories=1", "force-yes=true",
        "allowdowngradetoinsecurerepositories=true", "allowdowngradetoinsecurerepositories=1",
    ])),
    Off::Option(DNF, "--nogpgcheck", Values::Any),
    Off::Option(DNF, "--no-gpgchecks", Values::Any),
    Off::Option(DNF, "--setopt", Values::With(&["gpgcheck=0", "gpgcheck=false", "gpgcheck=no"])),
    Off::Option(&["zypper"], "--no-gpg-checks", Values::Any),
    Off::Option(&["zypper"], "--no-gpgcheck", Values::Any),
    Off::Option(&["zypper"], "--allow-unsigned-rpm", Values::Any),
    Off::Option(&["rpm"], "--nosignature", Values::Any),
    Off::Option(&["rpm"], "--nodigest", Values::Any),
    Off::Option(&["rpm"], "--noverify", Values::Any),
    Off::Option(&["rpm"], "--nofiledigest", Values::Any),
    Off::Option(&["debootstrap", "mmdebstrap"], "--no-check-gpg", Values::Any),
    Off::Option(&["dpkg"], "--force-bad-verify", Values::Any),
    Off::Line("gpgcheck", NO, ""),
    Off::Line("*allowunauthenticated", YES, ""),
    Off::Line("*allowinsecurerepositories", YES, ""),
    Off::Line("siglevel", Values::Of(&["never", "trustall"]), ""),
    Off::Line("trusted", YES, ".sources"),
];

fn check(case: &Case, out: &mut Outcome) {
    let found = switched(case, TABLE);
    for it in found.switched.iter().filter(|it| !is_local(it)) {
        let fix = instead_of_force(it).or_else(|| undo(case, it));
        out.fail(&it.at, message(it)).fix(fix);
    }
    trusted_sources(case, out);
    if let (true, Some(at)) = (out.findings.is_empty(), &found.looked_at) {
        out.clear(at, "nothing switches the check of signatures off");
    }
}

fn message(it: &Switched<'_>) -> String {
    match &it.how {
        How::Command(command, _, thrown) if thrown.name == "--force-yes" => {
            format!(
                "with `--force-yes` {} installs what nobody signed, and older versions too",
                quote(&command.program)
            )
        }
        How::Command(command, _, thrown) => {
            let value = thrown.value.as_deref().map(|it| format!(" {it}")).unwrap_or_default();
            let option = quote(&format!("{}{value}", thrown.name));
            format!("with {option} {} installs what nobody signed", quote(&command.program))
        }
        How::Variable(name, value) => {
            format!("{} lets packages in that nobody signed", quote(&format!("{name}={value}")))
        }
        How::Line(line, path) => {
            let place = path.as_deref().map(|it| format!(" in {}", quote(it))).unwrap_or_default();
            format!("{}{place} lets packages in that nobody signed", quote(line))
        }
    }
}

/// Whether nothing comes from elsewhere: all that is installed are files that are already there,
/// which were fetched, and are to be checked, by other means; or an index is made of them.
fn is_local(it: &Switched<'_>) -> bool {
    let How::Command(command, ..) = &it.how else { return false };
    let Some(call) = command.packages() else { return false };
    match call.verb {
        Verb::Install => !call.packages.is_empty() && call.packages.iter().all(is_file),
        Verb::Refresh | Verb::Upgrade | Verb::DistUpgrade => false,
        Verb::Remove | Verb::Clean | Verb::Other => call.manager.system == "apk",
    }
}

fn is_file(it: &PackageName) -> bool {
    let name = &*it.name;
    let looks = name.starts_with(['/', '.'])
        || [".apk", ".rpm", ".deb"].iter().any(|end| name.ends_with(end));
    !name.contains("://") && (looks || it.spec == Spec::File)
}

/// `--force-yes` said yes as well, which `-y` does alone.
fn instead_of_force(it: &Switched<'_>) -> Option<Fix> {
    let How::Command(command, Some(_), thrown) = &it.how else { return None };
    if thrown.name != "--force-yes" || says_yes(command) {
        return None;
    }
    fix::replace("Only say yes", &it.at, "-y", Safety::Review)
}

fn says_yes(command: &RunCommand) -> bool {
    let given = |name: &str| command.arguments().iter().any(|it| it.is(name));
    let quiet = |it: &str| it.starts_with('-') && !it.starts_with("--") && it.contains('y');
    ["--yes", "--assume-yes", "-qq"].into_iter().any(given)
        || command.arguments().iter().any(|it| quiet(&it.text()))
}

/// `deb [trusted=yes] …`, written to a file or handed to `add-apt-repository`.
fn trusted_sources(case: &Case, out: &mut Outcome) {
    const OPTIONS: [&str; 2] = ["trusted=yes", "allow-insecure=yes"];
    let mut report = |source, line: &text::Cooked| {
        let text = line.as_str();
        // A folder of this machine holds what the build itself put there.
        let is_source = text.contains("deb ") || text.contains("deb-src ");
        if !is_source || text.contains("file:") {
            return;
        }
        let found = OPTIONS.iter().find_map(|it| Some((it, text.find(it)?)));
        if let Some((option, at)) = found {
            let at = Locus::Text { source, span: line.span(at..at + option.len()) };
            out.fail(&at, format!("{} lets packages in that nobody signed", quote(option)));
        }
    };
    for (source, written) in case.written() {
        if !OPTIONS.iter().any(|it| written.text.as_str().contains(it)) {
            continue;
        }
        for line in lines(&written.text) {
            report(source, &line);
        }
    }
    for step in case.facts.steps() {
        let adds = step
            .run
            .commands
            .iter()
            .filter(|it| it.runs(&["add-apt-repository", "apt-add-repository"]));
        for word in adds.flat_map(RunCommand::arguments) {
            report(step.source, &word.cooked());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn options_and_settings_are_marked_where_they_stand() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y --allow-unauthenticated x
#                      ^^^^^^^^^^^^^^^^^^^^^^^ with `--allow-unauthenticated` `apt-get` installs what nobody signed
RUN apt-get --force-yes install x
#           ^^^^^^^^^^^ with `--force-yes` `apt-get` installs what nobody signed, and older versions too
RUN tdnf install -y $X --nogpgcheck && rpm -i --nosignature https://example.com/x.rpm
#                      ^^^^^^^^^^^^ with `--nogpgcheck` `tdnf` installs what nobody signed
#                                             ^^^^^^^^^^^^^ with `--nosignature` `rpm` installs what nobody signed
RUN echo "deb [arch=amd64 trusted=yes] https://example.com/deb ./" > /etc/apt/sources.list.d/x.list
#                         ^^^^^^^^^^^ `trusted=yes` lets packages in that nobody signed
RUN sed -i 's/gpgcheck=1/gpgcheck=0/' /etc/yum.conf
#                        ^^^^^^^^^^ `gpgcheck=0` in `/etc/yum.conf` lets packages in that nobody signed
RUN apk add --allow-untrusted --repository https://example.com/apk x
#           ^^^^^^^^^^^^^^^^^ with `--allow-untrusted` `apk` installs what nobody signed
"#,
        );
    }

    #[test]
    fn local_files_and_words_elsewhere_are_fine() {
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.22
RUN apk add --allow-untrusted ./glibc-2.35-r1.apk /tmp/$NAME-*.apk
RUN apk index --allow-untrusted -o APKINDEX.tar.gz *.apk
RUN echo "deb [ trusted=yes ] file:///tmp/packages ./" > /etc/apt/sources.list.d/x.list
RUN yum -y localinstall --nogpgcheck /tmp/x.rpm
RUN apt-get update && echo "--force-yes" && echo 'gpgcheck=0'
RUN printf '[x]\ngpgcheck=1\nrepo_gpgcheck=0\n' > /etc/yum.repos.d/x.repo
"#,
        );
    }
}
