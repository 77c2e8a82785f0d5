//! The container is in the network that all containers share.

use report::{Applies, Input, Outcome, Severity};

use crate::container::{Judged, judge};
use crate::facts::Notation;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "default-bridge",
    title: "The container is in the default network",
    question: None,
    severity: Severity::Note,
    applies: Applies::Host,
    default: false,
    reads: &[Input::Run],
    aka: &["5.30"],
    doc: page!("default_bridge.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    judge(
        case,
        out,
        |it| &it.network,
        |container, value| match value.map(String::as_str) {
            // Compose makes a network for each project, and a cluster for all pods.
            None if matches!(container.notation, Notation::Compose | Notation::Kubernetes) => {
                Judged::clear("the network is not the engine's default")
            }
            None | Some("default" | "bridge" | "") => {
                Judged::fails("every container of the default network reaches this one")
            }
            Some(_) => Judged::clear("the network is not the engine's default"),
        },
    );
}
