//! Stages, and what flows between them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use text::Span;

use crate::error::ErrorKind;
use crate::{
    Dockerfile, Expansion, ImageRef, Instruction, Kind, Piece, Reason, Scope, SyntaxError, check,
};

/// Values handed to the build (`--build-arg`), by name.
pub type Arguments = BTreeMap<String, String>;

/// Names a stage by its number, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StageId(pub u32);

/// The stages of a file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Stages {
    /// All of them, in order.
    pub stages: Vec<Stage>,
    /// What `FROM` sees, after the global `ARG`s.
    pub globals: Scope,
    /// What BuildKit refuses about the stages.
    pub errors: Vec<SyntaxError>,
    /// Numbers of the stages of each name, ascending.
    by_name: BTreeMap<String, Vec<usize>>,
}

/// A stage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Its number.
    pub id: StageId,
    /// Its name in lower case, as BuildKit compares names.
    pub name: Option<String>,
    /// Where its name stands, or its image when it has none.
    pub place: Span,
    /// What it is built on.
    pub base: Base,
    /// Where the base is named.
    pub base_place: Span,
    /// Its `--platform`.
    pub platform: Option<Expansion>,
    /// The pieces of the file after its `FROM`, up to the next one.
    pub body: Range<usize>,
    /// The piece that is its `FROM`.
    pub from: usize,
    /// What it takes from elsewhere, beside its base.
    pub takes: Vec<Take>,
}

/// What a stage is built on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Base {
    /// Nothing.
    Scratch,
    /// An image from outside.
    Image(ImageRef),
    /// An earlier stage.
    Stage(StageId),
    /// Cannot be told: the name, with its variables as `${name}`, and the variable that decides.
    Unknown {
        /// The name as far as it is known.
        name: String,
        /// The build argument without a value.
        variable: String,
    },
}

/// Something a stage takes from another stage or image: `COPY --from`, `RUN --mount=…,from=`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Take {
    /// What from.
    pub from: Base,
    /// Where that is named.
    pub place: Span,
}

impl Stages {
    /// Finds the stages of a file. `given`: values handed to the build.
    pub fn of(file: &Dockerfile, given: &Arguments) -> Self {
        let mut out = Self { globals: Scope::global(), ..Self::default() };
        for (index, it) in file.pieces.iter().enumerate() {
            let Piece::Instruction(instruction) = it else { continue };
            match &instruction.kind {
                Kind::From(from) => {
                    if let Some(last) = out.stages.last_mut() {
                        last.body.end = index;
                    }
                    let stage = out.start(file, index, instruction, from);
                    if let Some(name) = &stage.name {
                        let number = out.stages.len();
                        out.by_name.entry(name.clone()).or_default().push(number);
                    }
                    out.stages.push(stage);
                }
                Kind::Arg(declared) if out.stages.is_empty() => {
                    for one in declared {
                        let default = one.default.as_ref();
                        let default =
                            default.map(|it| out.globals.expand(it.as_str(), file.escape));
                        let name = one.name.as_str();
                        let given = given.get(name).map(String::as_str);
                        out.globals.declare_arg(name, default.as_ref(), given, None);
                    }
                }
                _ => {}
            }
        }
        if let Some(last) = out.stages.last_mut() {
            last.body.end = file.pieces.len();
        }
        out.find_takes(file);
        out.find_rings();
        out.check_values(file, given);
        out
    }

    /// The stage that is built: the one named, by name or number, else the last.
    pub fn target(&self, name: Option<&str>) -> Option<StageId> {
        match name {
            Some(name) => self.find(name, self.stages.len()),
            None => self.stages.last().map(|it| it.id),
        }
    }

    /// The stage of that number.
    pub fn get(&self, id: StageId) -> Option<&Stage> {
        self.stages.get(id.0 as usize)
    }

    /// The `FROM` chain of the target, first stage first: what becomes the image's own history
    /// and config.
    pub fn lineage(&self, target: StageId) -> Vec<StageId> {
        let mut chain = Vec::new();
        let mut next = Some(target);
        // Only earlier stages can be a base, so the chain ends.
        while let Some(stage) = next.and_then(|it| self.get(it)) {
            chain.push(stage.id);
            next = match stage.base {
                Base::Stage(id) => Some(id),
                Base::Scratch | Base::Image(_) | Base::Unknown { .. } => None,
            };
        }
        chain.reverse();
        chain
    }

