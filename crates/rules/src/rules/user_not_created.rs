//! A user is named that nobody made.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::commands::AccountAct;
use crate::course::{Course, Point};
use crate::facts::User;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "user-not-created",
    title: "A user is named that does not exist",
    question: None,
    severity: Severity::High,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: page!("user_not_created.md"),
    check,
};

/// Accounts that distributions bring, all or some of them.
const USUAL: [&str; 48] = [
    "_apt",
    "adm",
    "apache",
    "avahi",
    "backup",
    "bin",
    "chrony",
    "cron",
    "daemon",
    "dbus",
    "default",
    "dhcp",
    "ftp",
    "games",
    "gnats",
    "guest",
    "halt",
    "http",
    "irc",
    "list",
    "lp",
    "mail",
    "man",
    "messagebus",
    "mysql",
    "news",
    "nginx",
    "nobody",
    "nonroot",
    "ntp",
    "operator",
    "polkitd",
    "postfix",
    "postgres",
    "postmaster",
    "proxy",
    "root",
    "rpc",
    "shutdown",
    "smmsp",
    "squid",
    "sshd",
    "sync",
    "sys",
    "tss",
    "utmp",
    "uucp",
    "www-data",
];

fn check(case: &Case, out: &mut Outcome) {
    for course in Course::all(case) {
        // Where the base is not known, neither are its accounts.
        let Some(base) = course.base().filter(|_| !course.is_windows()) else { continue };
        if !base.system.is_some_and(|it| it.passwd) {
            continue;
        }
        let named: Vec<(Point, User, report::Locus)> = course
            .users()
            .into_iter()
            .filter_map(|(point, it)| Some((point, it.user.clone().ok()?, course.at(it.word))))
            .chain(course.copies().into_iter().filter_map(|(point, it, _)| {
                let (owner, span) = it.owner.as_ref().filter(|it| !it.0.contains('$'))?;
                Some((point, User::new(owner), course.at(*span)))
            }))
            .collect();
        for (point, user, at) in named {
            let name = user.name();
            let exists = user.names_root()
                || user.is_numeric()
                || USUAL.contains(&name)
                || base.accounts().any(|it| it.0 == name);
            if exists || may_be_made(&course, point, name) {
                out.clear(&at, format!("{} exists, or may", quote(name)));
                continue;
            }
            let message =
                format!("no account {} is made before this, and the base has none", quote(name));
            out.fail(&at, message);
        }
    }
}

/// Whether anything before a point makes an account of that name, or might.
fn may_be_made(course: &Course<'_>, point: Point, name: &str) -> bool {
    let copied = course.copies().iter().any(|(at, it, _)| {
        *at < point && (it.destination.starts_with("/etc") || it.destination == "/")
    });
    let made = course.accounts().iter().any(|(at, step, number, it)| {
        let of = it.name.resolved(step.run, *number);
        let own = of.text == name || of.open.is_some();
        *at < point && own && it.act == AccountAct::NewUser
    });
    let steps = course.steps();
    let steps = || steps.iter().filter(|it| it.0 < point);
    // A package makes the accounts of its services; a script may do anything.
    let package = steps().any(|(_, it)| {
        it.run
            .commands
            .iter()
            .filter_map(|it| it.packages())
            .any(|it| it.packages.iter().any(|it| related(&it.name, name)))
    });
    let script = steps().any(|(_, it)| {
        !it.run.odd.is_empty()
            || !it.run.dialect.is_read()
            || it.run.commands.iter().any(|command| {
                let word = command.simple.words.get(command.first);
                let path = word.map(|it| it.text()).unwrap_or_default();
                let shell = command
                    .runs(&["sh", "bash", "ash", "source", ".", "make", "eval", "dpkg", "rpm"]);
                path.is_empty() && !command.simple.words.is_empty()
                    || path.starts_with(['/', '.'])
                        && !path.starts_with("/bin/")
                        && !path.starts_with("/usr/")
                    || path.ends_with(".sh")
                    || path.starts_with('$')
                    || shell
            })
    });
    let said = steps().any(|(_, it)| {
        it.run.commands.iter().any(|it| {
            let words = it.simple.words.iter().map(|it| it.text());
            let targets = it.simple.redirects.iter().map(|it| it.target.text());
            let bodies = it.simple.redirects.iter().filter_map(|it| it.body.as_ref());
            words.chain(targets).any(|it| it.contains("/etc/passwd") || it.contains("/etc/group"))
                || bodies.into_iter().any(|it| it.as_str().contains("useradd"))
                || it.runs(&[
                    "addgroup",
                    "groupadd",
                    "install_packages",
                    "usermod",
                    "newusers",
                    "systemd-sysusers",
                ]) && it.simple.words.iter().any(|it| it.text() == name)
        })
    });
    copied || made || package || script || said
}

/// Whether a package's name and an account's have much in common.
fn related(package: &str, name: &str) -> bool {
    let name = name.trim_start_matches("debian-").trim_start_matches('_');
    package.contains(name) || (package.len() > 2 && name.contains(package))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn names_that_nobody_made_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM node:24-alpine
COPY --chown=app:app . /srv
#            ^^^^^^^ no account `app` is made before this, and the base has none
USER app
#    ^^^ no account `app` is made before this, and the base has none
RUN adduser -D app
USER app
USER node
"#,
        );
    }

    #[test]
    fn names_that_may_exist_are_not() {
        for before in [
            "RUN useradd app",
            "ARG N=app\nRUN useradd $N",
            "ARG N\nRUN useradd $N",
            "RUN apt-get install -y app-server",
            "RUN ./setup.sh",
            "RUN echo app:x:5:5::/: >> /etc/passwd",
            "COPY passwd /etc/passwd",
            "RUN $INSTALLER",
        ] {
            check_dockerfile(&RULE, &format!("FROM debian:13\n{before}\nUSER app\n"));
        }
        check_dockerfile(&RULE, "FROM example/base:1\nUSER app\n");
        check_dockerfile(&RULE, "FROM debian:13\nUSER 1000\nUSER www-data\nUSER root\n");
        check_dockerfile(&RULE, "FROM scratch\nUSER app\n");
    }
}
