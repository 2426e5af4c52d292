use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest version that is supported.
const OLDEST: u32 = 15;

/// Where Debian puts each version into a folder of its own.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The programs of an installed PostgreSQL.
#[derive(Debug, Clone)]
pub(crate) struct Installation {
    folder: PathBuf,
}

impl Installation {
    /// The installation on the `PATH`, or the newest one in Debian's folder.
    pub(crate) fn find() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let on_path = env::split_paths(&path).filter(|folder| version(folder) >= Some(OLDEST));
        let mut versioned: Vec<_> = fs::read_dir(DEBIAN)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path().join("bin"))
            .filter_map(|folder| Some((version(&folder).filter(|&version| version >= OLDEST)?, folder)))
            .collect();
        versioned.sort();
        let folder = on_path.chain(versioned.into_iter().rev().map(|(_, folder)| folder)).next();
        let folder = folder.unwrap_or_else(|| {
            panic!(
                "PostgreSQL {OLDEST} or later is needed for this test: neither on the PATH nor in {DEBIAN} are there \
                 `initdb` and `postgres` of it (on Debian: apt-get install postgresql)"
            )
        });
        Self { folder }
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }
}

/// The major version of the server in a folder, if there is one with what is needed.
fn version(folder: &Path) -> Option<u32> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major(text: &str) -> Option<u32> {
    let number = text.split_whitespace().nth(2)?;
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 19beta1"), Some(19));
        assert_eq!(major("postgres"), None);
    }
}
