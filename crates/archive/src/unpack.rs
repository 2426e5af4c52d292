use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::{DATABASES, Error, LEFT_OUT, Result};

/// What an archive may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many entries there may be.
    pub entries: usize,
    /// How much larger than the archive the files in it may be, in times. Above this, databases and files are made up.
    pub ratio: u64,
    /// Up to this size in bytes the ratio does not matter.
    pub small: u64,
    /// How much of the disk has to stay free, in bytes.
    pub reserve: u64,
}

impl Default for Limits {
    /// Ten million entries, 200 times, 256 MiB, and 64 MiB.
    fn default() -> Self {
        Self { entries: 10_000_000, ratio: 200, small: 256 << 20, reserve: 64 << 20 }
    }
}

/// Takes an archive apart into a new folder.
///
/// Folders and plain files are made, links and the like are left out. What is in no archive of a data directory is
/// left out as well, and so is what SQLite keeps beside a database for programs that run.
///
/// # Errors
/// [`Error`], by cause; then a part of the folder can be there.
pub fn unpack(archive: &Path, to: &Path, limits: &Limits) -> Result<()> {
    let file = File::open(archive).map_err(Error::disk(archive))?;
    let packed = file.metadata().map_err(Error::disk(archive))?.len();
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(Error::Damaged)?;
    fs::create_dir(to).map_err(Error::disk(to))?;
    check_size(&mut zip, packed, limits, free(to)?)?;
    for position in 0..zip.len() {
        let mut entry = zip.by_index(position).map_err(Error::Damaged)?;
        let name = entry.name().map_err(Error::Damaged)?.into_owned();
        let path = path_of(&name)?;
        if is_wanted(&entry, &path) {
            write(&mut entry, &name, &to.join(path))?;
        }
    }
    if !to.join(DATABASES[0]).is_file() {
        return Err(Error::NoData);
    }
    sync(to)
}

/// Whether the sizes that the archive tells are possible and can be had. That they are true is checked later.
fn check_size(zip: &mut ZipArchive<BufReader<File>>, packed: u64, limits: &Limits, free: u64) -> Result<()> {
    if zip.len() > limits.entries {
        return Err(Error::TooLarge(format!("it has {} entries", zip.len())));
    }
    let (mut compressed, mut unpacked) = (0_u64, 0_u64);
    for position in 0..zip.len() {
        let entry = zip.by_index_raw(position).map_err(Error::Damaged)?;
        compressed = compressed.saturating_add(entry.compressed_size());
        unpacked = unpacked.saturating_add(entry.size());
    }
    if compressed > packed {
        return Err(Error::TooLarge("its entries overlap".to_owned()));
    }
    if unpacked > limits.small.max(packed.saturating_mul(limits.ratio)) {
        return Err(Error::TooLarge(format!("{packed} bytes would become {unpacked}")));
    }
    if unpacked > free.saturating_sub(limits.reserve) {
        return Err(Error::TooLarge(format!("it needs {unpacked} bytes, and {free} are free")));
    }
    Ok(())
}

/// The path of an entry below the folder. Names are taken as they are or not at all.
fn path_of(name: &str) -> Result<PathBuf> {
    let refused = || Error::Path(name.to_owned());
    let path = name.strip_suffix('/').unwrap_or(name);
    let is_plain = |segment: &str| {
        !matches!(segment, "" | "." | "..") && !segment.contains(['\\', '\0']) && !segment.ends_with(':')
    };
    if path.split('/').all(is_plain) { Ok(path.split('/').collect()) } else { Err(refused()) }
}

fn is_wanted(entry: &ZipFile<'_, BufReader<File>>, path: &Path) -> bool {
    const KIND: u32 = 0o170_000;
    const PLAIN: u32 = 0o100_000;
    let first = path.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
    let is_shared_memory = DATABASES.iter().any(|database| first.strip_prefix(database) == Some("-shm"));
    let kind = entry.unix_mode().map_or(0, |mode| mode & KIND);
    entry.is_file() && matches!(kind, 0 | PLAIN) && !LEFT_OUT.contains(&first) && !is_shared_memory
}

fn write(entry: &mut ZipFile<'_, BufReader<File>>, name: &str, path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::disk(folder))?;
    }
    let file = match File::create_new(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let reason = "it is there twice".to_owned();
            return Err(Error::DamagedEntry { name: name.to_owned(), reason });
        }
        file => file.map_err(Error::disk(path))?,
    };
    let size = entry.size();
    let mut file = BufWriter::new(file);
    let mut buffer = vec![0; 64 << 10];
    let mut written = 0_u64;
    loop {
        let damaged = |reason: String| Error::DamagedEntry { name: name.to_owned(), reason };
        let count = entry.read(&mut buffer).map_err(|error| damaged(error.to_string()))?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
        written += bytes.len() as u64;
        if written > size {
            return Err(damaged("it is larger than it says".to_owned()));
        }
        file.write_all(bytes).map_err(Error::disk(path))?;
    }
    file.flush().map_err(Error::disk(path))
}

