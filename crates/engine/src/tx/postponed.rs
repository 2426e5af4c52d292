//! Files that are of no use any more, but are still needed for a moment.

use files::Blobs;
use parking_lot::Mutex;

use super::files::Obsolete;
use crate::Engine;

/// Holds back the removal of files while an archive is being made: it shows the records of the moment when it was
/// begun, and their files are read later.
///
/// A removal that had begun before does no harm: its transaction was over, so the archive does not know the files.
#[derive(Default)]
pub(crate) struct Postponed(Mutex<State>);

#[derive(Default)]
struct State {
    is_on: bool,
    files: Vec<Obsolete>,
}

impl Postponed {
    /// From now on nothing is removed.
    pub(crate) fn begin(&self) {
        self.0.lock().is_on = true;
    }

    /// Removes what was held back, and holds nothing back any more.
    pub(crate) async fn end(&self, blobs: &dyn Blobs) {
        let files = {
            let mut state = self.0.lock();
            state.is_on = false;
            std::mem::take(&mut state.files)
        };
        for files in files {
            files.remove_or_tell(blobs).await;
        }
    }

    /// Removes files, now or later.
    async fn remove(&self, files: Obsolete, blobs: &dyn Blobs) {
        if !self.is_on() {
            return files.remove_or_tell(blobs).await;
        }
        // What others put into the same place later must stay.
        let files = files.by_name(blobs).await;
        if let Some(files) = self.hold(files) {
            files.remove_or_tell(blobs).await;
        }
    }

    fn is_on(&self) -> bool {
        self.0.lock().is_on
    }

    /// Gives the files back when nothing is held back any more.
    fn hold(&self, files: Obsolete) -> Option<Obsolete> {
        let mut state = self.0.lock();
        if !state.is_on {
            return Some(files);
        }
        state.files.push(files);
        None
    }
}

impl Engine {
    /// Removes files that are of no use any more, at the latest when the archive that is being made is complete.
    pub(super) async fn remove_obsolete(&self, files: Obsolete) {
        match self.backups() {
            Ok(backups) => backups.postponed().remove(files, &**self.blobs()).await,
            Err(_) => files.remove_or_tell(&**self.blobs()).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use files::{Content, Key, LocalDisk, Prefix, Properties};

    use super::*;

    #[tokio::test]
    async fn files_stay_while_an_archive_is_made_and_newer_ones_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let disk = LocalDisk::open(folder.path()).unwrap();
        let put = async |name: &str| {
            let content = Content::from(&b"x"[..]);
            disk.put(&Key::parse(name).unwrap(), &content, &Properties::default()).await.unwrap();
        };
        let names = async || {
            let entries = disk.list(&Prefix::parse("").unwrap()).await.unwrap();
            entries.iter().map(|entry| entry.key.to_string()).collect::<Vec<_>>()
        };
        let all = || Obsolete::All(Prefix::parse("c/").unwrap());
        let postponed = Postponed::default();
        put("c/r/a").await;
        put("c/r/thumbs_a/1x1_a").await;
        postponed.begin();
        postponed.remove(all(), &disk).await;
        put("c/r/b").await;
        assert_eq!(names().await.len(), 3);
        postponed.end(&disk).await;
        assert_eq!(names().await, ["c/r/b"]);
        postponed.remove(all(), &disk).await;
        assert_eq!(names().await, [""; 0]);
    }
}
