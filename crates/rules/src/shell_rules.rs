//! The rules of the pack that looks through shell scripts: one for each code of ShellCheck's, in our
//! words.
//!
//! Those run by default whose findings were held against ShellCheck's own: `data/shell_codes.tsv` has
//! what came of it. The others run where somebody switches them on, which only the command line can.

use report::{Applies, Input, Severity};

use crate::{Rule, scripts};

macro_rules! codes {
    ($(#[$attribute:meta])* $list:ident $default:literal: $($code:literal $severity:ident $title:literal;)*) => {
        $(#[$attribute])*
        static $list: &[&Rule] = &[
            $(&Rule {
                id: concat!("shell-sc", $code),
                title: $title,
                question: None,
                severity: Severity::$severity,
                applies: Applies::Build,
                default: $default,
                reads: &[Input::Dockerfile],
                aka: &[concat!("SC", $code)],
                doc: "",
                check: |case, out| scripts::tell(case, out, $code, $title),
            },)*
        ];
    };
}

/// Says which scripts were not looked through.
static UNREAD: Rule = Rule {
    id: "shell-script-unread",
    title: "A script was not looked through",
    question: None,
    severity: Severity::Note,
    applies: Applies::Build,
    default: true,
    reads: &[Input::Dockerfile],
    aka: &[],
    doc: "",
    check: scripts::tell_unread,
};

/// The rules of the pack, by code.
pub fn shell_rules() -> impl Iterator<Item = &'static Rule> {
    std::iter::once(&UNREAD).chain(COMPARED.iter().chain(OTHERS).copied())
}

/// What there is to read about a rule of the pack.
pub fn shell_page(rule: &Rule) -> String {
    let Some(code) = rule.aka.first() else { return String::new() };
    format!(
        "A finding of the optional pack that looks through shell scripts, under the code of \
         ShellCheck, whose wiki explains it: https://www.shellcheck.net/wiki/{code}\n"
    )
}

/// Whether a name is one of a code: rules of the pack are known where they are not built in.
pub(crate) fn names_code(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let digits = lower.strip_prefix("shell-sc").or_else(|| lower.strip_prefix("sc"));
    digits.is_some_and(|it| it.len() == 4 && it.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(not(feature = "every-code"))]
static OTHERS: &[&Rule] = &[];

codes! {
    /// Held against ShellCheck's findings, and found right.
    COMPARED true:
    1001 Note "A backslash before a letter does nothing here";
    1003 Note "A backslash does not keep a single quote from closing";
    1007 Low "A blank behind the equals sign leaves the variable empty";
    1072 Medium "The shell cannot read this";
    1075 Medium "`else if` opens another `if` that needs its own end";
    2001 Note "The shell can replace this without `sed`";
    2005 Note "`echo` prints what its command would print without it";
    2006 Note "Backticks are the old way to take the output of a command";
    2010 Low "`ls` behind `grep` trips over names of files that a pattern would not";
    2013 Note "A loop over the words of a file is no loop over its lines";
    2014 Note "The shell expands this before `find` runs, so it is the same for every file";
    2016 Note "Nothing is expanded inside single quotes";
    2021 Note "Brackets around a range are characters of their own for `tr`";
    2026 Note "A word stands between two quoted parts, and is not quoted itself";
    2027 Low "The quotes around this end those around the whole";
    2028 Note "Whether `echo` understands escapes depends on the shell";
    2034 Low "A variable is set and never used";
    2035 Note "A name of a file that begins with a dash would be taken for an option";
    2038 Low "`find` before `xargs` trips over blanks in names without `-print0`";
    2043 Low "The loop runs once, over one constant word";
    2045 Medium "A loop over the output of `ls` trips over unusual names";
    2046 Low "The output of a command is split into words, as it is not quoted";
    2048 Low "Arguments with blanks are split, as `$*` is not quoted";
    2059 Note "A variable is the format of `printf`, so its signs are read as formats";
    2061 Low "The shell may expand the pattern before `find` sees it";
    2086 Note "A variable is used without quotes, so its value may become several words";
    2102 Note "A bracket matches one character, however often it lists it";
    2115 Low "If the variable is empty, this removes what is in `/`";
    2129 Note "Several commands write to one file and could share one redirection";
    2154 Low "A variable is used and never set";
    2155 Low "Whether the command failed is lost in the declaration";
    2164 Low "What follows runs in the wrong folder if `cd` fails";
    2166 Low "`-a` and `-o` in a test are read differently by shells";
    2196 Note "`egrep` is the old name of `grep -E`";
    2211 Low "A pattern is run as a command";
    2291 Note "Several blanks become one, as they are not quoted";
    2308 Note "This `expr` has results that are not the same everywhere";
    3003 Low "The shell has no `$'…'`";
    3014 Low "The shell compares with `=`, not with `==`";
    3020 Low "The shell has no `&>`";
    3037 Low "What `echo` makes of options depends on the shell";
}

codes! {
    /// Never met in real Dockerfiles, or too seldom right there.
    #[cfg(feature = "every-code")]
    OTHERS false:
    1010 Low "A word of a loop stands where a command ends without a semicolon";
    1012 Low "`\\t` and the like are plain letters for the shell";
    1020 Medium "A blank is missing before `]`";
    1035 Medium "A blank is missing behind `[`";
    1037 Medium "Arguments from the tenth on need braces";
    1045 Medium "`&` ends a command, and `;` behind it has nothing to end";
    1065 Medium "Functions declare no parameters";
    1069 Medium "A blank is missing between `if` and `[`";
    1078 Low "A quote before this was probably not closed";
    1083 Low "Braces that mean nothing to the shell are written without quotes";
    1087 Medium "An array is read without braces";
    1089 Medium "A word that closes something has nothing to close";
    1097 Medium "An assignment looks like a comparison";
    1101 Medium "Behind the backslash stands a blank, so the line ends here";
    1102 Medium "`$((` is read as arithmetic, and this is none";
    1110 Low "A typographic quote does not quote";
    1112 Low "A typographic quote stands inside quotes";
    1126 Medium "A comment to the linter belongs before the command";
    1127 Medium "`//` begins no comment";
    1132 Low "`&` in the middle of a word ends the command";
    1133 Medium "A line cannot begin with an operator";
    1143 Medium "A backslash at the end of a comment continues nothing";
    2003 Note "`expr` does what the shell can do itself";
    2004 Note "Variables need no dollar sign in arithmetic";
    2007 Note "`$[…]` is the old way to calculate";
    2009 Note "`pgrep` finds processes without `grep`";
    2011 Low "`ls` behind `xargs` trips over unusual names of files";
    2012 Note "`ls` is for people; `find` copes with any name of a file";
    2015 Note "What stands behind `||` runs too when the middle fails";
    2018 Note "`tr` with a to z leaves other letters alone";
    2019 Note "`tr` with A to Z leaves other letters alone";
    2022 Note "A star in a regular expression is not a star of the shell";
    2024 Low "`sudo` does not open the file behind the redirection";
    2029 Note "This is expanded here, not on the other machine";
    2030 Note "A variable is changed in a subshell, where the change ends";
    2031 Note "A variable was changed in a subshell, and the change is lost";
    2044 Low "A loop over the output of `find` trips over blanks in names";
    2050 Low "Both sides of the comparison are constant";
    2053 Low "The right side of the comparison is taken for a pattern";
    2054 Low "Items of an array are apart by blanks, not by commas";
    2060 Low "The shell may expand what `tr` is given";
    2062 Low "The shell may expand the pattern before `grep` sees it";
    2063 Low "`grep` reads a regular expression, in which a star does not begin";
    2064 Low "The trap is expanded when it is set, not when it runs";
    2066 Medium "The loop runs once, as its list is one quoted word";
    2068 Medium "Items of an array are split into words, as they are not quoted";
    2069 Low "Errors still go to the terminal: the order of the redirections is the other one";
    2070 Medium "The test is always true, as the variable is not quoted";
    2071 Medium "`>` writes to a file here, and compares no numbers";
    2072 Medium "Numbers with a point cannot be compared";
    2076 Low "Quotes make the regular expression a plain text";
    2078 Note "The test is about a constant";
    2081 Medium "`[` knows no patterns";
    2088 Low "A tilde inside quotes stays a tilde";
    2089 Low "Quotes inside a variable are plain characters";
    2090 Low "Quotes inside this variable are not read as quotes";
    2091 Low "The output of a command is run as a command";
    2094 Note "The same file is read and written in one pipeline";
    2097 Low "The assignment is for the command, not for its arguments";
    2098 Low "The variable is expanded before it is assigned";
    2100 Low "This assigns a text, and calculates nothing";
    2103 Note "A `cd` back may go wrong; a subshell comes back by itself";
    2104 Medium "`continue` stands in a function, outside of a loop";
    2105 Medium "`break` or `continue` stands outside of a loop";
    2116 Note "`echo` only prints what could stand here itself";
    2124 Low "An array becomes one text";
    2125 Low "The pattern is not expanded in an assignment";
    2126 Note "`grep -c` counts lines itself";
    2128 Low "An array without an index is its first item";
    2139 Low "The alias is expanded when it is defined";
    2140 Low "The quotes end in the middle of the word";
    2141 Low "`\\n` is no line end in this assignment";
    2142 Medium "An alias takes no arguments";
    2143 Note "`grep -q` answers without taking the output";
    2144 Medium "The test takes one file, and a pattern may be several";
    2145 Medium "A text and an array are joined in one argument";
    2146 Low "The action belongs to the last condition only; `-o` binds less";
    2156 Low "The name of a file becomes a part of the script";
    2157 Medium "The test is about a constant and never changes";
    2162 Note "`read` without `-r` takes backslashes away";
    2163 Low "This exports the variable that is named by the value";
    2168 Medium "`local` stands outside of a function";
    2181 Note "The exit code can be tested by `if` itself";
    2194 Low "The word of the `case` is constant";
    2197 Note "`fgrep` is the old name of `grep -F`";
    2206 Low "A variable is split into an array without a plan";
    2207 Low "The output of a command is split into an array without a plan";
    2209 Low "A variable gets the name of a command, not its output";
    2210 Low "This writes to a file whose name is a number";
    2215 Low "An option stands where a command belongs: the line above may lack its backslash";
    2216 Low "The command reads no input, so the pipe is in vain";
    2217 Low "The command reads no input, so the redirection is in vain";
    2219 Note "`let` is the old way to calculate";
    2223 Note "The default is expanded and split into words";
    2231 Note "The variable in the pattern of the loop is not quoted";
    2235 Note "A subshell groups what braces could group";
    2238 Low "This writes to a file that is named like a command";
    2242 Medium "Exit codes are numbers from 0 to 255";
    2252 Low "One of the two conditions is always true";
    2254 Low "The variable in the pattern is taken for a pattern itself";
    2260 Medium "The redirection goes before the pipe";
    2261 Medium "Two redirections compete for one output";
    2268 Note "The letter before the compared texts is not needed";
    2294 Low "`eval` undoes what the array kept apart";
    2295 Note "The variable in the pattern is not quoted and is taken for a pattern";
    2309 Low "Texts are compared as if they were numbers";
    2317 Note "This is never run";
    2319 Low "`$?` is that of the test, not of the command";
    3001 Low "The shell has no process substitution";
    3005 Low "The shell has no `for` with arithmetic";
    3006 Low "The shell has no arithmetic on its own";
    3009 Low "The shell has no braces that expand";
    3010 Low "The shell has no `[[ ]]`";
    3011 Low "The shell has no here-strings";
    3015 Low "The shell has no `=~`";
    3024 Low "The shell has no `+=`";
    3030 Low "The shell has no arrays";
    3040 Low "The shell has no `set -o pipefail`";
    3043 Low "Not every shell has `local`";
    3044 Low "The shell has no `declare`";
    3045 Low "The shell does not know this option";
    3046 Low "The shell has no `source`; a point does the same";
    3047 Low "The shell has no trap for `ERR`";
    3053 Low "The shell has no indirect variables";
    3054 Low "The shell has no arrays";
    3057 Low "The shell cannot take a part of a variable";
    3059 Low "The shell cannot change the case of letters";
    3060 Low "The shell cannot replace inside a variable";
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{names_code, shell_page, shell_rules};

    /// Code, found by both, only by us, only by ShellCheck.
    fn measured() -> BTreeMap<String, [u32; 3]> {
        let text = include_str!("../data/shell_codes.tsv");
        let rows = text.lines().filter(|it| !it.starts_with('#')).map(|line| {
            let mut cells = line.split('\t');
            let code = cells.next().unwrap().to_owned();
            let numbers: Vec<u32> = cells.map(|it| it.parse().unwrap()).collect();
            (code, numbers.try_into().unwrap())
        });
        rows.collect()
    }

    #[test]
    fn what_runs_by_default_was_found_right() {
        let measured = measured();
        let mut n = 0;
        for rule in shell_rules().filter(|it| it.default) {
            let Some(code) = rule.aka.first() else { continue };
            let [both, ours, _] = measured[*code];
            assert!(
                both >= 1 && both * 20 >= (both + ours) * 19,
                "{code}: {both} of {}",
                both + ours
            );
            n += 1;
        }
        assert!(n > 30, "{n}");
    }

    #[test]
    fn rules_are_in_order_and_speak_plainly() {
        let mut ids = BTreeSet::new();
        for rule in shell_rules() {
            assert!(ids.insert(rule.id), "{} is there twice", rule.id);
            let first = rule.title.chars().next().unwrap();
            assert!(!rule.title.ends_with('.') && !first.is_lowercase(), "{}", rule.title);
            assert!(rule.title.len() < 90, "{}", rule.title);
            assert_eq!(shell_page(rule).is_empty(), rule.aka.is_empty());
            assert!(
                rule.aka.iter().all(|it| names_code(it))
                    && crate::RULES.iter().all(|it| it.id != rule.id)
            );
        }
    }

    #[test]
    fn codes_are_known_by_their_form() {
        for name in ["SC2086", "sc1001", "shell-sc2046"] {
            assert!(names_code(name), "{name}");
        }
        for name in ["DL3006", "SC", "SC20860", "shell-script-unread", "scratch"] {
            assert!(!names_code(name), "{name}");
        }
    }
}
