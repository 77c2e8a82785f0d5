//! Commands that check what was fetched: against a checksum or a signature.

use dockerfile::shell::ShellWord;

use super::{RunCommand, resolved};
use crate::facts::RunStep;

/// A check of one or more files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check<'a> {
    /// The command that checks.
    pub command: &'a RunCommand,
    /// What it compares with.
    pub against: Against,
    /// Texts in which the checked files are named, braces around variables left out.
    names: Vec<String>,
    /// Whether it may check files that are named nowhere in the step.
    open: bool,
    /// Whether the command compares by itself; else it computes and something else compares.
    pub compares: bool,
}

/// What a check compares a file with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Against {
    /// A checksum for which nobody can make up another file.
    Digest,
    /// A checksum for which other files can be made up: MD5, SHA-1.
    WeakDigest,
    /// Somebody's signature.
    Signature,
}

impl Check<'_> {
    /// Whether it checks the file of that name.
    pub fn covers(&self, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or(file);
        let name = bare(name);
        self.open || (!name.is_empty() && self.names.iter().any(|it| it.contains(&name)))
    }
}

/// A text with `${name}` written as `$name`, so that both are the same.
fn bare(text: &str) -> String {
    text.replace(['{', '}'], "")
}

/// The checks that a step makes.
pub fn checks(step: &RunStep) -> Vec<Check<'_>> {
    let all = step.commands.iter().enumerate();
    all.filter_map(|(number, it)| check(step, number, it)).collect()
}

/// What a command checks, if it checks anything.
fn check<'a>(step: &RunStep, number: usize, command: &'a RunCommand) -> Option<Check<'a>> {
    let new = |against, names: Vec<String>, open| {
        Some(Check { command, against, names, open, compares: true })
    };
    let program = &*command.program;
    if let Some(against) = digest(command) {
        return digest_check(step, number, command, against);
    }
    let arguments = command.arguments();
    let has = |names: &[&str]| arguments.iter().any(|it| names.contains(&&*it.text()));
    let signs = match program {
        "gpg" | "gpg2" => has(&["--verify", "--verify-files", "--decrypt", "-d"]),
        "gpgv" | "gpgv2" | "slsa-verifier" | "dpkg-sig" | "debsig-verify" => true,
        "cosign" | "notation" | "jarsigner" | "gh" | "apt-key" => {
            arguments.iter().any(|it| it.text().trim_start_matches('-').starts_with("verify"))
        }
        "minisign" | "signify" | "signify-openbsd" => {
            arguments.iter().any(|it| it.text().starts_with("-V"))
        }
        "rpm" | "rpmkeys" => has(&["-K", "--checksig"]),
        "openssl" => has(&["-verify", "-prverify"]),
        _ => false,
    };
    if signs {
        let names: Vec<String> = arguments.iter().map(|it| bare(&it.text())).collect();
        let open = names.iter().any(|it| it.contains('$')) || program.starts_with("apt");
        return new(Against::Signature, names, open);
    }
    // `aria2c --checksum=…` checks what it fetches itself; scripts in other languages compute
    // checksums by calls of that name; what a script of one's own verifies is its own business.
    let says = |text: &str| arguments.iter().any(|it| it.text().contains(text));
    let own = match program {
        "aria2c" => says("--checksum"),
        "php" => says("hash_file"),
        _ if program.starts_with("python") => says("hashlib"),
        _ => program.contains("verify") || program.contains("checksum"),
    };
    own.then(|| new(Against::Digest, Vec::new(), true)).flatten()
}

/// The checksum that a command computes, if it computes one.
fn digest(command: &RunCommand) -> Option<Against> {
    let arguments = command.arguments();
    match &*command.program {
        "md5sum" | "sha1sum" | "md5" | "sha1" | "gmd5sum" => Some(Against::WeakDigest),
        "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" | "sha3sum" | "b2sum" | "b3sum"
        | "sha256" | "sha512" => Some(Against::Digest),
        "shasum" => {
            let options = command.options(&["-a", "--algorithm"]);
            match options.value(&["-a", "--algorithm"]) {
                None | Some("1") => Some(Against::WeakDigest),
                Some(_) => Some(Against::Digest),
            }
        }
        "openssl" => {
            let weak = |it: &ShellWord| ["md5", "-md5", "sha1", "-sha1"].iter().any(|of| it.is(of));
            let computes = |it: &ShellWord| {
                let text = it.text();
                let text = text.trim_start_matches('-');
                text == "dgst" || text.starts_with("sha") || text.starts_with("md5")
            };
            let verifies = arguments.iter().any(|it| it.text().contains("verify"));
            let first = arguments.first().is_some_and(computes);
            let against =
                if arguments.iter().any(weak) { Against::WeakDigest } else { Against::Digest };
            (first && !verifies).then_some(against)
        }
        _ => None,
    }
}

