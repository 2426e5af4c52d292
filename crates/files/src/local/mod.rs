mod hot;
mod sidecar;
#[cfg(test)]
mod tests;
mod walk;
mod write;

use std::{
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use self::hot::{Hot, HotFile, Identity};
use crate::disk::{blocking, read_up_to};
use crate::{
    Blobs, ByteStream, Content, Entry, Error, Key, Metadata, Prefix, Properties, Result, escape,
    key::SIDECAR, read_file,
};

/// Files in a directory, in PocketBase's layout: each key is a path below it, and beside each file `name` its
/// properties are in `name.attrs`.
#[derive(Debug, Clone)]
pub struct LocalDisk {
    root: Arc<Path>,
    hot: Arc<Hot>,
}

impl LocalDisk {
    /// Uses this directory, and creates it when it is not there.
    ///
    /// # Errors
    /// When it cannot be created. Blocks for that moment.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        fs::create_dir_all(&root)?;
        Ok(Self { root: root.canonicalize()?.into(), hot: Arc::default() })
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.root.join(escape::escape(key.as_str()))
    }

    /// The directory that holds what a prefix means, and what the names in it start with.
    fn split(&self, prefix: &Prefix) -> (PathBuf, String) {
        let (directory, name) = prefix.split();
        (
            directory.map_or_else(|| self.root.to_path_buf(), |path| self.root.join(escape::escape(path))),
            name.into(),
        )
    }
}

#[async_trait]
impl Blobs for LocalDisk {
    async fn put(&self, key: &Key, content: &Content, properties: &Properties) -> Result<()> {
        let (root, path) = (self.root.clone(), self.path(key));
        let (content, properties) = (content.clone(), properties.clone());
        self.hot.forget(&path);
        blocking(move || Ok(write::write(&root, &path, content.reader()?, &properties)?)).await
    }

    async fn metadata(&self, key: &Key) -> Result<Metadata> {
        let path = self.path(key);
        if let Some(file) = self.hot.get(&path) {
            return Ok(file.metadata.clone());
        }
        blocking(move || metadata(&path, &fs::metadata(&path)?)).await
    }

    async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream> {
        let path = self.path(key);
        if let Some(file) = self.hot.get(&path) {
            return Ok(whole(part(&file.bytes, &range)));
        }
        // Who asks for a part will hardly ask for all of it.
        if range.start > 0 || range.end > hot::LARGEST {
            return read_file(&path, range).await;
        }
        let hot = Arc::clone(&self.hot);
        blocking(move || Ok(whole(part(&read_hot(path, &hot, range.end)?, &range)))).await
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        let (root, path) = (self.root.clone(), self.path(key));
        self.hot.forget(&path);
        blocking(move || {
            if !fs::symlink_metadata(&path)?.is_file() {
                return Err(Error::NotFound);
            }
            walk::remove(vec![path.clone(), sidecar_path(&path)])?;
            walk::prune(&root, path.parent().unwrap_or(&root));
            Ok(())
        })
        .await
    }

    async fn delete_prefix(&self, prefix: &Prefix) -> Result<()> {
        if prefix.as_str().is_empty() {
            return Err(Error::InvalidKey(String::new()));
        }
        let root = self.root.clone();
        let (directory, name) = self.split(prefix);
        blocking(move || {
            walk::remove(walk::entries(&directory, &name)?)?;
            walk::prune(&root, &directory);
            Ok(())
        })
        .await
    }

    async fn list(&self, prefix: &Prefix) -> Result<Vec<Entry>> {
        let root = self.root.clone();
        let (directory, name) = self.split(prefix);
        blocking(move || {
            let mut found = Vec::new();
            walk::list(&root, walk::entries(&directory, &name)?, &mut found)?;
            found.sort_by(|a, b| a.key.cmp(&b.key));
            Ok(found)
        })
        .await
    }

    async fn copy(&self, from: &Key, to: &Key) -> Result<()> {
        let (root, from, to) = (self.root.clone(), self.path(from), self.path(to));
        blocking(move || {
            let (properties, _) = sidecar::read(&sidecar_path(&from))?;
            let source = fs::File::open(&from)?;
            if !source.metadata()?.is_file() {
                return Err(Error::NotFound);
            }
            Ok(write::write(&root, &to, Box::new(source), &properties)?)
        })
        .await
    }
}

fn sidecar_path(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(SIDECAR);
    path.into()
}

/// What is known of a file that the system describes like this.
fn metadata(path: &Path, file: &fs::Metadata) -> Result<Metadata> {
    if !file.is_file() {
        return Err(Error::NotFound);
    }
    let (properties, md5) = sidecar::read(&sidecar_path(path))?;
    Ok(Metadata { size: file.len(), modified: file.modified()?, properties, md5 })
}

/// The first bytes of a file, at most this many. If those are all, it is kept at hand.
fn read_hot(path: PathBuf, hot: &Hot, length: u64) -> Result<Bytes> {
    let mut file = fs::File::open(&path)?;
    let found = file.metadata()?;
    // The properties are written before the file: those of another one come with another identity.
    let metadata = metadata(&path, &found)?;
    let bytes = read_up_to(&mut file, length.min(found.len()))?;
    if bytes.len() as u64 == found.len() {
        hot.keep(path, HotFile { metadata, bytes: bytes.clone(), identity: Identity::of(&found) });
    }
    Ok(bytes)
}

/// The bytes in a range, as far as they are there.
fn part(bytes: &Bytes, range: &Range<u64>) -> Bytes {
    let position = |at: u64| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
    let (start, end) = (position(range.start), position(range.end));
    bytes.slice(start..end.max(start))
}

/// Bytes in one piece.
fn whole(bytes: Bytes) -> ByteStream {
    stream::iter((!bytes.is_empty()).then_some(Ok(bytes))).boxed()
}
