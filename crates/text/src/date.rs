//! A calendar day, for facts that age.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar. The engine never reads a clock: "today" is handed in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if there is such a one.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if month == 0 || month > 12 || day == 0 || day > days_in(year, month) {
            return None;
        }
        Some(Self { year, month, day })
    }

    /// The day that is `days` after 1970-01-01, as clocks count.
    pub fn from_unix_days(days: u32) -> Option<Self> {
        let mut left = days;
        for year in 1970..=u16::MAX {
            for month in 1..=12 {
                let length = u32::from(days_in(year, month));
                if left < length {
                    return Self::new(year, month, u8::try_from(left + 1).ok()?);
                }
                left -= length;
            }
        }
        None
    }

    /// Days since 1970-01-01; earlier days give 0.
    pub fn unix_days(self) -> u32 {
        let years = (1970..self.year).flat_map(|year| (1..=12).map(move |it| days_in(year, it)));
        let months = (1..self.month).map(|it| days_in(self.year, it));
        if self.year < 1970 {
            return 0;
        }
        years.chain(months).map(u32::from).sum::<u32>() + u32::from(self.day) - 1
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = &'static str;

    /// Reads `2026-11-24`, the only form.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected a date such as 2026-11-24";
        let mut parts = text.split('-');
        let mut part = |width: usize| {
            let digits = parts.next().filter(|it| it.len() == width)?;
            digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse::<u16>().ok())?
        };
        let (year, month, day) = (part(4), part(2), part(2));
        if parts.next().is_some() {
            return Err(EXPECTED);
        }
        let date = year.zip(month).zip(day).and_then(|((year, month), day)| {
            Self::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
        });
        date.ok_or(EXPECTED)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_written_and_ordered() {
        let date: Date = "2024-02-29".parse().unwrap();
        assert_eq!(date.to_string(), "2024-02-29");
        assert!(date < "2024-03-01".parse().unwrap());
        for bad in
            ["2023-02-29", "2024-13-01", "2024-00-01", "24-1-1", "2024-01-01-", "x", "+024-01-01"]
        {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn unix_days_go_both_ways() {
        for text in ["1970-01-01", "2000-02-29", "2026-11-24", "2100-03-01"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(Date::from_unix_days(date.unix_days()), Some(date));
        }
        assert_eq!(
            Date::from_unix_days(20_781).map(|it| it.to_string()).as_deref(),
            Some("2026-11-24")
        );
    }
}
