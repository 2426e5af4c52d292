use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use engine::realtime::Connection;
use http_body::{Body, Frame};
use tokio::time::{Instant, Sleep};

/// How long a connection lasts at most. Clients connect again by themselves.
const LIFETIME: Duration = Duration::from_mins(30);

/// How long a connection lasts without an event.
const IDLE: Duration = Duration::from_mins(5);

/// How long nothing is sent at most: proxies take a silent connection for a dead one, most after a minute.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// A comment, which no client sees. It has no empty line after it: that would end an event.
const COMMENT: Bytes = Bytes::from_static(b":\n");

/// The events of a connection as a `text/event-stream`. Each has the id of the client.
pub(super) struct EventStream {
    connection: Connection,
    /// `id:<client id>\n`
    id: Bytes,
    /// The event whose id was sent.
    event: Option<Bytes>,
    ends: Instant,
    /// When the last event was sent, and when anything was.
    last_event: Instant,
    last_sent: Instant,
    timer: Pin<Box<Sleep>>,
}

impl EventStream {
    pub(super) fn new(connection: Connection) -> Self {
        let id = Bytes::from(format!("id:{}\n", connection.client().id()));
        let now = Instant::now();
        let timer = Box::pin(tokio::time::sleep_until(now + HEARTBEAT));
        Self { connection, id, event: None, ends: now + LIFETIME, last_event: now, last_sent: now, timer }
    }

    /// Looks at the time; `None` when there is nothing to do.
    fn tick(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            let now = Instant::now();
            let end = self.ends.min(self.last_event + IDLE);
            if now >= end {
                return Poll::Ready(None);
            }
            let silent = now >= self.last_sent + HEARTBEAT;
            if silent {
                self.last_sent = now;
            }
            // Events do not touch the timer: it rings too early at times, and is set again.
            let next = end.min(self.last_sent + HEARTBEAT);
            self.timer.as_mut().reset(next);
            if silent {
                return Poll::Ready(Some(COMMENT));
            }
        }
    }
}

impl Body for EventStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        let frame = |bytes| Poll::Ready(Some(Ok(Frame::data(bytes))));
        if let Some(event) = this.event.take() {
            return frame(event);
        }
        match this.connection.poll_next(context) {
            Poll::Ready(Some(message)) => {
                this.last_event = Instant::now();
                this.last_sent = this.last_event;
                this.event = Some(message.text().clone());
                frame(this.id.clone())
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => match this.tick(context) {
                Poll::Ready(Some(comment)) => frame(comment),
                Poll::Ready(None) => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}
