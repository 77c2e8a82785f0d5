//! Gems are installed with their documentation.

use report::{Applies, Input, Locus, Outcome, Safety, Severity, Why};

use crate::commands::{Library, RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::layers::{Setting, setting};
use crate::{Case, Rule, amend, fix};

pub(super) static RULE: Rule = Rule {
    id: "gem-documentation",
    title: "Gems are installed with their documentation",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["gemUpdateNoDocument"],
    doc: page!("gem_documentation.md"),
    check,
};

/// Files in which RubyGems looks for its settings.
const FILES: &[&str] = &["/etc/gemrc", "/usr/local/etc/gemrc", "/root/.gemrc"];

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for command in step.commands.iter().filter(|it| documents(it)) {
            let Some(call) = command.libraries() else { continue };
            let at = Locus::Text { source: *source, span: call.verb_span };
            if is_told(command) || is_official(case, step) {
                out.clear(&at, "documentation is left out");
                continue;
            }
            match setting(case, seen, step, FILES, |it| it.contains("--no-")) {
                Setting::Set => out.clear(&at, "a setting leaves documentation out"),
                Setting::Open => {
                    out.gap(
                        &at,
                        Why::Unreadable("a configuration file that is copied decides".into()),
                    );
                }
                Setting::Unset => {
                    let edit =
                        amend::words_behind(step, command, call.verb_span, &["--no-document"]);
                    let change =
                        fix::edits("Add `--no-document`", &at, |_| vec![edit], Safety::Safe);
                    out.fail(&at, "gems are installed with their documentation").fix(change);
                }
            }
        }
    }
}

fn documents(command: &RunCommand) -> bool {
    command.libraries().is_some_and(|it| {
        it.library == Library::Gem && (it.verb == Verb::Install || it.word == "update")
    })
}

fn is_told(command: &RunCommand) -> bool {
    let options = command.options(Library::Gem.valued());
    options.has(&["-N", "--no-document", "--no-doc", "--no-rdoc", "--no-ri", "--document"])
}

/// Whether the base is the official Ruby image, which leaves documentation out by itself.
fn is_official(case: &Case, step: &RunStep) -> bool {
    let first = case.builds.first().and_then(|it| it.stages.root_base(step.stage));
    first.is_some_and(|it| match &it.base {
        dockerfile::Base::Image(image) => image.familiar() == "ruby",
        dockerfile::Base::Scratch
        | dockerfile::Base::Stage(_)
        | dockerfile::Base::Unknown { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn documentation_is_left_out_only_when_somebody_says_so() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN gem install rails:8 && gem update --system $VERSION && gem install -N a:1
#       ^^^^^^^ gems are installed with their documentation
#                              ^^^^^^ gems are installed with their documentation
RUN { echo 'install: --no-document'; echo 'update: --no-document'; } >> /etc/gemrc
RUN gem install b:1
"#,
        );
        check_dockerfile(&RULE, "\nFROM ruby:3.4\nRUN gem install a:1\n");
        let after = "FROM debian:13\nRUN gem install --no-document a:1\n";
        assert_eq!(fixed(&RULE, "FROM debian:13\nRUN gem install a:1\n"), after);
    }
}
