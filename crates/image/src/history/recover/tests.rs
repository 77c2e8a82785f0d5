//! Histories of all builders, and the Dockerfiles that are recovered from them.

use super::*;
use crate::history::{boundary, records, steps};
use crate::json::Json;

/// The JSON text of entries, oldest first, each with its comment.
fn history(entries: &[(&str, &str)]) -> String {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let entry = |(by, comment): &(&str, &str)| {
        format!("{{\"created_by\": \"{}\", \"comment\": \"{}\"}}", quoted(by), quoted(comment))
    };
    format!("[{}]", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
}

fn recovered(text: &str, base: Option<usize>) -> Recovered {
    let history = records(Json::objects(text, 0).into_iter());
    let steps = steps(&history.entries);
    let base = base.unwrap_or_else(|| boundary(&history.entries, &steps).base);
    recover(&history, &steps, Known { config: None, base })
}

#[track_caller]
fn check(comment: &str, pairs: &[(&str, &str)]) {
    for (by, expected) in pairs {
        let text = history(&[(by, comment)]);
        let recovered = recovered(&text, Some(0));
        let line = recovered.lines[0];
        assert_eq!(&recovered.text[line.span.range()], *expected, "{by}");
        for it in &recovered.pieces {
            let here = &recovered.text[it.here as usize..(it.here + it.length) as usize];
            let there = &text[it.there as usize..(it.there + it.length) as usize];
            // An escape has the place of its letter.
            assert_eq!(here.replace('\n', "n"), there);
        }
    }
}

const BUILDKIT: &str = "buildkit.dockerfile.v0";

#[test]
fn the_classic_builder_is_undone() {
    check(
        "",
        &[
            ("/bin/sh -c #(nop) ADD file:3b0c in / ", "ADD file:3b0c /"),
            ("/bin/sh -c #(nop) COPY --chown=app dir:3b in /srv ", "COPY --chown=app dir:3b /srv"),
            ("/bin/sh -c #(nop)  ENV A=b c D=$x\"", "ENV A=\"b c\" D=\"\\$x\\\"\""),
            ("/bin/sh -c #(nop)  CMD [\"a\" \"-b\"]", "CMD [\"a\", \"-b\"]"),
            ("/bin/sh -c #(nop)  CMD [\"/bin/sh\" \"-c\" \"a && b\"]", "CMD a && b"),
            ("/bin/sh -c #(nop) CMD [/bin/sh -c a && b]", "CMD a && b"),
            ("/bin/sh -c #(nop)  EXPOSE map[80/tcp:{}]", "EXPOSE 80/tcp"),
            ("/bin/sh -c #(nop)  VOLUME [/data /log]", "VOLUME [\"/data\", \"/log\"]"),
            ("/bin/sh -c #(nop)  USER [nova]", "USER nova"),
            ("/bin/sh -c #(nop) WORKDIR /srv/a b", "WORKDIR /srv/a b"),
            ("/bin/sh -c #(nop)  ONBUILD RUN make", "ONBUILD RUN make"),
            ("|1 A=x /bin/sh -c make   all", "RUN make   all"),
            ("make all", "RUN [\"make\", \"all\"]"),
        ],
    );
}

#[test]
fn buildkit_is_undone() {
    check(
        BUILDKIT,
        &[
            ("RUN |2 A=x B= /bin/sh -c make all # buildkit", "RUN make all"),
            ("RUN make all # buildkit", "RUN [\"make\", \"all\"]"),
            ("RUN /bin/sh -c a\nb\n # buildkit", "RUN <<EOF\na\nb\nEOF"),
            ("RUN /bin/sh -c echo EOF\nEOF # buildkit", "RUN <<EOF1\necho EOF\nEOF\nEOF1"),
            ("RUN /bin/sh -c cat <<X >/a\n1\nX # buildkit", "RUN cat <<X >/a\n1\nX"),
            ("RUN /bin/sh -c echo $((1 <<A)) # buildkit", "RUN <<EOF\necho $((1 <<A))\nEOF"),
            ("RUN /bin/sh -c cat <<< x # buildkit", "RUN cat <<< x"),
            ("RUN /bin/sh -c echo \\ # buildkit", "RUN <<EOF\necho \\\nEOF"),
            (
                "RUN /bin/sh -c /dev/pipes/EOF # buildkit",
                "# RUN with a script that the history does not hold",
            ),
            ("COPY --chown=1:1 a b /c/ # buildkit", "COPY --chown=1:1 a b /c/"),
            ("ARG TOKEN=a b", "ARG TOKEN=\"a b\""),
            ("ARG TOKEN", "ARG TOKEN"),
            ("EXPOSE [80/tcp 53/udp]", "EXPOSE 80/tcp 53/udp"),
            ("LABEL a.b/c=d e f=", "LABEL a.b/c=\"d e\" f=\"\""),
            (
                "HEALTHCHECK {Test:[CMD-SHELL a || b] Interval:30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:3}",
                "HEALTHCHECK --interval=30s --retries=3 CMD a || b",
            ),
            (
                "HEALTHCHECK &{[\"CMD\" \"a\" \"b c\"] \"30s\" \"0s\" \"0s\" \"0s\" '\\x00'}",
                "HEALTHCHECK --interval=30s CMD [\"a\", \"b c\"]",
            ),
            ("HEALTHCHECK {Test:[NONE] Interval:0s Timeout:0s}", "HEALTHCHECK NONE"),
            (
                "SHELL [/bin/bash -o pipefail -c]",
                "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
            ),
        ],
    );
}

#[test]
fn buildah_keeps_what_was_written() {
    check(
        "",
        &[
            ("/bin/sh -c #(nop) ENV A=\"b c\"|inheritLabels=false", "ENV A=\"b c\""),
            ("/bin/sh -c #(nop) CMD [\"a\", \"b\"]", "CMD [\"a\", \"b\"]"),
            ("/bin/sh -c #(nop) ENTRYPOINT serve now", "ENTRYPOINT serve now"),
        ],
    );
}

#[test]
fn what_no_dockerfile_said_is_a_comment() {
    check("", &[("bazel build ...", "# bazel build ..."), ("", "# (nothing was recorded)")]);
    check("Imported from -", &[("", "# Imported from -")]);
}

#[test]
fn another_shell_is_set_before_it_is_used() {
    let text = history(&[
        ("RUN /bin/bash -eo pipefail -c a # buildkit", BUILDKIT),
        ("RUN /bin/bash -eo pipefail -c b # buildkit", BUILDKIT),
        ("CMD [\"/bin/bash\" \"-eo\" \"pipefail\" \"-c\" \"c\"]", BUILDKIT),
    ]);
    assert_eq!(
        recovered(&text, None).text,
        "FROM scratch\nSHELL [\"/bin/bash\", \"-eo\", \"pipefail\", \"-c\"]\nRUN a\nRUN b\nCMD c\n"
    );
}

#[test]
fn windows_escapes_with_backticks() {
    let text = history(&[
        ("Apply image 10.0.17763.1", ""),
        ("cmd /S /C dir C:\\", ""),
        ("powershell -Command $ErrorActionPreference = 'Stop'; dir C:\\x\\", ""),
    ]);
    assert_eq!(
        recovered(&text, Some(1)).text,
        "# escape=`\nFROM scratch AS base\n# Apply image 10.0.17763.1\nFROM base\nRUN dir C:\\\n\
         SHELL [\"powershell\", \"-Command\"]\nRUN $ErrorActionPreference = 'Stop'; dir C:\\x\\\n"
    );
}

#[test]
fn the_base_is_a_stage_of_its_own() {
    let text = history(&[
        ("/bin/sh -c #(nop) ADD file:3b in / ", ""),
        ("/bin/sh -c #(nop)  CMD [\"sh\"]", ""),
        ("RUN /bin/sh -c make # buildkit", BUILDKIT),
    ]);
    let recovered = recovered(&text, None);
    assert_eq!(
        recovered.text,
        "FROM scratch AS base\nADD file:3b /\nCMD [\"sh\"]\nFROM base\nRUN make\n"
    );
    let at = |it: &str| {
        let start = recovered.text.find(it).unwrap();
        Span::of(start..start + it.len())
    };
    let origin = |it: &str| recovered.origin(at(it)).map(|it| &text[it.range()]);
    assert_eq!(origin("make"), Some("make"));
    assert_eq!(origin("ake"), Some("ake"));
    assert_eq!(origin("RUN make"), Some("make"));
    assert_eq!(origin("ADD file:3b /"), Some("file:3b in /"));
    // What we added ourselves is nowhere.
    assert_eq!(origin("FROM base"), None);
    assert_eq!(origin("FROM scratch"), None);
    assert_eq!(recovered.entry(at("make")), Some(2));
    let whole = origin("RUN ").unwrap();
    assert!(whole.starts_with("{\"created_by\": \"RUN") && whole.ends_with('}'), "{whole}");
}

#[test]
fn half_a_word_is_no_word() {
    let text = history(&[("RUN /bin/sh -c apt-get install -y cu\u{2026}", BUILDKIT)]);
    assert_eq!(recovered(&text, None).text, "FROM scratch\nRUN apt-get install -y\n");
}
