//! Changes of records, told to clients.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use engine::hooks::{EnrichEvent, HookRegistry, RecordHooks};
use engine::realtime::{Connection, Message, Subscription};
use engine::{Engine, Extension, Record, Request, Work};
use serde_json::{Map, Value, json};

use baibase_engine as engine;

mod support;

use support::contended::Contended;
use support::{create, open, start, start_on, with_body};

/// Notes, which a hook wants to see when they are sent.
#[derive(Default)]
struct Notes {
    sent: Arc<AtomicU32>,
}

impl Extension for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }

    fn hooks(&self, registry: &mut HookRegistry) {
        registry.on("seen", Arc::new(Self { sent: Arc::clone(&self.sent) }));
    }
}

#[async_trait]
impl RecordHooks for Notes {
    fn enriches(&self) -> bool {
        true
    }

    async fn enrich(&self, event: &mut EnrichEvent<'_>) -> engine::Result<()> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        assert_ne!(event.record.text("title"), "poison");
        event.record.set("title", format!("{}!", event.record.text("title")));
        Ok(())
    }
}

struct Fixture {
    engine: Engine,
    /// How many records the hook saw.
    sent: Arc<AtomicU32>,
    _dir: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let notes = Notes::default();
    let sent = Arc::clone(&notes.sent);
    let engine = start(dir.path(), vec![Arc::new(notes)]).await.unwrap();
    add_collections(&engine).await;
    Fixture { engine, sent, _dir: dir }
}

async fn add_collections(engine: &Engine) {
    for name in ["notes", "seen"] {
        let notes = json!({
            "name": name, "listRule": "", "viewRule": "public = true", "createRule": "", "updateRule": "", "deleteRule": "",
            "fields": [{"type": "text", "name": "title"}, {"type": "bool", "name": "public"}],
        });
        engine.create_collection(&notes).await.unwrap();
    }
    engine.create_collection(&json!({"name": "people", "type": "auth"})).await.unwrap();
}

fn subscription(name: &str) -> Subscription {
    Subscription::new(name, Map::new(), Map::new())
}

async fn client(engine: &Engine, auth: Option<Arc<Record>>, topic: &str) -> Connection {
    let connection = engine.connect("10.0.0.1", "").unwrap();
    let request = Request { auth, ip: "10.0.0.1".to_owned(), ..Request::default() };
    let id = connection.client().id().to_owned();
    engine.subscribe(&request, &id, vec![subscription(topic)]).await.unwrap();
    connection
}

fn note(engine: &Engine, collection: &str, title: &str) -> Record {
    let mut note = Record::new(engine.catalog().by_name(collection).unwrap().collection.clone());
    note.set("title", title);
    note
}

async fn next(connection: &mut Connection) -> Message {
    tokio::time::timeout(Duration::from_secs(10), connection.next()).await.unwrap().unwrap()
}

