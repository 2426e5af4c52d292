//! `cargo xtask test`: every test there is.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::Command,
};

use crate::tidy::workspace::Workspace;

/// Where the suite of the JavaScript SDK lives.
const SDK_SUITE: &str = "tests/sdk";

/// The variable that tells the black-box tests which binary to run.
const BINARY: &str = "BAIBASE_BIN";

/// Runs all tests; `false` when one failed.
pub(crate) fn run(out: &mut impl Write) -> io::Result<bool> {
    let workspace = Workspace::load()?;
    let binary = workspace.target_directory.join("debug").join(format!("baibase{}", env::consts::EXE_SUFFIX));
    let sdk = workspace.root.join(SDK_SUITE);
    let cargo = cargo();

    let mut passed = step(out, Command::new(&cargo).args(["build", "--package", "baibase"]))?
        && step(out, Command::new(&cargo).args(["test", "--workspace"]).env(BINARY, &binary))?;
    if passed && has_node(out, &sdk)? {
        passed = step(out, Command::new("npm").arg("ci").current_dir(&sdk))?
            && step(out, Command::new("npm").arg("test").current_dir(&sdk).env(BINARY, &binary))?;
    }
    Ok(passed)
}

/// The cargo that started this program.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Whether the SDK suite can run here; says so when it cannot.
fn has_node(out: &mut impl Write, sdk: &Path) -> io::Result<bool> {
    let missing = if !sdk.join("package.json").is_file() {
        "it is not in this checkout"
    } else if Command::new("npm").arg("--version").output().is_err() {
        "it needs Node.js, which is not installed"
    } else {
        return Ok(true);
    };
    writeln!(out, "{SDK_SUITE}: skipped, {missing}")?;
    Ok(false)
}

fn step(out: &mut impl Write, command: &mut Command) -> io::Result<bool> {
    writeln!(out, "running {command:?}")?;
    out.flush()?;
    Ok(command.status()?.success())
}
