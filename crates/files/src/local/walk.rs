//! Going through directories: listing and removing by prefix.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::write::TEMP_PREFIX;
use crate::{Entry, Key, escape::unescape, key::SIDECAR};

/// The entries of a directory whose names as keys start with `prefix`; none when there is no such directory.
///
/// A sidecar belongs to its file: it is there when the file's name starts so.
pub(super) fn entries(directory: &Path, prefix: &str) -> io::Result<Vec<PathBuf>> {
    let read = match fs::read_dir(directory) {
        Ok(read) => read,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in read {
        let entry = entry?;
        let name = entry.file_name();
        let name = unescape(&name.to_string_lossy());
        if name.strip_suffix(SIDECAR).unwrap_or(&name).starts_with(prefix) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// Removes files, and directories with all that is in them. One that is gone already is no error.
pub(super) fn remove(paths: Vec<PathBuf>) -> io::Result<()> {
    for path in paths {
        let result = if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        match result {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Removes `directory` and those above it, up to `root`, as far as they are empty.
pub(super) fn prune(root: &Path, directory: &Path) {
    let mut directory = directory;
    // A directory that is not empty refuses; so does one that somebody fills at this moment.
    while directory != root && directory.starts_with(root) && fs::remove_dir(directory).is_ok() {
        let Some(above) = directory.parent() else { return };
        directory = above;
    }
}

/// Adds the files at and below these paths, with their keys.
pub(super) fn list(root: &Path, paths: Vec<PathBuf>, found: &mut Vec<Entry>) -> io::Result<()> {
    for path in paths {
        // Links are not followed: they can lead in circles.
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if metadata.is_dir() {
            list(root, entries(&path, "")?, found)?;
        } else if let Some(key) = key_of(root, &path).filter(|_| metadata.is_file()) {
            found.push(Entry { key, size: metadata.len(), modified: metadata.modified()? });
        }
    }
    Ok(())
}

/// The key of a file; none for sidecars, for files in the making, and for what no key can name.
fn key_of(root: &Path, path: &Path) -> Option<Key> {
    let path = path.strip_prefix(root).ok()?.to_str()?;
    let key = Key::parse(&unescape(path)).ok()?;
    if key.name().starts_with(TEMP_PREFIX) { None } else { Some(key) }
}
