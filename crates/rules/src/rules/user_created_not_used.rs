//! An account is made for the application, and the application runs as root.

use report::{Applies, Input, Outcome, Question, Severity, quote};

use crate::commands::AccountAct;
use crate::course::{Course, says};
use crate::drops::{Drop, drops};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "user-created-not-used",
    title: "An account is made and not used",
    question: Some(Question::Root),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["user-created-but-never-used"],
    doc: page!("user_created_not_used.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let user = case.facts.user.best();
    let Some(Ok(user)) = user.map(|it| &it.value) else { return };
    for course in Course::all(case) {
        for (_, step, number, account) in course.accounts() {
            let Some(name) = account.name.known(step.run, number) else { continue };
            if account.act != AccountAct::NewUser || name == "root" {
                continue;
            }
            let at = step.at(account.name.word.span);
            if !user.is_root() || drops(case) != Drop::None || is_used(&course, case, &name) {
                out.clear(&at, format!("{} has a use", quote(&name)));
                continue;
            }
            let name = quote(&name);
            out.fail(&at, format!("{name} is made here, but the main process runs as root"));
        }
    }
}

/// Whether anything else is about that account: a file that belongs to it, a setting that names it, a
/// program of that name that changes to it.
fn is_used(course: &Course<'_>, case: &Case, name: &str) -> bool {
    let named = |it: &str| says(it, name);
    let words = case.facts.starts().any(|it| {
        let program = |it: &crate::commands::RunCommand| it.program.starts_with(name);
        it.command.words.iter().any(|it| named(it)) || it.command.commands.iter().any(program)
    });
    let env = case.facts.env.iter().filter_map(|it| it.value.as_ref().ok());
    let values = || env.clone().filter(|it| it.origin == crate::facts::Origin::Env);
    let set = values().any(|it| it.value.as_deref().is_some_and(named));
    words || set || course.mentions(name)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn unused_accounts_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ARG NAME=app
RUN groupadd web && useradd -m -g web "$NAME"
#                                     ^^^^^^^ `app` is made here, but the main process runs as root
CMD ["/srv/run"]
"#,
        );
    }

    #[test]
    fn uses_of_many_kinds() {
        for rest in [
            "USER app\n",
            "RUN chown app: /srv\n",
            "COPY --chown=app:app a /srv\n",
            "ENTRYPOINT [\"gosu\", \"app\", \"/srv/run\"]\n",
            "ENTRYPOINT [\"/docker-entrypoint.sh\"]\n",
            "CMD su app -c run\n",
            "CMD [\"appd\"]\n",
            "ENV RUN_AS=app\n",
            "RUN echo 'User app' > /etc/x.conf\n",
            "CMD supervisord -n\n",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\nRUN useradd app\n{rest}"));
        }
        // What the base does is not known.
        check_dockerfile(&RULE, "FROM example/base:1\nRUN useradd app\n");
    }
}
