//! The build lets a program run with the rights of its owner or group.

use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::commands::mode_and_paths;
use crate::facts::Reach;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "setuid-bit-set",
    title: "The build makes a program run with its owner's rights",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::History],
    aka: &["S2612", "4.8"],
    doc: page!("setuid_bit_set.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    for step in case.facts.steps().filter(|it| it.reach == Reach::Image) {
        let mut looked_at = None;
        let mut found = false;
        for command in &step.run.commands {
            let Some((mode, paths)) = mode_and_paths(command) else { continue };
            looked_at = Some(mode.span);
            let text = mode.text();
            let text = text.trim_start_matches("--mode=").trim_start_matches("-m");
            let folder = command.runs(&["mkdir"]);
            let is_program = |it: &&dockerfile::shell::ShellWord| is_program(&it.text());
            let Some(bit) = bit(text, !folder && paths.iter().any(is_program)) else { continue };
            if folder && bit == Bit::Group {
                continue;
            }
            found = true;
            // `install` names what it makes last.
            let path = if command.runs(&["install"]) { paths.last() } else { paths.first() };
            let path = path.map(|it| it.text()).unwrap_or_default();
            out.fail(&step.at(mode.span), message(text, &path, bit));
        }
        if let (Some(span), false) = (looked_at, found) {
            out.clear(&step.at(span), "no program gets the rights of its owner");
        }
    }
    for seen in case.facts.copies.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        let Some((mode, span)) = &copy.mode else { continue };
        let at = Locus::Text { source: *source, span: *span };
        match bit(mode, is_program(&copy.destination)) {
            Some(bit) => {
                out.fail(&at, message(mode, &copy.destination, bit));
            }
            None => out.clear(&at, "no program gets the rights of its owner"),
        }
    }
}

/// Whose rights a program gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Bit {
    User,
    Group,
}

fn message(mode: &str, path: &str, bit: Bit) -> String {
    let whose = match bit {
        Bit::User => "owner",
        Bit::Group => "group",
    };
    format!(
        "mode {} lets everybody run {} with the rights of its {whose}",
        quote(mode),
        quote(path)
    )
}

/// Which bit a mode sets. On folders the group's bit only says to which group new files belong, so
/// it counts for what lies among programs.
fn bit(mode: &str, is_program: bool) -> Option<Bit> {
    let (user, group) = if !mode.is_empty() && mode.bytes().all(|it| it.is_ascii_digit()) {
        let value = u32::from_str_radix(mode, 8).ok()?;
        (value & 0o4000 != 0, value & 0o2000 != 0)
    } else {
        let mut set = (false, false);
        for clause in mode.split(',') {
            let Some(at) = clause.find(['+', '=', '-']) else { continue };
            let (who, how) = clause.split_at(at);
            if how.starts_with('-') || !how.contains('s') {
                continue;
            }
            set.0 |= who.is_empty() || who.contains(['u', 'a']);
            set.1 |= who.is_empty() || who.contains(['g', 'a']);
        }
        set
    };
    match (user, group && is_program) {
        (true, _) => Some(Bit::User),
        (false, true) => Some(Bit::Group),
        (false, false) => None,
    }
}

fn is_program(path: &str) -> bool {
    path.contains("/bin/") || path.contains("/sbin/") || path.contains("/libexec/")
}

#[cfg(test)]
mod tests {
    use super::{Bit, RULE, bit};
    use crate::tests::check_dockerfile;

    #[test]
    fn modes_with_the_bits() {
        for mode in ["4755", "04755", "u+s", "+s", "a+xs", "ug+s", "6755"] {
            assert_eq!(bit(mode, false), Some(Bit::User), "{mode}");
        }
        for mode in ["2755", "g+s", "g=rxs"] {
            assert_eq!((bit(mode, true), bit(mode, false)), (Some(Bit::Group), None), "{mode}");
        }
        for mode in ["755", "u-s", "a-s", "1777", "g+w", "", "x", "u=rwx"] {
            assert_eq!(bit(mode, true), None, "{mode}");
        }
    }

    #[test]
    fn the_mode_is_marked() {
        check_dockerfile(
            &RULE,
            r#"
FROM debian:13
RUN chmod u+s /bin/ping && chmod 2775 /srv
#         ^^^ mode `u+s` lets everybody run `/bin/ping` with the rights of its owner
COPY --chmod=4755 tool /usr/local/bin/tool
#            ^^^^ mode `4755` lets everybody run `/usr/local/bin/tool` with the rights of its owner
RUN install -m 2755 tool /usr/local/bin/other
#              ^^^^ mode `2755` lets everybody run `/usr/local/bin/other` with the rights of its group
RUN find / -perm /6000 -type f -exec chmod a-s {} \;
RUN mkdir -m 2770 /usr/local/bin/x
"#,
        );
    }
}
