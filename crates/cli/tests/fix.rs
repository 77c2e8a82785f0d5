//! `--fix` and `--diff`: what is written where, and what is never touched.

mod support;

use support::{Folder, run};

const RECIPE: &str = "FROM debian:13\nRUN apt install curl\nADD a.py /\nUSER 1000";
const FIXED: &str = "FROM debian:13\nRUN apt-get install -y curl\nCOPY a.py /\nUSER 1000";

#[test]
fn a_dockerfile_is_mended_where_it_lies() {
    let folder = Folder::new("mended");
    folder.write("Dockerfile", RECIPE);
    let got = run(&folder, &["check", "--fix", "Dockerfile"], "");
    assert_eq!(folder.read("Dockerfile"), FIXED);
    assert_eq!(got.code, 0, "{got:?}");
    assert!(got.errors.contains("Dockerfile: fixed 3 findings; 1 more has a fix to be looked at"));
    assert!(got.out.contains("apt-no-install-recommends") && !got.out.contains("prefer-apt-get"));
    // The second time there is nothing to do.
    let again = run(&folder, &["check", "--fix", "Dockerfile"], "");
    assert!(again.errors.contains("fixed 0 findings"), "{again:?}");
    assert_eq!(folder.read("Dockerfile"), FIXED);
    assert_eq!(folder.names(), ["Dockerfile"]);
}

#[test]
fn what_has_to_be_looked_at_is_applied_when_asked_for() {
    for word in ["review", "unsafe"] {
        let folder = Folder::new(word);
        folder.write("Dockerfile", RECIPE);
        run(&folder, &["check", &format!("--fix={word}"), "Dockerfile"], "");
        let expected = FIXED.replace("install", "install --no-install-recommends");
        assert_eq!(folder.read("Dockerfile"), expected);
    }
}

#[test]
fn a_filter_gives_the_dockerfile_and_tells_of_it_elsewhere() {
    let folder = Folder::new("filter");
    let got = run(&folder, &["check", "--fix", "-"], RECIPE);
    assert_eq!(got.out, FIXED);
    assert!(got.errors.contains("Does it run as root?"));
    let nothing = run(&folder, &["check", "--fix", "-"], FIXED);
    assert_eq!(nothing.out, FIXED);
}

#[test]
fn a_diff_is_what_fixing_does() {
    for text in [RECIPE.to_owned(), RECIPE.replace('\n', "\r\n"), format!("{RECIPE}\n\n# end\n")] {
        let folder = Folder::new("diff");
        folder.write("sub/Dockerfile", &text);
        let got = run(&folder, &["check", "--diff=review", "sub/Dockerfile"], "");
        assert_eq!(folder.read("sub/Dockerfile"), text);
        assert_eq!(got.code, 1, "the exit code is that of the file as it is");
        assert!(got.out.starts_with("--- a/sub/Dockerfile\n+++ b/sub/Dockerfile\n"));
        let patch = diffy::Patch::from_str(&got.out).unwrap();
        let patched = diffy::apply(&text, &patch).unwrap();
        run(&folder, &["check", "--fix=review", "sub/Dockerfile"], "");
        assert_eq!(folder.read("sub/Dockerfile"), patched);
    }
}

#[test]
fn a_diff_shows_no_secret() {
    let folder = Folder::new("secret");
    let secret = ["correct", "horse", "battery"].join("-");
    let text = RECIPE.replace("USER", &format!("ENV API_TOKEN={secret}\nUSER"));
    folder.write("Dockerfile", &text);
    let got = run(&folder, &["check", "--diff", "Dockerfile"], "");
    assert!(got.out.contains("+COPY a.py /") && got.out.contains(" ENV API_TOKEN="));
    assert!(!got.out.contains(&secret) && !got.errors.contains(&secret));
    assert!(got.errors.contains("secrets are masked"));
    run(&folder, &["check", "--fix", "Dockerfile"], "");
    assert!(folder.read("Dockerfile").contains(&secret));
}

#[test]
fn nothing_but_a_dockerfile_is_written_to() {
    let folder = Folder::new("others");
    let inspect = r#"[{"Config": {"User": "root"}, "RootFS": {"Layers": []}}]"#;
    folder.write("image.json", inspect);
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(RECIPE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    folder.write_bytes("Wide", &wide);
    let got = run(&folder, &["check", "--fix=review", "image.json"], "");
    assert!(got.errors.contains("no Dockerfile was given"), "{got:?}");
    let got = run(&folder, &["check", "--fix=review", "Wide"], "");
    assert!(got.errors.contains("no Dockerfile was given"), "{got:?}");
    assert_eq!(folder.read("image.json"), inspect);
    assert_eq!(folder.read_bytes("Wide"), wide);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("links");
    folder.write("real", RECIPE);
    let mode = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(folder.path("real"), mode).unwrap();
    symlink("real", folder.path("Dockerfile")).unwrap();
    run(&folder, &["check", "--fix", "Dockerfile"], "");
    assert!(folder.path("Dockerfile").symlink_metadata().unwrap().is_symlink());
    assert_eq!(folder.read("real"), FIXED);
    let mode = folder.path("real").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn fixing_and_showing_exclude_each_other() {
    let folder = Folder::new("both");
    let got = run(&folder, &["check", "--fix", "--diff", "Dockerfile"], "");
    assert_eq!(got.code, 2);
    let got = run(&folder, &["check", "--fix=some", "Dockerfile"], "");
    assert_eq!(got.code, 2);
}
