//! `cargo xtask test`: every test there is.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::{Path, PathBuf},
    process::Command,
};

use crate::tidy::workspace::Workspace;

/// Where the suite of the JavaScript SDK lives.
const SDK_SUITE: &str = "tests/sdk";

/// The packages whose tests all need a PostgreSQL server.
const POSTGRES_PACKAGES: [&str; 2] = ["baibase-store-postgres", "baibase-test-postgres"];

/// The package and the program that give other programs a PostgreSQL server.
const POSTGRES_PROGRAM: (&str, &str) = ("baibase-test-postgres", "test-postgres");

/// The package of the program that gives other programs an S3 server.
const S3_PACKAGE: &str = "baibase-test-s3";

/// The variable that tells the black-box tests which binary to run.
const BINARY: &str = "BAIBASE_BIN";

/// The variable that tells them where its servers keep their data.
const STORE: &str = "BAIBASE_TEST_STORE";

/// Runs all tests; `false` when one failed.
pub(crate) fn run(out: &mut impl Write) -> io::Result<bool> {
    let workspace = Workspace::load()?;
    let cargo = cargo();
    let has_postgres = has_postgres(out)?;

    let mut build = Command::new(&cargo);
    build.args(["build", "--package", "baibase", "--package", S3_PACKAGE]);
    let mut tests = Command::new(&cargo);
    tests.args(["test", "--workspace"]).env(BINARY, program(&workspace, "baibase"));
    if has_postgres {
        build.args(["--package", POSTGRES_PROGRAM.0]);
    } else {
        tests.args(POSTGRES_PACKAGES.map(|package| format!("--exclude={package}")));
        // What needs the server says so in its name.
        tests.args(["--", "--skip", "postgres"]);
    }
    Ok(step(out, &mut build)? && step(out, &mut tests)? && run_sdk(out, &workspace, has_postgres)?)
}

/// Runs the suite of the JavaScript SDK on each store; `false` when a test failed.
fn run_sdk(out: &mut impl Write, workspace: &Workspace, has_postgres: bool) -> io::Result<bool> {
    let folder = workspace.root.join(SDK_SUITE);
    if !has_node(out, &folder)? {
        return Ok(true);
    }
    if !step(out, Command::new("npm").arg("ci").current_dir(&folder))? {
        return Ok(false);
    }
    let mut sqlite = Command::new("npm");
    sqlite.arg("test").env(STORE, "sqlite");
    // One server for all of its tests.
    let mut postgres = Command::new(program(workspace, POSTGRES_PROGRAM.1));
    postgres.args(["run", "npm", "test"]).env(STORE, "postgres");
    let mut run_on = |suite: &mut Command| {
        step(out, suite.current_dir(&folder).env(BINARY, program(workspace, "baibase")))
    };
    Ok(run_on(&mut sqlite)? && (!has_postgres || run_on(&mut postgres)?))
}

/// Where cargo puts a program of the workspace.
fn program(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.target_directory.join("debug").join(format!("{name}{}", env::consts::EXE_SUFFIX))
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

/// Runs a command after saying which; `false` when it failed.
pub(crate) fn step(out: &mut impl Write, command: &mut Command) -> io::Result<bool> {
    writeln!(out, "running {command:?}")?;
    out.flush()?;
    Ok(command.status()?.success())
}
