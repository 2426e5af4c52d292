//! A server that answers as a test tells it to, and remembers what it was asked.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use ambient::ManualClock;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use baibase_wechat::{Client, Config, Secret, Timeouts};
use jiff::Timestamp;
use serde_json::Value;

pub(crate) const LOGIN: &str = "/sns/jscode2session";
pub(crate) const TOKEN: &str = "/cgi-bin/stable_token";
pub(crate) const PHONE: &str = "/wxa/business/getuserphonenumber";
pub(crate) const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";

/// One request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) body: Value,
}

/// What to answer: after a pause, this.
pub(crate) struct Answer(pub Duration, pub Response);

pub(crate) fn text(body: impl Into<String>) -> Answer {
    // A `String` is sent as text/plain, as WeChat does.
    Answer(Duration::ZERO, body.into().into_response())
}

pub(crate) fn token(name: &str) -> Answer {
    text(format!(r#"{{"access_token":"{name}","expires_in":7200}}"#))
}

pub(crate) fn phone() -> Answer {
    let info = r#"{"phoneNumber":"13800138000","purePhoneNumber":"13800138000","countryCode":86}"#;
    text(format!(r#"{{"errcode":0,"errmsg":"ok","phone_info":{info}}}"#))
}

pub(crate) fn errcode(errcode: i64) -> Answer {
    text(format!(r#"{{"errcode":{errcode},"errmsg":"refused"}}"#))
}

type Script = dyn Fn(&Asked, usize) -> Answer + Send + Sync;

struct World {
    script: Box<Script>,
    asked: Mutex<Vec<Asked>>,
}

/// The server and a client of it, whose clock the test holds.
pub(crate) struct Fake {
    pub(crate) client: Client,
    pub(crate) clock: Arc<ManualClock>,
    world: Arc<World>,
}

impl Fake {
    /// Starts a server. `script` is given each request and how many came to its path before.
    pub(crate) async fn start(script: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        let world = Arc::new(World { script: Box::new(script), asked: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });

        let mut config = Config::new("wx-test", Secret::from(APP_SECRET), &base).unwrap();
        config.timeouts = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(1) };
        let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
        Self { client: Client::new(config, clock.clone()).unwrap(), clock, world }
    }

    /// Waits until this many requests came to a path and the last of them was answered.
    pub(crate) async fn until_asked(&self, path: &str, count: usize) {
        for _ in 0..500 {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if self.asked(path).len() >= count {
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    /// What arrived at a path, in order.
    pub(crate) fn asked(&self, path: &str) -> Vec<Asked> {
        self.world.asked.lock().unwrap().iter().filter(|asked| asked.path == path).cloned().collect()
    }
}

async fn answer(State(world): State<Arc<World>>, uri: Uri, body: Bytes) -> Response {
    let asked = Asked {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let before = {
        let mut all = world.asked.lock().unwrap();
        all.push(asked.clone());
        all.iter().filter(|earlier| earlier.path == asked.path).count() - 1
    };
    let Answer(pause, response) = (world.script)(&asked, before);
    tokio::time::sleep(pause).await;
    response
}
