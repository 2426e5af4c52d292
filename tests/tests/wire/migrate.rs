//! Data of older versions, and snapshots of collections.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use baibase_tests::{Home, Output, Server, Setup, run};
use serde_json::{Value, json};

/// What a directory of v0.23 to v0.32 has not: see `crates/engine/src/bootstrap/migrations.rs`.
const AS_IN_V0_32: &str = "DELETE FROM _migrations WHERE file LIKE '1763020353%' OR file LIKE '1778828400%'";

fn migrate(home: &Home, args: &[&str]) -> Output {
    let data = home.data();
    let mut all = vec!["migrate"];
    all.extend(args);
    all.extend(["--dir", data.to_str().unwrap()]);
    run(&all, &home.env())
}

async fn ended(mut server: Server) -> Arc<Home> {
    server.terminate();
    server.ended().await;
    server.home()
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).map(|entries| entries.map(|entry| entry.unwrap().file_name()));
    entries.map(|names| names.map(|name| name.into_string().unwrap()).collect()).unwrap_or_default()
}

/// A directory as an older version left it, with an index that somebody made by hand.
async fn old_directory() -> Arc<Home> {
    let setup = Setup::new().home(Arc::new(Home::on_sqlite())).arg("--automigrate=false");
    let server = setup.superuser().start().await;
    let token = server.superuser().await;
    let body = json!({"name": "posts", "type": "base", "fields": [{"name": "title", "type": "text"}]});
    server.post("/api/collections").token(&token).json(&body).send().await.expect(200);
    let row = json!({"title": "kept"});
    server.post("/api/collections/posts/records").token(&token).json(&row).send().await.expect(200);
    server.database().run("CREATE INDEX by_hand ON posts (title)");
    server.database().run(AS_IN_V0_32);
    ended(server).await
}

#[tokio::test]
async fn a_dry_run_says_what_an_upgrade_would_change_and_changes_nothing() {
    let home = old_directory().await;
    for _ in 0..2 {
        let output = migrate(&home, &["up", "--dryRun"]);
        assert_eq!(output.code, Some(0), "{output:?}");
        assert!(output.stdout.contains("1778828400_normalize_indexes.go"), "{output:?}");
        assert!(output.stdout.contains("posts.indexes: + CREATE INDEX `by_hand`"), "{output:?}");
    }
    assert_eq!(files(&home.data().join("backups")), Vec::<String>::new());
}

