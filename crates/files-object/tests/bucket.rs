//! Buckets over the wire, on a server that speaks S3.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is how something is reported here")]

mod contract;

use std::sync::Arc;

use baibase_files_object::{Address, ObjectStores};
use contract::{key, prefix, properties, read};
use files::{Blobs, Content, ObjectStores as _, S3Bucket};
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

#[tokio::test]
async fn a_bucket_does_what_buckets_do() {
    let (_server, blobs) = start();
    contract::a_file_comes_and_goes(&blobs).await;
    contract::prefixes_are_listed_and_removed(&blobs).await;
}

#[tokio::test]
async fn only_what_is_needed_is_asked_for() {
    let (server, blobs) = start();
    blobs.put(&key("c/r/a.txt"), &Content::from(&b"0123456789"[..]), &properties("a")).await.unwrap();
    blobs.put(&key("d/a../b"), &Content::from(&b"x"[..]), &properties("b")).await.unwrap();
    assert_eq!(server.object("files", "c/r/a.txt").unwrap(), b"0123456789");
    assert!(server.keys("files").contains(&"d/a..__0x2f__b".to_owned()), "{:?}", server.keys("files"));
    server.take_log();
    for range in [0..10, 3..5, 5..5] {
        read(&blobs, "c/r/a.txt", range).await.unwrap();
    }
    assert_eq!(server.take_log(), ["GET /files/c/r/a.txt bytes=0-9", "GET /files/c/r/a.txt bytes=3-4"]);
}

#[tokio::test]
async fn a_large_file_goes_in_parts() {
    let (server, blobs) = start();
    contract::a_large_file_comes_back(&blobs, 13, &properties("x")).await;
    let log = server.take_log();
    assert_eq!(log.iter().filter(|line| line.contains("partNumber=")).count(), 3, "{log:?}");
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