fn data(message: &Message) -> Value {
    serde_json::from_slice(message.data()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_there_are_each_gets_all_changes_in_their_order() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let mut clients = Vec::new();
    for _ in 0..300 {
        clients.push(client(engine, None, "notes/*").await);
    }
    for title in ["a", "b", "c"] {
        create(engine, &note(engine, "notes", title)).await.unwrap();
    }
    for client in &mut clients {
        for title in ["a", "b", "c"] {
            assert_eq!(data(&next(client).await)["record"]["title"], title);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn those_between_whom_nothing_makes_a_difference_share_one_event() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let mut people = Vec::new();
    for number in 0..5 {
        let mut person = Record::new(engine.catalog().by_name("people").unwrap().collection.clone());
        person.set("id", format!("person{number:0>9}"));
        person.set("email", format!("{number}@example.com"));
        person.set("password", "12345678");
        create(engine, &person).await.unwrap();
        let person = engine.find_by_id("people", &format!("person{number:0>9}")).await.unwrap().unwrap();
        people.push(Arc::new(person));
    }
    let guests = (0..5).map(|_| None);
    let callers: Vec<_> = people.into_iter().map(Some).chain(guests).collect();
    for (collection, expected_events, expected_calls) in [("notes", 1, 0), ("seen", 6, 6)] {
        let mut clients = Vec::new();
        for caller in &callers {
            clients.push(client(engine, caller.clone(), &format!("{collection}/*")).await);
        }
        create(engine, &note(engine, collection, "x")).await.unwrap();
        let mut events = std::collections::BTreeSet::new();
        for client in &mut clients {
            events.insert(next(client).await.text().as_ptr() as usize);
        }
        assert_eq!(events.len(), expected_events, "{collection}");
        // The hook may send something else to everybody, but nothing else to each of the guests.
        assert_eq!(fixture.sent.swap(0, Ordering::Relaxed), expected_calls, "{collection}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_decide_on_what_is_sent() {
    let fixture = fixture().await;
    let mut client = client(&fixture.engine, None, "seen/*").await;
    create(&fixture.engine, &note(&fixture.engine, "seen", "x")).await.unwrap();
    assert_eq!(data(&next(&mut client).await)["record"]["title"], "x!");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_run_again_is_told_of_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = Contended::new(Arc::new(open(&dir.path().join("data.db"))));
    let (writes, commits) = (Arc::clone(&store.writes), Arc::clone(&store.commits));
    let engine = start_on(Arc::new(store), dir.path(), Vec::new()).await.unwrap();
    add_collections(&engine).await;
    let mut client = client(&engine, None, "notes/*").await;
    writes.store(2, Ordering::Relaxed);
    commits.store(2, Ordering::Relaxed);
    create(&engine, &note(&engine, "notes", "one")).await.unwrap();
    // So many conflicts that it is given up.
    commits.store(10, Ordering::Relaxed);
    create(&engine, &note(&engine, "notes", "never")).await.unwrap_err();
    create(&engine, &note(&engine, "notes", "two")).await.unwrap();
    for title in ["one", "two"] {
        assert_eq!(data(&next(&mut client).await)["record"]["title"], title);
    }
}

/// However far those who send behind are, nobody sees what he may not see, and nothing is left out that he may.
#[tokio::test(flavor = "multi_thread")]
async fn events_are_judged_by_what_they_show() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let rule = json!({"listRule": "public = true && title != 'draft'"});
    engine.update_collection("notes", &rule).await.unwrap();
    let mut client = client(engine, None, "notes/*").await;
    let request = Request::default();
    for number in 0..100 {
        let id = format!("note{number:0>11}");
        let write = |body| with_body(&request, body);
        let draft = write(json!({"id": id, "title": "draft", "public": true}));
        engine.create(&draft, "notes", Vec::new()).await.unwrap();
        engine.update(&write(json!({"title": "final"})), "notes", &id, Vec::new()).await.unwrap();
        engine
            .update(&write(json!({"title": "secret", "public": false})), "notes", &id, Vec::new())
            .await
            .unwrap();
        engine
            .update(&write(json!({"title": "last", "public": true})), "notes", &id, Vec::new())
            .await
            .unwrap();
        engine.delete(&request, "notes", &id).await.unwrap();
    }
    for number in 0..100 {
        for (action, title) in [("update", "final"), ("update", "last"), ("delete", "last")] {
            let event = data(&next(&mut client).await);
            let expected = json!([format!("note{number:0>11}"), action, title]);
            assert_eq!(json!([event["record"]["id"], event["action"], event["record"]["title"]]), expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_disconnected_and_holds_nobody_back() {
    let fixture = fixture().await;
    let broker = fixture.engine.realtime();
    let mut slow = client(&fixture.engine, None, "weather").await;
    let mut quick = client(&fixture.engine, None, "weather?in=town").await;
    for degrees in 0..5000 {
        broker.publish("weather", &json!({"degrees": degrees})).unwrap();
        let event = next(&mut quick).await;
        assert_eq!((event.name(), &data(&event)["degrees"]), ("weather?in=town", &json!(degrees)));
    }
    assert!(slow.next().await.is_none());
    assert_eq!((broker.connected(), broker.client(slow.client().id()).is_none()), (1, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_cannot_be_told_everything_are_disconnected() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let mut notes = client(engine, None, "notes/*").await;
    let mut seen = client(engine, None, "seen/*").await;
    let draft = &note(engine, "notes", "x");
    let created = engine.transaction(|tx| {
        Work::new(async move {
            for _ in 0..10_001 {
                tx.create(&Request::internal(), &mut draft.clone()).await?;
            }
            Ok::<_, engine::Error>(())
        })
    });
    created.await.unwrap();
    assert!(notes.next().await.is_none());
    create(engine, &note(engine, "seen", "x")).await.unwrap();
    next(&mut seen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_with_a_token_that_ended_meanwhile_is_a_guests() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let root = support::superuser(engine).await;
    let mut stale = (**root.auth.as_ref().unwrap()).clone();
    stale.set("tokenKey", "x".repeat(50));
    let client = client(engine, Some(Arc::new(stale)), "notes/*").await;
    assert!(client.client().auth().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_connects_to_an_engine_that_stops() {
    let fixture = fixture().await;
    let mut client = client(&fixture.engine, None, "notes/*").await;
    fixture.engine.realtime().publish("notes/*", &json!({})).unwrap();
    fixture.engine.realtime().close();
    next(&mut client).await;
    assert!(client.next().await.is_none(), "after what was sent");
    assert_eq!(fixture.engine.connect("", "").unwrap_err().kind, engine::ErrorKind::Unavailable);
}

/// PocketBase's CVE-2026-82410: what panicked beside a request ended the process. Here it would end all events.
#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_panics_ends_the_events_of_nobody_else() {
    let fixture = fixture().await;
    let engine = &fixture.engine;
    let mut seen = client(engine, None, "seen/*").await;
    let mut notes = client(engine, None, "notes/*").await;
    create(engine, &note(engine, "seen", "poison")).await.unwrap();
    create(engine, &note(engine, "notes", "x")).await.unwrap();
    assert_eq!(data(&next(&mut notes).await)["record"]["title"], "x");
    let end = tokio::time::timeout(Duration::from_secs(10), seen.next()).await.unwrap();
    assert!(end.is_none(), "who missed something reads it again");
    let mut again = client(engine, None, "seen/*").await;
    create(engine, &note(engine, "seen", "y")).await.unwrap();
    assert_eq!(data(&next(&mut again).await)["record"]["title"], "y!");
}
