//! A server for remote logins is installed or started.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::facts::{Package, Reach};
use crate::in_layers::report_tools;
use crate::knowledge::tools::{self, Category};
use crate::starts::starts;
use crate::tools::report_packages;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "ssh-server-installed",
    title: "A server for remote logins is shipped",
    question: Some(Question::Tools),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Run, Input::Layers, Input::History],
    aka: &["5.7", "installing_ssh"],
    doc: page!("ssh_server_installed.md"),
    check,
};

const SERVERS: [&str; 6] = ["sshd", "dropbear", "telnetd", "in.telnetd", "rlogind", "tinysshd"];

fn check(case: &Case, out: &mut Outcome) {
    let wanted = |package: &Package, it: tools::Package| {
        // Notebooks and terminals in a browser are another matter.
        let named = ["ssh", "dropbear", "telnet", "xinetd", "inetd"]
            .iter()
            .any(|it| package.name.contains(it));
        it.category == Category::RemoteServer && named
    };
    report_packages(case, out, wanted, "installed, a way into the container of its own");
    report_tools(case, out, wanted);
    // The package says it already.
    let installed = case.facts.packages.iter().filter(|it| it.reach == Reach::Image);
    let mut installed = installed.filter_map(|it| it.value.as_ref().ok());
    let by_package = installed
        .any(|it| !it.removed && it.tool.is_some_and(|it| it.category == Category::RemoteServer));
    if by_package {
        return;
    }
    for it in starts(case) {
        if it.command.runs(&SERVERS) {
            let program = quote(&it.command.program);
            let message = format!("{program} is started, a way into the container of its own");
            let word = it.command.simple.words.get(it.command.first);
            let at = word.map_or(it.at.clone(), |word| it.place(std::slice::from_ref(word)));
            out.fail(&at, message);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn servers_for_remote_logins() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get update && apt-get install -y curl openssh-server
#                                             ^^^^^^^^^^^^^^ `openssh-server` is installed, a way into the container of its own
CMD ["/usr/sbin/sshd", "-D"]
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM example.com/base:1
RUN apt-get install -y openssh-client && ssh-keygen -A
ENTRYPOINT ["/sbin/tini", "--", "/usr/sbin/sshd", "-D"]
#                               ^^^^^^^^^^^^^^^^ `sshd` is started, a way into the container of its own
"#,
        );
        check_dockerfile(
            &RULE,
            "\nFROM alpine:3.22\nRUN apk add --no-cache jupyter-notebook openssh-client\n",
        );
    }
}
