//! Backups: made, listed, fetched, uploaded, deleted, restored, made by themselves, in the folder and in a bucket.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use baibase_tests::{MailServer, Reply, SUPERUSER, Server, Setup};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use test_s3::{ACCESS_KEY, S3Server, SECRET};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const PATH: &str = "/api/collections/papers/records";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "papers", "type": "base", "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [{"type": "text", "name": "title"}, {"type": "file", "name": "scan"}],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

pub(crate) async fn create(server: &Server, token: &str, name: &str) {
    server.post("/api/backups").token(token).json(&json!({"name": name})).send().await.expect(204);
}

pub(crate) async fn list(server: &Server, token: &str) -> Vec<String> {
    let reply = server.get("/api/backups").token(token).send().await.expect(200);
    reply.json.as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap().to_owned()).collect()
}

async fn write(server: &Server, title: &str) -> Reply {
    let part = Part::bytes(title.as_bytes().to_vec()).file_name("a.txt");
    let form = Form::new().text("title", title.to_owned()).part("scan", part);
    server.post(PATH).form(form).send().await.expect(200)
}

async fn titles(server: &Server) -> Vec<String> {
    let reply = server.get(&format!("{PATH}?sort=title&perPage=500")).send().await.expect(200);
    reply["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

pub(crate) async fn upload(server: &Server, token: &str, name: &str, bytes: Vec<u8>) -> Reply {
    let form = Form::new().part("file", Part::bytes(bytes).file_name(name.to_owned()));
    server.post("/api/backups/upload").token(token).form(form).send().await
}

pub(crate) async fn download(server: &Server, token: &str, name: &str) -> Reply {
    let file = server.post("/api/files/token").token(token).send().await.expect(200);
    server.get(&format!("/api/backups/{name}?token={}", file.at("/token"))).send().await
}

/// Waits until the server says so, and fails when it does not.
async fn until(what: &str, server: &Server, is_so: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(40);
    while !is_so().await {
        assert!(Instant::now() < deadline, "{what}\n{}", server.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) async fn restore(server: &Server, token: &str, name: &str) {
    let before = server.log().matches("a backup was restored").count();
    server.post(&format!("/api/backups/{name}/restore")).token(token).send().await.expect(204);
    until("it is restored", server, async || server.log().matches("a backup was restored").count() > before)
        .await;
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_backup_is_made_fetched_and_deleted() {
    let (server, token) = start().await;
    assert_eq!(list(&server, &token).await, [""; 0]);
    create(&server, &token, "one.zip").await;
    server.post("/api/backups").token(&token).send().await.expect(204);
    let reply = server.get("/api/backups").token(&token).send().await.expect(200);
    assert!(reply.text().starts_with(r#"[{"modified":"20"#), "{}", reply.text());
    let names = list(&server, &token).await;
    assert_eq!(names[0], "one.zip");
    assert!(names[1].starts_with("pb_backup_") && names[1].ends_with(".zip"), "{names:?}");
    let picked = server.get("/api/backups?fields=key").token(&token).send().await.expect(200);
    assert_eq!(picked.json[0], json!({"key": "one.zip"}));

    let fetched = download(&server, &token, "one.zip").await.expect(200);
    assert_eq!(fetched.header("content-type"), "application/zip");
    assert_eq!(fetched.header("content-disposition"), "attachment; filename=one.zip");
    let zip = zip::ZipArchive::new(Cursor::new(fetched.bytes)).unwrap();
    let names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.iter().any(|name| name == "data.db"), "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("backups/") && !name.contains("-shm")), "{names:?}");

    server.get("/api/backups/one.zip").token(&token).send().await.expect(403);
    assert_eq!(
        server.get("/api/backups/one.zip").send().await.expect(403).at("/message"),
        "Insufficient permissions to access the resource."
    );
    download(&server, &token, "none.zip").await.expect(404);
    download(&server, &token, "..%2Fdata.db").await.expect(404);
    server.get("/api/backups").send().await.expect(401);
    server.post("/api/backups").send().await.expect(401);
    server.delete("/api/backups/one.zip").send().await.expect(401);
    server.post("/api/backups/one.zip/restore").send().await.expect(401);

    server.delete("/api/backups/one.zip").token(&token).send().await.expect(204);
    let gone = server.delete("/api/backups/one.zip").token(&token).send().await.expect(400);
    assert!(gone.at("/message").starts_with("Invalid or already deleted backup file. Raw error: \n"));
    server.delete("/api/backups/..%2Fdata.db").token(&token).send().await.expect(400);
    assert!(server.data().join("storage").exists());
}

#[tokio::test]
async fn names_are_checked() {
    let (server, token) = start().await;
    let ask =
        async |body: Value| server.post("/api/backups").token(&token).json(&body).send().await.expect(400);
    create(&server, &token, "one.zip").await;
    for (name, code) in [
        ("A.zip", "validation_match_invalid"),
        ("../a.zip", "validation_match_invalid"),
        ("a.tar", "validation_match_invalid"),
        (&format!("{}.zip", "a".repeat(150)), "validation_length_out_of_range"),
        ("one.zip", "validation_backup_name_exists"),
    ] {
        let reply = ask(json!({"name": name})).await;
        assert_eq!(reply.at("/data/name/code"), code, "{name}");
        assert_eq!(reply.at("/message"), "An error occurred while validating the submitted data.");
    }
    assert_eq!(
        ask(json!({"name": 5})).await.at("/message"),
        "An error occurred while loading the submitted data."
    );
    let no_zip = upload(&server, &token, "a.zip", b"hello".to_vec()).await.expect(400);
    assert_eq!(no_zip.at("/data/file/code"), "validation_invalid_mime_type");
    let none = server.post("/api/backups/upload").token(&token).send().await.expect(400);
    assert_eq!(none.at("/data/file/code"), "validation_required");
    let taken = upload(&server, &token, "one.zip", archive(&[("a", b"x")])).await.expect(400);
    assert_eq!(taken.at("/data/file/code"), "validation_backup_name_exists");
    upload(&server, &token, "two.zip", archive(&[("a", b"x")])).await.expect(204);
    assert_eq!(list(&server, &token).await, ["one.zip", "two.zip"]);
}

#[tokio::test]
async fn a_restore_brings_everything_back() {
    let (server, token) = start().await;
    let kept = write(&server, "kept").await;
    create(&server, &token, "one.zip").await;
    let file = format!("/api/files/papers/{}/{}", kept.at("/id"), kept.at("/scan"));
    server.delete(&format!("{PATH}/{}", kept.at("/id"))).send().await.expect(204);
    write(&server, "later").await;
    let later = json!({"name": "later", "type": "base", "fields": [{"type": "text", "name": "x"}]});
    server.post("/api/collections").token(&token).json(&later).send().await.expect(200);
    let settings = json!({"meta": {"appName": "Later"}});
    server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);

    restore(&server, &token, "one.zip").await;
    assert_eq!(titles(&server).await, ["kept"]);
    assert_eq!(server.get(&file).send().await.expect(200).text(), "kept");
    server.get("/api/collections/later").token(&token).send().await.expect(404);
    let settings = server.get("/api/settings").token(&token).send().await.expect(200);
    assert_ne!(settings["meta"]["appName"], "Later");
    assert_eq!(list(&server, &token).await, ["one.zip"], "backups stay");
    write(&server, "after").await;
    assert_eq!(titles(&server).await, ["after", "kept"]);
    assert!(!server.data().join(".baibase_restore").exists());
    let health = server.get("/api/health").token(&token).send().await.expect(200);
    assert_eq!(health["data"]["canBackup"], true);
    // And once more: nothing of the first time is in the way.
    restore(&server, &token, "one.zip").await;
    assert_eq!(titles(&server).await, ["kept"]);
}

/// PocketBase deletes the collection again: the change that it wrote to `pb_migrations` is new to the backup.
#[tokio::test]
async fn a_deleted_collection_is_restored_for_good() {
    let (mut server, token) = start().await;
    write(&server, "kept").await;
    create(&server, &token, "one.zip").await;
    server.delete("/api/collections/papers").token(&token).send().await.expect(204);
    restore(&server, &token, "one.zip").await;
    assert_eq!(titles(&server).await, ["kept"]);
    server.terminate();
    server.ended().await;
    let server = Setup::new().home(server.home()).start().await;
    assert_eq!(titles(&server).await, ["kept"]);
}

#[tokio::test]
async fn a_restore_that_fails_changes_nothing() {
    let (server, token) = start().await;
    write(&server, "kept").await;
    create(&server, &token, "good.zip").await;
    let good = download(&server, &token, "good.zip").await.expect(200).bytes;
    let mut broken = good.clone();
    let middle = broken.len() / 2;
    for byte in &mut broken[middle..middle + 64] {
        *byte ^= 0x5a;
    }
    let zeros = vec![0; 300 << 20];
    let bad: [(&str, Vec<u8>); 6] = [
        ("truncated.zip", good[..middle].to_vec()),
        ("broken.zip", broken),
        ("nothing.zip", archive(&[("a.txt", b"x")])),
        ("outside.zip", archive(&[("data.db", b"x"), ("../../outside", b"x")])),
        ("garbage.zip", archive(&[("data.db", &[0x5a; 8192])])),
        ("bomb.zip", archive(&[("data.db", b"x"), ("storage/a", &zeros)])),
    ];
    for (name, bytes) in bad {
        upload(&server, &token, name, bytes).await.expect(204);
        let before = server.log().matches("Failed to restore backup").count();
        server.post(&format!("/api/backups/{name}/restore")).token(&token).send().await.expect(204);
        until(name, &server, async || server.log().matches("Failed to restore backup").count() > before)
            .await;
        assert_eq!(titles(&server).await, ["kept"], "{name}");
        assert!(!server.data().join(".baibase_restore").exists(), "{name}");
    }
    assert!(!server.data().join("../outside").exists() && !server.data().join("../../outside").exists());
    let missing = server.post("/api/backups/none.zip/restore").token(&token).send().await.expect(400);
    assert_eq!(missing.at("/message"), "Missing or invalid backup file.");
    write(&server, "later").await;
    restore(&server, &token, "good.zip").await;
    assert_eq!(titles(&server).await, ["kept"]);
}

#[tokio::test]
async fn what_is_written_meanwhile_is_in_it_as_a_whole_or_not_at_all() {
    let (server, token) = start().await;
    let batch = json!({"batch": {"enabled": true}});
    server.patch("/api/settings").token(&token).json(&batch).send().await.expect(200);
    let write_pairs = async {
        for number in 0..150 {
            let item = |side: &str| json!({"method": "POST", "url": PATH, "body": {"title": format!("{side}{number:03}")}});
            let pair = json!({"requests": [item("a"), item("b")]});
            server.post("/api/batch").json(&pair).send().await.expect(200);
            let with_file = write(&server, &format!("file{number:03}")).await;
            if number % 2 == 0 {
                server.delete(&format!("{PATH}/{}", with_file.at("/id"))).send().await.expect(204);
            }
        }
    };
    let back_up = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        create(&server, &token, "busy.zip").await;
    };
    tokio::join!(write_pairs, back_up);
    restore(&server, &token, "busy.zip").await;
    let titles = titles(&server).await;
    let side = |side: &str| titles.iter().filter_map(|title| title.strip_prefix(side)).collect::<Vec<_>>();
    assert_eq!(side("a"), side("b"));
    assert!(!side("a").is_empty() && side("a").len() < 150, "it was made meanwhile: {}", side("a").len());
    let reply = server.get(&format!("{PATH}?filter=scan!=''&perPage=500")).send().await.expect(200);
    for record in reply["items"].as_array().unwrap() {
        let path = format!(
            "/api/files/papers/{}/{}",
            record["id"].as_str().unwrap(),
            record["scan"].as_str().unwrap()
        );
        assert_eq!(server.get(&path).send().await.expect(200).text(), record["title"].as_str().unwrap());
    }
}

#[tokio::test]
async fn one_is_made_at_a_time() {
    let (server, token) = start().await;
    let ask = async |name: &str| {
        server.post("/api/backups").token(&token).json(&json!({"name": name})).send().await.status
    };
    let mut statuses = vec![];
    for _ in 0..5 {
        let (a, b, c) = tokio::join!(ask("a.zip"), ask("b.zip"), ask("c.zip"));
        statuses = vec![a, b, c];
        for name in list(&server, &token).await {
            server.delete(&format!("/api/backups/{name}")).token(&token).send().await.expect(204);
        }
        if statuses.contains(&400) {
            break;
        }
    }
    assert!(statuses.contains(&204) && statuses.contains(&400), "{statuses:?}");
}

#[tokio::test]
async fn backups_are_kept_in_a_bucket() {
    let store = S3Server::new();
    store.make_bucket("backups");
    let (server, token) = start().await;
    let s3 = json!({
        "enabled": true, "bucket": "backups", "region": "us-east-1", "endpoint": store.endpoint(),
        "accessKey": ACCESS_KEY, "secret": SECRET, "forcePathStyle": true,
    });
    let settings = json!({"backups": {"s3": s3}});
    server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);
    let kept = write(&server, "kept").await;
    create(&server, &token, "one.zip").await;
    assert_eq!(store.keys("backups"), ["one.zip"]);
    assert_eq!(list(&server, &token).await, ["one.zip"]);
    let fetched = download(&server, &token, "one.zip").await.expect(200);
    assert_eq!(Some(fetched.bytes), store.object("backups", "one.zip"));
    server.delete(&format!("{PATH}/{}", kept.at("/id"))).send().await.expect(204);
    restore(&server, &token, "one.zip").await;
    assert_eq!(titles(&server).await, ["kept"]);
    server.delete("/api/backups/one.zip").token(&token).send().await.expect(204);
    assert_eq!(store.keys("backups"), [""; 0]);
}

#[tokio::test]
async fn they_are_made_by_themselves_and_the_oldest_go() {
    let (server, token) = start().await;
    let jobs = async || {
        let reply = server.get("/api/crons").token(&token).send().await.expect(200);
        reply.text().contains("__pbAutoBackup__")
    };
    assert!(!jobs().await);
    create(&server, &token, "own.zip").await;
    let turn = async |cron: &str| {
        let settings = json!({"backups": {"cron": cron, "cronMaxKeep": 1}});
        server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);
    };
    turn("0 0 1 1 *").await;
    assert!(jobs().await);
    let mut seen = Vec::new();
    for _ in 0..2 {
        server.post("/api/crons/__pbAutoBackup__").token(&token).send().await.expect(204);
        until("another one is there, alone", &server, async || {
            let names = list(&server, &token).await;
            names.len() == 2 && names[0].starts_with("@auto_pb_backup_") && !seen.contains(&names[0])
        })
        .await;
        seen.push(list(&server, &token).await[0].clone());
        // Their names tell them apart by the second.
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    assert!(list(&server, &token).await.contains(&"own.zip".to_owned()), "others stay");
    turn("").await;
    assert!(!jobs().await);
}

#[tokio::test]
async fn a_restore_that_a_loss_of_power_interrupted_is_undone() {
    let (mut server, _) = start().await;
    write(&server, "kept").await;
    server.terminate();
    assert!(server.ended().await.success());
    let data = server.data();
    let place = data.join(".baibase_restore");
    std::fs::create_dir_all(place.join("old")).unwrap();
    std::fs::create_dir_all(place.join("new/storage")).unwrap();
    std::fs::write(place.join("new/data.db"), "new").unwrap();
    std::fs::write(place.join("swap.json"), r#"{"old":["storage","data.db"],"new":["storage","data.db"]}"#)
        .unwrap();
    std::fs::rename(data.join("storage"), place.join("old/storage")).unwrap();
    let server = Setup::new().home(server.home()).start().await;
    assert_eq!(titles(&server).await, ["kept"]);
    let reply = server.get(PATH).send().await.expect(200);
    let record = &reply["items"][0];
    let path =
        format!("/api/files/papers/{}/{}", record["id"].as_str().unwrap(), record["scan"].as_str().unwrap());
    server.get(&path).send().await.expect(200);
    assert!(!place.exists());
    assert!(server.log().contains("the data before it is in place again"));
}

#[tokio::test]
async fn superusers_are_told_when_one_cannot_be_made_by_itself() {
    let mails = MailServer::start().await;
    let (server, token) = start().await;
    let s3 = json!({
        "enabled": true, "bucket": "none", "region": "us-east-1", "endpoint": "http://127.0.0.1:9",
        "accessKey": "key", "secret": "geheim", "forcePathStyle": true,
    });
    let backups = json!({"backups": {"cron": "0 0 1 1 *", "s3": s3}});
    for settings in [mails.settings(), backups] {
        server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);
    }
    server.post("/api/crons/__pbAutoBackup__").token(&token).send().await.expect(204);
    let mail = mails.next().await;
    assert_eq!(mail.to, [SUPERUSER]);
    assert!(mail.subject.contains("backup failed"), "{}", mail.subject);
    assert!(!mail.html.contains("geheim") && !server.log().contains("geheim"));
}

#[tokio::test]
async fn encrypted_settings_come_back_encrypted() {
    let setup = Setup::new().superuser().arg("--encryptionEnv").arg("SETTINGS_KEY");
    let server = setup.env("SETTINGS_KEY", "0123456789abcdef0123456789abcdef").start().await;
    let token = server.superuser().await;
    let name = async |name: &str| {
        let settings = json!({"meta": {"appName": name}});
        server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);
    };
    name("First").await;
    create(&server, &token, "one.zip").await;
    name("Second").await;
    restore(&server, &token, "one.zip").await;
    let settings = server.get("/api/settings").token(&token).send().await.expect(200);
    assert_eq!(settings["meta"]["appName"], "First");
}
