//! How a container is run: what its options grant it.
//!
//! The same grant is told in several notations; here it is told once. A value that is not set is an
//! answer, for every option has a default; what an input does not tell at all is another matter.

use report::Locus;

/// Who told how the container is run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Notation {
    /// `docker inspect` of a container.
    Inspect,
    /// A command line such as `docker run`.
    RunLine,
    /// A service of a Compose file.
    Compose,
    /// A container of a Kubernetes pod.
    Kubernetes,
}

/// What runs the container.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Engine {
    /// Docker, or something that behaves like it.
    Docker,
    /// Podman.
    Podman,
    /// nerdctl.
    Nerdctl,
    /// Kubernetes.
    Kubernetes,
}

/// A value and where it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub at: Locus,
}

/// An option of a container.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Grant<T> {
    /// It has this value.
    Set(Placed<T>),
    /// It is not set, so the engine's default holds; the place is where it would stand.
    Unset(Locus),
    /// The input does not tell.
    Untold,
}

impl<T> Grant<T> {
    /// The value, if one is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(it) => Some(&it.value),
            Self::Unset(_) | Self::Untold => None,
        }
    }

    /// Where it stands, or would.
    pub fn at(&self) -> Option<&Locus> {
        match self {
            Self::Set(it) => Some(&it.at),
            Self::Unset(at) => Some(at),
            Self::Untold => None,
        }
    }

    fn doubt_unset(&mut self) {
        if matches!(self, Self::Unset(_)) {
            *self = Self::Untold;
        }
    }

    pub(crate) fn new(value: T, at: Locus) -> Self {
        Self::Set(Placed { value, at })
    }
}

impl<T> Grant<Vec<T>> {
    /// The values of a list; none when it is not set.
    pub fn all(&self) -> &[T] {
        self.value().map_or(&[], |it| it)
    }
}

/// A security profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Switched off.
    Off,
    /// The engine's own.
    Standard,
    /// Another one, by its name.
    Named(String),
}

/// What is mounted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MountType {
    /// A path of the host.
    Bind,
    /// A volume that the engine keeps.
    Volume,
    /// Memory that is gone with the container.
    Tmpfs,
    /// Something that cannot be written: secrets, settings, another image.
    Other,
}

/// A mount.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mount {
    /// What is mounted.
    pub kind: MountType,
    /// The host's path, or the volume's name; empty when it has none.
    pub source: String,
    /// The path in the container.
    pub target: String,
    /// Whether the container cannot write it.
    pub read_only: bool,
    /// How mounts propagate, as written; empty when not told.
    pub propagation: String,
}

/// A device of the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Device {
    /// Its path on the host, or the rule that stands for several.
    pub host: String,
    /// Whether it is a rule such as `a *:* rwm`.
    pub is_rule: bool,
}

/// A published port, or a range of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// The host's address; empty for all of them.
    pub address: String,
    /// The first and the last port of the host; nothing when the engine chooses one.
    pub host: Option<(u16, u16)>,
    /// The first and the last port of the container.
    pub container: (u16, u16),
    /// Whether it is for UDP.
    pub is_udp: bool,
}

impl Published {
    /// Whether every address of the host is meant.
    pub fn is_everywhere(&self) -> bool {
        matches!(self.address.trim_matches(['[', ']']), "" | "0.0.0.0" | "::" | "*")
    }
}

/// How a container is run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Container {
    /// Who told.
    pub notation: Notation,
    /// What runs it.
    pub engine: Engine,
    /// What stands for the container as a whole.
    pub at: Locus,
    /// Whether it is a Windows container.
    pub is_windows: bool,
    /// The image as it was named.
    pub image: Option<Placed<String>>,
    /// Whether it has every privilege of the engine.
    pub privileged: Grant<bool>,
    /// Capabilities added to the engine's default.
    pub caps_added: Grant<Vec<Placed<String>>>,
    /// Capabilities taken from the engine's default.
    pub caps_dropped: Grant<Vec<Placed<String>>>,
    /// The filter of system calls.
    pub seccomp: Grant<Profile>,
    /// The AppArmor profile.
    pub apparmor: Grant<Profile>,
    /// SELinux separation.
    pub selinux: Grant<Profile>,
    /// Whether programs cannot gain privileges.
    pub no_new_privileges: Grant<bool>,
    /// Whether the kernel's files are open that engines hide.
    pub unmasked: Grant<bool>,
    /// Whether the image's file system is read-only.
    pub read_only: Grant<bool>,
    /// The network it is in.
    pub network: Grant<String>,
    /// Whose processes it sees.
    pub pid: Grant<String>,
    /// Whose shared memory it sees.
    pub ipc: Grant<String>,
    /// Whose host name it has.
    pub uts: Grant<String>,
    /// Whose users it has.
    pub userns: Grant<String>,
    /// Whose cgroups it sees.
    pub cgroupns: Grant<String>,
    /// The cgroup above it.
    pub cgroup_parent: Grant<String>,
    /// What is mounted.
    pub mounts: Grant<Vec<Placed<Mount>>>,
    /// Containers whose mounts it has too.
    pub volumes_from: Grant<Vec<Placed<String>>>,
    /// Devices of the host.
    pub devices: Grant<Vec<Placed<Device>>>,
    /// Groups added to the user's own.
    pub groups: Grant<Vec<Placed<String>>>,
    /// The limit of memory, as written.
    pub memory: Grant<String>,
    /// The limit of processor time, as written.
    pub cpus: Grant<String>,
    /// The limit of processes, as written.
    pub pids: Grant<String>,
    /// Limits of single processes, as written.
    pub ulimits: Grant<Vec<Placed<String>>>,
    /// Whether the kernel may not end it when memory runs out.
    pub oom_kill_disable: Grant<bool>,
    /// Published ports.
    pub ports: Grant<Vec<Placed<Published>>>,
    /// Whether every exposed port is published.
    pub publish_all: Grant<bool>,
    /// When it is started again, as in `on-failure:5`.
    pub restart: Grant<String>,
    /// Where its log goes.
    pub log_driver: Grant<String>,
    /// What may hold further options that are not here.
    pub elsewhere: Option<Placed<String>>,
}

