//! What holds for any text: reading never fails, pieces tile, places lie in the text.

use dockerfile::{Arguments, Form, Instruction, Kind, Piece, Stages, parse, shell};
use proptest::prelude::*;
use text::Span;

/// Texts made of what matters to the reader, so that chance meets the interesting cases.
fn texts() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "FROM ",
        "RUN ",
        "COPY ",
        "ENV ",
        "ARG ",
        "ONBUILD ",
        "HEALTHCHECK ",
        "SHELL ",
        "CMD ",
        "from",
        "scratch",
        " AS ",
        "x",
        "--from=x ",
        "--mount=type=secret,id=a ",
        "--",
        "\n",
        "\n",
        "\n",
        "\r\n",
        "\\\n",
        "\\",
        "`",
        "\\ \n",
        "# c\n",
        "  # c\n",
        "# escape=`\n",
        "<<EOF",
        "<<-'E F'",
        "EOF\n",
        "\tEOF\n",
        "[",
        "]",
        "\"",
        "'",
        ",",
        "=",
        "$x",
        "${x:-y}",
        "${",
        "}",
        "$(",
        ")",
        "((",
        " ",
        "\t",
        "é",
        "\u{feff}",
        "\0",
        "if ",
        "; then ",
        "fi",
        "case x in ",
        "|",
        "&&",
        ";",
        ">",
        "<",
        "{ ",
        "NONE",
        "\u{2028}",
        "😀",
        "/tcp",
        "80",
    ];
    let piece =
        prop_oneof![8 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..40).prop_map(|it| it.concat())
}

fn inside(text: &str, span: Span) -> bool {
    text.get(span.range()).is_some()
}

fn check_instruction(text: &str, it: &Instruction) {
    assert!(inside(text, it.span) && it.span.contains(it.word.span), "{text:?}");
    assert!(inside(text, it.code()));
    for flag in &it.flags {
        assert!(it.span.contains(flag.span) && inside(text, flag.span), "{text:?}");
    }
    for heredoc in &it.heredocs {
        assert!(inside(text, heredoc.body) && inside(text, heredoc.marker));
    }
    match &it.kind {
        Kind::Run(run) => {
            if let Form::Shell(command) = &run.form {
                let script = shell::parse(command, &it.heredocs);
                for one in script.simple_commands() {
                    assert!(inside(text, one.span), "{text:?}");
                    assert!(one.words.iter().all(|it| inside(text, it.span)), "{text:?}");
                }
                assert!(script.odd().into_iter().all(|it| inside(text, it)));
            }
        }
        Kind::Copy(paths) | Kind::Add(paths) => {
            let mut words = paths.sources.iter().chain(&paths.destination);
            assert!(words.all(|it| inside(text, it.span)));
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            assert!(
                pairs.iter().all(|it| inside(text, it.name.span) && inside(text, it.value.span))
            );
        }
        Kind::Onbuild(Some(trigger)) => check_instruction(text, trigger),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn pieces_tile_and_places_lie_in_the_text(text in texts()) {
        let file = parse(&text);
        let mut at = 0;
        for piece in &file.pieces {
            prop_assert_eq!(piece.span().start(), at);
            at = piece.span().end();
        }
        prop_assert_eq!(at as usize, text.len());
        for it in &file.errors {
            prop_assert!(inside(&text, it.span), "{:?}", it);
            prop_assert!(!it.kind.message().is_empty());
        }
        for it in file.pieces.iter().filter_map(Piece::instruction) {
            check_instruction(&text, it);
        }
    }

    #[test]
    fn stages_and_state_follow_from_any_file(text in texts()) {
        let file = parse(&text);
        let given = Arguments::new();
        let stages = Stages::of(&file, &given);
        let ends = stages.walk(&file, &given, |_, _, _| {});
        prop_assert_eq!(ends.len(), stages.stages.len());
        if let Some(target) = stages.target(None) {
            prop_assert!(stages.needed(target).contains(&target));
            prop_assert_eq!(stages.lineage(target).last().copied(), Some(target));
        }
        prop_assert!(stages.errors.iter().all(|it| inside(&text, it.span)));
    }

    #[test]
    fn line_ends_do_not_matter(text in texts()) {
        let text = text.replace('\r', "");
        let words = |text: &str| -> Vec<String> {
            parse(text).instructions().map(|it| format!("{} {}", it.word.as_str(), it.args.as_str())).collect()
        };
        prop_assert_eq!(words(&text), words(&text.replace('\n', "\r\n")));
    }
}

#[test]
fn hostile_files_are_read_in_bounded_time() {
    for piece in [
        "FROM a AS a\n",
        "COPY --from=a b c\n",
        "FROM a\nCOPY --from=0 x y\n",
        "\\\n",
        "#\\\n",
        "RUN <<E\n",
        "ENV a=$a$a ",
        "ENV a=$a$a\n",
        "RUN \"",
        "CMD [",
        "ONBUILD ",
        "${a:-",
        "LABEL a=",
        "'",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        let file = parse(&text);
        let stages = Stages::of(&file, &Arguments::new());
        let ends = stages.walk(&file, &Arguments::new(), |_, _, _| {});
        assert_eq!(ends.len(), stages.stages.len(), "{piece}");
    }
}
