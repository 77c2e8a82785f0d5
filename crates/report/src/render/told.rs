//! What inputs tell together: their disagreements and the history, in words.

use text::visible;

use crate::{History, HistoryStep, Report, size};

/// More characters of a step are not shown.
const WIDTH: usize = 100;

/// What stands above the findings about the base image.
pub(super) fn base_heading(report: &Report) -> String {
    let Some(history) = &report.history else { return "In the base image".to_owned() };
    let name = history.base_name.as_deref().map(|it| format!(" {}", visible(it)));
    format!("In the base image{}", name.unwrap_or_default())
}

/// Where the base image ends, and what tells that.
pub(super) fn boundary(history: &History) -> String {
    let (base, own) = history.split();
    let steps = |n: usize| if n == 1 { "1 step".to_owned() } else { format!("{n} steps") };
    if base.is_empty() {
        return format!("{}; {}", steps(own.len()), history.because);
    }
    let sizes: Vec<u64> = base.iter().filter_map(|it| it.size).collect();
    let size = match sizes.is_empty() {
        true => String::new(),
        false => format!(", {}", size(sizes.iter().fold(0_u64, |sum, it| sum.saturating_add(*it)))),
    };
    format!(
        "{} of the base image{size}, then {}; the base ends there because {}",
        steps(base.len()),
        steps(own.len()),
        history.because
    )
}

/// A step on one line: its size and what it says.
pub(super) fn step(it: &HistoryStep) -> (String, String) {
    let size = it.size.map(size).unwrap_or_default();
    let mut lines = it.text.lines();
    let first = lines.next().unwrap_or_default();
    let is_long = first.chars().count() > WIDTH || lines.next().is_some();
    let mut text: String = visible(first).to_string().chars().take(WIDTH).collect();
    if is_long || it.is_cut {
        text.push('\u{2026}');
    }
    (size, text)
}
