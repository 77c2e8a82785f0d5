//! What happens on the way to the shipped image, and as whom.
//!
//! A course is the `FROM` chain of the target: its stages one after the other. Rules about users and
//! owners ask at each of its points who is acting there.

use dockerfile::shell::ShellWord;
use dockerfile::{Base, StageId};
use report::{Locus, Why};
use text::Span;

use crate::commands::{Account, AccountAct, account};
use crate::facts::{Copy, Folder, Reach, Seen, Step, User, UserChange};
use crate::knowledge::base_image::{BaseImage, DefaultUser};
use crate::{Build, Case};

/// The chain of stages that becomes the image of one build.
pub(crate) struct Course<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// The build.
    pub(crate) build: &'a Build,
    stages: Vec<StageId>,
}

/// A point of a course: the number of the stage in it, and the place in the text.
pub(crate) type Point = (usize, u32);

/// Who acts at a point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Actor {
    /// Whoever the base image has.
    Base,
    /// The user that was set.
    Set(User),
    /// Somebody who is not known.
    Open(Why),
}

/// Programs that handle accounts and do not show that one is used.
const ACCOUNTS: [&str; 9] =
    ["chage", "chpasswd", "deluser", "delgroup", "getent", "groupmod", "id", "passwd", "userdel"];

/// Whether a text has a name in it, by itself: no part of a longer one, and none of a path.
pub(crate) fn says(text: &str, name: &str) -> bool {
    let continues = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '/' | '.');
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let behind = text.get(at + name.len()..).unwrap_or_default();
            !before.ends_with(continues) && !behind.starts_with(continues)
        })
}

