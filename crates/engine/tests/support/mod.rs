//! What the tests of the engine share.

#![allow(dead_code, unreachable_pub, reason = "each file of tests uses its part")]

pub mod contended;

use std::path::Path;
use std::sync::Arc;

use ambient::{SystemClock, SystemEntropy};
use engine::{Engine, Extension, Json, Parts, Record, Request, StartError, Work};
use files::{LocalDisk, ThumbLimits};
use mail::MemoryMailer;
use oauth2_providers::Registry;
use serde_json::Value;
use store::Store;
use store_sqlite::{Options, SqliteStore};

use baibase_engine as engine;

/// An engine over a directory.
pub async fn start(dir: &Path, extensions: Vec<Arc<dyn Extension>>) -> Result<Engine, StartError> {
    start_on(Arc::new(open(&dir.join("data.db"))), dir, extensions).await
}

/// An engine over a store, with everything else in a directory.
pub async fn start_on(
    store: Arc<dyn Store>,
    dir: &Path,
    extensions: Vec<Arc<dyn Extension>>,
) -> Result<Engine, StartError> {
    Engine::start(parts(store, dir, extensions)).await
}

/// An engine over a directory, whose records log in through these services.
pub async fn start_with(dir: &Path, oauth2: Registry) -> Result<Engine, StartError> {
    let parts = parts(Arc::new(open(&dir.join("data.db"))), dir, Vec::new());
    Engine::start(Parts { oauth2, ..parts }).await
}

/// What an engine over a store is put together from, with everything else in a directory.
pub fn parts(store: Arc<dyn Store>, dir: &Path, extensions: Vec<Arc<dyn Extension>>) -> Parts {
    Parts {
        store,
        auxiliary: Arc::new(open(&dir.join("auxiliary.db"))),
        blobs: Arc::new(LocalDisk::open(dir.join("storage")).unwrap()),
        object_stores: None,
        backups: None,
        thumbs: ThumbLimits::default(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        oauth2: Registry::default(),
        encryption: None,
        mailer: Arc::new(MemoryMailer::default()),
        extensions,
    }
}

/// The store in this file.
pub fn open(file: &Path) -> SqliteStore {
    SqliteStore::open(file, Options::default()).unwrap()
}

/// A request of a new superuser.
pub async fn superuser(engine: &Engine) -> Request {
    engine.create_superuser("root@example.com", "1234567890").await.unwrap();
    let record = engine.superuser("root@example.com").await.unwrap().unwrap();
    Request { auth: Some(Arc::new(record)), ..Request::default() }
}

/// Writes a new record as extensions do.
pub async fn create(engine: &Engine, record: &Record) -> engine::Result<()> {
    let create = engine.transaction(|tx| {
        Work::new(async move { tx.create(&Request::internal(), &mut record.clone()).await })
    });
    create.await
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
