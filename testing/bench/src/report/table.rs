use std::fmt::Write as _;

use super::results::{Bound, Figure, Outcome, Results, Unit, Verdict};

/// The lines of an outcome.
pub(super) fn outcome(outcome: &Outcome) -> String {
    let mut text = format!("{}: {}\n", outcome.name, outcome.title);
    let unit = match outcome.unit {
        Unit::Rate => "requests/s",
        Unit::Milliseconds => "ms",
        Unit::Megabytes => "MB",
    };
    let under_load = outcome.figures.iter().any(|figure| figure.load.is_some());
    let more =
        if under_load { ["p50 ms", "p99 ms", "p999 ms", "CPU s/1000", "peak MB", "errors"] } else { [""; 6] };
    let mut header = format!("  {:<28} {unit:>12}", "");
    for name in more {
        let _ = write!(header, " {name:>10}");
    }
    let _ = writeln!(text, "{}", header.trim_end());
    for figure in &outcome.figures {
        let verdict = outcome.verdicts.iter().find(|verdict| verdict.against == figure.server);
        let _ = writeln!(text, "{}", line(figure, verdict));
    }
    for figure in &outcome.figures {
        if let Some(error) = figure.load.as_ref().and_then(|load| load.first_error.as_ref()) {
            let _ = writeln!(text, "  the first error of {}: {error}", figure.server);
        }
    }
    text
}

fn line(figure: &Figure, verdict: Option<&Verdict>) -> String {
    let mut line = format!("  {:<28} {:>12}", figure.server, value(figure.value));
    if let Some(load) = &figure.load {
        for micros in [load.p50_us, load.p99_us, load.p999_us] {
            let _ = write!(line, " {:>10.2}", micros as f64 / 1000.0);
        }
        let _ = write!(line, " {:>10.4} {:>10.1} {:>10}", load.cpu_s_per_1000, load.peak_mb, load.errors);
    }
    if let Some(verdict) = verdict {
        let _ = write!(line, "   {}", judgement(verdict));
    }
    line
}

/// The ratio, the target and what came of it: `12.1× (≥ 10) met`.
fn judgement(verdict: &Verdict) -> String {
    let mut text = format!("{:.2}×", verdict.ratio);
    let _ = match verdict.target {
        Some(Bound::AtLeast(bound)) => write!(text, " (≥ {bound})"),
        Some(Bound::AtMost(bound)) => write!(text, " (≤ {bound:.2})"),
        None => Ok(()),
    };
    text += match verdict.met {
        Some(true) => " met",
        Some(false) => " MISSED",
        None => "",
    };
    text
}

/// Large numbers without digits behind the point, and with commas before it.
pub(super) fn value(value: f64) -> String {
    if value < 1000.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A line for each target.
pub(super) fn summary(results: &Results) -> String {
    let mut text = String::from("targets\n");
    for outcome in &results.outcomes {
        for verdict in outcome.verdicts.iter().filter(|verdict| verdict.target.is_some()) {
            let against = format!("against {}", verdict.against);
            let _ = writeln!(text, "  {:<16} {against:<28} {}", outcome.name, judgement(verdict));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::results::{LoadFigure, Role};
    use super::*;

    #[test]
    fn an_outcome_has_a_line_for_each_server_with_its_ratio() {
        let mut own = Figure::of("baibase", Role::Own, vec![41_234.4]);
        own.load = Some(LoadFigure {
            connections: 64,
            replies: 5,
            errors: 1,
            first_error: Some("status 500 instead of 200".to_owned()),
            p50_us: 310,
            p99_us: 1230,
            p999_us: 4560,
            cpu_s_per_1000: 0.0312,
            peak_mb: 48.25,
        });
        let figures = vec![own, Figure::of("peer", Role::Peer, vec![4_000.0])];
        let outcome_of = Outcome {
            name: "by_id".to_owned(),
            title: "one record".to_owned(),
            unit: Unit::Rate,
            figures,
            verdicts: Vec::new(),
        };
        let text = outcome(&outcome_of.judge(Some(Bound::AtLeast(10.0)), None));
        let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[2], ["baibase", "41,234", "0.31", "1.23", "4.56", "0.0312", "48.2", "1"]);
        assert_eq!(words[3], ["peer", "4,000", "10.31×", "(≥", "10)", "met"]);
        assert!(text.contains("the first error of baibase: status 500"), "{text}");
    }

    #[test]
    fn numbers_are_written_to_be_read() {
        assert_eq!([1.234, 999.0, 1_000.0, 1_234_567.8].map(value), ["1.23", "999.00", "1,000", "1,234,568"]);
    }
}
