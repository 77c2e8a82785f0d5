//! A door for debuggers.

use report::{Applies, Input, Outcome, Severity, quote};

use super::debug_mode_enabled::is_meant_to;
use crate::facts::{Origin, Reach};
use crate::starts::starts;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "debug-port-or-agent",
    title: "A debugger can connect to the container",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::History],
    aka: &[],
    doc: page!("debug_port_or_agent.md"),
    check,
};

/// Ports that nothing but debuggers uses.
const PORTS: [u16; 2] = [5005, 9229];

/// Variables that programs take options from.
const OPTIONS: [&str; 6] = [
    "JAVA_TOOL_OPTIONS",
    "JAVA_OPTS",
    "JDK_JAVA_OPTIONS",
    "CATALINA_OPTS",
    "NODE_OPTIONS",
    "JAVA_OPTIONS",
];

fn check(case: &Case, out: &mut Outcome) {
    if is_meant_to(case) {
        return;
    }
    for start in starts(case) {
        let words = &start.command.simple.words;
        let found = words.iter().find(|it| is_agent(&it.text()));
        let debugger = start.command.runs(&["dlv", "gdbserver", "debugpy"])
            || words.iter().any(|it| it.is("debugpy") || it.is("pydevd"));
        match found {
            Some(word) => {
                let message =
                    format!("{} lets whoever reaches the port run code", quote(&word.text()));
                out.fail(&start.place(std::slice::from_ref(word)), message);
            }
            None if debugger => {
                out.fail(
                    &start.place(words),
                    "the program runs under a debugger that others can talk to",
                );
            }
            None => out.clear(&start.at, "no debugger"),
        }
    }
    for seen in case.facts.env.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(it) = &seen.value else { continue };
        if it.origin != Origin::Env || !OPTIONS.contains(&&*it.name) {
            continue;
        }
        let value = it.value.as_deref().unwrap_or_default();
        match value.split_whitespace().find(|it| is_agent(it)) {
            Some(option) => {
                let message = format!("{} lets whoever reaches the port run code", quote(option));
                out.fail(&seen.at, message);
            }
            None => out.clear(&seen.at, "no debugger among the options"),
        }
    }
    for seen in case.facts.ports.iter().filter(|it| it.reach == Reach::Image) {
        let Ok(port) = &seen.value else { continue };
        match PORTS.iter().find(|it| port.first == **it && port.last == **it) {
            Some(number) => {
                out.fail(&seen.at, format!("port {number} is the one of a debugger"));
            }
            None => out.clear(&seen.at, "no port of a debugger"),
        }
    }
}

fn is_agent(word: &str) -> bool {
    let inspect =
        word == "--inspect" || word.starts_with("--inspect=") || word.starts_with("--inspect-brk");
    // On the loopback only the container itself gets there.
    let local = word.contains("127.0.0.1") || word.contains("localhost");
    let jdwp = word.starts_with("-agentlib:jdwp") || word.starts_with("-Xrunjdwp");
    let jmx = word == "-Dcom.sun.management.jmxremote.authenticate=false";
    ((inspect || jdwp) && !local) || jmx
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, messages};

    #[test]
    fn options_variables_and_ports() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV JAVA_TOOL_OPTIONS="-Xmx1g -agentlib:jdwp=transport=dt_socket,server=y,address=*:5005"
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005` lets whoever reaches the port run code
EXPOSE 8080 9229
#           ^^^^ port 9229 is the one of a debugger
CMD ["node", "--inspect=0.0.0.0:9229", "app.js"]
#            ^^^^^^^^^^^^^^^^^^^^^^^^ `--inspect=0.0.0.0:9229` lets whoever reaches the port run code
"#,
        );
    }

    #[test]
    fn what_is_not_open_passes() {
        for text in [
            "FROM a\nCMD [\"node\", \"--inspect=127.0.0.1:9229\", \"a.js\"]\n",
            "FROM a\nENV NODE_OPTIONS=--max-old-space-size=512\nEXPOSE 5000-6000\n",
            "FROM a AS debug\nEXPOSE 9229\n",
            "FROM a AS b\nEXPOSE 5005\nFROM a\nCOPY --from=b /a /a\n",
        ] {
            assert_eq!(messages(&RULE, text), [], "{text}");
        }
    }
}
