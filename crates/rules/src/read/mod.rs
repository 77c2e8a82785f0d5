//! Readers: from inputs to facts. One per input; none of them judges.

mod base;
mod config;
mod dockerfile;
mod history;
mod packages;
mod step;
mod tokens;

pub(crate) use base::known_base;
use report::{Input, Problem};

use crate::Case;
use crate::documents::{Choice, Chosen};
use crate::recognize::Content;

/// Reads what was chosen, the strongest input first: what a configuration knows helps to read the
/// history.
pub(crate) fn read(case: &mut Case, choice: Choice) {
    case.problems.extend(choice.problems);
    if let Some(it) = &choice.run {
        run(case, it);
    }
    if let Some(it) = &choice.dockerfile {
        dockerfile::read(case, it.source, it.part.span);
        tokens::read(case, it.source, it.part.span, Input::Dockerfile);
    }
    let image = choice.config.as_ref().and_then(|it| config::image(case, it));
    history::read(case, choice.history.as_ref(), image.as_ref());
    case.disagreements.extend(crate::told::other_image(&choice.run, &choice.config));
}

/// How a container is run.
fn run(case: &mut Case, it: &Chosen) {
    match it.part.content {
        // A container's configuration is the image's with the run options applied.
        Content::Container => config::container(case, it),
        Content::RunLine
        | Content::Compose
        | Content::Kubernetes
        | Content::Dockerfile
        | Content::Table
        | Content::Records
        | Content::Image
        | Content::SchemaOne
        | Content::Encoded
        | Content::Summary
        | Content::Nothing(_) => {
            case.problems.push(Problem {
                source: it.source,
                place: None,
                message: format!("a {} is recognized, but not read yet", it.part.kind.name()),
                remedy: "hand in the output of `docker inspect CONTAINER`".to_owned(),
                choices: Vec::new(),
            });
        }
    }
}
