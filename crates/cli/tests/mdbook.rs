//! The preprocessor for mdBook, spoken to as mdBook does.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use support::{Folder, Said, run};

const CHAPTER: &str = "\
# Users

Text before.

```dockerfile fails=runs-as-root unknown=secrets
FROM debian:13
USER root
```

Text between.

```dockerfile,editable,passes=root
FROM debian:13
USER 10001
```

```config with
[{\"Id\": \"sha256:1\", \"Config\": {\"User\": \"10001\"}, \"RootFS\": {}}]
```

1. In a list:

   ```dockerfile fails=DL3002
   FROM debian:13
   USER root
   ```

```rust
fn main() {}
```
";

/// A book as mdBook writes it, of this or the version before.
fn book(content: &str, parts: &str) -> Value {
    let chapter = |name: &str, content: &str, inner: Vec<Value>| {
        json!({"Chapter": {
            "name": name, "content": content, "number": [1], "sub_items": inner,
            "path": format!("{name}.md"), "source_path": format!("{name}.md"), "parent_names": [],
        }})
    };
    let inner = chapter("inner", content, Vec::new());
    let chapters =
        json!([chapter("outer", "Nothing here.\n", vec![inner]), "Separator", {"PartTitle": "x"}]);
    json!({ parts: chapters, "__non_exhaustive": null })
}

fn context(checker: Option<&str>) -> Value {
    let mut own = json!({"command": "plimsoll mdbook"});
    if let Some(it) = checker {
        own["checker"] = json!(it);
    }
    json!({"root": "/book", "config": {"preprocessor": {"plimsoll": own}}, "renderer": "html", "mdbook_version": "0.4.52"})
}

fn run_with(arguments: &[&str], input: &str) -> Said {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    run(&Folder::new(&format!("mdbook-{number}")), arguments, input)
}

fn spoken(context: &Value, book: &Value) -> Said {
    run_with(&["mdbook", "--today", "2026-11-24"], &json!([context, book]).to_string())
}

fn content(book: &Value, parts: &str) -> String {
    let inner = &book[parts][0]["Chapter"]["sub_items"][0]["Chapter"]["content"];
    inner.as_str().unwrap().to_owned()
}

#[test]
fn only_books_of_html_are_worked_on() {
    assert_eq!(run_with(&["mdbook", "supports", "html"], "").code, 0);
    assert_eq!(run_with(&["mdbook", "supports", "latex"], "").code, 1);
}

#[test]
fn what_is_stated_and_true_is_written_below_its_fence() {
    for parts in ["sections", "items"] {
        let given = book(CHAPTER, parts);
        let said = spoken(&context(Some("https://docs.example/p/index.html")), &given);
        assert_eq!((said.code, &*said.errors), (0, ""), "{}", said.out);
        let book: Value = serde_json::from_str(&said.out).unwrap();
        let text = content(&book, parts);
        assert!(
            text.contains(
                "USER root\n```\n\n<p class=\"plimsoll\"><span class=\"plimsoll-fails\"><span aria-hidden=\"true\">\u{25b2}</span> \
                 <code>runs-as-root</code> fails</span> <span class=\"plimsoll-unknown\"><span aria-hidden=\"true\">?</span> \
                 <code>secrets</code> not known</span> <a href=\"https://docs.example/p/index.html#text=RlJPTSBkZWJpYW46MTMKVVNFUiByb290Cg\" \
                 rel=\"noopener noreferrer\">Open in Plimsoll</a></p>\n"
            ),
            "{text}"
        );
        // Two fences that are one case have one mark, below the second.
        assert!(text.contains("&amp;beside="), "{text}");
        assert!(!text.contains("USER 10001\n```\n\n<p"), "{text}");
        // In a list it would end the list.
        assert_eq!(text.matches("class=\"plimsoll\"").count(), 2, "{text}");
        // Nothing else is touched.
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("\n<p class=\"plimsoll\">") {
            rest = format!("{before}{}", after.split_once("</p>\n").unwrap().1);
        }
        assert_eq!(rest, CHAPTER);
        let mut same = book;
        same[parts][0]["Chapter"]["sub_items"][0]["Chapter"]["content"] = json!(CHAPTER);
        assert_eq!(same, given);
    }
}

#[test]
fn without_a_checker_there_is_no_link() {
    let said = spoken(&context(None), &book(CHAPTER, "items"));
    assert_eq!(said.code, 0, "{}", said.errors);
    assert!(said.out.contains("plimsoll-fails") && !said.out.contains("<a href"), "{}", said.out);
}

#[test]
fn a_wrong_statement_fails_the_book() {
    let wrong = CHAPTER
        .replace("fails=DL3002", "passes=DL3002")
        .replace("unknown=secrets", "fails=secrets");
    let said = spoken(&context(None), &book(&wrong, "sections"));
    assert_eq!(said.code, 2);
    assert_eq!(said.out, "", "a book that is wrong is not handed back");
    for line in [
        "inner.md:5: stated is secrets fails, but it is not known",
        "inner.md:23: stated is DL3002 passes, but it fails: ",
        "2 statements are wrong in this book",
    ] {
        assert!(said.errors.contains(line), "{line} is not in {}", said.errors);
    }
}

#[test]
fn what_states_nothing_by_mistake_fails_the_book() {
    for (info, line) in [
        ("dockerfile fail=root", "`fail=root` states nothing"),
        ("dockerfile fails=run-as-root", "`run-as-root` is no rule"),
    ] {
        let text = format!("```{info}\nFROM scratch\nUSER root\n```\n");
        let said = spoken(&context(None), &book(&text, "items"));
        assert_eq!(said.code, 2);
        assert!(said.errors.contains(line), "{}", said.errors);
    }
    // Words for others are none of our business.
    let text = "```dockerfile hl_lines=2 title=root.txt\nFROM scratch\n```\n";
    assert_eq!(spoken(&context(None), &book(text, "items")).code, 0);
}

#[test]
fn what_is_no_book_is_said() {
    for text in ["", "[]", "[1]", "{}", "[{}, {}, {}]"] {
        let said = run_with(&["mdbook"], text);
        assert_eq!(said.code, 2, "{text}");
        assert!(said.errors.contains("this is no book"), "{text}: {}", said.errors);
    }
    let deep = format!("[{{}}, {}{}]", "[".repeat(100), "]".repeat(100));
    assert!(run_with(&["mdbook"], &deep).errors.contains("deeper"));
}
