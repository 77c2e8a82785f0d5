//! A port is open on every interface of the host.

use report::{Applies, Input, Outcome, Severity};

use crate::container::untold;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "bind-all-interfaces",
    title: "A port is published on every interface",
    question: None,
    severity: Severity::Low,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.14", "451d79dc"],
    doc: page!("bind_all_interfaces.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = case.facts.container.as_deref() else { return };
    if container.publish_all.value() == Some(&true)
        && let Some(at) = container.publish_all.at()
    {
        out.fail(at, "every port that the image exposes is published on every interface");
        return;
    }
    let Some(at) = container.ports.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.ports.all().iter().filter(|it| it.value.is_everywhere()) {
        let port = match it.value.host {
            Some((first, last)) if first == last => format!("port {first}"),
            Some((first, last)) => format!("ports {first} to {last}"),
            None => "a port".to_owned(),
        };
        out.fail(&it.at, format!("{port} is open on every interface of the host"));
        is_clear = false;
    }
    if is_clear {
        out.clear(at, "no port is published on every interface");
    }
}
