//! A user is named where no user database can resolve the name.

use dockerfile::Base;
use report::{Applies, Input, Locus, Outcome, Severity, quote};

use crate::facts::{Copied, Reach, User};
use crate::files::{Account, Files};
use crate::{Build, Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "named-user-without-passwd",
    title: "A user is named where nothing can resolve the name",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Image,
    default: true,
    reads: &[Input::Dockerfile, Input::Config, Input::Layers],
    aka: &["named-identity-in-passwdless-stage"],
    doc: page!("named_user_without_passwd.md"),
    check,
};

fn check(case: &Case, out: &mut Outcome) {
    if let Some(files) = &case.files {
        check_layers(case, files, out);
        return;
    }
    for build in &case.builds {
        let Some(target) = build.target else { continue };
        let from_nothing =
            build.stages.root_base(target).is_some_and(|it| it.base == Base::Scratch);
        if from_nothing {
            check_build(case, build, out);
        }
    }
}

/// The layers tell for good which names can be resolved.
fn check_layers(case: &Case, files: &Files, out: &mut Outcome) {
    let Some(seen) = case.facts.user.best() else { return };
    let Ok(user) = &seen.value else { return };
    if user.is_numeric() || user.text.is_empty() {
        out.clear(&seen.at, format!("{} needs no user database", quote(&user.to_string())));
        return;
    }
    let is_there = |it: &Account| it.name == user.name();
    match &files.users {
        Some(users) if users.iter().any(is_there) => {
            out.clear(&seen.at, format!("{} is in the image's `/etc/passwd`", quote(user.name())));
        }
        Some(_) => {
            let name = quote(user.name());
            out.fail(
                &seen.at,
                format!("{name} is not in the image's `/etc/passwd`: no container starts"),
            );
        }
        // Engines take the name `root` for the number 0 without looking it up.
        None if user.names_root() => out.clear(&seen.at, "`root` needs no user database"),
        None => {
            let name = quote(user.name());
            out.fail(
                &seen.at,
                format!("{name} cannot be resolved: the image has no `/etc/passwd`"),
            );
        }
    }
}

fn check_build(case: &Case, build: &Build, out: &mut Outcome) {
    if brings_database(case) {
        return;
    }
    let end = build.target.and_then(|it| build.ends.get(it.0 as usize));
    if let Some(setting) = end.and_then(|it| it.user.as_ref())
        && let Some(user) = setting.value.known()
    {
        let at = Locus::Text { source: build.source, span: setting.place };
        judge(&User::new(user), &at, out);
    }
    for seen in case.facts.copies.iter().filter(|it| it.reach == Reach::Image) {
        let (Ok(copy), Locus::Text { source, .. }) = (&seen.value, &seen.at) else { continue };
        if let Some((owner, span)) = copy.owner.as_ref().filter(|(it, _)| !it.contains('$')) {
            judge(&User::new(owner), &Locus::Text { source: *source, span: *span }, out);
        }
    }
}

fn judge(user: &User, at: &Locus, out: &mut Outcome) {
    let numeric = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    let names = [Some(user.name()), user.group()];
    match names.into_iter().flatten().find(|it| !numeric(it)) {
        Some(name) => {
            let name = quote(name);
            out.fail(at, format!("{name} cannot be resolved: the image has no `/etc/passwd`"));
        }
        None => out.clear(at, format!("{} needs no user database", quote(&user.text))),
    }
}

/// Whether a copy may bring `/etc/passwd`: by name, or with a folder it could be in.
fn brings_database(case: &Case) -> bool {
    let shipped = case.facts.copies.iter().filter(|it| it.reach == Reach::Image);
    shipped.filter_map(|it| it.value.as_ref().ok()).any(|copy| {
        let to_etc = matches!(copy.destination.trim_end_matches('/'), "/etc" | "/etc/passwd");
        let whole = |(source, _): &(Copied, _)| match source {
            Copied::Path(path) => {
                let bare = path.trim_end_matches('/');
                let is_directory = path.ends_with('/') || is_root_of_files(bare);
                matches!(bare, "" | "." | "/" | "/etc") || is_directory || is_archive(bare)
            }
            Copied::Unknown(_) | Copied::Url(_) => true,
            Copied::Inline => false,
        };
        let to_root = copy.destination == "/" && copy.sources.iter().any(whole);
        to_etc || to_root
    })
}

/// Whether a directory of that name is mostly the root of what is to become a file system.
fn is_root_of_files(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let usual = ["root", "output", "out", "dist", "install", "overlay", "fs", "files"];
    name.ends_with("rootfs") || name.contains('*') || usual.contains(&name)
}

fn is_archive(path: &str) -> bool {
    [".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tar.zst"]
        .iter()
        .any(|it| path.ends_with(it))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::tests::check_dockerfile;

    #[test]
    fn owners_of_copies_are_resolved_too() {
        check_dockerfile(
            &RULE,
            r#"
FROM scratch
COPY --chown=app:100 a /a
#            ^^^^^^^ `app` cannot be resolved: the image has no `/etc/passwd`
USER 100:web
#^^^^^^^^^^^ `web` cannot be resolved: the image has no `/etc/passwd`
"#,
        );
    }

    #[test]
    fn a_root_file_system_may_bring_the_database() {
        check_dockerfile(&RULE, "\nFROM scratch\nADD rootfs.tar.xz /\nUSER app\n");
        check_dockerfile(&RULE, "\nFROM a AS b\nFROM scratch\nCOPY --from=b / /\nUSER app\n");
        check_dockerfile(&RULE, "\nFROM a AS b\nFROM scratch\nCOPY --from=b /output /\nUSER app\n");
    }
}
