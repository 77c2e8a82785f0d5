//! RubyGems, Bundler and RVM leave archives behind.

use dockerfile::MountKind;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::{Library, RunCommand, Verb};
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "gem-cleanup",
    title: "Gems leave their archives in a layer",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &[
        "no_gem_clean_all",
        "no_rvm_cleanup_all",
        "gemUpdateSystemRmRootGem",
        "ruby/leftover-bundler-cache",
    ],
    doc: page!("gem_cache_left.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some((index, command)) = step.commands.iter().enumerate().rfind(|(_, it)| fills(it))
        else {
            continue;
        };
        if is_cleaned(step, index) {
            out.clear(&seen.at, "archives of gems are removed");
            continue;
        }
        let span = command.libraries().map_or(command.program_span(), |it| it.verb_span);
        let at = Locus::Text { source: *source, span };
        let message =
            format!("{} leaves the archives it fetched in the layer", quote(&command.program));
        out.fail(&at, message);
    }
}

fn fills(command: &RunCommand) -> bool {
    let library = command.libraries().is_some_and(|it| match it.library {
        Library::Gem => it.verb == Verb::Install || it.word == "update",
        Library::Bundler => it.verb == Verb::Install,
        _ => false,
    });
    let rvm = command.runs(&["rvm"]) && command.arguments().iter().any(|it| it.is("install"));
    library || rvm
}

fn is_cleaned(step: &RunStep, after: usize) -> bool {
    let removed = step.changes.iter().any(|it| {
        let names = [".gem", "cache", ".bundle", ".rvm"];
        it.command > after
            && it.removes(&it.path)
            && names.iter().any(|name| it.path.contains(name))
    });
    let cleans = |it: &RunCommand| {
        it.runs(&["rvm", "gem"]) && it.arguments().iter().any(|it| it.is("cleanup"))
    };
    let elsewhere = step.mounts.iter().any(|it| {
        let target = it.target.as_deref().unwrap_or_default();
        let gems = target.contains("bundle") || target.contains("gem");
        matches!(it.kind, MountKind::Cache | MountKind::Tmpfs) && gems
    });
    removed || elsewhere || step.commands.iter().skip(after).any(cleans)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn archives_stay_unless_they_are_removed() {
        check_dockerfile(
            &RULE,
            r#"
FROM ruby:3.4
RUN bundle install
#          ^^^^^^^ `bundle` leaves the archives it fetched in the layer
RUN gem install rails:8
#       ^^^^^^^ `gem` leaves the archives it fetched in the layer
RUN rvm install 3.4
#   ^^^ `rvm` leaves the archives it fetched in the layer
RUN bundle install && rm -rf /usr/local/bundle/cache/*.gem
RUN gem update --system; rm -rf /root/.gem;
RUN rvm install 3.4 && rvm cleanup all
RUN --mount=type=cache,target=/usr/local/bundle/cache bundle install
RUN bundle exec rake && gem list
"#,
        );
    }
}
