//! Commands that fetch something from the network.

use dockerfile::shell::{Redirect, ShellWord};
use text::Span;

use super::Options;

/// What a command fetches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetch {
    /// The addresses, as written, each with its place.
    pub urls: Vec<(String, Span)>,
    /// Where it goes.
    pub target: Target,
}

/// Where what is fetched goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// To the command's output, and so to a pipe or a substitution if there is one.
    Output,
    /// To a file of this name, as written.
    File(String),
    /// To a file named by the address.
    NamedByUrl,
    /// Into a folder.
    Folder(String),
}

/// Options of curl that take a value.
pub(crate) const CURL: &[&str] = &[
    "-o",
    "--output",
    "-H",
    "--header",
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "-X",
    "--request",
    "-u",
    "--user",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "-x",
    "--proxy",
    "--cacert",
    "--capath",
    "-E",
    "--cert",
    "--key",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-w",
    "--write-out",
    "-T",
    "--upload-file",
    "-F",
    "--form",
    "-r",
    "--range",
    "--proto",
    "--proto-redir",
    "--tlsv1.3",
    "--resolve",
    "--max-redirs",
    "-y",
    "--speed-time",
    "-Y",
    "--speed-limit",
    "--output-dir",
    "-K",
    "--config",
    "--limit-rate",
    "-U",
    "--proxy-user",
    "--url",
    "--interface",
    "--ciphers",
    "--tls-max",
    "-C",
    "--continue-at",
    "-D",
    "--dump-header",
    "-Q",
    "--unix-socket",
];

/// Options of wget that take a value.
pub(crate) const WGET: &[&str] = &[
    "-O",
    "--output-document",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "-P",
    "--directory-prefix",
    "--header",
    "-t",
    "--tries",
    "-T",
    "--timeout",
    "-w",
    "--wait",
    "-U",
    "--user-agent",
    "-e",
    "--execute",
    "--user",
    "--password",
    "--http-user",
    "--http-password",
    "--ca-certificate",
    "--certificate",
    "--private-key",
    "-i",
    "--input-file",
    "-l",
    "--level",
    "-A",
    "--accept",
    "-R",
    "--reject",
    "--post-data",
    "--progress",
    "--waitretry",
    "--method",
    "--body-data",
    "--cut-dirs",
    "-D",
    "--domains",
    "-Q",
    "--quota",
];

/// What a command fetches; nothing when the program fetches nothing.
pub fn fetch(program: &str, arguments: &[ShellWord], redirects: &[Redirect]) -> Option<Fetch> {
    let is_url = |it: &&&ShellWord| !it.text().is_empty();
    let urls = |operands: &[&ShellWord]| -> Vec<(String, Span)> {
        operands.iter().filter(is_url).map(|it| (it.text().into_owned(), it.span)).collect()
    };
    match program {
        "curl" => {
            let options = Options::parse(arguments, CURL);
            let mut found = urls(&options.operands);
            found.extend(
                options
                    .flags
                    .iter()
                    .filter(|it| it.name == "--url")
                    .filter_map(|it| Some((it.value.as_deref()?.to_owned(), it.word.span))),
            );
            let target = match options.value(&["-o", "--output"]) {
                Some("-") => Target::Output,
                Some(file) => Target::File(file.to_owned()),
                None if options.has(&["-O", "--remote-name", "--remote-name-all", "-J"]) => {
                    Target::NamedByUrl
                }
                None => redirected(redirects),
            };
            Some(Fetch { urls: found, target })
        }
        "wget" => {
            let options = Options::parse(arguments, WGET);
            let target = match options.value(&["-O", "--output-document"]) {
                Some("-" | "/dev/stdout") => redirected(redirects),
                Some(file) => Target::File(file.to_owned()),
                None => match options.value(&["-P", "--directory-prefix"]) {
                    Some(folder) => Target::Folder(folder.to_owned()),
                    None => Target::NamedByUrl,
                },
            };
            Some(Fetch { urls: urls(&options.operands), target })
        }
        "aria2c" | "fetch" | "axel" => {
            let options =
                Options::parse(arguments, &["-o", "--out", "-d", "--dir", "-x", "-s", "-n"]);
            let file = options.value(&["-o", "--out"]).map(|it| Target::File(it.to_owned()));
            let target = file.unwrap_or(Target::NamedByUrl);
            Some(Fetch { urls: urls(&options.operands), target })
        }
        _ => None,
    }
}

fn redirected(redirects: &[Redirect]) -> Target {
    let file = redirects.iter().rfind(|it| {
        matches!(it.operator, ">" | ">>" | ">|") && matches!(it.descriptor, None | Some(1))
    });
    file.map_or(Target::Output, |it| Target::File(it.target.text().into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    #[test]
    fn addresses_and_targets() {
        let file = |it: &str| Target::File(it.to_owned());
        for (text, urls, target) in [
            ("curl -fsSL https://a/b", &["https://a/b"][..], Target::Output),
            ("curl -fsSLo /x https://a/b", &["https://a/b"], file("/x")),
            ("curl -H 'A: b' -O https://a/b", &["https://a/b"], Target::NamedByUrl),
            ("curl https://a/b > /x 2>&1", &["https://a/b"], file("/x")),
            ("wget -qO- $URL", &["$URL"], Target::Output),
            (
                "wget -q https://a/b https://a/c -P /tmp",
                &["https://a/b", "https://a/c"],
                Target::Folder("/tmp".to_owned()),
            ),
            ("wget https://a/b", &["https://a/b"], Target::NamedByUrl),
        ] {
            let list = parsed(text);
            let it = list[0].fetches().unwrap();
            let got: Vec<&str> = it.urls.iter().map(|(it, _)| it.as_str()).collect();
            assert_eq!((got.as_slice(), &it.target), (urls, &target), "{text}");
        }
    }
}
