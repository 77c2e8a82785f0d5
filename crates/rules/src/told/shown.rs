//! The history as it is shown.

use report::{History, HistoryStep, quote};
use text::{SourceId, Span};

use crate::Case;

/// More characters of a step are not shown.
const LONGEST: usize = 2000;

/// The history of a case. `masked`: the text of a place without secrets.
pub(crate) fn shown(case: &Case, masked: impl Fn(SourceId, Span) -> String) -> Option<History> {
    let told = case.told.as_ref()?;
    let file = super::dockerfile(case);
    let steps = told.recovered.lines.iter().zip(&told.history.entries).enumerate();
    let step =
        |(index, (line, entry)): (usize, (&image::history::Line, &image::history::Entry))| {
            let span = line.span;
            let written = told.fit.as_ref().and_then(|it| it.line(index));
            Some(HistoryStep {
                text: shortened(masked(told.source, span)),
                place: (&super::origin(case, &told.place(index)?)?).into(),
                size: entry.size,
                is_cut: entry.is_cut,
                line: file.zip(written).map(|(file, line)| file.at(line).into()),
            })
        };
    let steps = steps.filter_map(step).collect();
    Some(History {
        source: told.source,
        base: u32::try_from(told.boundary.base).unwrap_or(u32::MAX),
        because: told.boundary.witness.reason().to_owned(),
        base_name: told.base_name.clone(),
        steps,
        built_from: built_from(case),
    })
}

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('\u{2026}');
    }
    text
}

/// What is said when every step of a Dockerfile is found.
fn built_from(case: &Case) -> Option<String> {
    let told = case.told.as_ref()?;
    let fit = told.fit.as_ref().filter(|it| it.is_clean())?;
    let file = super::dockerfile(case)?;
    let name = case.sources.get(usize::from(file.source.0)).map(|it| &*it.name)?;
    Some(match fit.n_steps {
        1 => format!("the one step of {} is found in the history", quote(name)),
        n => format!("all {n} steps of {} are found in the history, in order", quote(name)),
    })
}
