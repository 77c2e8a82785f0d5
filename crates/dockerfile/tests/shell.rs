//! Shell texts, read and written out again in a short notation.

use dockerfile::shell::{self, Command, Joint, Redirect, Script, ShellWord};
use text::Cooked;

/// Writes a script so that its structure shows: `[a b]` is a command.
fn dump(script: &Script) -> String {
    let mut out = String::new();
    for (index, step) in script.steps.iter().enumerate() {
        if index > 0 {
            out.push_str(match step.joint {
                Joint::Then => " ; ",
                Joint::And => " && ",
                Joint::Or => " || ",
            });
        }
        out.push_str(&command(&step.command));
        if step.background {
            out.push_str(" &");
        }
    }
    out
}

fn command(it: &Command) -> String {
    match it {
        Command::Simple(it) => {
            let mut parts: Vec<String> = it
                .assignments
                .iter()
                .map(|it| format!("{}={}", it.name, word(&it.value)))
                .collect();
            parts.extend(it.words.iter().map(word));
            parts.extend(it.redirects.iter().map(redirect));
            format!("[{}]", parts.join(" "))
        }
        Command::Pipeline(parts) => parts.iter().map(command).collect::<Vec<_>>().join(" | "),
        Command::Not(inner) => format!("!{}", command(inner)),
        Command::Group(script, redirects) => format!("({}){}", dump(script), all(redirects)),
        Command::If(arms, redirects) => {
            let arm = |(test, body): &(Option<Script>, Script)| match test {
                Some(test) => format!("{} -> {}", dump(test), dump(body)),
                None => format!("else -> {}", dump(body)),
            };
            let arms: Vec<String> = arms.iter().map(arm).collect();
            format!("if {{{}}}{}", arms.join(", "), all(redirects))
        }
        Command::Loop(it) => {
            let words: Vec<String> = it.words.iter().map(word).collect();
            let head = match &it.variable {
                Some(name) => format!("{name} in {}", words.join(" ")),
                None => dump(&it.condition),
            };
            format!("loop {{{head} -> {}}}{}", dump(&it.body), all(&it.redirects))
        }
        Command::Case(of, arms, redirects) => {
            let arm = |it: &shell::Arm| {
                let patterns: Vec<String> = it.patterns.iter().map(word).collect();
                format!("{} -> {}", patterns.join("|"), dump(&it.body))
            };
            let arms: Vec<String> = arms.iter().map(arm).collect();
            format!("case {} {{{}}}{}", word(of), arms.join(", "), all(redirects))
        }
        Command::Function(name, body) => format!("fn {name} {}", command(body)),
        Command::Odd(_) => "?".to_owned(),
    }
}

fn all(redirects: &[Redirect]) -> String {
    redirects.iter().map(redirect).collect()
}

fn redirect(it: &Redirect) -> String {
    let body = it.body.as_ref().map(|it| format!("{{{}}}", it.as_str())).unwrap_or_default();
    let descriptor = it.descriptor.map(|it| it.to_string()).unwrap_or_default();
    format!("{descriptor}{}{}{body}", it.operator, word(&it.target))
}

fn word(it: &ShellWord) -> String {
    it.text().into_owned()
}

fn parse(text: &str) -> Script {
    shell::parse(&Cooked::plain(text, 0), &[])
}

fn check(text: &str, expected: &str) {
    assert_eq!(dump(&parse(text)), expected, "{text}");
}

#[test]
fn lists_pipelines_and_background() {
    check("a b && c || d; e & f", "[a b] && [c] || [d] ; [e] & ; [f]");
    check("a | b |& c", "[a] | [b] | [c]");
    check("! a | b", "![a] | [b]");
    check("a &&\n b\nc", "[a] && [b] ; [c]");
    check("time a b", "[a b]");
    check("a # rest && b", "[a]");
    check("a#b 'c d' \"e $f\"", "[a#b c d e $f]");
}

