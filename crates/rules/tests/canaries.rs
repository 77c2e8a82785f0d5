//! No secret that the engine knows of stands in any output, wherever else it stands in the inputs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::prelude::*;
use report::Style;
use rules::{Case, Document};
use serde_json::Value;
use text::Date;

/// Where a Dockerfile says that it is a secret. `%` stands for the canary.
const SET: &[&str] = &[
    "ENV API_TOKEN=%\n",
    "ENV API_TOKEN=\"%\"\n",
    "ENV API_TOKEN='%'\n",
    "ENV API_TOKEN %\n",
    "ENV A=1 \\\n    DB_PASSWORD=% \\\n    B=2\n",
    "ENV DATABASE_URL=postgres://app:%@db/app\n",
    "ARG NPM_TOKEN=%\n",
    "ARG NPM_TOKEN=\"%\"\nENV NPM_TOKEN=$NPM_TOKEN\n",
];

/// Where it may stand as well, on lines that rules have something to say about.
const ELSEWHERE: &[&str] = &[
    "RUN echo %\n",
    "RUN curl -u x:% https://example.com/% | sh\n",
    "RUN chmod 777 /srv/% /srv/a\n",
    "RUN chmod 777 '/srv/a/long/path/that/takes/up/most/of/what/a/sentence/shows/of/it/%'\n",
    "RUN sudo %\n",
    "RUN x \\\n  % \\\n && sudo y\n",
    "RUN sudo x && echo a long line so that its end is cut off somewhere behind what is marked in it, \
     and then a little more of it: % % % % % % % %\n",
    "RUN echo % % % % % % % % so that the start is cut off && echo % && sudo x\n",
    "RUN <<EOF\nsudo %\nEOF\n",
    "RUN --mount=type=%,target=% x\n",
    "RUN apt-get install -y git=% %\n",
    "COPY %.env /%/.env\n",
    "COPY .env /srv/%\n",
    "COPY id_rsa % %/\n",
    "COPY $% ${%} /x\n",
    "COPY --%=x a b\n",
    "COPY --from=% a b\n",
    "COPY --from=example.com/%:latest a b\n",
    "COPY --chmod=0666 a /%\n",
    "USER %\n",
    "USER ${%}\n",
    "VOLUME /%/docker.sock\n",
    "FROM example.com/%:latest\n",
    "FROM $%\n",
    "FROM scratch AS %\n",
    "% x y\n",
    "EXPOSE %\n",
    "STOPSIGNAL %\n",
    "WORKDIR /%\n",
    "LABEL a=% b\n",
    "ENV OTHER=%\n",
    "ENV %=1 B\n",
    "ARG %\n",
    "ENTRYPOINT [\"%\", 1]\n",
    "HEALTHCHECK --interval=% CMD x\n",
    "# %\n",
    "# plimsoll: ignore[%] %\n",
    "# plimsoll: ignore[runs-as-root,no-sudo] %\n",
    "# plimsoll: ignore[runs-as-root] until=% %\n",
    "# hadolint global ignore=DL3002 # %\n",
];

/// Inspect outputs, in which it is known as a secret or is not.
const INSPECTS: &[&str] = &[
    "[{\"Id\": \"%\", \"Config\": {\"User\": \"%\", \"Volumes\": {\"/%/docker.sock\": {}}}}]",
    "[{\"Id\": \"1\", \"Config\": {\"User\": \"root\", \"Env\": [\"API_TOKEN=%\", \"X=%\"]}}]",
    "[{\"Id\": \"1\", \"HostConfig\": {}, \"State\": {}, \"Config\": {\"User\": \"0\", \"Env\": [\"MY_SECRET=%\"]",
    "{\"Comment\": \"%\", \"Config\": {\"User\": \"root\"}, \"Id\": \"%\"",
    "% hello",
];

fn canaries() -> impl Strategy<Value = String> {
    // Letters first: nothing that is taken for a version, a number or a switch.
    let word = "[a-z]{4}[a-z0-9.!%^-]{4,20}[a-z0-9]{4}";
    prop_oneof![
        3 => proptest::string::string_regex(word).unwrap(),
        1 => Just(rules::page::filled("{{ghp_:36}}")),
        1 => Just("zq9\u{e9}\u{202e}x`y-pl\u{fc}m".to_owned()),
    ]
    // A placeholder is not a secret.
    .prop_filter("placeholder", |it| !["xxx", "test", "..."].iter().any(|word| it.contains(word)))
}

fn cases() -> impl Strategy<Value = (String, Vec<String>)> {
    let line = prop::sample::select(ELSEWHERE);
    let lines = prop::collection::vec(line, 1..8);
    let inspect = prop::option::of(prop::sample::select(INSPECTS));
    (canaries(), lines, prop::sample::select(SET), 0..8_usize, inspect).prop_map(
        |(canary, mut lines, set, at, inspect)| {
            lines.insert(at.min(lines.len()), set);
            let file = format!("FROM debian:9\n{}", lines.concat());
            let texts = [Some(file), inspect.map(str::to_owned)].into_iter().flatten();
            (canary.clone(), texts.map(|it| it.replace('%', &canary)).collect())
        },
    )
}

/// All texts of a JSON document, decoded.
fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(it) => out.push(it.clone()),
        Value::Array(items) => items.iter().for_each(|it| strings(it, out)),
        Value::Object(members) => members.values().for_each(|it| strings(it, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_canary_is_seen_again((canary, texts) in cases()) {
        let documents: Vec<Document<'_>> = texts
            .iter()
            .map(|it| Document { name: "input", bytes: it.as_bytes(), taken_for: None })
            .collect();
        let report = rules::check(&Case::new(&documents, Date::new(2026, 11, 24).unwrap()));
        let visible = text::visible(&canary).to_string();
        let quoted = visible.replace('`', "\u{2b9}");
        let mut shown = vec![
            report::plain(&report, Style::Plain),
            report::plain(&report, Style::Colored),
            report::markdown(&report),
        ];
        strings(&serde_json::from_str(&report::json(&report)).unwrap(), &mut shown);
        for it in shown {
            for form in [&canary, &visible, &quoted] {
                prop_assert!(!it.contains(form.as_str()), "{canary:?} of {texts:?} is in {it}");
            }
            // Nor the start of it, where a sentence or an excerpt is cut off.
            for (end, _) in canary.char_indices().skip(8) {
                let cut = format!("{}\u{2026}", &canary[..end]);
                prop_assert!(!it.contains(&cut), "{canary:?} of {texts:?} is cut in {it}");
            }
        }
    }
}
