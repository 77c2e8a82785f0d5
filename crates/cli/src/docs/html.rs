//! Static pages: they work without scripts and without a network.

use std::fmt::Write;

use report::prose::{Block, Inline};
use rules::Rule;

/// The style of the static pages.
pub(crate) const STYLE: &str = include_str!("pages.css");

/// The page of a rule.
pub(crate) fn page(rule: &Rule, blocks: &[Block]) -> String {
    let mut body =
        format!("<p><a href=\"../\">All rules</a></p>\n<h1>{}</h1>\n", escape(rule.title));
    let question = rule.question.map_or("no question", |it| it.text());
    let _ = writeln!(
        body,
        "<p><code>{}</code> \u{b7} {} {} \u{b7} {question} \u{b7} applies to the {}</p>",
        rule.id,
        rule.severity.shape(),
        rule.severity.id(),
        rule.applies.id()
    );
    if !rule.aka.is_empty() {
        let _ = writeln!(body, "<p>Elsewhere: {}</p>", escape(&rule.aka.join(", ")));
    }
    for block in blocks {
        write_block(&mut body, block);
    }
    document(rule.title, "../", &body)
}

/// The list of all rules.
pub(crate) fn index(rules: &[&Rule]) -> String {
    let mut body = String::from("<h1>Rules</h1>\n<ul>\n");
    for rule in rules {
        let (id, title) = (rule.id, escape(rule.title));
        let severity = rule.severity.id();
        let _ =
            writeln!(body, "<li><a href=\"{id}/\"><code>{id}</code></a> {title} ({severity})</li>");
    }
    body.push_str("</ul>\n");
    document("Rules", "", &body)
}

fn document(title: &str, up: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'\">\n\
<meta name=\"referrer\" content=\"no-referrer\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<title>{} \u{b7} Plimsoll</title>\n<link rel=\"stylesheet\" href=\"{up}pages.css\">\n</head>\n\
<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

fn write_block(out: &mut String, block: &Block) {
    let _ = match block {
        Block::Heading(level, text) => {
            let level = level.clamp(&2, &6);
            writeln!(out, "<h{level}>{}</h{level}>", inlines(text))
        }
        Block::Paragraph(text) => writeln!(out, "<p>{}</p>", inlines(text)),
        Block::List(items) => {
            let items: String =
                items.iter().map(|it| format!("<li>{}</li>\n", inlines(it))).collect();
            writeln!(out, "<ul>\n{items}</ul>")
        }
        Block::Code(language, text) => {
            let (language, text) = (escape(language), escape(text));
            // Long lines scroll; the keyboard has to reach them too.
            writeln!(
                out,
                "<pre tabindex=\"0\"><code data-language=\"{language}\">{text}</code></pre>"
            )
        }
    };
}

fn inlines(text: &[Inline]) -> String {
    let one = |it: &Inline| match it {
        Inline::Text(it) => escape(it),
        Inline::Code(it) => format!("<code>{}</code>", escape(it)),
        Inline::Emphasis(it) => format!("<em>{}</em>", escape(it)),
        Inline::Strong(it) => format!("<strong>{}</strong>", escape(it)),
        Inline::Link(it, to) => {
            format!("<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>", escape(to), escape(it))
        }
    };
    text.iter().map(one).collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(it),
        }
    }
    out
}
