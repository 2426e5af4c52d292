use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::Error;

/// A body's bytes, up to a limit.
pub(super) struct Limited {
    body: BodyDataStream,
    left: u64,
}

impl Limited {
    pub(super) fn new(body: Body, limit: u64) -> Self {
        Self { body: body.into_data_stream(), left: limit }
    }
}

impl Stream for Limited {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(chunk) = ready!(self.body.poll_next_unpin(cx)) else { return Poll::Ready(None) };
        let chunk = chunk.map_err(Error::malformed)?;
        match self.left.checked_sub(chunk.len() as u64) {
            Some(left) => self.left = left,
            None => return Poll::Ready(Some(Err(Error::TooLarge))),
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}

/// How many bytes a multipart reader may take in without giving a part's content out, roughly: what is before the
/// first part, and the headers of a part.
const MAX_HEADERS: usize = 16 * 1024;

/// A body for a multipart reader, which keeps all that it can get at once in memory. So it gets a chunk a turn, and no
/// more than [`MAX_HEADERS`] bytes until it gave something out, which the one who reads from it tells the [`Meter`].
pub(super) struct Paced {
    body: Limited,
    meter: Meter,
    pause: bool,
}

/// Counts what went into the multipart reader since something came out.
#[derive(Clone, Default)]
pub(super) struct Meter(Arc<AtomicUsize>);

impl Meter {
    /// Something came out.
    pub(super) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

impl Paced {
    pub(super) fn new(body: Limited, meter: Meter) -> Self {
        Self { body, meter, pause: false }
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.pause) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.meter.0.load(Ordering::Relaxed) > MAX_HEADERS {
            return Poll::Ready(Some(Err(Error::malformed("the headers of a part are too large"))));
        }
        let chunk = ready!(self.body.poll_next_unpin(cx));
        if let Some(Ok(bytes)) = &chunk {
            self.meter.0.fetch_add(bytes.len(), Ordering::Relaxed);
            self.pause = true;
        }
        Poll::Ready(chunk)
    }
}
