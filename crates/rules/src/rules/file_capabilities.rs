//! A program in the image gets a capability.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::RunCommand;
use crate::facts::Reach;
use crate::files::{Files, path};
use crate::in_layers::{clear, with_origin};
use crate::knowledge::Risk;
use crate::knowledge::capabilities::{capability, is_all};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "file-capabilities",
    title: "A program in the image gets more than its user's rights",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Layers, Input::History],
    aka: &[],
    doc: page!("file_capabilities.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps().filter(|it| it.reach == Reach::Image) {
        for command in step.run.commands.iter().filter(|it| it.runs(&["setcap"])) {
            let Some((word, path)) = given(command) else { continue };
            let at = step.at(word.span);
            let text = word.text();
            let path = quote(&path);
            match worst(&text) {
                Some((name, allows)) => {
                    let name = quote(&name);
                    out.fail(&at, format!("{name} lets whoever runs {path} {allows}"));
                }
                None => out.clear(&at, format!("what {path} gets is of little use to an intruder")),
            }
        }
    }
    if let Some(files) = &case.files {
        check_layers(files, out);
    }
}

fn check_layers(files: &Files, out: &mut Outcome) {
    let found = out.findings.len();
    for it in &files.privileged {
        let Some((name, allows)) = worst(&it.capabilities.join(",")) else { continue };
        let message =
            format!("{} lets whoever runs {} {allows}", quote(&name), quote(path(&it.at)));
        with_origin(files, &it.at, out.fail(&it.at, message));
    }
    if out.findings.len() == found {
        clear(files, out, "no program has a file capability of use to an intruder");
    }
}

/// The word with the capabilities, and the program they are for.
fn given(command: &RunCommand) -> Option<(&dockerfile::shell::ShellWord, String)> {
    let options = command.options(&["-n"]);
    if options.has(&["-r"]) {
        return None;
    }
    let [word, path, ..] = &options.operands[..] else { return None };
    Some((word, path.text().into_owned()))
}

/// The most dangerous capability of a text such as `cap_net_raw,cap_net_admin+eip`, if it is more
/// than a harmless one.
fn worst(text: &str) -> Option<(String, &'static str)> {
    let names = text.split([' ', '\t']).filter_map(|it| it.split(['+', '=']).next());
    let names: Vec<&str> = names.flat_map(|it| it.split(',')).collect();
    // `=ep` alone means all.
    if text.starts_with(['=', '+']) || names.iter().any(|it| is_all(it)) {
        return Some(("all".to_owned(), "do what root may"));
    }
    let known = names.iter().filter_map(|it| Some((*it, capability(it)?)));
    let risky = known.filter(|(_, it)| it.risk > Risk::Low && it.name != "NET_BIND_SERVICE");
    let (name, it) = risky.reduce(|worst, it| if it.1.risk > worst.1.risk { it } else { worst })?;
    Some((name.to_owned(), it.allows))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn the_worst_is_named() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN setcap cap_net_bind_service=+ep /srv/web
RUN setcap -r /srv/web
"#,
        );
    }
}
