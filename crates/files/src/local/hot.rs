//! Files that were sent a moment ago, in memory.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use bytes::Bytes;
use hashlink::LruCache;
use parking_lot::Mutex;

use crate::Metadata;

/// The largest file that is kept, in bytes.
pub(super) const LARGEST: u64 = 1024 * 1024;
/// How much all of them may take, in bytes.
const CAPACITY: usize = 8 * 1024 * 1024;
/// What a file takes beside its bytes: its path, its properties and its places in the tables.
const OVERHEAD: usize = 1024;

/// The least recently used files leave first. A file is believed for as long as the directory says that it is the same
/// one: whoever replaces or removes it, also another program, need not tell.
#[derive(Debug)]
pub(super) struct Hot(Mutex<Files>);

#[derive(Debug)]
struct Files {
    by_path: LruCache<PathBuf, Arc<HotFile>>,
    /// What they take together.
    weight: usize,
}

/// A file as it was read.
#[derive(Debug)]
pub(super) struct HotFile {
    pub(super) metadata: Metadata,
    pub(super) bytes: Bytes,
    pub(super) identity: Identity,
}

/// What changes when a file is written or replaced.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Identity {
    size: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and the time of the last change of any kind, which nobody can set.
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl Identity {
    pub(super) fn of(file: &fs::Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            size: file.len(),
            modified: file.modified().ok(),
            #[cfg(unix)]
            inode: (file.dev(), file.ino(), file.ctime(), file.ctime_nsec()),
        }
    }
}

impl HotFile {
    fn weight(&self) -> usize {
        self.bytes.len().saturating_add(OVERHEAD)
    }
}

impl Default for Hot {
    fn default() -> Self {
        Self(Mutex::new(Files { by_path: LruCache::new_unbounded(), weight: 0 }))
    }
}

impl Hot {
    /// The file at this path, if it is here and still the one on the disk. Asking the disk for that waits for nothing
    /// but the tables of directories, which the system has in memory for files that were just read.
    pub(super) fn get(&self, path: &Path) -> Option<Arc<HotFile>> {
        let found = Arc::clone(self.0.lock().by_path.get(path)?);
        let is_same =
            fs::metadata(path).is_ok_and(|now| now.is_file() && Identity::of(&now) == found.identity);
        if !is_same {
            self.forget(path);
        }
        is_same.then_some(found)
    }

    /// Keeps a file, in place of what was known under its path.
    pub(super) fn keep(&self, path: PathBuf, file: HotFile) {
        let mut files = self.0.lock();
        files.weight = files.weight.saturating_add(file.weight());
        let before = files.by_path.insert(path, Arc::new(file));
        files.weight -= before.map_or(0, |before| before.weight());
        while files.weight > CAPACITY {
            let Some((_, oldest)) = files.by_path.remove_lru() else { break };
            files.weight -= oldest.weight();
        }
    }

    /// Gives up what is known of a path.
    pub(super) fn forget(&self, path: &Path) {
        let mut files = self.0.lock();
        if let Some(file) = files.by_path.remove(path) {
            files.weight -= file.weight();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Properties;

    fn read(path: &Path) -> HotFile {
        let file = fs::metadata(path).unwrap();
        let metadata = Metadata {
            size: file.len(),
            modified: file.modified().unwrap(),
            properties: Properties::default(),
            md5: None,
        };
        HotFile { metadata, bytes: fs::read(path).unwrap().into(), identity: Identity::of(&file) }
    }

    #[test]
    fn a_file_that_others_replace_or_remove_is_not_believed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let hot = Hot::default();
        fs::write(&path, "old").unwrap();
        hot.keep(path.clone(), read(&path));
        assert_eq!(hot.get(&path).unwrap().bytes, "old");
        // The same size and the same time.
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(directory.path().join("b"), "new").unwrap();
        fs::File::options()
            .write(true)
            .open(directory.path().join("b"))
            .unwrap()
            .set_modified(modified)
            .unwrap();
        fs::rename(directory.path().join("b"), &path).unwrap();
        assert!(hot.get(&path).is_none());
        assert_eq!(hot.0.lock().weight, 0);
        hot.keep(path.clone(), read(&path));
        assert_eq!(hot.get(&path).unwrap().bytes, "new");
        fs::remove_file(&path).unwrap();
        assert!(hot.get(&path).is_none());
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let directory = tempfile::tempdir().unwrap();
        let hot = Hot::default();
        let path = |number: usize| directory.path().join(number.to_string());
        let size = 1024 * 1024 - OVERHEAD;
        for number in 0..9 {
            fs::write(path(number), vec![0; size]).unwrap();
            hot.keep(path(number), read(&path(number)));
            hot.keep(path(number), read(&path(number)));
            assert!(hot.get(&path(0)).is_some(), "it was used just now");
        }
        assert!(hot.get(&path(1)).is_none());
        assert!((2..9).all(|number| hot.get(&path(number)).is_some()));
        assert_eq!(hot.0.lock().weight, CAPACITY);
    }
}
