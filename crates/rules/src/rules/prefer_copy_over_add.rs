//! `ADD` does what `COPY` does.

use dockerfile::Piece;
use report::{Applies, Fix, Input, Locus, Outcome, Safety, Severity, Why, quote};
use text::Span;

use crate::facts::{Copied, Copy, Reach};
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "prefer-copy-over-add",
    title: "Plain files are copied by `ADD`",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3020", "DS-0005", "CKV_DOCKER_4", "9513a694", "S7029", "CIS-DI-0009", "DF006", "4.9"],
    doc: page!("prefer_copy_over_add.md"),
    check,
};

/// Endings of archives that `ADD` unpacks.
const ARCHIVES: [&str; 17] = [
    ".tar", ".gz", ".tgz", ".tpz", ".bz2", ".tbz", ".tbz2", ".tb2", ".xz", ".txz", ".lzma", ".tlz",
    ".zst", ".tzst", ".lz", ".z", ".tz",
];

fn check(case: &Case, out: &mut Outcome) {
    let copies = case.facts.copies.iter().filter(|it| it.reach != Reach::Unused);
    for seen in copies {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if !copy.add {
            continue;
        }
        let judged: Vec<Source> = copy.sources.iter().map(|(it, _)| judge(it, copy)).collect();
        let open = judged.iter().find_map(|it| match it {
            Source::Open(name) => Some(name.clone()),
            Source::Plain | Source::Special => None,
        });
        if judged.contains(&Source::Special) || judged.is_empty() {
            out.clear(&seen.at, "`COPY` could not do this");
        } else if let Some(name) = open {
            out.gap(&seen.at, Why::BuildArg(name.into()));
        } else {
            let keyword = Locus::Text { source: *source, span: keyword(case, &seen.at) };
            let message = "`ADD` copies plain files here, which `COPY` does without surprises";
            out.fail(&keyword, message).fix(instead(copy, &keyword));
        }
    }
}

/// What a source needs.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Source {
    /// `COPY` does the same.
    Plain,
    /// Only `ADD` fetches or unpacks it.
    Special,
    /// A variable decides.
    Open(String),
}

fn judge(it: &Copied, copy: &Copy) -> Source {
    match it {
        Copied::Url(_) => Source::Special,
        Copied::Inline => Source::Plain,
        Copied::Path(path) if is_archive(path) => Source::Special,
        Copied::Path(_) => Source::Plain,
        Copied::Unknown(text) => unknown(text, copy),
    }
}

/// What is known of a source with variables: how it begins and how it ends.
fn unknown(text: &str, copy: &Copy) -> Source {
    let name = text.split_once("${").and_then(|(_, rest)| rest.split('}').next());
    let open = Source::Open(name.unwrap_or(text).to_owned());
    if is_archive(text) || text.contains("://") {
        return Source::Special;
    }
    let ending = |it: &str| {
        let last = it.rsplit('/').next().unwrap_or(it);
        last.rfind('.')
            .and_then(|at| last.get(at..))
            .is_some_and(|it| !it.contains(['$', '}', '*']))
    };
    let starts_here = !text.starts_with('$');
    if starts_here && (ending(text) || text.ends_with('/')) {
        return Source::Plain;
    }
    // An archive would be unpacked into a folder of that name, which nobody calls `app.jar`.
    let to_file = ending(&copy.destination) && !is_archive(&copy.destination);
    let says_url = name.is_some_and(|it| it.to_ascii_uppercase().contains("UR"));
    if to_file && copy.sources.len() == 1 && !says_url { Source::Plain } else { open }
}

fn is_archive(path: &str) -> bool {
    let path = path.trim_matches(['"', '\'']).to_ascii_lowercase();
    ARCHIVES.iter().any(|it| path.ends_with(it))
        || path.ends_with(".tar.*")
        || path.ends_with(".t*")
}

/// Where the keyword of the instruction at a place stands.
fn keyword(case: &Case, at: &Locus) -> Span {
    let Locus::Text { source, span } = at else { return Span::default() };
    let builds = case.builds.iter().filter(|it| it.source == *source);
    // Pieces tile their source: those that end before the place are passed over at once, since a file may
    // have thousands.
    let from = |pieces: &[Piece]| pieces.partition_point(|it| it.span().end() <= span.start());
    let near = builds.flat_map(|it| {
        let pieces = &it.dockerfile.pieces;
        pieces.get(from(pieces)..).unwrap_or_default().iter()
    });
    let mut words = near.filter_map(Piece::instruction);
    let found = words.find_map(|it| match &it.kind {
        dockerfile::Kind::Onbuild(Some(trigger)) if trigger.code() == *span => {
            Some(trigger.word.span)
        }
        _ => (it.code() == *span).then_some(it.word.span),
    });
    found.unwrap_or(*span)
}

/// The keyword alone makes the difference, unless a file without an ending is an archive after all.
fn instead(copy: &Copy, keyword: &Locus) -> Option<Fix> {
    let plain = |it: &Copied| match it {
        Copied::Inline => true,
        Copied::Path(path) => {
            let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            path.ends_with('/') || matches!(last, "." | "..") || last.contains('.')
        }
        Copied::Url(_) | Copied::Unknown(_) => false,
    };
    let safety =
        if copy.sources.iter().all(|(it, _)| plain(it)) { Safety::Safe } else { Safety::Review };
    fix::replace(format!("Use {}", quote("COPY")), keyword, "COPY", safety)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    const MESSAGE: &str = "`ADD` copies plain files here, which `COPY` does without surprises";

    fn check(text: &str) {
        check_dockerfile(&RULE, &text.replace("MESSAGE", MESSAGE));
    }

    #[test]
    fn plain_files_are_marked() {
        check(
            r#"
FROM debian:13
ARG JAR_FILE
ADD requirements.txt /usr/src/app/
#^^ MESSAGE
ADD --chown=1000 . /app
#^^ MESSAGE
ADD ["a b", "/app/"]
#^^ MESSAGE
ONBUILD ADD src /src
#       ^^^ MESSAGE
ADD ${JAR_FILE} app.jar
#^^ MESSAGE
ADD target/app-${JAR_FILE}.war /srv/
#^^ MESSAGE
"#,
        );
    }

    #[test]
    fn what_only_add_does_is_not() {
        check(
            r#"
FROM debian:13
ARG VERSION
ARG APP_URL
ADD rootfs.tar.xz /
ADD *.tgz /opt/
ADD https://example.com/x.conf /etc/
ADD git@example.com:a/b.git /src
ADD --keep-git-dir=true https://example.com/a.git#v1 /src
ADD app-${VERSION}.tar.gz /opt/
ADD https://example.com/app-${VERSION}.jar /opt/app.jar
ADD a.txt b.tar /opt/
ADD ${APP_URL} /opt/app.jar
ADD $VERSION /opt/
COPY a b
"#,
        );
    }
}
