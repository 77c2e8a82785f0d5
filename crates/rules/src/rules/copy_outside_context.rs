//! A source outside the build context.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::facts::Copied;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "copy-outside-context",
    title: "A source lies outside the build context",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["add_src_invalid"],
    doc: page!("copy_outside_context.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in &case.facts.copies {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if copy.from.is_some() {
            continue;
        }
        let mut sound = true;
        for (what, span) in &copy.sources {
            let Copied::Path(path) = what else { continue };
            let at = Locus::Text { source: *source, span: *span };
            if leaves(path) {
                let message = format!(
                    "{} lies outside the build context, which the builder never sees",
                    quote(path)
                );
                out.fail(&at, message);
                sound = false;
            }
        }
        if sound {
            out.clear(&seen.at, "inside the build context");
        }
    }
}

/// Whether a path climbs out of where it starts.
fn leaves(path: &str) -> bool {
    let mut depth = 0;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn paths_that_climb_out() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY ../app /app
#    ^^^^^^ `../app` lies outside the build context, which the builder never sees
ADD a ./b/../../c /app/
#     ^^^^^^^^^^^ `./b/../../c` lies outside the build context, which the builder never sees
COPY a/../b /app
COPY /etc/app ..x /app/
COPY --from=b ../x /y
"#,
        );
    }
}
