use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Error, LEFT_OUT, Result};

/// Where a swap is prepared: in the data directory, so that moving is renaming.
pub(crate) const FOLDER: &str = ".baibase_restore";

/// What says that a swap has begun, and what it moves.
const JOURNAL: &str = "swap.json";

/// New content for a data directory that waits for its time, or has come.
///
/// While it is under way a file says so. Should the program end in the middle, [`recover`] undoes it.
#[derive(Debug)]
pub struct Swap {
    root: PathBuf,
}

/// The names in the data directory that are moved away, and those that come.
#[derive(Debug, Serialize, Deserialize)]
struct Journal {
    old: Vec<String>,
    new: Vec<String>,
}

/// Undoes a swap that was interrupted, and removes one that was never begun; `true` when something was undone. Nobody
/// may use the data directory meanwhile.
///
/// # Errors
/// When something cannot be moved; it can be tried again.
pub fn recover(root: &Path) -> Result<bool> {
    let swap = Swap { root: root.to_owned() };
    if !swap.folder().exists() {
        return Ok(false);
    }
    let was_begun = swap.journal()?.is_some();
    swap.revert()?;
    swap.discard()?;
    Ok(was_begun)
}

impl Swap {
    /// A swap in this data directory, for which nothing is there yet.
    ///
    /// # Errors
    /// When its folder cannot be made, or what an earlier one left behind cannot be removed.
    pub fn prepare(root: &Path) -> Result<Self> {
        recover(root)?;
        let swap = Self { root: root.to_owned() };
        fs::create_dir(swap.folder()).map_err(Error::disk(&swap.folder()))?;
        Ok(swap)
    }

    /// Where the new content belongs: a folder that is not there yet.
    pub fn content(&self) -> PathBuf {
        self.folder().join("new")
    }

    /// Moves what is there away and the new content in. Nobody may use the data directory meanwhile.
    ///
    /// # Errors
    /// When something cannot be moved; then everything is where it was, unless that fails as well: then [`recover`]
    /// can be tried.
    pub fn exchange(&self) -> Result<()> {
        let journal = Journal { old: names(&self.root)?, new: names(&self.content())? };
        fs::create_dir(self.old()).map_err(Error::disk(&self.old()))?;
        self.write(&journal)?;
        let moved = (|| {
            for name in &journal.old {
                rename(&self.root.join(name), &self.old().join(name))?;
            }
            for name in &journal.new {
                rename(&self.content().join(name), &self.root.join(name))?;
            }
            sync(&self.root)
        })();
        if moved.is_err() {
            self.revert()?;
        }
        moved
    }

    /// Moves everything to where it was before [`Self::exchange`]; nothing happens where nothing was moved.
    ///
    /// # Errors
    /// When something cannot be moved; it can be tried again.
    pub fn revert(&self) -> Result<()> {
        let Some(journal) = self.journal()? else { return Ok(()) };
        for name in &journal.new {
            let (here, there) = (self.root.join(name), self.content().join(name));
            if !exists(&there) && exists(&here) {
                rename(&here, &there)?;
            }
        }
        for name in &journal.old {
            let (here, there) = (self.root.join(name), self.old().join(name));
            if exists(&there) {
                rename(&there, &here)?;
            }
        }
        sync(&self.root)?;
        self.forget()
    }

    /// The new content stays: what was there before is removed.
    ///
    /// # Errors
    /// When it cannot be said that the swap is over: then [`recover`] would undo it.
    pub fn finish(self) -> Result<()> {
        self.forget()?;
        if let Err(error) = self.discard() {
            tracing::warn!(%error, "what was there before a restore could not be removed");
        }
        Ok(())
    }