    /// All stages that the target needs, also through `COPY --from` and mounts, in order.
    pub fn needed(&self, target: StageId) -> Vec<StageId> {
        let mut found = BTreeSet::new();
        let mut open = vec![target];
        while let Some(stage) = open.pop().and_then(|it| self.get(it)) {
            if found.insert(stage.id) {
                open.extend(stage.depends_on());
            }
        }
        found.into_iter().collect()
    }

    /// What the first stage of the chain is built on: never a stage.
    pub fn root_base(&self, target: StageId) -> Option<&Stage> {
        self.lineage(target).first().and_then(|it| self.get(*it))
    }

    /// A stage before `before` by name, or by number. The last of several stages of one name
    /// hides the others.
    fn find(&self, name: &str, before: usize) -> Option<StageId> {
        let numbers = self.by_name.get(&name.to_ascii_lowercase());
        let named = numbers.and_then(|it| it.iter().rfind(|it| **it < before)).copied();
        let numbered = || name.parse::<usize>().ok().filter(|it| *it < before);
        named.or_else(numbered).and_then(|it| self.stages.get(it)).map(|it| it.id)
    }

    /// A stage from `from` on by name.
    fn find_later(&self, name: &str, from: usize) -> Option<StageId> {
        let numbers = self.by_name.get(&name.to_ascii_lowercase())?;
        let number = numbers.iter().find(|it| **it >= from)?;
        self.stages.get(*number).map(|it| it.id)
    }

    fn start(
        &mut self,
        file: &Dockerfile,
        piece: usize,
        instruction: &Instruction,
        from: &crate::From,
    ) -> Stage {
        let image = self.globals.expand(from.image.as_str(), file.escape);
        let base = self.base(&image);
        self.check_base(&base, &image, from.image.span);
        let platform = instruction.flag("platform").and_then(|it| it.value.as_ref());
        let place = from.name.as_ref().map_or(from.image.span, |it| it.span);
        Stage {
            id: StageId(u32::try_from(self.stages.len()).unwrap_or(u32::MAX)),
            name: from.name.as_ref().map(|it| it.as_str().to_ascii_lowercase()),
            place,
            base,
            base_place: from.image.span,
            platform: platform.map(|it| self.globals.expand(it.as_str(), file.escape)),
            body: piece + 1..piece + 1,
            from: piece,
            takes: Vec::new(),
        }
    }

    fn base(&self, image: &Expansion) -> Base {
        let variable = image.unknown.iter().find(|it| it.reason != Reason::Unset);
        if let Some(it) = variable {
            return Base::Unknown { name: image.text.clone(), variable: it.name.clone() };
        }
        let named = self.by_name.get(&image.text.to_ascii_lowercase());
        match named.and_then(|it| self.stages.get(*it.last()?)) {
            Some(stage) => Base::Stage(stage.id),
            None if image.text == "scratch" => Base::Scratch,
            None => Base::Image(ImageRef::parse(&image.text)),
        }
    }

    fn check_base(&mut self, base: &Base, image: &Expansion, place: Span) {
        let kind = match base {
            // Nothing to expand at all is a matter of missing arguments.
            Base::Image(_) if image.text.is_empty() && image.unknown.is_empty() => return,
            Base::Image(_) if image.text.is_empty() => ErrorKind::BlankBase,
            Base::Image(it) if image.error.is_none() && !it.is_valid() => {
                ErrorKind::BadImage(image.text.clone())
            }
            Base::Scratch | Base::Image(_) | Base::Stage(_) | Base::Unknown { .. } => return,
        };
        self.errors.push(SyntaxError { span: place, kind });
    }

    /// Checks values that variables decide. Few files have any, and only those are walked.
    fn check_values(&mut self, file: &Dockerfile, given: &Arguments) {
        let checked = |it: &Instruction| {
            let kind = matches!(it.kind, Kind::Expose(_) | Kind::Stopsignal(_));
            kind && it.args.as_str().contains('$')
        };
        if !file.instructions().any(checked) {
            return;
        }
        let mut errors = Vec::new();
        self.walk(file, given, |_, it, state| {
            check::check_resolved(it, &state.scope, file.escape, &mut errors);
        });
        self.errors.extend(errors);
    }

