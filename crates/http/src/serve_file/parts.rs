//! Several ranges of a file in one reply: `multipart/byteranges`.

use std::ops::Range;

use ambient::{EntropyExt, SystemEntropy};
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::Source;

/// What stands between the parts must not be in them: 60 random digits are not.
const BOUNDARY_LENGTH: usize = 60;

/// The frame around the parts of a file.
pub(super) struct Parts {
    boundary: String,
    /// Each part with what is written before it.
    parts: Vec<(String, Range<u64>)>,
    end: String,
}

impl Parts {
    /// A frame around these ranges of a file of this type and size.
    pub(super) fn new(ranges: Vec<Range<u64>>, content_type: &str, size: u64) -> Self {
        let boundary = SystemEntropy.text(BOUNDARY_LENGTH, "0123456789abcdef");
        let head = |(index, range): (usize, Range<u64>)| {
            let line_break = if index == 0 { "" } else { "\r\n" };
            let (first, last) = (range.start, range.end.saturating_sub(1));
            let range_line = format!("Content-Range: bytes {first}-{last}/{size}");
            let head =
                format!("{line_break}--{boundary}\r\n{range_line}\r\nContent-Type: {content_type}\r\n\r\n");
            (head, range)
        };
        let parts = ranges.into_iter().enumerate().map(head).collect();
        let end = format!("\r\n--{boundary}--\r\n");
        Self { boundary, parts, end }
    }

    pub(super) fn content_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", self.boundary)
    }

    /// Of the whole body, in bytes.
    pub(super) fn length(&self) -> u64 {
        let part = |(head, range): &(String, Range<u64>)| head.len() as u64 + range.end - range.start;
        self.parts.iter().map(part).sum::<u64>() + self.end.len() as u64
    }

    /// The frame with the bytes in it, which are read one part after the other.
    pub(super) fn body(self, source: Source) -> Body {
        let parts = stream::iter(self.parts).then(move |(head, range)| {
            let source = source.clone();
            async move {
                let bytes = source.read(range).await.map_err(std::io::Error::other)?;
                Ok::<_, std::io::Error>(stream::once(async { Ok(Bytes::from(head)) }).chain(bytes))
            }
        });
        let end = stream::once(async { Ok(Bytes::from(self.end)) });
        Body::from_stream(parts.try_flatten().chain(end))
    }
}
