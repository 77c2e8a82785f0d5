//! What holds at each instruction: user, working directory, shell and variables, inherited along
//! the `FROM` chain.

use text::Span;

use crate::stages::{Arguments, Base, StageId, Stages};
use crate::{Dockerfile, Expansion, Form, Instruction, Kind, Reason, Scope};

/// What holds before an instruction acts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// Variables.
    pub scope: Scope,
    /// The last `USER` of the chain; nothing when the base image decides.
    pub user: Option<Setting>,
    /// The working directory, absolute; nothing when the base image or a variable decides.
    pub workdir: Option<String>,
    /// Whether any `WORKDIR` has been set in the chain.
    pub has_workdir: bool,
    /// The words of the last `SHELL`; nothing when the default holds.
    pub shell: Option<Vec<String>>,
}

/// A setting and where it was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Its value.
    pub value: Expansion,
    /// The instruction that made it.
    pub place: Span,
    /// The stage that made it.
    pub stage: StageId,
}

impl Stages {
    /// Visits every instruction of every stage with what holds before it, in order of the file.
    /// The `FROM` itself is not visited. Gives what holds at the end of each stage.
    pub fn walk(
        &self,
        file: &Dockerfile,
        given: &Arguments,
        mut visit: impl FnMut(StageId, &Instruction, &State),
    ) -> Vec<State> {
        let mut ends: Vec<State> = Vec::new();
        for stage in &self.stages {
            let mut state = match &stage.base {
                Base::Stage(id) => match ends.get(id.0 as usize) {
                    Some(end) => State { scope: end.scope.inherit(), ..end.clone() },
                    None => State::default(),
                },
                Base::Scratch => State {
                    scope: Scope::stage(false),
                    workdir: Some("/".to_owned()),
                    ..State::default()
                },
                Base::Image(_) | Base::Unknown { .. } => {
                    State { scope: Scope::stage(true), ..State::default() }
                }
            };
            let body = file.pieces.get(stage.body.clone()).unwrap_or_default();
            for it in body.iter().filter_map(crate::Piece::instruction) {
                visit(stage.id, it, &state);
                state.apply(it, stage.id, file.escape, given, &self.globals);
            }
            ends.push(state);
        }
        ends
    }
}

impl State {
    fn apply(
        &mut self,
        it: &Instruction,
        stage: StageId,
        escape: char,
        given: &Arguments,
        globals: &Scope,
    ) {
        match &it.kind {
            Kind::Env(pairs) => {
                // All values of one instruction see the values from before it.
                let expand = |it: &crate::Word| self.scope.expand(it.as_str(), escape);
                let set = pairs.iter().map(|it| (expand(&it.name), expand(&it.value)));
                let set: Vec<(Expansion, Expansion)> = set.collect();
                for (name, value) in &set {
                    self.scope.set_env(&name.text, value);
                }
            }
            Kind::Arg(declared) => {
                for one in declared {
                    let default = one.default.as_ref();
                    let default = default.map(|it| self.scope.expand(it.as_str(), escape));
                    let name = one.name.as_str();
                    let given = given.get(name).map(String::as_str);
                    self.scope.declare_arg(name, default.as_ref(), given, Some(globals));
                }
            }
            Kind::User(word) => {
                let value = self.scope.expand(word.as_str(), escape);
                self.user = Some(Setting { value, place: it.code(), stage });
            }
            Kind::Workdir(word) => {
                let path = self.scope.expand(word.as_str(), escape);
                self.workdir = self.joined(&path);
                self.has_workdir = true;
            }
            Kind::Shell(Form::Exec(words)) => {
                self.shell = Some(words.iter().map(|it| it.as_str().to_owned()).collect());
            }
            _ => {}
        }
    }

    /// A path seen from the working directory: absolute, or nothing when that is not known.
    pub fn joined(&self, path: &Expansion) -> Option<String> {
        if path.error.is_some() || path.unknown.iter().any(|it| it.reason != Reason::Unset) {
            return None;
        }
        if path.text.starts_with('/') {
            return Some(normalized(&path.text));
        }
        let base = self.workdir.as_deref()?;
        Some(normalized(&format!("{base}/{}", path.text)))
    }
}

/// An absolute path without `.`, `..` and doubled slashes.
pub fn normalized(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
