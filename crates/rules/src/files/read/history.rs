//! Which instruction made which layer, and which layers are the base image's.

use image::Image;
use image::json::Json;
use report::Locus;
use text::SourceId;

use crate::files::FileLayer;

/// An entry of the history.
struct Step<'a> {
    text: String,
    json: Json<'a>,
    is_empty: bool,
}

/// The layers of an image with what the history says of them, and how many are the base image's.
/// `source`: the text of the configuration.
pub(super) fn layers(image: &Image, source: Option<SourceId>) -> (Vec<FileLayer>, Option<u16>) {
    let root = image.config.as_deref().and_then(Json::first);
    let history = root.and_then(|it| it.get("history"));
    let steps: Vec<Step<'_>> = history.iter().flat_map(|it| it.items()).filter_map(step).collect();
    let layer = |it: &image::Layer| {
        let step = it.history.and_then(|it| steps.get(it as usize));
        FileLayer {
            instruction: step.map(|it| it.text.clone()),
            at: step.zip(source).map(|(it, source)| Locus::Text { source, span: it.json.span() }),
            bytes: 0,
            is_read: false,
        }
    };
    let layers = image.layers.iter().map(layer).collect();
    let first = base_end(&steps);
    let below = |first: usize| {
        let of_base = |it: &&image::Layer| it.history.is_some_and(|it| (it as usize) < first);
        u16::try_from(image.layers.iter().filter(of_base).count()).ok()
    };
    (layers, first.and_then(below))
}

fn step(it: Json<'_>) -> Option<Step<'_>> {
    let json = it.get("created_by")?;
    let text = json.string()?.as_str().to_owned();
    Some(Step { text, json, is_empty: it.get("empty_layer").and_then(Json::boolean) == Some(true) })
}

/// The first step behind those of the base image. Base images end with a command; what follows
/// the last command that has a layer above it was added. Trivy finds the base image the same way.
fn base_end(steps: &[Step<'_>]) -> Option<usize> {
    let top = steps.iter().rposition(|it| !it.is_empty)?;
    let is_command = |it: &Step<'_>| {
        let text = it.text.trim_start();
        let text = text.strip_prefix("/bin/sh -c #(nop)").unwrap_or(text).trim_start();
        it.is_empty && text.starts_with("CMD")
    };
    let below = steps.get(..top)?;
    below.iter().rposition(is_command).map(|it| it + 1)
}
