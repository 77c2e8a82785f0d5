//! What several inputs tell of one image: its history step by step, and where they disagree.

use serde::{Deserialize, Serialize};
use text::SourceId;

use crate::{Evidence, Place};

/// Something that inputs tell differently.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Disagreement {
    /// What, as a sentence without a full stop.
    pub message: String,
    /// Who says what, the most authoritative first.
    pub places: Vec<Evidence>,
}

/// The history of an image as the steps of a Dockerfile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct History {
    /// The recovered text, a source of its own.
    pub source: SourceId,
    /// How many steps are the base image's.
    pub base: u32,
    /// What tells where the base image ends, as it stands behind "because".
    pub because: String,
    /// The name of the base image, if something tells it.
    pub base_name: Option<String>,
    /// The steps, oldest first.
    pub steps: Vec<HistoryStep>,
    /// How the steps go together with a Dockerfile that was given, as a sentence without a full
    /// stop.
    pub built_from: Option<String>,
}

/// A step of a history.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HistoryStep {
    /// What it says, as recovered, secrets masked. Here-documents have several lines.
    pub text: String,
    /// Its entry in what was handed in.
    pub place: Place,
    /// The size of its layer in bytes.
    pub size: Option<u64>,
    /// Whether the tool that printed the history cut it off.
    pub is_cut: bool,
    /// The line of the Dockerfile that says the same.
    pub line: Option<Place>,
}

impl History {
    /// The steps of the base image and those of the image itself.
    pub fn split(&self) -> (&[HistoryStep], &[HistoryStep]) {
        self.steps.split_at_checked(self.base as usize).unwrap_or((&self.steps, &[]))
    }
}

/// A size as people read it: three digits and a unit.
pub fn size(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let bytes = u128::from(bytes);
    let mut scale = 1_u128;
    let mut unit = 0;
    while bytes / scale >= 1000 && unit + 1 < units.len() {
        scale *= 1000;
        unit += 1;
    }
    let name = units.get(unit).copied().unwrap_or_default();
    let (whole, hundredths) = (bytes / scale, bytes % scale * 100 / scale);
    match whole {
        _ if unit == 0 => format!("{whole} {name}"),
        0..10 => format!("{whole}.{hundredths:02} {name}"),
        10..100 => format!("{whole}.{} {name}", hundredths / 10),
        _ => format!("{whole} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_three_digits_at_most() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.00 kB"),
            (5_570_000, "5.57 MB"),
            (45_678_900, "45.6 MB"),
            (123_456_789, "123 MB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}
