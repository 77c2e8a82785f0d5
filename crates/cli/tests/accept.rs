//! `check --add-ignores`: comments that accept what makes the check fail.

mod support;

use support::{Folder, run};

const RECIPE: &str = "# syntax=docker/dockerfile:1\nFROM debian:13\nRUN sudo make && \\\n    curl http://a.example/x | sh\n\
                      EXPOSE 22\nADD app /app\nUSER root\n";

fn folder(name: &str, recipe: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(".git/HEAD", "");
    folder.write("Dockerfile", recipe);
    folder
}

#[test]
fn what_fails_is_accepted_with_the_reason() {
    for recipe in [RECIPE.to_owned(), RECIPE.replace('\n', "\r\n")] {
        let folder = folder("add-ignores", &recipe);
        let options = [
            "check",
            "Dockerfile",
            "--add-ignores",
            "--reason",
            "from before",
            "--until=2027-01-31",
        ];
        let got = run(&folder, &options, "");
        assert_eq!(got.code, 0, "{got:?}");
        assert!(got.errors.starts_with("plimsoll: accepted "), "{got:?}");
        let text = folder.read("Dockerfile");
        let comment = |it: &&str| it.starts_with("# plimsoll: ignore[");
        let comments: Vec<&str> = text.lines().filter(comment).collect();
        assert!(comments.iter().all(|it| it.ends_with("] until=2027-01-31 from before")), "{text}");
        // One for each instruction, whatever the number of its findings; nothing else is touched.
        assert!(text.contains("\nEXPOSE 22") && comments.len() >= 3, "{text}");
        let rest: String = text.split_inclusive('\n').filter(|it| !comment(it)).collect();
        assert_eq!(rest, recipe);
        assert_eq!(
            text.matches('\r').count(),
            if recipe.contains('\r') { text.matches('\n').count() } else { 0 }
        );
        // Every comment has an effect, and a second run has nothing to do.
        assert!(!got.out.contains("ineffective-ignore"), "{}", got.out);
        assert!(run(&folder, &options, "").errors.starts_with("plimsoll: accepted 0 "));
        assert_eq!(folder.read("Dockerfile"), text);
        assert_eq!(run(&folder, &["check", "Dockerfile"], "").code, 0);
    }
}

#[test]
fn only_what_fails_is_accepted() {
    let folder = folder("add-ignores-high", RECIPE);
    let got =
        run(&folder, &["check", "Dockerfile", "--add-ignores", "--reason=x", "--fail-on=high"], "");
    assert!(got.code == 0 && got.out.contains("expose-ssh"), "{got:?}");
    assert!(!folder.read("Dockerfile").contains("expose-ssh"));
}

#[test]
fn what_cannot_be_accepted_so_is_said() {
    let folder = folder("add-ignores-wrong", RECIPE);
    for options in [
        &["--add-ignores"][..],
        &["--reason=x"],
        &["--add-ignores", "--reason= "],
        &["--add-ignores", "--reason=a\nb"],
        &["--add-ignores", "--reason=x", "--fix"],
        &["--add-ignores", "--reason=x", "--fail-on=never"],
    ] {
        let got = run(&folder, &[&["check", "Dockerfile"], options].concat(), "");
        assert_eq!(got.code, 2, "{options:?}: {got:?}");
    }
    let got = run(&folder, &["check", "-", "--add-ignores", "--reason=x"], RECIPE);
    assert!(got.code == 2 && got.errors.contains("name one"), "{got:?}");
    assert_eq!(folder.read("Dockerfile"), RECIPE);
}