/// How many bytes can be written where this folder is.
fn free(folder: &Path) -> Result<u64> {
    #[cfg(unix)]
    {
        let found = rustix::fs::statvfs(folder).map_err(|error| Error::disk(folder)(error.into()))?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(u64::MAX)
    }
}

/// Brings all that was written to the disk, at once.
fn sync(folder: &Path) -> Result<()> {
    #[cfg(target_os = "linux")]
    {
        let opened = File::open(folder).map_err(Error::disk(folder))?;
        rustix::fs::syncfs(&opened).map_err(|error| Error::disk(folder)(error.into()))?;
    }
    #[cfg(not(target_os = "linux"))]
    {
        for name in DATABASES {
            let path = folder.join(name);
            if path.is_file() {
                File::open(&path).and_then(|file| file.sync_all()).map_err(Error::disk(&path))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// What comes of an archive of these entries, after `change` was done to its bytes.
    fn outcome(
        entries: &[(&str, &[u8])],
        limits: &Limits,
        change: impl Fn(&mut Vec<u8>),
    ) -> (Result<()>, Vec<String>) {
        let temp = tempfile::tempdir().unwrap();
        let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, content) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        let mut bytes = zip.finish().unwrap().into_inner();
        change(&mut bytes);
        fs::write(temp.path().join("a.zip"), bytes).unwrap();
        let (inside, to) = (temp.path().join("in"), temp.path().join("in/to"));
        fs::create_dir(&inside).unwrap();
        let result = unpack(&temp.path().join("a.zip"), &to, limits);
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(names(&inside).into_iter().filter(|name| name != "to").count(), 0, "nothing beside it");
        let mut found = names(&to);
        found.sort();
        (result, found)
    }

    const DATA: (&str, &[u8]) =
        ("data.db", b"some data that is long enough to be compressed, compressed, compressed");

    #[test]
    fn what_belongs_there_is_unpacked() {
        let entries = [
            DATA,
            ("data.db-shm", b"x"),
            ("data.db-wal", b"x"),
            ("backups/a.zip", b"x"),
            ("storage/a/b", b"x"),
        ];
        let (result, found) = outcome(&entries, &Limits::default(), |_| {});
        result.unwrap();
        assert_eq!(found, ["data.db", "data.db-wal", "storage"]);
    }

    #[test]
    fn nothing_is_written_outside() {
        for name in ["../x", "/x", "a/../../x", "a//x", "a\\..\\x", "..", "c:/x", "./x", "a/\0"] {
            let (result, _) = outcome(&[DATA, (name, b"x")], &Limits::default(), |_| {});
            assert!(matches!(result, Err(Error::Path(_))), "{name:?}: {result:?}");
        }
    }

    #[test]
    fn an_archive_of_something_else_is_refused() {
        let (result, _) = outcome(&[("a.txt", b"x")], &Limits::default(), |_| {});
        assert!(matches!(result, Err(Error::NoData)));
        let (result, _) = outcome(&[DATA], &Limits::default(), |bytes| bytes.truncate(40));
        assert!(matches!(result, Err(Error::Damaged(_))));
        let (result, _) = outcome(&[DATA], &Limits::default(), |bytes| *bytes = b"hello".to_vec());
        assert!(matches!(result, Err(Error::Damaged(_))));
    }

    #[test]
    fn damage_is_noticed() {
        // The content begins behind the header of the entry: 30 bytes and the name.
        let (result, _) = outcome(&[DATA], &Limits::default(), |bytes| bytes[45] ^= 0xff);
        assert!(matches!(result, Err(Error::DamagedEntry { .. })), "{result:?}");
    }

    #[test]
    fn what_would_fill_the_disk_is_not_begun() {
        let zeros = vec![0; 4 << 20];
        let limits = Limits { small: 1 << 20, ..Limits::default() };
        let (result, found) = outcome(&[DATA, ("storage/a", &zeros)], &limits, |_| {});
        assert!(matches!(result, Err(Error::TooLarge(_))), "{result:?}");
        assert_eq!(found, [""; 0]);
        let limits = Limits { reserve: u64::MAX, ..Limits::default() };
        assert!(matches!(outcome(&[DATA], &limits, |_| {}).0, Err(Error::TooLarge(_))));
        let limits = Limits { entries: 1, ..Limits::default() };
        assert!(matches!(outcome(&[DATA, ("a", b"x")], &limits, |_| {}).0, Err(Error::TooLarge(_))));
    }

    #[test]
    fn an_entry_that_lies_about_its_size_is_refused() {
        let zeros = vec![0; 1 << 20];
        let (result, _) = outcome(&[DATA, ("storage/a", &zeros)], &Limits::default(), |bytes| {
            let size = (1_u32 << 20).to_le_bytes();
            for position in 0..bytes.len() - 4 {
                if bytes[position..position + 4] == size {
                    bytes[position..position + 4].copy_from_slice(&7_u32.to_le_bytes());
                }
            }
        });
        assert!(matches!(result, Err(Error::DamagedEntry { .. } | Error::Damaged(_))), "{result:?}");
    }
}
