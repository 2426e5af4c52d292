//! Buckets over the wire, on a server that speaks S3.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how something is reported here")]

use std::sync::Arc;

use baibase_files_object::{Address, ObjectStores};
use files::{Blobs, Content, Error, Key, ObjectStores as _, Prefix, Properties, S3Bucket, Scratch};
use futures_util::TryStreamExt;
use test_s3::{ACCESS_KEY, S3Server, SECRET};

fn settings(server: &S3Server) -> S3Bucket {
    S3Bucket {
        bucket: "files".into(),
        region: "us-east-1".into(),
        endpoint: server.endpoint(),
        access_key: ACCESS_KEY.into(),
        secret: SECRET.into(),
        force_path_style: true,
    }
}

fn start() -> (S3Server, Arc<dyn Blobs>) {
    let server = S3Server::new();
    server.make_bucket("files");
    let blobs = ObjectStores.s3(&settings(&server)).unwrap();
    (server, blobs)
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn prefix(text: &str) -> Prefix {
    Prefix::parse(text).unwrap()
}

fn properties(name: &str) -> Properties {
    Properties { content_type: "text/plain; charset=utf-8".into(), original_name: Some(name.into()) }
}

async fn read(blobs: &Arc<dyn Blobs>, name: &str, range: std::ops::Range<u64>) -> files::Result<Vec<u8>> {
    let chunks: Vec<_> = blobs.read(&key(name), range).await?.try_collect().await?;
    Ok(chunks.concat())
}

#[tokio::test]
async fn a_file_is_there_with_what_is_known_about_it() {
    let (server, blobs) = start();
    blobs
        .put(&key("c/r/a.txt"), &Content::from(&b"0123456789"[..]), &properties("图 1/2.txt"))
        .await
        .unwrap();
    assert_eq!(server.object("files", "c/r/a.txt").unwrap(), b"0123456789");
    let found = blobs.metadata(&key("c/r/a.txt")).await.unwrap();
    assert_eq!((found.size, &found.properties), (10, &properties("图 1/2.txt")));
    let md5 = u128::from_be_bytes(found.md5.unwrap());
    assert_eq!(md5, 0x781e_5e24_5d69_b566_979b_86e2_8d23_f2c7);
    assert!(found.modified.elapsed().unwrap().as_secs() < 60);
    server.take_log();
    assert_eq!(read(&blobs, "c/r/a.txt", 0..10).await.unwrap(), b"0123456789");
    assert_eq!(read(&blobs, "c/r/a.txt", 3..5).await.unwrap(), b"34");
    assert_eq!(read(&blobs, "c/r/a.txt", 5..5).await.unwrap(), b"");
    assert_eq!(server.take_log(), ["GET /files/c/r/a.txt bytes=0-9", "GET /files/c/r/a.txt bytes=3-4"]);
    blobs.copy(&key("c/r/a.txt"), &key("c/r/b.txt")).await.unwrap();
    assert_eq!(blobs.metadata(&key("c/r/b.txt")).await.unwrap().properties, properties("图 1/2.txt"));
    blobs.delete(&key("c/r/a.txt")).await.unwrap();
    assert!(matches!(blobs.metadata(&key("c/r/a.txt")).await, Err(Error::NotFound)));
    assert!(matches!(read(&blobs, "c/r/a.txt", 0..10).await, Err(Error::NotFound)));
    assert!(matches!(blobs.copy(&key("c/r/a.txt"), &key("x")).await, Err(Error::NotFound)));
    blobs.delete(&key("c/r/a.txt")).await.unwrap();
}

#[tokio::test]
async fn a_large_file_goes_in_parts() {
    let (server, blobs) = start();
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Scratch::new(folder.path()).spool(0);
    let bytes: Vec<u8> = (0..13 << 20).map(|position: u32| (position / 7) as u8).collect();
    spool.write(&bytes).await.unwrap();
    blobs.put(&key("large"), &spool.finish().await.unwrap(), &properties("x")).await.unwrap();
    let log = server.take_log();
    assert_eq!(log.iter().filter(|line| line.contains("partNumber=")).count(), 3, "{log:?}");
    let found = blobs.metadata(&key("large")).await.unwrap();
    assert_eq!((found.size, &found.properties), (bytes.len() as u64, &properties("x")));
    assert!(read(&blobs, "large", 0..found.size).await.unwrap() == bytes);
}

#[tokio::test]
async fn prefixes_are_listed_and_removed() {
    let (server, blobs) = start();
    for name in ["c/r/a.png", "c/r/thumbs_a.png/1x1_a.png", "c/r2/b", "d/a../b", "d/x\u{1}y", "empty"] {
        let content = if name == "empty" { Content::from(Vec::new()) } else { Content::from(&b"xy"[..]) };
        blobs.put(&key(name), &content, &properties("n")).await.unwrap();
    }
    assert!(server.keys("files").contains(&"d/a..__0x2f__b".to_owned()), "{:?}", server.keys("files"));
    let names = async |text: &str| {
        let entries = blobs.list(&prefix(text)).await.unwrap();
        entries.iter().map(|entry| format!("{} {}", entry.key, entry.size)).collect::<Vec<_>>()
    };
    assert_eq!(names("c/").await, ["c/r/a.png 2", "c/r/thumbs_a.png/1x1_a.png 2", "c/r2/b 2"]);
    assert_eq!(names("c/r").await.len(), 3);
    assert_eq!(names("c/r/").await.len(), 2);
    assert_eq!(names("d/").await, ["d/a../b 2", "d/x\u{1}y 2"]);
    assert_eq!(names("").await.len(), 6);
    assert_eq!(names("none/").await, [""; 0]);
    blobs.delete_prefix(&prefix("c/r/")).await.unwrap();
    assert_eq!(names("c/").await, ["c/r2/b 2"]);
    blobs.delete_prefix(&prefix("c/r/")).await.unwrap();
    assert!(matches!(blobs.delete_prefix(&prefix("")).await, Err(Error::InvalidKey(_))));
    assert!(matches!(blobs.metadata(&key(" a")).await, Err(Error::InvalidKey(_))));
}

#[tokio::test]
async fn a_busy_store_is_asked_again_and_a_refusal_is_told_without_the_secret() {
    let (server, blobs) = start();
    server.fail(2);
    blobs.put(&key("a"), &Content::from(&b"x"[..]), &properties("a")).await.unwrap();
    assert_eq!(server.take_log().len(), 3);
    let wrong = S3Bucket { secret: "wrong-secret".into(), ..settings(&server) };
    let error = ObjectStores.s3(&wrong).unwrap().metadata(&key("a")).await.unwrap_err();
    let mut text = format!("{error}: {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    assert!(!text.contains("wrong-secret") && !text.contains("Signature="), "{text}");
}

#[tokio::test]
async fn an_address_can_name_a_folder_of_a_bucket() {
    let (server, _) = start();
    let secret = SECRET.replace('+', "%2B").replace('/', "%2F");
    let address =
        format!("s3://{ACCESS_KEY}:{secret}@127.0.0.1:{}/files/a/b?tls=false&path-style=true", server.port());
    let blobs = Address::parse(&address).unwrap().open().unwrap();
    blobs.put(&key("c/x"), &Content::from(&b"x"[..]), &properties("x")).await.unwrap();
    assert_eq!(server.object("files", "a/b/c/x").unwrap(), b"x");
    assert_eq!(blobs.list(&prefix("c/")).await.unwrap()[0].key, key("c/x"));
}
