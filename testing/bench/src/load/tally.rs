use std::time::Duration;

use hdrhistogram::Histogram;

use crate::error::Result;

/// The longest latency that is told apart, in microseconds.
const LONGEST: u64 = 120_000_000;

/// What came of a run.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    /// Microseconds, with three digits.
    latencies: Histogram<u64>,
    /// Replies with another status than the expected one, and requests without a reply.
    pub(crate) errors: u64,
    /// The first of them.
    pub(crate) first_error: Option<String>,
    /// How long was measured.
    pub(crate) elapsed: Duration,
    /// Seconds of the processor that the server used meanwhile.
    pub(crate) cpu_seconds: f64,
}

impl Default for Tally {
    #[expect(clippy::expect_used, reason = "the bounds are constants that a histogram takes")]
    fn default() -> Self {
        let latencies = Histogram::new_with_max(LONGEST, 3).expect("bounds of a histogram");
        Self { latencies, errors: 0, first_error: None, elapsed: Duration::ZERO, cpu_seconds: 0.0 }
    }
}

impl Tally {
    /// Counts a reply.
    pub(crate) fn reply(&mut self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(LONGEST);
        self.latencies.saturating_record(micros.max(1));
    }

    /// Counts what is no reply, or not the expected one.
    pub(crate) fn error(&mut self, what: impl FnOnce() -> String) {
        self.errors += 1;
        self.first_error.get_or_insert_with(what);
    }

    /// Counts an exchange by its outcome.
    pub(crate) fn outcome(&mut self, status: Result<u16>, expected: u16, latency: Duration) {
        match status {
            Ok(status) if status == expected => self.reply(latency),
            Ok(status) => self.error(|| format!("status {status} instead of {expected}")),
            Err(error) => self.error(|| error.to_string()),
        }
    }

    /// Adds what another run, or another connection of the same run, counted. The time is left as it is.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.latencies += &other.latencies;
        self.errors += other.errors;
        self.cpu_seconds += other.cpu_seconds;
        if self.first_error.is_none() {
            self.first_error.clone_from(&other.first_error);
        }
    }

    /// How many replies came.
    pub(crate) fn replies(&self) -> u64 {
        self.latencies.len()
    }

    /// Replies for each second.
    pub(crate) fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.replies() as f64 / seconds } else { 0.0 }
    }

    /// The latency, in microseconds, that this part (0 to 1) of the replies kept below.
    pub(crate) fn quantile(&self, part: f64) -> u64 {
        self.latencies.value_at_quantile(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_of_connections_add_up() {
        let (mut one, mut other) = (Tally::default(), Tally::default());
        for micros in 1..=90 {
            one.reply(Duration::from_micros(micros));
        }
        for _ in 0..10 {
            other.reply(Duration::from_millis(5));
        }
        other.outcome(Ok(500), 200, Duration::ZERO);
        other.outcome(Ok(200), 200, Duration::from_secs(999));
        one.merge(&other);
        assert_eq!((one.replies(), one.errors), (101, 1));
        assert_eq!(one.first_error.as_deref(), Some("status 500 instead of 200"));
        assert_eq!(one.quantile(0.5), 51);
        assert!((4990..=5010).contains(&one.quantile(0.95)), "{}", one.quantile(0.95));
        one.elapsed = Duration::from_millis(500);
        assert!((one.rate() - 202.0).abs() < 1e-9);
    }
}
