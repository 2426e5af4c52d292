//! The `sendmail` of the system, which every mail server for Unix brings along.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use lettre::Message;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::Error;

/// Where it usually is, before the folders of `PATH` are looked at.
const USUAL: [&str; 2] = ["/usr/sbin/sendmail", "/usr/bin/sendmail"];

/// How long it may take to accept a mail.
const LIMIT: Duration = Duration::from_secs(60);

pub(crate) async fn send(mail: &Message) -> Result<(), Error> {
    let program = tokio::task::spawn_blocking(find).await.ok().flatten().ok_or(Error::NoSendmail)?;
    let mail = mail.formatted();
    let run = tokio::time::timeout(LIMIT, run(&program, &mail));
    run.await
        .unwrap_or_else(|late| Err(io::Error::new(io::ErrorKind::TimedOut, late)))
        .map_err(Error::Sendmail)
}

/// Runs the program with a mail as its input; it finds the recipient in there (`-t`), and a line with a single dot
/// does not end it (`-i`).
async fn run(program: &Path, mail: &[u8]) -> io::Result<()> {
    let mut child = Command::new(program)
        .args(["-i", "-t"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    // Dropped with the block, so that the program sees the end of the mail.
    if let Some(mut input) = child.stdin.take() {
        // One that does not read it all says why.
        let _ = input.write_all(mail).await;
    }
    let output = child.wait_with_output().await?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{}: {}", output.status, reason.trim())))
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = USUAL.iter().map(PathBuf::from);
    let named = std::env::split_paths(&path).map(|folder| folder.join("sendmail"));
    usual.chain(named).find(|program| is_executable(program))
}

#[cfg(unix)]
fn is_executable(program: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    program.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(program: &Path) -> bool {
    program.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[tokio::test]
    async fn the_program_gets_the_mail_and_says_why_it_refuses() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("sendmail");
        let script = "#!/bin/sh\necho \"$@\" > \"$0.args\"\ncat > \"$0.mail\"\ngrep -q refuse \"$0.mail\" || exit 0\necho no >&2\nexit 75\n";
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        run(&program, b"To: a@example.com\r\n\r\nhello\r\n.\r\nbye").await.unwrap();
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("sendmail.args"), "-i -t\n");
        assert_eq!(read("sendmail.mail"), "To: a@example.com\r\n\r\nhello\r\n.\r\nbye");
        let error = run(&program, b"refuse").await.unwrap_err().to_string();
        assert!(error.contains("75") && error.ends_with(": no"), "{error}");
    }
}
