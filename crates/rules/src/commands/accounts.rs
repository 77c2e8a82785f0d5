//! Commands that make and change accounts: `useradd`, `adduser`, `groupadd`, `usermod` and the like.
//!
//! `adduser` and `addgroup` are two programs each, Debian's and BusyBox's, and on some systems
//! `adduser` is `useradd`. Their options do not contradict each other where it matters.

use dockerfile::shell::ShellWord;
use text::Span;

use super::options::Flag;
use super::{Resolved, RunCommand, resolved};
use crate::facts::RunStep;

/// What a command does to accounts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccountAct {
    /// It makes a user.
    NewUser,
    /// It makes a group.
    NewGroup,
    /// It changes a user.
    User,
    /// It puts a user into a group.
    Join,
}

/// A command that makes or changes an account.
#[derive(Clone, Debug)]
pub struct Account<'a> {
    /// What it does.
    pub act: AccountAct,
    /// The user, or the new group.
    pub name: Given<'a>,
    /// The number asked for.
    pub number: Option<Given<'a>>,
    /// The main group.
    pub group: Option<Given<'a>>,
    /// Further groups, in one word with commas between them.
    pub groups: Option<Given<'a>>,
    /// The home.
    pub home: Option<Given<'a>>,
    /// Whether it is an account of the system, whose number is a low one.
    pub system: bool,
    /// Whether the number may be one that is taken: the option that says so.
    pub same_number: Option<Span>,
    /// Whether further groups are added to those that are there.
    pub adds: bool,
}

/// A value as it is given: a word, or what stands behind an option's name in its word.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The word.
    pub word: &'a ShellWord,
    /// Where the value starts in it.
    from: usize,
}

impl<'a> Given<'a> {
    fn whole(word: &'a ShellWord) -> Self {
        Self { word, from: 0 }
    }

    /// The value as written, variables as `$name`.
    pub fn text(&self) -> String {
        self.word.text().get(self.from..).unwrap_or_default().to_owned()
    }

    /// The value as far as it is known. `number`: that of the command in its step.
    pub fn resolved(&self, step: &RunStep, number: usize) -> Resolved {
        let mut out = resolved(step, number, self.word);
        out.text = out.text.get(self.from..).unwrap_or_default().to_owned();
        out
    }

    /// The value, when it is known.
    pub fn known(&self, step: &RunStep, number: usize) -> Option<String> {
        let it = self.resolved(step, number);
        it.open.is_none().then_some(it.text)
    }
}

const VALUED: &[&str] = &[
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-h",
    "-k",
    "-K",
    "-p",
    "-P",
    "-R",
    "-s",
    "-u",
    "-Z",
    "--base-dir",
    "--comment",
    "--home-dir",
    "--home",
    "--expiredate",
    "--inactive",
    "--gid",
    "--groups",
    "--skel",
    "--key",
    "--password",
    "--root",
    "--prefix",
    "--shell",
    "--uid",
    "--selinux-user",
    "--ingroup",
    "--gecos",
    "--firstuid",
    "--lastuid",
    "--firstgid",
    "--lastgid",
    "--conf",
    "--login",
    "-l",
    "--add-subuids",
    "--uidgid",
];

