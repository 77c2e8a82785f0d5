//! Steps in PowerShell and for the Windows command prompt, as far as credentials need them: the
//! commands with their words, and what they set variables to.
//!
//! Neither language is parsed. Text is cut at what ends a command in both, quotes and variables are
//! told from words, and what stands in brackets becomes a command of its own right behind the one
//! that uses it. That is enough to see which program is given what.

use dockerfile::shell::{Assignment, Joint, Part, Script, ShellWord, Simple};
use text::{Cooked, Span};

use super::{Action, Placement, RunCommand};

/// Whose language a text is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prompt {
    /// PowerShell.
    PowerShell,
    /// The command prompt, `cmd`.
    Cmd,
}

/// The commands of a text, in order.
pub fn windows(text: &Cooked, prompt: Prompt) -> Vec<RunCommand> {
    let mut out = Vec::new();
    read(text, prompt, 0, &mut out);
    out
}

/// How often one language may stand in quotes in the other.
const DEEPEST: u32 = 3;

fn read(text: &Cooked, prompt: Prompt, depth: u32, out: &mut Vec<RunCommand>) {
    let pipeline = out.last().map_or(0, |it| it.place.pipeline + 1);
    let mut reader = Reader {
        text,
        prompt,
        at: 0,
        words: Vec::new(),
        word: None,
        called: false,
        opener: None,
        place: (pipeline, 0),
        out: Vec::new(),
    };
    reader.all();
    for it in reader.out {
        let inner = inner(&it).filter(|_| depth < DEEPEST);
        out.push(it);
        if let Some((prompt, text)) = inner {
            read(&text, prompt, depth + 1, out);
        }
    }
}

/// The text that a command hands to a prompt: `powershell -Command "…"`, `cmd /c "…"`.
pub fn inner(it: &RunCommand) -> Option<(Prompt, Cooked)> {
    let (prompt, flags): (_, &[&str]) = match &*it.program {
        "powershell" | "pwsh" => (Prompt::PowerShell, &["-command", "-c"]),
        "cmd" => (Prompt::Cmd, &["/c", "/s/c", "/k"]),
        _ => return None,
    };
    let words = it.arguments();
    let is_flag = |it: &ShellWord| flags.iter().any(|flag| it.text().eq_ignore_ascii_case(flag));
    let at = words.iter().position(is_flag)?;
    let text = words.get(at + 1).filter(|_| words.len() == at + 2)?;
    Some((prompt, text.cooked()))
}

struct Reader<'a> {
    text: &'a Cooked,
    prompt: Prompt,
    at: usize,
    /// The words of the command so far, each with whether it started with a quote.
    words: Vec<(ShellWord, bool)>,
    word: Option<Begun>,
    /// Whether `&` stands before the command: then a quoted word names a program.
    called: bool,
    /// The last word before a bracket that opened.
    opener: Option<String>,
    /// Numbers of the pipeline and of the command in it.
    place: (u32, u16),
    out: Vec<RunCommand>,
}

/// A word that has begun.
struct Begun {
    start: usize,
    /// Where it ends as far as it was read.
    end: usize,
    is_quoted: bool,
    parts: Vec<Part>,
}

