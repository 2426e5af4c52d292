use serde::{Deserialize, Serialize};

use super::Machine;

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Results {
    /// `YYYY-MM-DD`, UTC.
    pub(crate) date: String,
    pub(crate) machine: Machine,
    /// What this server kept its rows in: `sqlite` or `postgres`.
    pub(crate) store: String,
    pub(crate) records: u64,
    pub(crate) rounds: usize,
    /// Seconds of a round.
    pub(crate) seconds: f64,
    /// Requests that were due each second; `None` when connections sent as fast as replies came.
    pub(crate) open_rate: Option<f64>,
    pub(crate) outcomes: Vec<Outcome>,
}

/// What came of a piece of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) unit: Unit,
    pub(crate) figures: Vec<Figure>,
    pub(crate) verdicts: Vec<Verdict>,
}

/// What values count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    /// Requests each second; the more the better.
    #[serde(rename = "requests/s")]
    Rate,
    /// Milliseconds; the fewer the better.
    #[serde(rename = "ms")]
    Milliseconds,
    /// MiB; the fewer the better.
    #[serde(rename = "MB")]
    Megabytes,
}

/// Who did the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Own,
    Peer,
    Floor,
}

/// What was measured of one server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) server: String,
    pub(crate) role: Role,
    /// The median of the rounds.
    pub(crate) value: f64,
    pub(crate) rounds: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) load: Option<LoadFigure>,
}

/// What else was measured under load, over all rounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoadFigure {
    pub(crate) connections: usize,
    pub(crate) replies: u64,
    /// Replies with another status than the expected one, and requests without a reply.
    pub(crate) errors: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_error: Option<String>,
    pub(crate) p50_us: u64,
    pub(crate) p99_us: u64,
    pub(crate) p999_us: u64,
    /// Seconds of the processor that the server's process used for 1,000 requests.
    pub(crate) cpu_s_per_1000: f64,
    /// The most memory that the server's process had in use meanwhile, in MiB.
    pub(crate) peak_mb: f64,
}

/// How the first figure compares with another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// The server of that other figure.
    pub(crate) against: String,
    /// The value divided by that of the other one.
    pub(crate) ratio: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<Bound>,
    /// Whether the target is met, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) met: Option<bool>,
}

/// What a ratio should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Figure {
    /// A figure out of the values of its rounds.
    pub(crate) fn of(server: &str, role: Role, rounds: Vec<f64>) -> Self {
        Self { server: server.to_owned(), role, value: median(&rounds), rounds, load: None }
    }
}

impl Verdict {
    /// Compares two figures.
    pub(crate) fn of(value: f64, other: &Figure, target: Option<Bound>) -> Self {
        let ratio = if other.value > 0.0 { value / other.value } else { 0.0 };
        let met = target.map(|target| match target {
            Bound::AtLeast(bound) => ratio >= bound,
            Bound::AtMost(bound) => value > 0.0 && ratio <= bound,
        });
        Self { against: other.server.clone(), ratio, target, met }
    }
}

impl Outcome {
    /// The errors of all servers.
    pub(crate) fn errors(&self) -> u64 {
        self.figures.iter().filter_map(|figure| Some(figure.load.as_ref()?.errors)).sum()
    }

    /// Compares the first figure, the own one, with those of the others: of peers with the one bound, of the floor with
    /// the other one.
    pub(crate) fn judge(mut self, peer: Option<Bound>, floor: Option<Bound>) -> Self {
        if let [own, others @ ..] = self.figures.as_slice() {
            let bound = |figure: &Figure| if figure.role == Role::Floor { floor } else { peer };
            let verdicts = others.iter().map(|other| Verdict::of(own.value, other, bound(other)));
            self.verdicts = verdicts.collect();
        }
        self
    }
}

/// The value in the middle; 0 when there is none.
fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(one), Some(other)) if values.len().is_multiple_of(2) => f64::midpoint(*one, *other),
        (_, Some(value)) => *value,
        (_, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[]), 0.0);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0]), 2.5);
    }

    #[test]
    fn targets_are_met_or_not() {
        let figures = vec![
            Figure::of("own", Role::Own, vec![100.0]),
            Figure::of("peer", Role::Peer, vec![20.0]),
            Figure::of("floor", Role::Floor, vec![200.0]),
        ];
        let outcome = Outcome {
            name: "a".to_owned(),
            title: String::new(),
            unit: Unit::Rate,
            figures,
            verdicts: Vec::new(),
        };
        let judged = outcome.clone().judge(Some(Bound::AtLeast(5.0)), Some(Bound::AtLeast(0.7)));
        let verdicts: Vec<_> = judged.verdicts.iter().map(|v| (v.against.as_str(), v.ratio, v.met)).collect();
        assert_eq!(verdicts, [("peer", 5.0, Some(true)), ("floor", 0.5, Some(false))]);
        let judged = outcome.judge(Some(Bound::AtMost(4.0)), None);
        let met: Vec<_> = judged.verdicts.iter().map(|v| v.met).collect();
        assert_eq!(met, [Some(false), None]);
    }
}
