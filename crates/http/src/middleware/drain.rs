//! Bodies that a handler leaves unread.
//!
//! A request that is refused early (too large, malformed, not allowed) is answered while its client still sends. Were
//! the connection closed at once, the client would fail at sending and never read why. So the rest is read and thrown
//! away, up to a bound.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;

/// The most bytes that are thrown away for one request.
const MAX_BYTES: usize = 64 << 20;

/// The longest time that is spent on it.
const MAX_TIME: Duration = Duration::from_secs(10);

/// A body that is read to its end, within bounds, after the handler has let go of it.
struct Drained(Option<Body>);

/// Lets the handler leave the body unread.
pub(crate) async fn drain(request: Request, next: Next) -> Response {
    let request =
        request.map(|body| if body.is_end_stream() { body } else { Body::new(Drained(Some(body))) });
    next.run(request).await
}

impl HttpBody for Drained {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = self.0.as_mut() else { return Poll::Ready(None) };
        let frame = Pin::new(body).poll_frame(context);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            // Nothing more will come: there is nothing to throw away.
            self.0 = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        if let (Some(body), Ok(runtime)) =
            (self.0.take().filter(|body| !body.is_end_stream()), tokio::runtime::Handle::try_current())
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
