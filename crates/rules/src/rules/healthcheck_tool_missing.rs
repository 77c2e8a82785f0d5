//! A health check calls a program that the image does not have.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::course::Course;
use crate::facts::{Copied, Reach};
use crate::knowledge::base_image::{PackageManager, Shell};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "healthcheck-tool-missing",
    title: "The health check calls what is not in the image",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("healthcheck_tool_missing.md"),
    check,
};

/// Programs that checks use and images leave out.
const TOOLS: [&str; 6] = ["curl", "wget", "nc", "ncat", "netcat", "jq"];

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        let own = case.facts.starts().filter(|it| {
            it.checks_health && it.via == Input::Dockerfile && it.source == course.build.source
        });
        for start in own {
            let of = |command: &RunCommand| Locus::Text {
                source: start.source,
                span: command.program_span(),
            };
            let Some(first) = start.command.commands.first() else { continue };
            let Some(base) = course.base() else { continue };
            let bare = base.system.is_some_and(|it| it.sh == Shell::None);
            if bare && start.command.shell && !brings(case, &["sh", "busybox"]) {
                out.fail(&of(first), "plain text is run by a shell, and the base image has none");
                continue;
            }
            let missing = start.command.commands.iter().find(|it| lacks(case, &course, it));
            match missing {
                Some(command) => {
                    let name = quote(&command.program);
                    out.fail(
                        &of(command),
                        format!("{name} is neither in the base image nor installed"),
                    );
                }
                None => out.clear(&of(first), "nothing is known to be missing"),
            }
        }
    }
}

/// Whether the image is known not to have a program.
fn lacks(case: &Case, course: &Course<'_>, command: &RunCommand) -> bool {
    let Some(base) = course.base() else { return false };
    let Some(name) = TOOLS.iter().find(|it| command.program == **it) else { return false };
    if command.place.condition || is_full(course) || base.tools().any(|it| it == *name) {
        return false;
    }
    let names: &[&str] = match *name {
        "nc" | "ncat" | "netcat" => &["netcat", "nmap", "busybox", "nc", "ncat", "socat"],
        "wget" => &["wget", "busybox"],
        "curl" => &["curl"],
        _ => &["jq"],
    };
    let busybox = base.system.is_some_and(|it| it.sh == Shell::Ash);
    let by_busybox = busybox && matches!(*name, "wget" | "nc");
    !by_busybox && !brings(case, names)
}

/// Whether a base has more than the least of its distribution: only those with the least are known
/// well enough to say that something is not there.
fn is_full(course: &Course<'_>) -> bool {
    let Some(target) = course.build.target else { return true };
    let base = course.build.stages.root_base(target).map(|it| &it.base);
    let Some(dockerfile::Base::Image(image)) = base else { return true };
    let tag = image.tag.as_deref().unwrap_or_default();
    let name = image.familiar();
    let plain = matches!(&*name, "alpine" | "debian" | "ubuntu");
    let language = matches!(&*name, "node" | "python" | "ruby" | "golang" | "rust");
    let small = tag.split('-').any(|it| it == "slim" || it.starts_with("alpine"));
    let known = course.base().and_then(|it| it.system).is_some_and(|it| match it.packages {
        PackageManager::Apt | PackageManager::Apk => true,
        PackageManager::None
        | PackageManager::Dnf
        | PackageManager::Microdnf
        | PackageManager::Nix
        | PackageManager::Pacman
        | PackageManager::Tdnf
        | PackageManager::Yum
        | PackageManager::Zypper => false,
    });
    !known || !(plain || (language && small))
}

/// Whether the build brings a program, or may: by a package, a copy, or a step that is not seen
/// through.
fn brings(case: &Case, names: &[&str]) -> bool {
    let package = case.facts.packages.iter().filter(|it| it.reach == Reach::Image);
    let package = package
        .filter_map(|it| it.value.as_ref().ok())
        .any(|it| !it.removed && names.iter().any(|name| it.name.contains(name)));
    let copied = case.facts.copies.iter().filter(|it| it.reach == Reach::Image);
    let copied = copied.filter_map(|it| it.value.as_ref().ok()).any(|it| {
        let path = |it: &(Copied, _)| match &it.0 {
            Copied::Path(path) | Copied::Unknown(path) | Copied::Url(path) => path.clone(),
            Copied::Inline => String::new(),
        };
        let about = |text: &str| names.iter().any(|name| text.contains(name));
        let root = matches!(
            &*it.destination,
            "/" | "/usr"
                | "/usr/"
                | "/bin/"
                | "/bin"
                | "/usr/bin/"
                | "/usr/bin"
                | "/usr/local/bin/"
                | "/usr/local/bin"
                | "/usr/local"
                | "/usr/local/"
        );
        about(&it.destination)
            || it.sources.iter().any(|it| about(&path(it)))
            || (root && it.from.is_some())
    });
    let step = case.facts.steps().filter(|it| it.reach == Reach::Image).any(|it| {
        !it.run.odd.is_empty()
            || !it.run.dialect.is_read()
            || it.run.commands.iter().any(|it| {
                let words = it.simple.words.iter();
                let variable =
                    it.packages().is_some() && words.clone().any(|it| it.literal().is_none());
                let says =
                    words.clone().any(|it| names.iter().any(|name| it.text().contains(name)));
                let link =
                    it.runs(&["ln", "cp", "mv", "install", "unzip", "tar", "dpkg", "rpm"]) && says;
                variable || link || it.is_opaque()
            })
    });
    package || copied || step
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn programs_that_are_not_there_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM python:3.14-slim
RUN pip install flask
HEALTHCHECK CMD curl --fail http://localhost/ || exit 1
#               ^^^^ `curl` is neither in the base image nor installed
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM gcr.io/distroless/static-debian12:nonroot
HEALTHCHECK CMD /srv/check
#               ^^^^^^^^^^ plain text is run by a shell, and the base image has none
"#,
        );
    }

    #[test]
    fn what_may_be_there_is_not() {
        for text in [
            "FROM alpine:3.23\nHEALTHCHECK CMD wget -q -O- http://localhost/\n",
            "FROM python:3.14\nHEALTHCHECK CMD curl x\n",
            "FROM debian:13\nRUN apt-get update && apt-get install -y curl\nHEALTHCHECK CMD curl x\n",
            "FROM debian:13\nRUN apt-get install -y $PACKAGES\nHEALTHCHECK CMD curl x\n",
            "FROM debian:13\nCOPY --from=a /usr/bin/curl /usr/bin/\nHEALTHCHECK CMD curl x\n",
            "FROM debian:13\nRUN ./setup.sh\nHEALTHCHECK CMD curl x\n",
            "FROM example/base:1\nHEALTHCHECK CMD curl x\n",
            "FROM debian:13\nHEALTHCHECK CMD /srv/check\n",
            "FROM gcr.io/distroless/static-debian12:nonroot\nHEALTHCHECK CMD [\"/srv/check\"]\n",
            "FROM debian:13 AS a\nRUN apt-get install -y curl\nFROM a\nHEALTHCHECK CMD curl x\n",
        ] {
            check_dockerfile(&RULE, text);
        }
    }
}
