//! Takes a page's Markdown apart into blocks.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use report::prose::{Block, Inline};

/// The blocks of a page. What a rule page has no use for (images, tables, raw HTML) is left out.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut out = Builder::default();
    for event in Parser::new(markdown) {
        out.event(event);
    }
    out.blocks
}

/// How a run of text is set.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
enum Set {
    #[default]
    Plain,
    Emphasis,
    Strong,
    Link(String),
}

#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Inline>>,
    lists: u8,
    set: Set,
    code: Option<(String, String)>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(it) => match &mut self.code {
                Some((_, text)) => text.push_str(&it),
                None => self.text(&it),
            },
            Event::Code(it) => self.inlines.push(Inline::Code(it.into_string())),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::List(_) => self.lists += 1,
            Tag::Emphasis => self.set = Set::Emphasis,
            Tag::Strong => self.set = Set::Strong,
            Tag::Link { dest_url, .. } => self.set = Set::Link(dest_url.into_string()),
            Tag::CodeBlock(CodeBlockKind::Fenced(language)) => {
                self.code = Some((language.into_string(), String::new()));
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => self.code = Some(Default::default()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let inlines = std::mem::take(&mut self.inlines);
                self.blocks.push(Block::Heading(number(level), inlines));
            }
            TagEnd::Paragraph if self.lists == 0 => {
                let inlines = std::mem::take(&mut self.inlines);
                self.blocks.push(Block::Paragraph(inlines));
            }
            TagEnd::Item => self.items.push(std::mem::take(&mut self.inlines)),
            TagEnd::List(_) => {
                self.lists -= 1;
                self.blocks.push(Block::List(std::mem::take(&mut self.items)));
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link => self.set = Set::Plain,
            TagEnd::CodeBlock => {
                let code = self.code.take();
                self.blocks.extend(code.map(|(language, text)| Block::Code(language, text)));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let (Set::Plain, Some(Inline::Text(last))) = (&self.set, self.inlines.last_mut()) {
            last.push_str(text);
            return;
        }
        let text = text.to_owned();
        self.inlines.push(match &self.set {
            Set::Plain => Inline::Text(text),
            Set::Emphasis => Inline::Emphasis(text),
            Set::Strong => Inline::Strong(text),
            Set::Link(to) => Inline::Link(text, to.clone()),
        });
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_apart_into_blocks() {
        let text = "Why `x`\nis *so*.\n\n## What to do\n\n- one\n- [two](https://example.com)\n\n```sh\na\nb\n```\n";
        let plain = |it: &str| Inline::Text(it.to_owned());
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph(vec![
                    plain("Why "),
                    Inline::Code("x".to_owned()),
                    plain(" is "),
                    Inline::Emphasis("so".to_owned()),
                    plain("."),
                ]),
                Block::Heading(2, vec![plain("What to do")]),
                Block::List(vec![
                    vec![plain("one")],
                    vec![Inline::Link("two".to_owned(), "https://example.com".to_owned())],
                ]),
                Block::Code("sh".to_owned(), "a\nb\n".to_owned()),
            ]
        );
    }
}
