//! `check --each`: files that are images of their own.

mod support;

use support::{Folder, run};

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write(".git/HEAD", "");
    folder.write("a/Dockerfile", "FROM debian:13\nUSER 1000\n");
    folder.write("b/Dockerfile", "FROM debian:13\nUSER root\n");
    folder
}

#[test]
fn each_file_has_a_report_of_its_own_and_the_worst_counts() {
    let folder = folder("each");
    let together = run(&folder, &["check", "a/Dockerfile", "b/Dockerfile"], "");
    assert_eq!(together.code, 4, "{together:?}");
    assert!(together.errors.contains("--each"), "{together:?}");
    let picked = ["check", "a/Dockerfile", "b/Dockerfile", "--pick", "a/Dockerfile"];
    let picked = run(&folder, &picked, "");
    assert_eq!((picked.code, &*picked.errors), (0, ""), "{picked:?}");
    // As editors and hooks name files, and as people name folders.
    for files in [["a/Dockerfile", "b/Dockerfile"], ["a", "b"], ["b", "a"]] {
        let got = run(&folder, &["check", "--each", files[0], files[1]], "");
        assert_eq!((got.code, &*got.errors), (1, ""), "{}", got.out);
        assert_eq!(got.out.matches("Does it run as root?").count(), 2, "{}", got.out);
        assert!(got.out.starts_with(&format!("== {}\n\n", files[0])), "{}", got.out);
        assert!(got.out.contains("runs-as-root"), "{}", got.out);
    }
    assert_eq!(run(&folder, &["check", "--each", "a"], "").code, 0);
    folder.write("c", "\0\u{1}");
    assert_eq!(run(&folder, &["check", "--each", "c", "b"], "").code, 4);
    assert_eq!(run(&folder, &["check", "--each"], "").code, 3);
}

#[test]
fn what_cannot_stand_behind_each_other_is_refused() {
    let folder = folder("each-formats");
    let github = run(&folder, &["check", "--each", "a", "b", "--format=github"], "");
    assert!(github.code == 1 && github.out.lines().all(|it| it.starts_with("::")), "{github:?}");
    for more in ["--format=sarif", "--format=json", "--output=json=x"] {
        let got = run(&folder, &["check", "--each", "a", "b", more], "");
        assert_eq!((got.code, &*got.out), (2, ""), "{more}");
    }
}
