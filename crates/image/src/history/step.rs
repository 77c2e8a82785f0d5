//! What an entry of a history says: an instruction, a command, or something that no Dockerfile
//! said.
//!
//! Builders record the same instruction in different ways, with marks in front and behind. They are
//! taken off in a fixed order; what stays keeps its place in the text that was handed in.

use text::Cooked;

use super::{Entry, Maker, prefix};

/// What an entry says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Who made it.
    pub maker: Maker,
    /// What it did.
    pub what: What,
    /// Build arguments that were recorded with a command.
    pub arguments: Vec<Argument>,
}

/// A build argument with the value that a command was run with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Argument {
    /// Its name.
    pub name: Cooked,
    /// Its value.
    pub value: Cooked,
}

/// What a step did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// An instruction other than `RUN`, and what was recorded behind its keyword.
    Instruction(&'static str, Cooked),
    /// A command that a shell ran: the words of the shell, as recorded, and the command.
    Shell(Cooked, Cooked),
    /// A program that was run without a shell: its words, with blanks between them.
    Exec(Cooked),
    /// A command whose text was not recorded: a here-document with a first line `#!`.
    Lost,
    /// A line of a Dockerfile as it was written.
    Line(Cooked),
    /// Something that no Dockerfile said, or nothing at all.
    Foreign,
}

/// The instructions that have entries of their own.
const KEYWORDS: [&str; 16] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Reads the entries of a history, oldest first.
pub fn steps(entries: &[Entry]) -> Vec<Step> {
    let mut shells: Vec<String> = Vec::new();
    let mut declared: Vec<String> = Vec::new();
    let mut steps = Vec::with_capacity(entries.len());
    for entry in entries {
        let step = step(entry, &shells, &declared);
        match &step.what {
            What::Instruction("SHELL", rest) => {
                let words = rest.as_str().trim_matches(['[', ']']);
                let words = words.replace("\" \"", " ").replace("\",\"", " ").replace('"', "");
                shells.push(words);
            }
            What::Instruction("ARG", rest) => {
                let names = rest.as_str().split(' ').map(|it| it.split('=').next().unwrap_or(it));
                declared.extend(names.map(str::to_owned));
            }
            _ => {}
        }
        steps.push(step);
    }
    steps
}

fn step(entry: &Entry, shells: &[String], declared: &[String]) -> Step {
    let marked = Maker::by_mark(entry);
    let text = without_tails(&trimmed(&entry.created_by));
    let foreign = |maker| Step { maker, what: What::Foreign, arguments: Vec::new() };
    match marked {
        Some(Maker::Kaniko) if !text.is_empty() => {
            let (maker, arguments) = (Maker::Kaniko, Vec::new());
            return Step { maker, what: What::Line(text), arguments };
        }
        // A comment of BuildKit may stand on what a tool made that imitates it.
        Some(Maker::BuildKit | Maker::Import) | None => {}
        Some(other) => return foreign(other),
    }
    if text.is_empty() {
        return foreign(marked.unwrap_or(Maker::Unknown));
    }
    if let Some((maker, keyword, rest)) = metadata(&text) {
        return Step { maker, what: What::Instruction(keyword, rest), arguments: Vec::new() };
    }
    let (text, has_mark) = without_mark(&text, entry.is_cut);
    let is_buildkit = has_mark || marked == Some(Maker::BuildKit);
    if let Some((keyword, rest)) = instruction(&text) {
        return Step {
            maker: Maker::BuildKit,
            what: What::Instruction(keyword, rest),
            arguments: Vec::new(),
        };
    }
    match command(&text, is_buildkit, shells, declared) {
        Some(step) => step,
        None => foreign(marked.unwrap_or(Maker::Unknown)),
    }
}

/// A command with everything in front of it: `RUN |1 A=x /bin/sh -c make`.
fn command(
    text: &Cooked,
    is_buildkit: bool,
    shells: &[String],
    declared: &[String],
) -> Option<Step> {
    let has_keyword = text.as_str().starts_with("RUN ");
    let is_buildkit = is_buildkit || has_keyword;
    let mut rest = match has_keyword {
        true => trimmed(&text.slice(4..text.as_str().len())),
        false => text.clone(),
    };
    let mut arguments = Vec::new();
    let mut has_prefix = false;
    if let Some((found, start)) = prefix::arguments(&rest, declared, shells) {
        (arguments, has_prefix) = (found, true);
        rest = rest.slice(start..rest.as_str().len());
    }
    let maker = if is_buildkit { Maker::BuildKit } else { Maker::Classic };
    if let Some(length) = shell_length(rest.as_str(), shells) {
        let shell = trimmed(&rest.slice(0..length));
        let command = trimmed(&rest.slice(length..rest.as_str().len()));
        let what = match command.as_str() {
            "/dev/pipes/EOF" => What::Lost,
            it if it.starts_with("/dev/pipes/") && !it.contains(' ') => What::Lost,
            _ => What::Shell(shell, command),
        };
        return Some(Step { maker, what, arguments });
    }
    let is_command = is_buildkit || has_prefix || rest.as_str().contains(' ');
    // A shell alone is what an interactive container ran before it was committed.
    let what = What::Exec(rest);
    (is_command && what != What::Exec(Cooked::default())).then_some(Step { maker, what, arguments })
}

