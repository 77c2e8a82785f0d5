//! Reads YAML as JSON whose places are known in the YAML text.
//!
//! Compose files and Kubernetes objects come in both notations; this way they are read once.
//! Anchors and merge keys are put in place, within bounds: a few lines of YAML can stand for more
//! text than any machine holds.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};
use text::{Cooked, Span};

use crate::history::{Line, Recovered, Writer};

/// A longer text is not read: nobody writes such a file.
const LONGEST: usize = 4 * 1024 * 1024;
/// Deeper nesting is not read.
const DEEPEST: usize = 64;
/// Aliases are put in place until the JSON has this many bytes.
const MOST: usize = 8 * 1024 * 1024;

/// YAML as JSON.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Yaml {
    /// The documents of the text, one object after the other.
    pub json: Recovered,
    /// Where the text breaks and why; what stands before was read.
    pub broken: Option<(u32, String)>,
}

/// A value. Children are numbers of nodes.
enum Node {
    Scalar { text: Scalar, is_plain: bool, span: Span },
    List(Vec<usize>, Span),
    Map(Vec<(usize, usize)>, Span),
}

/// The text of a scalar.
enum Scalar {
    /// As it stands there.
    Traced(Cooked),
    /// Changed by escapes, so that only the whole of it has a place.
    Escaped(String),
}

impl Scalar {
    fn as_str(&self) -> &str {
        match self {
            Self::Traced(it) => it.as_str(),
            Self::Escaped(it) => it,
        }
    }

    fn write(&self, out: &mut Writer) {
        match self {
            Self::Traced(it) => out.copy_string(it),
            Self::Escaped(it) => out.insert_string(it),
        }
    }
}

/// Reads a stretch of a text as YAML.
pub fn yaml(text: &str, range: Range<usize>) -> Yaml {
    let Some(stretch) = text.get(range.clone()).filter(|it| it.len() <= LONGEST) else {
        let at = Span::of(range.start..range.start).start();
        let broken = Some((at, "stopped at 4 MiB: the text is longer".to_owned()));
        return Yaml { json: Recovered::default(), broken };
    };
    let mut reader = Reader {
        places: Places::of(stretch, range.start),
        stretch,
        nodes: Vec::new(),
        anchors: HashMap::new(),
        open: Vec::new(),
        roots: Vec::new(),
    };
    let broken = reader.read();
    while let Some(it) = reader.open.pop() {
        reader.close(it);
    }
    let mut writer = Json { nodes: &reader.nodes, out: Writer::default(), lines: Vec::new() };
    for root in &reader.roots {
        writer.value(*root, 0);
        writer.out.insert("\n");
    }
    let json = Recovered { text: writer.out.text, lines: writer.lines, pieces: writer.out.pieces };
    Yaml { json, broken }
}

/// Byte offsets of characters.
struct Places {
    base: usize,
    /// Nothing when every character is a byte.
    offsets: Option<Vec<u32>>,
    end: usize,
}

impl Places {
    fn of(text: &str, base: usize) -> Self {
        let offset = |at: usize| Span::of(at..at).start();
        let offsets = (!text.is_ascii()).then(|| {
            text.char_indices().map(|(at, _)| offset(at)).chain([offset(text.len())]).collect()
        });
        Self { base, offsets, end: text.len() }
    }

    /// The byte, counted from the start of the stretch.
    fn byte(&self, index: usize) -> usize {
        let at = match &self.offsets {
            Some(offsets) => offsets.get(index).map_or(self.end, |it| *it as usize),
            None => index,
        };
        at.min(self.end)
    }
}

struct Open {
    node: usize,
    anchor: usize,
    /// The name that waits for its value.
    name: Option<usize>,
}

struct Reader<'a> {
    stretch: &'a str,
    places: Places,
    nodes: Vec<Node>,
    anchors: HashMap<usize, usize>,
    open: Vec<Open>,
    roots: Vec<usize>,
}