fn digest_check<'a>(
    step: &RunStep,
    number: usize,
    command: &'a RunCommand,
    against: Against,
) -> Option<Check<'a>> {
    let options = command.options(&["-a", "--algorithm"]);
    let operands: Vec<String> = options.operands.iter().map(|it| bare(&it.text())).collect();
    let names_itself = options.has(&["-c", "--check", "--status"]);
    if !names_itself {
        // `[ "$(sha256sum x)" = … ]` and `sha256sum x | grep …` compare what was computed.
        let read_on = step.pipeline(command).any(|it| {
            it.place.index > command.place.index
                && it.runs(&["grep", "egrep", "fgrep", "diff", "cmp"])
        });
        let read = command.place.substituted || read_on;
        let open = operands.is_empty() || operands.iter().any(|it| it.contains('$'));
        return read.then_some(Check { command, against, names: operands, open, compares: false });
    }
    let from_file = operands.iter().any(|it| it != "-" && !it.starts_with("/dev/"));
    if from_file {
        return Some(Check { command, against, names: operands, open: true, compares: true });
    }
    let mut names: Vec<String> = Vec::new();
    let mut open = false;
    for it in &command.simple.redirects {
        names.extend(it.body.as_ref().map(|it| it.as_str().to_owned()));
        names.push(resolved(step, number, &it.target).text);
    }
    for it in step.pipeline(command).filter(|it| it.place.index < command.place.index) {
        // What is picked out of a list, or computed, is not seen here.
        open |= !it.runs(&["echo", "printf"]);
        names.extend(it.arguments().iter().flat_map(|it| {
            // As written, and as far as it is known.
            [it.text().into_owned(), resolved(step, number, it).text]
        }));
    }
    // A line ends with the name of its file.
    let last_words =
        names.iter().flat_map(|it| it.lines()).filter_map(|it| it.split_whitespace().last());
    let known = last_words.clone().any(|it| !it.contains('$'));
    open |= !known;
    let names = names.iter().map(|it| bare(it)).collect();
    Some(Check { command, against, names, open, compares: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::case;

    /// Whether the last check of a step covers a file.
    fn covers(run: &str, file: &str) -> Option<(Against, bool)> {
        let case = case(&[("dockerfile", &format!("FROM x\nRUN {run}\n"))]);
        let step = case.facts.runs[0].value.as_ref().unwrap();
        let all = checks(step);
        let last = all.last()?;
        Some((last.against, last.covers(file)))
    }

    #[test]
    fn what_checks_what() {
        use Against::{Digest, Signature, WeakDigest};
        for (run, file, expected) in [
            ("echo 'ab  x.tgz' | sha256sum -c -", "/tmp/x.tgz", Some((Digest, true))),
            ("echo 'ab  x.tgz' | sha256sum -c -", "y.tgz", Some((Digest, false))),
            ("echo \"$SUM *x-${V}.tgz\" | sha512sum --check", "x-$V.tgz", Some((Digest, true))),
            ("grep x sums | sha256sum -c", "anything", Some((Digest, true))),
            ("sha256sum -c sums", "anything", Some((Digest, true))),
            ("sha256sum -c <<E\nab  x.tgz\nE", "x.tgz", Some((Digest, true))),
            ("echo \"$SUM  $FILE\" | sha256sum -c", "anything", Some((Digest, true))),
            ("F=x.tgz; echo \"$SUM  $F\" | sha256sum -c", "x.tgz", Some((Digest, true))),
            ("F=x.tgz; echo \"$SUM  $F\" | sha256sum -c", "y.tgz", Some((Digest, false))),
            ("echo ab x | sha1sum -c", "x", Some((WeakDigest, true))),
            ("echo ab x | shasum -a 256 -c", "x", Some((Digest, true))),
            ("echo ab x | shasum -c", "x", Some((WeakDigest, true))),
            ("[ \"$(sha256sum x.tgz | cut -c1-64)\" = ab ]", "x.tgz", Some((Digest, true))),
            ("sha256sum x.tgz | grep ab", "x.tgz", Some((Digest, true))),
            ("sha256sum x.tgz", "x.tgz", None),
            ("gpg --batch --verify x.tgz.asc x.tgz", "x.tgz", Some((Signature, true))),
            ("gpg --verify x.tgz.asc x.tgz", "y.tgz", Some((Signature, false))),
            ("gpg --import x.asc", "x", None),
            ("cosign verify-blob --key k x", "x", Some((Signature, true))),
            ("minisign -Vm x -P k", "x", Some((Signature, true))),
            ("openssl dgst -sha256 -verify k -signature s x", "x", Some((Signature, true))),
            ("php -r \"exit(hash_file('sha384', 'x') !== 'ab');\"", "x", Some((Digest, true))),
            ("rpm -K x.rpm", "x.rpm", Some((Signature, true))),
            ("rpm -i x.rpm", "x.rpm", None),
            ("./verify-download.sh x", "x", Some((Digest, true))),
        ] {
            assert_eq!(covers(run, file), expected, "{run}");
        }
    }
}
