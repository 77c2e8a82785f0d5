//! Package managers of languages: what a call of one installs.

use dockerfile::shell::ShellWord;
use text::Span;

use super::{Options, PackageName, Spec, Verb};

/// A language's package manager.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "each is the program of that name")]
pub enum Library {
    Bundler,
    Cargo,
    Composer,
    Conda,
    Gem,
    Go,
    Npm,
    Pip,
    Pipx,
    Pnpm,
    Poetry,
    Uv,
    Yarn,
}

/// A call of a language's package manager.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LibraryCall {
    /// The manager.
    pub library: Library,
    /// What it does. Installing what a lock or project file lists names no packages.
    pub verb: Verb,
    /// The verb as written, as in `ci` for `npm ci`; for `go get` it is `get`.
    pub word: String,
    /// Where the verb stands.
    pub verb_span: Span,
    /// The packages it names.
    pub packages: Vec<PackageName>,
}

impl Library {
    /// Options of its calls that take a value.
    pub fn valued(self) -> &'static [&'static str] {
        match self {
            Self::Pip => &[
                "-r",
                "--requirement",
                "-c",
                "--constraint",
                "-i",
                "--index-url",
                "--extra-index-url",
                "-f",
                "--find-links",
                "-t",
                "--target",
                "--prefix",
                "--root",
                "--src",
                "--python",
                "--platform",
                "--python-version",
                "--abi",
                "--implementation",
                "--trusted-host",
                "--proxy",
                "--cert",
                "--cache-dir",
                "--retries",
                "--timeout",
                "--only-binary",
                "--no-binary",
                "--progress-bar",
                "--log",
                "--exists-action",
                "--config-settings",
                "-C",
                "--global-option",
                "--upgrade-strategy",
                "--group",
                "--use-feature",
            ],
            Self::Uv => &[
                "-r",
                "--requirement",
                "-c",
                "--constraint",
                "--index-url",
                "--extra-index-url",
                "--index",
                "--default-index",
                "--python",
                "-p",
                "--target",
                "--prefix",
                "--extra",
                "--group",
                "--project",
                "--directory",
                "--find-links",
                "-f",
                "--with",
                "--from",
                "--torch-backend",
            ],
            Self::Npm => &[
                "--prefix",
                "--registry",
                "--cache",
                "-w",
                "--workspace",
                "--loglevel",
                "--userconfig",
                "--omit",
                "--include",
                "-C",
                "--tag",
                "--target_arch",
                "--fetch-timeout",
            ],
            Self::Yarn => &[
                "--cwd",
                "--registry",
                "--network-timeout",
                "--cache-folder",
                "--modules-folder",
                "--network-concurrency",
                "--mutex",
            ],
            Self::Pnpm => &["-C", "--dir", "--filter", "-F", "--registry", "--store-dir"],
            Self::Gem => &[
                "-v",
                "--version",
                "-i",
                "--install-dir",
                "-n",
                "--bindir",
                "-s",
                "--source",
                "-P",
                "--trust-policy",
                "--platform",
            ],
            Self::Bundler => {
                &["--jobs", "-j", "--retry", "--path", "--without", "--with", "--gemfile"]
            }
            Self::Go => &["-o", "-ldflags", "-tags", "-mod", "-modfile", "-p", "-gcflags", "-C"],
            Self::Cargo => &[
                "--version",
                "--vers",
                "--git",
                "--branch",
                "--tag",
                "--rev",
                "--path",
                "--root",
                "--registry",
                "--index",
                "-F",
                "--features",
                "--target",
                "--target-dir",
                "--profile",
                "-j",
                "--jobs",
                "--bin",
                "--example",
                "--config",
                "-p",
                "--package",
                "--manifest-path",
            ],
            Self::Composer => &["-d", "--working-dir", "--install-dir", "--filename"],
            Self::Conda => &["-n", "--name", "-c", "--channel", "-p", "--prefix", "-f", "--file"],
            Self::Pipx => &["--python", "--pip-args", "--suffix", "--index-url"],
            Self::Poetry => {
                &["-E", "--extras", "--only", "--with", "--without", "-C", "--directory"]
            }
        }
    }
}

