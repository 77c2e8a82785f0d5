//! Markdown of ours as HTML, with what fences state made visible.
//!
//! A fence states what Plimsoll says of it, as `fence.rs` reads. Every Dockerfile states something or is
//! only `part` of one. On rule pages the heading states it.

use std::fmt::Write;

use anyhow::{Result, bail};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use report::Verdict;
use rules::Rule;

use super::fence::{Fence, READABLE, shown};
use super::{Checker, links};

/// Documents that are one case, and what is stated of them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Example {
    /// Language and text.
    pub(super) documents: Vec<(String, String)>,
    /// What is said of a rule or a question.
    pub(super) states: Vec<(Verdict, String)>,
    /// Whether it is only a piece, of which nothing can be said.
    pub(super) is_part: bool,
}

/// A page that was rendered.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) examples: Vec<Example>,
}

/// A place from which links lead.
#[derive(Clone, Copy, Debug)]
pub(super) struct From<'a> {
    /// How many folders below the companion's first one.
    pub(super) depth: usize,
    pub(super) checker: &'a Checker,
    /// The rule whose page it is.
    pub(super) rule: Option<&'a Rule>,
}

/// Renders a page. An error if a link leads nowhere or a fence cannot be understood.
pub(super) fn render(markdown: &str, from: From<'_>) -> Result<Rendered> {
    let mut out = Renderer {
        from,
        is_wide: false,
        done: Rendered::default(),
        events: Vec::new(),
        open: None,
    };
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                let mut text = String::new();
                for event in events.by_ref() {
                    match event {
                        Event::Text(it) => text.push_str(&it),
                        _ => break,
                    }
                }
                out.fence(&info, text)?;
            }
            Event::Start(Tag::Heading { level, .. }) => {
                out.close();
                let inner: Vec<Event<'_>> = events
                    .by_ref()
                    .take_while(|it| !matches!(it, Event::End(TagEnd::Heading(_))))
                    .collect();
                out.heading(level as usize, inner);
            }
            event => out.other(event)?,
        }
    }
    out.close();
    pulldown_cmark::html::push_html(&mut out.done.html, out.events.into_iter());
    Ok(out.done)
}

/// So many columns of text fit a phone.
const MOST_COLUMNS: usize = 3;
const WIDE: &str = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">\n";

struct Renderer<'a> {
    from: From<'a>,
    /// Whether the table that is open is a wide one.
    is_wide: bool,
    done: Rendered,
    events: Vec<Event<'a>>,
    open: Option<Example>,
}

