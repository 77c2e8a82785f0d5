//! Network clients, scanners and tunnels are shipped.

use report::{Applies, Input, Outcome, Question, Severity};

use crate::facts::{Package, Reach};
use crate::in_layers::report_tools;
use crate::knowledge::tools::{self, Category, Tier};
use crate::tools::{is_started, report_packages};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "network-tools-in-final",
    title: "Network tools are shipped",
    question: Some(Question::Tools),
    severity: Severity::Low,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &[],
    doc: page!("network_tools_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let wanted = |package: &Package, it: tools::Package| {
        is_network(package, it) && !is_started(case, package) && !is_transport(case, package)
    };
    report_packages(case, out, wanted, "shipped, which an intruder would have to bring along");
    report_tools(case, out, wanted);
}

/// Whether the tool is how another one that is shipped as well reaches the other side.
fn is_transport(case: &Case, package: &Package) -> bool {
    const USERS: [&str; 6] =
        ["git", "mercurial", "subversion", "rsync", "ansible-core", "git-core"];
    let shipped = case.facts.packages.iter().filter(|it| it.reach == Reach::Image);
    let mut shipped = shipped.filter_map(|it| it.value.as_ref().ok());
    let ssh = package.name.contains("ssh") && package.name.contains("client");
    ssh && shipped.any(|it| !it.removed && USERS.contains(&&*it.name))
}

fn is_network(package: &Package, it: tools::Package) -> bool {
    match it.category {
        Category::NetClient | Category::NetScan | Category::NetTunnel => it.tier <= Tier::BuildOnly,
        // What sets up networks is often what an image is for; what asks about them is not.
        Category::NetConfig => matches!(
            &*package.name,
            "bind-tools"
                | "bind-utils"
                | "bind9-dnsutils"
                | "bind9-host"
                | "dnsutils"
                | "iputils-ping"
                | "iputils-tracepath"
                | "iputils"
                | "inetutils-ping"
                | "net-tools"
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn clients_scanners_and_tunnels() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN apt-get install -y netcat-openbsd curl nmap dnsutils iproute2
#                      ^^^^^^^^^^^^^^ `netcat-openbsd`, `nmap` and `dnsutils` are shipped, which an intruder would have to bring along
RUN apt-get install -y telnet && telnet x && apt-get purge -y telnet
"#,
        );
        check_dockerfile(
            &RULE,
            r#"
FROM alpine:3.22
RUN apk add --no-cache socat openssh-client
#                            ^^^^^^^^^^^^^^ `openssh-client` is shipped, which an intruder would have to bring along
ENTRYPOINT ["/sbin/tini", "--", "socat"]
"#,
        );
        // git reaches its servers by it.
        check_dockerfile(&RULE, "\nFROM alpine:3.22\nRUN apk add --no-cache git openssh-client\n");
    }
}