/// What a call of a language's package manager does; nothing when the program is none.
pub fn library_call(program: &str, arguments: &[ShellWord]) -> Option<LibraryCall> {
    let (library, mut arguments) = which(program, arguments)?;
    if library == Library::Gem {
        // What stands behind goes to the compiler of a gem's extension.
        arguments = arguments.split(|it| it.is("--")).next().unwrap_or_default();
    }
    let options = Options::parse(arguments, library.valued());
    let mut operands = options.operands.iter().copied();
    let mut verb_word = operands.next();
    // `uv pip install`, `npm run …`, `yarn global add`, `conda env create`.
    if verb_word.is_some_and(|it| it.is("pip") || it.is("global") || it.is("env") || it.is("tool"))
    {
        verb_word = operands.next();
    }
    let word = verb_word.map(|it| it.text().into_owned()).unwrap_or_default();
    let only_asks = options.has(&["-v", "-V", "--version", "-h", "--help"]);
    let bare_yarn = library == Library::Yarn && word.is_empty() && !only_asks;
    let verb = if bare_yarn { Verb::Install } else { verb(library, &word) };
    let verb_span = verb_word.or(arguments.first()).map(|it| it.span).unwrap_or_default();
    let packages = match verb {
        Verb::Install => operands.map(|it| package(it, library)).collect(),
        _ => Vec::new(),
    };
    let mut call = LibraryCall { library, verb, word, verb_span, packages };
    if library == Library::Gem || library == Library::Cargo {
        // One flag gives the version of all that are named.
        let version = options.value(&["-v", "--version", "--vers"]);
        for it in &mut call.packages {
            it.version = it.version.take().or(version.map(str::to_owned));
        }
    }
    Some(call)
}

/// Which manager a program is, and its arguments; `python -m pip` is pip.
fn which<'a>(program: &str, arguments: &'a [ShellWord]) -> Option<(Library, &'a [ShellWord])> {
    let name = program.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
    let library = match name {
        "pip" => Library::Pip,
        "python" | "pypy" => {
            let module = arguments.iter().position(|it| it.is("-m"))?;
            let of = arguments.get(module + 1)?;
            let rest = arguments.get(module + 2..)?;
            return of.is("pip").then_some((Library::Pip, rest));
        }
        "pipx" => Library::Pipx,
        "uv" => Library::Uv,
        "poetry" => Library::Poetry,
        "conda" | "mamba" | "micromamba" => Library::Conda,
        "npm" => Library::Npm,
        "yarn" | "yarnpkg" => Library::Yarn,
        "pnpm" => Library::Pnpm,
        "gem" => Library::Gem,
        "bundle" | "bundler" => Library::Bundler,
        "go" => Library::Go,
        "cargo" => Library::Cargo,
        "composer" => Library::Composer,
        _ => return None,
    };
    Some((library, arguments))
}

fn verb(library: Library, word: &str) -> Verb {
    use Library::{
        Bundler, Cargo, Composer, Conda, Gem, Go, Npm, Pip, Pipx, Pnpm, Poetry, Uv, Yarn,
    };
    match (library, word) {
        (Pip | Pipx | Gem | Composer | Conda | Poetry | Bundler | Yarn | Cargo | Go, "install")
        | (Gem, "i")
        | (Npm | Pnpm, "install" | "i" | "add" | "ci" | "install-test" | "it" | "isntall")
        | (Uv, "install" | "sync" | "add")
        | (Yarn | Poetry, "add")
        | (Go, "get")
        | (Conda, "create" | "update")
        | (Composer, "require" | "create-project") => Verb::Install,
        (Npm | Pnpm | Yarn | Pip, "cache") | (Uv, "cache") | (Conda, "clean") => Verb::Clean,
        (Npm | Yarn | Pnpm, "remove" | "uninstall" | "rm" | "un")
        | (Pip | Gem | Cargo | Pipx, "uninstall") => Verb::Remove,
        _ => Verb::Other,
    }
}

fn package(word: &ShellWord, library: Library) -> PackageName {
    let new = |name: &str, version: Option<&str>, spec| PackageName {
        name: name.to_owned(),
        version: version.filter(|it| !it.is_empty()).map(str::to_owned),
        spec,
        span: word.span,
    };
    let Some(text) = word.literal() else {
        // `name==$VERSION` has a version, whatever it is.
        let text = word.text();
        let (name, version) = split_version(&text, library);
        let spec = if name.contains('$') { Spec::Open } else { Spec::Name };
        return new(name, version, spec);
    };
    if is_file(&text, library) {
        return new(&text, None, Spec::File);
    }
    let (name, version) = split_version(&text, library);
    new(name, version, Spec::Name)
}

