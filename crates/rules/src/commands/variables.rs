//! Variables of a step: which its commands set, and what its words come to.

use std::collections::BTreeMap;

use dockerfile::shell::{Part, ShellWord};
use text::{Cooked, Span};

use super::RunCommand;
use crate::facts::RunStep;

/// A variable that a command sets, for itself or for those behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assigned {
    /// Its name.
    pub name: String,
    /// Its value as written, quotes removed.
    pub value: Cooked,
    /// Whether nothing in the value has to be expanded.
    pub literal: bool,
    /// Name and value.
    pub span: Span,
}

impl RunCommand {
    /// The variables that the command sets: `A=1 program`, `export A=1`, `env A=1 program`.
    pub fn assigned(&self) -> Vec<Assigned> {
        let plain = self.simple.assignments.iter().map(|it| Assigned {
            name: it.name.clone(),
            value: it.value.cooked(),
            literal: it.value.literal().is_some(),
            span: it.span,
        });
        let declares = self.runs(&["export", "declare", "typeset", "readonly", "local"]);
        let words = if declares { self.arguments() } else { self.wrappers() };
        plain.chain(words.iter().filter_map(assigned_word)).collect()
    }
}

/// A word of the form `NAME=value`.
fn assigned_word(word: &ShellWord) -> Option<Assigned> {
    let text = word.cooked();
    let at = text.as_str().find('=')?;
    let name = text.as_str().get(..at)?;
    let fits = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    if name.is_empty() || !name.bytes().all(fits) {
        return None;
    }
    let value = text.slice(at + 1..text.as_str().len());
    Some(Assigned {
        name: name.to_owned(),
        value,
        literal: word.literal().is_some(),
        span: word.span,
    })
}

/// What a word comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    /// The text. What is not known stands in it as `$name`.
    pub text: String,
    /// The first variable that is not known; empty for what a command would have to tell.
    pub open: Option<String>,
}

/// The values of variables at one command of a step.
pub struct Variables<'a> {
    step: &'a RunStep,
    /// What the step itself has set before; nothing for what is not known.
    set: BTreeMap<String, Option<String>>,
}

impl<'a> Variables<'a> {
    /// The variables before the command of that number.
    pub fn before(step: &'a RunStep, number: usize) -> Self {
        let mut out = Self { step, set: BTreeMap::new() };
        for command in step.commands.iter().take(number) {
            let lasting = command.simple.words.is_empty()
                || command.runs(&["export", "declare", "typeset", "readonly"]);
            if !lasting || command.place.substituted {
                continue;
            }
            // Inside a condition or a loop it may be set or not, or again and again.
            let certain = command.place.depth == 0 && command.place.length == 1;
            for it in &command.simple.assignments {
                let value = out.resolve(&it.value);
                let known = (certain && value.open.is_none()).then_some(value.text);
                out.set.insert(it.name.clone(), known);
            }
            for it in command.arguments().iter().filter_map(assigned_word) {
                let known = (certain && it.literal).then(|| it.value.as_str().to_owned());
                out.set.insert(it.name, known);
            }
        }
        out
    }

    /// What a word comes to.
    pub fn resolve(&self, word: &ShellWord) -> Resolved {
        let mut out = Resolved { text: String::new(), open: None };
        for part in &word.parts {
            match part {
                Part::Literal { text, .. } => out.text.push_str(text.as_str()),
                Part::Variable { name, operation, .. } => match self.value(name, operation) {
                    Some(value) => out.text.push_str(value),
                    None => {
                        out.text.extend(["$", name]);
                        out.open.get_or_insert_with(|| name.clone());
                    }
                },
                Part::Commands { raw, .. }
                | Part::Process { raw, .. }
                | Part::Arithmetic { raw } => {
                    out.text.push_str(raw.as_str());
                    out.open.get_or_insert_with(String::new);
                }
            }
        }
        out
    }

    fn value(&self, name: &str, operation: &str) -> Option<&str> {
        let value = match self.set.get(name) {
            Some(it) => it.as_deref()?,
            None => self.step.variables.get(name)?.as_deref()?,
        };
        let defaults = operation.starts_with(":-") || operation.starts_with('-');
        (operation.is_empty() || (defaults && !value.is_empty())).then_some(value)
    }
}

impl RunStep {
    /// Whether a build argument of that name decides something, and has no value here.
    pub fn asks_for(&self, name: &str) -> bool {
        self.variables.get(name).is_some_and(Option::is_none)
    }
}

/// What a word of a command of a step comes to. `number`: the command's.
pub fn resolved(step: &RunStep, number: usize, word: &ShellWord) -> Resolved {
    match word.literal() {
        Some(text) => Resolved { text: text.into_owned(), open: None },
        None => Variables::before(step, number).resolve(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::case;

    fn last_word(run: &str) -> (String, Option<String>) {
        let text = format!("FROM x\nARG V=1\nENV HOST=a.example V2=$V\nRUN {run}\n");
        let case = case(&[("dockerfile", &text)]);
        let step = case.facts.runs[0].value.as_ref().unwrap();
        let number = step.commands.iter().position(|it| it.program == "x").unwrap();
        let it = resolved(step, number, step.commands[number].simple.words.last().unwrap());
        (it.text, it.open)
    }

    #[test]
    fn words_come_to_what_build_and_step_set() {
        for (run, text, open) in [
            ("x https://$HOST/${V2}", "https://a.example/1", None),
            ("V=2; x $V", "2", None),
            ("V=2 && W=a$V && x \"$W\"", "a2", None),
            ("export U=3 && x ${U:-4}", "3", None),
            ("V=$(y) && x a$V", "a$V", Some("V")),
            ("if y; then V=2; fi; x $V", "$V", Some("V")),
            ("x $U", "$U", Some("U")),
            ("V=2 y; x $V", "1", None),
            ("x a$(y)", "a$(y)", Some("")),
        ] {
            assert_eq!(last_word(run), (text.to_owned(), open.map(str::to_owned)), "{run}");
        }
    }

    #[test]
    fn every_way_to_set_a_variable() {
        let names = |run: &str| {
            let list = crate::commands::parsed(run);
            let all = list.iter().flat_map(RunCommand::assigned);
            all.map(|it| format!("{}={}", it.name, it.value.as_str())).collect::<Vec<_>>()
        };
        assert_eq!(names("A=1 B='x y' c"), ["A=1", "B=x y"]);
        assert_eq!(names("export A=1 B && sudo -E env C=$D e"), ["A=1", "C=$D"]);
        assert_eq!(names("echo A=1"), [""; 0]);
    }
}