impl Reader<'_> {
    fn next(&self) -> Option<char> {
        self.text.as_str().get(self.at..)?.chars().next()
    }

    fn follows(&self, text: &str) -> bool {
        self.text.as_str().get(self.at..).is_some_and(|it| it.starts_with(text))
    }

    fn all(&mut self) {
        let power = self.prompt == Prompt::PowerShell;
        while let Some(it) = self.next() {
            let start = self.at;
            self.at += it.len_utf8();
            match it {
                '\n' | ';' if it == '\n' || power => self.end_command(true),
                ',' if power => self.end_word(),
                _ if it.is_whitespace() => self.end_word(),
                '#' if power && self.word.is_none() => self.skip_line(),
                '|' if self.follows("|") => self.joint(),
                '&' if self.follows("&") => self.joint(),
                '|' => self.end_command(false),
                '&' => {
                    self.end_command(true);
                    self.called = power;
                }
                '(' | '{' if power || it == '(' => self.open(),
                ')' | '}' if power || it == ')' => self.end_command(true),
                '\'' if power => self.single(start),
                '"' => self.double(start),
                '`' if power => self.escaped(start),
                '^' if !power => self.escaped(start),
                '$' if power => self.dollar(start, false),
                '%' if !power => self.percent(start, false),
                '=' if power && self.is_assignment() => {
                    self.end_word();
                    self.push(start, Part::Literal { text: self.slice(start), quoted: false });
                    self.end_word();
                }
                _ => self.push(start, Part::Literal { text: self.slice(start), quoted: false }),
            }
            // Words that go on end here, a closing quote included.
            if let Some(it) = &mut self.word {
                it.end = self.at;
            }
        }
        self.end_command(true);
    }

    /// The text from `start` up to here.
    fn slice(&self, start: usize) -> Cooked {
        self.text.slice(start..self.at)
    }

    fn joint(&mut self) {
        self.at += 1;
        self.end_command(true);
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|it| it != '\n') {
            self.at += self.next().map_or(1, char::len_utf8);
        }
    }

    /// Whether a sign of assignment stands behind the first word of a command.
    fn is_assignment(&self) -> bool {
        self.words.len() + usize::from(self.word.is_some()) == 1
    }

    fn push(&mut self, start: usize, part: Part) {
        let word = self.word.get_or_insert(Begun {
            start,
            end: start,
            is_quoted: false,
            parts: Vec::new(),
        });
        word.end = self.at;
        // Neighbors of one kind are one part.
        if let (Some(Part::Literal { text, quoted: one }), Part::Literal { text: more, quoted }) =
            (word.parts.last_mut(), &part)
            && one == quoted
        {
            text.append(more);
            return;
        }
        word.parts.push(part);
    }

    fn escaped(&mut self, start: usize) {
        let inside = self.at;
        if let Some(it) = self.next() {
            self.at += it.len_utf8();
            // At the end of a line the line goes on.
            if it != '\n' {
                let text = self.text.slice(inside..self.at);
                self.push(start, Part::Literal { text, quoted: true });
            }
        }
    }

    fn open_quote(&mut self, start: usize) {
        if self.word.is_none() {
            self.word = Some(Begun { start, end: start, is_quoted: true, parts: Vec::new() });
        }
    }

    /// `'…'`, in which `''` is one quote.
    fn single(&mut self, start: usize) {
        self.open_quote(start);
        let mut from = self.at;
        while let Some(it) = self.next() {
            let end = self.at;
            self.at += 1.max(it.len_utf8());
            if it != '\'' {
                continue;
            }
            let twice = self.follows("'");
            let text = self.text.slice(from..if twice { self.at } else { end });
            self.push(start, Part::Literal { text, quoted: true });
            if !twice {
                return;
            }
            self.at += 1;
            from = self.at;
        }
        let text = self.text.slice(from..self.at);
        self.push(start, Part::Literal { text, quoted: true });
    }

    /// `"…"`, with variables.
    fn double(&mut self, start: usize) {
        self.open_quote(start);
        let power = self.prompt == Prompt::PowerShell;
        let mut from = self.at;
        while let Some(it) = self.next() {
            let here = self.at;
            self.at += it.len_utf8();
            let variable = it == '$' && power || it == '%' && !power;
            let escape = it == '`' && power;
            if it != '"' && !variable && !escape {
                continue;
            }
            if here > from {
                let text = self.text.slice(from..here);
                self.push(start, Part::Literal { text, quoted: true });
            }
            match it {
                '"' => return,
                '`' => self.escaped(here),
                '$' => self.dollar(here, true),
                _ => self.percent(here, true),
            }
            from = self.at;
        }
        if self.at > from {
            let text = self.text.slice(from..self.at);
            self.push(start, Part::Literal { text, quoted: true });
        }
    }

    /// `$name`, `$env:name`, `${name}`; `$(` takes the output of what stands in the brackets.
    fn dollar(&mut self, start: usize, quoted: bool) {
        let rest = self.text.as_str().get(self.at..).unwrap_or_default();
        if rest.starts_with('(') {
            let raw = self.slice(start);
            return self.push(start, Part::Commands { script: Script::default(), raw, quoted });
        }
        let braced = rest.starts_with('{');
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let in_name = |it: char| it.is_alphanumeric() || it == '_' || it == ':' || it == '?';
        let length = rest.find(|it| !in_name(it)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default().trim_end_matches(':').to_owned();
        if name.is_empty() {
            return self.push(start, Part::Literal { text: self.slice(start), quoted });
        }
        self.at += usize::from(braced) + if braced { length } else { name.len() };
        if braced && self.follows("}") {
            self.at += 1;
        }
        let (operation, raw) = (String::new(), self.slice(start));
        self.push(start, Part::Variable { name, operation, raw, quoted });
    }

    /// `%name%`.
    fn percent(&mut self, start: usize, quoted: bool) {
        let rest = self.text.as_str().get(self.at..).unwrap_or_default();
        let name = rest.split(['%', '"', '\n', ' ']).next().unwrap_or_default().to_owned();
        let closes = rest.get(name.len()..).is_some_and(|it| it.starts_with('%'));
        if name.is_empty() || !closes {
            return self.push(start, Part::Literal { text: self.slice(start), quoted });
        }
        self.at += name.len() + 1;
        let (operation, raw) = (String::new(), self.slice(start));
        self.push(start, Part::Variable { name, operation, raw, quoted });
    }

    fn end_word(&mut self) {
        let Some(Begun { start, end, is_quoted, parts }) = self.word.take() else { return };
        // The place of a word that is quoted as a whole is what stands between the quotes.
        let span = match &parts[..] {
            [Part::Literal { text, quoted: true }] if is_quoted => text.whole(),
            _ => self.text.span(start..end),
        };
        self.words.push((ShellWord { span, parts }, is_quoted));
    }

    fn open(&mut self) {
        self.end_word();
        let opener = self.words.last().map(|it| it.0.text().into_owned());
        self.end_command(true);
        self.opener = opener;
    }

    /// Ends a command. `whole`: the pipeline ends with it.
    fn end_command(&mut self, whole: bool) {
        self.end_word();
        let words = std::mem::take(&mut self.words);
        let opener = self.opener.take();
        let called = std::mem::take(&mut self.called);
        if !words.is_empty() {
            self.out.push(command(words, opener.as_deref(), called, self.place));
        }
        self.place = if whole { (self.place.0 + 1, 0) } else { (self.place.0, self.place.1 + 1) };
    }
}

