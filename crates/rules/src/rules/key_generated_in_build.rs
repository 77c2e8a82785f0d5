//! A private key is made by the build.

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use crate::commands::{Options, RunCommand};
use crate::facts::{Reach, RunStep};
use crate::secret_flow::is_removed;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "key-generated-in-build",
    title: "A private key is made by the build",
    question: Some(Question::Secrets),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["S6437"],
    doc: page!("key_generated_in_build.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let mut any = false;
        for command in &step.commands {
            let Some(made) = made(command) else { continue };
            if goes_away(step, command, &made) {
                continue;
            }
            any = true;
            let span = command.program_span().to(command.simple.span);
            let message = format!(
                "{} makes {} here, the same in every container of the image",
                quote(&command.program),
                made.what
            );
            out.fail(&Locus::Text { source: *source, span }, message);
        }
        if !any {
            out.clear(&seen.at, "no key is made and left here");
        }
    }
}

struct Made {
    what: &'static str,
    file: Option<String>,
}

/// The key that a command makes, and the file it goes to, if that is named.
fn made(command: &RunCommand) -> Option<Made> {
    let words = command.arguments();
    let has = |text: &str| words.iter().any(|it| it.is(text));
    let verb = words.first().map(ShellWord::text).unwrap_or_default();
    let file = |names: &[&str]| {
        let options = Options::parse(words, names);
        options.value(names).map(str::to_owned)
    };
    match &*command.program {
        "ssh-keygen" => {
            // The other uses read keys, or change lists of them.
            let other =
                ["-l", "-y", "-R", "-F", "-H", "-i", "-e", "-p", "-s", "-c", "-L", "-B", "-Q"];
            let reads = words.iter().any(|it| other.contains(&&*it.text()));
            let what = if has("-A") { "the host keys" } else { "a private key" };
            (!reads).then(|| Made { what, file: file(&["-f"]) })
        }
        "openssl" => {
            let out = || file(&["-out", "-keyout"]);
            match &*verb {
                "genrsa" | "genpkey" | "gendsa" => {
                    Some(Made { what: "a private key", file: out() })
                }
                "ecparam" if has("-genkey") => Some(Made { what: "a private key", file: out() }),
                "req" if has("-newkey") || (has("-new") && has("-x509") && !has("-key")) => {
                    Some(Made { what: "a private key", file: file(&["-keyout"]) })
                }
                _ => None,
            }
        }
        "keytool" if has("-genkey") || has("-genkeypair") => {
            Some(Made { what: "a private key", file: file(&["-keystore"]) })
        }
        "mkcert" if !has("-install") && !words.is_empty() => {
            Some(Made { what: "a private key", file: file(&["-key-file"]) })
        }
        "wg" if verb == "genkey" => Some(Made { what: "a private key", file: None }),
        "gpg" | "gpg2" => {
            let makes = [
                "--gen-key",
                "--full-generate-key",
                "--generate-key",
                "--quick-generate-key",
                "--quick-gen-key",
            ];
            makes.iter().any(|it| has(it)).then_some(Made { what: "a private key", file: None })
        }
        "make-ssl-cert" => Some(Made { what: "a private key", file: None }),
        "dotnet" if verb == "dev-certs" && has("https") => {
            Some(Made { what: "a private key", file: file(&["-ep", "--export-path"]) })
        }
        _ => None,
    }
}

/// Whether the key is removed again in the same step, or is written nowhere.
fn goes_away(step: &RunStep, command: &RunCommand, made: &Made) -> bool {
    let host_keys = made.what == "the host keys";
    let file = made.file.as_deref();
    file.is_some_and(|it| it == "/dev/null" || is_removed(step, it))
        || (host_keys && is_removed(step, "/etc/ssh/ssh_host_rsa_key"))
        || step.commands.iter().any(|it| {
            it.runs(&["rm"]) && it.arguments().iter().any(|it| it.text().contains("ssh_host_"))
        })
        || command.place.condition
}
