//! One image under review.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use dockerfile::{
    Base, Dockerfile, Heredoc, Instruction, Kind, Piece, Stage, StageId, Stages, State,
};
use image::Scan;
use image::history::Recovered;
use image::json::Json;
use report::{Disagreement, Input, Kind as DocumentKind, Locus, Problem, SourceInfo, Why};
use text::{Date, Source, SourceId, Span};

use crate::commands::Written;
use crate::documents::{Chosen, choose};
use crate::facts::{Facts, Reach};
use crate::files::Files;
use crate::hidden::Hidden;
use crate::knowledge::base_image::BaseImage;
use crate::recognize::{Content, Lacks};
use crate::scripts::Looked;
use crate::starts::Start;
use crate::told::Told;
use crate::{Context, Settings, read, recognize};

/// One document as handed in.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// A file name, or a word such as `pasted`.
    pub name: &'a str,
    /// Its content; need not be text.
    pub bytes: &'a [u8],
    /// What the person says it is, when that differs from what it looks like.
    pub taken_for: Option<DocumentKind>,
}

/// One image under review: all that was handed in about it, and the facts read from that.
#[derive(Debug)]
pub struct Case {
    /// The texts, in the order in which they were handed in, and behind them those that were read
    /// out of others.
    pub sources: Vec<Source>,
    /// What each was taken for, and its length in bytes as handed in.
    pub kinds: Vec<(DocumentKind, u64)>,
    /// The day against which ages are judged.
    pub today: Date,
    /// What the project says about itself.
    pub settings: Settings,
    /// The kinds of input that could be read, strongest first.
    pub read: BTreeSet<Input>,
    /// What kept documents, or parts of them, from being read.
    pub problems: Vec<Problem>,
    /// Build recipes, in order.
    pub builds: Vec<Build>,
    /// What was observed.
    pub facts: Facts,
    /// What the layers of a saved image hold, if one was given.
    pub files: Option<Arc<Files>>,
    /// The layers themselves, for whoever wants to look at their files.
    #[cfg(feature = "archives")]
    pub kept: Option<crate::Kept>,
    /// What scanners found, each with its report.
    pub scans: Vec<(SourceId, Scan)>,
    /// Texts that no output may show.
    pub(crate) hidden: Hidden,
    /// Texts that were read out of others.
    pub(crate) derived: Vec<Derived>,
    /// Sources whose text is not what was handed in: another encoding, or a paste without what
    /// pasting added. Places in them hold; a change to them could not be handed back.
    pub(crate) rewritten: BTreeSet<SourceId>,
    /// Why documents that were recognized do not tell how the image runs.
    pub(crate) lacks: Vec<Why>,
    /// What the image can be called, if a document names it.
    pub(crate) image_name: Option<String>,
    /// Whether a configuration says that the image is for Windows.
    pub(crate) is_windows: bool,
    /// What a container starts, once a rule has asked.
    pub(crate) starts: OnceLock<Vec<Start>>,
    /// What was found in shell scripts, once a rule has asked.
    pub(crate) looked: OnceLock<Looked>,
    /// The texts that were searched for secrets.
    pub(crate) searched: BTreeSet<SourceId>,
    /// The history, if one was given.
    pub(crate) told: Option<Told>,
    /// Where documents tell different things beside what the facts hold.
    pub(crate) disagreements: Vec<Disagreement>,
}

/// A text that was read out of another.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    /// The text.
    pub(crate) source: SourceId,
    /// The one it was read out of.
    pub(crate) of: SourceId,
    /// Where each character stands there; nothing when that would show nobody anything, as with
    /// encoded texts.
    pub(crate) origin: Option<Arc<Recovered>>,
}

/// A build recipe: a Dockerfile, or what a history tells of one.
#[derive(Clone, Debug)]
pub struct Build {
    /// Which kind of input it comes from.
    pub input: Input,
    /// Its text.
    pub source: SourceId,
    /// Its syntax.
    pub dockerfile: Dockerfile,
    /// Its stages.
    pub stages: Stages,
    /// What holds at the end of each stage.
    pub ends: Vec<State>,
    /// The stage that is built.
    pub target: Option<StageId>,
    /// How far each stage reaches.
    pub reach: Vec<Reach>,
    /// What the catalogue knows of the image below each stage.
    pub known: Vec<Option<BaseImage>>,
    /// What holds before each instruction, once a rule has asked; nothing if that is too much.
    pub(crate) states: OnceLock<Option<Vec<Arc<State>>>>,
}

