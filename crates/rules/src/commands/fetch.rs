//! Commands that fetch something from the network.

use dockerfile::shell::{Redirect, ShellWord};
use text::Span;

use super::{Options, Url};

/// What a command fetches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetch {
    /// The addresses, as written, each with its place.
    pub urls: Vec<(String, Span)>,
    /// Where it goes.
    pub target: Target,
    /// For each address the name of the file it goes to, as written; nothing for the output.
    pub files: Vec<Option<String>>,
    /// Whether it asks or sends something instead: headers only, a form, an upload.
    pub asks: bool,
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
#[rustfmt::skip]
pub const CURL: &[&str] = &[
    "-o", "--output", "-H", "--header", "-d", "--data",
    "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-X",
    "--request", "-u", "--user", "-A", "--user-agent", "-e",
    "--referer", "-b", "--cookie", "-c", "--cookie-jar", "-x",
    "--proxy", "--preproxy", "--proxy-header", "--proxy-cacert", "--noproxy", "--socks5",
    "--socks5-hostname", "--cacert", "--capath", "--crlfile", "-E", "--cert",
    "--cert-type", "--key", "--key-type", "--pass", "--pinnedpubkey", "--retry",
    "--retry-delay", "--retry-max-time", "-m", "--max-time", "--connect-timeout", "--max-filesize",
    "-w", "--write-out", "-T", "--upload-file", "-F", "--form",
    "--form-string", "-r", "--range", "--proto", "--proto-redir", "--proto-default",
    "--resolve", "--connect-to", "--dns-servers", "--max-redirs", "-y", "--speed-time",
    "-Y", "--speed-limit", "--output-dir", "-K", "--config", "--limit-rate",
    "--rate", "-U", "--proxy-user", "--url", "--url-query", "--interface",
    "--local-port", "--ciphers", "--tls13-ciphers", "--tls-max", "-C", "--continue-at",
    "-D", "--dump-header", "-Q", "--quote", "--unix-socket", "--abstract-unix-socket",
    "--netrc-file", "--oauth2-bearer", "--aws-sigv4", "-z", "--time-cond", "--trace",
    "--trace-ascii", "--stderr", "--keepalive-time", "--parallel-max", "--etag-save", "--etag-compare",
    "--hsts", "--alt-svc", "--create-file-mode", "--variable",
];

/// Options of wget that take a value.
#[rustfmt::skip]
pub const WGET: &[&str] = &[
    "-O", "--output-document", "-o", "--output-file", "-a", "--append-output",
    "-P", "--directory-prefix", "--header", "-t", "--tries", "-T",
    "--timeout", "--dns-timeout", "--connect-timeout", "--read-timeout", "-w", "--wait",
    "--waitretry", "-U", "--user-agent", "-e", "--execute", "--user",
    "--password", "--http-user", "--http-password", "--ftp-user", "--ftp-password", "--proxy-user",
    "--proxy-password", "--ca-certificate", "--ca-directory", "--crl-file", "--certificate", "--private-key",
    "--pinnedpubkey", "--secure-protocol", "--ciphers", "-i", "--input-file", "-B",
    "--base", "-l", "--level", "-A", "--accept", "-R",
    "--reject", "-I", "--include-directories", "-X", "--exclude-directories", "--post-data",
    "--post-file", "--method", "--body-data", "--body-file", "--progress", "--cut-dirs",
    "-D", "--domains", "-Q", "--quota", "--limit-rate", "--referer",
    "--load-cookies", "--save-cookies", "--max-redirect", "--bind-address", "--prefer-family", "--retry-on-http-error",
    "--compression", "--restrict-file-names", "--config",
];

/// What a command fetches; nothing when the program fetches nothing.
pub fn fetch(program: &str, arguments: &[ShellWord], redirects: &[Redirect]) -> Option<Fetch> {
    match program {
        "curl" => Some(curl(&Options::parse(arguments, CURL), redirects)),
        "wget" => Some(wget(&Options::parse(arguments, WGET), redirects)),
        "aria2c" | "fetch" | "axel" => {
            let options =
                Options::parse(arguments, &["-o", "--out", "-d", "--dir", "-x", "-s", "-n"]);
            let file = options.value(&["-o", "--out"]).map(|it| Target::File(it.to_owned()));
            Some(all_to(operands(&options), file.unwrap_or(Target::NamedByUrl), false))
        }
        _ => None,
    }
}

