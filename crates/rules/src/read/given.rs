//! Finds the credentials that commands are given, and hides those that are written out.

use dockerfile::shell::ShellWord;
use report::{Input, Locus};
use secrets::names::{Name, in_text, is_secret, is_stand_in};
use text::{SourceId, Span};

use crate::Case;
use crate::commands::{Handed, RunCommand, credentials, given};
use crate::facts::{GivenCredential, Reach, Seen, Way};

/// Where commands stand.
pub(super) struct Around {
    pub(super) source: SourceId,
    pub(super) via: Input,
    pub(super) reach: Reach,
    /// Whether a container starts with them; else a build runs them.
    pub(super) start: bool,
}

/// Notes the credentials that commands are given.
pub(super) fn read(case: &mut Case, commands: &[RunCommand], around: &Around) {
    for (number, command) in commands.iter().enumerate() {
        let before = command.place.index.checked_sub(1).and_then(|index| {
            // What stands before the pipeline has a lower number.
            let here = commands.get(..number).unwrap_or_default().iter().rev();
            let mut here = here.take_while(|it| it.place.pipeline >= command.place.pipeline);
            here.find(|it| it.place.pipeline == command.place.pipeline && it.place.index == index)
        });
        let mut found = in_options(command);
        found.extend(assigned(command));
        found.extend(piped(before, command));
        found.extend(in_sql(command));
        found.extend(account(before, command));
        found.extend(windows_account(commands, number, before));
        if around.start {
            let more = named_options(command);
            let known =
                |span: Span| found.iter().any(|(it, _)| it.contains(span) || span.contains(*it));
            let more: Vec<_> = more.into_iter().filter(|(span, _)| !known(*span)).collect();
            found.extend(more);
        }
        for (span, value) in found {
            if let Handed::Literal(text) = &value.given
                && !value.file
            {
                let everywhere = (!is_any_word(text)).then_some(&**text);
                case.hidden.named(around.source, span, everywhere, secrets::masked_password(text));
            }
            let at = Locus::Text { source: around.source, span };
            let seen = Seen { value: Ok(value), at, via: around.via, reach: around.reach };
            case.facts.credentials.push(seen);
        }
    }
}

/// Whether a value could be any word of the text: it is hidden where it is given, and not where it
/// is the name of something.
fn is_any_word(value: &str) -> bool {
    is_stand_in(value)
        || value.len() < 8 && value.bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
}

type Found = (Span, GivenCredential);

const MOUNT: &str = "hand it over with RUN --mount=type=secret,id=…,env=…";
const NO_LOGIN: &str = "log in where the build runs, not inside it";

fn credential(
    command: &RunCommand,
    way: Way,
    what: &'static str,
    given: Handed,
) -> GivenCredential {
    let program = command.program.clone();
    let step = command.simple.span;
    GivenCredential {
        program,
        command: step,
        way,
        what,
        given,
        file: false,
        kept: None,
        remedy: MOUNT,
    }
}

fn in_options(command: &RunCommand) -> Vec<Found> {
    let one = |it: crate::commands::Credential| {
        let mut out = credential(command, Way::Argument, it.what, it.given);
        (out.file, out.kept, out.remedy) = (it.file, it.kept, it.remedy);
        (it.span, out)
    };
    credentials(command).into_iter().map(one).collect()
}

/// `PGPASSWORD=… psql`, `export API_TOKEN=…`.
fn assigned(command: &RunCommand) -> Vec<Found> {
    let named = |name: &str, word: &ShellWord, from: usize| {
        let Handed::Literal(value) = given(word, from) else { return None };
        if value.len() < 3 || !is_secret(name, Some(&value)) {
            return None;
        }
        let text = word.cooked();
        let span = if from == 0 { word.span } else { text.span(from..text.as_str().len()) };
        let what = "a secret";
        let way = Way::Variable(name.to_owned());
        Some((span, credential(command, way, what, Handed::Literal(value))))
    };
    let mut out: Vec<Found> =
        command.simple.assignments.iter().filter_map(|it| named(&it.name, &it.value, 0)).collect();
    let env = command.wrappers().iter().any(|it| it.is("env"));
    if command.runs(&["export", "declare", "typeset", "readonly"]) || env {
        let words = command.arguments().iter().chain(command.wrappers());
        out.extend(words.filter_map(|word| {
            let text = word.text();
            let (name, _) = text.split_once('=')?;
            named(name, word, name.len() + 1)
        }));
    }
    out
}

