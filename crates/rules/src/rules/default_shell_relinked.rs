//! Another shell under the name of `sh`.

use report::{Applies, Input, Locus, Outcome, Severity};

use crate::commands::RunCommand;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "default-shell-relinked",
    title: "A step puts another shell in the place of `/bin/sh`",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["DL4005", "8a301064", "use-shell-instruction"],
    doc: page!("default_shell_relinked.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let mut cleared = false;
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some(first) = step.commands.first() else { continue };
        let at = |it: &RunCommand| Locus::Text { source: *source, span: it.simple.span };
        match step.commands.iter().find(|it| relinks(it)) {
            Some(it) => {
                let message = "this changes `/bin/sh` for every program of the image; `SHELL` changes it for the build";
                out.fail(&at(it), message);
            }
            // One for the file is enough.
            None if cleared => {}
            None => {
                cleared = true;
                out.clear(&at(first), "`/bin/sh` stays what it is");
            }
        }
    }
}

fn relinks(it: &RunCommand) -> bool {
    let words = it.arguments();
    let last = words.last().is_some_and(|it| it.is("/bin/sh") || it.is("/usr/bin/sh"));
    // A shell from elsewhere in an image that has none takes nobody's place.
    let shell = words.iter().rev().nth(1).map(|it| it.text().into_owned()).unwrap_or_default();
    let first = shell.ends_with("/sh") || shell.contains("busybox");
    match &*it.program {
        "ln" | "mv" | "cp" | "install" => last && !first,
        "dpkg-reconfigure" => words.iter().any(|it| it.is("dash")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn other_shells() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN rm /bin/sh && ln -s /bin/bash /bin/sh
#                 ^^^^^^^^^^^^^^^^^^^^^^^ this changes `/bin/sh` for every program of the image; `SHELL` changes it for the build
RUN ln -sf bash /usr/bin/sh
#   ^^^^^^^^^^^^^^^^^^^^^^^ this changes `/bin/sh` for every program of the image; `SHELL` changes it for the build
RUN ln -s /bin/sh /bin/ash && cp /bin/sh /opt/sh
"#,
        );
    }
}
