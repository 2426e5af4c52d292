//! `cargo xtask bench`: builds the servers as they are shipped and measures them.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    process::Command,
};

use crate::{
    suite::{cargo, step},
    tidy::workspace::Workspace,
};

/// The package with the load generator and the floor.
const PACKAGE: &str = "baibase-bench";

/// Runs the benchmark with these arguments; `false` when it, or the build, failed.
pub(crate) fn run(arguments: &[OsString], out: &mut impl Write) -> io::Result<bool> {
    let workspace = Workspace::load()?;
    let mut build = Command::new(cargo());
    build.args(["build", "--release", "--package", PACKAGE]);
    // Whoever names a binary has built it.
    if !arguments.iter().any(|argument| argument.to_string_lossy().starts_with("--binary")) {
        build.args(["--package", "baibase"]);
    }
    let program = format!("{PACKAGE}{}", env::consts::EXE_SUFFIX);
    let mut bench = Command::new(workspace.target_directory.join("release").join(program));
    Ok(step(out, &mut build)? && step(out, bench.args(arguments).current_dir(&workspace.root))?)
}