fn curl(options: &Options<'_>, redirects: &[Redirect]) -> Fetch {
    let mut urls = operands(options);
    let named = options.flags.iter().filter(|it| it.name == "--url");
    urls.extend(named.filter_map(|it| Some((it.value.as_deref()?.to_owned(), it.word.span))));
    // The first output option is for the first address, and so on.
    let outputs = options.flags.iter().filter_map(|it| match &*it.name {
        "-o" | "--output" => Some(file_target(it.value.as_deref().unwrap_or_default())),
        "-O" | "--remote-name" => Some(Target::NamedByUrl),
        _ => None,
    });
    let outputs: Vec<Target> = outputs.collect();
    let rest = if options.has(&["--remote-name-all"]) {
        Target::NamedByUrl
    } else {
        redirected(redirects)
    };
    let target = outputs.last().unwrap_or(&rest).clone();
    let file = |(number, (url, _)): (usize, &(String, Span))| {
        file_of(outputs.get(number).unwrap_or(&rest), url)
    };
    let files = urls.iter().enumerate().map(file).collect();
    let method = options.value(&["-X", "--request"]).is_some_and(|it| it != "GET");
    let sends = options.has(&[
        "-I",
        "--head",
        "-d",
        "--data",
        "--data-raw",
        "--data-binary",
        "--data-ascii",
        "--data-urlencode",
        "--json",
        "-F",
        "--form",
        "-T",
        "--upload-file",
    ]);
    Fetch { urls, target, files, asks: method || sends }
}

fn wget(options: &Options<'_>, redirects: &[Redirect]) -> Fetch {
    let target = match options.value(&["-O", "--output-document"]) {
        Some("-" | "/dev/stdout") => redirected(redirects),
        Some(file) => file_target(file),
        None => match options.value(&["-P", "--directory-prefix"]) {
            Some(folder) => Target::Folder(folder.to_owned()),
            None => Target::NamedByUrl,
        },
    };
    let asks = options.has(&[
        "--spider",
        "--post-data",
        "--post-file",
        "--method",
        "--body-data",
        "--body-file",
    ]);
    all_to(operands(options), target, asks)
}

fn operands(options: &Options<'_>) -> Vec<(String, Span)> {
    let given = options.operands.iter().filter(|it| !it.text().is_empty());
    given.map(|it| (it.text().into_owned(), it.span)).collect()
}

fn all_to(urls: Vec<(String, Span)>, target: Target, asks: bool) -> Fetch {
    let files = urls.iter().map(|(url, _)| file_of(&target, url)).collect();
    Fetch { urls, target, files, asks }
}

fn file_target(file: &str) -> Target {
    match file {
        "-" | "/dev/stdout" | "/dev/stderr" => Target::Output,
        file => Target::File(file.to_owned()),
    }
}

/// The name of the file that an address goes to.
fn file_of(target: &Target, url: &str) -> Option<String> {
    match target {
        Target::Output => None,
        Target::File(file) => Some(file.clone()),
        Target::NamedByUrl | Target::Folder(_) => {
            Some(Url::parse(url).file_name().unwrap_or("index.html").to_owned())
        }
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

    #[test]
    fn every_address_has_its_file() {
        let files = |text: &str| {
            let list = parsed(text);
            let it = list[0].fetches().unwrap();
            let names: Vec<String> =
                it.files.iter().map(|it| it.clone().unwrap_or_default()).collect();
            (names, it.asks)
        };
        for (text, names, asks) in [
            ("curl -o /a https://x/1 -o b https://x/2", &["/a", "b"][..], false),
            ("curl -fLO https://x/1.tgz https://x/2", &["1.tgz", ""], false),
            ("curl --remote-name-all https://x/1 https://x/2?y", &["1", "2"], false),
            ("curl -so /dev/null -I https://x/1", &["/dev/null"], true),
            ("curl -X GET https://x/1", &[""], false),
            ("curl -d a=b https://x/1", &[""], true),
            ("wget -P /tmp https://x/1 https://x/$V.tgz", &["1", "$V.tgz"], false),
            ("wget --spider https://x/", &["index.html"], true),
            ("wget -O- https://x/1", &[""], false),
        ] {
            assert_eq!(
                files(text),
                (names.iter().map(|it| (*it).to_owned()).collect(), asks),
                "{text}"
            );
        }
    }
}
