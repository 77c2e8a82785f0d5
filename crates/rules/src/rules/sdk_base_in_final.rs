//! The shipped image is one to build with.

use dockerfile::{Base, ImageRef};
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::commands::{Library, RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::purpose::{Purpose, purpose};
use crate::starts::starts;
use crate::tools::shipped_base;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "sdk-base-in-final",
    title: "The shipped image is one to build with",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["multi-stage-missing", "final-from-builder", "DF011", "prefer-multi-stage-build"],
    doc: page!("sdk_base_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some((at, image)) = shipped_base(case) else {
        if let Some(at) = scratch(case) {
            out.clear(&at, "the image is built from nothing: it holds what is copied and no more");
        }
        return;
    };
    if starts(case).is_empty() || purpose(case) != Purpose::Run {
        out.clear(&at, "the image starts no program of its own");
        return;
    }
    let compiled = compiles(case);
    if is_sdk(image) && (compiled.is_some() || is_only_handed_over(case)) {
        let name = quote(&image.to_string());
        out.fail(&at, format!("{name} is made to build with, and all of its tools are shipped"));
        return;
    }
    match compiled {
        Some((place, what)) => {
            let what = quote(&what);
            let message =
                format!("{what} runs in the shipped stage, so its compiler is shipped too");
            out.fail(&place, message);
        }
        None => out.clear(&at, "nothing is compiled in the shipped stage"),
    }
}

/// Whether the program comes out of another stage, and this one installs no tools of its own.
fn is_only_handed_over(case: &Case) -> bool {
    let copies = case.facts.copies.iter().filter(|it| it.reach == Reach::Image);
    let handed = copies.filter_map(|it| it.value.as_ref().ok()).any(|it| it.from.is_some());
    let steps = case.facts.runs.iter().filter(|it| it.reach == Reach::Image);
    let mut commands = steps.filter_map(|it| it.value.as_ref().ok()).flat_map(|it| &it.commands);
    handed && !commands.any(|it| it.libraries().is_some_and(|it| it.verb == Verb::Install))
}

/// Where the shipped image is said to be built from nothing.
fn scratch(case: &Case) -> Option<Locus> {
    let build = case.builds.first()?;
    let stage = build.stages.root_base(build.target?)?;
    (stage.base == Base::Scratch).then(|| build.at(stage.base_place))
}

/// Images that their publishers make to build with, and have something smaller beside.
fn is_sdk(image: &ImageRef) -> bool {
    const SDKS: [&str; 12] = [
        "golang",
        "rust",
        "maven",
        "gradle",
        "gcc",
        "haskell",
        "swift",
        "sbtscala/scala-sbt",
        "mcr.microsoft.com/dotnet/sdk",
        "mcr.microsoft.com/dotnet/core/sdk",
        "mcr.microsoft.com/dotnet/nightly/sdk",
        "microsoft/dotnet",
    ];
    let name = image.familiar();
    let tag = image.tag.as_deref().unwrap_or_default();
    match &*name {
        "swift" => !tag.contains("slim"),
        "microsoft/dotnet" => tag.contains("sdk"),
        "nvidia/cuda" => tag.contains("-devel"),
        name => SDKS.contains(&name),
    }
}

/// A command that compiles in the shipped stages, with tools that its step does not take away again.
fn compiles(case: &Case) -> Option<(Locus, String)> {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if step.trigger || tidies_up(step) {
            continue;
        }
        let found = step.commands.iter().find_map(|it| Some((it, compiler(it)?)));
        if let Some((command, verb)) = found {
            let at = Locus::Text { source: *source, span: command.program_span() };
            return Some((at, format!("{} {verb}", command.program)));
        }
    }
    None
}

fn tidies_up(step: &RunStep) -> bool {
    let removes = |it: &RunCommand| it.packages().is_some_and(|it| it.verb == Verb::Remove);
    let tools = ["/go", "cargo", "rustup", ".m2", "maven", "gradle", "dotnet", "jdk", "sdk"];
    let tree = step.changes.iter().any(|it| {
        it.removes(&it.path)
            && tools.iter().any(|tool| it.path.to_ascii_lowercase().ends_with(tool))
    });
    tree || step.commands.iter().any(removes)
}

/// The verb of a command that compiles a program.
fn compiler(it: &RunCommand) -> Option<String> {
    let verb = it.arguments().iter().map(|it| it.text()).find(|it| !it.starts_with('-'))?;
    let does = match &*it.program {
        "go" => &["build"][..],
        "cargo" => &["build"],
        "mvn" | "mvnw" => &["package", "install", "verify"],
        "gradle" | "gradlew" => &["build", "assemble", "bootJar", "installDist", "shadowJar"],
        "dotnet" => &["publish", "build"],
        "sbt" => &["assembly", "stage", "package", "compile"],
        "swift" | "stack" | "cabal" => &["build", "install"],
        _ => return None,
    };
    let verbs = || it.arguments().iter().map(|it| it.text().into_owned());
    if it.libraries().is_some_and(|it| matches!(it.library, Library::Go | Library::Cargo)) {
        return does.contains(&&*verb).then(|| verb.into_owned());
    }
    verbs().find(|it| does.contains(&it.as_str()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn images_to_build_with() {
        check_dockerfile(
            &RULE,
            r#"
FROM golang:1.25 AS a
#    ^^^^^^^^^^^ `golang:1.25` is made to build with, and all of its tools are shipped
RUN go build -o /app .
FROM a
CMD ["/app"]
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM rust:1.90 AS build
RUN cargo build --release
FROM rust:1.90
#    ^^^^^^^^^ `rust:1.90` is made to build with, and all of its tools are shipped
COPY --from=build /app /app
ENTRYPOINT ["/app"]
"#,
        );
    }

    #[test]
    fn compiling_in_the_shipped_stage() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y cargo
RUN cd /src && cargo build --release
#              ^^^^^ `cargo build` runs in the shipped stage, so its compiler is shipped too
CMD ["/src/target/release/app"]
"#,
        );
    }

    #[test]
    fn builders_and_tools_pass() {
        for text in [
            "FROM golang:1.25 AS b\nRUN go build -o /app\nFROM scratch\nCOPY --from=b /app /\nCMD [\"/app\"]\n",
            "FROM golang:1.25\nCMD [\"go\", \"test\", \"./...\"]\n",
            "FROM golang:1.25\nRUN go install example.com/x@v1\n",
            "FROM rust:1.90\nCMD bash\n",
            "FROM golang:1.25\nRUN go install example.com/x@v1\nCOPY --from=y /z /z\nCMD [\"/x\"]\n",
            "FROM alpine:3.22\nRUN apk add go && go build && apk del go\nCMD [\"/app\"]\n",
            "FROM mcr.microsoft.com/dotnet/sdk:9.0\nENTRYPOINT [\"dotnet\", \"run\"]\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
