//! An archive of the context is copied and unpacked by a step.

use report::{Applies, Input, Locus, Outcome, Severity, quote};
use text::Span;

use crate::commands::FileAct;
use crate::facts::{Copied, Copy, Reach};
use crate::layers::{Layer, shipped};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "extract-with-add",
    title: "An archive is copied and then unpacked",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["DL3010", "DF067"],
    doc: page!("extract_with_add.md"),
    check,
};

/// Endings of archives that `ADD` unpacks.
const ENDINGS: [&str; 9] =
    [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst"];

fn check(case: &Case, out: &mut Outcome) {
    let layers = shipped(case);
    for (index, layer) in layers.iter().enumerate() {
        let Layer::Copy(seen, copy) = layer else { continue };
        if copy.add || copy.from.is_some() || seen.reach != Reach::Image {
            continue;
        }
        for (path, place, span) in archives(copy) {
            let later = layers.get(index + 1..).unwrap_or_default();
            let steps = later.iter().filter_map(|it| it.run());
            let mut changes = steps.flat_map(|(_, step)| &step.changes);
            let Locus::Text { source, .. } = seen.at else { continue };
            let at = Locus::Text { source, span };
            if changes.any(|it| matches!(it.act, FileAct::Unpack(_)) && it.path == place) {
                let message = format!(
                    "{} is copied and unpacked later, which `ADD` does at once",
                    quote(path)
                );
                out.fail(&at, message);
            } else {
                out.clear(&at, "the archive stays one");
            }
        }
    }
}

/// The archives a copy brings: as written, where they come to lie, and their place.
fn archives(copy: &Copy) -> Vec<(&str, String, Span)> {
    let found = copy.sources.iter().filter_map(|(source, span)| {
        let Copied::Path(path) = source else { return None };
        if !ENDINGS.iter().any(|it| path.ends_with(it)) || path.contains('*') {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let to = &copy.destination;
        let folder = to.ends_with('/') || !ENDINGS.iter().any(|it| to.ends_with(it));
        let place =
            if folder { format!("{}/{name}", to.trim_end_matches('/')) } else { to.clone() };
        Some((&**path, place, *span))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn copied_and_unpacked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
WORKDIR /work
COPY build/app.tar.gz /tmp/
#    ^^^^^^^^^^^^^^^^ `build/app.tar.gz` is copied and unpacked later, which `ADD` does at once
COPY b.tgz .
#    ^^^^^ `b.tgz` is copied and unpacked later, which `ADD` does at once
RUN tar xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz
RUN tar -xf b.tgz
COPY c.tar.gz d.zip /data/
RUN unzip /data/d.zip
ADD e.tar.gz /x/
"#,
        );
    }
}
