//! What the network sends is unpacked, installed or run, and nothing checks that it is what was
//! meant.

use dockerfile::GitRef;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::{Against, RunCommand, Url};
use crate::downloads::{Added, Checks, Download, added, downloads};
use crate::facts::{RunStep, Step};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "remote-artifact-unverified",
    title: "What is fetched is compared with no checksum or signature",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["S6474", "4.11"],
    doc: page!("remote_artifact_unverified.md"),
    check,
};

const CHECKED: &str = "what is fetched is compared with a checksum or signature";
const FETCHED_TOO: &str = "what is fetched is compared with a checksum that is fetched too: that finds damage, no intruder";

fn check(case: &Case, out: &mut Outcome) {
    let checks = Checks::of(case);
    let all = downloads(case);
    let mut cleared = None;
    for it in &all {
        let asks = it.command.fetches().is_some_and(|it| it.asks) || it.command.place.substituted;
        if asks || it.address().is_local() || !is_used(case, it) {
            continue;
        }
        let against = checks.of_download(it);
        if against.is_some() {
            let fetched = against != Some(Against::Signature) && fetches_checksum(&all, it);
            // Once for each step.
            if cleared != Some(it.step.at) {
                out.clear(&it.at(), if fetched { FETCHED_TOO } else { CHECKED });
                cleared = Some(it.step.at);
            }
        } else if !names_commit(&it.url.text) {
            let name = it.names.last().map_or(&*it.url.text, String::as_str);
            out.fail(&it.at(), message(name, &it.address()));
        }
    }
    for it in added(case).iter().filter(|it| GitRef::parse(it.url).is_none()) {
        let name = it.name();
        if it.copy.checksum.is_some()
            || checks.of_copy(it.source, it.copy, it.start, &name).is_some()
        {
            out.clear(&it.at(), CHECKED);
        } else if !names_commit(it.url) && is_added_to_use(case, it, &name) {
            out.fail(&it.at(), message(&name, &Url::parse(it.url)));
        }
    }
}

fn message(name: &str, url: &Url<'_>) -> String {
    let name = quote(name.rsplit('/').next().unwrap_or(name));
    match url.host {
        host if host.is_empty() || host.contains('$') => {
            format!("nothing checks that {name} is what was meant")
        }
        host => format!("nothing checks that {name} from {} is what was meant", quote(host)),
    }
}

/// Whether a step fetches a checksum as well.
fn fetches_checksum(all: &[Download<'_>], of: &Download<'_>) -> bool {
    let same = all.iter().filter(|it| std::ptr::eq(it.step.run, of.step.run));
    let name = |it: &Download<'_>| it.address().file_name().map(str::to_ascii_lowercase);
    same.filter_map(name).any(|it| {
        ["sha256", "sha512", "shasum", "checksum", ".md5", ".sha1"].iter().any(|of| it.contains(of))
    })
}

/// Whether an address names one commit: what it is cannot change.
fn names_commit(url: &str) -> bool {
    let hash = |it: &str| it.len() == 40 && it.bytes().all(|it| it.is_ascii_hexdigit());
    Url::parse(url).segments().any(|it| hash(it.split('.').next().unwrap_or(it)))
}

/// What a file is by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Something that is unpacked, installed or run.
    Artifact,
    /// A key, a signature, a checksum, a list of packages: others check by it, or it is checked.
    Proof,
    /// Anything.
    Other,
}

fn sort(name: &str) -> Sort {
    const ARTIFACTS: [&str; 40] = [
        ".tar",
        ".tgz",
        ".tbz",
        ".tbz2",
        ".txz",
        ".tzst",
        ".gz",
        ".bz2",
        ".xz",
        ".zst",
        ".zip",
        ".7z",
        ".rar",
        ".deb",
        ".rpm",
        ".apk",
        ".whl",
        ".egg",
        ".gem",
        ".jar",
        ".war",
        ".ear",
        ".phar",
        ".nupkg",
        ".vsix",
        ".pkg",
        ".sh",
        ".bash",
        ".py",
        ".pl",
        ".rb",
        ".run",
        ".bin",
        ".exe",
        ".msi",
        ".appimage",
        ".so",
        ".iso",
        ".img",
        ".jpi",
    ];
    const PROOFS: [&str; 22] = [
        ".asc",
        ".sig",
        ".sign",
        ".gpg",
        ".pgp",
        ".key",
        ".pub",
        ".minisig",
        ".sha1",
        ".sha256",
        ".sha512",
        ".sha256sum",
        ".sha512sum",
        ".md5",
        ".pem",
        ".crt",
        ".cer",
        ".list",
        ".repo",
        ".sources",
        ".sigstore",
        ".att",
    ];
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    let ends = |list: &[&str]| list.iter().any(|it| name.ends_with(it));
    if ends(&PROOFS)
        || ["sha256sum", "sha512sum", "shasum", "checksum"].iter().any(|it| name.contains(it))
    {
        return Sort::Proof;
    }
    if ends(&ARTIFACTS) { Sort::Artifact } else { Sort::Other }
}

/// Whether what is fetched is unpacked, installed or run, as far as the step or its name show.
fn is_used(case: &Case, it: &Download<'_>) -> bool {
    if it.names.is_empty() {
        return is_unpacked_from_pipe(it);
    }
    let sorts: Vec<Sort> = it.names.iter().map(|it| sort(it)).collect();
    if sorts.contains(&Sort::Proof) {
        return false;
    }
    if sorts.contains(&Sort::Artifact) || it.names.iter().any(|it| is_program_path(it)) {
        return true;
    }
    later(case, &it.step).any(|(run, command)| {
        let here = std::ptr::eq(run, it.step.run);
        let behind = !here || command.simple.span.start() > it.command.simple.span.start();
        behind && it.names.iter().any(|name| uses(command, name))
    })
}

