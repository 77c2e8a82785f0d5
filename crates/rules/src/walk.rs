//! Walks over the instructions of builds with what holds before each.

use dockerfile::{Instruction, StageId, State};

use crate::Case;
use crate::case::Build;

/// Visits every instruction of every stage, its `FROM` left out, with what holds before it.
pub(crate) fn walk(case: &Case, mut visit: impl FnMut(&Build, StageId, &Instruction, &State)) {
    for build in &case.builds {
        build.stages.walk(&build.dockerfile, &case.settings.arguments, |stage, it, state| {
            visit(build, stage, it, state);
        });
    }
}
