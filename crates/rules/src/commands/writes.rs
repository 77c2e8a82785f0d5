//! Texts that a step writes into files.

use dockerfile::shell::{Redirect, ShellWord};
use text::{Cooked, Span};

use super::RunCommand;
use crate::facts::RunStep;

/// A text that is written to a file, added to it, or put in by `sed`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// The file, as written; nothing when a group of commands writes together.
    pub path: Option<String>,
    /// The text, with its places.
    pub text: Cooked,
}

/// A line of a settings file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The name, in lower case.
    pub name: String,
    /// The first word of the value, in lower case, without quotes.
    pub value: String,
    /// Both.
    pub span: Span,
}

/// The texts that a step writes into files.
pub fn written(step: &RunStep) -> Vec<Written> {
    let mut found = Vec::new();
    for command in &step.commands {
        match &*command.program {
            "echo" | "printf" => {
                if let Some(path) = goes_to(step, command) {
                    found.push(Written { path, text: joined(command.arguments()) });
                }
            }
            "cat" | "tee" => {
                let body = command.simple.redirects.iter().find_map(|it| it.body.as_ref());
                if let (Some(text), Some(path)) = (body, goes_to(step, command)) {
                    found.push(Written { path, text: text.clone() });
                }
            }
            "sed" => edited(command, &mut found),
            _ => {}
        }
    }
    found
}

/// Where a command's output goes: a file, or nothing known but that a group may write it. Output
/// that is only shown, or read by another program, goes nowhere.
fn goes_to(step: &RunStep, command: &RunCommand) -> Option<Option<String>> {
    if command.runs(&["tee"]) {
        return tee_file(command).map(Some);
    }
    if let Some(file) = redirected(&command.simple.redirects) {
        return Some(Some(file));
    }
    let mut behind = step.pipeline(command).filter(|it| it.place.index > command.place.index);
    match behind.next() {
        Some(it) if it.runs(&["tee"]) => tee_file(it).map(Some),
        Some(it) if it.runs(&["cat"]) => redirected(&it.simple.redirects).map(Some),
        Some(_) => None,
        None => (command.place.depth > 0 && !command.place.substituted).then_some(None),
    }
}

fn tee_file(command: &RunCommand) -> Option<String> {
    let options = command.options(&[]);
    options.operands.first().map(|it| it.text().into_owned())
}

fn redirected(redirects: &[Redirect]) -> Option<String> {
    let file = redirects.iter().find(|it| {
        matches!(it.operator, ">" | ">>" | ">|" | "&>") && matches!(it.descriptor, None | Some(1))
    })?;
    let path = file.target.text();
    (!path.starts_with("/dev/")).then(|| path.into_owned())
}

/// Words as one text, a blank between them.
fn joined(words: &[ShellWord]) -> Cooked {
    let mut out = Cooked::default();
    let mut last_end = None;
    for word in words {
        if let Some(end) = last_end {
            out.push(" ", end);
        }
        out.append(&word.cooked());
        last_end = Some(word.span.end());
    }
    out
}

/// What `sed` puts in the place of something else.
fn edited(command: &RunCommand, found: &mut Vec<Written>) {
    let options = command.options(&["-e", "--expression", "-f", "--file"]);
    let scripts = options.flags.iter().filter(|it| matches!(&*it.name, "-e" | "--expression"));
    let mut operands = options.operands.iter().copied();
    let mut texts: Vec<Cooked> = Vec::new();
    for flag in scripts {
        // The value is in the option's own word, or in the next one.
        let own = flag.word.text().len() > 2
            && flag.word.text().ends_with(flag.value.as_deref().unwrap_or("\n"));
        let arguments = command.arguments();
        let at = arguments.iter().position(|it| it.span == flag.word.span);
        let word = if own { Some(flag.word) } else { at.and_then(|it| arguments.get(it + 1)) };
        texts.extend(word.map(ShellWord::cooked));
    }
    if texts.is_empty() {
        texts.extend(operands.next().map(ShellWord::cooked));
    }
    let path = operands.last().map(|it| it.text().into_owned());
    for script in texts {
        for text in replacements(&script) {
            found.push(Written { path: path.clone(), text });
        }
    }
}

/// The second halves of `s/…/…/` in a script.
fn replacements(script: &Cooked) -> Vec<Cooked> {
    let text = script.as_str();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|it| it.find('s')).map(|it| it + from) {
        from = at + 1;
        let starts = text.get(..at).is_none_or(|it| !it.ends_with(|it: char| it.is_alphanumeric()));
        let mut rest = text.get(at + 1..).unwrap_or_default().char_indices();
        let Some((_, mark)) = rest.next() else { break };
        if !starts || mark.is_alphanumeric() || mark.is_whitespace() || mark == '\\' {
            continue;
        }
        let mut ends = Vec::new();
        let mut escaped = false;
        for (offset, it) in rest {
            if !escaped && it == mark {
                ends.push(at + 1 + offset);
                if ends.len() == 2 {
                    break;
                }
            }
            escaped = it == '\\' && !escaped;
        }
        if let [first, second] = ends[..] {
            found.push(script.slice(first + mark.len_utf8()..second));
            from = second + mark.len_utf8();
        }
    }
    found
}

