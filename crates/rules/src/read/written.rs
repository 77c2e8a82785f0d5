//! Finds secrets that are written out in the text of an input, hides them, and notes where each
//! of them ends up.

use dockerfile::{Instruction, Kind as Instr, Piece};
use report::{Input, Locus, quote};
use secrets::{Confidence, Hit, Options, Severity, Verification};
use text::{SourceId, Span};

use crate::Case;
use crate::case::Build;
use crate::facts::{Home, Reach, Secret, Seen};

/// Fingerprints only tell the values of one case apart and never leave the engine, so that the
/// same documents give the same bytes on every machine.
pub(crate) const KEY: [u8; 32] = [0; 32];

/// Finds what is written out in a part of a source.
pub(super) fn read(case: &mut Case, source: SourceId, part: Span, via: Input) {
    case.searched.insert(source);
    let text = case.text(source).get(part.range()).unwrap_or_default();
    let scan = secrets::scan(&Options::new(case.today, KEY), None, text.as_bytes());
    let span = |place: secrets::Place| {
        let it = span(place);
        Span::new(it.start() + part.start(), it.end() + part.start())
    };
    for hit in &scan.hits {
        let hide = span(hit.hide);
        let shown = match hit.hide == hit.place {
            true => hit.masked.clone(),
            false => hit
                .masked
                .split_once('\u{2026}')
                .map_or_else(String::new, |(_, it)| format!("\u{2026}{it}")),
        };
        if hit.verification == Verification::Guess {
            case.hidden.place(source, hide, &shown);
        } else {
            case.hidden.token(source, span(hit.place), hide, &shown);
        }
        // Look-alikes, expired tokens and keys that everybody has open nothing.
        if hit.severity == Severity::Note {
            continue;
        }
        let at = Locus::Text { source, span: span(hit.place) };
        let build = case.builds.iter().find(|it| it.source == source);
        let (home, reach) = match build {
            Some(build) => home(build, span(hit.place)),
            None if via == Input::History => (Home::History, Reach::Image),
            None => (Home::Config, Reach::Image),
        };
        case.facts.secrets.push(Seen { value: Ok(secret(hit, home)), at, via, reach });
    }
    case.hidden.merge(scan.scrubber);
}

fn span(place: secrets::Place) -> Span {
    let offset = |it: u64| u32::try_from(it).unwrap_or(u32::MAX);
    Span::new(offset(place.offset), offset(place.end()))
}

pub(crate) fn secret(hit: &Hit, home: Home) -> Secret {
    let public: Vec<String> =
        hit.facts.iter().map(|it| format!("{} {}", it.name, quote(&it.value))).collect();
    Secret {
        title: title(hit),
        masked: hit.masked.clone(),
        fingerprint: hit.fingerprint,
        rotate: hit.kind.rotate,
        public,
        likely: hit.confidence == Confidence::Likely,
        guess: hit.verification == Verification::Guess,
        weak: hit.severity == Severity::Low,
        home,
    }
}

/// What it is, as part of a sentence: `Slack bot token`, `RSA private key`.
pub(crate) fn title(hit: &Hit) -> String {
    const FORMATS: [&str; 6] = ["Generic", "HTTP", "URL", "PEM", "Database", "JWT"];
    let (provider, title) = (hit.kind.provider, hit.kind.title);
    if FORMATS.contains(&provider) || title.starts_with(provider) {
        return title.to_owned();
    }
    let is_word = title.chars().nth(1).is_some_and(|it| it.is_lowercase());
    let mut letters = title.chars();
    match letters.next().filter(|_| is_word) {
        Some(first) => format!("{provider} {}{}", first.to_ascii_lowercase(), letters.as_str()),
        None => format!("{provider} {title}"),
    }
}

/// What a place of a Dockerfile belongs to, and how far that reaches.
fn home(build: &Build, at: Span) -> (Home, Reach) {
    let pieces = &build.dockerfile.pieces;
    let index = pieces.partition_point(|it| it.span().end() <= at.start());
    let Some(Piece::Instruction(it)) = pieces.get(index) else {
        return (Home::Nowhere, Reach::Unused);
    };
    if it.comments.iter().any(|comment| comment.contains(Span::at(at.start()))) {
        return (Home::Nowhere, Reach::Unused);
    }
    let reach = match build.stage_at(at) {
        Some(stage) => build.reach(stage),
        // Without stages nobody knows where anything goes.
        None if build.stages.stages.is_empty() => Reach::Image,
        // Before the first `FROM` stand arguments that reach no stage by themselves.
        None => Reach::Build,
    };
    (home_of(it), reach)
}

fn home_of(it: &Instruction) -> Home {
    match &it.kind {
        Instr::Env(_) => Home::Env,
        Instr::Arg(_) => Home::Arg,
        Instr::Run(_) => Home::Run,
        Instr::Label(_) | Instr::Maintainer(_) => Home::Label,
        Instr::Cmd(_) | Instr::Entrypoint(_) | Instr::Healthcheck(_) => Home::Start,
        Instr::Add(_) | Instr::Copy(_) if it.heredocs.is_empty() => Home::History,
        Instr::Add(_) | Instr::Copy(_) => Home::File,
        Instr::Onbuild(_) => Home::Trigger,
        Instr::Expose(_)
        | Instr::From(_)
        | Instr::Shell(_)
        | Instr::Stopsignal(_)
        | Instr::User(_)
        | Instr::Volume(_)
        | Instr::Workdir(_)
        | Instr::Unknown => Home::History,
    }
}