    fn find_takes(&mut self, file: &Dockerfile) {
        for index in 0..self.stages.len() {
            let Some(body) = self.stages.get(index).map(|it| it.body.clone()) else { continue };
            let pieces = file.pieces.get(body).unwrap_or_default();
            let mut takes = Vec::new();
            for (name, place) in pieces.iter().filter_map(Piece::instruction).flat_map(taken_names)
            {
                let from = self.taken(&name, index);
                self.check_take(&name, place, index);
                takes.push(Take { from, place });
            }
            if let Some(stage) = self.stages.get_mut(index) {
                stage.takes = takes;
            }
        }
    }

    fn taken(&self, name: &str, index: usize) -> Base {
        if let Some((before, rest)) = name.split_once('$') {
            let variable = rest.trim_matches(['{', '}']).to_owned();
            return Base::Unknown { name: format!("{before}${rest}"), variable };
        }
        // A stage may name itself; that is a mistake for a rule to judge.
        let stage = self.find(name, index + 1).or_else(|| self.find_later(name, index + 1));
        stage.map_or_else(|| Base::Image(ImageRef::parse(name)), Base::Stage)
    }

    fn check_take(&mut self, name: &str, place: Span, index: usize) {
        let kind = if name.contains('$') || self.find(name, index + 1).is_some() {
            return;
        } else if self.find_later(name, index + 1).is_some() {
            ErrorKind::ForwardStage(name.to_owned())
        } else if name.parse::<u32>().is_ok() {
            ErrorKind::NoSuchStage(name.to_owned())
        } else {
            return;
        };
        self.errors.push(SyntaxError { span: place, kind });
    }

    /// Reports rings at the stage that closes them. One walk over all edges, without recursion.
    fn find_rings(&mut self) {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; self.stages.len()];
        let mark = |marks: &mut Vec<Mark>, it: StageId, to| {
            if let Some(slot) = marks.get_mut(it.0 as usize) {
                *slot = to;
            }
        };
        let mut closing = BTreeSet::new();
        for start in self.stages.iter().map(|it| it.id) {
            let mut path: Vec<(StageId, Vec<StageId>)> = Vec::new();
            let mut next = Some(start);
            loop {
                if let Some(it) = next.take()
                    && marks.get(it.0 as usize) == Some(&Mark::New)
                {
                    mark(&mut marks, it, Mark::Open);
                    path.push((it, self.get(it).map(Stage::depends_on).unwrap_or_default()));
                }
                let Some((at, open)) = path.last_mut() else { break };
                let (at, on) = (*at, open.pop());
                match on {
                    Some(on) if marks.get(on.0 as usize) == Some(&Mark::Open) => {
                        // A stage that names itself is a rule's business.
                        if on != at {
                            closing.insert(at);
                        }
                    }
                    Some(on) => next = Some(on),
                    None => {
                        mark(&mut marks, at, Mark::Done);
                        path.pop();
                    }
                }
            }
        }
        for stage in closing.into_iter().filter_map(|it| self.stages.get(it.0 as usize)) {
            let name = stage.name.clone().unwrap_or_else(|| stage.id.0.to_string());
            self.errors
                .push(SyntaxError { span: stage.place, kind: ErrorKind::CircularStage(name) });
        }
    }
}

impl Stage {
    fn depends_on(&self) -> Vec<StageId> {
        let takes = self.takes.iter().map(|it| &it.from);
        let stages = takes.chain([&self.base]).filter_map(|it| match it {
            Base::Stage(id) => Some(*id),
            Base::Scratch | Base::Image(_) | Base::Unknown { .. } => None,
        });
        stages.collect()
    }
}

/// The stages or images that an instruction names, with the places of the names.
fn taken_names(it: &Instruction) -> Vec<(String, Span)> {
    let mut names = Vec::new();
    match &it.kind {
        Kind::Copy(_) => {
            let from = it.flag("from").and_then(|it| it.value.as_ref());
            names.extend(from.map(|it| (it.as_str().to_owned(), it.span)));
        }
        Kind::Run(run) => {
            let from = run.mounts.iter().filter_map(|it| it.from());
            names.extend(from.map(|it| (it.as_str().to_owned(), it.span)));
        }
        Kind::Onbuild(Some(trigger)) => names = taken_names(trigger),
        _ => {}
    }
    names.retain(|(name, _)| !name.is_empty());
    names
}
