//! What was counted before, as it is kept in the repository.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::Path,
    process::{Command, Output},
};

use serde::{Deserialize, Serialize};

/// Instructions by the kind of request.
pub(crate) type Counts = BTreeMap<String, u64>;

/// What a count depends on beside the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Conditions {
    /// The instruction set, as `x86_64`.
    pub(crate) machine: String,
    /// What the compiler calls itself.
    pub(crate) rustc: String,
    /// What the instrument calls itself.
    pub(crate) valgrind: String,
}

impl Conditions {
    /// Those of this machine; `None` when there is no valgrind on it.
    pub(crate) fn here(root: &Path) -> io::Result<Option<Self>> {
        let Ok(valgrind) = Command::new("valgrind").arg("--version").output() else { return Ok(None) };
        // In the repository, which chooses the compiler.
        let rustc = Command::new("rustc").arg("--version").current_dir(root).output()?;
        let said = |output: &Output| String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let (rustc, valgrind) = (said(&rustc), said(&valgrind));
        Ok(Some(Self { machine: env::consts::ARCH.to_owned(), rustc, valgrind }))
    }
}

/// The file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    #[serde(flatten)]
    pub(crate) conditions: Conditions,
    pub(crate) instructions: Counts,
}

impl Record {
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let unreadable =
            |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let text = fs::read(path).map_err(unreadable)?;
        serde_json::from_slice(&text).map_err(io::Error::from).map_err(unreadable)
    }

    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        fs::write(path, serde_json::to_string_pretty(self)? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let path = env::temp_dir().join(format!("counts-{}.json", std::process::id()));
        let conditions =
            Conditions { machine: "m".into(), rustc: "rustc 1".into(), valgrind: "valgrind-3".into() };
        let record =
            Record { conditions: conditions.clone(), instructions: Counts::from([("list".to_owned(), 7)]) };
        record.write(&path).unwrap();
        let read = Record::read(&path);
        fs::remove_file(&path).unwrap();
        let read = read.unwrap();
        assert_eq!((read.conditions, read.instructions), (conditions, record.instructions));
    }

    #[test]
    fn a_file_that_is_missing_is_named() {
        let error = Record::read(Path::new("nowhere/counts.json")).unwrap_err();
        assert!(error.to_string().contains("nowhere/counts.json"), "{error}");
    }
}
