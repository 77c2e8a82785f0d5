//! The prose of a rule page, block by block. No string ever becomes markup.

use report::prose::{Block, Inline};
use yew::{Callback, Html, html};

use super::button;
use crate::state::Action;

/// Blocks of prose; `level` is the level of their own first heading.
pub(crate) fn prose(blocks: &[Block], act: &Callback<Action>) -> Html {
    blocks.iter().map(|it| block(it, act)).collect()
}

fn block(block: &Block, act: &Callback<Action>) -> Html {
    match block {
        Block::Heading(0..=2, text) => html! { <h3>{ inlines(text) }</h3> },
        Block::Heading(_, text) => html! { <h4>{ inlines(text) }</h4> },
        Block::Paragraph(text) => html! { <p>{ inlines(text) }</p> },
        Block::List(items) => {
            html! { <ul>{ for items.iter().map(|it| html! { <li>{ inlines(it) }</li> }) }</ul> }
        }
        Block::Code(language, text) => code(language, text, act),
    }
}

fn code(language: &str, text: &str, act: &Callback<Action>) -> Html {
    let load = (language == "dockerfile").then(|| {
        let load = Action::Swapped { text: text.to_owned(), beside: Vec::new() };
        button(act, "Load into the editor", load)
    });
    html! {
        <div class="example">
            <pre tabindex="0" aria-label={format!("{language} example")}><code>{ text }</code></pre>
            { load.unwrap_or_default() }
        </div>
    }
}

pub(super) fn inlines(parts: &[Inline]) -> Html {
    parts.iter().map(inline).collect()
}

fn inline(part: &Inline) -> Html {
    match part {
        Inline::Text(text) => html! { { text } },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Emphasis(text) => html! { <em>{ text }</em> },
        Inline::Strong(text) => html! { <strong>{ text }</strong> },
        Inline::Link(text, address) => link(text, address),
    }
}

/// Links lead to other rules, or out of here and say where; nothing else becomes a link.
fn link(text: &str, address: &str) -> Html {
    if address.starts_with("https://") {
        return html! {
            <a href={address.to_owned()} target="_blank" rel="noopener noreferrer" title={address.to_owned()}>
                { text }
            </a>
        };
    }
    match rule(address) {
        Some(id) => html! { <a href={format!("#rule={id}")}>{ text }</a> },
        None => html! { { text } },
    }
}

/// The rule that a relative address names: `runs_as_root.md`, `../runs-as-root/`.
fn rule(address: &str) -> Option<String> {
    let last = address.trim_end_matches('/').rsplit('/').next()?;
    let id = last.strip_suffix(".md").unwrap_or(last).replace('_', "-");
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    (!id.is_empty() && id.chars().all(plain)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::rule;

    #[test]
    fn relative_addresses_name_rules() {
        assert_eq!(rule("runs_as_root.md").as_deref(), Some("runs-as-root"));
        assert_eq!(rule("../secret-in-env/").as_deref(), Some("secret-in-env"));
        assert_eq!(rule("javascript:alert(1)"), None);
        assert_eq!(rule(""), None);
    }
}
