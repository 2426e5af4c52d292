//! Writing so that a file is there completely or not at all, also after the loss of power.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use md5::{Digest, Md5};
use tempfile::NamedTempFile;

use super::{sidecar, sidecar_path};
use crate::{Properties, content::CHUNK};

/// What the names of files in the making start with; they are never listed as files.
pub(super) const TEMP_PREFIX: &str = ".pending-";

/// How often a directory is made again when somebody else removes it as empty at the same time.
const DIRECTORY_ATTEMPTS: usize = 8;

/// Writes a file and its sidecar. `root` exists, `path` is within it.
pub(super) fn write(
    root: &Path,
    path: &Path,
    content: Box<dyn Read + Send>,
    properties: &Properties,
) -> io::Result<()> {
    let mut temp = temp_beside(root, path)?;
    let md5 = copy(content, temp.as_file_mut())?;
    temp.as_file().sync_all()?;

    let mut temp_sidecar = temp_beside(root, path)?;
    temp_sidecar.write_all(sidecar::render(properties, md5)?.as_bytes())?;
    temp_sidecar.as_file().sync_all()?;

    // The sidecar goes first: a file that is there has its properties.
    let sidecar = sidecar_path(path);
    temp_sidecar.persist(&sidecar).map_err(|failed| failed.error)?;
    if let Err(failed) = temp.persist(path) {
        // Without its file it would only be in the way.
        let _ = fs::remove_file(&sidecar);
        return Err(failed.error);
    }
    path.parent().map_or(Ok(()), sync_directory)
}

fn copy(mut from: Box<dyn Read + Send>, to: &mut File) -> io::Result<[u8; 16]> {
    let mut md5 = Md5::new();
    let mut buffer = vec![0; CHUNK];
    loop {
        let chunk = match from.read(&mut buffer) {
            Ok(length) => buffer.get(..length).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if chunk.is_empty() {
            return Ok(md5.finalize().into());
        }
        md5.update(chunk);
        to.write_all(chunk)?;
    }
}

/// A temporary file in the directory of `path`, from where it can be renamed into place.
fn temp_beside(root: &Path, path: &Path) -> io::Result<NamedTempFile> {
    let directory = path.parent().unwrap_or(root);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMP_PREFIX);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut attempt = 1;
    loop {
        make_directories(root, directory)?;
        match builder.tempfile_in(directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && attempt < DIRECTORY_ATTEMPTS => {
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// Makes `directory` and those between it and `root`, each entered durably in the one above it.
fn make_directories(root: &Path, directory: &Path) -> io::Result<()> {
    if directory == root || directory.is_dir() {
        return Ok(());
    }
    let Some(above) = directory.parent() else { return Ok(()) };
    make_directories(root, above)?;
    match fs::create_dir(directory) {
        Ok(()) => sync_directory(above),
        // Somebody else made it, or removed the one above it: the caller sees when it uses it.
        Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    // Elsewhere a directory cannot be opened as a file; its entries are durable with their files.
    Ok(())
}