/// What a command does to accounts, if it does anything.
pub fn account(command: &RunCommand) -> Option<Account<'_>> {
    let act = match &*command.program {
        "useradd" | "adduser" | "luseradd" => AccountAct::NewUser,
        "groupadd" | "addgroup" | "lgroupadd" => AccountAct::NewGroup,
        "usermod" => AccountAct::User,
        "gpasswd" => return added_by_gpasswd(command),
        _ => return None,
    };
    // `useradd -l` and `usermod -l NAME` differ.
    let valued: Vec<&str> = match act {
        AccountAct::User => VALUED.to_vec(),
        AccountAct::NewUser | AccountAct::NewGroup | AccountAct::Join => {
            VALUED.iter().copied().filter(|it| *it != "-l").collect()
        }
    };
    let options = command.options(&valued);
    let given = |names: &[&str]| given(command, options.flag(names)?);
    // `useradd -D` shows or changes what is used by default.
    let name = Given::whole(options.operands.first()?);
    let debian = matches!(&*command.program, "adduser" | "addgroup");
    if let (true, [user, group, ..]) = (debian, &options.operands[..]) {
        return Some(Account {
            groups: Some(Given::whole(group)),
            adds: true,
            ..Account::new(AccountAct::Join, Given::whole(user))
        });
    }
    let plain_groups = debian && options.has(&["-S", "-D", "-H", "-h"]);
    let groups = given(&["-G", "--groups"]);
    Some(Account {
        number: match act {
            AccountAct::NewGroup => given(&["-g", "--gid"]),
            AccountAct::NewUser | AccountAct::User | AccountAct::Join => given(&["-u", "--uid"]),
        },
        group: match (act, plain_groups) {
            (AccountAct::NewGroup, _) => None,
            // BusyBox calls the main group `-G`, and what is shown as the name `-g`.
            (_, true) => groups,
            (_, false) => given(&["-g", "--gid", "--ingroup"]),
        },
        groups: if plain_groups { None } else { groups },
        home: given(&["-d", "--home", "--home-dir", "-h"]),
        system: options.has(&["-r", "--system", "-S"]),
        same_number: options.flag(&["-o", "--non-unique"]).map(|it| it.word.span),
        adds: options.has(&["-a", "--append"]) || act == AccountAct::NewUser,
        ..Account::new(act, name)
    })
}

/// `gpasswd -a USER GROUP`
fn added_by_gpasswd(command: &RunCommand) -> Option<Account<'_>> {
    let options = command.options(&["-a", "--add", "-d", "--delete", "-A", "-M"]);
    let user = given(command, options.flag(&["-a", "--add"])?)?;
    let group = options.operands.first()?;
    Some(Account {
        groups: Some(Given::whole(group)),
        adds: true,
        ..Account::new(AccountAct::Join, user)
    })
}

impl<'a> Account<'a> {
    fn new(act: AccountAct, name: Given<'a>) -> Self {
        Self {
            act,
            name,
            number: None,
            group: None,
            groups: None,
            home: None,
            system: false,
            same_number: None,
            adds: false,
        }
    }
}

/// The value of an option: behind its name, or in the next word.
fn given<'a>(command: &'a RunCommand, flag: &Flag<'a>) -> Option<Given<'a>> {
    let value = flag.value.as_deref()?;
    let text = flag.word.text();
    if text.len() > flag.name.len() && text.ends_with(value) && text.len() > value.len() {
        return Some(Given { word: flag.word, from: text.len() - value.len() });
    }
    let arguments = command.arguments();
    let at = arguments.iter().position(|it| std::ptr::eq(it, flag.word))?;
    arguments.get(at + 1).map(Given::whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::parsed;

    fn shown(text: &str) -> String {
        let list = parsed(text);
        let Some(it) = account(&list[0]) else { return String::new() };
        let of = |it: Option<Given<'_>>| it.map(|it| it.text()).unwrap_or_default();
        format!(
            "{:?} {} {} {} {} {} {}{}",
            it.act,
            it.name.text(),
            of(it.number),
            of(it.group),
            of(it.groups),
            of(it.home),
            if it.system { "s" } else { "" },
            if it.same_number.is_some() { "o" } else { "" },
        )
    }

    #[test]
    fn every_way_to_make_an_account() {
        for (text, expected) in [
            (
                "useradd -u 1000 -g web -G a,b -d /srv -m -s /bin/sh app",
                "NewUser app 1000 web a,b /srv ",
            ),
            ("useradd --uid=1000 -r -o app", "NewUser app 1000    so"),
            ("useradd -lmr -u100 app", "NewUser app 100    s"),
            ("adduser -D -u 5 -G web -h /srv app", "NewUser app 5 web  /srv "),
            ("adduser -S -g 'A B' app", "NewUser app     s"),
            (
                "adduser --system --ingroup web --no-create-home --gecos '' app",
                "NewUser app  web   s",
            ),
            ("adduser app docker", "Join app   docker  "),
            ("addgroup app docker", "Join app   docker  "),
            ("addgroup -g 5 -S web", "NewGroup web 5    s"),
            ("groupadd --gid 5 web", "NewGroup web 5    "),
            ("usermod -aG docker app", "User app   docker  "),
            ("usermod -l new old", "User old     "),
            ("gpasswd -a app docker", "Join app   docker  "),
            ("gpasswd -d app docker", ""),
            ("useradd -D", ""),
            ("id app", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