/// Folders, archives and addresses.
fn is_file(text: &str, library: Library) -> bool {
    if library == Library::Go {
        return text.starts_with('.') || text.starts_with('/');
    }
    let scoped = text.starts_with('@');
    let endings = [".whl", ".tar.gz", ".tgz", ".zip", ".gem", ".conda", ".tar.bz2"];
    text.starts_with('.')
        || text.starts_with('/')
        || text.starts_with('~')
        || text.contains("://")
        || text.starts_with("git+")
        || text.starts_with("file:")
        || endings.iter().any(|it| text.ends_with(it))
        || (text.contains('/')
            && !scoped
            && matches!(library, Library::Npm | Library::Yarn | Library::Pnpm | Library::Pip))
}

fn split_version(text: &str, library: Library) -> (&str, Option<&str>) {
    match library {
        Library::Pip | Library::Uv | Library::Pipx | Library::Poetry | Library::Conda => {
            // Extras and markers belong to neither.
            let end =
                text.find(['=', '<', '>', '~', '!', '@', ';', ' ', '[']).unwrap_or(text.len());
            let (name, rest) = text.split_at(end);
            let rest = match rest.strip_prefix('[') {
                Some(extras) => extras.split_once(']').map_or("", |it| it.1),
                None => rest,
            };
            let rest = rest.split(';').next().unwrap_or_default().trim();
            (name, Some(rest.trim_start_matches(['=', '<', '>', '~', '!', '@', ' '])))
        }
        Library::Npm | Library::Yarn | Library::Pnpm => {
            // A scope starts with an at sign of its own.
            let from = usize::from(text.starts_with('@'));
            match text.get(from..).and_then(|it| it.find('@')) {
                Some(at) => {
                    let (name, version) = text.split_at(from + at);
                    (name, version.strip_prefix('@'))
                }
                None => (text, None),
            }
        }
        Library::Gem | Library::Composer => match text.split_once(':') {
            Some((name, version)) => (name, Some(version)),
            None => (text, None),
        },
        Library::Go | Library::Cargo | Library::Bundler => match text.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (text, None),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    fn installed(text: &str) -> Vec<String> {
        let list = parsed(text);
        let call = list[0].libraries().unwrap();
        assert_eq!(call.verb, Verb::Install, "{text}");
        let show = |it: &PackageName| {
            let version = it.version.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            match it.spec {
                Spec::Name => format!("{}{version}", it.name),
                Spec::File => format!("file {}", it.name),
                Spec::Group | Spec::Open => format!("? {}", it.name),
            }
        };
        call.packages.iter().map(show).collect()
    }

    #[test]
    fn what_each_manager_installs() {
        for (text, expected) in [
            (
                "pip3 install -r a.txt flask==2.0 'requests[socks]>=2' . numpy git+https://x/y b.whl",
                &[
                    "flask 2.0",
                    "requests 2",
                    "file .",
                    "numpy",
                    "file git+https://x/y",
                    "file b.whl",
                ][..],
            ),
            ("python3.12 -m pip install --index-url https://x --upgrade pip", &["pip"]),
            ("pip install flask==$V $PKGS", &["flask $V", "? $PKGS"]),
            ("uv pip install ruff", &["ruff"]),
            (
                "npm install -g @angular/cli@17 typescript user/repo --registry https://x",
                &["@angular/cli 17", "typescript", "file user/repo"],
            ),
            ("npm ci", &[]),
            ("yarn global add serve@14", &["serve 14"]),
            ("yarn", &[]),
            ("pnpm add -g x", &["x"]),
            ("gem install rails -v 7.1 bundler:2.5", &["rails 7.1", "bundler 2.5"]),
            ("gem install bundler:2.5 -- --use-system-libraries x", &["bundler 2.5"]),
            ("go install example.com/a@v1 ./cmd/b", &["example.com/a v1", "file ./cmd/b"]),
            ("cargo install --locked --version 1.2 ripgrep fd@9", &["ripgrep 1.2", "fd 9"]),
            ("composer require a/b:^2 c/d", &["a/b ^2", "c/d"]),
        ] {
            assert_eq!(installed(text), expected, "{text}");
        }
        assert!(parsed("python3 -m http.server")[0].libraries().is_none());
        assert_eq!(parsed("npm run build")[0].libraries().unwrap().verb, Verb::Other);
        assert_eq!(parsed("yarn --version")[0].libraries().unwrap().verb, Verb::Other);
        assert_eq!(parsed("yarn cache clean")[0].libraries().unwrap().verb, Verb::Clean);
    }
}
