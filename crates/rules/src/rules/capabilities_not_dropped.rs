//! The engine's default capabilities are kept.

use report::{Applies, Input, Outcome, Severity, quote};

use crate::container::{Judged, judge};
use crate::knowledge::capabilities::{docker_default, is_all};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "capabilities-not-dropped",
    title: "The default capabilities are kept",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.4", "ce76b7d0", "KSV-0003", "CKV_K8S_37"],
    doc: page!("capabilities_not_dropped.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.caps_dropped,
        |container, value| {
            if container.is_privileged() {
                return Judged::Moot;
            }
            let dropped = value.map_or(&[][..], |it| it);
            if dropped.iter().any(|it| is_all(&it.value)) {
                return Judged::clear("all default capabilities are dropped");
            }
            let is_dropped = |name: &str| {
                let bare = |it: &str| it.to_ascii_uppercase().trim_start_matches("CAP_").to_owned();
                dropped.iter().any(|it| bare(&it.value) == name)
            };
            let kept: Vec<&str> =
                docker_default().map(|it| it.name).filter(|it| !is_dropped(it)).collect();
            match &kept[..] {
                [] => Judged::clear("all default capabilities are dropped"),
                [one] => {
                    Judged::Fails(format!("of the default capabilities {} is kept", quote(one)))
                }
                [first, rest @ ..] => Judged::Fails(format!(
                    "of the default capabilities {} and {} more are kept",
                    quote(first),
                    rest.len()
                )),
            }
        },
    );
}
