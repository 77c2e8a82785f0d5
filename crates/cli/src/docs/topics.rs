//! The pages that are not about a single rule.

/// A page of prose.
#[derive(Debug)]
pub(super) struct Topic {
    /// Its name in addresses and on the command line.
    pub(super) name: &'static str,
    /// The part of the companion that it belongs to.
    pub(super) part: Part,
    /// What a reader finds there, in a sentence.
    pub(super) about: &'static str,
    /// Its Markdown, which begins with the title.
    pub(super) text: &'static str,
}

/// The parts of the companion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// What stands behind the checks.
    Ideas,
    /// How something is done.
    Work,
}

impl Part {
    /// All of them, in reading order.
    pub(super) const ALL: [Self; 2] = [Self::Ideas, Self::Work];

    /// The heading above its pages.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Ideas => "What stands behind it",
            Self::Work => "How to",
        }
    }
}

macro_rules! topics {
    ($($part:ident $name:literal: $about:literal,)*) => {
        /// Every page, in reading order.
        pub(super) const TOPICS: &[Topic] = &[$(Topic {
            name: $name,
            part: Part::$part,
            about: $about,
            text: include_str!(concat!("../../../../web/docs/", $name, ".md")),
        }),*];
    };
}

topics![
    Ideas "four-questions":
        "What an intruder has who runs commands in your container, and what decides it.",
    Ideas "three-problems":
        "Why none of the three makes up for another.",
    Ideas "where-controls-apply":
        "Build, image, registry, run or host: who can act on a finding, and where it stops protecting.",
    Ideas "reading-history":
        "What the steps of an image give away, and what they keep back.",
    Ideas "deleted-is-not-gone":
        "Why a file removed in a later step can still be taken out of the image.",
    Ideas "ownership-and-user":
        "How to give a process the files it has to write, and no others.",
    Ideas "docker-socket":
        "Why mounting it gives away the host, and what to do in its place.",
    Ideas "scans-are-one-signal":
        "What a list of published flaws says about an image, and what it cannot.",
    Ideas "exercise":
        "An image to judge by yourself, with the answers.",
    Work "install":
        "The page, the program, completion, and everything to take along.",
    Work "reading-a-report":
        "The headline, the answers and a finding, part by part.",
    Work "settling-unknowns":
        "Which input answers which open question, and how to get it.",
    Work "in-ci":
        "Recipes for GitHub, GitLab, Jenkins and commit hooks, with exit codes and thresholds.",
    Work "settings":
        "The stage that is built, trusted registries, rules on and off: what no input tells.",
    Work "comparing":
        "What a change brings and what it mends, on a pull request or a patch.",
    Work "saved-image":
        "The files themselves: layers, owners, deleted secrets, packages.",
    Work "shell-scripts":
        "The codes of ShellCheck in steps of a build, and how to switch them on.",
    Work "from-hadolint":
        "Names, ignore comments and settings that go on working.",
    Work "embed":
        "A checker around the examples of your own documentation.",
    Work "privacy":
        "What the browser enforces, and how to try to get around it.",
];

impl Topic {
    /// The title, which is the first line.
    pub(super) fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// Everything below the title.
    pub(super) fn body(&self) -> &'static str {
        self.text.split_once('\n').map_or("", |(_, body)| body.trim_start())
    }
}

/// A page by its name.
pub(super) fn find(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|it| it.name == name)
}
