//! Bodies that stop coming, and bodies that a handler leaves unread.
//!
//! A client that stops sending in the middle of a body is given up after a while: it would hold its connection for
//! ever.
//!
//! A request that is refused early (too large, malformed, not allowed) is answered while its client still sends. Were
//! the connection closed at once, the client would fail at sending and never read why. So the rest is read and thrown
//! away, up to a bound.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep};

/// The most bytes that are thrown away for one request.
const MAX_BYTES: usize = 64 << 20;

/// The longest time that is spent on it.
const MAX_TIME: Duration = Duration::from_secs(10);

/// How long the next bytes of a body may take.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// A body that is read to its end, within bounds, after the handler has let go of it.
struct Drained {
    /// `None` when nothing more will come.
    body: Option<Body>,
    /// Ends when the next bytes are overdue.
    pause: Pin<Box<Sleep>>,
    max_pause: Duration,
}

/// Why a body ends early.
#[derive(Debug, thiserror::Error)]
#[error("the client stopped sending")]
struct Stalled;

impl Drained {
    fn new(body: Body, max_pause: Duration) -> Self {
        Self { body: Some(body), pause: Box::pin(tokio::time::sleep(max_pause)), max_pause }
    }
}

/// A body that handlers may leave unread.
pub(crate) fn drained(body: Body) -> Body {
    if body.is_end_stream() { body } else { Body::new(Drained::new(body, MAX_PAUSE)) }
}

impl HttpBody for Drained {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = self.body.as_mut() else { return Poll::Ready(None) };
        let mut frame = Pin::new(body).poll_frame(context);
        if frame.is_pending() && self.pause.as_mut().poll(context).is_ready() {
            frame = Poll::Ready(Some(Err(axum::Error::new(Stalled))));
        }
        match &frame {
            // Nothing more will come: there is nothing to throw away.
            Poll::Ready(None | Some(Err(_))) => self.body = None,
            Poll::Ready(Some(Ok(_))) => {
                let next = Instant::now() + self.max_pause;
                self.pause.as_mut().reset(next);
            }
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        if let (Some(body), Ok(runtime)) =
            (self.body.take().filter(|body| !body.is_end_stream()), tokio::runtime::Handle::try_current())
        {
            runtime.spawn(tokio::time::timeout(MAX_TIME, throw_away(body)));
        }
    }
}

async fn throw_away(mut body: Body) {
    let mut bytes = 0;
    while let Some(Ok(frame)) = body.frame().await {
        bytes += frame.data_ref().map_or(0, Bytes::len);
        if bytes > MAX_BYTES {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    fn body(then: impl futures_util::Stream<Item = Result<Bytes, axum::Error>> + Send + 'static) -> Body {
        let first = stream::iter([Ok(Bytes::from_static(b"a")), Ok(Bytes::from_static(b"b"))]);
        Body::new(Drained::new(Body::from_stream(first.chain(then)), Duration::from_millis(20)))
    }

    #[tokio::test]
    async fn a_body_that_stops_coming_ends_with_an_error() {
        let mut stalled = body(stream::pending());
        for expected in ["a", "b"] {
            let frame = stalled.frame().await.unwrap().unwrap();
            assert_eq!(frame.into_data().unwrap(), expected);
        }
        assert!(stalled.frame().await.unwrap().is_err());
        assert!(stalled.frame().await.is_none());
    }

    #[tokio::test]
    async fn a_whole_body_is_as_it_was() {
        let whole = body(stream::empty()).collect().await.unwrap().to_bytes();
        assert_eq!(whole, "ab");
    }

    #[tokio::test]
    async fn what_a_handler_leaves_is_read_to_its_end() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let last = stream::once(async move {
            let _ = sender.send(());
            Ok(Bytes::from_static(b"c"))
        });
        let mut left = body(last);
        left.frame().await.unwrap().unwrap();
        drop(left);
        receiver.await.unwrap();
    }
}
