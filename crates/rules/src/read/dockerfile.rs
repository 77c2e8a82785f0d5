//! Reads a Dockerfile: a walk over its stages that notes what each instruction does.

use dockerfile::{
    Arguments, Base, Expansion, Form, Healthcheck as Check, ImageRef, Instruction, Kind, Pair,
    Reason, Run, Scope, Stage, StageId, State, Transfer, Word,
};
use report::{Input, Why};
use secrets::names::is_secret;
use text::{SourceId, Span};

use super::base::{known_user, undecided};
use super::config::mask_secret;
use super::{given, packages, scripts, step};
use crate::Case;
use crate::case::Build;
use crate::commands::RunCommand;
use crate::facts::{
    BaseImage, Copied, Copy, Dialect, EnvVar, Fact, Facts, Folder, Healthcheck, Label, Origin,
    Port, Reach, Role, Script, Seen, StartCommand, User, UserChange,
};

/// Reads a part of a source as a Dockerfile.
pub(super) fn read(case: &mut Case, source: SourceId, span: Span) {
    let range = span.range();
    let text = case.text(source).get(..range.end).unwrap_or_default();
    let file = dockerfile::parse_from(text, range.start);
    let (given, target) = (case.settings.arguments.clone(), case.settings.target.clone());
    let build = Build::new(Input::Dockerfile, source, file, &given, target.as_deref());
    read_build(case, build, &given);
    case.read.insert(Input::Dockerfile);
}

/// Reads a build recipe. `given`: values handed to the build.
pub(super) fn read_build(case: &mut Case, mut build: Build, given: &Arguments) {
    let mut reader = Reader { case, build: &build };
    reader.global_arguments();
    reader.bases();
    let walk = |id, it: &Instruction, state: &State| reader.instruction(id, it, state);
    let ends = build.stages.walk(&build.dockerfile, given, walk);
    reader.user(&ends);
    build.ends = ends;
    case.builds.push(build);
}

struct Reader<'a> {
    case: &'a mut Case,
    build: &'a Build,
}

