use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};

use crate::{Reply, Server};

/// How long an event may take that is expected.
const SOON: Duration = Duration::from_secs(10);

/// How long nobody hears of something that is expected not to come.
const QUIET: Duration = Duration::from_millis(300);

/// A client that hears of changes.
#[derive(Debug)]
pub struct Events<'a> {
    server: &'a Server,
    response: Response,
    id: String,
    buffer: Vec<u8>,
}

/// An event as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The id of the client.
    pub id: String,
    /// The name of the subscription.
    pub name: String,
    /// What happened.
    pub data: Value,
    /// All of it.
    pub text: String,
}

impl Event {
    fn parse(text: String) -> Self {
        let line = |start| text.lines().find_map(|line: &str| line.strip_prefix(start)).unwrap_or_default();
        let (id, name, data) = (line("id:").to_owned(), line("event:").to_owned(), line("data:"));
        Self { id, name, data: serde_json::from_str(data).expect("JSON"), text }
    }

    /// What was done to which record: `create a`.
    pub fn summary(&self) -> String {
        let text = |pointer| self.data.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        format!("{} {}", text("/action"), text("/record/id"))
    }
}

impl<'a> Events<'a> {
    /// Connects as a guest who wants to hear of nothing.
    pub async fn connect(server: &'a Server) -> Self {
        Self::connect_after(server, "").await
    }

    /// Connects in the place of an earlier connection.
    pub async fn connect_after(server: &'a Server, last: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let request = client.get(server.url("/api/realtime"));
        let request = if last.is_empty() { request } else { request.header("Last-Event-ID", last) };
        let response = request.send().await.expect("a stream");
        let mut events = Self { server, response, id: String::new(), buffer: Vec::new() };
        let hello = events.next().await;
        assert_eq!((hello.name.as_str(), &hello.data["clientId"]), ("PB_CONNECT", &json!(hello.id)));
        events.id = hello.id;
        events
    }

    /// Connects and subscribes; an empty token is a guest's.
    pub async fn of(server: &'a Server, token: &str, subscriptions: &[&str]) -> Self {
        let events = Self::connect(server).await;
        events.subscribe(token, subscriptions).await.expect(204);
        events
    }

    /// The id that the server gave.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The reply that began the stream.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Says what it wants to hear of.
    pub async fn subscribe(&self, token: &str, subscriptions: &[&str]) -> Reply {
        let body = json!({"clientId": self.id, "subscriptions": subscriptions});
        let call = self.server.post("/api/realtime").json(&body);
        if token.is_empty() { call.send().await } else { call.token(token).send().await }
    }

    /// The next event.
    ///
    /// # Panics
    /// When there is none, or it is another client's.
    pub async fn next(&mut self) -> Event {
        let event = tokio::time::timeout(SOON, self.read()).await.expect("an event in time");
        let event = event.expect("an event");
        assert!(self.id.is_empty() || event.id == self.id, "{}: {}", self.id, event.text);
        event
    }

    /// What happened to which records, for the next events.
    pub async fn summaries(&mut self, count: usize) -> Vec<String> {
        let mut summaries = Vec::new();
        for _ in 0..count {
            summaries.push(self.next().await.summary());
        }
        summaries
    }

    /// Nothing comes for a while.
    ///
    /// # Panics
    /// When something does.
    pub async fn nothing(&mut self) {
        if let Ok(event) = tokio::time::timeout(QUIET, self.read()).await {
            panic!("unexpected: {event:?}");
        }
    }

    /// The server ends the stream.
    ///
    /// # Panics
    /// When it does not, or sends something before.
    pub async fn end(&mut self) {
        let last = tokio::time::timeout(SOON, self.read()).await.expect("an end in time");
        assert_eq!(last, None);
    }

    async fn read(&mut self) -> Option<Event> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let text: Vec<u8> = self.buffer.drain(..end + 2).collect();
                return Some(Event::parse(String::from_utf8(text).expect("UTF-8")));
            }
            match self.response.chunk().await {
                Ok(Some(bytes)) => self.buffer.extend_from_slice(&bytes),
                Ok(None) | Err(_) => return None,
            }
        }
    }
}