/// A command of its words.
fn command(
    words: Vec<(ShellWord, bool)>,
    opener: Option<&str>,
    called: bool,
    (pipeline, index): (u32, u16),
) -> RunCommand {
    let span = match (words.first(), words.last()) {
        (Some(first), Some(last)) => first.0.span.to(last.0.span),
        _ => Span::default(),
    };
    let says = words.first().is_some_and(|it| it.1) && !called;
    let mut words: Vec<ShellWord> = words.into_iter().map(|it| it.0).collect();
    let mut assignments = Vec::new();
    if opener.is_some_and(|it| it.to_ascii_lowercase().ends_with("::setenvironmentvariable")) {
        assignments.extend(assigned(&words, span));
        words.clear();
    } else if words.get(1).is_some_and(|it| it.is("=")) {
        // `$name = value`; what is more than a value is a command whose output is taken.
        match (words.first().map(name_of), words.get(2), words.len()) {
            (Some(name), Some(value), 3) => {
                assignments.push(Assignment { name, value: value.clone(), span });
                words.clear();
            }
            _ => drop(words.drain(..2)),
        }
    } else if words.first().is_some_and(|it| it.text().eq_ignore_ascii_case("set")) {
        assignments.extend(set(&words, span));
    } else if words.first().is_some_and(|it| program(it) == "setx") {
        let plain = words.iter().skip(1).filter(|it| !it.text().starts_with('/'));
        assignments.extend(assigned(&plain.cloned().collect::<Vec<_>>(), span));
    }
    let mut program = words.first().map(program).unwrap_or_default();
    if says && !words.is_empty() {
        // A text that stands alone is what the command gives out.
        let text = Cooked::plain("echo", span.start());
        let echo = Part::Literal { text, quoted: false };
        words.insert(
            0,
            ShellWord { span: Span::new(span.start(), span.start()), parts: vec![echo] },
        );
        program = "echo".to_owned();
    }
    let place = Placement {
        pipeline,
        index,
        length: index + 1,
        joint: Joint::Then,
        background: false,
        depth: 0,
        substituted: opener.is_some(),
        condition: false,
        inner: false,
    };
    let simple = Simple { span, assignments, words, redirects: Vec::new() };
    RunCommand { simple, program, first: 0, place, action: Action::Other }
}

/// The program that a word names: without its folder and ending; what PowerShell itself has, as it
/// is written.
fn program(word: &ShellWord) -> String {
    let text = word.text();
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let bare = name.strip_suffix(".exe").or_else(|| name.strip_suffix(".EXE")).unwrap_or(name);
    if bare.contains('-') { bare.to_owned() } else { bare.to_ascii_lowercase() }
}

