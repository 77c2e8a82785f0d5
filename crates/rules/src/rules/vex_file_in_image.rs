//! A statement about vulnerabilities is copied into the image.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::facts::{Copied, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "vex-file-in-image",
    title: "A VEX document is a file of the image",
    question: None,
    severity: Severity::Note,
    applies: Applies::Image,
    // Some scanners do read it there.
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["prefer-vex-attestation"],
    doc: page!("vex_file_in_image.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.copies.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let mut found = false;
        for (it, span) in &copy.sources {
            let Copied::Path(path) = it else { continue };
            if is_vex(path) {
                found = true;
                let at = Locus::Text { source: *source, span: *span };
                out.fail(&at, format!("{} can only be corrected with a new image", quote(path)));
            }
        }
        if !found {
            out.clear(&seen.at, "no VEX document is copied here");
        }
    }
}

fn is_vex(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    ["vex.json", "openvex.json", "csaf-vex.json"].contains(&&*name)
        || [".vex.json", ".openvex.json", ".vex", ".cdx-vex.json"]
            .iter()
            .any(|it| name.ends_with(it))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn documents_are_known_by_their_names() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
COPY app doc/App.OpenVEX.json /srv/
#        ^^^^^^^^^^^^^^^^^^^^ `doc/App.OpenVEX.json` can only be corrected with a new image
COPY vexation.json convex.json /srv/
"#,
        );
    }
}
