use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use engine::realtime::Connection;
use http_body::{Body, Frame};

use super::pulse::{Beat, Pulse};

/// A comment, which no client sees. It has no empty line after it: that would end an event.
const COMMENT: Bytes = Bytes::from_static(b":\n");

/// An event up to this length is copied behind its id. That costs less than one more piece of the body, which is
/// framed, queued and handed to the system by itself.
const SHORT: usize = 4096;

/// The events of a connection as a `text/event-stream`. Each has the id of the client.
pub(super) struct EventStream {
    connection: Connection,
    /// `id:<client id>\n`
    id: Bytes,
    /// The event whose id was sent by itself.
    event: Option<Bytes>,
    pulse: Pulse,
}

impl EventStream {
    pub(super) fn new(connection: Connection) -> Self {
        let id = Bytes::from(format!("id:{}\n", connection.client().id()));
        Self { connection, id, event: None, pulse: Pulse::new() }
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
                this.pulse.event();
                let text = message.text();
                if text.len() <= SHORT {
                    return frame(Bytes::from([&*this.id, text].concat()));
                }
                this.event = Some(text.clone());
                frame(this.id.clone())
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => match this.pulse.poll(context) {
                Poll::Ready(Beat::Alive) => frame(COMMENT),
                Poll::Ready(Beat::End) => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}