impl<'a> Renderer<'a> {
    fn other(&mut self, event: Event<'a>) -> Result<()> {
        // Under the heading of a rule's example, all fences are one case.
        if self.from.rule.is_none() {
            self.close();
        }
        let mut before = None;
        let event = match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let Some(to) = links::resolve(&dest_url, self.from.depth) else {
                    bail!("the link to {dest_url} leads nowhere");
                };
                if to.starts_with("https://") {
                    let to = escape(&to);
                    Event::Html(format!("<a href=\"{to}\" rel=\"noopener noreferrer\">").into())
                } else {
                    Event::Start(Tag::Link { link_type, dest_url: to.into(), title, id })
                }
            }
            // A table of many columns scrolls by itself, so that the page does not.
            Event::Start(Tag::Table(columns)) if columns.len() > MOST_COLUMNS => {
                self.is_wide = true;
                before = Some(Event::Html(WIDE.into()));
                Event::Start(Tag::Table(columns))
            }
            Event::End(TagEnd::Table) if std::mem::take(&mut self.is_wide) => {
                before = Some(Event::End(TagEnd::Table));
                Event::Html("</div>\n".into())
            }
            // Nothing of ours needs it.
            Event::Html(it) | Event::InlineHtml(it) => bail!("raw HTML: {it}"),
            event => event,
        };
        self.events.extend(before.into_iter().chain([event]));
        Ok(())
    }

    fn heading(&mut self, level: usize, inner: Vec<Event<'a>>) {
        let text: String = inner.iter().filter_map(words).collect();
        if let Some((verdict, _)) = rules::page::heading(&format!("### {text}"))
            && let Some(rule) = self.from.rule
        {
            let states = vec![(verdict, rule.id.to_owned())];
            self.open = Some(Example { states, ..Example::default() });
        }
        let id = links::anchor(&text);
        self.html(format!("<h{level} id=\"{id}\">"));
        self.events.extend(inner);
        self.html(format!("</h{level}>\n"));
    }

    fn fence(&mut self, info: &str, text: String) -> Result<()> {
        let Fence { language, states, joins, is_part, others } = Fence::read(info);
        if let Some(word) = others.first() {
            bail!("a fence says `{word}`");
        }
        let joins = joins || self.from.rule.is_some();
        let (shown, label) = (escape(&text), escape(&language));
        if !joins {
            self.close();
        }
        // Long lines scroll; the keyboard has to reach them too.
        self.html(format!(
            "<pre tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><code>{shown}</code></pre>\n"
        ));
        let is_input =
            READABLE.contains(&&*language) || ["context", "layers"].contains(&&*language);
        if is_input && (joins && self.open.is_some() || self.from.rule.is_none()) {
            let open = self.open.get_or_insert_default();
            open.documents.push((language, text));
            open.states.extend(states);
            open.is_part |= is_part;
        }
        Ok(())
    }

    /// Ends the example that is open, with what is said of it.
    fn close(&mut self) {
        let Some(example) = self.open.take().filter(|it| !it.documents.is_empty()) else { return };
        let mut line = String::new();
        for (verdict, name) in &example.states {
            let (class, shape, word) = shown(*verdict);
            let name = match links::resolve(&format!("{name}.md"), self.from.depth) {
                Some(to) if self.from.rule.is_none() => {
                    format!("<a href=\"{to}\"><code>{}</code></a>", escape(name))
                }
                _ => format!("<code>{}</code>", escape(name)),
            };
            let _ = write!(
                line,
                "<span class=\"{class}\"><span aria-hidden=\"true\">{shape}</span> {name} {word}</span> "
            );
        }
        if let Some(address) = address(&example, self.from.checker, self.from.depth) {
            let _ = write!(line, "<a href=\"{address}\">Open in the checker</a>");
        }
        // There the texts are taken from the page itself.
        let is_read = !example.is_part && fragment(&example.documents).is_some();
        if *self.from.checker == Checker::Around && is_read {
            let n = example.documents.len();
            let _ = write!(line, "<a data-texts=\"{n}\">Open in the checker</a>");
        }
        if !line.is_empty() {
            self.html(format!("<p class=\"verdicts\">{line}</p>\n"));
        }
        self.done.examples.push(example);
    }

    fn html(&mut self, html: String) {
        self.events.push(Event::Html(CowStr::from(html)));
    }
}

fn words<'b>(event: &'b Event<'_>) -> Option<&'b str> {
    match event {
        Event::Text(it) | Event::Code(it) => Some(it),
        _ => None,
    }
}

/// The address that opens an example: its texts stand in the fragment, which browsers send nowhere.
fn address(example: &Example, checker: &Checker, depth: usize) -> Option<String> {
    if example.is_part {
        return None;
    }
    let base = match checker {
        Checker::None => return None,
        Checker::Above => format!("{}index.html", "../".repeat(depth + 1)),
        Checker::At(address) => escape(address),
        Checker::Around => return None,
    };
    Some(format!("{base}#{}", escape(&fragment(&example.documents)?)))
}

/// Texts as the checker finds them behind the `#` of its address; nothing if it does not read them.
pub(crate) fn fragment(documents: &[(String, String)]) -> Option<String> {
    let part = |(language, text): &(String, String)| {
        let name = if language == "dockerfile" { "text" } else { "beside" };
        let is_read = READABLE.contains(&&**language);
        is_read.then(|| format!("{name}={}", URL_SAFE_NO_PAD.encode(text)))
    };
    let parts: Option<Vec<String>> = documents.iter().map(part).collect();
    Some(parts?.join("&"))
}

/// Text as it stands in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A browser would take it for a line end.
            '\r' => out.push('\u{240d}'),
            _ => out.push(it),
        }
    }
    out
}
