//! The build sets the password of an account.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use super::hardcoded_secret_value::holds;
use crate::commands::Handed;
use crate::facts::{GivenCredential, Reach, Way};
use crate::secret_flow::MountedSecrets;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "account-password-in-build",
    title: "The build sets the password of an account",
    question: Some(Question::Secrets),
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["CKV2_DOCKER_17"],
    doc: page!("account_password_in_build.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let Ok(step) = &seen.value else { continue };
        if seen.reach != Reach::Image {
            out.clear(&seen.at, "this stage is not shipped");
            continue;
        }
        let mut any = false;
        let accounts = case.facts.credentials.iter().filter(|it| {
            it.value.as_ref().is_ok_and(|it| it.way == Way::Account) && holds(&seen.at, &it.at)
        });
        for it in accounts {
            let Ok(given) = &it.value else { continue };
            let mounted = !MountedSecrets::of(step).is_empty();
            let Some(message) = message(given, mounted) else { continue };
            any = true;
            out.fail(&it.at, message).related(&it.at, format!("the right way: {}", given.remedy));
        }
        if !any {
            out.clear(&seen.at, "no account gets a password here");
        }
    }
}

fn message(it: &GivenCredential, mounted: bool) -> Option<String> {
    let program = quote(&it.program);
    match &it.given {
        Handed::Literal(value) if value.is_empty() => None,
        Handed::Literal(_) => Some(format!(
            "{program} sets {} that is the same in every container and stands here",
            it.what
        )),
        // Which password it is, only those know who have the secret.
        Handed::Variables(_) | Handed::Commands if mounted => None,
        Handed::Variables(_) | Handed::Commands => {
            Some(format!("{program} sets {} that is the same in every container", it.what))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn each_way_to_set_one() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN echo 'root:toor' | chpasswd
#              ^^^^ `chpasswd` sets a password that is the same in every container and stands here
"#,
        );
        for run in [
            "echo swordfish | passwd --stdin app",
            "useradd -m -p '$6$salt$hash' app",
            "usermod --password $(openssl passwd swordfish) app",
            "printf 'swordfish\\nswordfish\\n' | passwd app",
            "chpasswd <<< 'app:swordfish'",
        ] {
            let text = format!("FROM debian:13\nRUN {run}\n");
            let case = crate::tests::case(&[("dockerfile", &text)]);
            assert_eq!(crate::tests::verdict(&RULE, &case), report::Verdict::Fails, "{run}");
        }
    }

    #[test]
    fn accounts_of_windows() {
        check_dockerfile(
            &RULE,
            r#"
FROM mcr.microsoft.com/windows/servercore:ltsc2025
RUN net user app swordfish /add
#                ^^^^^^^^^ `net` sets a password that is the same in every container and stands here
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM mcr.microsoft.com/windows/servercore:ltsc2025
SHELL ["powershell", "-Command"]
RUN New-LocalUser -Name app -Password (ConvertTo-SecureString 'swordfish' -AsPlainText -Force)
#                                                              ^^^^^^^^^ `ConvertTo-SecureString` sets a password that is the same in every container and stands here
RUN $p = 'swordfish' | ConvertTo-SecureString -AsPlainText -Force; Set-LocalUser app -Password $p
#         ^^^^^^^^^ `ConvertTo-SecureString` sets a password that is the same in every container and stands here
"#,
        );
        let fine = "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN net user app * /add && net user app /active:no\n";
        let case = crate::tests::case(&[("dockerfile", fine)]);
        assert_eq!(crate::tests::verdict(&RULE, &case), report::Verdict::Passes);
    }

    #[test]
    fn locked_accounts_and_other_commands_are_fine() {
        for run in [
            "usermod -L app",
            "useradd -p app app",
            "passwd -l root",
            "useradd -p '*' app",
            "usermod -p '!' app",
            "echo 'see chpasswd(8)' > /doc",
            "useradd --home /srv -s /bin/sh app",
        ] {
            let text = format!("FROM debian:13\nRUN {run}\n");
            let case = crate::tests::case(&[("dockerfile", &text)]);
            assert_eq!(crate::tests::verdict(&RULE, &case), report::Verdict::Passes, "{run}");
        }
    }
}
