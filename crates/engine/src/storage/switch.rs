use std::io;
use std::ops::Range;
use std::sync::Arc;

use arc_swap::ArcSwap;
use async_trait::async_trait;
use files::{
    Blobs, ByteStream, Content, Entry, Error, Key, Metadata, ObjectStores, Prefix, Properties, Result,
    S3Bucket,
};

/// A store of files that can be another one from one moment to the next. What is under way goes on where it began.
pub(super) struct Switch {
    home: Arc<dyn Blobs>,
    current: ArcSwap<Current>,
}

struct Current {
    /// `None` for the home.
    bucket: Option<S3Bucket>,
    /// `None` when there is no such bucket.
    blobs: Option<Arc<dyn Blobs>>,
}

impl Switch {
    pub(super) fn new(home: Arc<dyn Blobs>) -> Self {
        let current = Current { bucket: None, blobs: Some(Arc::clone(&home)) };
        Self { home, current: ArcSwap::from_pointee(current) }
    }

    /// Uses this bucket, or the home without one. Nothing happens when it is in use already.
    pub(super) fn turn(&self, bucket: Option<S3Bucket>, stores: Option<&dyn ObjectStores>) {
        if self.current.load().bucket == bucket {
            return;
        }
        let blobs = match &bucket {
            None => Some(Arc::clone(&self.home)),
            Some(wanted) => match stores.map(|stores| stores.s3(wanted)) {
                Some(Ok(blobs)) => Some(blobs),
                Some(Err(error)) => {
                    tracing::error!(?wanted, %error, "the settings of S3 make no bucket");
                    None
                }
                None => None,
            },
        };
        self.current.store(Arc::new(Current { bucket, blobs }));
    }

    fn blobs(&self) -> Result<Arc<dyn Blobs>> {
        let current = self.current.load();
        let unusable = || Error::Io(io::Error::other("the settings of S3 make no bucket"));
        current.blobs.clone().ok_or_else(unusable)
    }
}

#[async_trait]
impl Blobs for Switch {
    async fn put(&self, key: &Key, content: &Content, properties: &Properties) -> Result<()> {
        self.blobs()?.put(key, content, properties).await
    }

    async fn metadata(&self, key: &Key) -> Result<Metadata> {
        self.blobs()?.metadata(key).await
    }

    async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream> {
        self.blobs()?.read(key, range).await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        self.blobs()?.delete(key).await
    }

    async fn delete_prefix(&self, prefix: &Prefix) -> Result<()> {
        self.blobs()?.delete_prefix(prefix).await
    }

    async fn list(&self, prefix: &Prefix) -> Result<Vec<Entry>> {
        self.blobs()?.list(prefix).await
    }

    async fn copy(&self, from: &Key, to: &Key) -> Result<()> {
        self.blobs()?.copy(from, to).await
    }
}

#[cfg(test)]
mod tests {
    use files::LocalDisk;

    use super::*;

    /// Buckets that are folders of their names below one.
    struct Folders(std::path::PathBuf);

    impl ObjectStores for Folders {
        fn s3(&self, bucket: &S3Bucket) -> Result<Arc<dyn Blobs>> {
            Ok(Arc::new(LocalDisk::open(self.0.join(&bucket.bucket))?))
        }
    }

    #[tokio::test]
    async fn files_go_where_the_settings_say() {
        let folder = tempfile::tempdir().unwrap();
        let switch = Switch::new(Arc::new(LocalDisk::open(folder.path().join("home")).unwrap()));
        let stores = Folders(folder.path().to_owned());
        let key = Key::parse("a/b").unwrap();
        let put = async |text: &'static str| {
            switch.put(&key, &Content::from(text.as_bytes()), &Properties::default()).await
        };
        put("1").await.unwrap();
        let bucket = |name: &str| Some(S3Bucket { bucket: name.into(), ..S3Bucket::default() });
        switch.turn(bucket("x"), Some(&stores));
        assert!(matches!(switch.metadata(&key).await, Err(Error::NotFound)));
        put("22").await.unwrap();
        switch.turn(bucket("y"), None);
        assert!(matches!(put("333").await, Err(Error::Io(_))), "no bucket, no place");
        switch.turn(None, Some(&stores));
        assert_eq!(switch.metadata(&key).await.unwrap().size, 1);
        switch.turn(bucket("x"), Some(&stores));
        assert_eq!(switch.metadata(&key).await.unwrap().size, 2);
    }
}
