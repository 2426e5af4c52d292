//! Holds connections to the events of a running server, and measures how long a change takes to reach the last of
//! them: `realtime-load URL EMAIL PASSWORD IDLE SUBSCRIBERS CHANGES`
//!
//! The credentials are those of a superuser, with whom a collection `load` is created and deleted. Works with PocketBase
//! as well.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a panic is how something is reported here"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// How many connections are made at the same time.
const AT_ONCE: usize = 64;

/// How long a change may take.
const LOST: Duration = Duration::from_secs(30);

struct Target {
    base: String,
    address: String,
    client: reqwest::Client,
    token: String,
    /// How many connections the server ended.
    ended: AtomicUsize,
}

impl Target {
    async fn log_in(base: &str, email: &str, password: &str) -> Self {
        let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let address = base.trim_start_matches("http://").to_owned();
        let ended = AtomicUsize::new(0);
        let mut target = Self { base: base.to_owned(), address, client, token: String::new(), ended };
        let body = json!({"identity": email, "password": password});
        let login = target.call(Method::POST, "/api/collections/_superusers/auth-with-password", &body).await;
        login.get("token").and_then(Value::as_str).expect("a token").clone_into(&mut target.token);
        target
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Value {
        let request =
            self.client.request(method, format!("{}{path}", self.base)).header("Authorization", &self.token);
        let request = request.header("Content-Type", "application/json").body(body.to_string());
        let reply = request.send().await.expect("a reply");
        let (status, text) = (reply.status(), reply.text().await.expect("a body"));
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Connects, and tells of every event after the first one.
    async fn listen(self: Arc<Self>, topic: Option<&str>, heard: mpsc::UnboundedSender<Instant>) {
        let mut stream = TcpStream::connect(&self.address).await.expect("a connection");
        let head = format!("GET /api/realtime HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(head.as_bytes()).await.expect("a request");
        let mut text = Vec::new();
        while !text.ends_with(b"\n\n") && !text.ends_with(b"\n\n\r\n") {
            assert!(
                stream.read_buf(&mut text).await.expect("an answer") > 0,
                "the server closed a connection"
            );
        }
        if let Some(topic) = topic {
            let text = String::from_utf8_lossy(&text);
            let (_, id) = text.split_once("\"clientId\":\"").expect("an id");
            let id = id.split('"').next().expect("an id");
            let body = json!({"clientId": id, "subscriptions": [topic]});
            let request = self.client.post(format!("{}/api/realtime", self.base));
            let request = request.header("Content-Type", "application/json").body(body.to_string());
            let reply = request.send().await.expect("a reply");
            assert_eq!(reply.status().as_u16(), 204);
        }
        tokio::spawn(async move {
            let mut buffer = vec![0; 4096];
            let mut last = 0;
            while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                for &byte in buffer.iter().take(count) {
                    if (last, byte) == (b'\n', b'\n') {
                        let _ = heard.send(Instant::now());
                    }
                    last = byte;
                }
            }
            self.ended.fetch_add(1, Ordering::Relaxed);
        });
    }

    async fn connect(
        self: &Arc<Self>,
        count: usize,
        topic: Option<&'static str>,
        heard: &mpsc::UnboundedSender<Instant>,
    ) {
        let mut left = count;
        while left > 0 {
            let some = left.min(AT_ONCE);
            let tasks: Vec<_> =
                (0..some).map(|_| tokio::spawn(Arc::clone(self).listen(topic, heard.clone()))).collect();
            for task in tasks {
                task.await.expect("a connection");
            }
            left -= some;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [base, email, password, numbers @ ..] = args.as_slice() else {
        panic!("usage: realtime-load URL EMAIL PASSWORD IDLE SUBSCRIBERS CHANGES");
    };
    let numbers: Vec<usize> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    let &[idle, subscribers, changes] = numbers.as_slice() else { panic!("three numbers are needed") };
    let target = Arc::new(Target::log_in(base.trim_end_matches('/'), email, password).await);
    let collection = json!({"name": "load", "type": "base", "listRule": "", "fields": [{"type": "text", "name": "title"}]});
    target.call(Method::POST, "/api/collections", &collection).await;

    let (heard, mut events) = mpsc::unbounded_channel();
    let begun = Instant::now();
    target.connect(idle, None, &heard).await;
    target.connect(subscribers, Some("load/*"), &heard).await;
    println!("{} connections in {:.1} s", idle + subscribers, begun.elapsed().as_secs_f64());

    let (mut last, mut replies) = (Vec::new(), Vec::new());
    for number in 0..changes {
        let begun = Instant::now();
        let body = json!({"title": format!("change {number}")});
        let write = async {
            target.call(Method::POST, "/api/collections/load/records", &body).await;
            begun.elapsed()
        };
        let arrive = async {
            let mut latest = begun;
            for _ in 0..subscribers {
                latest = latest.max(events.recv().await.expect("an event"));
            }
            latest - begun
        };
        let both = tokio::time::timeout(LOST, async { tokio::join!(write, arrive) });
        let (reply, latest) = both.await.expect("all subscribers hear of the change");
        replies.push(reply);
        last.push(latest);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    report("the reply", &mut replies);
    report("the last subscriber", &mut last);
    println!("{} connections ended early", target.ended.load(Ordering::Relaxed));
    target.call(Method::DELETE, "/api/collections/load", &Value::Null).await;
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    let (first, median, last) = (times.first(), times.get(times.len() / 2), times.last());
    println!(
        "until {what}: {:.1} ms at least, {:.1} ms in the middle, {:.1} ms at most",
        ms(first),
        ms(median),
        ms(last)
    );
}
