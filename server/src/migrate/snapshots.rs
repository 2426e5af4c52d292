use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use engine::{Engine, Snapshot};
use serde::Serialize;
use serde_json::Value;

use crate::cli::Global;
use crate::error::{Error, engine_error};

/// What a snapshot's name ends with.
const SNAPSHOT: &str = ".json";

/// The folder of the snapshots; it may be missing.
#[derive(Clone)]
pub(super) struct Folder(PathBuf);

/// The files of the folder that were not applied yet, in the order in which they are applied.
pub(super) struct NewFiles {
    pub(super) snapshots: Vec<String>,
    /// The programs that PocketBase would run.
    pub(super) scripts: Vec<String>,
}

impl Folder {
    pub(super) fn of(global: &Global) -> Self {
        Self(global.migrations_dir.clone().unwrap_or_else(|| global.beside_data("pb_migrations")))
    }

    #[cfg(test)]
    pub(super) fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// The names of the files in it, in the order in which they are applied.
    pub(super) fn names(&self) -> Result<Vec<String>, Error> {
        names(&self.0).map_err(|error| snapshot_error(&self.0, &error))
    }

    /// The files that were not applied yet.
    pub(super) async fn new_files(&self, engine: &Engine) -> Result<NewFiles, Error> {
        let mut names = self.names()?;
        if !names.is_empty() {
            let applied = engine.applied_snapshots().await.map_err(Error::Refused)?;
            names.retain(|name| !applied.contains(name));
        }
        let (snapshots, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|file| is_snapshot(file));
        let is_script = |file: &String| file.ends_with(".js") || file.ends_with(".ts");
        Ok(NewFiles { snapshots, scripts: others.into_iter().filter(is_script).collect() })
    }

    /// Applies snapshots, each in a transaction of its own.
    pub(super) async fn apply(&self, engine: &Engine, snapshots: &[String]) -> Result<(), Error> {
        for file in snapshots {
            let path = self.0.join(file);
            let snapshot = read(&path).map_err(|error| snapshot_error(&path, &error))?;
            let applied = engine.apply_snapshot(file, &snapshot).await;
            applied.map_err(|error| Error::Snapshot { path, reason: engine_error(&error) })?;
        }
        Ok(())
    }

    /// Writes a new snapshot.
    pub(super) fn create(&self, name: &str, content: &(impl Serialize + ?Sized)) -> Result<PathBuf, Error> {
        let path = self.0.join(name);
        let write = || {
            fs::create_dir_all(&self.0)?;
            let mut file = fs::File::create_new(&path)?;
            serde_json::to_writer_pretty(&mut file, content)?;
            file.write_all(b"\n")?;
            file.sync_all()
        };
        write().map_err(|error| snapshot_error(&path, &error))?;
        Ok(path)
    }
}

/// Whether a file is a snapshot by its name.
pub(super) fn is_snapshot(file: &str) -> bool {
    file.ends_with(SNAPSHOT)
}

/// The name of a new snapshot: the time in seconds since 1970, and what it is about in letters, digits and `_`.
pub(super) fn file_name(about: &str, now: i64) -> String {
    let words = about.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let about = words.collect::<Vec<_>>().join("_").to_lowercase();
    format!("{now}_{about}{SNAPSHOT}")
}

/// The hooks that PocketBase would run.
pub(super) fn hooks(global: &Global) -> Vec<String> {
    let folder = global.scripts.hooks_dir.clone().unwrap_or_else(|| global.beside_data("pb_hooks"));
    let is_hook = |file: &String| file.ends_with(".pb.js") || file.ends_with(".pb.ts");
    names(&folder).unwrap_or_default().into_iter().filter(is_hook).collect()
}

/// The names of the files of a folder, sorted; none where it is missing.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let (true, Ok(name)) = (entry.path().is_file(), entry.file_name().into_string()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Collections alone, or what a [`Snapshot`] has beside them.
fn read(path: &Path) -> io::Result<Snapshot> {
    let json: Value = serde_json::from_slice(&fs::read(path)?)?;
    Ok(match json {
        Value::Array(_) => Snapshot { collections: serde_json::from_value(json)?, ..Snapshot::default() },
        _ => serde_json::from_value(json)?,
    })
}

fn snapshot_error(path: &Path, error: &io::Error) -> Error {
    Error::Snapshot { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_words() {
        assert_eq!(file_name("Add Posts, again", 17), "17_add_posts_again.json");
        assert_eq!(file_name("../a", 17), "17_a.json");
    }

    #[test]
    fn a_snapshot_is_read_as_it_was_written_and_never_overwritten() {
        let temp = tempfile::tempdir().unwrap();
        let folder = Folder(temp.path().join("new"));
        assert_eq!(folder.names().unwrap(), Vec::<String>::new());
        let path = folder.create("1_a.json", &[serde_json::json!({"name": "a"})]).unwrap();
        assert_eq!(read(&path).unwrap().collections[0]["name"], "a");
        assert!(folder.create("1_a.json", &[0; 0]).is_err());
        let deletion = Snapshot { exact: true, deleted: vec!["b".to_owned()], ..Snapshot::default() };
        assert_eq!(read(&folder.create("2_b.json", &deletion).unwrap()).unwrap(), deletion);
        fs::remove_file(folder.0.join("2_b.json")).unwrap();
        fs::write(folder.0.join("0_b.js"), "").unwrap();
        assert_eq!(folder.names().unwrap(), ["0_b.js", "1_a.json"]);
    }
}
