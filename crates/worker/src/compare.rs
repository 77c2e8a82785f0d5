//! Two versions beside each other. The newer one may come as a patch of the older one.

use report::Report;
use report::wire::{Choices, Handed, Tell, Want};
use rules::{Linter, Settings};
use text::{Date, Source, patch};

use crate::answer::{Job, Read, Watch, read, report};

/// What was handed in, and what each says.
pub(crate) type Version = (Vec<Handed>, Vec<Read>);

/// Checks two versions and says what became of the findings.
pub(crate) async fn compare(
    number: u32,
    today: Date,
    old: Version,
    new: Version,
    shell: Option<Linter>,
    watch: Watch<'_>,
) -> Tell {
    let new = match after(&old, &new) {
        None => new,
        Some(Ok(it)) => it,
        Some(Err(what)) => return Tell::Broke { job: number, what },
    };
    let (old, before) = examined(number, today, old, shell, watch).await;
    let (new, now) = examined(number, today, new, shell, watch).await;
    let comparison = report::compare_texts((&old, &before), (&new, &now));
    let (json, markdown) = (comparison.json(), comparison.markdown());
    let changed = comparison.only_changed().markdown();
    Tell::Gave { job: number, text: format!("{json}\0{markdown}\0{changed}") }
}

/// The report of a version, and the texts that it is about.
async fn examined(
    number: u32,
    today: Date,
    (documents, contents): Version,
    shell: Option<Linter>,
    watch: Watch<'_>,
) -> (Report, Vec<Source>) {
    let (choices, want) = (Choices::default(), Want::Report);
    let job = Job { number, revision: 0, today, documents, choices, want, cancelled: None };
    let settings = Settings { shell, ..Settings::default() };
    let (case, opened) = read(&job, &contents, None, settings, watch).await;
    let stopped = opened.and_then(|it| it.stopped);
    (report(&job, &contents, &case, stopped.as_ref()), case.sources)
}

/// The older version with a patch applied to it, if the newer one is a patch.
fn after(old: &Version, new: &Version) -> Option<Result<Version, String>> {
    let [Read::Bytes(bytes)] = &new.1[..] else { return None };
    let text = std::str::from_utf8(bytes).ok().filter(|it| patch::is_patch(it))?;
    let (mut contents, mut texts, mut places) = (old.1.clone(), Vec::new(), Vec::new());
    for (place, (handed, content)) in old.0.iter().zip(&old.1).enumerate() {
        if let Read::Bytes(bytes) = content
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            texts.push((handed.name.as_str(), text));
            places.push(place);
        }
    }
    Some(patch::patched(text, &texts).map(|all| {
        for (place, text) in places.into_iter().zip(all) {
            let bytes = text.into_bytes();
            contents.iter_mut().skip(place).take(1).for_each(|it| *it = Read::Bytes(bytes.clone()));
        }
        (old.0.clone(), contents)
    }))
}

#[cfg(test)]
mod tests {
    use report::wire::Content;
    use rules::{Case, Document};

    use super::*;

    const OLD: &str = "FROM a:1\nUSER root\n";
    const NEW: &str = "\n\nFROM a:1\nADD a /a\nUSER 1\n";

    fn version(text: &str) -> Version {
        let name = "Dockerfile".to_owned();
        let handed = Handed { name, taken_for: None, content: Content::File(0) };
        (vec![handed], vec![Read::Bytes(text.as_bytes().to_vec())])
    }

    fn told(old: &str, new: &str) -> Tell {
        let mut watch = |_| image::Next::On;
        let today = "2026-11-24".parse().unwrap();
        image::finish(compare(3, today, version(old), version(new), None, &mut watch))
    }

    #[test]
    fn two_versions_are_compared() {
        let Tell::Gave { job: 3, text } = told(OLD, NEW) else { panic!() };
        let native = |text: &str| {
            let document = Document { name: "Dockerfile", bytes: text.as_bytes(), taken_for: None };
            let case = Case::new(&[document], "2026-11-24".parse().unwrap());
            (rules::check(&case), case.sources)
        };
        let (old, new) = (native(OLD), native(NEW));
        let native = report::compare_texts((&old.0, &old.1), (&new.0, &new.1));
        let (json, markdown) = (native.json(), native.markdown());
        assert_eq!(text, format!("{json}\0{markdown}\0{}", native.only_changed().markdown()));
        assert!(text.contains("\"rule\": \"runs-as-root\""), "{text}");
    }

    #[test]
    fn a_patch_is_applied_to_the_older_version() {
        let patch = "--- a/x/Dockerfile\n+++ b/x/Dockerfile\n@@ -1,2 +1,5 @@\n+\n+\n FROM a:1\n+ADD a /a\n\
                     -USER root\n+USER 1\n";
        assert_eq!(told(OLD, patch), told(OLD, NEW));
        let Tell::Broke { job: 3, what } = told("FROM b:1\n", patch) else { panic!() };
        assert!(what.contains("line 3 of the patch does not fit"), "{what}");
    }
}
