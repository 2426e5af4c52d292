//! The service that answers, with its data.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use ambient::{ManualClock, SeededEntropy};
use axum::Router;
use axum::body::Bytes;
use axum::extract::ConnectInfo;
use engine::{Engine, Parts, Record, Request, Work};
use files::{LocalDisk, Scratch, ThumbLimits};
use http_api::{App, Origins};
use http_body_util::BodyExt;
use mail::MemoryMailer;
use serde_json::{Value, json};
use store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::requests::Kind;

/// How many posts there are.
pub(crate) const POSTS: u32 = 1_000;

/// How many owners they have.
pub(crate) const OWNERS: u32 = 20;

/// The time does not pass, and the dice fall as the last time.
const NOW: &str = "2026-03-19T04:00:00Z";
const SEED: u64 = 7;

/// An engine behind the native routes, on a data directory that goes with it.
pub(crate) struct Service {
    engine: Engine,
    router: Router,
    _directory: TempDir,
}

impl Service {
    pub(crate) async fn start() -> Result<Self, Box<dyn Error>> {
        let directory = tempfile::tempdir()?;
        let store = |name: &str| SqliteStore::open(&directory.path().join(name), Options::default());
        let engine = Engine::start(Parts {
            store: Arc::new(store("data.db")?),
            auxiliary: Arc::new(store("auxiliary.db")?),
            blobs: Arc::new(LocalDisk::open(directory.path().join("storage"))?),
            object_stores: None,
            backups: None,
            thumbs: ThumbLimits::default(),
            clock: Arc::new(ManualClock::new(NOW.parse()?)),
            entropy: Arc::new(SeededEntropy::new(SEED)),
            oauth2: Default::default(),
            mailer: Arc::new(MemoryMailer::default()),
            encryption: None,
            extensions: Vec::new(),
        })
        .await?;
        // The log is written in portions, which are the smaller the slower the disk and the machine are.
        let settings = json!({"logs": {"maxDays": 0}});
        engine.update_settings(&settings.as_object().cloned().unwrap_or_default()).await?;
        fill(&engine).await?;
        let app = App::new(engine.clone(), Scratch::new(directory.path().join("scratch")));
        let router = http_api::router(&app, &[""], Origins::new(["*".to_owned()]), Vec::new(), None);
        Ok(Self { engine, router, _directory: directory })
    }

    /// The body of the reply to the request of this round.
    pub(crate) async fn answer(&self, kind: &Kind, round: u32) -> Result<Bytes, Box<dyn Error>> {
        let mut request = (kind.request)(round)?;
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 40_000))));
        let reply = self.router.clone().oneshot(request).await?;
        let status = reply.status();
        let body = reply.into_body().collect().await?.to_bytes();
        if status.is_success() {
            return Ok(body);
        }
        Err(format!("{} was answered {status}: {}", kind.name, String::from_utf8_lossy(&body)).into())
    }

    pub(crate) async fn close(self) -> Result<(), Box<dyn Error>> {
        Ok(self.engine.close().await?)
    }
}

/// The id of a post.
pub(crate) fn post_id(number: u32) -> String {
    format!("post{number:011}")
}

/// The id of an owner.
pub(crate) fn owner_id(number: u32) -> String {
    format!("owner{number:010}")
}

/// Creates the collections and their records.
async fn fill(engine: &Engine) -> Result<(), Box<dyn Error>> {
    let collections =
        [owners(), posts()].map(|collection| collection.as_object().cloned().unwrap_or_default());
    engine.import_collections(&collections, false).await?;
    let mut records = Vec::new();
    for number in 0..OWNERS {
        records.push(record(engine, "owners", &json!({"id": owner_id(number), "name": "An owner"}))?);
    }
    for number in 0..POSTS {
        records.push(record(engine, "posts", &post(number))?);
    }
    let (records, nobody) = (&records, &Request::default());
    let created: engine::Result<()> = engine
        .transaction(|tx| {
            Work::new(async move {
                for record in records {
                    tx.create(nobody, &mut record.clone()).await?;
                }
                Ok(())
            })
        })
        .await;
    Ok(created?)
}

fn record(engine: &Engine, collection: &str, values: &Value) -> Result<Record, Box<dyn Error>> {
    let catalog = engine.catalog();
    let entry = catalog.by_name(collection).ok_or("a collection is missing")?;
    let mut record = Record::new(Arc::clone(&entry.collection));
    for (name, value) in values.as_object().into_iter().flatten() {
        record.set(name, value.clone());
    }
    Ok(record)
}

fn post(number: u32) -> Value {
    json!({
        "id": post_id(number),
        "title": format!("Post {number}: <nothing> & \"more\""),
        "body": "The harbour was quiet in the morning, and the letter had not come. ".repeat(4),
        "views": number * 7_919 % 100_000,
        "published": !number.is_multiple_of(4),
        "owner": owner_id(number % OWNERS),
    })
}

fn owners() -> Value {
    let fields = [json!({"name": "name", "type": "text"})];
    json!({"id": "pbc_owners", "name": "owners", "type": "base", "fields": fields, "viewRule": ""})
}

fn posts() -> Value {
    let fields = [
        json!({"name": "title", "type": "text"}),
        json!({"name": "body", "type": "text"}),
        json!({"name": "views", "type": "number"}),
        json!({"name": "published", "type": "bool"}),
        json!({"name": "owner", "type": "relation", "collectionId": "pbc_owners", "maxSelect": 1}),
        json!({"name": "created", "type": "autodate", "onCreate": true}),
    ];
    json!({
        "id": "pbc_posts",
        "name": "posts",
        "type": "base",
        "fields": fields,
        "indexes": ["CREATE INDEX `idx_posts` ON `posts` (`published`, `views`)"],
        "listRule": "",
        "viewRule": "",
        "createRule": "",
    })
}