impl Reader<'_> {
    /// Reads all events. Gives where and why it stopped before the end.
    fn read(&mut self) -> Option<(u32, String)> {
        let offset = |this: &Self, at: usize| {
            let at = this.places.base + at;
            Span::of(at..at).start()
        };
        for it in Parser::new_from_str(self.stretch) {
            let (event, place) = match it {
                Ok(it) => it,
                Err(error) => {
                    let at = self.places.byte(error.marker().index());
                    return Some((offset(self, at), error.info().to_owned()));
                }
            };
            let range = self.places.byte(place.start.index())..self.places.byte(place.end.index());
            if self.open.len() >= DEEPEST {
                return Some((offset(self, range.start), "it is nested too deeply".to_owned()));
            }
            self.event(event, range);
        }
        None
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let span = Span::of(self.places.base + range.start..self.places.base + range.end);
        match event {
            Event::Scalar(value, style, anchor, _) => {
                let is_plain = style == ScalarStyle::Plain;
                let text = self.scalar(&value, range);
                let node = self.add(Node::Scalar { text, is_plain, span }, anchor);
                self.place(node);
            }
            Event::SequenceStart(anchor, _) => self.start(Node::List(Vec::new(), span), anchor),
            Event::MappingStart(anchor, _) => self.start(Node::Map(Vec::new(), span), anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(it) = self.open.pop() {
                    self.close(it);
                }
            }
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).copied();
                let node = known.unwrap_or_else(|| {
                    self.add(
                        Node::Scalar { text: Scalar::Escaped(String::new()), is_plain: true, span },
                        0,
                    )
                });
                self.place(node);
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }

    fn add(&mut self, node: Node, anchor: usize) -> usize {
        self.nodes.push(node);
        let number = self.nodes.len() - 1;
        // A list or an object can only be meant by its anchor once it has ended.
        if anchor > 0 && matches!(self.nodes.last(), Some(Node::Scalar { .. })) {
            self.anchors.insert(anchor, number);
        }
        number
    }

    fn start(&mut self, node: Node, anchor: usize) {
        let node = self.add(node, anchor);
        self.open.push(Open { node, anchor, name: None });
    }

    fn close(&mut self, it: Open) {
        if it.anchor > 0 {
            self.anchors.insert(it.anchor, it.node);
        }
        self.place(it.node);
    }

    /// Puts a value where it belongs: into what is open, or beside the other documents.
    fn place(&mut self, node: usize) {
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return;
        };
        match self.nodes.get_mut(open.node) {
            Some(Node::List(items, _)) => items.push(node),
            Some(Node::Map(members, _)) => match open.name.take() {
                Some(name) => members.push((name, node)),
                None => open.name = Some(node),
            },
            Some(Node::Scalar { .. }) | None => {}
        }
    }

    /// A value with the places of its lines, as far as they stand in the text as they are.
    fn scalar(&self, value: &str, range: Range<usize>) -> Scalar {
        let start = self.places.base + range.start;
        let mut out = Cooked::empty(Span::of(start..start).start());
        let mut cursor = range.start;
        for line in value.split_inclusive('\n') {
            let body = line.trim_end_matches('\n');
            let source = self.stretch.get(cursor..range.end.max(cursor)).unwrap_or_default();
            let Some(at) = source.find(body) else {
                // Escapes change a text; where its parts stand is then not known.
                return Scalar::Escaped(value.to_owned());
            };
            let from = self.places.base + cursor + at;
            out.push(body, Span::of(from..from).start());
            cursor += at + body.len();
            if line.len() > body.len() {
                let from = self.places.base + cursor;
                out.push("\n", Span::of(from..from).start());
            }
        }
        Scalar::Traced(out)
    }
}

struct Json<'a> {
    nodes: &'a [Node],
    out: Writer,
    lines: Vec<Line>,
}

impl Json<'_> {
    fn value(&mut self, node: usize, depth: usize) {
        if depth > DEEPEST || self.out.at() > MOST {
            return self.out.insert("null");
        }
        match self.nodes.get(node) {
            Some(Node::Scalar { text, is_plain, span }) => self.scalar(text, *is_plain, *span),
            Some(Node::List(items, span)) => {
                self.mark(*span, "[");
                for (index, it) in items.iter().enumerate() {
                    self.out.insert(if index > 0 { ", " } else { "" });
                    self.value(*it, depth + 1);
                }
                self.out.insert("]");
            }
            Some(Node::Map(members, span)) => {
                self.mark(*span, "{");
                for (index, (name, value)) in self.merged(members, 0).into_iter().enumerate() {
                    self.out.insert(if index > 0 { ", " } else { "" });
                    self.name(name);
                    self.out.insert(": ");
                    self.value(value, depth + 1);
                }
                self.out.insert("}");
            }
            None => self.out.insert("null"),
        }
    }

    /// Something of ours that stands for a place.
    fn mark(&mut self, entry: Span, text: &str) {
        let start = self.out.at();
        self.out.insert(text);
        self.lines.push(Line { span: Span::of(start..self.out.at()), entry });
    }

    fn name(&mut self, node: usize) {
        match self.nodes.get(node) {
            Some(Node::Scalar { text, .. }) => text.write(&mut self.out),
            Some(Node::List(_, span) | Node::Map(_, span)) => {
                let span = *span;
                self.mark(span, "\"\"");
            }
            None => self.out.insert("\"\""),
        }
    }

    fn scalar(&mut self, text: &Scalar, is_plain: bool, span: Span) {
        let start = self.out.at();
        match (literal(text.as_str()).filter(|_| is_plain), text) {
            (Some(literal), Scalar::Traced(text)) if literal == text.as_str() => {
                self.out.copy(text)
            }
            (Some(literal), _) => self.out.insert(&literal),
            (None, _) => text.write(&mut self.out),
        }
        self.lines.push(Line { span: Span::of(start..self.out.at()), entry: span });
    }

    /// The members of an object with those that it takes over (`<<: *defaults`) behind its own.
    fn merged(&self, members: &[(usize, usize)], depth: usize) -> Vec<(usize, usize)> {
        let name = |it: usize| match self.nodes.get(it) {
            Some(Node::Scalar { text, .. }) => text.as_str(),
            _ => "",
        };
        let mut out: Vec<(usize, usize)> = Vec::with_capacity(members.len());
        let (merges, own): (Vec<_>, Vec<_>) =
            members.iter().copied().partition(|(it, _)| name(*it) == "<<");
        out.extend(own);
        for (_, value) in merges.into_iter().filter(|_| depth < DEEPEST) {
            let objects: Vec<usize> = match self.nodes.get(value) {
                Some(Node::List(items, _)) => items.clone(),
                _ => vec![value],
            };
            for it in objects {
                let Some(Node::Map(others, _)) = self.nodes.get(it) else { continue };
                for (other, value) in self.merged(others, depth + 1) {
                    if out.len() < 10_000 && !out.iter().any(|(it, _)| name(*it) == name(other)) {
                        out.push((other, value));
                    }
                }
            }
        }
        out
    }
}

