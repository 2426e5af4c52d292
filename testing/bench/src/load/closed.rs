use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Tally;
use crate::error::{Result, What};
use crate::http::{Connection, Source};
use crate::server::Server;

/// How long a run lasts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// The time before anything is counted.
    pub(crate) warm_up: Duration,
    /// The time in which replies are counted.
    pub(crate) measured: Duration,
}

/// Sends requests over this many connections, each when the one before has its reply. A reply counts when it comes
/// within the window; an error counts whenever it comes. When no reply came in time, the late ones count, and the time
/// that they took.
pub(crate) async fn closed(
    server: &Server,
    source: &Rc<Source>,
    connections: usize,
    expected: u16,
    window: Window,
) -> Result<Tally> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(server.connect().await?);
    }
    let begin = Instant::now() + window.warm_up;
    let end = begin + window.measured;
    let total = Rc::new(RefCell::new((Tally::default(), Tally::default())));
    let mut tasks = JoinSet::new();
    for connection in open {
        let (source, total) = (Rc::clone(source), Rc::clone(&total));
        tasks.spawn_local(async move {
            let (in_time, late) = send(connection, &source, expected, begin, end).await;
            let mut total = total.borrow_mut();
            total.0.merge(&in_time);
            total.1.merge(&late);
        });
    }
    tokio::time::sleep(window.warm_up).await;
    let cpu = server.process.cpu_seconds()?;
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(std::io::Error::other).what("a connection's task")?;
    }
    let (mut total, late) = total.take();
    total.cpu_seconds = server.process.cpu_seconds()? - cpu;
    // With no requests left the run ends early.
    total.elapsed = Instant::now().min(end).saturating_duration_since(begin);
    if total.replies() == 0 {
        total.merge(&late);
        total.elapsed = begin.elapsed();
    }
    Ok(total)
}

async fn send(
    mut connection: Connection,
    source: &Source,
    expected: u16,
    begin: Instant,
    end: Instant,
) -> (Tally, Tally) {
    let (mut in_time, mut late, mut request) = (Tally::default(), Tally::default(), Vec::new());
    let mut sent = Instant::now();
    while sent < end && source.next(&mut request) {
        let status = connection.status(&request).await;
        let (now, lost) = (Instant::now(), status.is_err());
        if (begin..end).contains(&now) || status.as_ref().ok() != Some(&expected) {
            in_time.outcome(status, expected, now - sent);
        } else if now >= end {
            late.reply(now - sent);
        }
        if lost {
            break;
        }
        sent = now;
    }
    (in_time, late)
}
