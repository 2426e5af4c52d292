use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use crate::suite::cargo;

/// The workspace as cargo sees it.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target_directory: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// A crate of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// Its folder, from the root of the workspace.
    pub(crate) folder: String,
    /// The folders of the workspace's crates that it is built from (not those that only its tests use).
    pub(crate) uses: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> io::Result<Self> {
        let asked =
            Command::new(cargo()).args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
        if !asked.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&asked.stderr)));
        }
        Ok(serde_json::from_slice::<Metadata>(&asked.stdout)?.into())
    }
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<MetadataPackage>,
}

#[derive(Deserialize)]
struct MetadataPackage {
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    /// Absent for a crate from a registry.
    path: Option<PathBuf>,
    /// `null` for a normal dependency, else `dev` or `build`.
    kind: Option<String>,
}

impl From<Metadata> for Workspace {
    fn from(metadata: Metadata) -> Self {
        let root = metadata.workspace_root;
        let packages = metadata
            .packages
            .iter()
            .map(|package| Package {
                folder: package.manifest_path.parent().map(|folder| below(&root, folder)).unwrap_or_default(),
                uses: package
                    .dependencies
                    .iter()
                    .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
                    .filter_map(|dependency| dependency.path.as_ref())
                    .map(|folder| below(&root, folder))
                    .collect(),
            })
            .collect();
        Self { packages, target_directory: metadata.target_directory, root }
    }
}

fn below(root: &Path, folder: &Path) -> String {
    folder.strip_prefix(root).unwrap_or(folder).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dev_dependencies_and_foreign_crates_are_left_out() {
        let metadata = r#"{
            "workspace_root": "/repo", "target_directory": "/repo/target",
            "packages": [{
                "manifest_path": "/repo/crates/a/Cargo.toml",
                "dependencies": [
                    {"path": "/repo/crates/b", "kind": null},
                    {"path": "/repo/crates/c", "kind": "dev"},
                    {"path": "/repo/crates/d", "kind": "build"},
                    {"kind": null}
                ]
            }]
        }"#;
        let workspace = Workspace::from(serde_json::from_str::<Metadata>(metadata).unwrap());
        let uses = vec!["crates/b".to_owned(), "crates/d".to_owned()];
        assert_eq!(workspace.packages, [Package { folder: "crates/a".to_owned(), uses }]);
    }
}
