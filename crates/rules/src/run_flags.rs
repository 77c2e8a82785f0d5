//! Flags of `RUN` that take a protection of the build away.

use dockerfile::Kind;
use report::Outcome;

use crate::Case;
use crate::facts::Reach;

/// Reports every step that has a flag of this value; where none has, the first step is `fine`.
pub(crate) fn judge(
    case: &Case,
    out: &mut Outcome,
    (flag, value): (&str, &str),
    message: &'static str,
    fine: &'static str,
) {
    let mut first = None;
    for build in &case.builds {
        for (_, body) in build.stages().filter(|it| build.reach(it.0.id) != Reach::Unused) {
            for it in body.filter(|it| matches!(it.kind, Kind::Run(_))) {
                first = first.or(Some(build.at(it.word.span)));
                if let Some(flag) = it.flag(flag).filter(|it| it.value_str() == value) {
                    out.fail(&build.at(flag.span), message);
                }
            }
        }
    }
    if let (true, Some(at)) = (out.findings.is_empty(), first) {
        out.clear(&at, fine);
    }
}
