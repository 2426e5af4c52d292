use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{Error, LEFT_OUT, Result, is_of_database};

/// How hard is compressed: files are mostly compressed already, and those who write wait for it.
const FASTEST: i64 = 1;

/// From this size on an entry needs the wide form of its numbers.
const LARGE: u64 = u32::MAX as u64 - (1 << 20);

/// What files begin with that are being written.
const UNFINISHED: &str = ".pending-";

/// Writes an archive of a data directory to a new file. In the place of its databases come the files of `databases`,
/// under their own names. Files that disappear meanwhile are left out.
///
/// # Errors
/// When something cannot be read or written; then half an archive is there.
pub fn pack(directory: &Path, databases: &Path, target: &Path) -> Result<()> {
    let file = File::create_new(target).map_err(Error::disk(target))?;
    let mut writer = Writer { zip: ZipWriter::new(BufWriter::new(file)) };
    for name in names(databases)? {
        writer.add(&databases.join(&name), &name)?;
    }
    for name in names(directory)? {
        if LEFT_OUT.contains(&name.as_str()) || is_of_database(&name) {
            continue;
        }
        let path = directory.join(&name);
        // A folder of the directory may be somewhere else; those below it are not followed, they can lead in circles.
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => writer.add_folder(&path, &name)?,
            _ => writer.add(&path, &name)?,
        }
    }
    let file = writer.zip.finish().map_err(Error::Unwritable)?;
    let file = file.into_inner().map_err(|error| Error::disk(target)(error.into_error()))?;
    file.sync_all().map_err(Error::disk(target))
}

struct Writer {
    zip: ZipWriter<BufWriter<File>>,
}

impl Writer {
    fn add_folder(&mut self, folder: &Path, name: &str) -> Result<()> {
        // One folder after the other: a deep tree takes no stack.
        let mut folders = vec![(folder.to_owned(), name.to_owned())];
        while let Some((folder, name)) = folders.pop() {
            for entry in names(&folder)? {
                let (path, name) = (folder.join(&entry), format!("{name}/{entry}"));
                match fs::symlink_metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => folders.push((path, name)),
                    _ => self.add(&path, &name)?,
                }
            }
        }
        Ok(())
    }

    /// Adds a file. One that is none, or no more, is left out.
    fn add(&mut self, path: &Path, name: &str) -> Result<()> {
        let is_unfinished = name.rsplit('/').next().is_some_and(|name| name.starts_with(UNFINISHED));
        let metadata = match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() && !is_unfinished => metadata,
            _ => return Ok(()),
        };
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file.map_err(Error::disk(path))?,
        };
        let mut options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(FASTEST))
            .unix_permissions(0o644)
            .large_file(metadata.len() >= LARGE);
        if let Some(modified) = modified(&metadata) {
            options = options.last_modified_time(modified);
        }
        self.zip.start_file(name, options).map_err(Error::Unwritable)?;
        io::copy(&mut file, &mut self.zip).map_err(Error::disk(path))?;
        Ok(())
    }
}

/// The time of a file in UTC; `None` for one that a zip cannot hold.
fn modified(metadata: &fs::Metadata) -> Option<zip::DateTime> {
    let time = Timestamp::try_from(metadata.modified().ok()?).ok()?.to_zoned(TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).ok();
    let year = u16::try_from(time.year()).ok()?;
    let (month, day) = (part(time.month())?, part(time.day())?);
    let (hour, minute, second) = (part(time.hour())?, part(time.minute())?, part(time.second())?);
    zip::DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
}

/// The names in a folder, in their order. One that is no text cannot be the name of a stored file.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::disk(folder))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let path: PathBuf = entry.map_err(Error::disk(folder))?.path();
        match path.file_name().and_then(|name| name.to_str()) {
            Some(name) => names.push(name.to_owned()),
            None => tracing::warn!(path = %path.display(), "not in the archive: the name is no text"),
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, unpack};

    #[test]
    fn an_archive_holds_all_that_belongs_to_the_instance() {
        let temp = tempfile::tempdir().unwrap();
        let (data, copies) = (temp.path().join("pb_data"), temp.path().join("copies"));
        for folder in
            ["storage/c/r", "backups", ".pb_temp_to_delete", ".notify", ".autocert_cache", "lost+found"]
        {
            fs::create_dir_all(data.join(folder)).unwrap();
            fs::write(data.join(folder).join("file"), folder).unwrap();
        }
        for file in [
            "data.db",
            "data.db-wal",
            "auxiliary.db-shm",
            "types.d.ts",
            "storage/c/r/.pending-x",
            "data.db.old",
        ] {
            fs::write(data.join(file), "live").unwrap();
        }
        fs::create_dir(&copies).unwrap();
        fs::write(copies.join("data.db"), "copy").unwrap();
        pack(&data, &copies, &temp.path().join("a.zip")).unwrap();
        let to = temp.path().join("to");
        unpack(&temp.path().join("a.zip"), &to, &Limits::default()).unwrap();
        let mut found = Vec::new();
        let mut folders = vec![to.clone()];
        while let Some(folder) = folders.pop() {
            for name in names(&folder).unwrap() {
                let path = folder.join(name);
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&to).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        found.sort();
        assert_eq!(found, ["data.db", "data.db.old", "storage/c/r/file", "types.d.ts"]);
        assert_eq!(fs::read_to_string(to.join("data.db")).unwrap(), "copy");
        assert!(matches!(pack(&data, &copies, &temp.path().join("a.zip")), Err(Error::Disk { .. })));
    }
}
