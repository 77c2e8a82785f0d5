//! `plimsoll annotate`: the fences of any Markdown.

mod support;

use support::{Folder, run};

const TEXT: &str = "\
# Users

```dockerfile hl_lines=\"2\" fails=runs-as-root
FROM debian:13
USER root
```

~~~~dockerfile,editable,passes=root
FROM debian:13
USER 10001
~~~~

```config with
[{\"Id\": \"sha256:1\", \"Config\": {\"User\": \"10001\"}, \"RootFS\": {}}]
```

```rust fails=x
fn main() {}
```
";

fn annotate(name: &str, arguments: &[&str], text: &str) -> support::Said {
    let folder = Folder::new(name);
    folder.write("a.md", text);
    run(&folder, &[&["annotate", "--today=2026-11-24"], arguments].concat(), text)
}

#[test]
fn statements_are_written_below_their_fences_which_lose_them() {
    let said = annotate("annotate", &["-"], TEXT);
    assert_eq!((said.code, &*said.errors), (0, ""));
    let mut text = said.out;
    // What other programs read in a fence stays, and so do fences of other languages.
    for line in [
        "```dockerfile hl_lines=\"2\"\n",
        "~~~~dockerfile,editable\n",
        "```config\n",
        "```rust fails=x\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert_eq!(text.matches("<p class=\"plimsoll\">").count(), 2, "{text}");
    while let Some((before, after)) = text.split_once("\n<p class=\"plimsoll\">") {
        text = format!("{before}{}", after.split_once("</p>\n").unwrap_or_default().1);
    }
    let bare = TEXT.replace(" fails=runs-as-root", "").replace(",passes=root", "");
    assert_eq!(text, bare.replace("config with", "config"));
}

#[test]
fn a_link_opens_the_example_where_there_is_a_checker() {
    let said = annotate("annotate-link", &["a.md", "--checker=https://c.example/"], TEXT);
    assert_eq!(said.out.matches("href=\"https://c.example/#text=").count(), 2, "{}", said.out);
}

#[test]
fn a_wrong_statement_is_told_and_nothing_written() {
    let wrong = TEXT.replace("passes=root", "fails=root");
    let said = annotate("annotate-wrong", &["-", "--name=users.md"], &wrong);
    assert_eq!((said.code, &*said.out), (1, ""));
    assert!(
        said.errors.contains("users.md:8: stated is root fails, but it passes"),
        "{}",
        said.errors
    );
    let said = annotate("annotate-check", &["--check", "a.md", "a.md"], TEXT);
    assert_eq!((said.code, &*said.out), (0, "4 statements hold.\n"));
    assert_eq!(annotate("annotate-wrong-check", &["--check", "a.md"], &wrong).code, 1);
    for arguments in [&["a.md", "a.md"][..], &[], &["b.md"]] {
        assert_eq!(annotate("annotate-usage", arguments, TEXT).code, 2, "{arguments:?}");
    }
}
