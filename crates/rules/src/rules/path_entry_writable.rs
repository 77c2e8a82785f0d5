//! Programs or libraries are looked for where others may put them.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::facts::{EnvVar, Origin, Reach, Seen};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "path-entry-writable",
    title: "Programs are looked for where others may put them",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config],
    aka: &[],
    doc: page!("path_entry_writable.md"),
    check,
};

/// Lists of folders, with what is looked for in them.
const LISTS: [(&str, &str); 6] = [
    ("LD_LIBRARY_PATH", "libraries"),
    ("NODE_PATH", "modules"),
    ("PATH", "programs"),
    ("PERL5LIB", "modules"),
    ("PYTHONPATH", "modules"),
    ("RUBYLIB", "modules"),
];

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.env.iter().filter(|it| it.reach == Reach::Image && it.via != Input::Run)
    {
        let Ok(it) = &seen.value else { continue };
        let Some((_, what)) =
            LISTS.iter().find(|list| list.0 == it.name && it.origin == Origin::Env)
        else {
            continue;
        };
        let text = text_of(case, seen, it);
        match text.split(':').find_map(|entry| fault(&it.name, entry, &text)) {
            Some(fault) => {
                out.fail(&seen.at, format!("{what} are looked for in {fault}"));
            }
            None => out.clear(
                &seen.at,
                format!("{} names folders of the system or the application", quote(&it.name)),
            ),
        }
    }
}

/// The value, in a Dockerfile as it is written, with its variables.
fn text_of(case: &Case, seen: &Seen<EnvVar>, it: &EnvVar) -> String {
    // What an earlier line put into the value was judged there.
    if let (Some(value), Input::Config) = (&it.value, seen.via) {
        return value.clone();
    }
    let written = case.under(&seen.at);
    let value = written.strip_prefix(&*it.name).unwrap_or_default();
    let value = value.trim_start_matches(['=', ' ', '\t']);
    value.trim_matches(['"', '\'']).to_owned()
}

/// What is wrong with an entry. For modules of Python and others the current folder is common, and
/// where the program itself is started from.
fn fault(name: &str, entry: &str, all: &str) -> Option<String> {
    let linker = matches!(name, "PATH" | "LD_LIBRARY_PATH");
    match entry {
        // A value of a variable that is not set is all there is.
        "" if linker && all.len() > 1 => {
            Some("whatever folder the process is in: an entry is empty".to_owned())
        }
        "." | "./" if linker => {
            Some(format!("{}, whatever folder the process is in", quote(entry)))
        }
        _ if all.contains(['\\', ';', '%']) || entry.contains(['$', '{', '}']) => None,
        _ if entry == "/tmp"
            || entry.starts_with("/tmp/")
            || entry.starts_with("/var/tmp")
            || entry.starts_with("/dev/shm") =>
        {
            Some(format!("{}, where every user may write", quote(entry)))
        }
        _ if linker && !entry.is_empty() && !entry.starts_with(['/', '~']) => {
            Some(format!("{}, seen from whatever folder the process is in", quote(entry)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn entries_are_judged() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV PATH=./bin:$PATH
#   ^^^^^^^^^^^^^^^^ programs are looked for in `./bin`, seen from whatever folder the process is in
ENV PATH="/usr/bin:.:/bin"
#   ^^^^^^^^^^^^^^^^^^^^^^ programs are looked for in `.`, whatever folder the process is in
ENV LD_LIBRARY_PATH=/opt/lib: A=1
#   ^^^^^^^^^^^^^^^^^^^^^^^^^ libraries are looked for in whatever folder the process is in: an entry is empty
ENV PYTHONPATH=/tmp/x
#   ^^^^^^^^^^^^^^^^^ modules are looked for in `/tmp/x`, where every user may write
ENV PYTHONPATH=. NODE_PATH=./lib PATH=/srv/bin:${PATH}
ENV LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+${LD_LIBRARY_PATH}:}/opt/lib"
"#,
        );
        check_dockerfile(
            &RULE,
            "FROM mcr.microsoft.com/windows/nanoserver:1809\nENV PATH=\"C:\\Windows;C:\\x\"\n",
        );
    }
}
