use std::time::Duration;

use crate::error::Result;
use crate::report::{Bound, Figure, Outcome, Role, Unit};
use crate::run::{Bench, Contender};

/// How long a server rests before its memory is taken.
const REST: Duration = Duration::from_secs(1);

/// Notes what each server has in use when it has started and nobody asks for anything.
pub(crate) async fn at_rest(contenders: &mut [Contender]) -> Result<()> {
    tokio::time::sleep(REST).await;
    for contender in contenders {
        contender.rest = contender.server.process.memory()?;
    }
    Ok(())
}

/// Memory at rest, and at the peak of all the work before.
pub(super) fn outcomes(bench: &Bench) -> Result<Vec<Outcome>> {
    let doers: Vec<&Contender> = bench.contenders.iter().filter(|doer| doer.role != Role::Floor).collect();
    for doer in &doers {
        doer.note_peak()?;
    }
    let outcome = |name: &str, title: &str, value: fn(&Contender) -> f64| {
        let figures =
            doers.iter().map(|doer| Figure::of(&doer.server.name, doer.role, vec![value(doer)])).collect();
        let outcome = Outcome {
            name: name.to_owned(),
            title: title.to_owned(),
            unit: Unit::Megabytes,
            figures,
            verdicts: Vec::new(),
        };
        outcome.judge(Some(Bound::AtMost(1.0 / 3.0)), None)
    };
    Ok(vec![
        outcome("memory_rest", "memory at rest", |doer| doer.rest),
        outcome("memory_peak", "memory at the peak of the work above", |doer| doer.peak.get()),
    ])
}
