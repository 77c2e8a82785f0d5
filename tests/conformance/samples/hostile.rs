//! Input that means harm: it ends in bounded time, without a panic, and says what it was.

use std::panic::catch_unwind;

use cpu_time::ProcessTime;

use super::{check, figure};
use crate::Figure;

/// More seconds than this for one input are too many; shown, and never asserted.
const SLOW: f64 = 5.0;

pub(super) fn measure() -> Vec<Figure> {
    let inputs = inputs();
    let (mut sound, mut said) = (0, 0);
    let mut slowest = (0.0, "");
    for (what, bytes) in &inputs {
        let start = ProcessTime::now();
        let report = catch_unwind(|| check(&[("x", bytes)]));
        let seconds = start.elapsed().as_secs_f64();
        if seconds > slowest.0 {
            slowest = (seconds, what);
        }
        match report {
            Ok(report) => {
                sound += 1;
                let is_said = !report.problems.is_empty() || !report.read.is_empty();
                said += usize::from(is_said);
                let first = report.problems.first().map_or("read", |it| &it.message);
                println!("   {what} ({} kB): {seconds:.2} s: {first}", bytes.len() / 1024);
            }
            Err(_) => println!("   {what}: panicked"),
        }
    }
    vec![
        figure("hostile input without a panic", sound, inputs.len(), 100.0),
        figure("hostile input of which something is said", said, inputs.len(), 100.0),
        Figure {
            name: "samples: slowest hostile input".to_owned(),
            value: format!("{:.2} s, {}", slowest.0, slowest.1),
            reached: slowest.0 < SLOW,
            binding: false,
        },
    ]
}

fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let n = 1_000_000;
    let image = |inside: &str| {
        format!("[{{\"Id\": \"sha256:1\", \"Architecture\": \"a\", \"Config\": {{{inside}}}}}]")
            .into_bytes()
    };
    let mut invalid = image("\"User\": \"x\"");
    invalid.splice(20..20, [0xff, 0xfe, 0xc0]);
    let rows = "<missing> 2 days ago RUN /bin/sh -c a # buildkit 0B buildkit.dockerfile.v0\n";
    let mut bomb = "services:\n  a: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for it in 1..20 {
        let before = format!("*a{}, ", it - 1).repeat(9);
        bomb += &format!("  b{it}: &a{it} [{before}]\n");
    }
    vec![
        ("nested arrays", "[".repeat(n).into_bytes()),
        ("nested objects", "{\"a\":".repeat(n).into_bytes()),
        ("nested in an image", image(&format!("\"Env\": {}", "[".repeat(n)))),
        ("a long string", image(&format!("\"User\": \"{}\"", "a".repeat(30 * n)))),
        ("100 MB", vec![b' '; 100 * n]),
        ("100 MB of JSON", format!("[{}]", "{\"a\":1},".repeat(12 * n)).into_bytes()),
        ("a million objects", "{}\n".repeat(n).into_bytes()),
        ("duplicate keys", image(&"\"User\": \"root\", ".repeat(100_000))),
        ("many variables", image(&format!("\"Env\": [{}\"A=b\"]", "\"A=b\", ".repeat(100_000)))),
        ("huge numbers", image(&format!("\"Healthcheck\": {{\"Interval\": 1e{}}}", "9".repeat(n)))),
        ("lone surrogates", image("\"User\": \"\\ud800\\udc\", \"Env\": [\"\\udfff=\\ud800\"]")),
        ("invalid UTF-8", invalid),
        ("control characters", image("\"User\": \"\u{202e}\\u0000\\u001b[31m\"")),
        ("rows of a table", format!("IMAGE CREATED CREATED BY SIZE COMMENT\n{}", rows.repeat(100_000)).into_bytes()),
        ("one row of a table", format!("IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago {} 0B\n", "a 0B ".repeat(200_000)).into_bytes()),
        ("arguments of a step", format!("IMAGE CREATED CREATED BY SIZE COMMENT\n<missing> 2 days ago RUN |99999 {} /bin/sh -c x # buildkit 0B\n", "A=b ".repeat(100_000)).into_bytes()),
        ("a long run line", format!("docker run {} a", "-e A=b ".repeat(100_000)).into_bytes()),
        ("many run lines", "docker run a\n".repeat(50_000).into_bytes()),
        ("nested run line", format!("docker run {}", "$(".repeat(100_000)).into_bytes()),
        ("aliases of YAML", bomb.into_bytes()),
        ("nested YAML", format!("services:\n  a: {}", "[".repeat(n)).into_bytes()),
        ("indented YAML", (0..5000).fold("services:\n".to_owned(), |it, depth| it + &" ".repeat(depth + 1) + "a:\n").into_bytes()),
        ("services of a Compose file", format!("services:\n{}", (0..50_000).map(|it| format!("  a{it}: {{image: b}}\n")).collect::<String>()).into_bytes()),
        ("long plain YAML", format!("services:\n  a: {}", "x ".repeat(n)).into_bytes()),
        ("nested schema 1", format!("{{\"schemaVersion\": 1, \"fsLayers\": [], \"history\": [{{\"v1Compatibility\": \"{}\"}}]}}", "[".repeat(n)).into_bytes()),
    ]
}
