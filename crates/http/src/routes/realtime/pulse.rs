use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// How long a connection lasts at most. Clients connect again by themselves.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a connection lasts without an event.
const IDLE: Duration = Duration::from_mins(5);

/// How long nothing is sent at most: proxies take a silent connection for a dead one, most after a minute.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// What the time does to a connection.
pub(super) struct Pulse {
    ends: Instant,
    last_event: Instant,
    /// When anything was sent.
    last_sent: Instant,
    timer: Pin<Box<Sleep>>,
}

/// What it is time for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Beat {
    /// To show that the connection is alive.
    Alive,
    /// To end it.
    End,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let timer = Box::pin(tokio::time::sleep_until(now + HEARTBEAT));
        Self { ends: now + LIFETIME, last_event: now, last_sent: now, timer }
    }

    /// Notes that an event was sent.
    pub(super) fn event(&mut self) {
        self.last_event = Instant::now();
        self.last_sent = self.last_event;
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Beat> {
        loop {
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            let now = Instant::now();
            let end = self.ends.min(self.last_event + IDLE);
            if now >= end {
                return Poll::Ready(Beat::End);
            }
            let silent = now >= self.last_sent + HEARTBEAT;
            if silent {
                self.last_sent = now;
            }
            // Events do not touch the timer: it rings too early at times, and is set again.
            let next = end.min(self.last_sent + HEARTBEAT);
            self.timer.as_mut().reset(next);
            if silent {
                return Poll::Ready(Beat::Alive);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    /// The next beat, and how many seconds it took.
    async fn next(pulse: &mut Pulse) -> (Beat, u64) {
        let begun = Instant::now();
        let beat = poll_fn(|context| pulse.poll(context)).await;
        (beat, begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_beats_and_ends() {
        let mut pulse = Pulse::new();
        for _ in 0..9 {
            assert_eq!(next(&mut pulse).await, (Beat::Alive, 30));
        }
        assert_eq!(next(&mut pulse).await, (Beat::End, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn events_put_both_off() {
        let mut pulse = Pulse::new();
        for _ in 0..20 {
            tokio::time::advance(Duration::from_secs(29)).await;
            let beat = poll_fn(|context| Poll::Ready(pulse.poll(context))).await;
            assert_eq!(beat, Poll::Pending);
            pulse.event();
        }
        assert_eq!(next(&mut pulse).await, (Beat::Alive, 30));
    }

    #[tokio::test(start_paused = true)]
    async fn no_connection_lasts_for_ever() {
        let (mut pulse, begun) = (Pulse::new(), Instant::now());
        while next(&mut pulse).await.0 == Beat::Alive {
            pulse.event();
        }
        assert_eq!(begun.elapsed(), LIFETIME);
    }
}
