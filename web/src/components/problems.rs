//! What kept inputs from being read.

use report::{Problem, Report};
use text::visible;
use yew::{Html, html};

use super::excerpt::excerpt;
use super::message::sentence;

/// The problems of a report, above its findings.
pub(crate) fn problems(report: &Report) -> Html {
    if report.problems.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="problems" aria-label="Problems with the inputs">
            { for report.problems.iter().map(|it| problem(report, it)) }
        </ul>
    }
}

fn problem(report: &Report, it: &Problem) -> Html {
    let name = report.sources.get(usize::from(it.source.0)).map_or("?", |it| &it.name);
    let line = it.place.as_ref().and_then(|it| it.start);
    let line = line.map(|it| format!(":{}:{}", it.line, it.column)).unwrap_or_default();
    html! {
        <li class="banner">
            <p><b>{ visible(name).to_string() }{ line }</b>{ " " }{ sentence(&it.message) }</p>
            if let Some(place) = &it.place {
                { excerpt(place) }
            }
            <p>{ sentence(&it.remedy) }</p>
        </li>
    }
}
