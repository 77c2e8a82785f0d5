//! The container is started again without end.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::{Judged, judge};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "restart-policy",
    title: "The container is started again without end",
    question: None,
    severity: Severity::Note,
    applies: Applies::Host,
    default: false,
    reads: &[Input::Run],
    aka: &["5.15"],
    doc: page!("restart_policy.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.restart,
        |_, value| {
            let text = value.map_or("no", String::as_str);
            let (name, most) = text.split_once(':').unwrap_or((text, ""));
            let most: u32 = most.parse().unwrap_or_default();
            match name {
                "" | "no" | "none" => Judged::clear("the container is not started again"),
                "on-failure" if (1..=5).contains(&most) => {
                    Judged::clear("the container is started again a few times")
                }
                _ => Judged::Fails(format!(
                    "the container is started again by {}; a benchmark allows 5 tries after a failure",
                    quote(text)
                )),
            }
        },
    );
}