/// The name of a variable as a word has it: `$env:NAME`.
fn name_of(word: &ShellWord) -> String {
    let name = match &word.parts[..] {
        [Part::Variable { name, .. }] => name.clone(),
        _ => word.text().into_owned(),
    };
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

/// Name and value as the first two words.
fn assigned(words: &[ShellWord], span: Span) -> Option<Assignment> {
    let [name, value, ..] = words else { return None };
    Some(Assignment { name: name.text().into_owned(), value: value.clone(), span })
}

/// `set NAME=value with blanks`.
fn set(words: &[ShellWord], span: Span) -> Option<Assignment> {
    let [_, first, ..] = words else { return None };
    let text = first.cooked();
    let at = text.as_str().find('=')?;
    let name = text.as_str().get(..at)?.to_owned();
    let value = text.slice(at + 1..text.as_str().len());
    // What variables stand in it is told by the parts; a value of text alone is text.
    let is_text = first.parts.iter().all(|it| matches!(it, Part::Literal { .. }));
    let parts = match is_text {
        true => vec![Part::Literal { text: value.clone(), quoted: true }],
        false => first.parts.iter().skip(1).cloned().collect(),
    };
    Some(Assignment { name, value: ShellWord { span: value.whole(), parts }, span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::{Handed, credentials, given};

    fn shown(text: &str, prompt: Prompt) -> String {
        let list = windows(&Cooked::plain(text, 0), prompt);
        let one = |it: &RunCommand| {
            let sets = it
                .simple
                .assignments
                .iter()
                .map(|it| format!("{}:={:?}", it.name, given(&it.value, 0)));
            let words = it.simple.words.iter().map(|it| it.text().into_owned());
            sets.chain(words).collect::<Vec<_>>().join(" ")
        };
        list.iter().map(one).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn powershell_is_cut_into_commands() {
        let check = |text: &str, expected: &str| {
            assert_eq!(shown(text, Prompt::PowerShell), expected, "{text}");
        };
        check("a -b 'c d'; e | f # g\nh", "a -b c d / e / f / h");
        check("New-X -P (Conv 'it''s' -A)", "New-X -P / Conv it's -A");
        check("$env:A = 'b'", "A:=Literal(\"b\")");
        check("${env:A}=\"b$c\"", "A:=Variables([\"c\"])");
        check("$p = Conv x -y", "Conv x -y");
        check("'x' | docker login", "echo x / docker login");
        check("& 'C:\\a b\\c.exe' d", "C:\\a b\\c.exe d");
        check(
            "[Environment]::SetEnvironmentVariable('A', 'b', 'Machine')",
            "[Environment]::SetEnvironmentVariable / A:=Literal(\"b\")",
        );
        check("a `\n b", "a b");
        check("@{ A = 'b'; C = 1 }", "@ / A:=Literal(\"b\") / C:=Literal(\"1\")");
        check("powershell -Command \"a 'b'\"", "powershell -Command a 'b' / a b");
        for odd in ["'", "\"", "$", "${", "`", "(((", "$env:=", "=", "= =", "é'é", "a\"$"] {
            shown(odd, Prompt::PowerShell);
            shown(odd, Prompt::Cmd);
        }
    }

    #[test]
    fn the_prompt_is_cut_into_commands() {
        let check = |text: &str, expected: &str| {
            assert_eq!(shown(text, Prompt::Cmd), expected, "{text}");
        };
        check("a & b && c \"d e\" | f", "a / b / c d e / f");
        check("set A=b", "A:=Literal(\"b\") set A=b");
        check("set \"A=b c\"", "A:=Literal(\"b c\") set A=b c");
        check("set A=%B%", "A:=Variables([\"B\"]) set A=%B%");
        check("setx A b /M", "A:=Literal(\"b\") setx A b /M");
        check("cmd /c \"set A=b\"", "cmd /c set A=b / A:=Literal(\"b\") set A=b");
        check("100% a^&b", "100% a&b");
    }

    #[test]
    fn programs_are_given_credentials_as_elsewhere() {
        for (text, prompt) in [
            ("docker login -u me -p s3cr3t registry", Prompt::PowerShell),
            ("docker.exe login -u me -p 's3cr3t' registry", Prompt::PowerShell),
            ("& \"C:\\docker.exe\" login -p s3cr3t", Prompt::PowerShell),
            ("cd x && docker login -p s3cr3t", Prompt::Cmd),
            ("curl.exe -u me:s3cr3t https://x", Prompt::Cmd),
        ] {
            let list = windows(&Cooked::plain(text, 0), prompt);
            let got: Vec<Handed> = list.iter().flat_map(credentials).map(|it| it.given).collect();
            assert_eq!(got, [Handed::Literal("s3cr3t".to_owned())], "{text}");
        }
    }
}
