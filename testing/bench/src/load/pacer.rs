use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

/// How long requests are due, and what ends it earlier.
#[derive(Debug, Clone)]
pub(crate) struct Until {
    longest: Duration,
    stop: Arc<AtomicBool>,
}

impl Until {
    /// This long, unless [`Self::stop`] is called.
    pub(crate) fn after(longest: Duration) -> Self {
        Self { longest, stop: Arc::default() }
    }

    /// Ends it.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Tells when a request is due, at a rate for each second. It has a thread of its own, because the runtime's timer
/// counts in milliseconds, and because nothing that keeps the runtime busy may move what is due.
pub(super) fn pace(rate: f64, until: Until) -> mpsc::UnboundedReceiver<Instant> {
    let (tell, due) = mpsc::unbounded_channel();
    thread::spawn(move || {
        let begin = Instant::now();
        for number in 0_u32.. {
            let after = Duration::from_secs_f64(f64::from(number) / rate);
            thread::sleep((begin + after).saturating_duration_since(Instant::now()));
            if after >= until.longest
                || until.stop.load(Ordering::Relaxed)
                || tell.send(begin + after).is_err()
            {
                break;
            }
        }
    });
    due
}
