use std::rc::Rc;
use std::time::Instant;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::error::{Error, Result, What};
use crate::http::{Connection, request};

/// How many connections are made at the same time.
const AT_ONCE: usize = 64;

/// Connections to the events of a server. They end with the value.
pub(super) struct Subscribers {
    heard: mpsc::UnboundedReceiver<Instant>,
    _listening: JoinSet<()>,
}

impl Subscribers {
    /// Connects this many that subscribe to a topic, and this many that subscribe to nothing.
    pub(super) async fn connect(address: &str, topic: &str, count: usize, idle: usize) -> Result<Self> {
        let (tell, heard) = mpsc::unbounded_channel();
        let mut listening = JoinSet::new();
        for (topic, count) in [(None, idle), (Some(topic), count)] {
            let mut left = count;
            while left > 0 {
                let some = left.min(AT_ONCE);
                let mut making = JoinSet::new();
                for _ in 0..some {
                    let (address, topic): (Rc<str>, _) = (address.into(), topic.map(str::to_owned));
                    making.spawn_local(async move { subscribe(&address, topic.as_deref()).await });
                }
                while let Some(made) = making.join_next().await {
                    let stream = made.map_err(std::io::Error::other).what("a subscriber")??;
                    listening.spawn_local(listen(stream, tell.clone()));
                }
                left -= some;
            }
        }
        Ok(Self { heard, _listening: listening })
    }

    /// Waits for this many events, and says when the last one came.
    pub(super) async fn last_of(&mut self, count: usize) -> Result<Instant> {
        let mut last = Instant::now();
        for _ in 0..count {
            let at = self.heard.recv().await;
            last = at.ok_or_else(|| Error::Refused("the server ended the subscriptions".to_owned()))?;
        }
        Ok(last)
    }
}

/// A connection to the events, after its first one, subscribed to a topic if there is one.
async fn subscribe(address: &str, topic: Option<&str>) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await.what("connecting to the events")?;
    let head = request("GET", "/api/realtime", "", None);
    stream.write_all(&head).await.what("asking for the events")?;
    let mut text = Vec::new();
    while !text.ends_with(b"\n\n") && !text.ends_with(b"\n\n\r\n") {
        if stream.read_buf(&mut text).await.what("the first event")? == 0 {
            return Err(Error::Refused("the server ended a connection to the events".to_owned()));
        }
    }
    if let Some(topic) = topic {
        let text = String::from_utf8_lossy(&text);
        let id = text.split_once("\"clientId\":\"").and_then(|(_, rest)| rest.split('"').next());
        let id = id.ok_or_else(|| Error::Refused(format!("no id of the client in {text}")))?;
        let body = json!({"clientId": id, "subscriptions": [topic]});
        Connection::open(address).await?.call("POST", "/api/realtime", "", &body).await?;
    }
    Ok(stream)
}

/// Tells of every event.
async fn listen(mut stream: TcpStream, tell: mpsc::UnboundedSender<Instant>) {
    let mut buffer = vec![0; 4096];
    let mut last = 0;
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        for &byte in buffer.iter().take(count) {
            if (last, byte) == (b'\n', b'\n') && tell.send(Instant::now()).is_err() {
                return;
            }
            last = byte;
        }
    }
}