impl Case {
    /// Reads the documents as one case, judged as of `today`.
    pub fn new(documents: &[Document<'_>], today: Date) -> Self {
        Self::with(documents, Settings::default(), today)
    }

    /// Reads the documents as one case of a project with these settings.
    pub fn with(documents: &[Document<'_>], settings: Settings, today: Date) -> Self {
        let mut case = Self::empty(settings, today);
        case.add(documents);
        case.facts.settle();
        case.settled()
    }

    pub(crate) fn empty(settings: Settings, today: Date) -> Self {
        Self {
            read: BTreeSet::new(),
            settings,
            sources: Vec::new(),
            kinds: Vec::new(),
            today,
            problems: Vec::new(),
            builds: Vec::new(),
            facts: Facts::default(),
            files: None,
            #[cfg(feature = "archives")]
            kept: None,
            scans: Vec::new(),
            hidden: Hidden::default(),
            derived: Vec::new(),
            rewritten: BTreeSet::new(),
            lacks: Vec::new(),
            image_name: None,
            is_windows: false,
            starts: OnceLock::new(),
            looked: OnceLock::new(),
            searched: BTreeSet::new(),
            told: None,
            disagreements: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, documents: &[Document<'_>]) {
        let mut parts = Vec::new();
        self.take_in(documents, &mut parts);
        self.read_parts(&parts);
    }

    /// Keeps documents as sources, in order, and recognizes what is in them.
    pub(crate) fn take_in(&mut self, documents: &[Document<'_>], parts: &mut Vec<Chosen>) {
        for document in documents {
            let id = self.next_source();
            let recognized = recognize(document, id);
            if recognized.text.as_bytes() != document.bytes {
                self.rewritten.insert(id);
            }
            self.sources.push(Source::new(document.name, &recognized.text));
            self.kinds.push((recognized.kind, document.bytes.len() as u64));
            self.problems.extend(recognized.problems);
            if recognized.kind == DocumentKind::ScanReport {
                let scan = Json::first(&recognized.text).and_then(image::scan);
                self.scans.extend(scan.map(|it| (id, it)));
            }
            for part in recognized.parts {
                if let Content::Nothing(lacks) = part.content {
                    self.lacks.push(lacks.why());
                }
                parts.push(Chosen { source: id, part });
            }
        }
    }

    /// Reads what was recognized as one case.
    pub(crate) fn read_parts(&mut self, parts: &[Chosen]) {
        let choice = choose(&self.sources, parts, &self.settings);
        read::read(self, choice);
    }

    /// The case once everything is read.
    pub(crate) fn settled(mut self) -> Self {
        // Names of files alone are no image.
        if self.settings.context.is_some() && !self.read.is_empty() {
            self.read.insert(Input::Context);
        }
        // Beside the layers a scan is all it has to be.
        if self.files.is_some() {
            let lacks = Lacks::Findings.message();
            let is_scan = |it: &Problem| self.scans.iter().any(|scan| scan.0 == it.source);
            self.problems.retain(|it| it.message != lacks || !is_scan(it));
        }
        let origins = crate::told::origins(&self.derived);
        self.hidden.carry(|source, span| origins.of(source, span));
        self.hidden.settle(&self.sources);
        self
    }

    /// The same case as if one kind of input had not been given, for rules to judge.
    pub(crate) fn without(&self, input: Input) -> Self {
        let mut facts = self.facts.clone();
        facts.forget(input);
        let builds = self.builds.iter().filter(|it| it.input != input).cloned().collect();
        let read = text::order::set(self.read.iter().copied().filter(|it| *it != input));
        Self {
            sources: self.sources.clone(),
            kinds: self.kinds.clone(),
            today: self.today,
            settings: self.settings.clone(),
            read,
            problems: self.problems.clone(),
            builds,
            facts,
            files: self.files.clone(),
            #[cfg(feature = "archives")]
            kept: None,
            scans: self.scans.clone(),
            // Rules hide nothing themselves.
            hidden: Hidden::default(),
            derived: self.derived.clone(),
            rewritten: self.rewritten.clone(),
            lacks: self.lacks.clone(),
            image_name: self.image_name.clone(),
            is_windows: self.is_windows,
            starts: OnceLock::new(),
            looked: OnceLock::new(),
            searched: self.searched.clone(),
            told: self.told.clone(),
            disagreements: self.disagreements.clone(),
        }
    }

    /// Keeps a text that was read out of another, and gives its number.
    pub(crate) fn derive(
        &mut self,
        of: SourceId,
        name: &str,
        text: &str,
        origin: Option<Arc<Recovered>>,
    ) -> SourceId {
        let source = self.next_source();
        let kind = self.kinds.get(usize::from(of.0)).map_or(DocumentKind::Unrecognized, |it| it.0);
        self.sources.push(Source::new(name, text));
        self.kinds.push((kind, text.len() as u64));
        self.derived.push(Derived { source, of, origin });
        source
    }

    pub(crate) fn next_source(&self) -> SourceId {
        SourceId(u16::try_from(self.sources.len()).unwrap_or(u16::MAX))
    }

    /// The text of a source; empty for one that does not exist.
    pub fn text(&self, source: SourceId) -> &str {
        self.sources.get(usize::from(source.0)).map(Source::text).unwrap_or_default()
    }

    /// The text of a source as it may be shown: secrets in it are masked.
    pub fn shown_text(&self, source: SourceId) -> String {
        let text = self.text(source);
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for it in self.hidden.masks_in(source, Span::of(0..text.len())) {
            let range = it.span.range();
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push_str(&it.shown);
            at = range.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }

    /// Where secrets stand in a source.
    pub fn hidden_in(&self, source: SourceId) -> impl Iterator<Item = Span> {
        let all = Span::of(0..self.text(source).len());
        self.hidden.masks_in(source, all).iter().map(|it| it.span)
    }

    /// The text that stands at a place; empty for places that are in no text.
    pub fn under(&self, at: &Locus) -> &str {
        let Locus::Text { source, span } = at else { return "" };
        self.sources.get(usize::from(source.0)).map(|it| it.slice(*span)).unwrap_or_default()
    }

    /// The texts that builds write into files: by commands, and by here-documents of `COPY`. Each
    /// with the source its places are in.
    pub fn written(&self) -> Vec<(SourceId, Cow<'_, Written>)> {
        let steps = self.facts.steps();
        let mut found: Vec<(SourceId, Cow<'_, Written>)> = steps
            .flat_map(|it| it.run.written.iter().map(move |one| (it.source, Cow::Borrowed(one))))
            .collect();
        for build in &self.builds {
            let wanted = |it: &&Stage| build.reach(it.id) != Reach::Unused;
            for stage in build.stages.stages.iter().filter(wanted) {
                let body = build.dockerfile.pieces.get(stage.body.clone()).unwrap_or_default();
                for it in body.iter().filter_map(Piece::instruction) {
                    let (Kind::Copy(paths) | Kind::Add(paths)) = &it.kind else { continue };
                    let path = paths.destination.as_ref().map(|it| it.as_str().to_owned());
                    let text =
                        |it: &Heredoc| Written { path: path.clone(), text: it.content.clone() };
                    let texts = it.heredocs.iter().map(|it| (build.source, Cow::Owned(text(it))));
                    found.extend(texts);
                }
            }
        }
        found
    }

    /// How much of its build recipes cannot be read: errors of syntax, and shell code that is not
    /// understood.
    pub fn faults(&self) -> usize {
        let of = |it: &Build| it.dockerfile.errors.len() + it.stages.errors.len();
        let odd = self.facts.steps().map(|it| it.run.odd.len());
        self.builds.iter().map(of).chain(odd).sum()
    }

    /// The files of the build context, if somebody handed in their names.
    pub(crate) fn context(&self) -> Option<&Context> {
        self.settings.context.as_deref()
    }

    pub(crate) fn source_infos(&self) -> Vec<SourceInfo> {
        let info = |(source, (kind, bytes)): (&Source, &(DocumentKind, u64))| SourceInfo {
            name: source.name.to_string(),
            kind: *kind,
            bytes: *bytes,
            lines: source.lines(),
            of: None,
        };
        let mut infos: Vec<SourceInfo> = self.sources.iter().zip(&self.kinds).map(info).collect();
        for it in &self.derived {
            if let Some(info) = infos.get_mut(usize::from(it.source.0)) {
                info.of = Some(it.of);
            }
        }
        infos
    }
}

impl Build {
    /// Takes a Dockerfile apart by stages. `given`: values handed to the build; `target`: the stage
    /// that is built.
    pub(crate) fn new(
        input: Input,
        source: SourceId,
        dockerfile: Dockerfile,
        given: &dockerfile::Arguments,
        target: Option<&str>,
    ) -> Self {
        let stages = Stages::of(&dockerfile, given);
        // A target that does not exist would leave nothing to judge; the last stage stands for it.
        let named = target.and_then(|it| stages.target(Some(it)));
        let target = named.or_else(|| stages.target(None));
        let reach = reaches(&stages, target);
        let known = stages.stages.iter().map(|it| read::known_base(&stages, it.id)).collect();
        let (ends, states) = (Vec::new(), OnceLock::new());
        Self { input, source, dockerfile, stages, ends, target, reach, known, states }
    }

    /// How far a stage reaches.
    pub fn reach(&self, stage: StageId) -> Reach {
        self.reach.get(stage.0 as usize).copied().unwrap_or(Reach::Unused)
    }

    /// What the catalogue knows of the image below a stage.
    pub fn known_base(&self, stage: StageId) -> Option<&BaseImage> {
        self.known.get(stage.0 as usize)?.as_ref()
    }

    /// The stage that a place belongs to; nothing before the first `FROM`.
    pub fn stage_at(&self, at: Span) -> Option<StageId> {
        let pieces = &self.dockerfile.pieces;
        let index = pieces.partition_point(|it| it.span().end() <= at.start());
        let stage = self.stages.stages.iter().find(|it| it.body.contains(&index))?;
        Some(stage.id)
    }

    /// Why what the image below a stage decides is not known; nothing where no image does.
    pub(crate) fn base_decides(&self, stage: StageId) -> Option<Why> {
        match &self.stages.root_base(stage)?.base {
            Base::Image(image) if !image.repository.is_empty() => {
                Some(Why::BaseImage(image.to_string().into()))
            }
            Base::Unknown { variable, .. } => Some(Why::BuildArg(variable.as_str().into())),
            Base::Image(_) | Base::Scratch | Base::Stage(_) => None,
        }
    }

    /// The names of its stages, if there is a choice between several.
    pub fn stage_names(&self) -> Vec<String> {
        let stages = &self.stages.stages;
        let named = stages.iter().filter_map(|it| it.name.clone());
        if stages.len() < 2 { Vec::new() } else { named.collect() }
    }

    /// A place in its text.
    pub fn at(&self, span: Span) -> Locus {
        Locus::Text { source: self.source, span }
    }

    /// Its stages with their instructions, the `FROM` of each left out.
    pub fn stages(&self) -> impl Iterator<Item = (&Stage, impl Iterator<Item = &Instruction>)> {
        self.stages.stages.iter().map(|stage| {
            let body = self.dockerfile.pieces.get(stage.body.clone()).unwrap_or_default();
            (stage, body.iter().filter_map(Piece::instruction))
        })
    }
}

/// How far each stage reaches.
fn reaches(stages: &Stages, target: Option<StageId>) -> Vec<Reach> {
    let chain = target.map(|it| stages.lineage(it)).unwrap_or_default();
    let needed = target.map(|it| stages.needed(it)).unwrap_or_default();
    let reach = |id: StageId| {
        if chain.contains(&id) {
            Reach::Image
        } else if needed.binary_search(&id).is_ok() {
            Reach::Build
        } else {
            Reach::Unused
        }
    };
    stages.stages.iter().map(|it| reach(it.id)).collect()
}
