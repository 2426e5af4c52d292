//! What is counted now, beside what was recorded.

use std::{
    collections::BTreeSet,
    fmt::{self, Display, Formatter},
};

use super::record::Counts;

/// By how much a count may differ. It is wider than what compilers, C libraries and chance make of it.
pub(crate) const LIMIT_PERCENT: u64 = 10;

/// What has become of a kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Kept,
    Grown,
    Shrunk,
    /// It is counted and was never recorded.
    Unrecorded,
    /// It was recorded and is not counted any more.
    Uncounted,
}

impl Verdict {
    fn of(recorded: Option<u64>, counted: Option<u64>) -> Self {
        let (recorded, counted) = match (recorded, counted) {
            (Some(recorded), Some(counted)) => (recorded, counted),
            (None, _) => return Self::Unrecorded,
            (_, None) => return Self::Uncounted,
        };
        let of_recorded = |percent: u64| recorded.saturating_mul(percent);
        match counted.saturating_mul(100) {
            now if now > of_recorded(100 + LIMIT_PERCENT) => Self::Grown,
            now if now < of_recorded(100 - LIMIT_PERCENT) => Self::Shrunk,
            _ => Self::Kept,
        }
    }

    /// Whether a change must not be taken like this.
    pub(crate) fn fails(self) -> bool {
        matches!(self, Self::Grown | Self::Unrecorded | Self::Uncounted)
    }
}

/// A line of the table.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    kind: String,
    recorded: Option<u64>,
    counted: Option<u64>,
    pub(crate) verdict: Verdict,
}

/// One line for each kind that either of them has.
pub(crate) fn compare(recorded: &Counts, counted: &Counts) -> Vec<Line> {
    let kinds: BTreeSet<&String> = recorded.keys().chain(counted.keys()).collect();
    kinds
        .into_iter()
        .map(|kind| {
            let (recorded, counted) = (recorded.get(kind).copied(), counted.get(kind).copied());
            Line { kind: kind.clone(), recorded, counted, verdict: Verdict::of(recorded, counted) }
        })
        .collect()
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let number = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let (recorded, counted) = (number(self.recorded), number(self.counted));
        write!(f, "{:<12} recorded {recorded:>9}   now {counted:>9}", self.kind)?;
        if let (Some(recorded), Some(counted)) = (self.recorded, self.counted)
            && recorded > 0
        {
            write!(f, "   {:+6.1} %", (counted as f64 / recorded as f64 - 1.0) * 100.0)?;
        }
        f.write_str(match self.verdict {
            Verdict::Kept => "",
            Verdict::Grown => "   more than it may",
            Verdict::Shrunk => "   to be recorded",
            Verdict::Unrecorded => "   never recorded",
            Verdict::Uncounted => "   no longer counted",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, u64)]) -> Counts {
        of.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect()
    }

    #[test]
    fn a_tenth_more_or_less_is_kept_and_beyond_is_not() {
        for (counted, verdict) in [
            (1000, Verdict::Kept),
            (1100, Verdict::Kept),
            (1101, Verdict::Grown),
            (900, Verdict::Kept),
            (899, Verdict::Shrunk),
            (0, Verdict::Shrunk),
        ] {
            let lines = compare(&counts(&[("list", 1000)]), &counts(&[("list", counted)]));
            assert_eq!(lines[0].verdict, verdict, "{counted}");
        }
    }

    #[test]
    fn growth_and_what_is_missing_on_either_side_fail() {
        let recorded = counts(&[("by_id", 100), ("gone", 100), ("grown", 100), ("shrunk", 100)]);
        let counted = counts(&[("by_id", 101), ("grown", 120), ("new", 1), ("shrunk", 50)]);
        let lines = compare(&recorded, &counted);
        let failing: Vec<_> =
            lines.iter().filter(|line| line.verdict.fails()).map(|line| line.kind.as_str()).collect();
        assert_eq!(failing, ["gone", "grown", "new"]);
    }

    #[test]
    fn a_line_shows_both_counts_and_the_change() {
        let lines = compare(&counts(&[("list", 1000)]), &counts(&[("list", 1150), ("new", 7)]));
        let table: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(
            table,
            [
                "list         recorded      1000   now      1150    +15.0 %   more than it may",
                "new          recorded         -   now         7   never recorded",
            ]
        );
    }
}
