use std::path::{Path, PathBuf};

use crate::cli::{Copy, Place};
use crate::error::Error;

/// The data directory of an instance whose data is in a database, where nobody says another one.
const DEFAULT_DIRECTORY: &str = "pb_data";

/// Where files are, and where they are to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Paths {
    pub(super) from_files: PathBuf,
    pub(super) to_files: PathBuf,
}

impl Paths {
    /// Whether the copy uses the files of the source.
    pub(super) fn share_files(&self) -> bool {
        is_same(&self.from_files, &self.to_files)
    }
}

/// The folders of both sides.
pub(super) fn find(options: &Copy) -> Result<Paths, Error> {
    if let (Place::Directory(from), Place::Directory(to)) = (&options.from, &options.to)
        && is_same(from, to)
    {
        return Err(Error::SamePlace(to.clone()));
    }
    let files = |given: &Option<PathBuf>, place: &Place| given.clone().unwrap_or_else(|| storage_of(place));
    Ok(Paths {
        from_files: files(&options.from_files, &options.from),
        to_files: files(&options.to_files, &options.to),
    })
}

fn storage_of(place: &Place) -> PathBuf {
    match place {
        Place::Directory(root) => root.join("storage"),
        Place::Database(_) => Path::new(DEFAULT_DIRECTORY).join("storage"),
    }
}

fn is_same(a: &Path, b: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    matches!((whole(a), whole(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(path: &Path) -> Place {
        Place::Directory(path.to_owned())
    }

    #[test]
    fn files_are_beside_the_data_where_nobody_says_otherwise() {
        let address = || Place::Database("postgres://localhost/x".into());
        let mut options =
            Copy { from: directory(Path::new("a")), to: address(), from_files: None, to_files: None };
        let paths = find(&options).unwrap();
        assert_eq!((paths.from_files, paths.to_files), ("a/storage".into(), "pb_data/storage".into()));
        options.to_files = Some("./a/storage".into());
        assert!(find(&options).unwrap().share_files());
        options.from = address();
        assert!(!find(&options).unwrap().share_files());
        options.to_files = None;
        assert!(find(&options).unwrap().share_files());
    }

    #[test]
    fn a_directory_is_not_copied_to_itself() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir(temp.path().join("a")).unwrap();
        let (from, to) = (directory(&temp.path().join("a")), directory(&temp.path().join("a/../a")));
        let options = Copy { from, to, from_files: None, to_files: None };
        assert!(matches!(find(&options), Err(Error::SamePlace(_))));
    }
}
