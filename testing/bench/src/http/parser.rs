use crate::error::{Error, Result};

/// How many headers a reply may have.
const HEADERS: usize = 64;

/// Reads one reply out of the bytes of a connection, as they come.
#[derive(Debug)]
pub(crate) struct Parser {
    state: State,
    status: u16,
    /// Whether the body is kept, or only passed over.
    keep: bool,
    body: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Head,
    /// This many bytes of the body are to come.
    Sized(u64),
    ChunkSize,
    /// This many bytes of the chunk are to come.
    Chunk(u64),
    ChunkEnd,
    Trailer,
    Done,
}

impl Parser {
    pub(crate) fn new(keep: bool) -> Self {
        Self { state: State::Head, status: 0, keep, body: Vec::new() }
    }

    /// Whether the reply is complete.
    pub(crate) fn is_done(&self) -> bool {
        self.state == State::Done
    }

    /// The status, 0 before it is known, and what was kept of the body.
    pub(crate) fn finish(self) -> (u16, Vec<u8>) {
        (self.status, self.body)
    }

    /// Takes what it understands from the front of `bytes`, and says how many that were. What is left over is wanted
    /// again, with more behind it.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut taken = 0;
        while !self.is_done() {
            let rest = bytes.get(taken..).unwrap_or_default();
            let Some(more) = self.step(rest)? else { break };
            taken += more;
        }
        Ok(taken)
    }

    /// One part of the reply; `None` when it is not all there.
    fn step(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        match self.state {
            State::Done => Ok(None),
            State::Head => self.head(bytes),
            State::Sized(left) => Ok(self.data(bytes, left, State::Sized, State::Done)),
            State::Chunk(left) => Ok(self.data(bytes, left, State::Chunk, State::ChunkEnd)),
            State::ChunkSize => match httparse::parse_chunk_size(bytes) {
                Ok(httparse::Status::Partial) => Ok(None),
                Ok(httparse::Status::Complete((taken, size))) => {
                    self.state = if size == 0 { State::Trailer } else { State::Chunk(size) };
                    Ok(Some(taken))
                }
                Err(_) => Err(Error::Http("the size of a chunk is no number".to_owned())),
            },
            State::ChunkEnd => Ok(self.line(bytes, |_| State::ChunkSize)),
            State::Trailer => {
                Ok(self.line(bytes, |line| if line == 0 { State::Done } else { State::Trailer }))
            }
        }
    }

    fn head(&mut self, bytes: &[u8]) -> Result<Option<usize>> {
        let mut headers = [httparse::EMPTY_HEADER; HEADERS];
        let mut head = httparse::Response::new(&mut headers);
        let parsed = head.parse(bytes).map_err(|error| Error::Http(error.to_string()))?;
        let httparse::Status::Complete(taken) = parsed else { return Ok(None) };
        self.status = head.code.unwrap_or_default();
        let value = |name: &str| {
            let header = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
            std::str::from_utf8(header.value).ok()
        };
        let length = value("content-length").map(|length| length.trim().parse());
        self.state = match (self.status, length) {
            (204 | 304, _) | (_, Some(Ok(0))) => State::Done,
            (_, Some(Ok(length))) => State::Sized(length),
            (_, Some(Err(_))) => return Err(Error::Http("the length of a reply is no number".to_owned())),
            (_, None) if value("transfer-encoding").is_some_and(|coding| coding.ends_with("chunked")) => {
                State::ChunkSize
            }
            (_, None) => return Err(Error::Http("a reply does not say how long it is".to_owned())),
        };
        Ok(Some(taken))
    }

    /// Takes what is there of a run of bytes.
    fn data(&mut self, bytes: &[u8], left: u64, state: fn(u64) -> State, end: State) -> Option<usize> {
        let taken = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        if taken == 0 {
            return None;
        }
        if self.keep {
            self.body.extend_from_slice(bytes.get(..taken)?);
        }
        let left = left - taken as u64;
        self.state = if left == 0 { end } else { state(left) };
        Some(taken)
    }

    /// Takes a line, and goes on as its length without the end tells.
    fn line(&mut self, bytes: &[u8], next: impl Fn(usize) -> State) -> Option<usize> {
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        self.state = next(end.saturating_sub(1));
        Some(end + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nExpires: never\r\n\r\n";

    /// Feeds pieces of this size, as a connection does.
    fn read(text: &str, size: usize) -> (u16, String, usize) {
        let (mut parser, mut buffer, mut fed) = (Parser::new(true), Vec::new(), 0);
        for piece in text.as_bytes().chunks(size) {
            buffer.extend_from_slice(piece);
            let taken = parser.feed(&buffer).unwrap();
            buffer.drain(..taken);
            fed += taken;
        }
        assert!(parser.is_done(), "{parser:?}");
        let (status, body) = parser.finish();
        (status, String::from_utf8(body).unwrap(), fed)
    }

    #[test]
    fn bodies_with_a_length_and_in_chunks_are_read_whatever_the_pieces() {
        let sized = "HTTP/1.1 404 Not Found\r\ncontent-LENGTH: 11\r\nX: y\r\n\r\nhello world";
        for size in [1, 2, 7, 1000] {
            assert_eq!(read(sized, size), (404, "hello world".to_owned(), sized.len()));
            assert_eq!(read(CHUNKED, size), (200, "hello world".to_owned(), CHUNKED.len()));
        }
    }

    #[test]
    fn what_follows_a_reply_is_left_alone() {
        let text = "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n";
        assert_eq!(read(text, 1000), (204, String::new(), 27));
        let (_, _, fed) = read(&format!("{CHUNKED}more"), 1000);
        assert_eq!(fed, CHUNKED.len());
    }

    #[test]
    fn a_reply_of_unknown_length_and_nonsense_are_errors() {
        for text in [
            "HTTP/1.1 200 OK\r\n\r\n",
            "SPDY\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
            assert!(Parser::new(false).feed(text.as_bytes()).is_err(), "{text}");
        }
    }
}