impl Reader<'_> {
    fn seen<T>(&self, value: Result<T, Why>, span: Span, reach: Reach) -> Seen<T> {
        Seen { value, at: self.build.at(span), via: self.build.input, reach }
    }

    fn expand(&self, word: &Word, scope: &Scope) -> Expansion {
        scope.expand(word.as_str(), self.build.dockerfile.escape)
    }

    /// Arguments before the first `FROM`: they reach no stage unless one declares them again.
    fn global_arguments(&mut self) {
        let build = self.build;
        for it in build.dockerfile.instructions() {
            match &it.kind {
                Kind::From(_) => return,
                Kind::Arg(declared) => {
                    for one in declared {
                        self.argument(one, &build.stages.globals, Reach::Build);
                    }
                }
                _ => {}
            }
        }
    }

    fn bases(&mut self) {
        let build = self.build;
        for stage in &build.stages.stages {
            let reach = self.build.reach(stage.id);
            self.base(&stage.base, Role::Base, stage.id, stage.base_place, reach);
            for take in &stage.takes {
                // What files are taken from is needed to build, but is not shipped itself.
                let reach = reach.max(Reach::Build);
                self.base(&take.from, Role::CopyFrom, stage.id, take.place, reach);
            }
        }
    }

    fn base(&mut self, base: &Base, role: Role, stage: StageId, place: Span, reach: Reach) {
        let value = match base {
            Base::Image(image) if image.repository.is_empty() => return,
            Base::Image(image) => Ok(BaseImage { image: image.clone(), role, stage }),
            Base::Unknown { variable, .. } => Err(Why::BuildArg(variable.as_str().into())),
            Base::Scratch | Base::Stage(_) => return,
        };
        let seen = self.seen(value, place, reach);
        self.case.facts.bases.push(seen);
    }

    fn instruction(&mut self, stage: StageId, it: &Instruction, state: &State) {
        let reach = self.build.reach(stage);
        match &it.kind {
            Kind::Env(pairs) => {
                for pair in pairs {
                    self.variable(pair, &state.scope, reach);
                }
            }
            Kind::Arg(declared) => {
                for one in declared {
                    self.argument(one, &state.scope, reach);
                }
            }
            Kind::Run(run) => self.run(stage, it, run, state, false),
            Kind::Copy(paths) | Kind::Add(paths) => self.copy(stage, it, paths, state, false),
            Kind::Volume(paths) => {
                for path in paths {
                    let value = self.expand(path, &state.scope);
                    let seen = self.seen(known(value), path.span, reach);
                    self.case.facts.volumes.push(seen);
                }
            }
            Kind::Cmd(form) => self.start(stage, it, form, state, |facts| &mut facts.cmd),
            Kind::Entrypoint(form) => {
                self.start(stage, it, form, state, |facts| &mut facts.entrypoint);
            }
            Kind::Healthcheck(of) => self.healthcheck(stage, it, of, state),
            Kind::Expose(ports) => {
                for word in ports {
                    let text = known(self.expand(word, &state.scope));
                    let port = text.map(|it| Port::read(&it));
                    // What is no port at all is an error of the file, not a fact.
                    if let Some(port) = port.transpose() {
                        let seen = self.seen(port, word.span, reach);
                        self.case.facts.ports.push(seen);
                    }
                }
            }
            Kind::Label(pairs) => {
                for pair in pairs {
                    let name = self.expand(&pair.name, &state.scope).text;
                    let value = known(self.expand(&pair.value, &state.scope)).ok();
                    let place = pair.name.span.to(pair.value.span);
                    let seen = self.seen(Ok(Label { name, value }), place, reach);
                    self.case.facts.labels.push(seen);
                }
            }
            Kind::Stopsignal(word) if reach == Reach::Image => {
                let value = known(self.expand(word, &state.scope));
                let seen = self.seen(value, it.code(), reach);
                self.case.facts.stop_signal.replace(seen);
            }
            Kind::User(word) => self.user_change(stage, it, word, state),
            Kind::Workdir(word) => self.folder(stage, it, word, state),
            Kind::Onbuild(Some(trigger)) => {
                let text = self.case.under(&self.build.at(trigger.code())).to_owned();
                let seen = self.seen(Ok(text), it.code(), reach);
                self.case.facts.triggers.push(seen);
                match &trigger.kind {
                    Kind::Run(run) => self.run(stage, trigger, run, state, true),
                    Kind::Copy(paths) | Kind::Add(paths) => {
                        self.copy(stage, trigger, paths, state, true);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// An entry point or command: the last one of the shipped chain counts.
    fn start(
        &mut self,
        stage: StageId,
        it: &Instruction,
        form: &Form,
        state: &State,
        fact: fn(&mut Facts) -> &mut Fact<StartCommand>,
    ) {
        let reach = self.build.reach(stage);
        let base = self.build.known_base(stage).copied();
        let command = step::start(stage, form, state, base);
        self.credentials(&command.commands, reach, true);
        self.script(stage, it, || scripts::of_start(form, state, base));
        let seen = self.seen(Ok(command), it.code(), reach);
        let dead = match reach {
            Reach::Image => fact(&mut self.case.facts).replace(seen),
            Reach::Build | Reach::Unused => Some(seen),
        };
        self.case.facts.dead_starts.extend(dead);
    }

    fn healthcheck(&mut self, stage: StageId, it: &Instruction, of: &Check, state: &State) {
        let base = self.build.known_base(stage).copied();
        let command = match of {
            Check::None => None,
            Check::Cmd(form) => {
                self.script(stage, it, || scripts::of_start(form, state, base));
                Some(step::start(stage, form, state, base))
            }
            Check::Unknown(_) => return,
        };
        let reach = self.build.reach(stage);
        if let Some(command) = &command {
            self.credentials(&command.commands, reach, true);
        }
        if reach == Reach::Image {
            let seen = self.seen(Ok(Healthcheck { command }), it.code(), reach);
            self.case.facts.healthcheck.replace(seen);
        }
    }

    /// A script, if somebody looks through them. Texts of a history are not as anybody wrote them.
    fn script(
        &mut self,
        stage: StageId,
        it: &Instruction,
        script: impl FnOnce() -> Option<Script>,
    ) {
        if self.case.settings.shell.is_none() || self.build.input != Input::Dockerfile {
            return;
        }
        let Some(mut script) = script() else { return };
        if script.dialect == Dialect::Posix {
            script.doubt = self.build.base_decides(stage);
        }
        let seen = self.seen(Ok(script), it.code(), self.build.reach(stage));
        self.case.facts.scripts.push(seen);
    }

    fn credentials(&mut self, commands: &[RunCommand], reach: Reach, start: bool) {
        let source = self.build.source;
        let around = given::Around { source, via: Input::Dockerfile, reach, start };
        given::read(self.case, commands, &around);
    }

    fn variable(&mut self, pair: &Pair, scope: &Scope, reach: Reach) {
        let name = self.expand(&pair.name, scope).text;
        let value = self.expand(&pair.value, scope);
        let (value, secret) = self.judged(&name, &pair.value, value);
        let it = EnvVar { name, value, origin: Origin::Env, secret };
        let seen = self.seen(Ok(it), pair.name.span.to(pair.value.span), reach);
        self.case.facts.env.push(seen);
    }

    fn argument(&mut self, it: &dockerfile::ArgDeclaration, scope: &Scope, reach: Reach) {
        let name = it.name.as_str().to_owned();
        let mut span = it.name.span;
        let (value, secret) = match &it.default {
            Some(default) => {
                span = span.to(default.span);
                let value = self.expand(default, scope);
                self.judged(&name, default, value)
            }
            None => (None, is_secret(&name, None)),
        };
        let it = EnvVar { name, value, origin: Origin::Arg, secret };
        let seen = self.seen(Ok(it), span, reach);
        self.case.facts.env.push(seen);
    }

    /// A variable's value as far as it is known, and whether it is a secret. Values that are
    /// written out under a secret's name are shown nowhere, even if a part of them is not known.
    fn judged(&mut self, name: &str, written: &Word, value: Expansion) -> (Option<String>, bool) {
        let is_known = value.unknown.iter().all(|it| it.reason == Reason::Unset);
        let secret = is_secret(name, is_known.then_some(&*value.text));
        let refers = written.as_str().trim_start_matches('"').starts_with('$');
        let hidden = match is_known {
            true => secret,
            false => is_secret(name, Some(&value.text)),
        };
        if hidden && !refers {
            mask_secret(self.case, self.build.source, written.text.whole(), &value.text);
        }
        (is_known.then_some(value.text), secret)
    }

    /// A step. What a trigger installs is in other images, not in this one.
    fn run(&mut self, stage: StageId, it: &Instruction, run: &Run, state: &State, trigger: bool) {
        let reach = self.build.reach(stage);
        let base = self.build.known_base(stage).copied();
        let mut step = step::step(stage, it, run, state, base, self.build.dockerfile.escape);
        step.trigger = trigger;
        self.script(stage, it, || scripts::of_run(it, run, state, base));
        // What a trigger installs is in other images.
        let installed = if trigger { Vec::new() } else { packages::packages(&step) };
        for (package, span) in installed {
            let seen = self.seen(Ok(package), span, reach);
            self.case.facts.packages.push(seen);
        }
        self.credentials(&step.commands, reach, false);
        self.credentials(&step::windows_commands(&step), reach, false);
        let seen = self.seen(Ok(step), it.code(), reach);
        self.case.facts.runs.push(seen);
    }

    fn copy(
        &mut self,
        stage: StageId,
        it: &Instruction,
        paths: &Transfer,
        state: &State,
        trigger: bool,
    ) {
        let add = matches!(it.kind, Kind::Add(_));
        let source = |word: &Word| {
            let value = self.expand(word, &state.scope);
            (copied(word, value), word.span)
        };
        let sources = paths.sources.iter().map(source).collect();
        let destination = match &paths.destination {
            Some(word) => {
                let path = self.expand(word, &state.scope);
                let slash = path.text.ends_with('/') && path.text.len() > 1;
                let joined = state.joined(&path);
                joined.map_or(path.text, |it| if slash { it + "/" } else { it })
            }
            None => return,
        };
        let flag = |name: &str| {
            let value = it.flag(name)?.value.as_ref()?;
            Some((self.expand(value, &state.scope).text, value.span))
        };
        let from = it.flag("from").map(|it| it.value_str().to_owned());
        let (owner, mode) = (flag("chown"), flag("chmod"));
        let checksum = flag("checksum").map(|it| it.0);
        let excludes = it.flags.iter().filter(|it| it.name.as_str() == "exclude");
        let excludes = excludes.map(|it| it.value_str().to_owned()).collect();
        let copy = Copy {
            sources,
            destination,
            add,
            from,
            excludes,
            owner,
            mode,
            checksum,
            trigger,
            stage,
        };
        let seen = self.seen(Ok(copy), it.code(), self.build.reach(stage));
        self.case.facts.copies.push(seen);
    }

    fn user_change(&mut self, stage: StageId, it: &Instruction, word: &Word, state: &State) {
        let base = self.build.stages.root_base(stage);
        let base = base.and_then(|it| match &it.base {
            Base::Image(image) => Some(image),
            Base::Scratch | Base::Stage(_) | Base::Unknown { .. } => None,
        });
        let user = user(&self.expand(word, &state.scope), base);
        let change = UserChange { user, word: word.span, code: it.code(), stage };
        let seen = self.seen(Ok(change), it.code(), self.build.reach(stage));
        self.case.facts.users.push(seen);
    }

    fn folder(&mut self, stage: StageId, it: &Instruction, word: &Word, state: &State) {
        let path = self.expand(word, &state.scope);
        let joined = state.joined(&path);
        let known = joined.is_some();
        let folder = Folder { path: joined.unwrap_or(path.text), known, word: word.span, stage };
        let seen = self.seen(Ok(folder), it.code(), self.build.reach(stage));
        self.case.facts.folders.push(seen);
    }

    /// The working directory at the end of the target.
    fn workdir(&mut self, end: &State, first: &Stage) {
        // A history starts from nothing, but not every history tells all that was set.
        if self.build.input == Input::History && !end.has_workdir {
            return;
        }
        let value = match (&end.workdir, &first.base) {
            (Some(path), _) => Ok(path.clone()),
            (None, Base::Image(image)) => Err(Why::BaseImage(image.to_string().into())),
            (None, _) => return,
        };
        let last = self.build.dockerfile.instructions().filter(|it| self.is_workdir(it)).last();
        let place = last.map_or(first.base_place, Instruction::code);
        let seen = self.seen(value, place, Reach::Image);
        self.case.facts.workdir.seen.push(seen);
    }

    /// Whether an instruction sets the working directory of the shipped image.
    fn is_workdir(&self, it: &Instruction) -> bool {
        let is_shipped = |stage: &Stage| {
            let first = self.build.dockerfile.pieces.get(stage.from);
            let last = self.build.dockerfile.pieces.get(stage.body.end.saturating_sub(1));
            let inside = first
                .zip(last)
                .is_some_and(|(first, last)| first.span().to(last.span()).contains(it.span));
            inside && self.build.reach(stage.id) == Reach::Image
        };
        matches!(it.kind, Kind::Workdir(_)) && self.build.stages.stages.iter().any(is_shipped)
    }

    /// The user at the end of the target: set in its chain, or decided by the base.
    fn user(&mut self, ends: &[State]) {
        let build = self.build;
        let Some(target) = build.target else { return };
        let Some(end) = ends.get(target.0 as usize) else { return };
        let Some(first) = build.stages.root_base(target) else { return };
        self.workdir(end, first);
        if let Some(setting) = &end.user {
            let base = match &first.base {
                Base::Image(image) => Some(image),
                Base::Scratch | Base::Stage(_) | Base::Unknown { .. } => None,
            };
            let value = user(&setting.value, base);
            let seen = self.seen(value, setting.place, Reach::Image);
            self.case.facts.user.seen.push(seen);
            return;
        }
        if build.input == Input::History {
            self.case.facts.user.seen.extend(super::history::user(self.case));
            return;
        }
        let seen = self.seen(undecided(&first.base), first.base_place, Reach::Image);
        self.case.facts.user.seen.push(seen);
        let own = |it: &Seen<StartCommand>| it.via == build.input;
        let own_start = self.case.facts.entrypoint.seen.iter().any(own);
        if let Some(known) = known_user(first, own_start) {
            let mut seen = self.seen(Ok(known), first.base_place, Reach::Image);
            seen.via = Input::Catalogue;
            self.case.facts.user.seen.push(seen);
        }
    }
}

fn user(value: &Expansion, base: Option<&ImageRef>) -> Result<User, Why> {
    let open = value.unknown.iter().find(|it| it.reason != Reason::Unset);
    match (open, base) {
        (None, _) => Ok(User::new(&value.text)),
        (Some(it), Some(image)) if it.reason == Reason::Undeclared => {
            Err(Why::BaseImage(image.to_string().into()))
        }
        (Some(it), _) => Err(Why::BuildArg(it.name.as_str().into())),
    }
}

/// The expanded text, or the variable that hides it.
fn known(it: Expansion) -> Result<String, Why> {
    match it.unknown.iter().find(|it| it.reason != Reason::Unset) {
        Some(open) => Err(Why::BuildArg(open.name.as_str().into())),
        None => Ok(it.text),
    }
}

fn copied(word: &Word, value: Expansion) -> Copied {
    let text = value.text.as_str();
    if word.as_str().starts_with("<<") {
        Copied::Inline
    } else if Copied::Unknown(text.to_owned()).checksum().is_some()
        || value.unknown.iter().any(|it| it.reason != Reason::Unset)
    {
        Copied::Unknown(value.text)
    } else if is_remote(text) {
        Copied::Url(value.text)
    } else {
        Copied::Path(value.text)
    }
}

fn is_remote(text: &str) -> bool {
    const SCHEMES: [&str; 5] = ["http://", "https://", "git://", "ssh://", "git@"];
    let lower = text.get(..8.min(text.len())).unwrap_or_default().to_ascii_lowercase();
    SCHEMES.iter().any(|it| lower.starts_with(it))
}
