//! What the tests of the engine share.

#![allow(dead_code, unreachable_pub, reason = "each file of tests uses its part")]

use std::path::Path;
use std::sync::Arc;

use ambient::{SystemClock, SystemEntropy};
use engine::{Engine, Extension, Json, Parts, Request, StartError};
use files::LocalDisk;
use serde_json::Value;
use store_sqlite::{Options, SqliteStore};

use baibase_engine as engine;

/// An engine over a directory.
pub async fn start(dir: &Path, extensions: Vec<Arc<dyn Extension>>) -> Result<Engine, StartError> {
    let open = |name: &str| SqliteStore::open(&dir.join(name), Options::default()).unwrap();
    Engine::start(Parts {
        store: Arc::new(open("data.db")),
        auxiliary: Arc::new(open("auxiliary.db")),
        blobs: Arc::new(LocalDisk::open(dir.join("storage")).unwrap()),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        extensions,
    })
    .await
}

/// A request of a new superuser.
pub async fn superuser(engine: &Engine) -> Request {
    engine.create_superuser("root@example.com", "1234567890").await.unwrap();
    let record = engine.superuser("root@example.com").await.unwrap().unwrap();
    Request { auth: Some(Arc::new(record)), ..Request::default() }
}

/// A reply as data.
pub fn parsed(json: &Json) -> Value {
    serde_json::from_slice(&json.0).unwrap()
}

/// The request with this body.
pub fn with_body(request: &Request, body: Value) -> Request {
    let Value::Object(body) = body else { panic!("a body is an object") };
    Request { body, ..request.clone() }
}
