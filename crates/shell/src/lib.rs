//! The optional pack that looks through shell scripts, under ShellCheck's codes.
//!
//! A wrap around `shuck-linter`, which does the work and whose codes it shares with ShellCheck. It
//! knows nothing of Dockerfiles, rules or reports: a script goes in, codes and places come out, and
//! none of the linter's own sentences leave here. It reads no files and no environment.

use std::sync::LazyLock;

use shuck_linter::{AnalysisRequest, LinterSettings, Rule, ShellCheckCodeMap, ShellDialect};
use shuck_parser::parser::Parser;

/// The language of a script.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// What POSIX says of `sh`, and nothing else.
    Posix,
    /// Debian's `sh`.
    Dash,
    /// BusyBox' `sh`.
    Ash,
    /// Bash.
    Bash,
}

/// What was found somewhere in a script.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hit {
    /// Where it starts, in bytes.
    pub start: u32,
    /// Where it ends. Invariant: not before the start, and both are on character boundaries.
    pub end: u32,
    /// ShellCheck's number for it, as in 2086.
    pub code: u16,
    /// Whether a comment in the script accepts it: `# shellcheck disable=SC2086`.
    pub accepted: bool,
}

/// Codes that Debian's and BusyBox' `sh` have no use for: both know `local`, and the option of `echo`
/// that leaves out the end of line (dash(1), "Builtins").
const KNOWN_TO_BOTH: [u16; 1] = [3043];

/// Codes about what POSIX lacks and BusyBox' `sh` has, as distributions build it, with
/// `ASH_BASH_COMPAT`: `$'…'`, `[[`, `==`, `&>`, `source`, `pipefail`, `let`, options of `echo` and
/// `read`, `$RANDOM`, parts and replacements of variables (BusyBox 1.37, `shell/ash.c`).
const KNOWN_TO_ASH: [u16; 16] = [
    3003, 3010, 3012, 3014, 3020, 3028, 3036, 3037, 3039, 3040, 3042, 3045, 3046, 3051, 3057, 3060,
];

/// So many times a script may say `time`: the parser goes down with each without counting, and 3,000 in a
/// row took it through 64 MB of stack.
const TIMES: usize = 20;

/// Finds what a linter of shell scripts has to say about one; nothing comes back where it would break.
pub fn look(dialect: Dialect, text: &str) -> Option<Vec<Hit>> {
    if text.split_whitespace().filter(|it| *it == "time").count() > TIMES {
        return None;
    }
    let shell = match dialect {
        Dialect::Posix => ShellDialect::Sh,
        Dialect::Dash | Dialect::Ash => ShellDialect::Dash,
        Dialect::Bash => ShellDialect::Bash,
    };
    let settings = SETTINGS.clone().with_shell(shell);
    let parsed = Parser::with_dialect(text, shell.parser_dialect()).parse();
    let request = || AnalysisRequest::from_parse_result(&parsed, text, &settings);
    let mut hits = hits(request().without_suppressions(), text);
    if text.contains("shellcheck") {
        let left = self::hits(request(), text);
        hits.iter_mut().for_each(|it| it.accepted = !left.contains(it));
    }
    hits.retain(|it| match dialect {
        Dialect::Posix | Dialect::Bash => true,
        Dialect::Dash => !KNOWN_TO_BOTH.contains(&it.code),
        Dialect::Ash => !KNOWN_TO_BOTH.contains(&it.code) && !KNOWN_TO_ASH.contains(&it.code),
    });
    Some(hits)
}

/// The pack as a module of its own in a browser, which the engine's worker calls. The language is 0 to
/// 3, in the order of [`Dialect`]. Of each finding: its code, start, end, and whether a comment
/// accepts it (0 or 1).
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn shell(dialect: u8, text: &str) -> Option<Vec<u32>> {
    let dialect = match dialect {
        1 => Dialect::Dash,
        2 => Dialect::Ash,
        3 => Dialect::Bash,
        _ => Dialect::Posix,
    };
    let numbers = |it: Hit| [u32::from(it.code), it.start, it.end, u32::from(it.accepted)];
    Some(look(dialect, text)?.into_iter().flat_map(numbers).collect())
}

