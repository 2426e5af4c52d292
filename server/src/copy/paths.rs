use std::path::{Path, PathBuf};

use files::S3Bucket;
use files_object::Address;
use wechat::Secret;

use crate::cli::{Copy, Place};
use crate::error::Error;

/// The data directory of an instance whose data is in a database, where nobody says another one.
const DEFAULT_DIRECTORY: &str = "pb_data";

/// Where files are, and where they are to be.
#[derive(Debug, Clone)]
pub(super) struct Paths {
    pub(super) from_files: Address,
    pub(super) to_files: Address,
    /// The bucket of the source's settings, unless somebody named another place.
    pub(super) bucket: Option<S3Bucket>,
    is_from_given: bool,
    is_to_given: bool,
}

impl Paths {
    /// The same with the bucket that the source's settings name. The copy has the same settings: nothing is copied
    /// unless somebody says where to.
    pub(super) fn with_bucket(self, bucket: Option<S3Bucket>) -> Self {
        Self { bucket: bucket.filter(|_| !self.is_from_given), ..self }
    }

    /// Whether the copy uses the files of the source.
    pub(super) fn share_files(&self) -> bool {
        if self.bucket.is_some() {
            return !self.is_to_given;
        }
        match (self.from_files.folder(), self.to_files.folder()) {
            (Some(from), Some(to)) => is_same(from, to),
            (None, None) => self.from_files.location() == self.to_files.location(),
            _ => false,
        }
    }
}

/// The places of the files of both sides, as far as the command line tells.
pub(super) fn find(options: &Copy) -> Result<Paths, Error> {
    if let (Place::Directory(from), Place::Directory(to)) = (&options.from, &options.to)
        && is_same(from, to)
    {
        return Err(Error::SamePlace(to.clone()));
    }
    let files = |given: &Option<Secret>, place: &Place| match given {
        Some(address) => Address::parse(address.expose()).map_err(Error::Files),
        None => Ok(Address::from(storage_of(place))),
    };
    Ok(Paths {
        from_files: files(&options.from_files, &options.from)?,
        to_files: files(&options.to_files, &options.to)?,
        bucket: None,
        is_from_given: options.from_files.is_some(),
        is_to_given: options.to_files.is_some(),
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
        assert_eq!(paths.from_files.folder(), Some(&"a/storage".into()));
        assert_eq!(paths.to_files.folder(), Some(&"pb_data/storage".into()));
        options.to_files = Some("./a/storage".into());
        assert!(find(&options).unwrap().share_files());
        options.from = address();
        assert!(!find(&options).unwrap().share_files());
        options.to_files = None;
        assert!(find(&options).unwrap().share_files());
    }

    #[test]
    fn files_in_the_bucket_of_the_settings_stay_there_unless_somebody_says_where_to() {
        let directory = |name: &str| directory(Path::new(name));
        let bucket = || Some(S3Bucket { bucket: "b".into(), ..S3Bucket::default() });
        let mut options = Copy { from: directory("a"), to: directory("b"), from_files: None, to_files: None };
        let shares = |options: &Copy| find(options).unwrap().with_bucket(bucket()).share_files();
        assert!(shares(&options));
        options.to_files = Some("b/storage".into());
        assert!(!shares(&options));
        options.from_files = Some("oss://k:s@host/x".into());
        assert!(find(&options).unwrap().with_bucket(bucket()).bucket.is_none());
        options.to_files = Some("oss://k2:s2@host/x".into());
        assert!(shares(&options), "the same bucket by another key");
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
