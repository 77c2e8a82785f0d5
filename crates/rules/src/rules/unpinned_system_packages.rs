//! System packages are installed without a version.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{PackageCall, PackageName, Spec, Verb};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "unpinned-system-packages",
    title: "System packages are installed in whatever version is newest",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[
        "apt-pin-version",
        "apk-pin-version",
        "yum-pin-version",
        "dnf-pin-version",
        "zypper-pin-version",
        "DL3008",
        "DL3018",
        "DL3033",
        "DL3037",
        "DL3041",
        "965a08d7",
        "d3499f6d",
        "6452c424",
        "93d88cf7",
        "562952e4",
        "DF005",
        "DF052",
    ],
    doc: page!("unpinned_system_packages.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut clear = false;
        for call in step.commands.iter().filter_map(|it| it.packages()).filter(|it| chooses(it)) {
            let open: Vec<&PackageName> = call
                .packages
                .iter()
                .filter(|it| it.spec == Spec::Name && it.version.is_none())
                .collect();
            let Some(first) = open.first() else {
                clear = true;
                continue;
            };
            let at = Locus::Text { source: *source, span: first.span };
            out.fail(&at, message(&first.name, open.len()));
        }
        if clear {
            out.clear(&seen.at, "every package that is named has a version");
        }
    }
}

fn message(first: &str, n: usize) -> String {
    match n {
        1 => format!("{} is installed in whatever version the archive has that day", quote(first)),
        _ => {
            let more = n - 1;
            format!(
                "{} and {more} more are installed in whatever version the archive has that day",
                quote(first)
            )
        }
    }
}

/// Whether a call chooses packages of which a version could be named.
fn chooses(call: &PackageCall) -> bool {
    call.verb == Verb::Install
        && matches!(
            call.word,
            "install" | "in" | "add" | "localinstall" | "reinstall" | "module" | "groupinstall"
        )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_first_package_without_a_version_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y -t stable gcc=4:12.2 curl make
#                                           ^^^^ `curl` and 1 more are installed in whatever version the archive has that day
RUN apk add --no-cache -t .build -X https://example.com/repo gcc
#                                                            ^^^ `gcc` is installed in whatever version the archive has that day
RUN ["yum", "install", "-y", "httpd"]
#                            ^^^^^^^ `httpd` is installed in whatever version the archive has that day
RUN dnf module install -y nodejs && zypper in -y java-17-openjdk
#                         ^^^^^^ `nodejs` is installed in whatever version the archive has that day
#                                                ^^^^^^^^^^^^^^^ `java-17-openjdk` is installed in whatever version the archive has that day
"#,
        );
    }

    #[test]
    fn there_are_many_ways_to_name_a_version() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y gcc=4:12.2 curl/stable ./x.deb $PACKAGES "nginx=${NGINX}" && apt-get -y upgrade
RUN apk add a=1 'b>2' c~3 ./d.apk .e=20260101 && apk add --no-cache --virtual .b a=1
RUN yum install -y httpd-2.4.6 rethinkdb-$VERSION @base https://example.com/a.rpm && yum update -y openssl
RUN dnf install -y nginx-1:1.20.1 && dnf module install -y nodejs:20 && dnf group install -y x
RUN zypper in -y a=1 'b>=2' && apt-get build-dep -y python3 && apt-get remove -y gcc
"#,
        );
    }
}
