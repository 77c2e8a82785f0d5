//! A line for a checksum tool with one space.
use dockerfile::shell::ShellWord;
use report::{Applies, Input, Locus, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::commands::RunCommand;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "checksum-line-format",
    title: "A line for a checksum tool has one space where two belong",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["sha256sumEchoOneSpaces"],
    doc: page!("checksum_line_format.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.runs {
        let (Ok(step), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        for pair in step.commands.windows(2) {
            let [first, second] = pair else { continue };
            let same = first.place.pipeline == second.place.pipeline;
            if !same || !first.runs(&["echo", "printf"]) || !verifies(second) {
                continue;
            }
            let Some(word) = first.arguments().last() else { continue };
            let at = Locus::Text { source: *source, span: word.span };
            match single_space(word) {
                Some(space) => {
                    let edit = Edit { span: Span::at(space), with: " ".to_owned() };
                    let fix = fix::edits("Add the second space", &at, |_| vec![edit], Safety::Safe);
                    let message = format!(
                        "{} of some systems takes two spaces between sum and file",
                        quote(&second.program)
                    );
                    out.fail(&at, message).fix(fix);
                }
                None => out.clear(&at, "two characters between sum and file"),
            }
        }
    }
}

fn verifies(it: &RunCommand) -> bool {
    let sums = it.program.ends_with("sum") && it.program.len() > 3 || it.runs(&["shasum"]);
    let options = it.options(&[]);
    sums && options.has(&["-c", "--check"])
}

/// Where the one space stands between a sum and the name of a file.
fn single_space(word: &ShellWord) -> Option<u32> {
    let text = word.cooked();
    let line = text.as_str();
    let sum = line.find(' ')?;
    let (first, rest) = line.split_at_checked(sum)?;
    let hex = first.len() >= 32 && first.bytes().all(|it| it.is_ascii_hexdigit());
    let variable = first.starts_with('$');
    let rest = rest.strip_prefix(' ')?;
    // A star there is the second of the two.
    let one = !rest.is_empty() && !rest.starts_with([' ', '*']) && !rest.contains(' ');
    ((hex || variable) && one).then(|| text.span(sum..sum + 1).end())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn one_space_or_two() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN echo "ef016febe5ec4eaf7d455a34579834bcde7703cb0818c80044f4d148df8473bb /tmp/a" | sha256sum -c
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `sha256sum` of some systems takes two spaces between sum and file
RUN echo "$SUM a" | sha512sum --check -
#        ^^^^^^^^ `sha512sum` of some systems takes two spaces between sum and file
RUN echo "$SUM  a" | sha256sum -c - && echo "$SUM *a" | sha256sum -c - && echo "a b" | wc
RUN echo "$SUM a" > SUMS && sha256sum -c SUMS
"#,
        );
    }

    #[test]
    fn the_space_is_added() {
        assert_eq!(
            fixed(&RULE, "FROM a\nRUN echo \"${SUM} x\" | sha256sum -c -\n"),
            "FROM a\nRUN echo \"${SUM}  x\" | sha256sum -c -\n"
        );
    }
}
