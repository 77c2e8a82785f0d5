//! Several services in one container.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::starts::starts;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "several-services",
    title: "One container runs several services",
    question: None,
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("several_services.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let all = starts(case);
    let mut told = false;
    for start in all {
        let command = &start.command;
        let why = match &*command.program {
            "supervisord" | "monit" | "runsvdir" | "circusd" => {
                Some(format!("{} runs several services in one container", quote(&command.program)))
            }
            "init" | "systemd" => {
                Some("an init that runs several services starts with the container".to_owned())
            }
            "service" => {
                Some("a service is started beside the program of the container".to_owned())
            }
            _ if command.place.background && !command.place.inner => Some(format!(
                "{} is left in the background while another program runs",
                quote(&command.program)
            )),
            _ => None,
        };
        match why {
            Some(message) if !told => {
                told = true;
                out.fail(&start.place(&command.simple.words), message);
            }
            Some(_) => {}
            None => out.clear(&start.at, "one program"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn more_than_one() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD ["/usr/bin/supervisord", "-n"]
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `supervisord` runs several services in one container
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
CMD cron & nginx -g 'daemon off;'
#   ^^^^ `cron` is left in the background while another program runs
"#,
        );
        check_dockerfile(&RULE, "\nFROM a\nCMD [\"/init\"]\n".replace("/init", "/app").as_str());
        check_dockerfile(&RULE, "\nFROM a\nCMD migrate && exec app\n");
    }
}
