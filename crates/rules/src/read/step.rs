//! Reads a `RUN`: in which language it is written, and which commands it holds.

use std::collections::BTreeMap;

use dockerfile::shell::{self, Command, Joint, Part, Script, Simple, Step};
use dockerfile::{Form, Instruction, Reason, Run, StageId, State, Value, Word};
use text::{Cooked, Span};

use crate::commands::{FileReader, Prompt, RunCommand, commands, inner, windows, written};
use crate::facts::{self, Dialect, RunStep, StartCommand, StepMount, User};
use crate::knowledge::base_image::{BaseImage, DefaultUser, Shell};

/// Reads a step. `base`: what is known of the image below its stage.
pub(super) fn step(
    stage: StageId,
    it: &Instruction,
    run: &Run,
    state: &State,
    base: Option<BaseImage>,
    escape: char,
) -> RunStep {
    let mut out = RunStep {
        commands: Vec::new(),
        dialect: Dialect::Exec,
        shell: state.shell.clone(),
        text: it.args.clone(),
        variables: BTreeMap::new(),
        user: state.user.as_ref().and_then(|it| it.value.known().map(User::new)),
        workdir: state.workdir.clone(),
        mounts: mounts(run, state, escape),
        changes: Vec::new(),
        written: Vec::new(),
        scope: state.scope.clone(),
        odd: Vec::new(),
        stage,
        trigger: false,
        code: it.code(),
    };
    let script = match &run.form {
        Form::Exec(words) => exec_form(words),
        Form::Shell(text) => {
            out.dialect = dialect(state, base, it);
            if !out.dialect.is_read() {
                return out;
            }
            shell::parse(text, &it.heredocs)
        }
    };
    (out.commands, out.odd) = all_commands(script);
    out.variables = used_variables(&out.commands, state);
    let home = home(&out, base);
    let files = FileReader::new(&out.scope, out.workdir.as_deref(), home.as_deref());
    out.changes = files.read(&out.commands);
    out.written = written(&out);
    out
}

/// The commands of a step in a language of Windows, or of what another hands to one. Rules read
/// POSIX commands and no others; these are read for the credentials that they are given.
pub(super) fn windows_commands(step: &RunStep) -> Vec<RunCommand> {
    match step.dialect {
        Dialect::PowerShell => windows(&step.text, Prompt::PowerShell),
        Dialect::Cmd => windows(&step.text, Prompt::Cmd),
        _ => {
            let texts = step.commands.iter().filter_map(inner);
            texts.flat_map(|(prompt, text)| windows(&text, prompt)).collect()
        }
    }
}

/// Longer values are not kept with every step that uses them.
const LONGEST_VALUE: usize = 1024;

/// The values of the build's variables that commands use.
fn used_variables(commands: &[RunCommand], state: &State) -> BTreeMap<String, Option<String>> {
    let mut used = BTreeMap::new();
    for it in commands {
        let assigned = it.simple.assignments.iter().map(|it| &it.value);
        let targets = it.simple.redirects.iter().map(|it| &it.target);
        let parts = it.simple.words.iter().chain(assigned).chain(targets).flat_map(|it| &it.parts);
        for part in parts {
            let Part::Variable { name, .. } = part else { continue };
            if used.contains_key(name) {
                continue;
            }
            let value = match state.scope.get(name) {
                Value::Known(value) if value.len() <= LONGEST_VALUE => Some(value.to_owned()),
                Value::Unknown(Reason::BuildArg) => None,
                Value::Known(_) | Value::Unknown(_) => continue,
            };
            used.insert(name.clone(), value);
        }
    }
    used
}

/// The home of the user: that of root unless the image is known to start as somebody else.
fn home(step: &RunStep, base: Option<BaseImage>) -> Option<String> {
    let root = match (&step.user, base) {
        (Some(user), _) => user.names_root(),
        (None, Some(base)) => base.user == DefaultUser::Root,
        (None, None) => true,
    };
    let own = step.variable("HOME").map(str::to_owned);
    own.or_else(|| root.then(|| "/root".to_owned()))
}

/// Reads an entry point, a command or the command of a health check.
pub(super) fn start(
    stage: StageId,
    form: &Form,
    state: &State,
    base: Option<BaseImage>,
) -> StartCommand {
    let (words, shell, dialect, script) = match form {
        Form::Exec(words) => {
            let texts = words.iter().map(|it| it.as_str().to_owned()).collect();
            (texts, false, Dialect::Exec, exec_form(words))
        }
        Form::Shell(text) => {
            let dialect = of_shell(state, base);
            let script =
                if dialect.is_read() { shell::parse(text, &[]) } else { Script::default() };
            (vec![text.as_str().to_owned()], true, dialect, script)
        }
    };
    StartCommand { words, shell, dialect, commands: all_commands(script).0, stage }
}

/// Reads the words of a command as a configuration has them. A shell form stands there as
/// `["/bin/sh", "-c", "…"]`.
pub(super) fn start_of_words(words: &[image::Text]) -> StartCommand {
    let as_word = |it: &image::Text| Word { span: it.span, text: it.text.clone() };
    let list: Vec<Word> = words.iter().map(as_word).collect();
    if let [program, flag, text] = &list[..]
        && program.as_str().ends_with("sh")
        && flag.as_str() == "-c"
    {
        return shell_form(&text.text, by_name(program.as_str()));
    }
    let texts = list.iter().map(|it| it.as_str().to_owned()).collect();
    let (commands, _) = all_commands(exec_form(&list));
    StartCommand { words: texts, shell: false, dialect: Dialect::Exec, commands, stage: StageId(0) }
}

