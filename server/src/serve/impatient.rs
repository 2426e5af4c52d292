//! Clients that stop reading.

use std::io::{self, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Parts that are no longer than this together are copied into one: that costs less than to have the system gather
/// them.
const SHORT: usize = 2048;

/// A connection that breaks off when the other side takes nothing of what is written to it for a while. It would be
/// held for ever: whoever reads nothing keeps acknowledging that he is there.
pub(super) struct Impatient<S> {
    stream: S,
    patience: Duration,
    /// Ends when the patience does; there is one only while something waits to be taken.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<S> Impatient<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, patience, stalled: None }
    }

    fn watch<T>(&mut self, context: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.stalled = None;
            return done;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        let error = || io::Error::new(io::ErrorKind::TimedOut, "the client stopped reading");
        stalled.as_mut().poll(context).map(|()| Err(error()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut copy = [0; SHORT];
        let written = match joined(parts, &mut copy) {
            Some(joined) => Pin::new(&mut self.stream).poll_write(context, joined),
            None => Pin::new(&mut self.stream).poll_write_vectored(context, parts),
        };
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The parts as one, if there are several and they fit.
fn joined<'a>(parts: &[io::IoSlice<'_>], copy: &'a mut [u8]) -> Option<&'a [u8]> {
    let length = parts.iter().map(|part| part.len()).sum();
    if parts.len() < 2 || length > copy.len() {
        return None;
    }
    let mut rest = &mut *copy;
    for part in parts {
        rest.write_all(part).ok()?;
    }
    copy.get(..length)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(100);

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stops_reading_is_given_up() {
        let (mut client, server) = tokio::io::duplex(4);
        let mut server = Impatient::new(server, PATIENCE);
        server.write_all(b"abcd").await.unwrap();
        let error = server.write_all(b"efgh").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(client.read_u8().await.unwrap(), b'a');
    }

    #[test]
    fn parts_are_joined_while_they_are_short() {
        let mut copy = [0; 4];
        let parts = |lengths: &[usize]| -> Vec<Vec<u8>> {
            lengths.iter().zip(b'a'..).map(|(&length, byte)| vec![byte; length]).collect()
        };
        for (lengths, expected) in [
            (&[1, 0, 3][..], Some(&b"accc"[..])),
            (&[1, 1], Some(b"ab")),
            (&[2, 3], None),
            (&[3], None),
            (&[], None),
        ] {
            let parts = parts(lengths);
            let parts: Vec<_> = parts.iter().map(|part| io::IoSlice::new(part)).collect();
            assert_eq!(joined(&parts, &mut copy), expected, "{lengths:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_client_is_not() {
        let (mut client, server) = tokio::io::duplex(1);
        let mut server = Impatient::new(server, PATIENCE);
        let reader = tokio::spawn(async move {
            for _ in 0..5 {
                tokio::time::sleep(PATIENCE / 2).await;
                client.read_u8().await.unwrap();
            }
        });
        server.write_all(b"abcde").await.unwrap();
        reader.await.unwrap();
    }
}
