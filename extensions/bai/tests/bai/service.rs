use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ambient::{ManualClock, SystemEntropy};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use baibase_bai::{Bai, Config, Registration};
use engine::{Engine, Parts};
use files::{LocalDisk, Scratch, ThumbLimits};
use http_api::{App, Origins};
use http_body_util::BodyExt;
use mail::MemoryMailer;
use serde_json::{Value, json};
use store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;
use tower::ServiceExt;
use wechat::simulator::{self, Simulator};

/// Noon in Shanghai.
const START: &str = "2026-03-19T04:00:00Z";

pub(crate) const PASSWORD: &str = "open sesame";

/// The service with everything it needs, in this process.
pub(crate) struct Service {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<ManualClock>,
    main: Router,
    legacy: Router,
    _simulator: Simulator,
    _dir: TempDir,
}

/// A reply, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) retry_after: String,
    pub(crate) body: Value,
}

impl Reply {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// The text at a pointer such as `/data/user/openid`; empty when there is none.
    pub(crate) fn at(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Service {
    /// A service that refuses no repetitions and lets everybody register.
    pub(crate) async fn start() -> Self {
        Self::with(Config { duplicate_window: Duration::ZERO, registration: Registration::Open }).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let simulator = simulator::start(clock.clone()).await.unwrap();
        let client = wechat::Client::new(simulator.config().unwrap(), clock.clone()).unwrap();
        let bai = Bai::new(&config, client);
        let open =
            |name: &str| Arc::new(SqliteStore::open(&dir.path().join(name), Options::default()).unwrap());
        let engine = Engine::start(Parts {
            store: open("data.db"),
            auxiliary: open("auxiliary.db"),
            blobs: Arc::new(LocalDisk::open(dir.path().join("storage")).unwrap()),
            object_stores: None,
            backups: None,
            thumbs: ThumbLimits::default(),
            clock: clock.clone(),
            entropy: Arc::new(SystemEntropy),
            oauth2: Default::default(),
            mailer: Arc::new(MemoryMailer::default()),
            encryption: None,
            extensions: vec![bai.clone()],
        })
        .await
        .unwrap();
        let app = App::new(engine.clone(), Scratch::new(dir.path().join("scratch")));
        let origins = || Origins::new(["*".to_owned()]);
        let routes = baibase_bai::routes(app.clone(), bai.clone());
        let main = http_api::router(&app, &[""], origins(), vec![routes], None);
        let legacy =
            http_api::extension_router(&app, baibase_bai::legacy_routes(app.clone(), bai), origins());
        Self { engine, clock, main, legacy, _simulator: simulator, _dir: dir }
    }

    /// Posts JSON as the owner of a token, or as a guest with an empty one.
    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        self.send("POST", path, token, body).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.send("GET", path, token, Value::Null).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, token: &str, body: Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, token)
            .header(CONTENT_TYPE, "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.ask(request.body(body).unwrap()).await
    }

    /// Posts to the legacy listener, with the header that names the user.
    pub(crate) async fn legacy(&self, path: &str, token: &str, openid: &str, body: Value) -> Reply {
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(AUTHORIZATION, token)
            .header("users_wx_openid", openid)
            .header(CONTENT_TYPE, "application/json");
        answer(&self.legacy, request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Sends a request to the main listener.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Reply {
        answer(&self.main, request).await
    }

    /// Logs a name of the simulator in.
    pub(crate) async fn log_in(&self, name: &str) -> Reply {
        let code = unique(&format!("dev-{name}"));
        self.post("/api/wechat/login", "", json!({"users_wx_code": code})).await.expect(200)
    }

    /// Registers a platform user, who is a manager.
    pub(crate) async fn register(&self, phone: &str) -> Reply {
        self.post("/api/platform/register", "", registration(phone)).await.expect(200)
    }

    /// The token of a superuser.
    pub(crate) async fn superuser(&self) -> String {
        self.engine.create_superuser("root@example.com", PASSWORD).await.unwrap();
        let credentials = json!({"identity": "root@example.com", "password": PASSWORD});
        let login = self.post("/api/collections/_superusers/auth-with-password", "", credentials).await;
        login.expect(200).at("/token").to_owned()
    }
}

pub(crate) fn registration(phone: &str) -> Value {
    json!({
        "users_name": "管理员",
        "users_phone": phone,
        "password": PASSWORD,
        "passwordConfirm": PASSWORD,
        "users_picture": "https://example.com/a.png",
    })
}

/// A code of the simulator that was not sent before; it stands for the same as the code it is made of.
pub(crate) fn unique(code: &str) -> String {
    static USED: AtomicU32 = AtomicU32::new(0);
    format!("{code}#{}", USED.fetch_add(1, Ordering::Relaxed))
}

async fn answer(listener: &Router, mut request: Request<Body>) -> Reply {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 40_000))));
    let response = listener.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let retry_after = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Reply { status, retry_after: retry_after.unwrap_or_default(), body }
}