/// Reads the text of a health check that a shell runs (`CMD-SHELL`).
pub(super) fn start_of_text(text: &image::Text) -> StartCommand {
    shell_form(&text.text, Dialect::Posix)
}

fn shell_form(text: &Cooked, dialect: Dialect) -> StartCommand {
    let (commands, _) = all_commands(shell::parse(text, &[]));
    let words = vec![text.as_str().to_owned()];
    StartCommand { words, shell: true, dialect, commands, stage: StageId(0) }
}

/// The commands of a script and of scripts that it hands to a shell, in order of the text, and the
/// places of what was not understood.
fn all_commands(script: Script) -> (Vec<RunCommand>, Vec<Span>) {
    let mut odd = script.odd();
    let mut all = commands(script, false);
    let inner: Vec<Script> = all.iter().filter_map(inner_script).collect();
    for script in inner {
        odd.extend(script.odd());
        // Pipelines of an inner script are numbered behind those before it.
        let offset = all.iter().map(|it| it.place.pipeline + 1).max().unwrap_or_default();
        all.extend(commands(script, true).into_iter().map(|mut it| {
            it.place.pipeline += offset;
            it
        }));
    }
    // What a command hands to a shell runs while that command does.
    text::order::sort_by_key(&mut all, |it| it.simple.span.start());
    (all, odd)
}

fn mounts(run: &Run, state: &State, escape: char) -> Vec<StepMount> {
    let mount = |it: &dockerfile::Mount| {
        let expand = |word: &Word| state.scope.expand(word.as_str(), escape);
        let target = it.target().map(|it| {
            let path = expand(it);
            state.joined(&path).unwrap_or(path.text)
        });
        let id = it.field(&["id"]).map(|it| expand(it).text);
        StepMount { kind: it.kind, target, id, mount: it.clone() }
    };
    run.mounts.iter().map(mount).collect()
}

/// The language of a shell form: by `SHELL`, else by what the base image has for `/bin/sh`. A
/// here-document with a line that names another program is in that program's language.
pub(super) fn dialect(state: &State, base: Option<BaseImage>, it: &Instruction) -> Dialect {
    let of_shell = of_shell(state, base);
    match it.heredocs.first() {
        Some(heredoc) if is_whole(it) => of_shebang(&heredoc.content).unwrap_or(of_shell),
        _ => of_shell,
    }
}

pub(super) fn of_shell(state: &State, base: Option<BaseImage>) -> Dialect {
    match state.shell.as_ref().and_then(|it| it.first()) {
        Some(program) => by_name(program),
        None => of_sh(base),
    }
}

/// The language of what the base image has for `/bin/sh`.
pub(super) fn of_sh(base: Option<BaseImage>) -> Dialect {
    base.and_then(|it| it.system).map_or(Dialect::Posix, |it| match it.sh {
        Shell::Ash => Dialect::Ash,
        Shell::Dash => Dialect::Dash,
        Shell::Bash => Dialect::Bash,
        Shell::Cmd => Dialect::Cmd,
        Shell::None => Dialect::Posix,
    })
}

/// Whether a here-document is all there is to run.
pub(super) fn is_whole(it: &Instruction) -> bool {
    it.args.as_str().split_whitespace().all(|word| word.starts_with("<<"))
}

/// The language that a first line `#!…` asks for.
fn of_shebang(body: &Cooked) -> Option<Dialect> {
    let line = body.as_str().strip_prefix("#!")?.lines().next()?;
    let mut words = line.split_whitespace().map(|it| it.rsplit('/').next().unwrap_or(it));
    let program = words.find(|it| *it != "env" && !it.starts_with('-'))?;
    Some(by_name(program))
}

/// The language of a program, by its path or name.
pub(super) fn by_name(program: &str) -> Dialect {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
    match name.trim_end_matches(".exe") {
        "bash" => Dialect::Bash,
        "sh" => Dialect::Posix,
        "ash" | "busybox" => Dialect::Ash,
        "dash" => Dialect::Dash,
        "zsh" | "ksh" | "mksh" => Dialect::Other,
        "powershell" | "pwsh" => Dialect::PowerShell,
        "cmd" => Dialect::Cmd,
        _ => Dialect::Foreign,
    }
}

fn exec_form(words: &[Word]) -> Script {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Script::default() };
    let command = Simple {
        span: first.span.to(last.span),
        assignments: Vec::new(),
        words: words.iter().map(facts::plain_word).collect(),
        redirects: Vec::new(),
    };
    let command = Command::Simple(Box::new(command));
    Script { steps: vec![Step { joint: Joint::Then, command, background: false }] }
}

/// The script that a command hands to a shell: `sh -c '…'`, `su app -c '…'`, or a here-document.
fn inner_script(it: &RunCommand) -> Option<Script> {
    let body = it.simple.redirects.iter().rev().find_map(|it| it.body.as_ref());
    let heredoc = || {
        let body = body.filter(|it| of_shebang(it).is_none_or(Dialect::is_read))?;
        Some(shell::parse(body, &[]))
    };
    // A here-document alone is what the step runs.
    if it.simple.words.is_empty() {
        return heredoc();
    }
    let shell = matches!(&*it.program, "sh" | "bash" | "ash" | "dash" | "zsh" | "ksh" | "busybox");
    if !shell && !it.runs(&["su", "runuser"]) {
        return None;
    }
    let flag = |it: &shell::ShellWord| {
        let text = it.text();
        text.starts_with('-') && !text.starts_with("--") && text.ends_with('c')
    };
    match it.arguments().iter().position(flag) {
        Some(index) => Some(shell::parse(&it.arguments().get(index + 1)?.cooked(), &[])),
        None if shell => heredoc(),
        None => None,
    }
}
