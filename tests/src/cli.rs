use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::binary;

/// How a run of the binary ended.
#[derive(Debug)]
pub struct Output {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

/// Runs the binary with these arguments and this environment until it ends.
///
/// # Panics
/// When it does not end within 20 seconds: what is run here must end by itself.
pub fn run(args: &[&str], env: &[(&str, &str)]) -> Output {
    let mut child = clean_command()
        .args(args)
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be run");
    let deadline = Instant::now() + Duration::from_secs(20);
    while child.try_wait().expect("the child can be waited for").is_none() {
        if Instant::now() > deadline {
            child.kill().expect("the child can be ended");
            let output = child.wait_with_output().expect("the child has ended");
            panic!("`baibase {}` did not end: {output:?}", args.join(" "));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("the child has ended");
    Output {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The binary without the configuration of whoever runs the tests.
pub(crate) fn clean_command() -> Command {
    let mut command = Command::new(binary::path());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BAIBASE_") {
            command.env_remove(name);
        }
    }
    command
}
