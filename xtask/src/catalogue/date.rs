//! Dates of snapshots: a month or a day, taken from outside and never from this machine's clock.

use std::fmt;
use std::str::FromStr;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

/// The date of a snapshot, `2026-11` or `2026-11-17`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Date(String);

impl Date {
    /// Whether this date is surely before the other; a month is not before one of its own days.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        let shared = self.0.len().min(other.0.len());
        self.0.get(..shared) < other.0.get(..shared)
    }

    /// The first date that stands in a file name, such as `2026-11` in `feed-2026-11.json`.
    pub(crate) fn in_name(name: &str) -> Option<Self> {
        let ends_here = |end: usize| !name.as_bytes().get(end).is_some_and(u8::is_ascii_digit);
        (0..name.len())
            .filter(|start| *start == 0 || !name.as_bytes().get(start - 1).is_some_and(u8::is_ascii_digit))
            .find_map(|start| {
                [10, 7].into_iter().find_map(|length| {
                    let end = start + length;
                    let date = name.get(start..end)?.parse().ok()?;
                    ends_here(end).then_some(date)
                })
            })
    }

    /// The day of an HTTP date such as `Tue, 17 Nov 2026 08:49:37 GMT`.
    pub(crate) fn from_http(header: &str) -> Option<Self> {
        let mut words = header.split_whitespace().skip(1);
        let (day, month, year) = (words.next()?, words.next()?, words.next()?);
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let month = months.iter().position(|name| *name == month)? + 1;
        let day: u8 = day.parse().ok()?;
        format!("{year}-{month:02}-{day:02}").parse().ok()
    }

    /// The day at the start of a timestamp such as `2025-09-23 18:19:17.382`.
    pub(crate) fn of_timestamp(text: &str) -> Option<Self> {
        text.get(..10)?.parse().ok()
    }
}

impl FromStr for Date {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.split('-');
        let part = |part: Option<&str>, digits: usize, range: std::ops::RangeInclusive<u16>| {
            part.filter(|text| text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
                .and_then(|text| text.parse::<u16>().ok())
                .is_some_and(|number| range.contains(&number))
        };
        let year = part(parts.next(), 4, 1..=9999);
        let month = part(parts.next(), 2, 1..=12);
        let day = match parts.next() {
            None => true,
            day => part(day, 2, 1..=31),
        };
        if !(year && month && day && parts.next().is_none()) {
            bail!("`{}` is not a date: write 2026-11 or 2026-11-17", text.escape_debug());
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for Date {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use super::*;

    #[track_caller]
    fn check(found: Option<Date>, expected: Option<&str>) {
        assert_eq!(found.map(String::from).as_deref(), expected);
    }

    #[test]
    fn dates_are_found_in_names() {
        check(Date::in_name("2026-11.json"), Some("2026-11"));
        check(Date::in_name("feed-2026-11-17.json"), Some("2026-11-17"));
        check(Date::in_name("feed-12026-11.json"), None);
        check(Date::in_name("2026-111.json"), None);
        check(Date::in_name("2026-13.json"), None);
        check(Date::in_name("é-2026-11"), Some("2026-11"));
        check(Date::in_name("models.json"), None);
    }

    #[test]
    fn http_dates_become_days() {
        check(Date::from_http("Tue, 17 Nov 2026 08:49:37 GMT"), Some("2026-11-17"));
        check(Date::from_http("Tue, 7 Feb 2026 08:49:37 GMT"), Some("2026-02-07"));
        check(Date::from_http("yesterday"), None);
    }

    #[test]
    fn timestamps_become_days() {
        check(Date::of_timestamp("2025-09-23 18:19:17.382"), Some("2025-09-23"));
        check(Date::of_timestamp("2025-09"), None);
        check(Date::of_timestamp("soon, really"), None);
    }

    #[test]
    fn a_month_is_not_before_its_own_days() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert!(date("2025-12").is_before(&date("2026-11")));
        assert!(date("2026-11-01").is_before(&date("2026-11-02")));
        assert!(!date("2026-11").is_before(&date("2026-11-02")));
        assert!(!date("2026-11-02").is_before(&date("2026-11")));
    }
}