impl<'a> Course<'a> {
    /// The courses of all builds.
    pub(crate) fn all(case: &'a Case) -> Vec<Self> {
        let of = |build: &'a Build| {
            let stages = build.stages.lineage(build.target?);
            Some(Self { case, build, stages })
        };
        case.builds.iter().filter_map(of).collect()
    }

    /// A place in the text of the build.
    pub(crate) fn at(&self, span: Span) -> Locus {
        self.build.at(span)
    }

    /// The point of a place; nothing when it is in no stage of the chain.
    pub(crate) fn point(&self, at: &Locus) -> Option<Point> {
        let Locus::Text { source, span } = at else { return None };
        if *source != self.build.source {
            return None;
        }
        let before = |it: &&dockerfile::Stage| it.base_place.start() <= span.start();
        let stage = self.build.stages.stages.iter().rfind(before)?;
        let number = self.stages.iter().position(|it| *it == stage.id)?;
        Some((number, span.start()))
    }

    fn within<T>(
        &self,
        all: &'a [Seen<T>],
    ) -> impl Iterator<Item = (Point, &'a T, &'a Locus)> + use<'_, 'a, T> {
        let shipped = all.iter().filter(|it| it.reach == Reach::Image);
        shipped.filter_map(|it| Some((self.point(&it.at)?, it.value.as_ref().ok()?, &it.at)))
    }

    /// The changes of the user, in order.
    pub(crate) fn users(&self) -> Vec<(Point, &'a UserChange)> {
        let mut all: Vec<_> =
            self.within(&self.case.facts.users).map(|(point, it, _)| (point, it)).collect();
        text::order::sort_by_key(&mut all, |it| it.0);
        all
    }

    /// The changes of the working folder, in order.
    pub(crate) fn folders(&self) -> Vec<(Point, &'a Folder)> {
        let mut all: Vec<_> =
            self.within(&self.case.facts.folders).map(|(point, it, _)| (point, it)).collect();
        text::order::sort_by_key(&mut all, |it| it.0);
        all
    }

    /// The copies, in order; those of triggers left out.
    pub(crate) fn copies(&self) -> Vec<(Point, &'a Copy, &'a Locus)> {
        let all = self.within(&self.case.facts.copies);
        let mut all: Vec<_> = all.filter(|(_, it, _)| !it.trigger).collect();
        text::order::sort_by_key(&mut all, |it| it.0);
        all
    }

    /// The volumes, in order.
    pub(crate) fn volumes(&self) -> Vec<(Point, &'a str, &'a Locus)> {
        let all = self.within(&self.case.facts.volumes);
        let mut all: Vec<_> = all.map(|(point, it, at)| (point, it.as_str(), at)).collect();
        text::order::sort_by_key(&mut all, |it| it.0);
        all
    }

    /// The steps, in order; triggers left out.
    pub(crate) fn steps(&self) -> Vec<(Point, Step<'a>)> {
        let all = self.case.facts.steps().filter(|it| {
            it.reach == Reach::Image && !it.run.trigger && it.source == self.build.source
        });
        let mut all: Vec<_> = all.filter_map(|it| Some((self.point(it.at)?, it))).collect();
        text::order::sort_by_key(&mut all, |it| it.0);
        all
    }

    /// What the steps do to accounts, each with the step and the number of the command.
    pub(crate) fn accounts(&self) -> Vec<(Point, Step<'a>, usize, Account<'a>)> {
        let mut found = Vec::new();
        for (point, step) in self.steps() {
            for (number, command) in step.run.commands.iter().enumerate() {
                found.extend(account(command).map(|it| (point, step, number, it)));
            }
        }
        found
    }

    /// Who acts at a point.
    pub(crate) fn actor(&self, users: &[(Point, &UserChange)], point: Point) -> Actor {
        match users.iter().rfind(|it| it.0 < point) {
            Some((_, it)) => match &it.user {
                Ok(user) => Actor::Set(user.clone()),
                Err(why) => Actor::Open(why.clone()),
            },
            None => Actor::Base,
        }
    }

    /// Who is in charge at the end.
    pub(crate) fn last_actor(&self) -> Actor {
        self.actor(&self.users(), (usize::MAX, u32::MAX))
    }

    /// What the catalogue knows of the image below.
    pub(crate) fn base(&self) -> Option<&BaseImage> {
        self.build.known_base(*self.stages.first()?)
    }

    /// Whether it starts from nothing.
    pub(crate) fn starts_from_nothing(&self) -> bool {
        let first = self.stages.first().and_then(|it| self.build.stages.get(*it));
        first.is_some_and(|it| it.base == Base::Scratch)
    }

    /// Whether an actor is root; nothing when that is not known.
    pub(crate) fn is_root(&self, actor: &Actor) -> Option<bool> {
        match actor {
            Actor::Set(user) => Some(user.names_root()),
            Actor::Open(_) => None,
            Actor::Base if self.starts_from_nothing() => Some(true),
            Actor::Base => self.base().map(|it| it.user == DefaultUser::Root),
        }
    }

    /// The names and numbers of a user, as far as they are known.
    pub(crate) fn names_of(&self, user: &User) -> Vec<String> {
        let mut names = vec![user.name().to_owned()];
        let base = self.base().into_iter().flat_map(|it| it.accounts());
        let mut pairs: Vec<(String, String)> =
            base.filter_map(|(name, id)| Some((name.to_owned(), id?.to_string()))).collect();
        for (_, step, number, account) in self.accounts() {
            let (Some(name), Some(id)) = (account.name.known(step.run, number), account.number)
            else {
                continue;
            };
            if account.act == AccountAct::NewUser {
                pairs.extend(id.known(step.run, number).map(|id| (name, id)));
            }
        }
        for (name, id) in pairs {
            if name == user.name() {
                names.push(id);
            } else if id == user.name() {
                names.push(name);
            }
        }
        names
    }

    /// Whether a word of a step, a name that it writes, or an owner of a copy says a name: alone, or as
    /// a part between other signs. Commands that only make or change accounts do not count.
    pub(crate) fn mentions(&self, name: &str) -> bool {
        let in_word = |it: &ShellWord| says(&it.text(), name);
        let step = |it: &Step<'_>| {
            it.run.commands.iter().any(|it| {
                let words = it.simple.words.iter().any(in_word);
                let bodies = it.simple.redirects.iter().any(|it| {
                    in_word(&it.target)
                        || it.body.as_ref().is_some_and(|it| says(it.as_str(), name))
                });
                bodies || (words && account(it).is_none() && !ACCOUNTS.contains(&&*it.program))
            })
        };
        let copy = |it: &Copy| it.owner.as_ref().is_some_and(|(it, _)| says(it, name));
        self.steps().iter().any(|it| step(&it.1)) || self.copies().iter().any(|it| copy(it.1))
    }

    /// Whether it is an image for Windows, as far as that can be told.
    pub(crate) fn is_windows(&self) -> bool {
        self.base().is_some_and(|it| match it.user {
            DefaultUser::ContainerAdministrator | DefaultUser::ContainerUser => true,
            DefaultUser::Root | DefaultUser::Other { .. } => false,
        })
    }
}