/// `echo … | docker login --password-stdin`.
fn piped(before: Option<&RunCommand>, command: &RunCommand) -> Option<Found> {
    let before = before.filter(|it| it.runs(&["echo", "printf"]))?;
    let reads = |it: &ShellWord| it.is("--password-stdin") || it.is("--with-token");
    if !command.arguments().iter().any(reads) {
        return None;
    }
    let word = before.arguments().last()?;
    let mut it = credential(command, Way::Input, "a credential", given(word, 0));
    it.remedy = NO_LOGIN;
    it.kept = Some("its configuration");
    Some((word.span, it))
}

/// `CREATE USER … WITH PASSWORD '…'` in what a database program is given.
fn in_sql(command: &RunCommand) -> Option<Found> {
    let programs =
        ["psql", "mysql", "mariadb", "sqlcmd", "echo", "printf", "mysqld", "mongo", "mongosh"];
    if !command.runs(&programs) {
        return None;
    }
    command.arguments().iter().find_map(|word| {
        let text = word.cooked();
        // ASCII letters keep their lengths and places.
        let lower = text.as_str().to_ascii_lowercase();
        let signs = [" password '", "identified by '", "pwd: '"];
        let (at, sign) = signs.into_iter().find_map(|it| Some((lower.find(it)?, it)))?;
        let start = at + sign.len();
        let value = text.as_str().get(start..)?.split('\'').next()?;
        let account = ["user", "role", "grant"].iter().any(|it| lower.contains(it));
        if !account || value.is_empty() || value.contains('$') {
            return None;
        }
        let span = text.span(start..start + value.len());
        let mut it = credential(command, Way::Sql, "a password", Handed::Literal(value.to_owned()));
        it.remedy =
            "create the account when the database first starts, with a secret from its platform";
        Some((span, it))
    })
}

/// `echo user:password | chpasswd`, `useradd -p …`, `echo password | passwd --stdin user`.
fn account(before: Option<&RunCommand>, command: &RunCommand) -> Option<Found> {
    let remedy =
        "leave the account locked: containers are entered with docker exec, not by password";
    let make = |span, what, given| {
        let mut it = credential(command, Way::Account, what, given);
        it.remedy = remedy;
        Some((span, it))
    };
    if command.runs(&["useradd", "usermod"]) {
        let options = command.options(&[
            "-p",
            "--password",
            "-c",
            "-d",
            "-g",
            "-G",
            "-s",
            "-u",
            "-k",
            "-e",
            "-f",
        ]);
        let flag = options.flag(&["-p", "--password"])?;
        let value = flag.value.as_deref()?;
        // What is no hash matches no password: the account is locked by it.
        let dynamic = value.starts_with("$(") || value.starts_with('`') || is_variable(value);
        if !dynamic && !value.starts_with('$') {
            return None;
        }
        let given = if dynamic { Handed::Commands } else { Handed::Literal(value.to_owned()) };
        return make(flag.word.span, "the password's hash", given);
    }
    let stdin = command.runs(&["chpasswd"])
        || command.runs(&["passwd"]) && command.arguments().iter().any(|it| it.is("--stdin"))
        || command.runs(&["passwd", "adduser"]) && before.is_some();
    if !stdin {
        return None;
    }
    let body = command.simple.redirects.iter().rev().find_map(|it| {
        let here = it.operator == "<<<";
        it.body
            .as_ref()
            .map(|it| (it.whole(), it.as_str().to_owned()))
            .or_else(|| here.then(|| (it.target.span, it.target.text().into_owned())))
    });
    if let Some((span, text)) = body {
        return make(span, "a password", in_pairs(&text));
    }
    let before = before.filter(|it| it.runs(&["echo", "printf"]))?;
    let word = before.arguments().iter().rev().find(|it| !it.text().starts_with('-'))?;
    let text = word.text();
    let colon = if command.runs(&["chpasswd"]) { text.find(':').map_or(0, |it| it + 1) } else { 0 };
    let value = match given(word, colon) {
        // `printf "pw\npw\n" | passwd root`.
        Handed::Literal(it) => {
            Handed::Literal(it.split("\\n").next().unwrap_or_default().to_owned())
        }
        other @ (Handed::Variables(_) | Handed::Commands) => other,
    };
    let whole = word.cooked();
    let span = if colon == 0 { word.span } else { whole.span(colon..whole.as_str().len()) };
    make(span, "a password", value)
}

