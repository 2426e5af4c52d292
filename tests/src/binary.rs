use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The binary under test: the one that `BAIBASE_BIN` names, or else built once in the profile of the tests.
///
/// # Panics
/// When it cannot be built; it is tried once.
pub fn path() -> &'static Path {
    static PATH: OnceLock<Option<PathBuf>> = OnceLock::new();
    let path = PATH.get_or_init(|| match std::env::var_os("BAIBASE_BIN") {
        Some(path) => Some(PathBuf::from(path)),
        None => build(),
    });
    path.as_deref().expect("the binary is built")
}

/// `None` when cargo fails; it has said why.
fn build() -> Option<PathBuf> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--package", "baibase", "--bin", "baibase", "--message-format=json"]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo can be run");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .filter(|_| output.status.success())
}
