//! What is known of the world outside the documents under review: base images, support cycles,
//! tools, sensitive files, host mounts and capabilities.
//!
//! Each part is a table under `data/`, embedded as text and searched where it lies, or, where every
//! document asks many times, read once on first use. The tables are facts with a date; a caller
//! that shows an answer shows the date with it. Nothing here reads a document or judges one.

use std::fmt;

use text::Date;

pub mod base_image;
pub mod capabilities;
pub mod dangerous_mounts;
pub mod exploited;
pub(crate) mod glob;
pub mod lifecycle;
pub mod official;
mod patterns;
pub(crate) mod reference;
pub mod sensitive_paths;
mod table;
pub mod tools;

/// The day from which on the tables may be out of date: the oldest date any of them states.
pub const AS_OF: Date = date(2026, 8, 22);

/// A date written down in the source; one that does not exist fails the build.
const fn date(year: u16, month: u8, day: u8) -> Date {
    match Date::new(year, month, day) {
        Some(it) => it,
        None => panic!("there is no such day"),
    }
}

/// How much a thing helps an intruder, by the tables' own scale.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Risk {
    /// Known, and harmless.
    None,
    /// Worth knowing, not worth changing.
    Info,
    /// Of little help alone.
    Low,
    /// Helps together with something else.
    Medium,
    /// Helps a lot.
    High,
    /// Is as good as control of the host or of the account.
    Critical,
}

impl Risk {
    /// The word for it, as the tables have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        const ALL: [Risk; 6] =
            [Risk::None, Risk::Info, Risk::Low, Risk::Medium, Risk::High, Risk::Critical];
        ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risks_are_read_and_ordered() {
        assert_eq!(Risk::parse("high"), Some(Risk::High));
        assert_eq!(Risk::parse("High"), None);
        assert!(Risk::None < Risk::Info && Risk::High < Risk::Critical);
        assert_eq!(Risk::Medium.to_string(), "medium");
    }

    static TABLES: [&table::Table; 12] = [
        &base_image::IMAGES,
        &base_image::CONTENTS,
        &capabilities::CAPABILITIES,
        &dangerous_mounts::MOUNTS,
        &lifecycle::CYCLES,
        &sensitive_paths::FILES,
        &sensitive_paths::ENDINGS,
        &sensitive_paths::PATTERNS,
        &sensitive_paths::FIXTURES,
        &tools::BINARIES,
        &tools::PACKAGES,
        &tools::PACKAGE_PATTERNS,
    ];

    /// Every table states its date, and the common date is the oldest of them.
    #[test]
    fn every_table_states_its_date() {
        let dates: Vec<Date> = TABLES.iter().map(|it| it.as_of().unwrap()).collect();
        assert_eq!(dates.iter().min(), Some(&AS_OF));
        assert_eq!(base_image::IMAGES.as_of(), Some(base_image::AS_OF));
        assert_eq!(lifecycle::CYCLES.as_of(), Some(lifecycle::AS_OF));
    }

    /// Every visitor downloads the tables: about 27 kB once compressed.
    #[test]
    fn the_tables_stay_small() {
        let bytes: usize = TABLES.iter().map(|it| it.text().len()).sum();
        assert!(bytes < 105_000, "{bytes} bytes of tables");
    }

    #[test]
    fn every_table_starts_with_comments_and_ends_in_a_line() {
        for table in TABLES {
            assert!(table.text().starts_with("# "), "{:.40}", table.text());
            assert!(table.text().ends_with('\n') && !table.text().contains("\n\n"));
        }
    }
}