/// What the builders before BuildKit record of everything but `RUN`: `/bin/sh -c #(nop)  ENV A=b`.
fn metadata(text: &Cooked) -> Option<(Maker, &'static str, Cooked)> {
    const NO_OPERATION: &str = "#(nop)";
    let at = text.as_str().find(NO_OPERATION)? + NO_OPERATION.len();
    let all = text.as_str().len();
    let (keyword, rest) = instruction(&trimmed(&text.slice(at..all)))?;
    // The classic builder has two blanks before all keywords but three.
    let is_single = text.as_str().get(at..).is_some_and(|it| !it.starts_with("  "));
    let buildah = is_single && !matches!(keyword, "ADD" | "COPY" | "WORKDIR");
    Some((if buildah { Maker::Buildah } else { Maker::Classic }, keyword, rest))
}

/// An instruction other than `RUN`: its keyword and what follows.
fn instruction(text: &Cooked) -> Option<(&'static str, Cooked)> {
    let all = text.as_str();
    let end = all.find([' ', '\t']).unwrap_or(all.len());
    let keyword = KEYWORDS.iter().find(|it| all.get(..end) == Some(**it))?;
    Some((*keyword, trimmed(&text.slice(end..all.len()))))
}

/// Takes off BuildKit's mark, also one that is cut off itself, and says whether there was one.
fn without_mark(text: &Cooked, is_cut: bool) -> (Cooked, bool) {
    const MARK: &str = " # buildkit";
    let all = text.as_str();
    if let Some(kept) = all.strip_suffix(MARK) {
        return (trimmed(&text.slice(0..kept.len())), true);
    }
    let start = all.rfind(" # ").filter(|_| is_cut);
    match start.filter(|it| all.get(*it..).is_some_and(|it| it.len() > 4 && MARK.starts_with(it))) {
        Some(start) => (trimmed(&text.slice(0..start)), true),
        None => (text.clone(), false),
    }
}

/// Takes off what buildah adds behind a step to tell builds with different options apart.
fn without_tails(text: &Cooked) -> Cooked {
    const TAILS: [&str; 6] = [
        "|inheritLabels=",
        "|unsetLabel=",
        "|unsetAnnotation=",
        "|force-mtime=",
        "|clamp-mtime=",
        "|inheritAnnotations=",
    ];
    let mut end = text.as_str().len();
    loop {
        let kept = text.as_str().get(..end).unwrap_or_default().trim_end();
        let tail = kept.rfind('|').filter(|at| {
            let tail = kept.get(*at..).unwrap_or_default();
            !tail.contains(char::is_whitespace) && TAILS.iter().any(|it| tail.starts_with(it))
        });
        match tail {
            Some(at) => end = at,
            None => return text.slice(0..kept.len()),
        }
    }
}

/// The length of a shell's words at the start of a text, with the blank behind them. `shells`:
/// what `SHELL` has set before.
pub(super) fn shell_length(text: &str, shells: &[String]) -> Option<usize> {
    let set = shells.iter().rev().find(|it| {
        let rest = text.strip_prefix(it.as_str());
        !it.is_empty() && rest.is_some_and(|it| it.is_empty() || it.starts_with(' '))
    });
    if let Some(shell) = set {
        return Some((shell.len() + 1).min(text.len()));
    }
    let mut at = text.find(' ')?;
    let program = text.get(..at)?.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    let is_last: fn(&str) -> bool = match program.trim_end_matches(".exe") {
        "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "mksh" => {
            |it| it.starts_with('-') && !it.starts_with("--") && it.ends_with('c')
        }
        "cmd" => |it| it.eq_ignore_ascii_case("/c"),
        "powershell" | "pwsh" => {
            |it| it.eq_ignore_ascii_case("-command") || it.eq_ignore_ascii_case("-c")
        }
        _ => return None,
    };
    let mut takes_word = false;
    for _ in 0..8 {
        let rest = text.get(at + 1..)?;
        let length = rest.find(' ').unwrap_or(rest.len());
        let word = rest.get(..length)?;
        at += 1 + length;
        if std::mem::take(&mut takes_word) {
            continue;
        }
        if is_last(word) {
            return Some((at + 1).min(text.len()));
        }
        if !word.starts_with(['-', '/']) {
            return None;
        }
        takes_word = word.starts_with('-') && word.ends_with('o');
    }
    None
}

