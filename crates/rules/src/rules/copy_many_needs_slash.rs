//! Several files are copied to something that is no folder.

use dockerfile::{Kind, Transfer, Word};
use report::{Applies, Input, Outcome, Safety, Severity, quote};
use text::{Edit, Span};

use crate::walk::walk;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "copy-many-needs-slash",
    title: "Several files are copied to a path that does not end in a slash",
    question: None,
    severity: Severity::High,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &["DL3021", "DS-0011", "6db6e0c2", "DF048", "add_dest_invalid", "INVALID_DESTINATION"],
    doc: page!("copy_many_needs_slash.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, state| {
        let (Kind::Copy(paths) | Kind::Add(paths)) = &it.kind else { return };
        let Some(to) = &paths.destination else { return };
        let Some(what) = several(paths) else { return };
        let at = build.at(to.span);
        let path = state.scope.expand(to.as_str(), build.dockerfile.escape);
        // A variable at the end may bring the slash along.
        if path.error.is_some() || path.text.ends_with('}') {
            return;
        }
        if is_folder(&path.text) {
            out.clear(&at, "a folder");
            return;
        }
        let message = format!("{} does not end in a slash, and {what} there", quote(&path.text));
        let slash = fix::edits("Add the slash", &at, |_| slash(case.under(&at), to), Safety::Safe);
        out.fail(&at, message).fix(slash);
    });
}

/// What is copied, when it is more than one file for sure.
fn several(paths: &Transfer) -> Option<String> {
    match paths.sources.len() {
        0 | 1 => None,
        // `COPY file:0123… in /x` is how old histories write a copy.
        2 if paths.sources.last().is_some_and(|it| it.as_str() == "in") => None,
        n => Some(format!("{n} sources go")),
    }
}

pub(super) fn is_folder(path: &str) -> bool {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(last, "" | "." | "..")
}

/// The slash goes inside the quotes. Where a quote at the end does not close the one at the start, no
/// place is sure to be the right one.
pub(super) fn slash(written: &str, to: &Word) -> Vec<Edit> {
    let quote = written.chars().last().filter(|it| matches!(it, '"' | '\''));
    let inner = quote.map_or(Some(written), |it| written.strip_prefix(it)?.strip_suffix(it));
    if !inner.is_some_and(|it| quote.is_none() || !it.ends_with(['\\', '`'])) {
        return Vec::new();
    }
    let end = to.span.end() - u32::from(quote.is_some());
    vec![Edit { span: Span::at(end), with: "/".to_owned() }]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn more_than_one_source() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ENV DIR=/opt/app TO=/opt/
COPY package.json yarn.lock my_app
#                           ^^^^^^ `my_app` does not end in a slash, and 2 sources go there
COPY --chown=a:b ["x", "y", "z", "/root"]
#                                ^^^^^^^ `/root` does not end in a slash, and 3 sources go there
ADD a b $DIR
#       ^^^^ `/opt/app` does not end in a slash, and 2 sources go there
COPY a b ${TO}
COPY a b ./
COPY a b .
COPY a b ..
COPY a "b" "/x y/"
COPY a b $UNKNOWN
COPY a b
COPY --from=x --chown=y a b
"#,
        );
    }

    #[test]
    fn the_slash_goes_inside_the_quotes() {
        assert_eq!(
            fixed(&RULE, "FROM a\nCOPY a b \\\n  /x\nCOPY [\"a\", \"b\", \"/x\"]\nADD a b '/x'\n"),
            "FROM a\nCOPY a b \\\n  /x/\nCOPY [\"a\", \"b\", \"/x/\"]\nADD a b '/x/'\n"
        );
        for text in ["FROM a\nCOPY a b \\\"\n", "FROM a\nCOPY a b x\"y\"\n"] {
            assert_eq!(fixed(&RULE, text), text);
        }
    }
}
