//! A command of the build is given a credential, or keeps one.

use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};

use super::hardcoded_secret_value::{holds, overlap};
use crate::commands::Handed;
use crate::facts::{GivenCredential, Reach, RunStep, Seen, Way};
use crate::secret_flow::{MountedSecrets, is_removed};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "credential-in-command",
    title: "A command of the build is given a credential",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["DF013", "DS-0031", "S6437"],
    doc: page!("credential_in_command.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let before = out.findings.len();
        for it in case.facts.credentials.iter().filter(|it| holds(&seen.at, &it.at)) {
            judge(case, step, it, out);
        }
        if out.findings.len() == before {
            out.clear(&seen.at, "no command of this step is given a credential");
        }
    }
}

fn judge(case: &Case, step: &RunStep, seen: &Seen<GivenCredential>, out: &mut Outcome) {
    let Ok(it) = &seen.value else { return };
    // The password of an account is a matter of its own.
    if it.way == Way::Account || is_told_by_its_form(case, &seen.at) {
        return;
    }
    let message = match (&it.given, it.literal()) {
        (_, Some(_)) => written(it),
        (Handed::Literal(path), None) if it.file => {
            if MountedSecrets::of(step).is_named_in(path) {
                return;
            }
            let Some(message) = keeps(step, it) else { return };
            message
        }
        (Handed::Literal(_), None) => return,
        (Handed::Variables(_) | Handed::Commands, None) => {
            // What comes from a mount and is kept is a matter of its own.
            if !MountedSecrets::of(step).is_empty() {
                return;
            }
            let Some(message) = keeps(step, it) else { return };
            message
        }
    };
    out.fail(&seen.at, message).related(&seen.at, format!("the right way: {}", it.remedy));
}

/// Whether a secret of a known form stands there: it is reported for what it is.
fn is_told_by_its_form(case: &Case, at: &Locus) -> bool {
    let certain = |it: &crate::facts::Secret| !it.likely && !it.weak;
    let mut secrets = case.facts.secrets.iter();
    secrets.any(|it| it.value.as_ref().is_ok_and(certain) && overlap(at, &it.at))
}

fn written(it: &GivenCredential) -> String {
    let program = quote(&it.program);
    match &it.way {
        Way::Variable(name) => {
            format!("{} is set to a secret here; it stays in the history of the image", quote(name))
        }
        Way::Sql => {
            "the password of a database account is set here, the same in every container".to_owned()
        }
        Way::Argument | Way::Option(_) | Way::Input | Way::Account => {
            format!("{program} is given {} here; it stays in the history of the image", it.what)
        }
    }
}

/// What a program keeps in the image, unless the same step takes it away again.
fn keeps(step: &RunStep, it: &GivenCredential) -> Option<String> {
    let file = it.kept.filter(|file| !is_removed(step, file))?;
    let file = if file.contains(' ') { file.to_owned() } else { quote(file) };
    Some(format!("{} keeps {} in {file}, and so in the image", quote(&it.program), it.what))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{case, verdict};
    use report::Verdict;

    const BASE: &str = "FROM mcr.microsoft.com/windows/servercore:ltsc2025\n";
    const POWER: &str = "SHELL [\"powershell\", \"-Command\"]\n";

    #[test]
    fn languages_of_windows_are_read() {
        for (shell, run) in [
            (POWER, "docker login -u ci -p 'swordfish-17' registry.example.com"),
            (POWER, "'swordfish-17' | docker login -u ci --password-stdin registry.example.com"),
            (
                POWER,
                "[Environment]::SetEnvironmentVariable('API_TOKEN', 'swordfish-17', 'Machine')",
            ),
            (
                POWER,
                "$c = ConvertTo-SecureString \"swordfish-17\" -AsPlainText -Force; Get-Thing $c",
            ),
            ("", "set API_TOKEN=swordfish-17&& fetch.exe"),
            ("", "set \"API_TOKEN=swordfish-17\" & fetch.exe"),
            ("", "powershell -Command \"$env:API_TOKEN = 'swordfish-17'; Get-Thing\""),
            ("", "curl.exe -u deploy:swordfish-17 -O https://files.example.com/app.zip"),
        ] {
            let text = format!("{BASE}{shell}RUN {run}\n");
            assert_eq!(verdict(&RULE, &case(&[("dockerfile", &text)])), Verdict::Fails, "{run}");
        }
    }

    #[test]
    fn what_variables_hold_is_not_written_out() {
        for (shell, run) in [
            (POWER, "$env:API_TOKEN = $env:OTHER; Get-Thing"),
            (POWER, "$env:API_TOKEN = Get-Content C:\\secrets\\token -Raw"),
            (POWER, "New-LocalUser -Name app -NoPassword"),
            ("", "set API_TOKEN=%OTHER%"),
            ("", "set PATH=C:\\app;%PATH%"),
            ("", "setx TOKEN_FILE C:\\secrets\\token"),
        ] {
            let text = format!("{BASE}{shell}RUN {run}\n");
            assert_eq!(verdict(&RULE, &case(&[("dockerfile", &text)])), Verdict::Passes, "{run}");
        }
    }
}
