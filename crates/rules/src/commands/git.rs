//! Calls of git that bring a repository, and those that choose what of it.

use dockerfile::shell::ShellWord;

use super::{Options, RunCommand};

/// `git clone`.
#[derive(Clone, Debug)]
pub struct GitClone<'a> {
    /// The repository.
    pub url: &'a ShellWord,
    /// The branch or tag that is asked for, by the word that says so.
    pub branch: Option<String>,
    /// Whether one commit is asked for.
    pub fixed: bool,
}

const VALUED: &[&str] = &[
    "-C",
    "-c",
    "--config",
    "-b",
    "--branch",
    "--revision",
    "--depth",
    "-o",
    "--origin",
    "-j",
    "--jobs",
    "--reference",
    "--reference-if-able",
    "--filter",
    "-u",
    "--upload-pack",
    "--template",
    "--separate-git-dir",
    "--shallow-since",
    "--shallow-exclude",
    "--server-option",
];

/// Reads a command as `git clone`, if it is that.
pub fn git_clone(command: &RunCommand) -> Option<GitClone<'_>> {
    let options = git(command)?;
    let [verb, url, ..] = options.operands[..] else { return None };
    let branch = options.value(&["-b", "--branch"]).map(str::to_owned);
    verb.is("clone").then(|| GitClone { url, branch, fixed: options.has(&["--revision"]) })
}

/// The branch, tag or commit that a command checks out, if it does; the word as written.
pub fn git_checkout(command: &RunCommand) -> Option<&ShellWord> {
    let options = git(command)?;
    let [verb, ..] = options.operands[..] else { return None };
    match &*verb.text() {
        // `git checkout -b NAME START`
        "checkout" | "switch" | "reset" => {
            let last = options.operands.iter().skip(1).copied().last();
            last.or_else(|| options.flag(&["-b"]).map(|it| it.word))
        }
        _ => None,
    }
}

fn git(command: &RunCommand) -> Option<Options<'_>> {
    command.runs(&["git"]).then(|| command.options(VALUED))
}

/// Whether a name stands for whatever is newest: it means something else from day to day.
pub fn is_moving(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
    matches!(
        &*name,
        "main"
            | "master"
            | "trunk"
            | "develop"
            | "dev"
            | "head"
            | "latest"
            | "nightly"
            | "next"
            | "edge"
            | "unstable"
            | "default"
            | "dev-main"
            | "dev-master"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    #[test]
    fn clones_and_checkouts() {
        let clone = |text: &str| {
            let list = parsed(text);
            let it = git_clone(&list[0])?;
            Some((it.url.text().into_owned(), it.branch, it.fixed))
        };
        let url = || "https://x/y".to_owned();
        assert_eq!(clone("git clone --depth 1 https://x/y z"), Some((url(), None, false)));
        assert_eq!(
            clone("git -c a=b clone -b v1 https://x/y"),
            Some((url(), Some("v1".into()), false))
        );
        assert_eq!(
            clone("git clone --branch=$V https://x/y"),
            Some((url(), Some("$V".into()), false))
        );
        assert_eq!(clone("git clone --revision=ab https://x/y"), Some((url(), None, true)));
        assert_eq!(clone("git fetch https://x/y"), None);
        let checkout = |text: &str| {
            let list = parsed(text);
            git_checkout(&list[0]).map(|it| it.text().into_owned())
        };
        assert_eq!(checkout("git -C /src checkout -q v1").as_deref(), Some("v1"));
        assert_eq!(checkout("git reset --hard $COMMIT").as_deref(), Some("$COMMIT"));
        assert_eq!(checkout("git pull"), None);
        assert!(is_moving("origin/main") && is_moving("HEAD") && !is_moving("v1.2"));
    }
}
