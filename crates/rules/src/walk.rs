//! Walks over the instructions of builds with what holds before each.
//!
//! A dozen rules walk. What holds is worked out once for each build and kept, one state for all
//! instructions between two that change it.

use std::sync::Arc;

use dockerfile::{Instruction, Kind, StageId, State};

use crate::Case;
use crate::case::Build;

/// How many variables all kept states may hold. A file of a hundred thousand variables is worked
/// out again for every rule instead: kept, its states would fill the memory.
const MOST: usize = 20_000;

/// Visits every instruction of every stage, its `FROM` left out, with what holds before it.
pub(crate) fn walk(case: &Case, mut visit: impl FnMut(&Build, StageId, &Instruction, &State)) {
    each(case, &mut visit);
}

/// The same, compiled once.
fn each(case: &Case, visit: &mut dyn FnMut(&Build, StageId, &Instruction, &State)) {
    for build in &case.builds {
        let Some(states) = build.states.get_or_init(|| states(case, build)) else {
            build.stages.walk(&build.dockerfile, &case.settings.arguments, |stage, it, state| {
                visit(build, stage, it, state);
            });
            continue;
        };
        let mut states = states.iter();
        for (stage, body) in build.stages() {
            for (it, state) in body.zip(&mut states) {
                visit(build, stage.id, it, state);
            }
        }
    }
}

/// What holds before each instruction, in order; nothing if that is too much to keep.
fn states(case: &Case, build: &Build) -> Option<Vec<Arc<State>>> {
    let mut states: Vec<Arc<State>> = Vec::new();
    let mut n_variables = 0;
    // Whether the state may be another than the one before.
    let mut last: Option<(StageId, bool)> = None;
    build.stages.walk(&build.dockerfile, &case.settings.arguments, |stage, it, state| {
        let same = last == Some((stage, false));
        match states.last().filter(|_| same) {
            Some(state) => states.push(Arc::clone(state)),
            None if n_variables <= MOST => {
                n_variables += 1 + state.scope.names().count();
                states.push(Arc::new(state.clone()));
            }
            None => {}
        }
        let changes = matches!(
            it.kind,
            Kind::Env(_) | Kind::Arg(_) | Kind::User(_) | Kind::Workdir(_) | Kind::Shell(_)
        );
        last = Some((stage, changes));
    });
    (n_variables <= MOST).then_some(states)
}
