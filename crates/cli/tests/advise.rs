//! `plimsoll advise`: how to run an image, and no option that it would pass over without a word.

mod support;

use support::{Folder, run};

#[test]
fn a_folder_is_advised_about_as_it_is_checked() {
    let folder = Folder::new("advise");
    folder.write("Dockerfile", "FROM debian:13\nUSER 1000\nCMD [\"/app\"]\n");
    let got = run(&folder, &["advise", ".", "--today", "2026-11-24"], "");
    assert_eq!((got.code, &*got.errors), (0, ""), "{}", got.out);
    for it in ["docker run", "--cap-drop", "As a Compose file:", "As a Kubernetes pod:"] {
        assert!(got.out.contains(it), "{it}: {}", got.out);
    }
    let nothing = run(&folder, &["advise", "missing"], "");
    assert_eq!(nothing.code, 2, "{nothing:?}");
}

#[test]
fn options_about_reports_belong_to_other_commands() {
    let folder = Folder::new("advise-options");
    folder.write("Dockerfile", "FROM debian:13\n");
    for option in ["--format=json", "--baseline=Dockerfile", "--fix", "--each", "--exit-zero"] {
        let got = run(&folder, &["advise", option, "Dockerfile"], "");
        assert_eq!(got.code, 2, "{option}: {got:?}");
        assert!(got.errors.contains("unexpected argument"), "{option}: {got:?}");
    }
    for option in ["--fix", "--diff", "--baseline=Dockerfile", "--each", "--add-ignores"] {
        let got = run(&folder, &["compare", option, "Dockerfile", "Dockerfile"], "");
        assert_eq!(got.code, 2, "{option}: {got:?}");
        assert!(got.errors.contains("unexpected argument"), "{option}: {got:?}");
    }
}