/// The commands of a step and of those behind it in its stage.
fn later<'a>(
    case: &'a Case,
    from: &Step<'a>,
) -> impl Iterator<Item = (&'a RunStep, &'a RunCommand)> {
    let (source, stage, start) = (from.source, from.run.stage, from.run.code.start());
    let behind = move |it: &Step<'_>| {
        it.source == source && it.run.stage == stage && it.run.code.start() >= start
    };
    let steps = case.facts.steps().filter(behind);
    steps.flat_map(|it| it.run.commands.iter().map(move |command| (it.run, command)))
}

fn is_program_path(path: &str) -> bool {
    ["/bin/", "/sbin/"].iter().any(|it| path.contains(it))
}

/// Whether a command unpacks, installs or runs a file, or makes it a program.
fn uses(command: &RunCommand, file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let named = |text: &str| text == file || text.rsplit('/').next() == Some(name);
    if name.is_empty() || name.contains('$') {
        return false;
    }
    let program = command.simple.words.get(command.first);
    if program.is_some_and(|it| named(&it.text())) {
        return true;
    }
    let arguments = command.arguments();
    if !arguments.iter().any(|it| named(&it.text())) {
        return false;
    }
    match &*command.program {
        "chmod" => arguments.iter().any(|it| {
            let text = it.text();
            text.contains('x') || text.contains(['7', '5'])
        }),
        "tar" | "bsdtar" | "unzip" | "gunzip" | "7z" | "dpkg" | "rpm" | "java" | "install"
        | "sh" | "bash" | "ash" | "dash" | "zsh" | "perl" | "ruby" | "node" | "php" | "source"
        | "." => true,
        "mv" | "cp" => arguments.last().is_some_and(|it| is_program_path(&it.text())),
        program => {
            program.starts_with("python")
                || program.starts_with("pip")
                || command.packages().is_some()
        }
    }
}

fn is_unpacked_from_pipe(it: &Download<'_>) -> bool {
    let index = it.command.place.index;
    let mut behind = it.step.run.pipeline(it.command).filter(|it| it.place.index > index);
    behind.any(|it| match &*it.program {
        "tar" | "bsdtar" | "unzip" | "funzip" | "cpio" => true,
        "gunzip" | "zcat" | "gzip" | "bunzip2" | "bzip2" | "unxz" | "xz" | "zstd" | "tee"
        | "dd" | "cat" => {
            let targets = it.simple.redirects.iter().map(|it| &it.target);
            it.arguments().iter().chain(targets).any(|it| is_program_path(&it.text()))
        }
        _ => false,
    })
}

/// Whether what `ADD` fetches is unpacked, installed or run.
fn is_added_to_use(case: &Case, it: &Added<'_>, name: &str) -> bool {
    match sort(name) {
        Sort::Proof => false,
        Sort::Artifact => true,
        Sort::Other if is_program_path(&it.copy.destination) => true,
        Sort::Other => {
            let behind = case.facts.steps().filter(|step| {
                step.source == it.source
                    && step.run.stage == it.copy.stage
                    && step.run.code.start() > it.start
            });
            let mut commands = behind.flat_map(|it| &it.run.commands);
            commands.any(|command| uses(command, name) || uses(command, &it.copy.destination))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn what_is_used_unchecked_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV BASE=https://example.com V=1
RUN curl -fsSL $BASE/x-$V.tar.gz | tar -xz -C /opt
#              ^^^^^^^^^^^^^^^^^ nothing checks that `x-1.tar.gz` from `example.com` is what was meant
RUN wget -q https://example.com/x.deb && dpkg -i x.deb
#           ^^^^^^^^^^^^^^^^^^^^^^^^^ nothing checks that `x.deb` from `example.com` is what was meant
RUN curl -fsSLo /usr/local/bin/x https://example.com/x && chmod +x /usr/local/bin/x
#                                ^^^^^^^^^^^^^^^^^^^^^ nothing checks that `x` from `example.com` is what was meant
RUN curl -o setup https://example.com/setup
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^ nothing checks that `setup` from `example.com` is what was meant
RUN sh setup
ADD https://example.com/x.tar.gz /tmp/
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nothing checks that `x.tar.gz` from `example.com` is what was meant
RUN wget https://example.com/a.tgz https://example.com/b.tgz && echo "ab  a.tgz" | sha256sum -c
#                                  ^^^^^^^^^^^^^^^^^^^^^^^^^ nothing checks that `b.tgz` from `example.com` is what was meant
"#,
        );
    }

    #[test]
    fn what_is_checked_or_no_program_is_not() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV V=1
RUN curl -fsSLO "https://example.com/x-${V}.tgz" && echo "$SUM  x-$V.tgz" | sha256sum -c - && tar xf "x-$V.tgz"
RUN wget https://example.com/x.tgz https://example.com/x.tgz.asc && gpg --verify x.tgz.asc x.tgz
RUN curl -o x.zip https://example.com/x.zip
RUN sha512sum -c /sums
RUN wget -O- https://example.com/key.asc | gpg --dearmor > /etc/apt/keyrings/x.gpg
RUN curl -s https://api.example.com/versions | jq -r .latest && V=$(curl -s https://example.com/v)
RUN curl -o /etc/x.conf https://example.com/x.conf
RUN curl -fsS http://localhost/x.tgz | tar xz
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/y.tgz /
ADD https://example.com/a.git#v1 /src
ENV COMMIT=0123456789abcdef0123456789abcdef01234567
RUN wget -O /usr/local/bin/x "https://example.com/raw/${COMMIT}/x"
ADD https://example.com/z.tar.xz /z/
RUN echo "ab /z/z.tar.xz" | sha256sum -c
"#,
        );
    }
}
