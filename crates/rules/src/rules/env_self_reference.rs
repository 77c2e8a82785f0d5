//! A variable is used in the instruction that sets it.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Severity, quote};

use crate::walk::walk;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "env-self-reference",
    title: "A variable is used in the same instruction that sets it",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3044", "DF062"],
    doc: page!("env_self_reference.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, state| {
        let Kind::Env(pairs) = &it.kind else { return };
        // Images of Windows set much of what such files set again.
        if build.dockerfile.escape == '`' {
            return;
        }
        let names = text::order::distinct(pairs.iter().map(|it| it.name.as_str()));
        let mut sound = true;
        for pair in pairs {
            let own = pair.name.as_str();
            let value = pair.value.as_str().trim_matches('"');
            let itself =
                value.strip_prefix('$').is_some_and(|it| it.trim_matches(['{', '}']) == own);
            if itself && !state.scope.declares(own) {
                sound = false;
                out.fail(&build.at(pair.value.span), format!("{} is set to itself", quote(own)));
                continue;
            }
            let value = state.scope.expand(pair.value.as_str(), build.dockerfile.escape);
            let open = |name: &str| value.unknown.iter().any(|it| it.name == name);
            for name in names.iter().filter(|it| **it != own && open(it)) {
                if state.scope.declares(name) {
                    continue;
                }
                if let Some(place) = pair.value.places_of(name).first() {
                    sound = false;
                    let message = format!(
                        "{} has its old value here: what this instruction sets holds from the next one on",
                        quote(name)
                    );
                    out.fail(&build.at(*place), message);
                }
            }
        }
        if sound {
            out.clear(&build.at(it.word.span), "no value depends on the same instruction");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn old_values_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV BASE=/opt BIN="${BASE}/bin" LIB=$BASE/lib
#                    ^^^^ `BASE` has its old value here: what this instruction sets holds from the next one on
#                                    ^^^^ `BASE` has its old value here: what this instruction sets holds from the next one on
ENV PATH="$PATH"
#        ^^^^^^^ `PATH` is set to itself
ENV PATH=/opt/bin:$PATH A=$BASENAME
ENV HOME=/x
ENV HOME=/y DIR=$HOME
ENV X='a' Y=\$X
ARG V=1
ENV V=$V
"#,
        );
    }
}