/// The codes that can be found, in order.
pub fn codes() -> Vec<u16> {
    let mut codes: Vec<u16> = CODES.mappings().filter_map(|it| u16::try_from(it.0).ok()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

static CODES: LazyLock<ShellCheckCodeMap> = LazyLock::new(ShellCheckCodeMap::default);

/// The linter's own rules have no code of ShellCheck's, and are left out.
static SETTINGS: LazyLock<LinterSettings> = LazyLock::new(|| {
    let rules = Rule::iter().filter(|it| CODES.code_for_rule(*it).is_some());
    LinterSettings::for_rules(rules).with_resolve_source_closure(false)
});

fn hits(request: AnalysisRequest<'_>, text: &str) -> Vec<Hit> {
    let hit = |it: shuck_linter::Diagnostic| {
        let code = u16::try_from(CODES.code_for_rule(it.rule)?).ok()?;
        let (start, end) = (it.span.start.offset(), it.span.end.offset());
        text.get(start..end)?;
        let place = |it: usize| u32::try_from(it).ok();
        Some(Hit { start: place(start)?, end: place(end)?, code, accepted: false })
    };
    let mut hits: Vec<Hit> = request.lint().into_iter().filter_map(hit).collect();
    hits.sort_unstable();
    hits.dedup();
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(dialect: Dialect, text: &str) -> Vec<(u16, &str)> {
        let hits = look(dialect, text).unwrap();
        hits.iter().map(|it| (it.code, &text[it.start as usize..it.end as usize])).collect()
    }

    #[test]
    fn codes_come_with_their_places() {
        assert_eq!(found(Dialect::Posix, "cd \"$X\" || exit; rm $X/a"), [(2086, "$X")]);
        assert_eq!(found(Dialect::Posix, "echo \"\u{e9}\" $(ls)"), [(2046, "$(ls)")]);
        assert_eq!(found(Dialect::Posix, "echo fine"), []);
        assert_eq!(found(Dialect::Posix, ""), []);
    }

    #[test]
    fn the_language_decides_what_is_missing_in_it() {
        let text = "[[ -f a ]] && source a";
        let codes = |dialect| -> Vec<u16> { found(dialect, text).iter().map(|it| it.0).collect() };
        assert_eq!(codes(Dialect::Posix), [3010, 3046, 1091]);
        assert_eq!(codes(Dialect::Dash), [3010, 3046, 1091]);
        assert_eq!(codes(Dialect::Ash), [1091]);
        assert_eq!(codes(Dialect::Bash), [1091]);
    }

    #[test]
    fn comments_accept_what_follows_them() {
        let text = "true\n# shellcheck disable=SC2086\necho $X\necho $X";
        let hits: Vec<(u16, u32, bool)> = look(Dialect::Bash, text)
            .unwrap()
            .iter()
            .map(|it| (it.code, it.start, it.accepted))
            .collect();
        assert_eq!(hits, [(2086, 38, true), (2086, 46, false)]);
    }

    #[test]
    fn what_is_no_script_makes_no_panic() {
        for text in
            ["if", "$(", "((((", "\u{0}", "case x in", "'", "`", "<<EOF", "a() {", "\u{feff}x"]
        {
            for dialect in [Dialect::Posix, Dialect::Dash, Dialect::Ash, Dialect::Bash] {
                look(dialect, text);
                look(dialect, &text.repeat(500));
            }
        }
    }

    #[test]
    fn what_would_break_it_is_left_alone() {
        assert_eq!(look(Dialect::Bash, &"time ".repeat(3_000)), None);
        assert!(look(Dialect::Bash, "time a; time b").is_some());
    }

    #[test]
    fn there_are_codes() {
        let codes = codes();
        assert!(codes.len() > 250 && codes.contains(&2086), "{codes:?}");
    }
}
