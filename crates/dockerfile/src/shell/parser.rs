//! Commands, lists and compound commands.

use text::{Cooked, Span};

use super::reader::Reader;
use super::{Arm, Assignment, Command, Joint, Loop, Redirect, Script, ShellWord, Simple, Step};
use crate::Heredoc;

/// Reads a shell text. `heredocs`: the here-documents that stand behind its instruction.
pub fn parse(text: &Cooked, heredocs: &[Heredoc]) -> Script {
    let mut bodies: Vec<Cooked> = heredocs.iter().rev().map(|it| it.content.clone()).collect();
    let mut reader = Reader::new(text, 0);
    let mut script = Script::default();
    loop {
        let mut more = self::script(&mut reader, &mut bodies);
        script.steps.append(&mut more.steps);
        reader.blanks();
        if reader.peek().is_none() {
            return script;
        }
        // A stray `)`, `fi`, `}` or `;;` ends nothing here: it is kept, and reading goes on.
        let start = reader.at;
        skip_odd(&mut reader);
        let command = Command::Odd(reader.span(start));
        script.steps.push(Step { joint: Joint::Then, command, background: false });
    }
}

/// Words that end a list instead of starting a command.
const CLOSING: [&str; 9] = ["then", "elif", "else", "fi", "do", "done", "esac", "}", ";;"];

