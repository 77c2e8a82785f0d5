//! The pages that are not about a single rule.

/// A page of prose.
#[derive(Debug)]
pub(super) struct Topic {
    /// Its name in addresses and on the command line.
    pub(super) name: &'static str,
    /// The part of the companion that it belongs to.
    pub(super) part: Part,
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
    ($($part:ident $name:literal),* $(,)?) => {
        /// Every page, in reading order.
        pub(super) const TOPICS: &[Topic] = &[$(Topic {
            name: $name,
            part: Part::$part,
            text: include_str!(concat!("../../../../web/docs/", $name, ".md")),
        }),*];
    };
}

topics![
    Ideas "four-questions",
    Ideas "three-problems",
    Ideas "where-controls-apply",
    Ideas "reading-history",
    Ideas "deleted-is-not-gone",
    Ideas "ownership-and-user",
    Ideas "docker-socket",
    Ideas "scans-are-one-signal",
    Ideas "exercise",
    Work "settling-unknowns",
    Work "in-ci",
    Work "settings",
    Work "comparing",
    Work "saved-image",
    Work "shell-scripts",
    Work "from-hadolint",
    Work "embed",
    Work "privacy",
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
