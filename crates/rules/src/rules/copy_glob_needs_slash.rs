//! A pattern is copied to something that is no folder.

use dockerfile::Kind;
use report::{Applies, Input, Outcome, Safety, Severity, quote};

use super::copy_many_needs_slash::{is_folder, slash};
use crate::walk::walk;
use crate::{Case, Rule, fix};

pub(super) static RULE: Rule = Rule {
    id: "copy-glob-needs-slash",
    title: "A pattern is copied to a path that does not end in a slash",
    question: None,
    severity: Severity::Low,
    applies: Applies::Build,
    default: false,
    reads: &[Input::Dockerfile],
    aka: &["add_dest_invalid", "add_src_invalid"],
    doc: page!("copy_glob_needs_slash.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    walk(case, |build, _, it, state| {
        let (Kind::Copy(paths) | Kind::Add(paths)) = &it.kind else { return };
        let (Some(to), [source]) = (&paths.destination, &paths.sources[..]) else { return };
        if !source.as_str().contains(['*', '?']) {
            return;
        }
        let at = build.at(to.span);
        let path = state.scope.expand(to.as_str(), build.dockerfile.escape);
        let open = path.error.is_some() || path.text.ends_with('}');
        if open || is_folder(&path.text) {
            out.clear(&at, "a folder");
            return;
        }
        let message = format!("{} is one file unless it is a folder already", quote(&path.text));
        let edit = slash(case.under(&at), to);
        let fix = fix::edits("Add the slash", &at, |_| edit, Safety::Review);
        out.fail(&at, message).fix(fix);
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::{check_dockerfile, fixed};

    #[test]
    fn patterns_and_folders() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
ADD test/test* test
#              ^^^^ `test` is one file unless it is a folder already
COPY *.sh /usr/local/bin/
COPY *.sh .
COPY a.sh /usr/local/bin
"#,
        );
        assert_eq!(fixed(&RULE, "FROM a\nCOPY *.sh /b\n"), "FROM a\nCOPY *.sh /b/\n");
    }
}
