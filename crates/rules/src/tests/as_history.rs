//! The same build as a Dockerfile and as the history that BuildKit writes of it: rules that read
//! both say the same of both.

use report::{Input, Verdict};

use super::{case, outcome, verdict};
use crate::{RULES, page};

/// The rows of a table for the steps of a Dockerfile; nothing for what a history cannot show, or
/// shows in a way that only a builder knows: mounts, here-documents, flags, several stages, values
/// of variables.
fn history(text: &str) -> Option<String> {
    let lost = ["<<", "--", "`", "{{", "$", "FROM scratch"];
    if lost.iter().any(|it| text.contains(it)) {
        return None;
    }
    let joined = text.replace("\\\n", "");
    let lines: Vec<&str> =
        joined.lines().filter(|it| !it.trim().is_empty() && !it.starts_with('#')).collect();
    let is_from = |it: &&&str| it.to_ascii_uppercase().starts_with("FROM");
    if lines.iter().filter(is_from).count() != 1 || !lines.first().is_some_and(|it| is_from(&it)) {
        return None;
    }
    let mut rows = vec![
        "<missing> 2 months ago /bin/sh -c #(nop) ADD file:1d256392a0c3f0d7 in / 78.1MB".to_owned(),
        "<missing> 2 months ago /bin/sh -c #(nop)  CMD [\"bash\"] 0B".to_owned(),
    ];
    for line in lines.iter().skip(1) {
        let (keyword, rest) = line.split_once(' ')?;
        let keyword = keyword.to_ascii_uppercase();
        let words = || rest.split_whitespace().collect::<Vec<_>>();
        let made_by = match &*keyword {
            "RUN" if !rest.starts_with('[') => format!("RUN /bin/sh -c {rest} # buildkit"),
            "COPY" | "ADD" => format!("{keyword} {rest} # buildkit"),
            "CMD" | "ENTRYPOINT" => {
                let list: Vec<String> = match rest.strip_prefix('[') {
                    Some(list) => {
                        let list = list.trim_end().trim_end_matches(']').split(',');
                        list.map(|it| it.trim().to_owned()).collect()
                    }
                    None => vec!["\"/bin/sh\"".into(), "\"-c\"".into(), format!("{rest:?}")],
                };
                format!("{keyword} [{}]", list.join(" "))
            }
            "EXPOSE" => {
                let port = |it: &str| match it.contains('/') {
                    true => it.to_owned(),
                    false => format!("{it}/tcp"),
                };
                let ports: Vec<String> = words().into_iter().map(port).collect();
                format!("EXPOSE [{}]", ports.join(" "))
            }
            "VOLUME" if !rest.starts_with('[') => format!("VOLUME [{}]", words().join(" ")),
            "ENV" if rest.contains('=') => line.to_string(),
            "USER" | "WORKDIR" | "LABEL" | "STOPSIGNAL" => line.to_string(),
            _ => return None,
        };
        rows.push(format!("<missing> 2 days ago {made_by} 1.2MB buildkit.dockerfile.v0"));
    }
    rows.push("IMAGE CREATED CREATED BY SIZE COMMENT".to_owned());
    rows.reverse();
    Some(rows.join("\n"))
}

#[test]
fn rules_that_read_both_say_the_same_of_both() {
    let mut n_compared = 0;
    for rule in RULES.iter().filter(|it| it.reads.contains(&Input::History)) {
        for example in page::examples(rule.doc) {
            let [(language, text)] = &example.documents[..] else { continue };
            // A history shows the base image too, so it settles what a Dockerfile leaves open.
            if language != "dockerfile" || example.verdict == Verdict::Unknown {
                continue;
            }
            let Some(rows) = history(text) else { continue };
            let (of_file, of_history) =
                (case(&[("dockerfile", text)]), case(&[("history", &rows)]));
            let fails = |it: &crate::Case| verdict(rule, it) == Verdict::Fails;
            assert_eq!(
                fails(&of_file),
                fails(&of_history),
                "{}: {}\n{rows}\n{:?}",
                rule.id,
                example.title,
                outcome(rule, &of_history),
            );
            n_compared += 1;
        }
    }
    assert!(n_compared > 100, "only {n_compared} examples are simple enough");
}

#[test]
fn what_a_cut_off_line_may_undo_is_not_held_against_it() {
    let table = |end: &str| {
        format!(
            "IMAGE CREATED CREATED BY SIZE COMMENT\n\
             <missing> 2 days ago CMD [\"/app\"] 0B buildkit.dockerfile.v0\n\
             <missing> 2 days ago RUN /bin/sh -c apt-get update \
             && apt-get install -y gcc{end} 98MB buildkit.dockerfile.v0\n"
        )
    };
    let ids = |text: &str| {
        let report = crate::check(&case(&[("history", text)]));
        let found = report.outcomes.into_iter().filter(|it| !it.outcome.findings.is_empty());
        found.map(|it| it.rule.id.to_string()).collect::<Vec<_>>()
    };
    for rule in ["build-tools-in-final", "package-cache-left"] {
        assert!(ids(&table(" # buildkit")).iter().any(|it| it == rule), "{rule}");
        assert!(!ids(&table("\u{2026}")).iter().any(|it| it == rule), "{rule}");
    }
}

#[test]
fn rules_about_what_is_left_undone_exist() {
    for id in crate::told::UNDONE {
        assert!(RULES.iter().any(|it| it.id == id), "{id}");
    }
}
