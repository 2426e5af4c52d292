//! Several changes of records in one transaction, on a real store.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use engine::hooks::{RecordHooks, WriteEvent};
use engine::{
    Action, BatchError, Change, Engine, Error, ErrorKind, Extension, HookRegistry, Json, Request, Result,
};
use files::{Content, Upload};
use serde_json::{Value, json};

use baibase_engine as engine;

mod support;

use support::contended::Contended;
use support::{open, parsed, start_on, superuser, with_body};

const LIMIT: Duration = Duration::from_secs(20);

/// Takes its time over posts with this title.
struct Slow;

#[async_trait::async_trait]
impl RecordHooks for Slow {
    async fn after_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        if event.record.text("title") == "slow" {
            tokio::time::sleep(LIMIT).await;
        }
        Ok(())
    }
}

impl Extension for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn hooks(&self, registry: &mut HookRegistry) {
        registry.on("posts", Arc::new(Self));
    }
}

struct Fixture {
    engine: Engine,
    root: Request,
    store: Arc<Contended>,
    dir: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(Contended::new(Arc::new(open(&dir.path().join("data.db")))));
    let extensions: Vec<Arc<dyn Extension>> = vec![Arc::new(Slow)];
    let engine = start_on(Arc::clone(&store) as Arc<dyn store::Store>, dir.path(), extensions).await.unwrap();
    for collection in [
        json!({"name": "authors", "id": "authors", "viewRule": "", "fields": [{"type": "text", "name": "name"}]}),
        json!({"name": "posts", "id": "posts", "createRule": "@collection.authors.name ?= title", "fields": [
            {"type": "text", "name": "title", "required": true},
            {"type": "relation", "name": "author", "collectionId": "authors", "maxSelect": 1},
            {"type": "file", "name": "files", "maxSelect": 2},
        ]}),
    ] {
        engine.create_collection(&collection).await.unwrap();
    }
    let root = superuser(&engine).await;
    Fixture { engine, root, store, dir }
}

impl Fixture {
    fn change(&self, action: Action, collection: &str, body: Value) -> Change {
        let (request, collection) = (with_body(&self.root, body), collection.to_owned());
        Change { request, collection, action, files: Vec::new() }
    }

    fn create(&self, collection: &str, body: Value) -> Change {
        self.change(Action::Create, collection, body)
    }

    async fn run(&self, changes: Vec<Change>) -> Result<Vec<Option<Value>>, BatchError> {
        self.run_some(changes.into_iter().map(Ok).collect()).await
    }

    async fn run_some(&self, changes: Vec<Result<Change>>) -> Result<Vec<Option<Value>>, BatchError> {
        let replies = self.engine.batch(changes, LIMIT, &|_, _, json| Ok(json)).await?;
        Ok(replies.iter().map(|reply| reply.as_ref().map(parsed)).collect())
    }

    async fn count(&self, collection: &str) -> u64 {
        self.engine.count(collection, None).await.unwrap()
    }

    /// The first letters of the names of all files of posts, in their order.
    fn files(&self) -> String {
        let records = entries(&self.dir.path().join("storage/posts"));
        let mut names: Vec<String> = records
            .iter()
            .flat_map(|name| entries(&self.dir.path().join("storage/posts").join(name)))
            .filter(|name| !name.ends_with(".attrs"))
            .collect();
        names.sort();
        names.iter().filter_map(|name| name.chars().next()).collect()
    }
}

