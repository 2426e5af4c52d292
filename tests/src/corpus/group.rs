use std::path::{Path, PathBuf};

use super::scenario::Scenario;

/// Where the groups are.
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");

/// The scenarios of a folder of the corpus, by the order of their names.
#[derive(Debug, Clone)]
pub struct Group {
    /// The name of the folder.
    pub name: String,
    /// The files and what is in them.
    pub scenarios: Vec<(PathBuf, Scenario)>,
}

impl Group {
    /// The names of all groups, in their order.
    ///
    /// # Panics
    /// When the corpus cannot be read.
    pub fn names() -> Vec<String> {
        let is_group = |path: &PathBuf| path.is_dir() && !path.ends_with("files");
        entries(Path::new(CORPUS))
            .into_iter()
            .filter(is_group)
            .map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned())
            .collect()
    }

    /// Reads a group.
    ///
    /// # Panics
    /// When it cannot be read or understood.
    pub fn read(name: &str) -> Self {
        let scenario = |path: PathBuf| {
            let text = std::fs::read_to_string(&path).expect("a scenario");
            let scenario = Scenario::parse(&text);
            let scenario = scenario.unwrap_or_else(|error| panic!("{}:{error}", path.display()));
            (path, scenario)
        };
        let scenarios = entries(&Path::new(CORPUS).join(name)).into_iter().map(scenario).collect();
        Self { name: name.to_owned(), scenarios }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    paths.sort();
    paths
}