    /// Removes the folder with all that is in it.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(&self) -> Result<()> {
        match fs::remove_dir_all(self.folder()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result.map_err(Error::disk(&self.folder())),
        }
    }

    fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    fn old(&self) -> PathBuf {
        self.folder().join("old")
    }

    fn journal(&self) -> Result<Option<Journal>> {
        let path = self.folder().join(JOURNAL);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(Error::disk(&path))?,
        };
        serde_json::from_slice(&text).map(Some).map_err(|error| Error::disk(&path)(error.into()))
    }

    /// Writes the journal; it is there as a whole or not at all.
    fn write(&self, journal: &Journal) -> Result<()> {
        let (draft, path) = (self.folder().join("draft.json"), self.folder().join(JOURNAL));
        let write = || {
            serde_json::to_writer(File::create(&draft)?, journal)?;
            File::open(&draft)?.sync_all()
        };
        write().map_err(Error::disk(&draft))?;
        rename(&draft, &path)?;
        sync(&self.folder())
    }

    fn forget(&self) -> Result<()> {
        let path = self.folder().join(JOURNAL);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            result => result.map_err(Error::disk(&path))?,
        }
        sync(&self.folder())
    }
}

/// What is moved of a folder: all that archives hold.
fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::disk(folder))? {
        let name = entry.map_err(Error::disk(folder))?.file_name();
        names.extend(name.to_str().filter(|name| !LEFT_OUT.contains(name)).map(str::to_owned));
    }
    Ok(names)
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(Error::disk(from))
}

fn sync(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::disk(folder))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A data directory with old content, and new content that waits.
    fn prepared() -> (tempfile::TempDir, Swap) {
        let temp = tempfile::tempdir().unwrap();
        for (name, text) in
            [("data.db", "old"), ("only_old", "old"), ("backups/b", "kept"), ("storage/a", "old")]
        {
            write(&temp.path().join(name), text);
        }
        let swap = Swap::prepare(temp.path()).unwrap();
        for name in ["data.db", "only_new", "storage/b"] {
            write(&swap.content().join(name), "new");
        }
        (temp, swap)
    }

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn content(root: &Path) -> Vec<String> {
        let (mut folders, mut found) = (vec![root.to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(root).unwrap().display().to_string();
                    found.push(format!("{name}={}", fs::read_to_string(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }

    const OLD: [&str; 4] = ["backups/b=kept", "data.db=old", "only_old=old", "storage/a=old"];
    const NEW: [&str; 4] = ["backups/b=kept", "data.db=new", "only_new=new", "storage/b=new"];

    #[test]
    fn new_content_comes_and_old_content_goes() {
        let (temp, swap) = prepared();
        swap.exchange().unwrap();
        swap.finish().unwrap();
        assert_eq!(content(temp.path()), NEW);
        assert!(!recover(temp.path()).unwrap());
    }

    #[test]
    fn a_swap_can_be_undone() {
        let (temp, swap) = prepared();
        swap.exchange().unwrap();
        swap.revert().unwrap();
        swap.discard().unwrap();
        assert_eq!(content(temp.path()), OLD);
    }

    #[test]
    fn a_swap_that_was_never_begun_is_removed() {
        let (temp, _) = prepared();
        assert!(!recover(temp.path()).unwrap());
        assert_eq!(content(temp.path()), OLD);
    }

    /// Ends a swap after each of its moves, and the undoing of it after each of its own.
    #[test]
    fn wherever_it_is_interrupted_everything_is_as_before() {
        for moves in 0..=6 {
            let (temp, swap) = prepared();
            let journal = Journal { old: names(&swap.root).unwrap(), new: names(&swap.content()).unwrap() };
            fs::create_dir(swap.old()).unwrap();
            swap.write(&journal).unwrap();
            let out = journal.old.iter().map(|name| (swap.root.join(name), swap.old().join(name)));
            let in_ = journal.new.iter().map(|name| (swap.content().join(name), swap.root.join(name)));
            for (from, to) in out.chain(in_).take(moves) {
                rename(&from, &to).unwrap();
            }
            assert!(recover(temp.path()).unwrap());
            assert_eq!(content(temp.path()), OLD, "after {moves} moves");
            assert!(!recover(temp.path()).unwrap());
        }
    }

    #[test]
    fn what_cannot_be_moved_in_moves_nothing() {
        let (temp, swap) = prepared();
        fs::remove_dir_all(swap.content()).unwrap();
        assert!(swap.exchange().is_err());
        swap.discard().unwrap();
        assert_eq!(content(temp.path()), OLD);
    }
}
