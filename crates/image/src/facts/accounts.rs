//! Users and groups: `etc/passwd`, `etc/group`, `etc/shadow`.

/// A line of `etc/passwd` (passwd(5)).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Login name.
    pub name: Box<str>,
    /// Password field: `x` means that it is in `etc/shadow`, nothing that none is asked for.
    pub password: Box<str>,
    /// User id.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
    /// Home directory.
    pub home: Box<str>,
    /// Login shell.
    pub shell: Box<str>,
    /// Line number, from 1.
    pub line: u32,
}

/// A line of `etc/group` (group(5)).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Name.
    pub name: Box<str>,
    /// Group id.
    pub gid: u32,
    /// Names of the users who are in it besides those whose primary group it is.
    pub members: Vec<Box<str>>,
    /// Line number, from 1.
    pub line: u32,
}

/// A line of `etc/shadow` (shadow(5)). The hash itself is not kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shadow {
    /// Login name.
    pub name: Box<str>,
    /// What kind of password it has.
    pub password: Password,
    /// Line number, from 1.
    pub line: u32,
}

/// A password field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Password {
    /// Empty: none is asked for.
    Empty,
    /// `*`, `!` or the like: nobody can log in with one.
    Locked,
    /// A hash.
    Set,
}

/// Reads `etc/passwd`. Lines without a number for a user are left out.
pub fn users(text: &str) -> Vec<User> {
    let user = |(line, fields): (u32, Vec<&str>)| match fields.as_slice() {
        [name, password, uid, gid, rest @ ..] => Some(User {
            name: (*name).into(),
            password: (*password).into(),
            uid: uid.trim().parse().ok()?,
            gid: gid.trim().parse().ok()?,
            home: rest.get(1).copied().unwrap_or_default().into(),
            shell: rest.get(2).copied().unwrap_or_default().trim_end().into(),
            line,
        }),
        _ => None,
    };
    rows(text).filter_map(user).collect()
}

/// Reads `etc/group`. Lines without a number for a group are left out.
pub fn groups(text: &str) -> Vec<Group> {
    let group = |(line, fields): (u32, Vec<&str>)| match fields.as_slice() {
        [name, _, gid, rest @ ..] => {
            let members = rest.first().copied().unwrap_or_default().split(',').map(str::trim);
            Some(Group {
                name: (*name).into(),
                gid: gid.trim().parse().ok()?,
                members: members.filter(|it| !it.is_empty()).map(Into::into).collect(),
                line,
            })
        }
        _ => None,
    };
    rows(text).filter_map(group).collect()
}

/// Reads `etc/shadow`.
pub fn shadows(text: &str) -> Vec<Shadow> {
    let shadow = |(line, fields): (u32, Vec<&str>)| match fields.as_slice() {
        [name, password, ..] => {
            let password = match *password {
                "" => Password::Empty,
                it if it.starts_with(['*', '!']) || it == "x" => Password::Locked,
                _ => Password::Set,
            };
            Some(Shadow { name: (*name).into(), password, line })
        }
        _ => None,
    };
    rows(text).filter_map(shadow).collect()
}

/// The lines that say something: number and fields.
fn rows(text: &str) -> impl Iterator<Item = (u32, Vec<&str>)> {
    let rows = (1..).zip(text.lines());
    let rows = rows.filter(|(_, it)| !it.trim().is_empty() && !it.starts_with('#'));
    rows.map(|(line, it)| (line, it.split(':').collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_groups_passwords() {
        let users = users("root:x:0:0:root:/root:/bin/bash\n\n# c\nbad:x:y:0\napp::1000:1000\n");
        let short: Vec<_> = users.iter().map(|it| (&*it.name, it.uid, it.line)).collect();
        assert_eq!(short, [("root", 0, 1), ("app", 1000, 5)]);
        assert_eq!((&*users[0].home, &*users[0].shell), ("/root", "/bin/bash"));
        assert_eq!((&*users[1].password, &*users[1].shell), ("", ""));
        let groups = groups("wheel:x:10:root, app,\nempty:x:11:\n");
        assert_eq!(groups[0].members, [Box::from("root"), Box::from("app")]);
        assert!(groups[1].members.is_empty());
        let shadows = shadows("root::19000::::::\nbin:*:1\nsys:!:1\nme:$6$x$y:1\n");
        let kinds: Vec<_> = shadows.iter().map(|it| it.password).collect();
        use Password::{Empty, Locked, Set};
        assert_eq!(kinds, [Empty, Locked, Locked, Set]);
    }
}
