use crate::{Key, Prefix, Result};

/// Where the files of one record are: `{collection id}/{record id}/{name}`, and their thumbnails beside them in
/// `thumbs_{name}/{size}_{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFiles {
    directory: String,
}

impl RecordFiles {
    /// The place of the files of this record, both by id.
    pub fn new(collection_id: &str, record_id: &str) -> Self {
        Self { directory: format!("{collection_id}/{record_id}") }
    }

    /// The key of a file.
    ///
    /// # Errors
    /// [`crate::Error::InvalidKey`] when the name or the ids cannot be in a key.
    pub fn file(&self, name: &str) -> Result<Key> {
        Key::parse(&format!("{}/{}", self.directory, plain(name)?))
    }

    /// The key of a file's thumbnail of this size, for example `100x100`.
    ///
    /// # Errors
    /// As for [`Self::file`].
    pub fn thumb(&self, name: &str, size: &str) -> Result<Key> {
        let name = plain(name)?;
        Key::parse(&format!("{}/thumbs_{name}/{}_{name}", self.directory, plain(size)?))
    }

    /// All thumbnails of a file.
    ///
    /// # Errors
    /// As for [`Self::file`].
    pub fn thumbs(&self, name: &str) -> Result<Prefix> {
        Prefix::parse(&format!("{}/thumbs_{}/", self.directory, plain(name)?))
    }

    /// Everything that belongs to the record.
    ///
    /// # Errors
    /// As for [`Self::file`].
    pub fn all(&self) -> Result<Prefix> {
        Prefix::parse(&format!("{}/", self.directory))
    }
}

/// The name, when it is one segment.
fn plain(name: &str) -> Result<&str> {
    if name.contains('/') { Err(crate::Error::InvalidKey(name.to_owned())) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_thumbs_have_their_places() {
        let files = RecordFiles::new("pbc_1", "rec1");
        assert_eq!(files.file("a.png").unwrap().as_str(), "pbc_1/rec1/a.png");
        assert_eq!(files.thumb("a.png", "100x0").unwrap().as_str(), "pbc_1/rec1/thumbs_a.png/100x0_a.png");
        assert_eq!(files.thumbs("a.png").unwrap().as_str(), "pbc_1/rec1/thumbs_a.png/");
        assert_eq!(files.all().unwrap().as_str(), "pbc_1/rec1/");
    }

    #[test]
    fn names_that_are_paths_are_refused() {
        let files = RecordFiles::new("c", "r");
        for name in ["", "..", "../other/a.png", "x/y", "a.attrs"] {
            assert!(files.file(name).is_err(), "{name:?}");
        }
        assert!(files.thumb("a.png", "../1x1").is_err());
        assert!(RecordFiles::new("c", "..").all().is_err());
    }
}