/// Reads commands up to something that closes them. `bodies`: here-documents still to be given
/// out, the next one last.
pub(super) fn script(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Script {
    let mut script = Script::default();
    let mut joint = Joint::Then;
    loop {
        line_ends(reader);
        if at_end(reader) {
            return script;
        }
        let start = reader.at;
        let command = match pipeline(reader, bodies) {
            Some(it) => it,
            None => {
                reader.at = start;
                skip_odd(reader);
                Command::Odd(reader.span(start))
            }
        };
        if reader.is_exhausted() {
            // Nothing is guessed at: the rest is one odd piece.
            reader.at = reader.text.len();
            let command = Command::Odd(reader.span(start));
            script.steps.push(Step { joint, command, background: false });
            return script;
        }
        reader.blanks();
        let (next, background) = joint_after(reader);
        script.steps.push(Step { joint, command, background });
        match next {
            Some(it) => joint = it,
            None if reader.at == start => return script,
            None => joint = Joint::Then,
        }
    }
}

fn line_ends(reader: &mut Reader<'_>) {
    loop {
        reader.blanks();
        match reader.peek() {
            Some(b'\n') => reader.line_end(),
            // An empty command is an error to the shell; there is nothing to keep of it.
            Some(b';') if reader.peek_at(1) != Some(b';') => reader.at += 1,
            _ => return,
        }
    }
}

/// Whether something closes the list here.
fn at_end(reader: &Reader<'_>) -> bool {
    match reader.peek() {
        None | Some(b')') => true,
        Some(b';') => reader.peek_at(1) == Some(b';'),
        _ => CLOSING.iter().any(|it| is_keyword(reader, it)),
    }
}

/// Whether the next word is exactly this one, unquoted.
fn is_keyword(reader: &Reader<'_>, word: &str) -> bool {
    reader.starts(word)
        && match reader.peek_at(word.len()) {
            None => true,
            Some(it) => matches!(
                it,
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'
            ),
        }
}

fn eat_keyword(reader: &mut Reader<'_>, word: &str) -> bool {
    line_ends(reader);
    let found = is_keyword(reader, word);
    if found {
        reader.at += word.len();
    }
    found
}

/// What joins the next command to this one, and whether this one runs in the background. Nothing
/// when no command has to follow.
fn joint_after(reader: &mut Reader<'_>) -> (Option<Joint>, bool) {
    let (joint, length, background) = match (reader.peek(), reader.peek_at(1)) {
        (Some(b'&'), Some(b'&')) => (Some(Joint::And), 2, false),
        (Some(b'|'), Some(b'|')) => (Some(Joint::Or), 2, false),
        (Some(b'&'), _) => (Some(Joint::Then), 1, true),
        (Some(b';'), Some(b';')) => (None, 0, false),
        (Some(b';'), _) => (Some(Joint::Then), 1, false),
        (Some(b'\n'), _) => (Some(Joint::Then), 0, false),
        _ => (None, 0, false),
    };
    reader.at += length;
    (joint, background)
}

/// Passes something that is not understood, up to where a next command may start.
fn skip_odd(reader: &mut Reader<'_>) {
    let start = reader.at;
    let rest = reader.rest();
    let mut quote = None;
    let mut escaped = false;
    let end = rest.char_indices().find(|(index, it)| {
        if std::mem::take(&mut escaped) {
            return false;
        }
        match (quote, it) {
            (_, '\\') if quote != Some('\'') => escaped = true,
            (None, '\'' | '"') => quote = Some(*it),
            (Some(open), it) if open == *it => quote = None,
            (None, ';' | '\n' | '&' | '|') => return *index > 0,
            _ => {}
        }
        false
    });
    let length = end.map_or(rest.len(), |(index, _)| index).max(1);
    let _ = reader.spend(length);
    reader.at = start + length.min(rest.len());
    while !reader.text.is_char_boundary(reader.at) {
        reader.at += 1;
    }
}

fn pipeline(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    let negated = is_keyword(reader, "!");
    if negated {
        reader.at += 1;
        reader.blanks();
    }
    // `time` measures what follows; it is no program of its own here.
    if is_keyword(reader, "time") {
        let start = reader.at;
        reader.at += "time".len();
        reader.blanks();
        if reader.peek().is_none_or(|it| matches!(it, b';' | b'&' | b'|' | b'\n' | b'-')) {
            reader.at = start;
        }
    }
    let mut parts = vec![command(reader, bodies)?];
    loop {
        reader.blanks();
        let both = reader.starts("|&");
        if reader.peek() != Some(b'|') || reader.peek_at(1) == Some(b'|') {
            break;
        }
        reader.at += if both { 2 } else { 1 };
        line_ends(reader);
        parts.push(command(reader, bodies)?);
    }
    let command = if parts.len() > 1 { Command::Pipeline(parts) } else { parts.pop()? };
    Some(if negated { Command::Not(Box::new(command)) } else { command })
}

fn command(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    let compound = match reader.peek()? {
        b'(' if reader.peek_at(1) == Some(b'(') => return reader.guarded(double_parentheses),
        b'(' => parenthesized,
        b'{' if is_keyword(reader, "{") => braced,
        b'i' if is_keyword(reader, "if") => conditional,
        b'w' if is_keyword(reader, "while") => repeated,
        b'u' if is_keyword(reader, "until") => repeated,
        b'f' if is_keyword(reader, "for") => for_each,
        b's' if is_keyword(reader, "select") => for_each,
        b'c' if is_keyword(reader, "case") => case,
        b'f' if is_keyword(reader, "function") => function,
        _ => return simple(reader, bodies),
    };
    reader.guarded(|it| compound(it, bodies))
}

/// `((…))`: arithmetic, which runs nothing.
fn double_parentheses(reader: &mut Reader<'_>) -> Option<Command> {
    let start = reader.at;
    let end = reader.rest().find("))");
    reader.spend(end.unwrap_or(reader.rest().len()))?;
    match end {
        Some(length) => {
            reader.at += length + 2;
            Some(Command::Odd(reader.span(start)))
        }
        None => parenthesized(reader, &mut Vec::new()),
    }
}

fn parenthesized(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    reader.at += 1;
    let inside = script(reader, bodies);
    if reader.peek() != Some(b')') {
        return None;
    }
    reader.at += 1;
    Some(Command::Group(inside, redirects(reader, bodies)?))
}

fn braced(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    reader.at += 1;
    let inside = script(reader, bodies);
    if !eat_keyword(reader, "}") {
        return None;
    }
    Some(Command::Group(inside, redirects(reader, bodies)?))
}

fn conditional(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    let mut arms = Vec::new();
    reader.at += "if".len();
    loop {
        let test = script(reader, bodies);
        if !eat_keyword(reader, "then") {
            return None;
        }
        arms.push((Some(test), script(reader, bodies)));
        if eat_keyword(reader, "elif") {
            continue;
        }
        if eat_keyword(reader, "else") {
            arms.push((None, script(reader, bodies)));
        }
        if !eat_keyword(reader, "fi") {
            return None;
        }
        return Some(Command::If(arms, redirects(reader, bodies)?));
    }
}

fn repeated(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    // `while` and `until` are equally long.
    reader.at += "while".len();
    let condition = script(reader, bodies);
    let body = body(reader, bodies)?;
    let redirects = redirects(reader, bodies)?;
    let it = Loop { variable: None, words: Vec::new(), condition, body, redirects };
    Some(Command::Loop(Box::new(it)))
}

fn for_each(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    reader.at += if is_keyword(reader, "for") { "for".len() } else { "select".len() };
    reader.blanks();
    let mut words = Vec::new();
    let mut variable = None;
    if reader.starts("((") {
        let length = reader.rest().find("))")?;
        reader.at += length + 2;
    } else {
        variable = Some(reader.word()?.literal()?.into_owned());
        if eat_keyword(reader, "in") {
            reader.blanks();
            while let Some(it) = reader.word() {
                words.push(it);
                reader.blanks();
            }
        }
    }
    let body = body(reader, bodies)?;
    let redirects = redirects(reader, bodies)?;
    let it = Loop { variable, words, condition: Script::default(), body, redirects };
    Some(Command::Loop(Box::new(it)))
}

fn body(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Script> {
    let close = if eat_keyword(reader, "do") {
        "done"
    } else if eat_keyword(reader, "{") {
        "}"
    } else {
        return None;
    };
    let body = script(reader, bodies);
    eat_keyword(reader, close).then_some(body)
}

fn case(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    reader.at += "case".len();
    reader.blanks();
    let word = reader.word()?;
    if !eat_keyword(reader, "in") {
        return None;
    }
    let mut arms = Vec::new();
    loop {
        if eat_keyword(reader, "esac") {
            return Some(Command::Case(word, arms, redirects(reader, bodies)?));
        }
        if reader.peek() == Some(b'(') {
            reader.at += 1;
        }
        let mut patterns = Vec::new();
        loop {
            reader.blanks();
            patterns.push(reader.word()?);
            reader.blanks();
            match reader.peek()? {
                b'|' => reader.at += 1,
                b')' => break,
                _ => return None,
            }
        }
        reader.at += 1;
        let body = script(reader, bodies);
        arms.push(Arm { patterns, body });
        line_ends(reader);
        if reader.starts(";;") {
            reader.at += 2;
            // `;;&` and `;&` go on with the next arm.
            if reader.peek() == Some(b'&') {
                reader.at += 1;
            }
        }
    }
}

fn function(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    reader.at += "function".len();
    reader.blanks();
    let name = reader.word()?.literal()?.into_owned();
    reader.blanks();
    if reader.starts("()") {
        reader.at += 2;
    }
    line_ends(reader);
    Some(Command::Function(name, Box::new(command(reader, bodies)?)))
}

fn simple(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Command> {
    let start = reader.at;
    let mut end = start;
    let mut it = Simple {
        span: Span::default(),
        assignments: Vec::new(),
        words: Vec::new(),
        redirects: Vec::new(),
    };
    loop {
        reader.blanks();
        if let Some(redirect) = redirect(reader, bodies)? {
            it.redirects.push(redirect);
        } else if it.words.is_empty()
            && let Some(one) = assignment(reader)?
        {
            it.assignments.push(one);
        } else if is_double_bracket(reader, &it) {
            it.words.extend(test_words(reader)?);
        } else if let Some(word) = next_word(reader)? {
            if it.words.is_empty() && it.assignments.is_empty() && reader.peek() == Some(b'(') {
                return named_function(reader, bodies, &word);
            }
            it.words.push(word);
        } else {
            break;
        }
        end = reader.at;
    }
    if end == start {
        return None;
    }
    it.span = reader.cooked.span(start..end);
    Some(Command::Simple(Box::new(it)))
}

/// The next word, if one starts here. The outer nothing: it starts but cannot be read, and then
/// the whole command is not understood.
fn next_word(reader: &mut Reader<'_>) -> Option<Option<ShellWord>> {
    let start = reader.at;
    match reader.word() {
        Some(it) => Some(Some(it)),
        None if reader.at != start => None,
        None if matches!(reader.peek(), Some(b'\'' | b'"' | b'`' | b'$')) => None,
        None => Some(None),
    }
}

fn named_function(
    reader: &mut Reader<'_>,
    bodies: &mut Vec<Cooked>,
    name: &ShellWord,
) -> Option<Command> {
    reader.at += 1;
    reader.blanks();
    if reader.peek() != Some(b')') {
        return None;
    }
    reader.at += 1;
    line_ends(reader);
    let name = name.literal()?.into_owned();
    let body = reader.guarded(|it| command(it, bodies))?;
    Some(Command::Function(name, Box::new(body)))
}

fn is_double_bracket(reader: &Reader<'_>, it: &Simple) -> bool {
    it.words.is_empty() && is_keyword(reader, "[[")
}

/// The words of `[[ … ]]`, in which operators are words.
fn test_words(reader: &mut Reader<'_>) -> Option<Vec<ShellWord>> {
    let mut words = Vec::new();
    loop {
        while matches!(reader.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            reader.at += 1;
        }
        let start = reader.at;
        if is_keyword(reader, "]]") {
            reader.at += 2;
            words.push(operator_word(reader, start));
            return Some(words);
        }
        match reader.word() {
            Some(it) => words.push(it),
            None => {
                let operator =
                    reader.rest().bytes().take_while(|it| b"()<>&|;!".contains(it)).count();
                if operator == 0 {
                    return None;
                }
                reader.at += operator;
                words.push(operator_word(reader, start));
            }
        }
    }
}

fn operator_word(reader: &Reader<'_>, start: usize) -> ShellWord {
    let text = reader.cooked.slice(start..reader.at);
    let parts = vec![super::Part::Literal { text, quoted: false }];
    ShellWord { span: reader.span(start), parts }
}

/// `name=value`, `name+=value`, `name=(…)`. The outer nothing: it cannot be read.
fn assignment(reader: &mut Reader<'_>) -> Option<Option<Assignment>> {
    let rest = reader.rest();
    let length = rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    let starts = rest.bytes().next().is_some_and(|it| it.is_ascii_alphabetic() || it == b'_');
    let sign = match (rest.as_bytes().get(length), rest.as_bytes().get(length + 1)) {
        (Some(b'='), _) => 1,
        (Some(b'+'), Some(b'=')) => 2,
        _ => return Some(None),
    };
    if !starts {
        return Some(None);
    }
    let start = reader.at;
    let name = rest.get(..length).unwrap_or_default().to_owned();
    reader.at += length + sign;
    let value = if reader.peek() == Some(b'(') {
        array(reader)?
    } else {
        let here = reader.at;
        let empty = ShellWord { span: reader.cooked.span(here..here), parts: Vec::new() };
        match reader.word() {
            Some(it) => it,
            None if reader.at == here => empty,
            None => return None,
        }
    };
    Some(Some(Assignment { name, value, span: reader.span(start) }))
}

/// The words of an array as parts of one word: what they run is visited, their text is kept.
fn array(reader: &mut Reader<'_>) -> Option<ShellWord> {
    let start = reader.at;
    reader.at += 1;
    let mut parts = Vec::new();
    loop {
        line_ends(reader);
        if reader.peek()? == b')' {
            reader.at += 1;
            return Some(ShellWord { span: reader.span(start), parts });
        }
        parts.extend(reader.word()?.parts);
    }
}

fn redirects(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Vec<Redirect>> {
    let mut found = Vec::new();
    loop {
        reader.blanks();
        match redirect(reader, bodies)? {
            Some(it) => found.push(it),
            None => return Some(found),
        }
    }
}

/// Longest first.
const OPERATORS: [&str; 12] =
    ["<<<", "<<-", "&>>", "<<", ">>", ">&", "<&", "<>", ">|", "&>", "<", ">"];

/// The outer nothing: a redirection without a word.
fn redirect(reader: &mut Reader<'_>, bodies: &mut Vec<Cooked>) -> Option<Option<Redirect>> {
    let start = reader.at;
    let digits = reader.rest().bytes().take_while(u8::is_ascii_digit).count();
    let after = reader.rest().get(digits..).unwrap_or_default();
    if digits > 0 && !after.starts_with(['<', '>']) {
        return Some(None);
    }
    let Some(operator) = OPERATORS.into_iter().find(|it| after.starts_with(it)) else {
        return Some(None);
    };
    // `<(…)` is a word.
    if matches!(operator, "<" | ">") && after.as_bytes().get(1) == Some(&b'(') {
        return Some(None);
    }
    let descriptor = reader.rest().get(..digits).and_then(|it| it.parse().ok());
    reader.at += digits + operator.len();
    reader.blanks();
    let target = reader.word()?;
    let body = match operator {
        "<<" | "<<-" => {
            bodies.pop().or_else(|| read_ahead(reader, &target.text(), operator == "<<-"))
        }
        _ => None,
    };
    let span = reader.span(start);
    Some(Some(Redirect { operator, descriptor, target, body, span }))
}

/// Reads the body of a here-document ahead: the lines behind the current one, or behind the body
/// of the one before it on the same line. Nothing when the text ends first.
fn read_ahead(reader: &mut Reader<'_>, name: &str, chomp: bool) -> Option<Cooked> {
    let same_line = reader.heredoc.is_some_and(|(line_end, _)| reader.at <= line_end);
    let (line_end, behind) = match reader.heredoc.filter(|_| same_line) {
        Some(it) => it,
        None => {
            let line_end = reader.at + reader.rest().find('\n')?;
            (line_end, line_end)
        }
    };
    let start = behind + 1;
    let mut at = start;
    let mut out = Cooked::empty(reader.cooked.span(start..start).start());
    for line in reader.text.get(start..)?.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let tabs = if chomp { bare.len() - bare.trim_start_matches('\t').len() } else { 0 };
        if bare.get(tabs..) == Some(name) {
            reader.heredoc = Some((line_end, at + bare.len()));
            return Some(out);
        }
        out.append(&reader.cooked.slice(at + tabs..at + line.len()));
        at += line.len();
        reader.spend(line.len())?;
    }
    None
}
