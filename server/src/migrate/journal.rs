use ambient::{Clock, SystemClock};
use async_trait::async_trait;
use engine::{Cause, Journal, Snapshot};
use parking_lot::Mutex;

use super::snapshots::Folder;
use crate::error::Error;

/// How far ahead of the time a name can be, in seconds: changes may come faster than one a second.
const AHEAD: i64 = 60 * 60;

/// Writes changes of collections to the folder of the snapshots.
pub(super) struct FolderJournal {
    folder: Folder,
    /// The time in the last name.
    last: Mutex<i64>,
}

impl FolderJournal {
    pub(super) fn open(folder: Folder) -> Result<Self, Error> {
        let until = SystemClock.now().as_second().saturating_add(AHEAD);
        let names = folder.names()?;
        let times = names.iter().filter_map(|name| name.split_once('_')?.0.parse::<i64>().ok());
        let last = times.filter(|&time| time <= until).max().unwrap_or_default();
        Ok(Self { folder, last: Mutex::new(last) })
    }
}

#[async_trait]
impl Journal for FolderJournal {
    fn name(&self, about: &str) -> String {
        let mut last = self.last.lock();
        *last = SystemClock.now().as_second().max(last.saturating_add(1));
        format!("{last}_{about}.json")
    }

    async fn write(&self, name: &str, snapshot: &Snapshot) -> Result<(), Cause> {
        let (folder, name, snapshot) = (self.folder.clone(), name.to_owned(), snapshot.clone());
        tokio::task::spawn_blocking(move || folder.create(&name, &snapshot)).await??;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_changes() {
        let temp = tempfile::tempdir().unwrap();
        let folder = Folder::at(temp.path());
        let now = SystemClock.now().as_second();
        folder.create(&format!("{}_updated_a.json", now + 100), &[0; 0]).unwrap();
        folder.create("999999999999_by_hand.json", &[0; 0]).unwrap();
        let journal = FolderJournal::open(folder).unwrap();
        assert_eq!(journal.name("updated_a"), format!("{}_updated_a.json", now + 101));
        assert_eq!(journal.name("deleted_a"), format!("{}_deleted_a.json", now + 102));
    }
}
