//! What every bucket has to do, whoever keeps it.

use std::sync::Arc;

use files::{Blobs, Content, Error, Key, Prefix, Properties, Scratch};
use futures_util::TryStreamExt;

pub(crate) fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

pub(crate) fn prefix(text: &str) -> Prefix {
    Prefix::parse(text).unwrap()
}

pub(crate) fn properties(name: &str) -> Properties {
    Properties { content_type: "text/plain; charset=utf-8".into(), original_name: Some(name.into()) }
}

pub(crate) async fn read(
    blobs: &Arc<dyn Blobs>,
    name: &str,
    range: std::ops::Range<u64>,
) -> files::Result<Vec<u8>> {
    let chunks: Vec<_> = blobs.read(&key(name), range).await?.try_collect().await?;
    Ok(chunks.concat())
}

/// A file is there with what is known about it, can be read in parts, and is gone when it is removed.
pub(crate) async fn a_file_comes_and_goes(blobs: &Arc<dyn Blobs>) {
    let name = "c/r/a b+c&d=e%20图.txt";
    blobs.put(&key(name), &Content::from(&b"0123456789"[..]), &properties("图 1/2.txt")).await.unwrap();
    let found = blobs.metadata(&key(name)).await.unwrap();
    assert_eq!((found.size, &found.properties), (10, &properties("图 1/2.txt")));
    let md5 = u128::from_be_bytes(found.md5.unwrap());
    assert_eq!(md5, 0x781e_5e24_5d69_b566_979b_86e2_8d23_f2c7);
    assert!(found.modified.elapsed().unwrap().as_secs() < 60);
    assert_eq!(read(blobs, name, 0..10).await.unwrap(), b"0123456789");
    assert_eq!(read(blobs, name, 3..5).await.unwrap(), b"34");
    assert_eq!(read(blobs, name, 5..5).await.unwrap(), b"");
    blobs.copy(&key(name), &key("c/r/b.txt")).await.unwrap();
    assert_eq!(blobs.metadata(&key("c/r/b.txt")).await.unwrap().properties, properties("图 1/2.txt"));
    blobs.delete(&key(name)).await.unwrap();
    assert!(matches!(blobs.metadata(&key(name)).await, Err(Error::NotFound)));
    assert!(matches!(read(blobs, name, 0..10).await, Err(Error::NotFound)));
    assert!(matches!(blobs.copy(&key(name), &key("x")).await, Err(Error::NotFound)));
    blobs.delete(&key(name)).await.unwrap();
    blobs.delete(&key("c/r/b.txt")).await.unwrap();
}

/// A file of this size, in MiB, comes back as it was.
pub(crate) async fn a_large_file_comes_back(blobs: &Arc<dyn Blobs>, mebibytes: u32, known: &Properties) {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = Scratch::new(folder.path()).spool(0);
    let bytes: Vec<u8> = (0..mebibytes << 20).map(|position: u32| (position / 7) as u8).collect();
    spool.write(&bytes).await.unwrap();
    blobs.put(&key("large"), &spool.finish().await.unwrap(), &properties("x")).await.unwrap();
    let found = blobs.metadata(&key("large")).await.unwrap();
    assert_eq!((found.size, &found.properties), (bytes.len() as u64, known));
    assert!(read(blobs, "large", 0..found.size).await.unwrap() == bytes);
    blobs.delete(&key("large")).await.unwrap();
}

/// What begins alike is listed, in its order and with its sizes, and removed.
pub(crate) async fn prefixes_are_listed_and_removed(blobs: &Arc<dyn Blobs>) {
    for name in ["c/r/a.png", "c/r/thumbs_a.png/1x1_a.png", "c/r2/b", "d/a../b", "d/x\u{1}y", "empty"] {
        let content = if name == "empty" { Content::from(Vec::new()) } else { Content::from(&b"xy"[..]) };
        blobs.put(&key(name), &content, &properties("n")).await.unwrap();
    }
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
