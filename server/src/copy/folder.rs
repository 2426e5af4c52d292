use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::data_dir;
use crate::error::Error;

/// Names that an empty folder can have: of file systems, and of temporary files.
const NOTHING: [&str; 2] = ["lost+found", ".pb_temp_to_delete"];

/// A folder that was missing or empty, and can be so again.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The folders that were made for it, itself first.
    made: Vec<PathBuf>,
}

impl Folder {
    /// Makes sure that the folder is there and has nothing in it.
    pub(super) fn claim(path: &Path) -> Result<Self, Error> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let made = path.ancestors().take_while(is_missing).map(Path::to_owned).collect();
        data_dir::create(path)?;
        let folder = Self { path: path.to_owned(), made };
        match folder.names()?.into_iter().next() {
            Some(name) => Err(Error::NotEmpty { path: path.to_owned(), name }),
            None => Ok(folder),
        }
    }

    /// Removes what is in it, as far as that is possible.
    pub(super) fn empty(&self) {
        let names = self.names().unwrap_or_default();
        for path in names.iter().map(String::as_str).chain([NOTHING[1]]).map(|name| self.path.join(name)) {
            let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }

    fn names(&self) -> Result<Vec<String>, Error> {
        let unreadable = |cause: io::Error| Error::Unwritable { path: self.path.clone(), cause };
        let entries = fs::read_dir(&self.path).map_err(unreadable)?;
        let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
        let names: Vec<String> = names.collect::<io::Result<_>>().map_err(unreadable)?;
        Ok(names.into_iter().filter(|name| !NOTHING.contains(&name.as_str())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_as_it_was() {
        let temp = tempfile::tempdir().unwrap();
        let (missing, empty) = (temp.path().join("a/b"), temp.path().join("c"));
        fs::create_dir_all(empty.join("lost+found")).unwrap();
        for path in [&missing, &empty] {
            let folder = Folder::claim(path).unwrap();
            fs::create_dir_all(path.join("x/y")).unwrap();
            fs::create_dir_all(path.join(".pb_temp_to_delete/y")).unwrap();
            fs::write(path.join("z"), "").unwrap();
            assert!(matches!(Folder::claim(path), Err(Error::NotEmpty { .. })));
            folder.empty();
        }
        assert!(!temp.path().join("a").exists());
        assert_eq!(fs::read_dir(&empty).unwrap().count(), 1);
    }
}
