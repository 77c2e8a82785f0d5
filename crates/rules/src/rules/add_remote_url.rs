//! `ADD` fetches something from the network.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::facts::{Copied, Reach};
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "add-remote-url",
    title: "A file is fetched by `ADD`",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["4b410d24"],
    doc: page!("add_remote_url.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for seen in case.facts.copies.iter().filter(|it| it.reach != Reach::Unused) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if !copy.add {
            continue;
        }
        let mut found = false;
        for (it, span) in &copy.sources {
            if let Copied::Url(url) = it {
                let at = Locus::Text { source: *source, span: *span };
                out.fail(&at, format!("`ADD` fetches {} while the image is built", quote(url)));
                found = true;
            }
        }
        if !found {
            out.clear(&seen.at, "`ADD` fetches nothing here");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn addresses_are_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV BASE=https://example.com
ADD a.txt $BASE/b.tgz /opt/
#         ^^^^^^^^^^^ `ADD` fetches `https://example.com/b.tgz` while the image is built
ADD a.txt /opt/
"#,
        );
    }
}
