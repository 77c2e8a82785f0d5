//! What was observed about an image: the waist between inputs and rules.
//!
//! A fact enters here only when two rules or two inputs need it. Rules read facts and builds and
//! nothing else; readers fill facts and judge nothing.

mod container;
mod scripts;
mod steps;
mod types;

use report::{Input, Locus, Why};

pub use container::{
    Container, Device, Engine, Grant, Mount, MountType, Notation, Placed, Profile, Published,
};
pub use scripts::Script;
pub use steps::{Start, Step};
pub(crate) use types::plain_word;
pub use types::{
    BaseImage, Copied, Copy, Dialect, EnvVar, Folder, GivenCredential, Healthcheck, Home, Label,
    Origin, Package, Port, Role, RunStep, Secret, StartCommand, StepMount, User, UserChange, Way,
};

/// How far something of a build reaches.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// Part of the shipped image: its stage is in the `FROM` chain of the target.
    Image,
    /// In a stage that the target takes something from.
    Build,
    /// In a stage that the target does not need.
    Unused,
}

/// One observation: a value, or why there is none; where it was read; from which input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen<T> {
    /// The value, or why it is not known.
    pub value: Result<T, Why>,
    /// Where it was read.
    pub at: Locus,
    /// From which input.
    pub via: Input,
    /// How far it reaches.
    pub reach: Reach,
}

/// One property of the image, as each input tells it. Invariant after [`Facts::settle`]: most
/// authoritative first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact<T> {
    /// The observations.
    pub seen: Vec<Seen<T>>,
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self { seen: Vec::new() }
    }
}

impl<T: PartialEq> Fact<T> {
    /// The most authoritative observation that knows; failing that, the most authoritative one.
    pub fn best(&self) -> Option<&Seen<T>> {
        self.seen.iter().find(|it| it.value.is_ok()).or(self.seen.first())
    }

    /// Observations that know otherwise than [`Fact::best`].
    pub fn dissent(&self) -> impl Iterator<Item = &Seen<T>> {
        let best = self.best().and_then(|it| it.value.as_ref().ok());
        self.seen.iter().filter(move |it| match (&it.value, best) {
            (Ok(value), Some(best)) => value != best,
            _ => false,
        })
    }

    /// Puts an observation in the place of an earlier one from the same input, and gives that.
    pub(crate) fn replace(&mut self, new: Seen<T>) -> Option<Seen<T>> {
        let earlier = self.seen.iter().position(|it| it.via == new.via);
        let old = earlier.map(|it| self.seen.remove(it));
        self.seen.push(new);
        old
    }

    fn settle(&mut self) {
        text::order::sort_by_key(&mut self.seen, |it| it.via);
    }
}

/// Groups observations that agree. Groups come in order of their values, and each starts with its
/// most authoritative observation. Observations without a value are left out.
pub fn agreeing<T: Ord>(seen: &[Seen<T>]) -> Vec<(&T, Vec<&Seen<T>>)> {
    let known = seen.iter().filter_map(|it| it.value.as_ref().ok().map(|value| (value, it)));
    let mut sorted: Vec<(&T, &Seen<T>)> = known.collect();
    text::order::sort_by(&mut sorted, |(a, first), (b, second)| {
        a.cmp(b).then(first.via.cmp(&second.via))
    });
    let mut groups: Vec<(&T, Vec<&Seen<T>>)> = Vec::new();
    for (value, it) in sorted {
        match groups.last_mut() {
            Some((last, group)) if *last == value => group.push(it),
            _ => groups.push((value, vec![it])),
        }
    }
    groups
}

/// What was observed about the image. Plain data, filled by one reader per input.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The user that the main process runs as.
    pub user: Fact<User>,
    /// The entry point.
    pub entrypoint: Fact<StartCommand>,
    /// The command.
    pub cmd: Fact<StartCommand>,
    /// The health check.
    pub healthcheck: Fact<Healthcheck>,
    /// The folder that the main process starts in.
    pub workdir: Fact<String>,
    /// The signal that stops it, as written.
    pub stop_signal: Fact<String>,
    /// Commands of stages that are not shipped, and those that a later one of the same stage
    /// replaces: entry points, commands and health checks in vain.
    pub dead_starts: Vec<Seen<StartCommand>>,
    /// Ports that are exposed; those that a variable decides have no value.
    pub ports: Vec<Seen<Port>>,
    /// Labels.
    pub labels: Vec<Seen<Label>>,
    /// Triggers for images built on this one, as written.
    pub triggers: Vec<Seen<String>>,
    /// Variables of the environment, and build arguments.
    pub env: Vec<Seen<EnvVar>>,
    /// Paths of volumes.
    pub volumes: Vec<Seen<String>>,
    /// Every change of the user, in order.
    pub users: Vec<Seen<UserChange>>,
    /// Every change of the working folder, in order.
    pub folders: Vec<Seen<Folder>>,
    /// Everything a build ran.
    pub runs: Vec<Seen<RunStep>>,
    /// Every script of a build and of what it starts, if somebody looks through them.
    pub scripts: Vec<Seen<Script>>,
    /// Everything a build copied.
    pub copies: Vec<Seen<Copy>>,
    /// Images from outside that a build uses.
    pub bases: Vec<Seen<BaseImage>>,
    /// Packages that a build installed by name.
    pub packages: Vec<Seen<Package>>,
    /// Credentials that commands are given.
    pub credentials: Vec<Seen<GivenCredential>>,
    /// Secrets found, masked.
    pub secrets: Vec<Seen<Secret>>,
    /// How the container is run.
    pub container: Option<Box<Container>>,
}

impl Facts {
    /// Leaves out what one kind of input tells.
    pub(crate) fn forget(&mut self, input: Input) {
        let Self {
            user,
            entrypoint,
            cmd,
            healthcheck,
            workdir,
            stop_signal,
            dead_starts,
            ports,
            labels,
            triggers,
            env,
            volumes,
            runs,
            scripts,
            copies,
            bases,
            packages,
            secrets,
            container,
            users,
            folders,
            credentials,
        } = self;
        credentials.retain(|it| it.via != input);
        users.retain(|it| it.via != input);
        folders.retain(|it| it.via != input);
        *container = container.take().filter(|_| input != Input::Run);
        user.seen.retain(|it| it.via != input);
        entrypoint.seen.retain(|it| it.via != input);
        cmd.seen.retain(|it| it.via != input);
        healthcheck.seen.retain(|it| it.via != input);
        workdir.seen.retain(|it| it.via != input);
        stop_signal.seen.retain(|it| it.via != input);
        dead_starts.retain(|it| it.via != input);
        ports.retain(|it| it.via != input);
        labels.retain(|it| it.via != input);
        triggers.retain(|it| it.via != input);
        env.retain(|it| it.via != input);
        volumes.retain(|it| it.via != input);
        runs.retain(|it| it.via != input);
        scripts.retain(|it| it.via != input);
        copies.retain(|it| it.via != input);
        bases.retain(|it| it.via != input);
        packages.retain(|it| it.via != input);
        secrets.retain(|it| it.via != input);
    }

    /// Puts observations into their order of authority, once all inputs are read.
    pub(crate) fn settle(&mut self) {
        self.user.settle();
        self.entrypoint.settle();
        self.cmd.settle();
        self.healthcheck.settle();
        self.workdir.settle();
        self.stop_signal.settle();
    }
}
