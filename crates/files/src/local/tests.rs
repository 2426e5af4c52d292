use std::{fs, path::Path};

use futures_util::TryStreamExt;

use super::*;

struct Disk {
    directory: tempfile::TempDir,
    blobs: Box<dyn Blobs>,
}

impl Disk {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Box::new(LocalDisk::open(directory.path().join("storage")).unwrap());
        Self { directory, blobs }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join("storage").join(path)
    }

    async fn put(&self, text: &str, content: &'static str) {
        let properties =
            Properties { content_type: "text/plain".into(), original_name: Some("o.txt".into()) };
        self.blobs.put(&key(text), &content.into(), &properties).await.unwrap();
    }

    async fn read(&self, text: &str, range: Range<u64>) -> Result<String> {
        let chunks: Vec<_> = self.blobs.read(&key(text), range).await?.try_collect().await.unwrap();
        Ok(String::from_utf8(chunks.concat()).unwrap())
    }

    async fn keys(&self, text: &str) -> Vec<String> {
        let entries = self.blobs.list(&prefix(text)).await.unwrap();
        entries.into_iter().map(|entry| entry.key.to_string()).collect()
    }
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn prefix(text: &str) -> Prefix {
    Prefix::parse(text).unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_file_is_kept_with_its_properties() {
    let disk = Disk::new();
    disk.put("c/r/a.txt", "hello").await;
    let metadata = disk.blobs.metadata(&key("c/r/a.txt")).await.unwrap();
    assert_eq!(metadata.size, 5);
    assert_eq!(metadata.properties.content_type, "text/plain");
    assert_eq!(metadata.properties.original_name.as_deref(), Some("o.txt"));
    // md5("hello")
    assert_eq!(metadata.md5.unwrap()[..4], [0x5d, 0x41, 0x40, 0x2a]);
    assert_eq!(names(&disk.path("c/r")), ["a.txt", "a.txt.attrs"]);

    disk.put("c/r/a.txt", "again").await;
    assert_eq!(disk.read("c/r/a.txt", 0..9).await.unwrap(), "again");
    assert_eq!(names(&disk.path("c/r")), ["a.txt", "a.txt.attrs"], "nothing temporary remains");
}

#[tokio::test]
async fn ranges_are_read() {
    let disk = Disk::new();
    disk.put("a", "0123456789").await;
    for (range, expected) in [(0..10, "0123456789"), (3..5, "34"), (8..99, "89"), (10..20, ""), (50..60, "")]
    {
        assert_eq!(disk.read("a", range.clone()).await.unwrap(), expected, "{range:?}");
    }
}

#[tokio::test]
async fn a_spilled_content_is_written() {
    let disk = Disk::new();
    let mut spool = crate::Scratch::new(disk.directory.path().join("scratch")).spool(10);
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    spool.write(&bytes).await.unwrap();
    let content = spool.finish().await.unwrap();
    disk.blobs.put(&key("big"), &content, &Properties::default()).await.unwrap();
    assert_eq!(fs::read(disk.path("big")).unwrap(), bytes);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let disk = Disk::new();
    disk.put("c/file", "x").await;
    let long = "x".repeat(300);
    for text in ["b", "c", "c/other", "c/file/below", &long] {
        let key = key(text);
        assert!(matches!(disk.blobs.metadata(&key).await, Err(Error::NotFound)), "{text}");
        assert!(matches!(disk.blobs.read(&key, 0..1).await, Err(Error::NotFound)), "{text}");
        assert!(matches!(disk.blobs.delete(&key).await, Err(Error::NotFound)), "{text}");
        assert!(
            matches!(disk.blobs.copy(&key, &Key::parse("d").unwrap()).await, Err(Error::NotFound)),
            "{text}"
        );
    }
    assert_eq!(disk.keys("").await, ["c/file"]);
}

#[tokio::test]
async fn deleting_leaves_no_empty_directories() {
    let disk = Disk::new();
    disk.put("c/r/a.txt", "x").await;
    disk.put("c/s/b.txt", "x").await;
    disk.blobs.delete(&key("c/r/a.txt")).await.unwrap();
    assert_eq!(names(&disk.path("c")), ["s"]);
    disk.blobs.delete(&key("c/s/b.txt")).await.unwrap();
    assert!(names(&disk.path("")).is_empty());
}

#[tokio::test]
async fn a_prefix_is_deleted_with_sidecars_and_thumbs() {
    let disk = Disk::new();
    for text in ["c/r/a.png", "c/r/thumbs_a.png/1x1_a.png", "c/r/ab.png", "c/r2/a.png", "d"] {
        disk.put(text, "x").await;
    }
    disk.blobs.delete_prefix(&prefix("c/r/a.")).await.unwrap();
    assert_eq!(names(&disk.path("c/r")), ["ab.png", "ab.png.attrs", "thumbs_a.png"]);
    // The start of a sidecar's name is no prefix of a key.
    disk.blobs.delete_prefix(&prefix("c/r/ab.png.a")).await.unwrap();
    assert_eq!(names(&disk.path("c/r")), ["ab.png", "ab.png.attrs", "thumbs_a.png"]);
    disk.blobs.delete_prefix(&prefix("c/r/")).await.unwrap();
    assert_eq!(disk.keys("").await, ["c/r2/a.png", "d"]);
    assert!(!disk.path("c/r").exists());
    disk.blobs.delete_prefix(&prefix("nothing/here/")).await.unwrap();
    assert!(matches!(disk.blobs.delete_prefix(&prefix("")).await, Err(Error::InvalidKey(_))));
}

#[tokio::test]
async fn files_are_listed_by_prefix() {
    let disk = Disk::new();
    for text in ["b/2.txt", "b/1.txt", "b/x/3.txt", "bc/4.txt", "a../odd\n"] {
        disk.put(text, "xyz").await;
    }
    fs::write(disk.path("b/.pending-123"), "half").unwrap();
    assert_eq!(disk.keys("b/").await, ["b/1.txt", "b/2.txt", "b/x/3.txt"]);
    assert_eq!(disk.keys("b").await, ["b/1.txt", "b/2.txt", "b/x/3.txt", "bc/4.txt"]);
    assert_eq!(disk.keys("b/1").await, ["b/1.txt"]);
    assert_eq!(disk.keys("").await.first().unwrap(), "a../odd\n");
    assert_eq!(disk.keys("none/").await.len(), 0);
    assert_eq!(disk.blobs.list(&prefix("b/1")).await.unwrap()[0].size, 3);
}

#[tokio::test]
async fn a_copy_keeps_the_properties() {
    let disk = Disk::new();
    disk.put("a", "x").await;
    disk.blobs.copy(&key("a"), &key("new/b")).await.unwrap();
    let (a, b) =
        (disk.blobs.metadata(&key("a")).await.unwrap(), disk.blobs.metadata(&key("new/b")).await.unwrap());
    assert_eq!((a.properties, a.md5, a.size), (b.properties, b.md5, b.size));
}

#[tokio::test]
async fn a_write_that_fails_leaves_nothing_behind() {
    let disk = Disk::new();
    disk.put("c/r/a", "x").await;
    // A directory is in the way of the first, a file in the way of the second.
    for text in ["c/r", "c/r/a/b"] {
        assert!(disk.blobs.put(&key(text), &"y".into(), &Properties::default()).await.is_err(), "{text}");
    }
    assert_eq!(names(&disk.path("c")), ["r"]);
    assert_eq!(names(&disk.path("c/r")), ["a", "a.attrs"]);
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed_in_circles() {
    let disk = Disk::new();
    disk.put("c/a", "x").await;
    std::os::unix::fs::symlink(disk.path(""), disk.path("c/loop")).unwrap();
    assert_eq!(disk.keys("").await, ["c/a"]);
    disk.blobs.delete_prefix(&prefix("c/")).await.unwrap();
    assert!(disk.path("").exists());
}

#[tokio::test]
async fn writers_and_removers_of_one_directory_do_not_fail() {
    let disk = Disk::new();
    let work = (0..40).map(|n| {
        let disk = &disk;
        async move {
            let key = key(&format!("c/r/{n}"));
            disk.blobs.put(&key, &"x".into(), &Properties::default()).await.unwrap();
            disk.blobs.delete(&key).await.unwrap();
        }
    });
    futures_util::future::join_all(work).await;
    assert!(disk.keys("").await.is_empty());
}

#[tokio::test]
async fn a_file_that_was_read_is_answered_from_memory_until_it_changes() {
    let disk = Disk::new();
    disk.put("c/r/a.txt", "hello").await;
    for _ in 0..2 {
        assert_eq!(disk.read("c/r/a.txt", 0..5).await.unwrap(), "hello");
        assert_eq!(disk.read("c/r/a.txt", 1..3).await.unwrap(), "el");
        assert_eq!(disk.read("c/r/a.txt", 3..9).await.unwrap(), "lo");
        assert_eq!(disk.read("c/r/a.txt", 7..9).await.unwrap(), "");
        let metadata = disk.blobs.metadata(&key("c/r/a.txt")).await.unwrap();
        assert_eq!((metadata.size, metadata.properties.content_type.as_str()), (5, "text/plain"));
    }
    disk.put("c/r/a.txt", "again").await;
    assert_eq!(disk.read("c/r/a.txt", 0..5).await.unwrap(), "again");
    disk.put("c/r/b.txt", "other").await;
    disk.blobs.copy(&key("c/r/b.txt"), &key("c/r/a.txt")).await.unwrap();
    assert_eq!(disk.read("c/r/a.txt", 0..5).await.unwrap(), "other");
    disk.blobs.delete(&key("c/r/a.txt")).await.unwrap();
    assert!(matches!(disk.read("c/r/a.txt", 0..5).await, Err(Error::NotFound)));
    assert_eq!(disk.read("c/r/b.txt", 0..5).await.unwrap(), "other");
    disk.blobs.delete_prefix(&prefix("c/")).await.unwrap();
    assert!(matches!(disk.read("c/r/b.txt", 0..5).await, Err(Error::NotFound)));
    assert!(matches!(disk.blobs.metadata(&key("c/r/b.txt")).await, Err(Error::NotFound)));
}
