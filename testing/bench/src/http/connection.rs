use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::parser::Parser;
use super::template::request;
use crate::error::{Error, Result, What};

/// Bytes that are read at once; the head of a reply must fit.
const BUFFER: usize = 64 * 1024;

/// A connection that is kept alive, with one request at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// How much of the buffer was read and not taken yet.
    filled: usize,
}

/// A reply whose body was kept.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.what(format!("connecting to {address}"))?;
        stream.set_nodelay(true).what("TCP_NODELAY")?;
        Ok(Self { stream, buffer: vec![0; BUFFER], filled: 0 })
    }

    /// Sends a request and passes over the body of the reply, of which the status is returned.
    pub(crate) async fn status(&mut self, request: &[u8]) -> Result<u16> {
        Ok(self.exchange(request, false).await?.status)
    }

    /// Sends a request and keeps the body of the reply.
    pub(crate) async fn reply(&mut self, request: &[u8]) -> Result<Reply> {
        self.exchange(request, true).await
    }

    /// Sends a request and wants this status.
    pub(crate) async fn expect(&mut self, request: &[u8], expected: u16) -> Result<()> {
        match self.status(request).await? {
            status if status == expected => Ok(()),
            status => Err(Error::Refused(format!("status {status} instead of {expected}"))),
        }
    }

    /// Sends JSON (unless it is null) and reads JSON. A status other than 2xx is an error.
    pub(crate) async fn call(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> Result<Value> {
        let body = if body.is_null() { None } else { Some(body.to_string()) };
        let reply = self.reply(&request(method, path, token, body.as_deref())).await?;
        let text = || String::from_utf8_lossy(&reply.body).into_owned();
        if !(200..300).contains(&reply.status) {
            return Err(Error::Refused(format!("{method} {path}: {} {}", reply.status, text())));
        }
        if reply.body.is_empty() {
            return Ok(Value::Null);
        }
        Ok(serde_json::from_slice(&reply.body)?)
    }

    async fn exchange(&mut self, request: &[u8], keep: bool) -> Result<Reply> {
        self.stream.write_all(request).await.what("sending a request")?;
        let mut parser = Parser::new(keep);
        loop {
            let unread = self.buffer.get_mut(self.filled..).unwrap_or_default();
            if unread.is_empty() {
                return Err(Error::Http("a head is longer than the buffer".to_owned()));
            }
            let count = self.stream.read(unread).await.what("reading a reply")?;
            if count == 0 {
                return Err(Error::Http("the server closed the connection".to_owned()));
            }
            self.filled += count;
            let taken = parser.feed(self.buffer.get(..self.filled).unwrap_or_default())?;
            self.buffer.copy_within(taken..self.filled, 0);
            self.filled -= taken;
            if parser.is_done() {
                let (status, body) = parser.finish();
                return Ok(Reply { status, body });
            }
        }
    }
}