impl Container {
    /// A container of which nothing is told.
    pub(crate) fn untold(notation: Notation, engine: Engine, at: Locus) -> Self {
        Self {
            notation,
            engine,
            at,
            is_windows: false,
            image: None,
            privileged: Grant::Untold,
            caps_added: Grant::Untold,
            caps_dropped: Grant::Untold,
            seccomp: Grant::Untold,
            apparmor: Grant::Untold,
            selinux: Grant::Untold,
            no_new_privileges: Grant::Untold,
            unmasked: Grant::Untold,
            read_only: Grant::Untold,
            network: Grant::Untold,
            pid: Grant::Untold,
            ipc: Grant::Untold,
            uts: Grant::Untold,
            userns: Grant::Untold,
            cgroupns: Grant::Untold,
            cgroup_parent: Grant::Untold,
            mounts: Grant::Untold,
            volumes_from: Grant::Untold,
            devices: Grant::Untold,
            groups: Grant::Untold,
            memory: Grant::Untold,
            cpus: Grant::Untold,
            pids: Grant::Untold,
            ulimits: Grant::Untold,
            oom_kill_disable: Grant::Untold,
            ports: Grant::Untold,
            publish_all: Grant::Untold,
            restart: Grant::Untold,
            log_driver: Grant::Untold,
            elsewhere: None,
        }
    }

    /// A container of which nothing is set: what its notation can tell has its default.
    pub(crate) fn unset(notation: Notation, engine: Engine, at: Locus) -> Self {
        let unset = at.clone();
        Self {
            privileged: Grant::Unset(unset.clone()),
            caps_added: Grant::Unset(unset.clone()),
            caps_dropped: Grant::Unset(unset.clone()),
            seccomp: Grant::Unset(unset.clone()),
            apparmor: Grant::Unset(unset.clone()),
            selinux: Grant::Unset(unset.clone()),
            no_new_privileges: Grant::Unset(unset.clone()),
            unmasked: Grant::Unset(unset.clone()),
            read_only: Grant::Unset(unset.clone()),
            network: Grant::Unset(unset.clone()),
            pid: Grant::Unset(unset.clone()),
            ipc: Grant::Unset(unset.clone()),
            uts: Grant::Unset(unset.clone()),
            userns: Grant::Unset(unset.clone()),
            cgroupns: Grant::Unset(unset.clone()),
            cgroup_parent: Grant::Unset(unset.clone()),
            mounts: Grant::Unset(unset.clone()),
            volumes_from: Grant::Unset(unset.clone()),
            devices: Grant::Unset(unset.clone()),
            groups: Grant::Unset(unset.clone()),
            memory: Grant::Unset(unset.clone()),
            cpus: Grant::Unset(unset.clone()),
            pids: Grant::Unset(unset.clone()),
            ulimits: Grant::Unset(unset.clone()),
            oom_kill_disable: Grant::Unset(unset.clone()),
            ports: Grant::Unset(unset.clone()),
            publish_all: Grant::Unset(unset.clone()),
            restart: Grant::Unset(unset.clone()),
            log_driver: Grant::Unset(unset),
            ..Self::untold(notation, engine, at)
        }
    }

    /// Takes back that anything is not set: the input breaks, and it may stand behind the break.
    pub(crate) fn doubt_unset(&mut self) {
        self.privileged.doubt_unset();
        self.caps_added.doubt_unset();
        self.caps_dropped.doubt_unset();
        self.seccomp.doubt_unset();
        self.apparmor.doubt_unset();
        self.selinux.doubt_unset();
        self.no_new_privileges.doubt_unset();
        self.unmasked.doubt_unset();
        self.read_only.doubt_unset();
        self.network.doubt_unset();
        self.pid.doubt_unset();
        self.ipc.doubt_unset();
        self.uts.doubt_unset();
        self.userns.doubt_unset();
        self.cgroupns.doubt_unset();
        self.cgroup_parent.doubt_unset();
        self.mounts.doubt_unset();
        self.volumes_from.doubt_unset();
        self.devices.doubt_unset();
        self.groups.doubt_unset();
        self.memory.doubt_unset();
        self.cpus.doubt_unset();
        self.pids.doubt_unset();
        self.ulimits.doubt_unset();
        self.oom_kill_disable.doubt_unset();
        self.ports.doubt_unset();
        self.publish_all.doubt_unset();
        self.restart.doubt_unset();
        self.log_driver.doubt_unset();
    }

    /// Whether it has every privilege, so that single ones do not matter.
    pub fn is_privileged(&self) -> bool {
        self.privileged.value() == Some(&true)
    }
}