#[tokio::test]
async fn an_older_directory_is_upgraded_at_the_start_after_a_copy() {
    let home = old_directory().await;
    let server = Setup::new().home(home).start().await;
    let token = server.superuser().await;
    let posts = server.get("/api/collections/posts").token(&token).send().await.expect(200);
    assert_eq!(posts["indexes"], json!(["CREATE INDEX `by_hand` ON `posts` (`title`)"]));
    let rows = server.get("/api/collections/posts/records").token(&token).send().await.expect(200);
    assert_eq!(rows["items"][0]["title"], "kept");
    assert_eq!(server.database().text("SELECT count(*) FROM _migrations WHERE file LIKE '17%'"), "6");
    let copies = files(&server.data().join("backups"));
    assert_eq!(copies.len(), 1, "{copies:?}");
    let copy = rusqlite::Connection::open(server.data().join("backups").join(&copies[0])).unwrap();
    let noted = |connection: &rusqlite::Connection| {
        let count = "SELECT count(*) FROM _migrations WHERE file LIKE '17%'";
        connection.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(noted(&copy), 4);
    drop(copy);
    let home = ended(server).await;
    let again = migrate(&home, &["up"]);
    assert_eq!((again.code, again.stdout.trim()), (Some(0), "Nothing was to be done."), "{again:?}");
    assert_eq!(files(&home.data().join("backups")).len(), 1);
}

#[tokio::test]
async fn an_upgrade_that_fails_changes_nothing() {
    let home = old_directory().await;
    let database = rusqlite::Connection::open(home.data().join("data.db")).unwrap();
    // A rule that no version understands: the collection cannot be saved.
    database.execute_batch("UPDATE _collections SET listRule = 'nosuch = 1' WHERE name = 'posts'").unwrap();
    let output = migrate(&home, &["up"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("cannot be upgraded") && output.stderr.contains("listRule"), "{output:?}");
    let count = "SELECT count(*) FROM _migrations WHERE file LIKE '17%'";
    assert_eq!(database.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap(), 4);
}

#[tokio::test]
async fn a_directory_from_before_v0_23_is_refused() {
    let home = old_directory().await;
    let database = rusqlite::Connection::open(home.data().join("data.db")).unwrap();
    database.execute_batch("DELETE FROM _migrations WHERE file LIKE '17172335%'").unwrap();
    let output = migrate(&home, &["up"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("before PocketBase v0.23"), "{output:?}");
}

#[tokio::test]
async fn a_snapshot_of_one_server_makes_the_collections_of_another() {
    let server = Setup::new().arg("--automigrate=false").superuser().start().await;
    let token = server.superuser().await;
    let body = json!({"name": "posts", "type": "base", "fields": [{"name": "title", "type": "text"}]});
    server.post("/api/collections").token(&token).json(&body).send().await.expect(200);
    let home = ended(server).await;
    let made = migrate(&home, &["collections"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let folder = home.data().parent().unwrap().join("pb_migrations");
    let names = files(&folder);
    assert!(matches!(names.as_slice(), [name] if name.ends_with("_collections_snapshot.json")), "{names:?}");
    let text = fs::read_to_string(folder.join(&names[0])).unwrap();
    assert!(!text.contains("secret"), "secrets stay where they are");

    let other = Arc::new(Home::new());
    fs::create_dir_all(other.data().parent().unwrap().join("pb_migrations")).unwrap();
    fs::write(other.data().parent().unwrap().join("pb_migrations").join(&names[0]), text).unwrap();
    let planned = migrate(&other, &["up", "--dryRun"]);
    assert!(planned.code == Some(0) && planned.stdout.contains(&names[0]), "{planned:?}");
    let server = Setup::new().home(Arc::clone(&other)).superuser().start().await;
    let token = server.superuser().await;
    server.get("/api/collections/posts").token(&token).send().await.expect(200);
    let applied = format!("SELECT count(*) FROM _migrations WHERE file = '{}'", names[0]);
    assert_eq!(server.database().text(&applied), "1");
    let home = ended(server).await;

    // Nobody says yes.
    assert_eq!(migrate(&home, &["down"]).code, Some(1));
    let nothing = migrate(&home, &["history-sync"]);
    assert_eq!((nothing.code, nothing.stdout.trim()), (Some(0), "Nothing was to be done."), "{nothing:?}");
}

/// A collection as it is on a server, without its times.
async fn collection(server: &Server, token: &str, name: &str) -> Value {
    let path = format!("/api/collections/{name}");
    let mut json = server.get(&path).token(token).send().await.expect(200).json;
    for key in ["created", "updated"] {
        json.as_object_mut().unwrap().remove(key);
    }
    json
}

const NOTED: &str = "SELECT count(*) FROM _migrations WHERE file LIKE '%.json'";

#[tokio::test]
async fn changes_of_collections_are_followed_by_another_server() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let create = async |name: &str| {
        let fields = json!([{"name": "title", "type": "text"}, {"name": "body", "type": "text"}]);
        let body = json!({"name": name, "type": "base", "fields": fields});
        server.post("/api/collections").token(&token).json(&body).send().await.expect(200)
    };
    let posts = create("posts").await;
    let mut title = posts["fields"][1].clone();
    title["name"] = "headline".into();
    let path = "/api/collections/posts";
    let change = json!({"fields": [title], "listRule": "headline != ''"});
    server.patch(path).token(&token).json(&change).send().await.expect(200);
    server.patch(path).token(&token).json(&json!({"listRule": "headline != ''"})).send().await.expect(200);
    server.patch(path).token(&token).json(&json!({"listRule": "nosuch = 1"})).send().await.expect(400);
    create("gone").await;
    server.delete("/api/collections/gone").token(&token).send().await.expect(204);
    let provider = json!({"name": "google", "clientId": "an-id", "clientSecret": "a-secret"});
    let users = json!({"oauth2": {"enabled": true, "providers": [provider]}, "otp": {"enabled": true}});
    server.patch("/api/collections/users").token(&token).json(&users).send().await.expect(200);

    let folder = server.data().parent().unwrap().join("pb_migrations");
    let mut names = files(&folder);
    names.sort();
    let abouts: Vec<_> = names.iter().map(|name| name.split_once('_').unwrap().1).collect();
    let expected = ["created_posts", "updated_posts", "created_gone", "deleted_gone", "updated_users"]
        .map(|name| format!("{name}.json"));
    assert_eq!(abouts, expected);
    assert_eq!(server.database().text(NOTED), "5");
    let (posts, id) = (collection(&server, &token, "posts").await, posts["id"].as_str().unwrap().to_owned());
    let _first = ended(server).await;

    // The other one has more than this one wants, and records of its own.
    let other = Arc::new(Home::new());
    let theirs = other.data().parent().unwrap().join("pb_migrations");
    fs::create_dir_all(&theirs).unwrap();
    fs::write(theirs.join(&names[0]), fs::read(folder.join(&names[0])).unwrap()).unwrap();
    let server = Setup::new().home(Arc::clone(&other)).superuser().start().await;
    let token = server.superuser().await;
    let row = json!({"title": "kept", "body": "dropped"});
    server.post("/api/collections/posts/records").token(&token).json(&row).send().await.expect(200);
    let other = ended(server).await;
    for name in &names {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(!text.contains("a-secret") && !text.contains("an-id"), "{text}");
        fs::write(theirs.join(name), text).unwrap();
    }
    let server = Setup::new().home(Arc::clone(&other)).start().await;
    let token = server.superuser().await;
    assert_eq!(collection(&server, &token, &id).await, posts);
    let rows = server.get("/api/collections/posts/records").token(&token).send().await.expect(200);
    assert_eq!(rows["items"][0]["headline"], "kept");
    assert_eq!(rows["items"][0].get("body"), None);
    server.get("/api/collections/gone").token(&token).send().await.expect(404);
    assert_eq!(collection(&server, &token, "users").await["otp"]["enabled"], true);
    assert_eq!(server.database().text(NOTED), "5");
    assert_eq!(files(&theirs).len(), 5, "what is applied is not written down again");
}

#[tokio::test]
async fn what_others_point_to_is_not_deleted() {
    let home = Home::new();
    let folder = home.data().parent().unwrap().join("pb_migrations");
    fs::create_dir_all(&folder).unwrap();
    let relation = json!({"name": "a", "type": "relation", "collectionId": "aaaaaaaaaaaaaaa"});
    let made = json!([
        {"id": "aaaaaaaaaaaaaaa", "name": "a", "type": "base"},
        {"id": "bbbbbbbbbbbbbbb", "name": "b", "type": "base", "fields": [relation]},
    ]);
    fs::write(folder.join("1_made.json"), made.to_string()).unwrap();
    fs::write(folder.join("2_gone.json"), r#"{"deleted": ["aaaaaaaaaaaaaaa", "unknown"]}"#).unwrap();
    let output = migrate(&home, &["up"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("2_gone.json") && output.stderr.contains("referenced in b"), "{output:?}");
    fs::write(folder.join("2_gone.json"), r#"{"deleted": ["aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb"]}"#).unwrap();
    let output = migrate(&home, &["up"]);
    assert_eq!((output.code, output.stdout.trim()), (Some(0), "Applied:\n2_gone.json"), "{output:?}");
}

#[tokio::test]
async fn a_snapshot_that_does_not_fit_stops_the_start() {
    let home = Home::new();
    let folder = home.data().parent().unwrap().join("pb_migrations");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("1_broken.json"),
        r#"[{"name": "posts", "type": "base", "listRule": "nosuch = 1"}]"#,
    )
    .unwrap();
    let output = migrate(&home, &["up"]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("1_broken.json") && output.stderr.contains("posts"), "{output:?}");
    fs::write(folder.join("1_broken.json"), "[").unwrap();
    assert_eq!(migrate(&home, &["up"]).code, Some(1));
}
