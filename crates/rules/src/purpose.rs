//! What an image is made for: to run a program, or to be built on and worked in.
//!
//! A compiler in an image that serves somebody is a find for an intruder; in an image to build in it
//! is the point. No document says which it is, but what a container starts tells a good deal.

use report::{Incomplete, Input, Outcome, Why};

use crate::Case;
use crate::commands::RunCommand;
use crate::knowledge::reference::familiar;
use crate::starts::starts;
use crate::tools::shipped_base;

/// Programs that build or wait.
const WORKSHOP: [&str; 21] = [
    "sleep",
    "tail",
    "true",
    "go",
    "cargo",
    "mvn",
    "mvnw",
    "gradle",
    "gradlew",
    "dotnet-watch",
    "sbt",
    "swift",
    "make",
    "gcc",
    "rustc",
    "jshell",
    "air",
    "jupyter",
    "code-server",
    "stack",
    "cabal",
];
/// Shells and interpreters, which wait for somebody to type where they are given nothing to run.
const INTERPRETERS: [&str; 16] = [
    "ash", "bash", "bpython", "erl", "iex", "ipython", "irb", "julia", "node", "php", "pwsh",
    "python", "python3", "R", "sh", "zsh",
];
/// Images that start a shell, an interpreter or a tool to build with, by what their publishers say of
/// them as of 2026. A star stands for any end.
const START_NOTHING: [&str; 40] = [
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "buildpack-deps",
    "busybox",
    "centos",
    "clearlinux",
    "clojure",
    "debian",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "fedora",
    "gcc",
    "golang",
    "gradle",
    "haskell",
    "julia",
    "maven",
    "mcr.microsoft.com/azurelinux/*",
    "mcr.microsoft.com/dotnet/*",
    "node",
    "nvidia/cuda",
    "openjdk",
    "opensuse/*",
    "oraclelinux",
    "perl",
    "photon",
    "public.ecr.aws/amazonlinux/*",
    "python",
    "quay.io/fedora/*",
    "r-base",
    "registry.access.redhat.com/ubi*",
    "rockylinux",
    "ruby",
    "rust",
    "swift",
    "ubuntu",
];

/// What an image is made for, as far as that can be seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    /// To run a program: it starts one, or is built on an image that does.
    Run,
    /// It starts a shell or a tool to build with, as images to build on and to work in do.
    Work,
    /// It starts nothing itself, and what its base image starts is not known.
    Open,
}

/// What an image is made for.
pub(crate) fn purpose(case: &Case) -> Purpose {
    let all = starts(case);
    // A variable names the program.
    if all.iter().any(|it| it.command.program.is_empty()) {
        return Purpose::Open;
    }
    if !all.is_empty() {
        let runs = all.iter().all(|it| is_application(&it.command));
        return if runs { Purpose::Run } else { Purpose::Work };
    }
    let Some((_, image)) = shipped_base(case) else { return Purpose::Open };
    let name = image.familiar();
    let name = familiar(&name);
    let fits = |it: &&str| match it.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => *name == **it,
    };
    if START_NOTHING.iter().any(fits) {
        return Purpose::Work;
    }
    let build = case.builds.first();
    let known = build.and_then(|it| it.known_base(it.target?)).is_some();
    if known { Purpose::Run } else { Purpose::Open }
}

/// Whether a command is a program that is not itself there to build or to be typed into.
fn is_application(command: &RunCommand) -> bool {
    let first = command.arguments().first();
    let tool = command.runs(&["dotnet"])
        && first.is_some_and(|it| it.is("run") || it.is("watch") || it.is("test"));
    let waits = command.runs(&INTERPRETERS)
        && command.arguments().iter().all(|it| it.text().starts_with('-'));
    !tool && !waits && !WORKSHOP.contains(&&*command.program)
}

/// Turns findings into a doubt where the image may be made for what they are about. One is enough:
/// it goes away with one answer.
pub(crate) fn doubt(case: &Case, out: &mut Outcome) {
    let Some(first) = out.findings.first().map(|it| it.place.at.clone()) else { return };
    let (what, input, command) = match purpose(case) {
        Purpose::Run => return,
        Purpose::Work => (
            "it starts no program of its own, as images do that are made to build or to work in",
            Input::Run,
            "docker inspect CONTAINER",
        ),
        Purpose::Open => (
            "nothing says what it starts: it may be made to build or to work in",
            Input::Config,
            "docker image inspect IMAGE",
        ),
    };
    out.findings.clear();
    out.gap(
        &first,
        Why::Incomplete(Box::new(Incomplete { what: what.into(), input, command: command.into() })),
    );
}
