//! Clients of clouds, clusters and container engines are shipped.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use crate::commands::{FileAct, Library, RunCommand, Verb};
use crate::facts::Package;
use crate::in_layers::report_tools;
use crate::knowledge::tools::{self, Category, Tier, binary};
use crate::layers::{Layer, places, shipped};
use crate::starts::starts;
use crate::tools::{is_started, report_packages};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "cloud-cli-in-final",
    title: "Clients of clouds and clusters are shipped",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &[],
    doc: page!("cloud_cli_in_final.md"),
    check,
};

/// Packages of languages that are such clients, and the program each brings.
const LIBRARIES: [(&str, &str); 8] = [
    ("awscli", "aws"),
    ("azure-cli", "az"),
    ("ansible", "ansible"),
    ("aws-cdk", "cdk"),
    ("serverless", "serverless"),
    ("pulumi", "pulumi"),
    ("firebase-tools", "firebase"),
    ("wrangler", "wrangler"),
];

fn check(case: &Case, out: &mut Outcome) {
    let wanted = |package: &Package, it: tools::Package| {
        is_client(package, it) && !is_started(case, package)
    };
    report_packages(
        case,
        out,
        wanted,
        "shipped, which turns a token into control of a cluster or account",
    );
    report_tools(case, out, wanted);
    for layer in shipped(case) {
        for (name, span) in brought(layer) {
            let Locus::Text { source, .. } = layer.at() else { continue };
            let at = Locus::Text { source: *source, span };
            if started(case, &name) {
                out.clear(&at, format!("{} is what the image is for", quote(&name)));
            } else {
                let message = format!(
                    "{} is shipped, which turns a token into control of a cluster or account",
                    quote(&name)
                );
                out.fail(&at, message);
            }
        }
    }
}

/// Clients of container engines and clusters; the engines themselves are another matter.
const CONTROL: [&str; 9] =
    ["docker", "docker-compose", "podman", "kubectl", "nerdctl", "crictl", "ctr", "buildah", "oc"];

fn is_client(package: &Package, it: tools::Package) -> bool {
    let control = |name: &str| CONTROL.contains(&name);
    let named = control(&package.name) || it.brings().any(control);
    it.category == Category::CloudCli
        || (it.category == Category::HostControl && it.tier == Tier::Intruder && named)
}

/// The clients that a layer brings as programs or as packages of a language.
fn brought(layer: Layer<'_>) -> Vec<(String, Span)> {
    match layer {
        Layer::Copy(_, copy) => {
            let of = places(copy).into_iter();
            of.filter_map(|(path, span)| Some((program(&path)?, span))).collect()
        }
        Layer::Run(_, step) => {
            let made = step.changes.iter().filter(|it| {
                matches!(it.act, FileAct::Fetch | FileAct::Arrive(_))
                    && !step
                        .changes
                        .iter()
                        .any(|other| other.command > it.command && other.removes(&it.path))
            });
            let programs = made.filter_map(|it| Some((program(&it.path)?, it.span)));
            let libraries = step.commands.iter().flat_map(libraries);
            let mut found: Vec<(String, Span)> = programs.chain(libraries).collect();
            // Fetched and then moved is one.
            text::order::sort_by(&mut found, |a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
            found.dedup_by(|a, b| a.0 == b.0);
            found
        }
    }
}

/// The client whose program lies at a path where programs lie.
fn program(path: &str) -> Option<String> {
    let (folder, name) = path.trim_end_matches('/').rsplit_once('/')?;
    let known = binary(name)?;
    let client = known.category == Category::CloudCli || CONTROL.contains(&name);
    (client && folder.ends_with("bin")).then(|| name.to_owned())
}

fn libraries(command: &RunCommand) -> Vec<(String, Span)> {
    let Some(call) = command.libraries().filter(|it| it.verb == Verb::Install) else {
        return Vec::new();
    };
    if !matches!(call.library, Library::Pip | Library::Pipx | Library::Uv | Library::Npm) {
        return Vec::new();
    }
    let client = |name: &str| LIBRARIES.iter().any(|(it, _)| *it == name);
    let found = call.packages.iter().filter(|it| client(&it.name));
    found.map(|it| (it.name.clone(), it.span)).collect()
}

fn started(case: &Case, name: &str) -> bool {
    let brings = LIBRARIES.iter().find(|(it, _)| *it == name).map(|it| it.1);
    let is_one = |it: &str| it == name || brings == Some(it);
    let names = |word: &str| word.rsplit('/').next().is_some_and(is_one);
    starts(case).iter().flat_map(|it| &it.command.simple.words).any(|it| names(&it.text()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn packages_programs_and_libraries() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y docker.io curl
#                      ^^^^^^^^^ `docker.io` is shipped, which turns a token into control of a cluster or account
RUN curl -o /usr/local/bin/kubectl https://example.com/kubectl && chmod +x /usr/local/bin/kubectl
#   ^^^^ `kubectl` is shipped, which turns a token into control of a cluster or account
COPY --from=example.com/helm /helm /usr/local/bin/helm
#                            ^^^^^ `helm` is shipped, which turns a token into control of a cluster or account
RUN pip install awscli==1.40
#               ^^^^^^^^^^^^ `awscli` is shipped, which turns a token into control of a cluster or account
COPY aws /etc/aws
"#,
        );
    }

    #[test]
    fn images_that_are_the_tool() {
        for text in [
            "FROM debian:13\nCOPY terraform /usr/bin/terraform\nENTRYPOINT [\"terraform\"]\n",
            "FROM alpine:3.22\nRUN apk add --no-cache aws-cli\nENTRYPOINT [\"/usr/bin/aws\"]\n",
            "FROM x AS b\nRUN pip install awscli\nFROM x\nCOPY --from=b /a /a\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