/// What a plain scalar means when it is no text.
fn literal(text: &str) -> Option<Cow<'_, str>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some("null".into()),
        "true" | "True" | "TRUE" => Some("true".into()),
        "false" | "False" | "FALSE" => Some("false".into()),
        _ => is_number(text).then_some(text.into()),
    }
}

/// Whether JSON has such a number.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all =
        |it: &str| !it.is_empty() && it.len() < 18 && it.bytes().all(|it| it.is_ascii_digit());
    all(whole) && all(fraction) && (whole == "0" || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) -> Yaml {
        let it = yaml(text, 0..text.len());
        assert_eq!(it.json.text.trim_end(), expected);
        it
    }

    #[test]
    fn values_keep_their_types() {
        check(
            "a: 1\nb: '1'\nc: true\nd: yes\ne:\nf: 1.5\ng: 010\nh: [x, {y: z}]",
            concat!(
                "{\"a\": 1, \"b\": \"1\", \"c\": true, \"d\": \"yes\", \"e\": null, \"f\": 1.5, ",
                "\"g\": \"010\", \"h\": [\"x\", {\"y\": \"z\"}]}"
            ),
        );
        check("a: |\n  x\n  y\nb: >\n  x\n  y\n", "{\"a\": \"x\\ny\\n\", \"b\": \"x y\\n\"}");
        check("a: \"x\\ty\"", "{\"a\": \"x\\ty\"}");
        check("---\na: b\n---\nc: d\n", "{\"a\": \"b\"}\n{\"c\": \"d\"}");
    }

    #[test]
    fn anchors_and_merge_keys_are_put_in_place() {
        check(
            "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz: *x",
            "{\"x\": {\"a\": 1, \"b\": 2}, \"y\": {\"b\": 3, \"a\": 1}, \"z\": {\"a\": 1, \"b\": 2}}",
        );
        check("a: *nothing", "{}");
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text =
            "\u{e9}: \"\u{e9}\"\nservices:\n  web:\n    image: 'nginx:1'\n    ports: [\"80:80\"]\n";
        let it = yaml(text, 0..text.len()).json;
        for part in ["web", "nginx:1", "80:80", "services"] {
            let at = it.text.find(part).unwrap();
            let origin = it.origin(Span::of(at..at + part.len())).unwrap();
            assert_eq!(&text[origin.range()], part);
        }
        let brace = it.text.find('{').unwrap();
        assert!(it.origin(Span::of(brace..brace + 1)).is_some());
    }

    #[test]
    fn what_is_broken_is_read_up_to_there() {
        let text = "a: b\nc: [d\ne: f: g\n";
        let it = yaml(text, 0..text.len());
        assert!(it.broken.is_some());
        assert!(it.json.text.starts_with("{\"a\": \"b\""), "{}", it.json.text);
    }

    #[test]
    fn bombs_do_not_go_off() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for it in 1..30 {
            let before = format!("*a{}", it - 1);
            text += &format!("a{it}: &a{it} [{}]\n", vec![before; 10].join(", "));
        }
        assert!(yaml(&text, 0..text.len()).json.text.len() < 3 * MOST);
        let deep = "[".repeat(100_000);
        assert!(yaml(&deep, 0..deep.len()).broken.is_some());
        let deep = "- ".repeat(100_000);
        assert!(yaml(&deep, 0..deep.len()).broken.is_some());
        let deep = "{a: ".repeat(100_000);
        assert!(yaml(&deep, 0..deep.len()).broken.is_some());
    }
}
