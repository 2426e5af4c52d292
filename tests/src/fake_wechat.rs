use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::Setup;

/// The path of the login endpoint.
pub const LOGIN: &str = "/sns/jscode2session";
/// The path of the access token endpoint.
pub const TOKEN: &str = "/cgi-bin/stable_token";
/// The path of the phone number endpoint.
pub const PHONE: &str = "/wxa/business/getuserphonenumber";

/// The secret that the server is configured with.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A request that came to the fake.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The path without the query.
    pub path: String,
    /// The query without the question mark.
    pub query: String,
    /// The JSON body; `null` when there is none.
    pub body: Value,
}

/// A server that stands in for WeChat, answers as a test tells it to, and remembers what it was asked.
#[derive(Debug, Clone)]
pub struct FakeWeChat {
    base: String,
    world: Arc<World>,
}

type Script = dyn Fn(&Asked) -> (Duration, String) + Send + Sync;

struct World {
    script: Box<Script>,
    asked: Mutex<Vec<Asked>>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("World").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl FakeWeChat {
    /// Starts a server. The script says how long to wait and what to answer then.
    pub async fn start(script: impl Fn(&Asked) -> (Duration, String) + Send + Sync + 'static) -> Self {
        let world = Arc::new(World { script: Box::new(script), asked: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&world));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, world }
    }

    /// A fake that answers every path at once with the same text.
    pub async fn always(text: &'static str) -> Self {
        Self::start(move |_| (Duration::ZERO, text.to_owned())).await
    }

    /// What came to a path, in order.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.world.asked.lock().unwrap().iter().filter(|asked| asked.path == path).cloned().collect()
    }

    /// A setup of a server that takes this for WeChat.
    pub fn setup(&self) -> Setup {
        Setup::bare()
            .env("BAIBASE_WECHAT_APP_ID", "wx-test")
            .env("BAIBASE_WECHAT_APP_SECRET", SECRET)
            .env("BAIBASE_WECHAT_API_BASE", &self.base)
    }

    /// The secret of [`Self::setup`], to look for where it must not be.
    pub fn secret(&self) -> &'static str {
        SECRET
    }
}

async fn answer(State(world): State<Arc<World>>, uri: Uri, body: Bytes) -> Response {
    let asked = Asked {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
    };
    world.asked.lock().unwrap().push(asked.clone());
    let (pause, text) = (world.script)(&asked);
    tokio::time::sleep(pause).await;
    // A `String` is sent as text/plain, as WeChat does.
    text.into_response()
}