fn trimmed(text: &Cooked) -> Cooked {
    let all = text.as_str();
    let start = all.len() - all.trim_start().len();
    text.slice(start..start + all.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(by: &str, comment: &str) -> Entry {
        let (kept, is_cut) = super::super::row::without_mark(by);
        let created_by = Cooked::plain(kept, 0);
        Entry { created_by, is_cut, comment: comment.to_owned(), ..Entry::default() }
    }

    #[track_caller]
    fn check(by: &str, comment: &str, maker: Maker, expected: &str) {
        let step = step(&entry(by, comment), &[], &["TOKEN".to_owned()]);
        let got = match &step.what {
            What::Instruction(keyword, rest) => format!("{keyword} {}", rest.as_str()),
            What::Shell(shell, text) => format!("{} > {}", shell.as_str(), text.as_str()),
            What::Exec(words) => format!("exec {}", words.as_str()),
            What::Lost => "lost".to_owned(),
            What::Line(text) => format!("line {}", text.as_str()),
            What::Foreign => "foreign".to_owned(),
        };
        assert_eq!((step.maker, &*got), (maker, expected), "{by}");
    }

    #[test]
    fn the_classic_builder() {
        use Maker::Classic;
        check("/bin/sh -c #(nop)  ENV A=b", "", Classic, "ENV A=b");
        check("/bin/sh -c #(nop) ADD file:3b in / ", "", Classic, "ADD file:3b in /");
        check("/bin/sh -c apt-get update", "", Classic, "/bin/sh -c > apt-get update");
        check(
            "|1 TOKEN=x y /bin/bash -o pipefail -c make",
            "",
            Classic,
            "/bin/bash -o pipefail -c > make",
        );
        check("cmd /S /C #(nop)  EXPOSE 80", "", Classic, "EXPOSE 80");
        check("cmd /S /C dir", "", Classic, "cmd /S /C > dir");
        check(
            "powershell -Command $ErrorActionPreference = 'Stop'; dir",
            "",
            Classic,
            "powershell -Command > $ErrorActionPreference = 'Stop'; dir",
        );
        check("apt-get install -y curl", "", Classic, "exec apt-get install -y curl");
    }

    #[test]
    fn buildkit() {
        use Maker::BuildKit;
        let comment = "buildkit.dockerfile.v0";
        check("RUN /bin/sh -c make # buildkit", comment, BuildKit, "/bin/sh -c > make");
        check("RUN |1 TOKEN=x /bin/sh -c make # buildkit", comment, BuildKit, "/bin/sh -c > make");
        check("RUN make all # buildkit", comment, BuildKit, "exec make all");
        check("COPY a b # buildkit", comment, BuildKit, "COPY a b");
        check("COPY a b # buil\u{2026}", comment, BuildKit, "COPY a b");
        check("WORKDIR /app", comment, BuildKit, "WORKDIR /app");
        check("ENTRYPOINT [\"a\" \"b\"]", comment, BuildKit, "ENTRYPOINT [\"a\" \"b\"]");
        check("RUN /bin/sh -c /dev/pipes/EOF # buildkit", comment, BuildKit, "lost");
        check("RUN /bin/sh -c a\nb\n # buildkit", comment, BuildKit, "/bin/sh -c > a\nb");
        let other = "buildkit.exporter.image.v0";
        check("mkdir /a, copy /b /c", other, Maker::OtherFrontend, "foreign");
    }

    #[test]
    fn buildah_and_kaniko() {
        check("/bin/sh -c #(nop) CMD [\"x\"]", "", Maker::Buildah, "CMD [\"x\"]");
        check(
            "/bin/sh -c #(nop) COPY file:3b in /x |inheritLabels=false|unsetLabel=a",
            "",
            Maker::Classic,
            "COPY file:3b in /x",
        );
        check("|0 /bin/sh -c make", "", Maker::Classic, "/bin/sh -c > make");
        let mut it = entry("RUN mkdir /x", "");
        it.author = "kaniko".to_owned();
        assert_eq!(step(&it, &[], &[]).what, What::Line(Cooked::plain("RUN mkdir /x", 0)));
    }

    #[test]
    fn what_no_dockerfile_said() {
        check("bazel build ...", "", Maker::Bazel, "foreign");
        check("ko build ko://example.com/x", "", Maker::Ko, "foreign");
        check("jib-maven-plugin:3.4.0", "classes", Maker::Jib, "foreign");
        check("Layer: 'jre', Created by buildpack: a/b@1", "", Maker::Buildpacks, "foreign");
        check("apko", "This is an apko single-layer image", Maker::Apko, "foreign");
        check("", "store paths: ['/nix/store/x']", Maker::Nix, "foreign");
        check("# debian.sh --arch 'amd64' out/", "", Maker::Debuerreotype, "foreign");
        check("", "Imported from -", Maker::Import, "foreign");
        check("/bin/sh", "", Maker::Unknown, "foreign");
        check("", "", Maker::Unknown, "foreign");
        check("Apply image 10.0.17134.1", "", Maker::Microsoft, "foreign");
    }

    #[test]
    fn a_shell_that_was_set_is_known_by_its_words() {
        let shell = entry("SHELL [/opt/sh -x]", "buildkit.dockerfile.v0");
        let run = entry("RUN /opt/sh -x make # buildkit", "buildkit.dockerfile.v0");
        let steps = steps(&[shell, run]);
        let What::Shell(words, text) = &steps[1].what else { panic!("{steps:?}") };
        assert_eq!((words.as_str(), text.as_str()), ("/opt/sh -x", "make"));
    }
}
