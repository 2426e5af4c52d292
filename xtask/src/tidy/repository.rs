use std::{fs, io, process::Command};

use super::{rust, workspace::Workspace};

/// What the checks read.
#[derive(Debug, Default)]
pub(super) struct Repository {
    /// Every text file that git knows or would take, by path.
    pub(super) files: Vec<File>,
    pub(super) workspace: Workspace,
}

/// A text file.
#[derive(Debug)]
pub(super) struct File {
    /// From the root of the repository, with `/`.
    pub(super) path: String,
    pub(super) text: String,
    /// Its channels, when it is Rust.
    pub(super) rust: Option<rust::Source>,
}

impl Repository {
    /// Reads the files and asks cargo about the crates.
    pub(super) fn load() -> io::Result<Self> {
        let workspace = Workspace::load()?;
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&workspace.root)
            .output()?;
        if !listed.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&listed.stderr)));
        }
        let mut files = Vec::new();
        for path in String::from_utf8_lossy(&listed.stdout).split_terminator('\0') {
            // A file that was deleted but not yet committed is listed too. What is not UTF-8 is no text.
            let Ok(content) = fs::read(workspace.root.join(path)) else { continue };
            if let Ok(text) = String::from_utf8(content) {
                files.push(File::new(path, &text));
            }
        }
        Ok(Self { files, workspace })
    }

    /// The file at exactly this path.
    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is a file at this path, or below it.
    pub(super) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.files.iter().any(|file| {
            file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// The Rust files with their channels.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&File, &rust::Source)> {
        self.files.iter().filter_map(|file| Some((file, file.rust.as_ref()?)))
    }
}

impl File {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let rust = path.ends_with(".rs").then(|| rust::Source::new(path, text));
        Self { path: path.to_owned(), text: text.to_owned(), rust }
    }

    /// Whether this lies in a folder.
    pub(super) fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The lines with their numbers, counted from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        rust::numbered(&self.text)
    }
}

#[cfg(test)]
impl Repository {
    /// A repository of these paths and texts.
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| File::new(path, text)).collect(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_exists_when_a_file_is_in_it() {
        let repository = Repository::of(&[("crates/filter/src/lib.rs", "")]);
        assert!(repository.exists("crates/filter"));
        assert!(repository.exists("crates/filter/"));
        assert!(repository.exists("crates/filter/src/lib.rs"));
        assert!(!repository.exists("crates/fil"));
    }
}