fn entries(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn with_file(mut change: Change, key: &str, name: &str) -> Change {
    let content = Content::from(b"hello".to_vec());
    let upload = Upload { original_name: format!("{name}.txt"), content_type: None, content };
    change.files.push((key.to_owned(), upload));
    change
}

/// A text of 15 characters that ends with this one.
fn id(last: char) -> String {
    format!("aaaaaaaaaaaaaa{last}")
}

fn refused(result: Result<Vec<Option<Value>>, BatchError>) -> (usize, Error) {
    match result {
        Err(BatchError::Change { index, error }) => (index, error),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_see_those_before_them() {
    let fixture = fixture().await;
    let guest = |mut change: Change| {
        change.request.auth = None;
        change
    };
    let mut post = guest(fixture.create("posts", json!({"id": id('p'), "title": "Ann", "author": id('a')})));
    post.request.query.insert("expand".into(), "author".into());
    let changes = vec![
        fixture.create("authors", json!({"id": id('a'), "name": "Ann"})),
        post,
        fixture.change(Action::Update(id('a')), "authors", json!({"name": "Bob"})),
        fixture.change(Action::Upsert, "authors", json!({"id": id('a'), "name": "Cid"})),
        fixture.change(Action::Upsert, "authors", json!({"id": id('b'), "name": "Dan"})),
        fixture.change(Action::Delete(id('b')), "authors", json!({})),
    ];
    let replies = fixture.run(changes).await.unwrap();
    assert_eq!(replies[1].as_ref().unwrap()["expand"]["author"]["name"], "Ann", "as it was then");
    let names = [0, 2, 3, 4].map(|index: usize| replies[index].as_ref().unwrap()["name"].clone());
    assert_eq!(names, ["Ann", "Bob", "Cid", "Dan"]);
    assert_eq!(replies[5], None);
    assert_eq!((fixture.count("authors").await, fixture.count("posts").await), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_undoes_all_of_them() {
    let fixture = fixture().await;
    let first = with_file(fixture.create("posts", json!({"id": id('p'), "title": "One"})), "files", "first");
    fixture.run(vec![first]).await.unwrap();
    let changes = |last| {
        vec![
            with_file(fixture.create("posts", json!({"id": id('q'), "title": "Two"})), "files", "other"),
            fixture.change(Action::Delete(id('p')), "posts", json!({})),
            last,
        ]
    };
    for (last, kind) in [
        (fixture.create("posts", json!({"title": ""})), ErrorKind::BadRequest),
        (fixture.create("nothing", json!({})), ErrorKind::NotFound),
        (fixture.change(Action::Delete(id('p')), "posts", json!({})), ErrorKind::NotFound),
    ] {
        let (index, error) = refused(fixture.run(changes(last)).await);
        assert_eq!((index, error.kind), (2, kind));
        assert_eq!((fixture.count("posts").await, fixture.files().as_str()), (1, "f"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_understood_counts_when_its_turn_comes() {
    let fixture = fixture().await;
    let good = || Ok(fixture.create("posts", json!({"title": "One"})));
    let bad = || Ok(fixture.create("posts", json!({"title": ""})));
    let lost = || Err(Error::forbidden("lost"));
    for (changes, expected) in [
        (vec![good(), lost(), bad()], (1, ErrorKind::Forbidden)),
        (vec![bad(), lost()], (0, ErrorKind::BadRequest)),
        (vec![lost(), good()], (0, ErrorKind::Forbidden)),
    ] {
        let (index, error) = refused(fixture.run_some(changes).await);
        assert_eq!((index, error.kind), expected);
    }
    let shape = |index, _: &Request, json: Json| {
        if index == 1 { Err(Error::forbidden("shape")) } else { Ok(json) }
    };
    let refusal = fixture.engine.batch(vec![good(), good(), bad()], LIMIT, &shape).await;
    assert!(matches!(refusal, Err(BatchError::Change { index: 1, .. })), "{refusal:?}");
    assert_eq!(fixture.count("posts").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_follow_their_records_within_a_batch() {
    let fixture = fixture().await;
    let create = |name: &str| {
        with_file(fixture.create("posts", json!({"id": id('p'), "title": "One"})), "files", name)
    };
    let upsert = |key: &str, name: &str| {
        with_file(fixture.change(Action::Upsert, "posts", json!({"id": id('p'), "title": "Two"})), key, name)
    };
    let delete = || fixture.change(Action::Delete(id('p')), "posts", json!({}));
    for (changes, files) in [
        // Before the transaction the second one looked like a create.
        (vec![create("a"), upsert("files+", "b")], "ab"),
        // And this one like an update with too many files.
        (vec![delete(), with_file(upsert("files+", "c"), "files+", "d")], "cd"),
        (vec![upsert("files", "e")], "e"),
        (vec![delete(), create("f")], "f"),
        (vec![upsert("files", "g"), upsert("files", "h")], "h"),
        (vec![upsert("files", "i"), delete()], ""),
        (vec![create("j"), delete(), create("k"), upsert("files+", "l")], "kl"),
    ] {
        fixture.run(changes).await.unwrap();
        assert_eq!(fixture.files(), files);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_right_when_the_transaction_is_run_again() {
    let fixture = fixture().await;
    let post = || fixture.create("posts", json!({"id": id('p'), "title": "One"}));
    for (writes, commits) in [(1, 0), (0, 2)] {
        fixture.store.writes.store(writes, Ordering::Relaxed);
        fixture.store.commits.store(commits, Ordering::Relaxed);
        fixture.run(vec![with_file(post(), "files", "a")]).await.unwrap();
        assert_eq!(fixture.files(), "a");
        fixture.store.commits.store(commits, Ordering::Relaxed);
        let update = fixture.change(Action::Update(id('p')), "posts", json!({}));
        fixture.run(vec![with_file(update, "files", "b")]).await.unwrap();
        assert_eq!(fixture.files(), "b");
        fixture.store.commits.store(u32::MAX, Ordering::Relaxed);
        let delete = || fixture.change(Action::Delete(id('p')), "posts", json!({}));
        let failed = fixture.run(vec![delete(), with_file(post(), "files", "c")]).await;
        assert!(
            matches!(failed, Err(BatchError::Transaction(error)) if error.kind == ErrorKind::Unavailable)
        );
        assert_eq!(fixture.files(), "b");
        fixture.store.commits.store(0, Ordering::Relaxed);
        fixture.run(vec![delete()]).await.unwrap();
        assert_eq!(fixture.files(), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_has_limited_time() {
    let fixture = fixture().await;
    let changes = vec![
        Ok(with_file(fixture.create("posts", json!({"title": "One"})), "files", "a")),
        Ok(fixture.create("posts", json!({"title": "slow"}))),
    ];
    let done = fixture.engine.batch(changes, Duration::from_millis(200), &|_, _, json| Ok(json)).await;
    assert!(matches!(done, Err(BatchError::TimedOut)), "{done:?}");
    assert_eq!((fixture.count("posts").await, fixture.files().as_str()), (0, ""));
    // Nobody has to wait for the one that was given up.
    fixture.run(vec![fixture.create("posts", json!({"title": "Two"}))]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_right_whether_they_were_prepared_or_not() {
    let fixture = fixture().await;
    let user = |password: &str| json!({"password": password, "passwordConfirm": password});
    let mut create = fixture.create("users", user("first-password"));
    create.request.body.extend([("id".into(), id('u').into()), ("email".into(), "u@example.com".into())]);
    let users = json!({"createRule": "", "updateRule": ""});
    fixture.engine.update_collection("users", &users).await.unwrap();
    let change = |old: &str, new: &str| {
        let mut change = fixture.change(Action::Update(id('u')), "users", user(new));
        change.request.body.insert("oldPassword".into(), old.into());
        change.request.auth = None;
        change
    };
    fixture
        .run(vec![
            create,
            change("first-password", "second-password"),
            change("second-password", "third-password"),
        ])
        .await
        .unwrap();
    let changes =
        vec![change("third-password", "fourth-password"), change("third-password", "fifth-password")];
    let (index, error) = refused(fixture.run(changes).await);
    assert_eq!(
        (index, error.data.to_json()["oldPassword"]["code"].as_str().unwrap()),
        (1, "validation_invalid_old_password")
    );
    fixture.run(vec![change("third-password", "fourth-password")]).await.unwrap();
}
