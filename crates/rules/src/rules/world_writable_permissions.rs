//! Files are made writable for everyone.

use std::collections::BTreeMap;

use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Question, Severity, quote};
use text::Span;

use crate::commands::mode_and_paths;
use crate::facts::{Reach, RunStep};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "world-writable-permissions",
    title: "Files are writable for everyone",
    question: Some(Question::Write),
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["S2612", "DF034", "world-writable-state-path-workaround"],
    doc: page!("world_writable_permissions.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.runs.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        // One mode may be given to several paths: it is judged once.
        let mut judged: BTreeMap<Span, (String, Vec<String>)> = BTreeMap::new();
        for (path, (mode, span)) in last_modes(step) {
            judged.entry(span).or_insert_with(|| (mode, Vec::new())).1.push(path);
        }
        for (span, (mode, paths)) in judged {
            judge(&mode, &paths, &Locus::Text { source: *source, span }, out);
        }
    }
    for seen in case.facts.copies.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if let Some((mode, span)) = &copy.mode {
            let at = Locus::Text { source: *source, span: *span };
            judge(mode, std::slice::from_ref(&copy.destination), &at, out);
        }
    }
}

fn judge(mode: &str, paths: &[String], at: &Locus, out: &mut Outcome) {
    if opens_to_all(mode) {
        let mode = quote(mode);
        let first = paths.first().map(|it| quote(it)).unwrap_or_default();
        let more = match paths.len() {
            0 | 1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        out.fail(at, format!("mode {mode} lets every user of the container write {first}{more}"));
    } else {
        out.clear(at, format!("mode {} lets nobody else write", quote(mode)));
    }
}

/// The last mode that a step gives to each path: what was opened for a moment does not count.
fn last_modes(step: &RunStep) -> BTreeMap<String, (String, Span)> {
    let mut modes: BTreeMap<String, (String, Span)> = BTreeMap::new();
    for command in &step.commands {
        if command.runs(&["rm"]) {
            let gone: Vec<_> = command.arguments().iter().map(ShellWord::text).collect();
            modes.retain(|path, _| !gone.iter().any(|it| is_in(path, it)));
        }
        let Some((mode, paths)) = mode_and_paths(command) else { continue };
        let span = mode.span;
        let text = mode.text();
        // `-m755` and `--mode=755` carry the mode in the word.
        let mode = text.trim_start_matches("--mode=").trim_start_matches("-m");
        for path in paths {
            modes.insert(path.text().into_owned(), (mode.to_owned(), span));
        }
    }
    modes
}

/// Whether a path is that directory, or lies in it.
fn is_in(path: &str, directory: &str) -> bool {
    let directory = directory.trim_end_matches('/');
    let rest = path.strip_prefix(directory).filter(|_| !directory.is_empty());
    rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
}

/// Whether a mode lets others write. A sticky directory such as `/tmp` is meant to be open.
fn opens_to_all(mode: &str) -> bool {
    let digits = mode.trim_start_matches('0');
    if !mode.is_empty() && mode.bytes().all(|it| (b'0'..=b'7').contains(&it)) {
        let value =
            u32::from_str_radix(if digits.is_empty() { "0" } else { digits }, 8).unwrap_or(0);
        return value & 0o2 != 0 && value & 0o1000 == 0;
    }
    let sticky = mode.contains('t');
    let clause = |it: &str| {
        let Some(at) = it.find(['+', '-', '=']) else { return false };
        let (who, how) = it.split_at(at);
        // Without a class the umask takes the write bit of others away.
        !how.starts_with('-') && who.contains(['o', 'a']) && how.contains('w')
    };
    !sticky && mode.split(',').any(clause)
}

#[cfg(test)]
mod tests {
    use super::{RULE, opens_to_all};
    use crate::tests::check_dockerfile;

    #[test]
    fn modes_that_let_others_write() {
        for mode in ["777", "0777", "666", "o+w", "a+rwx", "ugo+w", "u=rwx,o=rw", "a=rw", "722"] {
            assert!(opens_to_all(mode), "{mode}");
        }
        for mode in ["755", "1777", "0644", "775", "o-w", "+w", "u+w", "g=u", "a+rX", "a+rwxt", ""]
        {
            assert!(!opens_to_all(mode), "{mode}");
        }
    }

    #[test]
    fn the_mode_is_marked_where_it_stands() {
        check_dockerfile(
            &RULE,
            r#"
FROM scratch
RUN mkdir -p /data && \
    chmod -R 777 /data /srv
#            ^^^ mode `777` lets every user of the container write `/data` and 1 more
COPY --chmod=0666 a /etc/a
#            ^^^^ mode `0666` lets every user of the container write `/etc/a`
RUN find /data /srv -type d -exec chmod -v 777 {} \;
#                                          ^^^ mode `777` lets every user of the container write `/data` and 1 more
"#,
        );
    }

    #[test]
    fn what_is_closed_or_gone_again_in_the_same_step_does_not_count() {
        check_dockerfile(&RULE, "\nFROM scratch\nRUN chmod 777 /a && make && chmod 755 /a\n");
        check_dockerfile(
            &RULE,
            "\nFROM a\nRUN t=\"$(mktemp -d)\" && chmod 777 \"$t\" /b/c && make && rm -rf \"$t\" /b\n",
        );
    }
}