#[test]
fn words_lose_their_quotes() {
    check(r#"a\ b 'c'"d"e \$x "\$y\z" '' """#, r"[a b cde $x $y\z  ]");
    let script = parse("echo \"\" ''");
    assert_eq!(script.simple_commands()[0].words.len(), 3);
    check("$'a\\'b' $\"c\"", "[a\\'b c]");
}

#[test]
fn assignments_and_redirections() {
    check("A=1 B=\"x y\" cmd C=2", "[A=1 B=x y cmd C=2]");
    check("A=$(b)", "[A=$(b)]");
    check("A=(1 2) b", "[A=12 b]");
    check("a >b 2>&1 <c >>d &>e", "[a >b 2>&1 <c >>d &>e]");
    check("> /dev/null", "[>/dev/null]");
    check("a 2>/dev/null|b", "[a 2>/dev/null] | [b]");
}

#[test]
fn compound_commands() {
    check("(a; b) >c", "([a] ; [b])>c");
    check("{ a; b; } | c", "([a] ; [b]) | [c]");
    check("if a; then b; elif c; then d; else e; fi", "if {[a] -> [b], [c] -> [d], else -> [e]}");
    check("while a; do b; done < c", "loop {[a] -> [b]}<c");
    check("for x in 1 2 $y; do a $x; done", "loop {x in 1 2 $y -> [a $x]}");
    check("for x; do a; done", "loop {x in  -> [a]}");
    check("for ((i=0; i<3; i++)); do a; done", "loop { -> [a]}");
    check("case $a in x|y) b ;; *) c;; esac", "case $a {x|y -> [b], * -> [c]}");
    check("case $a in (x) b; esac && d", "case $a {x -> [b]} && [d]");
    check("f() { a; } ; function g { b; }", "fn f ([a]) ; fn g ([b])");
    check("[[ -f a && $b == c* ]] && d", "[[[ -f a && $b == c* ]]] && [d]");
    check("[ -f a ] || b", "[[ -f a ]] || [b]");
    check("((i++)); a", "? ; [a]");
}

#[test]
fn substitutions_are_scripts_of_their_own() {
    let script = parse("a $(b | c `d` \"$(e)\") <(f) ${x:-$(g)} $((1+2))");
    let mut found = Vec::new();
    script.visit(&mut |pipeline, _| {
        for it in pipeline.iter().filter_map(|it| it.simple()) {
            found.push(it.words[0].text().into_owned());
        }
    });
    assert_eq!(found, ["a", "b", "c", "d", "e", "f", "g"]);
}

#[test]
fn here_documents_in_scripts() {
    check("cat <<EOF >x\nhello\nEOF\nb", "[cat <<EOF{hello\n} >x] ; [b]");
    check("cat <<-'E'\n\thello\n\tE\nb", "[cat <<-E{hello\n}] ; [b]");
    check("cat <<A <<B\na\nA\nb\nB\nc", "[cat <<A{a\n} <<B{b\n}] ; [c]");
    check("if cat <<E; then\nx\nE\nb; fi", "if {[cat <<E{x\n}] -> [b]}");
    check("cat <<< word", "[cat <<<word]");
    check("cat <<EOF\nnever ended", "[cat <<EOF] ; [never ended]");
}

#[test]
fn what_is_not_understood_is_kept_and_reading_goes_on() {
    check("a 'open; b", "?");
    check("a ) ; b", "[a] ; ? ; [b]");
    check("fi; a", "? ; [a]");
    check("if a; then b; c && d", "? ; ? ; [c] && [d]");
    check("a $(b; c", "? ; [c]");
}

#[test]
fn places_point_into_the_source() {
    let source = "apt-get inst\\\nall -y \"cu\\\nrl\" && rm x";
    let mut cooked = Cooked::default();
    cooked.push("apt-get inst", 0);
    cooked.push("all -y \"cu", 14);
    cooked.push("rl\" && rm x", 26);
    let script = shell::parse(&cooked, &[]);
    let commands = script.simple_commands();
    let shown = |it: &ShellWord| &source[it.span.range()];
    assert_eq!(shown(&commands[0].words[1]), "inst\\\nall");
    assert_eq!(shown(&commands[0].words[3]), "\"cu\\\nrl\"");
    assert_eq!(&source[commands[1].span.range()], "rm x");
    assert_eq!(commands[0].words[3].cooked().as_str(), "curl");
}

#[test]
fn hostile_texts_end() {
    for piece in [
        "$(",
        "$(a;",
        "((",
        "((;",
        "`",
        "${a:-\"",
        "\"$(",
        "<<A;",
        "if ",
        "{ ",
        "case a in b) ",
        "$((",
        "a() ",
        "! ",
    ] {
        let script = parse(&piece.repeat(20_000));
        assert!(!script.steps.is_empty(), "{piece}");
    }
}

#[test]
fn the_program_behind_wrappers() {
    for (text, program, through) in [
        ("sudo -u app env A=1 nice -n 5 /usr/bin/curl x", "curl", 3),
        ("timeout -s KILL 5 wget x", "wget", 1),
        ("exec gosu", "gosu", 1),
        ("command -v curl", "command", 0),
        ("xargs -n 1 rm", "rm", 1),
        ("sudo", "sudo", 0),
        ("env", "env", 0),
    ] {
        let script = parse(text);
        let commands = script.simple_commands();
        let it = shell::invocation(commands[0]).unwrap();
        assert_eq!((&*it.program, it.through.len()), (program, through), "{text}");
    }
    assert!(shell::invocation(parse("$x y").simple_commands()[0]).is_none());
}