/// `net user NAME password`, and what PowerShell makes of a text: `ConvertTo-SecureString 'x'
/// -AsPlainText`.
fn windows_account(
    commands: &[RunCommand],
    number: usize,
    before: Option<&RunCommand>,
) -> Option<Found> {
    let command = commands.get(number)?;
    let words = command.arguments();
    let make = |word: &ShellWord, way| {
        let mut it = credential(command, way, "a password", given(word, 0));
        it.remedy = "leave the account without a password, or set it when the container starts";
        Some((word.span, it))
    };
    if command.runs(&["net", "net1"]) {
        let user = words.first().filter(|it| it.text().eq_ignore_ascii_case("user"))?;
        let mut operands = words.iter().filter(|it| !it.text().starts_with('/') && *it != user);
        return make(operands.nth(1).filter(|it| !it.is("*"))?, Way::Account);
    }
    let is_flag = |it: &ShellWord, start: &str| {
        it.text().get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start))
    };
    if !command.program.eq_ignore_ascii_case("ConvertTo-SecureString")
        || !words.iter().any(|it| is_flag(it, "-AsPlain"))
    {
        return None;
    }
    let given = words.iter().find(|it| !it.text().starts_with('-'));
    // What comes through a pipe may be kept in a variable in one go.
    let piped = || {
        let before = before?;
        let set = before.simple.assignments.last().map(|it| &it.value);
        set.or_else(|| before.arguments().last().filter(|_| before.runs(&["echo"])))
    };
    let word = given.or_else(piped)?;
    // Whose password it is stands before the bracket, or in another command of the step.
    let accounts = ["New-LocalUser", "Set-LocalUser", "New-ADUser", "Set-ADAccountPassword"];
    let of_account =
        commands.iter().any(|it| accounts.iter().any(|one| it.program.eq_ignore_ascii_case(one)));
    make(word, if of_account { Way::Account } else { Way::Argument })
}

/// Whether a value is a variable and no hash such as `$6$salt$…`.
fn is_variable(value: &str) -> bool {
    let rest = value.strip_prefix('$').unwrap_or_default();
    rest.starts_with(|it: char| it == '{' || it == '_' || it.is_ascii_alphabetic())
        && !rest.contains('$')
}

/// What lines of `user:password` hold.
fn in_pairs(text: &str) -> Handed {
    let password = text.lines().find_map(|it| it.split_once(':')).map_or(text, |(_, it)| it);
    match password.contains('$') && !password.starts_with("$6$") {
        true => Handed::Commands,
        false => Handed::Literal(password.trim().to_owned()),
    }
}

/// Options that are named like a secret and have their value written out.
fn named_options(command: &RunCommand) -> Vec<Found> {
    let mut found = Vec::new();
    let words = command.arguments();
    for (index, word) in words.iter().enumerate() {
        let text = word.text();
        let Some(name) = text.strip_prefix("--").or_else(|| text.strip_prefix('-')) else {
            continue;
        };
        let dashes = text.len() - name.len();
        let (name, value, from) = match name.split_once('=') {
            Some((name, _)) => (name, Some(word), dashes + name.len() + 1),
            // Without a sign the next word may be something else; only two dashes make it sure.
            None if dashes == 2 => (name, words.get(index + 1), 0),
            None => continue,
        };
        let named = matches!(in_text(name), Name::Password | Name::Secret) || name == "requirepass";
        let Some(value) = value.filter(|_| named && name.len() > 3) else { continue };
        let Handed::Literal(literal) = given(value, from) else { continue };
        let words = ["true", "false", "none", "yes", "no", "off", "on", "auto"];
        let other = literal.len() < 3
            || words.contains(&&*literal)
            || literal.starts_with('-')
            || literal.contains(['/', '$', '{'])
            || literal.bytes().all(|it| it.is_ascii_digit());
        if other {
            continue;
        }
        let whole = value.cooked();
        let span = if from == 0 { value.span } else { whole.span(from..whole.as_str().len()) };
        let way = Way::Option(text.split('=').next().unwrap_or_default().to_owned());
        found.push((span, credential(command, way, "a secret", Handed::Literal(literal))));
    }
    found
}
