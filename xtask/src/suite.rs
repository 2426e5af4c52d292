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

/// The packages whose tests all need a PostgreSQL server.
const POSTGRES_PACKAGES: [&str; 2] = ["baibase-store-postgres", "baibase-test-postgres"];

/// The variable that tells the black-box tests which binary to run.
const BINARY: &str = "BAIBASE_BIN";

/// Runs all tests; `false` when one failed.
pub(crate) fn run(out: &mut impl Write) -> io::Result<bool> {
    let workspace = Workspace::load()?;
    let binary = workspace.target_directory.join("debug").join(format!("baibase{}", env::consts::EXE_SUFFIX));
    let sdk = workspace.root.join(SDK_SUITE);
    let cargo = cargo();

    let mut tests = Command::new(&cargo);
    tests.args(["test", "--workspace"]).env(BINARY, &binary);
    if !has_postgres(out)? {
        tests.args(POSTGRES_PACKAGES.map(|package| format!("--exclude={package}")));
        // What needs the server says so in its name.
        tests.args(["--", "--skip", "postgres"]);
    }
    let mut passed =
        step(out, Command::new(&cargo).args(["build", "--package", "baibase"]))? && step(out, &mut tests)?;
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

/// Whether the tests that need a PostgreSQL server are to run; says so when they are not. Where changes are checked
/// they always are, and fail when it is missing.
fn has_postgres(out: &mut impl Write) -> io::Result<bool> {
    let path = env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders = env::split_paths(&path).chain(debian.map(|version| version.path().join("bin")));
    let found = folders.any(|folder| folder.join("initdb").is_file());
    if found || env::var_os("CI").is_some() || env::var_os("BAIBASE_TEST_POSTGRES").is_some() {
        return Ok(true);
    }
    writeln!(out, "tests on PostgreSQL: skipped, it is not installed")?;
    Ok(false)
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
