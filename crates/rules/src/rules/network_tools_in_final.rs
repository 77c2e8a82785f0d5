//! Network clients, scanners and tunnels are shipped.

use report::{Applies, Input, Outcome, Question, Severity};

use crate::facts::Package;
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
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("network_tools_in_final.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let wanted = |package: &Package, it: tools::Package| {
        is_network(package, it) && !is_started(case, package)
    };
    report_packages(case, out, wanted, "shipped, which an intruder would have to bring along");
}

fn is_network(package: &Package, it: tools::Package) -> bool {
    match it.category {
        Category::NetClient | Category::NetScan | Category::NetTunnel => it.tier <= Tier::BuildOnly,
        // What sets up networks is often what an image is for; what asks about them is not.
        Category::NetConfig => matches!(
            &*package.name,
            "bind-tools" | "bind-utils" | "bind9-dnsutils" | "bind9-host" | "dnsutils" | "iputils-ping"
                | "iputils-tracepath" | "iputils" | "inetutils-ping" | "net-tools"
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
    }
}