/// The lines of a text. `\n` written out, as `printf` and `echo -e` read it, ends a line too.
pub fn lines(text: &Cooked) -> Vec<Cooked> {
    let mut found = Vec::new();
    let whole = text.as_str();
    let mut from = 0;
    while from < whole.len() {
        let rest = whole.get(from..).unwrap_or_default();
        let line = rest.find('\n').unwrap_or(rest.len());
        // What stands for a line end is only looked for in the line, not in all that follows.
        let written = rest.get(..line).and_then(|it| it.find("\\n"));
        let (length, skip) = written.map_or((line, 1), |it| (it, 2));
        found.push(text.slice(from..from + length));
        from += length + skip;
    }
    found
}

/// A line as a setting: `name=value`, `name = value`, `name: value`, `name "value";`.
pub fn setting(line: &Cooked) -> Option<Setting> {
    let whole = line.as_str();
    let start = whole.len() - whole.trim_start().len();
    let text = whole.get(start..)?;
    if text.starts_with(['#', ';', '/']) {
        return None;
    }
    let ends = |(at, it): &(usize, char)| {
        let behind = text.get(at + 1..).unwrap_or_default();
        *it == '=' || it.is_whitespace() || (*it == ':' && behind.starts_with([' ', '\t']))
    };
    let (name_end, _) = text.char_indices().find(ends)?;
    let name = text.get(..name_end)?;
    let rest = text.get(name_end..)?;
    let value_start = name_end + rest.len() - rest.trim_start_matches([' ', '\t', '=', ':']).len();
    let value = text.get(value_start..)?;
    let value_end = value.find(char::is_whitespace).unwrap_or(value.len());
    let value = value.get(..value_end)?;
    let trimmed = value.trim_matches(['"', '\'', ';', '}', '\\']);
    if name.is_empty() || trimmed.is_empty() {
        return None;
    }
    Some(Setting {
        name: name.trim_matches(['"', '\'']).to_ascii_lowercase(),
        value: trimmed.to_ascii_lowercase(),
        span: line.span(start..start + value_start + value_end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::case;

    fn texts(run: &str) -> Vec<(Option<String>, String)> {
        let case = case(&[("dockerfile", &format!("FROM x\nRUN {run}\n"))]);
        let step = case.facts.runs[0].value.as_ref().unwrap();
        written(step).into_iter().map(|it| (it.path, it.text.as_str().to_owned())).collect()
    }

    #[test]
    fn what_is_written_where() {
        let one = |path: &str, text: &str| vec![(Some(path.to_owned()), text.to_owned())];
        assert_eq!(texts("echo 'a=b' c >> /x"), one("/x", "a=b c"));
        assert_eq!(texts("echo a | sudo tee -a /x > /dev/null"), one("/x", "a"));
        assert_eq!(texts("printf 'a\\nb' | cat > /x"), one("/x", "a\\nb"));
        assert_eq!(texts("sed -i 's/a=1/a=0/;s|b|c|g' /x"), {
            let mut both = one("/x", "a=0");
            both.extend(one("/x", "c"));
            both
        });
        assert_eq!(texts("sed -i -e 's/a/b/' /x"), one("/x", "b"));
        assert_eq!(texts("{ echo a; } > /x"), one("/x", "a"));
        assert_eq!(texts("echo a && echo b | sha256sum -c"), []);
        assert_eq!(texts("<<E cat > /x\na=b\nE"), one("/x", "a=b\n"));
        assert_eq!(texts("echo a > /dev/null"), []);
    }

    #[test]
    fn lines_are_settings() {
        let read = |text: &str| {
            let it = setting(&Cooked::plain(text, 0))?;
            Some(format!("{} {} {}", it.name, it.value, it.span.range().len()))
        };
        assert_eq!(read("gpgcheck=0").as_deref(), Some("gpgcheck 0 10"));
        assert_eq!(read(" Strict-SSL = false").as_deref(), Some("strict-ssl false 18"));
        assert_eq!(
            read("Acquire::https::Verify-Peer \"false\";").as_deref(),
            Some("acquire::https::verify-peer false 36")
        );
        assert_eq!(read("ssl_verify: False").as_deref(), Some("ssl_verify false 17"));
        assert_eq!(read("# a=b"), None);
        assert_eq!(read("word"), None);
        let parts: Vec<String> =
            lines(&Cooked::plain("a\\nb\nc", 0)).iter().map(|it| it.as_str().to_owned()).collect();
        assert_eq!(parts, ["a", "b", "c"]);
    }
}
