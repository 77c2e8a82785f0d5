//! A label is set twice.

use std::collections::BTreeMap;

use dockerfile::{Instruction, Kind, Pair};
use report::{Applies, Fix, Input, Outcome, Safety, Severity, quote};

use crate::facts::Reach;
use crate::{Build, Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "label-duplicate",
    title: "A label is set twice",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["labels/no-duplicate-keys"],
    doc: page!("label_duplicate.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for build in &case.builds {
        // A stage may change what it inherits; within one, the first of two is in vain.
        for (_, body) in build.stages().filter(|it| build.reach(it.0.id) != Reach::Unused) {
            let mut set: BTreeMap<&str, (&Instruction, &Pair)> = BTreeMap::new();
            for instruction in body {
                let Kind::Label(pairs) = &instruction.kind else { continue };
                for pair in pairs {
                    let name = pair.name.as_str().trim_matches(['"', '\'']);
                    // A name without a value is broken in another way.
                    if name.contains('$') || name.is_empty() || pair.value.as_str().is_empty() {
                        continue;
                    }
                    let at = build.at(pair.name.span);
                    match set.insert(name, (instruction, pair)) {
                        Some((earlier, first)) => {
                            let message = format!(
                                "{} replaces the value that it was given before",
                                quote(name)
                            );
                            let fix = without(case, build, earlier, first);
                            let finding = out.fail(&at, message).fix(fix);
                            finding.related(&build.at(first.name.span), "the value that is lost");
                        }
                        None => out.clear(&at, "the label is set once so far"),
                    }
                }
            }
        }
    }
}

/// Takes the earlier pair away: alone, or with its instruction when it is all there is.
fn without(case: &Case, build: &Build, it: &Instruction, pair: &Pair) -> Option<Fix> {
    let Kind::Label(pairs) = &it.kind else { return None };
    let title = "Take the first one away";
    if pairs.len() == 1 && it.heredocs.is_empty() && it.comments.is_empty() {
        return fix::delete(title, &build.at(it.span), Safety::Review);
    }
    let first = pairs.first().is_some_and(|it| it.name.span == pair.name.span);
    // Behind the keyword the blanks before a pair are needed.
    if first {
        return None;
    }
    let at = build.at(pair.name.span.to(pair.value.span));
    fix::delete_words(case, title, &at, Safety::Review)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn the_second_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13 AS base
LABEL a=1 b=1
FROM base
LABEL a=2
LABEL c=1 a=3
#         ^ `a` replaces the value that it was given before
"#,
        );
        check_dockerfile(&RULE, "FROM debian:13\nARG N\nLABEL $N=1 $N=2\n");
    }

    #[test]
    fn the_first_is_taken_away() {
        let text = "FROM debian:13\nLABEL a=1\nLABEL a=2\n";
        assert_eq!(fixed(&RULE, text), "FROM debian:13\nLABEL a=2\n");
        let text = "FROM debian:13\nLABEL b=1 \\\n      a=1\nLABEL a=2\n";
        assert_eq!(fixed(&RULE, text), "FROM debian:13\nLABEL b=1\nLABEL a=2\n");
    }
}
