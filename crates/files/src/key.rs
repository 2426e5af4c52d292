use std::fmt;

use crate::{Error, Result};

/// The longest key, in bytes: what object stores accept.
const MAX_LENGTH: usize = 1024;

/// What PocketBase appends to a key for the file that holds its properties; no file may be named so itself.
pub(crate) const SIDECAR: &str = ".attrs";

/// The name of a file within a store: segments divided by `/`, for example `collection/record/name.png`.
///
/// No segment is empty, `.` or `..`, so a key cannot lead out of the place where a store keeps its files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// Checks a key.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] for an empty or too long key, for segments that are empty, `.` or `..`, and for names
    /// that end with `.attrs`, which is where PocketBase keeps the properties of files.
    pub fn parse(text: &str) -> Result<Self> {
        let valid = text.len() <= MAX_LENGTH && !text.ends_with(SIDECAR) && text.split('/').all(is_segment);
        if valid { Ok(Self(text.to_owned())) } else { Err(Error::InvalidKey(text.to_owned())) }
    }

    /// The text of the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the keys that are meant start with: a directory when it ends with `/` (`a/b/`), otherwise also the start of
/// a name (`a/b/img_`). The empty prefix means all keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// Checks a prefix.
    ///
    /// # Errors
    /// [`Error::InvalidKey`] under the conditions of [`Key::parse`], but the last segment may be empty.
    pub fn parse(text: &str) -> Result<Self> {
        let (directory, name) = text.rsplit_once('/').map_or((None, text), |(dir, name)| (Some(dir), name));
        let valid = text.len() <= MAX_LENGTH
            && directory.is_none_or(|path| path.split('/').all(is_segment))
            && (name.is_empty() || is_segment(name));
        if valid { Ok(Self(text.to_owned())) } else { Err(Error::InvalidKey(text.to_owned())) }
    }

    /// The text of the prefix.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The directory that holds all keys with this prefix, if any, and what the names in it start with.
    pub(crate) fn split(&self) -> (Option<&str>, &str) {
        self.0.rsplit_once('/').map_or((None, &self.0), |(directory, name)| (Some(directory), name))
    }
}

fn is_segment(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_could_leave_their_place_are_refused() {
        for text in
            ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "a/./b", "a/b.attrs", ".attrs"]
        {
            assert!(matches!(Key::parse(text), Err(Error::InvalidKey(_))), "{text:?}");
        }
        assert!(Key::parse(&"a".repeat(MAX_LENGTH + 1)).is_err());
        for text in ["a", "a/b.png", "a../b", "..a/b", "a/b.attrs.png", "a\\..\\b", "a\u{1}b", "附件/图.png"]
        {
            assert_eq!(Key::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Key::parse("a/b/c.png").unwrap().name(), "c.png");
    }

    #[test]
    fn a_prefix_may_be_open_ended() {
        for text in ["", "a", "a/", "a/b_", "a/b/"] {
            assert_eq!(Prefix::parse(text).unwrap().as_str(), text);
        }
        for text in ["/", "/a", "a//", "../", "a/../", "..", "a/.."] {
            assert!(Prefix::parse(text).is_err(), "{text:?}");
        }
    }
}
